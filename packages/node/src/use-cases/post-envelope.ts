import { codeOf } from '@entente/canonical'
import { type EnvelopeType, sealEnvelope } from '@entente/exchange'
import type { Json } from '@entente/canonical'
import type { AppendInput, Appended } from '../processes/apis.ts'
import type { RecordBody } from '../store/projection.ts'
import type { Nation } from '../nation.ts'
import { TurnsOf } from '../turns.ts'

/** What goes to a partner with an act of this nation. */
export interface Letter {
  readonly partner: string
  readonly agreement: string
  readonly type: EnvelopeType
  readonly body: Json
  readonly attachments?: readonly { readonly sha256: string; readonly size: number }[]
}

/** An act without its letter: the letter's number and the record are made together. */
export type ActWithLetter = Omit<AppendInput, 'body'> & { readonly body: RecordBody }

/** Where an act before it was refused by the sequencer, or the ledger began anew, the number is another one: then it is sealed again. */
const TRIES = 64

const turns = new TurnsOf()

/** Name of one direction of a link in the sequencer. */
export function linkName(direction: 'in' | 'out', agreement: string, partner: string): string {
  return `${direction}:${agreement}:${partner}`
}

/** What posting a letter needs. */
export type PostNeeds = Pick<Nation, 'crypto' | 'config' | 'ledger' | 'enter' | 'now' | 'envelopes' | 'wake'>

/** Enters an act and queues its letter in one record: neither can be without the other, whatever crashes. */
export async function enterWithLetter(nation: PostNeeds, act: ActWithLetter, letter: Letter): Promise<Appended> {
  return enterWithLetters(nation, act, [letter])
}

/**
 * As `enterWithLetter`, with any number of letters, at most one a link: all of them go, or none. Sealing goes in turns, since each
 * letter names the one before; what was handed to the sequencer in its order waits for the disk together.
 */
export async function enterWithLetters(nation: PostNeeds, act: ActWithLetter, letters: readonly Letter[]): Promise<Appended> {
  if (letters.length === 0) return nation.enter({ ...act, body: act.body as unknown as Json })
  for (let attempt = 1; ; attempt++) {
    const { entering } = await turns.of(nation.ledger).take('out', () => sealAndHandOver(nation, act, letters))
    try {
      const appended = await entering
      nation.wake()
      return appended
    } catch (error) {
      if (codeOf(error) !== 'node/sequence' || attempt === TRIES) throw error
    }
  }
}

/** The promise inside an object: the turn ends with the handing over, not with the disk. */
async function sealAndHandOver(
  nation: PostNeeds,
  act: ActWithLetter,
  letters: readonly Letter[],
): Promise<{ readonly entering: Promise<Appended> }> {
  const sealed = await Promise.all(letters.map((letter) => sealLetter(nation, letter)))
  const entering = nation.enter({
    ...act,
    body: { ...act.body, out: sealed.map(({ out }) => out) } as unknown as Json,
    effects: [...act.effects, ...sealed.map(({ out }) => ({ effect: 'link', link: out.link, seq: out.seq, id: out.id }) as const)],
    conditions: [
      ...act.conditions,
      ...sealed.map(({ out, previous }) => ({ condition: 'next', link: out.link, seq: out.seq, previous }) as const),
    ],
  })
  return { entering }
}

/** Seals a letter under the next number of its link; whether that is still the next one, the sequencer says. */
async function sealLetter(
  nation: PostNeeds,
  letter: Letter,
): Promise<{ readonly out: NonNullable<RecordBody['out']>[number]; readonly previous: string }> {
  const link = linkName('out', letter.agreement, letter.partner)
  const last = await nation.ledger.call('link', { link })
  const seq = last.seq + 1
  const envelope = await sealEnvelope(
    nation.crypto,
    {
      realm: nation.config.realm,
      from: nation.config.nation,
      to: letter.partner,
      link: letter.agreement,
      seq,
      prev: last.id,
      type: letter.type,
      at: nation.now(),
      body: letter.body,
      attachments: letter.attachments ?? [],
    },
    nation.envelopes,
  )
  return { out: { id: envelope.id, link, seq, type: letter.type, text: envelope.text }, previous: last.id }
}
