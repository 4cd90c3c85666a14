import { type Json, fromBase64Url, toBase64, toBase64Url, toHex } from '@entente/canonical'
import type { EntryEvidence } from '@entente/exchange'
import { type Opening, discloseOnly, makeEntry } from '@entente/ledger'
import type { RecordEntry } from '../ledger/record.ts'
import type { Nation } from '../nation.ts'
import type { Position } from '../ledger/sequencer.ts'

/** A fresh entry for a log: everything inside salted commitments, one for each field. */
export function entryFor(
  nation: Pick<Nation, 'crypto' | 'config'>,
  log: string,
  at: number,
  fields: Readonly<Record<string, Json>>,
): RecordEntry {
  const { leaf, opening } = makeEntry(nation.crypto, { realm: nation.config.realm, at, fields })
  return { log, leaf: toBase64Url(leaf), opening }
}

/** SHA-256 of an entry's leaf, as other entries and answers name it. */
export function leafHashOf(nation: Pick<Nation, 'crypto'>, entry: { readonly leaf: string }): string {
  return toHex(nation.crypto.sha256(fromBase64Url(entry.leaf)))
}

/** The entry that stands at a position: for a request that came again, the one that was made the first time. */
export async function entryAt(nation: Pick<Nation, 'db'>, position: Position): Promise<RecordEntry> {
  const row = await nation.db
    .selectFrom('entries')
    .select(['log', 'leaf', 'opening'])
    .where('log', '=', position.log)
    .where('position', '=', position.index)
    .executeTakeFirstOrThrow()
  return { log: row.log, leaf: row.leaf, opening: JSON.parse(row.opening) as Opening }
}

/** An entry as evidence for somebody: its leaf, an opening of the named fields (all, if none are named), its proof. */
export function evidenceOf(nation: Pick<Nation, 'crypto'>, entry: RecordEntry, proof: string, visible?: readonly string[]): EntryEvidence {
  const opening =
    visible === undefined
      ? entry.opening
      : discloseOnly(
          nation.crypto,
          entry.opening,
          visible.filter((name) => entry.opening.fields.some((field) => field.name === name)),
        )
  return { leaf: toBase64(fromBase64Url(entry.leaf)), opening: opening as unknown as Json, proof }
}
