import { type ChildProcess, spawn } from 'node:child_process'
import { mkdir, open } from 'node:fs/promises'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import type { Readable } from 'node:stream'
import { NODE_MAIN, NODE_OPTIONS } from './entry.ts'
import { DemoError } from './errors.ts'

/** A nation's node that runs in a process of its own, with its children below it. */
export interface NationProcess {
  readonly nation: string
  readonly dir: string
  readonly pid: number
  readonly peopleUrl: string
  readonly partnerPort: number
  /** Resolves when the node has ended, however it came about, with its exit code (null after a signal). */
  readonly exited: Promise<number | null>
  /** Ends it in order and waits. */
  stop(): Promise<void>
  /** Ends node and children at once, as a power cut would. */
  kill(): Promise<void>
}

interface Ready {
  readonly ready?: true
  readonly nation: string
  readonly peopleUrl: string
  readonly partnerPort: number
  readonly error?: { readonly code: string; readonly message: string }
}

/**
 * Starts the node of the nation in `dir` and waits until it answers. It ends with this process, whatever becomes of it: its
 * life hangs on the channel between the two. `through` is a command that becomes the node it is given, such as one that enters
 * a network namespace first. Throws `demo/did-not-start` with the node's own code.
 */
export async function startNationProcess(
  dir: string,
  environment: Readonly<Record<string, string>> = {},
  through: readonly string[] = [],
): Promise<NationProcess> {
  await mkdir(join(dir, 'logs'), { recursive: true, mode: 0o700 })
  const log = await open(join(dir, 'logs', 'node.jsonl'), 'a', 0o600)
  const [command, ...before] = through
  const words = [...NODE_OPTIONS, NODE_MAIN, 'serve', dir]
  const child: ChildProcess = spawn(command ?? process.execPath, command === undefined ? words : [...before, process.execPath, ...words], {
    stdio: ['ignore', 'pipe', log.fd, 'ipc'],
    env: { ...process.env, ...environment },
    // Ctrl-C in a terminal goes to the whole foreground group: this process stops the nations itself, in order.
    detached: true,
  })
  await log.close()
  const exited = new Promise<number | null>((resolve) => child.once('exit', (code) => resolve(code)))
  const failed = (code: string, why: string): DemoError =>
    new DemoError('demo/did-not-start', `the node in ${dir} did not start: ${why}`, { values: { dir, code } })
  const lines = createInterface({ input: child.stdout as Readable })
  const first = await Promise.race([
    new Promise<string>((resolve) => lines.once('line', resolve)),
    exited.then((code) => {
      throw failed('', `exit ${code}`)
    }),
  ])
  const ready = JSON.parse(first) as Ready
  if (ready.error !== undefined) throw failed(ready.error.code, ready.error.message)
  return {
    nation: ready.nation,
    dir,
    pid: child.pid ?? 0,
    peopleUrl: ready.peopleUrl,
    partnerPort: ready.partnerPort,
    exited,
    async stop() {
      if (child.exitCode !== null || child.signalCode !== null) return
      child.kill('SIGTERM')
      const timer = setTimeout(() => child.kill('SIGKILL'), 10_000)
      await exited
      clearTimeout(timer)
    },
    async kill() {
      child.kill('SIGKILL')
      await exited
    },
  }
}
