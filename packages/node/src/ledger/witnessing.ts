import { mkdir, readFile, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { Crypto } from '@entente/canonical'
import {
  type NoteKey,
  type NoteSigner,
  type WitnessState,
  addCheckpoint,
  originHash,
  parseAddCheckpoint,
  readCheckpoint,
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

  async function addInTurn(body: Uint8Array): Promise<{ status: number; body: string }> {
    const answer = await addCheckpoint(crypto, options, (origin) => states.get(origin), body, options.now())
    if (answer.status !== 200) {
      // A fork or a proof that does not hold is the one thing a witness is there to shout about.
      if (answer.status === 422) options.notice('witness/alarm', { reason: answer.code, ...answer.values })
      return { status: answer.status, body: answer.body }
    }
    const { origin } = readCheckpoint(answer.newState.checkpoint).checkpoint
    await writeDurably(join(folder, `${originHash(crypto, origin)}.checkpoint`), answer.newState.checkpoint)
    states.set(origin, answer.newState)
    return { status: 200, body: answer.body }
  }

  return {
    add(text) {
      const body = utf8(text)
      const origin = originOf(body)
      const before = turns.get(origin) ?? Promise.resolve()
      const turn = before.then(() => addInTurn(body))
      turns.set(
        origin,
        turn.catch(() => {}),
      )
      return turn
    },
  }
}

/** Whose turn it is: anything unreadable shares one queue and is refused there. */
function originOf(body: Uint8Array): string {
  try {
    return readCheckpoint(parseAddCheckpoint(body).checkpoint).checkpoint.origin
  } catch {
    return ''
  }
}
