import { spawn } from 'node:child_process'
import { text } from 'node:stream/consumers'
import { EntenteError, type Json, canonicalText, readJson, utf8 } from '@entente/canonical'
import { NODE_MAIN, NODE_OPTIONS } from './demo/entry.ts'
import { CliError } from './errors.ts'

/** Runs one command of a nation's own process: JSON in, JSON out. Throws what it threw, or `cli/node-failed`. */
export async function runNode(command: string, dir: string, input?: Json): Promise<Json> {
  const child = spawn(process.execPath, [...NODE_OPTIONS, NODE_MAIN, command, dir], { stdio: ['pipe', 'pipe', 'inherit'] })
  child.stdin.end(input === undefined ? '{}' : canonicalText(input))
  const output = await text(child.stdout)
  const last = output.trim().split('\n').at(-1) ?? ''
  if (last === '') throw new CliError('cli/node-failed', `${command} gave no answer`, { values: { command } })
  const answer = readJson(utf8(last), 16_777_216) as Readonly<Record<string, Json | undefined>>
  const { error } = answer
  if (typeof error === 'object' && 'code' in error) {
    const { code, message, values } = error as unknown as { code: string; message: string; values: Record<string, string | number> }
    throw new EntenteError(code, message, { values })
  }
  return answer as Json
}

/** Runs a nation's node in the foreground, signals and output passed on; gives its exit code. */
export async function serveNode(dir: string): Promise<number> {
  const child = spawn(process.execPath, [...NODE_OPTIONS, NODE_MAIN, 'serve', dir], { stdio: 'inherit' })
  const pass = (signal: NodeJS.Signals) => (): void => void child.kill(signal)
  process.on('SIGINT', pass('SIGINT'))
  process.on('SIGTERM', pass('SIGTERM'))
  return new Promise((resolve) => child.once('exit', (code, signal) => resolve(code ?? (signal === null ? 0 : 70))))
}
