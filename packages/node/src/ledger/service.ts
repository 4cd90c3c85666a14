import { Times } from '../metrics/instruments.ts'
import type { LedgerApi } from '../processes/apis.ts'
import { Engine, type EngineOptions } from './engine.ts'
import type { DurableWitness } from './witnessing.ts'

/** The ledger process's work, whatever carries the calls. */
export interface LedgerService {
  readonly api: LedgerApi
  /** `diedHere`: as if the process had died, nothing more is written. */
  close(diedHere?: boolean): Promise<void>
}

/**
 * Opens the engine and keeps it sound: after a full disk or another write error the next call folds what the disk holds and
 * goes on from there. `options` is asked for each time the engine is opened;
 * `renewTrust` reads its trust anew.
 */
export async function openLedger(
  options: () => Promise<EngineOptions>,
  witness: DurableWitness,
  renewTrust: () => Promise<void> = () => Promise.resolve(),
): Promise<LedgerService> {
  const times = { commit: new Times(), cosign: new Times() }
  const open = async (): Promise<Engine> => Engine.open({ ...(await options()), times })
  let engine = await open()
  let reopening: Promise<void> | undefined

  async function sound(): Promise<Engine> {
    if (engine.broken === undefined) return engine
    reopening ??= (async () => {
      await engine.close().catch(() => {})
      engine = await open()
      await engine.reconcile()
    })().finally(() => {
      reopening = undefined
    })
    await reopening
    return engine
  }

  return {
    api: {
      append: async (input) => (await sound()).append(input),
      proof: async (input) => (await sound()).proof(input),
      // A broken engine has numbers and states in memory that its disk does not hold: nobody is told of them.
      link: async ({ link }) => (await sound()).sequencer.link(link),
      item: async ({ item }) => (await sound()).sequencer.item(item),
      async changes() {
        const { next, sequencer } = await sound()
        return { next, changes: sequencer.changes }
      },
      witness: ({ body }) => witness.add(body),
      async status() {
        const now = await sound()
        // Whoever is told how far a log is cosigned may look at its files next.
        now.flush()
        return { logs: now.status(), next: now.next, closed: now.closed(), closures: now.closures() }
      },
      trust: () => renewTrust(),
      times: () => Promise.resolve({ commit: times.commit.taken, cosign: times.cosign.taken }),
      async lift() {
        ;(await sound()).lift()
      },
      reconcile: async () => ({ closed: await (await sound()).reconcile() }),
    },
    close: (diedHere) => engine.close(diedHere),
  }
}
