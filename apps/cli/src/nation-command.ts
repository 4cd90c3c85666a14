import { spawn } from 'node:child_process'
import { buffer } from 'node:stream/consumers'
import { type Json, readJson } from '@entente/canonical'
import { NODE_MAIN, NODE_OPTIONS } from './demo/entry.ts'
import { CliError } from './errors.ts'

/** A command of a nation's own process: its secrets stay in it and in its directory. */
export type NationCommand = 'init' | 'statement' | 'sign-agreement' | 'pairing-commitment' | 'pairing-words' | 'pair' | 'peers'

/** Runs one command of the nation in `dir` in a process of its own and gives its answer; throws `cli/node-failed` with the process's own code. */
export async function runNationCommand(command: NationCommand, dir: string, input: Uint8Array | string = '{}'): Promise<Json> {
  const child = spawn(process.execPath, [...NODE_OPTIONS, NODE_MAIN, command, dir], { stdio: ['pipe', 'pipe', 'inherit'] })
  // A process that went away is told by what it answers, or does not.
  child.stdin.on('error', () => {})
  child.stdin.end(input)
  const answered = await buffer(child.stdout)
  let result: Json
  try {
    result = readJson(answered)
  } catch (cause) {
    throw failed('node/internal', cause)
  }
  const error = typeof result === 'object' && 'error' in result ? (result['error'] as { code?: string }) : undefined
  if (error !== undefined) throw failed(error.code ?? 'node/internal')
  return result
}

function failed(reason: string, cause?: unknown): CliError {
  return new CliError('cli/node-failed', `the nation's process says ${reason}`, { values: { reason }, ...(cause === undefined ? {} : { cause }) })
}

/** Runs the node of the nation in `dir` until it ends; gives its exit code. Output and signals are the node's own. */
export async function serveNation(dir: string): Promise<number> {
  const child = spawn(process.execPath, [...NODE_OPTIONS, NODE_MAIN, 'serve', dir], { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] })
  const stop = (): void => void child.kill('SIGTERM')
  process.on('SIGTERM', stop)
  // Ctrl-C reaches the child by itself: both are of one foreground group.
  process.on('SIGINT', () => {})
  return new Promise((resolve) => {
    child.once('exit', (code) => {
      process.off('SIGTERM', stop)
      resolve(code ?? 0)
    })
  })
}
