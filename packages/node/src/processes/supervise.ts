import { type ChildProcess, fork } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { type Peer, peerOver } from './ipc.ts'

/** The processes of a nation beside the node itself. */
export type Role = 'ledger' | 'keys' | 'office' | 'witness'

const ROOT = fileURLToPath(new URL('../../../../', import.meta.url))
/** Throughput does not matter in these as much as that two nations fit on a laptop. */
const SMALL = ['--optimize-for-size', '--max-semi-space-size=1']
const SOURCE = ['--conditions=entente-source', '--disable-warning=ExperimentalWarning']

/** A child process of the node. */
export interface Child<Remote> {
  readonly peer: Peer<Remote>
  readonly process: ChildProcess
  /** Asks it to end and waits; kills it after three seconds. */
  stop(): Promise<void>
}

/**
 * Starts one of the nation's processes and waits for its first word. The key process gets Node's permission model: it
 * reads code and its own folder, and has no network, no workers and no children. That is a seat belt and no wall
 * (SECURITY.md).
 */
export async function startChild<Remote>(
  role: Role,
  dir: string,
  own: Record<string, (body: never) => unknown>,
  nations = '',
): Promise<Child<Remote>> {
  const { NODE_COMPILE_CACHE: cache } = process.env
  const permission =
    role === 'keys'
      ? [
          '--permission',
          `--allow-fs-read=${ROOT}*`,
          `--allow-fs-read=${dir}/keys/*`,
          `--allow-fs-read=${dir}/trust/*`,
          `--allow-fs-read=${dir}/config.json`,
          `--allow-fs-read=${nations}/*`,
          ...(cache === undefined ? [] : [`--allow-fs-read=${cache}/*`]),
        ]
      : []
  const child = fork(fileURLToPath(new URL(`./${role}-process.ts`, import.meta.url)), [dir, nations], {
    execArgv: [...SOURCE, ...SMALL, ...permission],
    serialization: 'advanced',
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    // Ctrl-C goes to the whole process group: the node stops its children itself, in order.
    detached: true,
  })
  const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()))
  const ready = Promise.withResolvers<void>()
  const peer = peerOver<Remote>(child, { ...own, ready: () => ready.resolve() })
  await Promise.race([
    ready.promise,
    exited.then(() => {
      throw new Error(`the ${role} process ended before it was ready (exit ${child.exitCode})`)
    }),
  ])
  return {
    peer,
    process: child,
    async stop() {
      if (child.connected) child.disconnect()
      const timer = setTimeout(() => child.kill('SIGKILL'), 3_000)
      await exited
      clearTimeout(timer)
    },
  }
}
