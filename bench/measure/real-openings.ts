/** The whole opening between the real processes of two nations, over HTTP and mutual TLS. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { addressOf, startWorld } from '../../apps/cli/src/demo/running.ts'
import { processTree } from '../../apps/cli/src/demo/memory.ts'
import { readWorld } from '../../apps/cli/src/demo/world.ts'
import { type JoinedKey, type Seat, openOnce, releaseOne, seatOf } from '../../apps/cli/test/kill-acts.ts'
import { cpuSecondsOf, ownCpuSeconds } from './machine.ts'
import { atATime, unlimitedTemplate } from './opening-world.ts'

/** Openings of one item by one reader. */
export interface RealOpenings {
  open(many: number, count: number): Promise<void>
  /** Of all processes of both nations and of this one, which is the client. */
  readonly cpuSeconds: () => number
}

const SETTLE_MILLISECONDS = 30_000

/** Starts two nations, delivers an item, lets `use` open it, and ends them. */
export async function openBetweenProcesses(use: (openings: RealOpenings) => Promise<void>): Promise<void> {
  const dir = await mkdtemp(join(tmpdir(), 'entente bench-'))
  const data = { ...(await readWorld(undefined)), template: await unlimitedTemplate(dir) }
  const world = await startWorld(dir, data, { now: () => Math.floor(Date.now() / 1_000) })
  try {
    const { originator, recipient, purpose, cast } = data.story
    const seat = (nation: string, person: string): Promise<Seat> => seatOf(dir, data, nation, person, addressOf(world.nations, nation))
    const items = await releaseOne(data, await seat(originator, cast.author), await seat(originator, cast.disclosureOfficer))
    const reader = await seat(recipient, cast.firstReader)
    const joined: JoinedKey[] = []
    const once = (): Promise<void> => openOnce(reader, items[recipient] ?? '', purpose, joined)
    const until = performance.now() + SETTLE_MILLISECONDS
    while (joined.length === 0) {
      await once().catch(async (error: unknown) => {
        if (performance.now() > until) throw error
        await new Promise((resolve) => setTimeout(resolve, 100))
      })
    }
    const pids = await processTree([...world.nations.values()].map(({ pid }) => pid))
    await use({
      open: (many, count) => atATime(many, count, once),
      cpuSeconds: () => ownCpuSeconds() + cpuSecondsOf(pids),
    })
  } finally {
    await world.stop()
    await rm(dir, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 })
  }
}
