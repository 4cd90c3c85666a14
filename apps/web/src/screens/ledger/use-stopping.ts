import { type StopOutcome, revokeItem } from '@entente/client'
import { type StopReason, STOP_REASONS } from '@entente/exchange'
import { useEffect, useState, useSyncExternalStore } from 'react'
import { useSession } from '../../frame/session-context.ts'
import { Outbox } from '../../parts/outbox.ts'

export { STOP_REASONS, type StopReason }

/** A stop that an officer chose. */
export interface ChosenStop {
  readonly item: string
  readonly reason: StopReason
  readonly wholeReport: boolean
}

/** A stop on its way: chosen, waiting in the outbox (seconds left), being signed, done, or failed. */
export interface Stopping {
  readonly chosen: ChosenStop | undefined
  readonly left: number | undefined
  readonly signing: boolean
  readonly outcome: StopOutcome | undefined
  readonly error: unknown
  readonly takenBack: boolean
  readonly put: (stop: ChosenStop) => void
  readonly hurry: () => void
  readonly takeBack: () => void
  /** Puts away what is over. */
  readonly putAway: () => void
}

/** One stop at a time, of the tab and not of an item or a screen: turning to something else does not lose it. */
const outbox = new Outbox<ChosenStop, never, StopOutcome>()
const ONE = 'stop'

/** The stop of this tab; calls `done` when one was signed or refused. */
export function useStopping(done: () => void): Stopping {
  const session = useSession()
  const [takenBack, setTakenBack] = useState<ChosenStop>()
  const posted = useSyncExternalStore(outbox.watch, outbox.all)[0]
  const now = posted?.now
  const over = now?.step === 'done' || now?.step === 'failed'
  useEffect(() => {
    if (over) done()
    // Once for each stop, whatever function the screen passes.
  }, [over])
  return {
    chosen: posted?.subject ?? takenBack,
    left: now?.step === 'waiting' ? now.left : undefined,
    signing: now?.step === 'acting',
    outcome: now?.step === 'done' ? now.outcome : undefined,
    error: now?.step === 'failed' ? now.error : undefined,
    takenBack: takenBack !== undefined,
    put(stop) {
      setTakenBack(undefined)
      outbox.put(ONE, stop, async () => revokeItem(session.client, { ...stop, officer: await session.officer() }))
    },
    hurry: () => outbox.hurry(ONE),
    takeBack() {
      if (outbox.takeBack(ONE)) setTakenBack(posted?.subject)
    },
    putAway() {
      outbox.putAway(ONE)
      setTakenBack(undefined)
    },
  }
}
