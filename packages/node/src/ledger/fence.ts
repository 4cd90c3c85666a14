import { codeOf } from '@entente/canonical'
import { randomBytes } from 'node:crypto'
import { mkdir, readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { writeDurably } from '../config.ts'
import { NodeError } from '../errors.ts'

const LOOK_MILLISECONDS = 50

/** The right to write one nation's logs: whoever claimed last has it, everybody else finds out before the next checkpoint. */
export interface Fence {
  /** Throws `node/fenced` when another process has claimed the logs since. */
  check(): Promise<void>
  release(): Promise<void>
}

/**
 * Claims the logs in `folder`. Refuses while the process that holds them is alive; a claim that a crash left behind is
 * taken over, because its process is gone. Waits `patienceMilliseconds` (0 if absent) for a process that is about to end: one whose
 * node was killed ends by itself, a moment later.
 */
export async function claimFence(
  folder: string,
  { patienceMilliseconds = 0 }: { readonly patienceMilliseconds?: number } = {},
): Promise<Fence> {
  await mkdir(folder, { recursive: true, mode: 0o700 })
  const path = join(folder, 'fence')
  for (let waited = 0; ; waited += LOOK_MILLISECONDS) {
    const held = await read(path)
    if (held === undefined || held.pid === process.pid || !(await isAlive(held))) break
    if (waited >= patienceMilliseconds)
      throw new NodeError('node/fenced', 'another process holds these logs', { values: { pid: held.pid } })
    await setTimeout(LOOK_MILLISECONDS)
  }
  const token = randomBytes(16).toString('hex')
  await writeDurably(path, JSON.stringify({ pid: process.pid, started: await startOf(process.pid), token }))
  return {
    async check() {
      if ((await read(path))?.token !== token) throw new NodeError('node/fenced', 'another process holds these logs')
    },
    async release() {
      if ((await read(path))?.token === token) await rm(path, { force: true })
    },
  }
}

interface Claim {
  readonly pid: number
  readonly started: string
  readonly token: string
}

async function read(path: string): Promise<Claim | undefined> {
  try {
    return JSON.parse(await readFile(path, 'utf8')) as Claim
  } catch {
    return undefined
  }
}

async function isAlive(claim: Claim): Promise<boolean> {
  try {
    process.kill(claim.pid, 0)
  } catch (error) {
    return codeOf(error) === 'EPERM'
  }
  // Process numbers come again: the same number with another start is another process.
  return claim.started === (await startOf(claim.pid))
}

/** When a process started, in the kernel's own ticks; empty where the system does not tell. */
async function startOf(pid: number): Promise<string> {
  try {
    const text = await readFile(`/proc/${pid}/stat`, 'utf8')
    return text.slice(text.lastIndexOf(')') + 2).split(' ')[19] ?? ''
  } catch {
    return ''
  }
}
