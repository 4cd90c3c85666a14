import { spawn } from 'node:child_process'
import { buffer } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import type { Actor, Scene } from './scene.ts'

const MAIN = fileURLToPath(new URL('../../main.ts', import.meta.url))

/** What a person at a terminal sees of one command. */
export interface Typed {
  readonly exit: number
  readonly stdout: string
  readonly stderr: string
}

/** Types a command as somebody would: another process, which finds nations and device in the directory as any other does. */
export async function type(scene: Scene, args: readonly string[], who?: Actor): Promise<Typed> {
  const as = who === undefined ? [] : ['--nation', who.nation, '--as', who.person]
  const child = spawn(
    process.execPath,
    ['--conditions=entente-source', '--disable-warning=ExperimentalWarning', MAIN, '--dir', scene.dir, '--lang', 'en', ...as, ...args],
    { stdio: ['ignore', 'pipe', 'pipe'] },
  )
  const ended = new Promise<number>((resolve) => child.once('close', (code) => resolve(code ?? -1)))
  const [stdout, stderr] = await Promise.all([buffer(child.stdout), buffer(child.stderr)])
  return { exit: await ended, stdout: stdout.toString(), stderr: stderr.toString() }
}
