import { type EnvelopeType, sealEnvelope } from '@entente/exchange'
import type { Json } from '@entente/canonical'
import type { AppendInput, Appended } from '../processes/apis.ts'
import type { RecordBody } from '../store/projection.ts'
import type { Nation } from '../nation.ts'

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

/** Tries again when another letter took the number in between; each failure means that another letter went. */
const TRIES = 64

/** Name of one direction of a link in the sequencer. */
export function linkName(direction: 'in' | 'out', agreement: string, partner: string): string {
  return `${direction}:${agreement}:${partner}`
}

/** Enters an act and queues its letter in one record: neither can be without the other, whatever crashes. */
export async function enterWithLetter(
  nation: Pick<Nation, 'crypto' | 'config' | 'ledger' | 'enter' | 'now' | 'envelopes' | 'wake'>,
  act: ActWithLetter,
  letter: Letter,
): Promise<Appended> {
  const link = linkName('out', letter.agreement, letter.partner)
  for (let attempt = 1; ; attempt++) {
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
    const out = { id: envelope.id, link, seq, type: letter.type, text: envelope.text }
    try {
      const appended = await nation.enter({
        ...act,
        body: { ...act.body, out: [out] } as unknown as Json,
        effects: [...act.effects, { effect: 'link', link, seq, id: envelope.id }],
        conditions: [...act.conditions, { condition: 'next', link, seq, previous: last.id }],
      })
      nation.wake()
      return appended
    } catch (error) {
      if ((error as { code?: string }).code !== 'node/sequence' || attempt === TRIES) throw error
    }
  }
}
