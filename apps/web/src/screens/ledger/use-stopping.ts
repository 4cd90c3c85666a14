import { type StopOutcome, revokeItem } from '@entente/client'
import { type StopReason, STOP_REASONS } from '@entente/exchange'
import { useState } from 'react'
import { useSession } from '../../frame/session-context.ts'
import { type Outbox, useOutbox } from '../../parts/outbox.ts'

export { STOP_REASONS, type StopReason }

/** A stop that an officer chose. */
export interface ChosenStop {
  readonly item: string
  readonly reason: StopReason
  readonly wholeReport: boolean
}

/** A stop on its way: chosen, waiting in the outbox, being signed, done, or failed. */
export interface Stopping {
  readonly chosen: ChosenStop | undefined
  readonly outbox: Outbox
  readonly signing: boolean
  readonly outcome: StopOutcome | undefined
  readonly error: unknown
  readonly takenBack: boolean
  readonly put: (stop: ChosenStop) => void
  readonly takeBack: () => void
}

/** One stop at a time. It belongs to the screen and not to an item, so that moving on in the list does not lose it. */
export function useStopping(done: () => void): Stopping {
  const session = useSession()
  const [chosen, setChosen] = useState<ChosenStop>()
  const [signing, setSigning] = useState(false)
  const [result, setResult] = useState<{ outcome?: StopOutcome; error?: unknown; takenBack?: true }>({})
  const send = async (): Promise<void> => {
    if (chosen === undefined) return
    setSigning(true)
    try {
      setResult({ outcome: await revokeItem(session.client, { ...chosen, officer: await session.officer() }) })
    } catch (error) {
      setResult({ error })
    } finally {
      setSigning(false)
      done()
    }
  }
  const outbox = useOutbox(() => void send())
  return {
    chosen,
    outbox,
    signing,
    outcome: result.outcome,
    error: result.error,
    takenBack: result.takenBack === true,
    put(stop) {
      if (signing || outbox.left !== undefined) return
      setChosen(stop)
      setResult({})
      outbox.put()
    },
    takeBack() {
      if (outbox.left === undefined) return
      outbox.takeBack()
      setResult({ takenBack: true })
    },
  }
}
