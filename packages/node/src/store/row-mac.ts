import type { Notice } from '../processes/log-events.ts'
import { itemTag } from '../processes/notice.ts'
import { type Crypto, toHex, utf8 } from '@entente/canonical'
import { sql } from 'kysely'
import type { Database } from './database.ts'
import { type Likeness, likenessHash } from './likeness.ts'
import { type ListedRow, Listing } from './listing.ts'

/** Hexadecimal digits of a mac: 128 bits. */
const MAC_DIGITS = 32
/** Rows that are read at a time. */
const BATCH = 10_000

/** The key of the rows' MACs, from the node's own secret: whoever can write the database need not be able to make one. */
export function rowKeyOf(crypto: Pick<Crypto, 'hkdfSha256'>, secret: Uint8Array): Uint8Array {
  return crypto.hkdfSha256(secret, new Uint8Array(32), utf8('entente/row-mac/1'), 32)
}

/** The MAC of a row as it was entered: HMAC-SHA-256 over number, item, likeness by its hash, and both times. */
export function rowMac(crypto: Pick<Crypto, 'hmacSha256'>, key: Uint8Array, row: ListedRow, hash: string): string {
  const text = `${row.id} ${row.item} ${hash} ${row.released} ${row.expires}`
  return toHex(crypto.hmacSha256(key, utf8(text))).slice(0, MAC_DIGITS)
}

/** Reads the listing from the rows whose MAC the own node made; a row whose MAC does not hold is left out and noticed. */
export async function fillListing(
  crypto: Crypto,
  db: Database,
  owner: { readonly rowKey: Uint8Array; readonly notice: Notice },
): Promise<Listing> {
  const listing = new Listing()
  const kinds = new Map<number, { readonly hash: string; readonly likeness: Likeness }>()
  for (const { id, likeness } of await db.selectFrom('likenesses').select(['id', 'likeness']).execute())
    kinds.set(id, { hash: likenessHash(crypto, likeness), likeness: likenessIn(likeness) })
  let after = { released: Number.MIN_SAFE_INTEGER, item: '' }
  for (;;) {
    const { rows } = await sql<ListedRow & { readonly mac: string }>`
      SELECT id, item, likeness, released_at AS released, expires_at AS expires, mac FROM items INDEXED BY items_for_lists
      WHERE mac IS NOT NULL AND (released_at, item) > (${after.released}, ${after.item}) ORDER BY released_at, item LIMIT ${BATCH}
    `.execute(db)
    for (const { mac, ...row } of rows) {
      const kind = kinds.get(row.likeness)
      if (kind === undefined || rowMac(crypto, owner.rowKey, row, kind.hash) !== mac) {
        owner.notice('register/row-does-not-hold', { item: itemTag(crypto, row.item), reason: 'node/trust' })
        continue
      }
      listing.know(row.likeness, kind.likeness)
      listing.add(row)
    }
    const last = rows.at(-1)
    if (last === undefined || rows.length < BATCH) return listing
    after = last
  }
}

/** A likeness from its text; one that somebody bent has another hash, and then no MAC that covers it holds. */
function likenessIn(text: string): Likeness {
  try {
    return JSON.parse(text) as Likeness
  } catch {
    return {} as Likeness
  }
}
