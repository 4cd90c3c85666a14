import { type Json, toHex } from '@entente/canonical'
import { nodeCrypto } from '@entente/crypto-node'
import { type TileReader, type VerifiedEntry, TILE_WIDTH, readBundle, tileWidth } from '@entente/ledger'

/** One side's log, whose entries were verified and opened. */
export interface VerifiedSide {
  readonly reader: TileReader
  readonly size: number
  readonly entries: readonly VerifiedEntry[]
}

/** An opening in the originator's log beside the grant that it rests on in the other's, by index. */
export interface PairedOpening {
  readonly opening: number
  readonly grant: number
  readonly item: string
  readonly request: string
}

/** What pairing two logs shows. */
export interface Pairing {
  readonly paired: readonly PairedOpening[]
  /** Openings that name no grant of the other log, or one for another request or item. */
  readonly unmatched: readonly VerifiedEntry[]
  /** Grants that nobody answered: asked, and nothing came of it. */
  readonly unanswered: readonly VerifiedEntry[]
}

/**
 * Pairs two nations' logs with each other: every opening names the hash of the leaf of the grant that it rests on, and both
 * name one request and item. So no key went out of which the reader's own nation has no entry.
 */
export async function pairLogs(first: VerifiedSide, second: VerifiedSide): Promise<Pairing> {
  const [one, other] = [await answersTo(first, second), await answersTo(second, first)]
  return {
    paired: [...one.paired, ...other.paired],
    unmatched: [...one.unmatched, ...other.unmatched],
    unanswered: [...one.unanswered, ...other.unanswered],
  }
}

async function answersTo(originator: VerifiedSide, recipient: VerifiedSide): Promise<Pairing> {
  const grants = new Map<string, VerifiedEntry>()
  for (const entry of recipient.entries) if (entry.fields['act'] === 'grant') grants.set(await leafHashAt(recipient, entry.index), entry)
  const paired: PairedOpening[] = []
  const unmatched: VerifiedEntry[] = []
  const answered = new Set<VerifiedEntry>()
  for (const entry of originator.entries) {
    const { act, item, request, grant: named } = entry.fields
    if (act !== 'open' && act !== 'refuse') continue
    const grant = grants.get(textOf(named))
    if (grant !== undefined) answered.add(grant)
    const fits = grant !== undefined && grant.fields['request'] === request && grant.fields['item'] === item
    if (fits && act === 'open') paired.push({ opening: entry.index, grant: grant.index, item: textOf(item), request: textOf(request) })
    if (!fits) unmatched.push(entry)
  }
  return { paired, unmatched, unanswered: [...grants.values()].filter((grant) => !answered.has(grant)) }
}

/** SHA-256 of the leaf at an index, as the other side's entries name it. */
async function leafHashAt({ reader, size }: VerifiedSide, index: number): Promise<string> {
  const bundle = Math.floor(index / TILE_WIDTH)
  const leaves = await readBundle(reader, bundle, tileWidth(size, 0, bundle))
  return toHex(nodeCrypto.sha256(leaves[index % TILE_WIDTH] ?? new Uint8Array(0)))
}

function textOf(value: Json | undefined): string {
  return typeof value === 'string' ? value : ''
}
