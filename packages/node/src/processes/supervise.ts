import { type ChildProcess, fork } from 'node:child_process'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { EntenteError } from '@entente/canonical'
import type { Failed } from './child.ts'
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
  /** Resolves when it answers: that it is there, and gets its turn. `rss`: its memory, in bytes. */
  alive(): Promise<{ readonly rss: number }>
  /** Asks it to end and waits; kills it after three seconds. */
  stop(): Promise<void>
}

/**
 * What the key process may touch. Node.js takes a compile cache only from a folder that may be written, and without one the
 * start costs three times as much: key processes have one of their own, which no other process reads, and write nowhere else.
 */
function keysPermission(
  dir: string,
  nations: string,
): { readonly argv: readonly string[]; readonly env: Readonly<Record<string, string>> } {
  const { NODE_COMPILE_CACHE: cache } = process.env
  const compiled = cache === undefined ? undefined : join(cache, 'keys')
  const readable = [`${ROOT}*`, `${dir}/keys/*`, `${dir}/trust/*`, `${dir}/config.json`, `${nations}/*`]
  return {
    argv: [
      '--permission',
      ...readable.map((path) => `--allow-fs-read=${path}`),
      ...(compiled === undefined ? [] : [`--allow-fs-read=${compiled}/*`, `--allow-fs-write=${compiled}/*`]),
    ],
    env: compiled === undefined ? {} : { NODE_COMPILE_CACHE: compiled },
  }
}

/**
 * Starts one of the nation's processes and waits for its first word. The key process gets Node's permission model: it
 * reads code and its own folder, and has no network, no workers and no children. That is a seat belt and no wall
 * (SECURITY.md). Throws what kept the process from starting.
 */
export async function startChild<Remote>(
  role: Role,
  dir: string,
  own: Record<string, (body: never) => unknown>,
  nations = '',
): Promise<Child<Remote>> {
  const permission = role === 'keys' ? keysPermission(dir, nations) : { argv: [], env: {} }
  const child = fork(fileURLToPath(new URL(`./${role}-process.ts`, import.meta.url)), [dir, nations], {
    execArgv: [...SOURCE, ...SMALL, ...permission.argv],
    env: { ...process.env, ...permission.env },
    serialization: 'advanced',
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    // Ctrl-C goes to the whole process group: the node stops its children itself, in order.
    detached: true,
  })
  const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()))
  const ready = Promise.withResolvers<void>()
  const peer = peerOver<Remote>(child, { ...own, ready: () => ready.resolve() })
  child.on('message', (message: object) => {
    if (!('failed' in message)) return
    const { code, message: why, values } = (message as Failed).failed
    ready.reject(new EntenteError(code, `the ${role} process: ${why}`, { values }))
  })
  await Promise.race([
    ready.promise,
    exited.then(() => {
      throw new Error(`the ${role} process ended before it was ready (exit ${child.exitCode})`)
    }),
  ])
  return {
    peer,
    process: child,
    alive: () => (peer as Peer<{ alive(body: Record<string, never>): { rss: number } }>).call('alive', {}),
    async stop() {
      if (child.connected) child.disconnect()
      const timer = setTimeout(() => child.kill('SIGKILL'), 3_000)
      await exited
      clearTimeout(timer)
    },
  }
}
