import { type Json, readJson } from '@entente/canonical'
import { readEnvelope } from '@entente/exchange'
import { NodeError } from '../errors.ts'
import type { Nation } from '../nation.ts'
import { type RegisteredItem, findItem } from './register.ts'
import { linkName } from './post-envelope.ts'

/** A letter about an own item, and the partner's signed word that it has it. Never what the letter says: an offer has a title. */
export interface ItemLetter {
  readonly type: 'offer' | 'revoke'
  readonly to: string
  readonly agreement: string
  /** When it was written, seconds. */
  readonly at: number
  /** Id of the envelope, which the receipt names. */
  readonly envelope: string
  readonly seq: number
  /** The receipt as its receiver signed it; absent as long as the letter waits. */
  readonly receipt?: Json
}

type Needs = Pick<Nation, 'crypto' | 'db' | 'trust' | 'notice' | 'config'>

/**
 * What was written to the partner about an item of this nation's own, in order: that it is offered, that it is stopped.
 * Nothing for an item that stayed at home. Throws `node/absent`.
 */
export async function itemLetters(nation: Needs, item: string): Promise<readonly ItemLetter[]> {
  const found = await findItem(nation, item)
  if (found === undefined || found.body.originator !== nation.config.nation) throw new NodeError('node/absent', 'nothing is here')
  const { basis, recipient } = found.body
  if (basis === undefined) return []
  const rows = await nation.db
    .selectFrom('envelopes')
    .selectAll()
    .where('link', '=', linkName('out', basis.agreement, recipient))
    .where('direction', '=', 'out')
    .where('type', 'in', ['offer', 'revoke'])
    .where('at', 'in', await timesOf(nation, found))
    .orderBy('seq')
    .execute()
  return rows
    .filter(({ bytes }) => isAbout(bytes, item))
    .map(({ type, at, id, seq, receipt }) => ({
      type: type === 'revoke' ? 'revoke' : 'offer',
      to: recipient,
      agreement: basis.agreement,
      at,
      envelope: id,
      seq,
      ...(receipt === null ? {} : { receipt: readJson(receipt) }),
    }))
}

/** A letter bears the second of the act that it tells of, so that not every letter of the link has to be read. */
async function timesOf(nation: Needs, { body }: RegisteredItem): Promise<readonly number[]> {
  const rows = await nation.db
    .selectFrom('entries')
    .select('at')
    .where('item', '=', body.item)
    .where('act', 'in', ['release', 'stop'])
    .execute()
  return rows.map(({ at }) => at)
}

function isAbout(bytes: Uint8Array, item: string): boolean {
  return (readEnvelope(bytes).body.body as { readonly item?: Json }).item === item
}
