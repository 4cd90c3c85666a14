import { mkdir, readFile, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { Crypto } from '@entente/canonical'
import {
  type NoteKey,
  type NoteSigner,
  type Submission,
  type WitnessState,
  addSignatures,
  advanceWitness,
  cosign,
  originHash,
  printSignatureLines,
  readCheckpoint,
  receiveCheckpoint,
} from '@entente/ledger'
import { utf8 } from '@entente/canonical'
import { writeDurably } from '../config.ts'
import type { Notice } from '../processes/log-events.ts'

/** A witness with its memory on disk: what it cosigned is recorded durably before the answer goes. */
export interface DurableWitness {
  /** `add-checkpoint` of tlog-witness; requests of one log follow one another. */
  add(body: string): Promise<{ readonly status: number; readonly body: string }>
}

/**
 * Opens a witness whose records lie in `folder`, one checkpoint a log. `keysOf` gives the keys that are trusted for an
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
  await mkdir(folder, { recursive: true, mode: 0o700 })
  const states = new Map<string, WitnessState>()
  for (const name of await readdir(folder)) {
    if (!name.endsWith('.checkpoint')) continue
    const bytes = await readFile(join(folder, name))
    const { checkpoint } = readCheckpoint(bytes)
    states.set(checkpoint.origin, { size: checkpoint.size, root: checkpoint.root, checkpoint: bytes })
  }
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
    await writeDurably(join(folder, `${originHash(crypto, origin)}.checkpoint`), state.checkpoint)
    states.set(origin, state)
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
