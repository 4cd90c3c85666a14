import {
  type Disclosure,
  type DraftView,
  type ReleaseOutcome,
  type ReleaseProgress,
  type Returned,
  type Scratch,
  releaseReport,
  returnDraft,
} from '@entente/client'
import { useSyncExternalStore } from 'react'
import { Outbox, type Posted } from '../../parts/outbox.ts'
import type { Session } from '../../session/session.ts'
import { bytesToSeal, shareDone } from './going.ts'

/** What an officer decided about which report. */
export interface Decision {
  readonly kind: 'release' | 'return'
  readonly title: DraftView['title']
}

/** How far a release is: as the client says it, and the share of the whole from 0 to 1. */
export interface Sealing extends ReleaseProgress {
  readonly share: number
}

/** What came of a decision: of a release, its items; of a return, nothing more. */
export type DecisionOutcome = ReleaseOutcome | 'returned'

/** A decision on its way. */
export type PostedDecision = Posted<Decision, Sealing, DecisionOutcome>

const outbox = new Outbox<Decision, Sealing, DecisionOutcome>()

// What waits or is being sealed is lost with the tab: the browser asks before it closes it.
outbox.watch(() => {
  const busy = outbox.all().some(({ now }) => now.step === 'waiting' || now.step === 'acting')
  if (busy) addEventListener('beforeunload', ask)
  else removeEventListener('beforeunload', ask)
})

function ask(event: BeforeUnloadEvent): void {
  event.preventDefault()
}

/** Every decision of this tab that is on its way, or over and not put away. */
export function useDecisions(): readonly PostedDecision[] {
  return useSyncExternalStore(outbox.watch, outbox.all)
}

export const takeBack = (draft: string): boolean => outbox.takeBack(draft)
export const hurry = (draft: string): void => outbox.hurry(draft)
export const putAway = (draft: string): void => outbox.putAway(draft)

/** Sends a report back to its author, after the time in which that can be taken back. */
export function postReturn(session: Session, draft: DraftView, why: Returned): void {
  outbox.put(draft.id, { kind: 'return', title: draft.title }, async () => {
    await returnDraft(session.api, draft.id, why)
    return 'returned'
  })
}

/**
 * Seals and releases a report to nations, after the time in which that can be taken back. `answers`: what the officer saw of
 * what goes to each of them.
 */
export function postRelease(
  session: Session,
  draft: DraftView,
  to: readonly string[],
  answers: ReadonlyMap<string, Pick<Disclosure, 'tearLine'>>,
): void {
  const own = session.me.nation
  const sizes = new Map([own, ...to].map((nation) => [nation, bytesToSeal(draft.portions, answers.get(nation)?.tearLine)]))
  sizes.set(own, bytesToSeal(draft.portions))
  outbox.put(draft.id, { kind: 'release', title: draft.title }, async (tell) => {
    const officer = await session.officer()
    const order: string[] = []
    let at: ReleaseProgress | undefined
    let sealed = 0
    let told = -1
    const step = (now: ReleaseProgress): void => {
      if (now.step === 'sealing') sealed = 0
      if (order.at(-1) !== now.recipient) order.push(now.recipient)
      at = now
      told = -1
      report()
    }
    const report = (): void => {
      if (at === undefined) return
      const rest = [own, ...to].filter((nation) => !order.includes(nation))
      const share = shareDone(at, [...order, ...rest], sizes, sealed)
      // A screen has nothing to draw below a hundredth.
      if (Math.floor(share * 100) === told) return
      told = Math.floor(share * 100)
      const size = at.step === 'sealing' ? { bytes: sealed, size: sizes.get(at.recipient) ?? 0 } : {}
      tell({ ...at, ...size, share })
    }
    const scratch = async (): Promise<Scratch> =>
      counting(await session.scratch(), (bytes) => {
        sealed += bytes
        report()
      })
    return releaseReport(session.client, { draft: draft.id, to, officer, scratch, shown: draft, progress: step })
  })
}

/** A scratch that tells how many bytes it was given. */
function counting(place: Scratch, tell: (bytes: number) => void): Scratch {
  return {
    get size() {
      return place.size
    },
    read: (offset, length) => place.read(offset, length),
    async write(bytes) {
      await place.write(bytes)
      tell(bytes.length)
    },
    remove: () => place.remove(),
  }
}
