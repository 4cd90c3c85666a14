import { type Json, type Shape, EntenteError, canonicalBytes, shapes } from '@entente/canonical'
import { verifyReceipt } from '@entente/exchange'
import * as v from 'valibot'
import type { Client } from './pins.ts'

interface Letter {
  readonly type: 'offer' | 'revoke'
  readonly to: string
  readonly agreement: string
  /** When it was written, seconds. */
  readonly at: number
  readonly envelope: string
  readonly seq: number
  readonly receipt?: Json
}

/** A letter to a partner about an item, after its receipt was checked: it waits, the partner signed for it, or the receipt is none. */
export type CheckedLetter = Pick<Letter, 'type' | 'to' | 'at'> &
  (
    | { readonly state: 'waiting' }
    /** `at` of the receipt, by the partner's clock. */
    | { readonly state: 'accepted' | 'refused'; readonly received: number }
    | { readonly state: 'wrong'; readonly code: string }
  )

const text = v.pipe(v.string(), v.maxLength(4_096))
const lettersShape: Shape<{ readonly letters: readonly Letter[] }> = v.object({
  letters: v.pipe(
    v.array(
      v.object({
        type: v.picklist(['offer', 'revoke']),
        to: shapes.nation,
        agreement: text,
        at: shapes.instant,
        envelope: shapes.sha256,
        seq: shapes.natural,
        receipt: v.exactOptional(shapes.json),
      }),
    ),
    v.maxLength(1_024),
  ),
}) as Shape<{ readonly letters: readonly Letter[] }>

/**
 * What the own nation wrote to a partner about an own item, in order, each with the partner's receipt verified under the
 * partner's pinned envelope key. Never throws for a receipt that does not hold. Throws `client/absent`.
 */
export async function readLetters(client: Pick<Client, 'api' | 'crypto' | 'pins'>, item: string): Promise<readonly CheckedLetter[]> {
  const { letters } = await client.api.get(`/api/items/${item}/letters`, lettersShape)
  return Promise.all(letters.map((letter) => checkLetter(client, letter)))
}

async function checkLetter({ crypto, pins: { trust } }: Pick<Client, 'crypto' | 'pins'>, letter: Letter): Promise<CheckedLetter> {
  const { type, to, at, agreement, envelope, seq, receipt } = letter
  const about = { type, to, at }
  if (receipt === undefined) return { ...about, state: 'waiting' }
  const partner = trust.partners.get(to)
  const { realm, nation } = trust.anchors
  try {
    const here = { realm, self: nation, peer: to, link: agreement, peerKeys: partner === undefined ? [] : [partner.keys.envelope] }
    const { outcome, at: received } = await verifyReceipt(crypto, canonicalBytes(receipt), here, { id: envelope, seq })
    return { ...about, state: outcome, received }
  } catch (error) {
    if (!(error instanceof EntenteError)) throw error
    return { ...about, state: 'wrong', code: (error as EntenteError).code }
  }
}
