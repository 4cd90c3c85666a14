import { type NoticeWish, type Pins, giveNotice, sealProposal } from '@entente/client'
import { EntenteError } from '@entente/canonical'
import { useEffect, useState, useSyncExternalStore } from 'react'
import { authorityOf } from '../../device/parcel.ts'
import { Outbox } from '../../parts/outbox.ts'
import type { Session } from '../../session/session.ts'

/** What a signatory is about to sign. */
export type Signed = { readonly kind: 'seal'; readonly proposal: string } | { readonly kind: 'notice'; readonly wish: NoticeWish }

export interface SignedOutcome {
  readonly state: string
}

/** One signature at a time, of the tab: turning to something else does not lose it. */
const outbox = new Outbox<Signed, never, SignedOutcome>()
const ONE = 'signature'

export interface Signing {
  readonly subject: Signed | undefined
  /** Seconds that it still waits. */
  readonly left: number | undefined
  readonly acting: boolean
  readonly outcome: SignedOutcome | undefined
  readonly error: unknown
  readonly takenBack: boolean
  readonly busy: boolean
  readonly put: (subject: Signed) => void
  readonly hurry: () => void
  readonly takeBack: () => void
  readonly putAway: () => void
}

/** The signature on its way; `done` is called when one was given or refused. */
export function useSigning(session: Session, pins: Pins, done: () => void): Signing {
  const [takenBack, setTakenBack] = useState(false)
  const posted = useSyncExternalStore(outbox.watch, outbox.all)[0]
  const now = posted?.now
  const over = now?.step === 'done' || now?.step === 'failed'
  useEffect(() => {
    if (over) done()
    // Once for each signature, whatever function the screen passes.
  }, [over])
  return {
    subject: posted?.subject,
    left: now?.step === 'waiting' ? now.left : undefined,
    acting: now?.step === 'acting',
    outcome: now?.step === 'done' ? now.outcome : undefined,
    error: now?.step === 'failed' ? now.error : undefined,
    takenBack,
    busy: now?.step === 'waiting' || now?.step === 'acting',
    put(subject) {
      setTakenBack(false)
      outbox.put(ONE, subject, async () => signed(session, pins, subject))
    },
    hurry: () => outbox.hurry(ONE),
    takeBack: () => setTakenBack(outbox.takeBack(ONE)),
    putAway() {
      outbox.putAway(ONE)
      setTakenBack(false)
    },
  }
}

async function signed({ client, device, me }: Session, pins: Pins, subject: Signed): Promise<SignedOutcome> {
  const authority = await authorityOf(device)
  if (authority === undefined)
    throw new EntenteError('cli/no-authority-key', 'the device holds no authority key', { values: { person: me.id } })
  const signing = { ...client, pins, authority }
  return subject.kind === 'seal' ? sealProposal(signing, subject.proposal) : giveNotice(signing, subject.wish)
}
