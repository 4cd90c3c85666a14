import type { Crypto } from '@entente/canonical'
import {
  type NoteKey,
  type NoteSigner,
  type Submission,
  addSignatures,
  advanceWitness,
  cosign,
  printSignatureLines,
  receiveCheckpoint,
} from '@entente/ledger'
import { utf8 } from '@entente/canonical'
import type { Notice } from '../processes/log-events.ts'
import { WitnessRecords } from './witness-records.ts'

/** A witness with its memory on disk: what it cosigned is recorded durably before the answer goes. */
export interface DurableWitness {
  /** `add-checkpoint` of tlog-witness; requests of one log follow one another. */
  add(body: string): Promise<{ readonly status: number; readonly body: string }>
}

/**
 * Opens a witness whose records lie in `folder` (`WitnessRecords`). `keysOf` gives the keys that are trusted for an
 * origin; a log that nobody named does not exist for it.
 */
export async function openWitness(
  crypto: Crypto,
  folder: string,
  options: {
    readonly signers: readonly NoteSigner[]
    readonly keysOf: (origin: string) => readonly NoteKey[] | undefined
    readonly now: () => number
    readonly notice: Notice
  },
): Promise<DurableWitness> {
  const records = await WitnessRecords.open(crypto, folder)
  const { states } = records
  const turns = new Map<string, Promise<unknown>>()

  async function addInTurn(submission: Submission): Promise<{ status: number; body: string }> {
    const { origin } = submission.checkpoint
    const advanced = advanceWitness(crypto, states.get(origin), submission)
    if (advanced.status !== 200) {
      // A fork or a proof that does not hold is the one thing a witness is there to shout about.
      if (advanced.status === 422) options.notice('witness/alarm', { reason: advanced.code, ...advanced.values })
      return { status: advanced.status, body: advanced.body }
    }
    const signatures = await cosign(submission.note.text, options.signers, options.now())
    const state = { ...advanced.newState, checkpoint: addSignatures(advanced.newState.checkpoint, signatures) }
    await records.write(origin, state)
    return { status: 200, body: printSignatureLines(signatures) }
  }

  return {
    async add(text) {
      const submission = await receiveCheckpoint(crypto, options.keysOf, utf8(text))
      if ('status' in submission) return { status: submission.status, body: submission.body }
      const { origin } = submission.checkpoint
      const before = turns.get(origin) ?? Promise.resolve()
      const turn = before.then(() => addInTurn(submission))
      turns.set(
        origin,
        turn.catch(() => {}),
      )
      return turn
    },
  }
}
