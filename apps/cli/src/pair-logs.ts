import { toHex } from '@entente/canonical'
import { nodeCrypto } from '@entente/crypto-node'
import { type TileReader, type VerifiedEntry, TILE_WIDTH, readBundle, tileWidth } from '@entente/ledger'

/** An opening in the originator's log beside the grant that it rests on in the recipient's. */
export interface PairedOpening {
  readonly item: string
  readonly act: string
  readonly at: number
  /** Index in the originator's log, and in the recipient's. */
  readonly opening: number
  readonly grant: number
  readonly request: string
}

/** What does not fit together. */
export interface PairFinding {
  readonly code: 'cli/pair-open' | 'cli/pair-request'
  readonly values: { readonly index: number }
}

export interface Pairing {
  readonly paired: readonly PairedOpening[]
  readonly findings: readonly PairFinding[]
  /** Grants that the originator never answered, by index: asked, and nothing came of it. */
  readonly unanswered: readonly number[]
}

/** One side's log, whose entries were verified and opened. */
export interface VerifiedSide {
  readonly reader: TileReader
  readonly size: number
  readonly entries: readonly VerifiedEntry[]
}

/**
 * Pairs the originator's openings and refusals with the recipient's grants by the hash of the grant's leaf. An answer without
 * a grant, or on a grant for another request, is a finding: no reader of the recipient's opened without an entry at home.
 */
export async function pairLogs(originator: VerifiedSide, recipient: VerifiedSide): Promise<Pairing> {
  const grants = new Map<string, VerifiedEntry>()
  for (const entry of recipient.entries) if (entry.fields['act'] === 'grant') grants.set(await leafHashAt(recipient, entry.index), entry)
  const paired: PairedOpening[] = []
  const findings: PairFinding[] = []
  const answered = new Set<number>()
  for (const { index, at, fields } of originator.entries) {
    const { act, item, request, grant: named } = fields
    if (act !== 'open' && act !== 'refuse') continue
    const grant = typeof named === 'string' ? grants.get(named) : undefined
    if (grant === undefined) {
      findings.push({ code: 'cli/pair-open', values: { index } })
      continue
    }
    answered.add(grant.index)
    if (grant.fields['request'] !== request || grant.fields['item'] !== item) findings.push({ code: 'cli/pair-request', values: { index } })
    else paired.push({ item: String(item), act, at, opening: index, grant: grant.index, request: String(request) })
  }
  return { paired, findings, unanswered: [...grants.values()].map(({ index }) => index).filter((index) => !answered.has(index)) }
}

/** SHA-256 of the leaf at an index, as the other side's entries name it. */
async function leafHashAt({ reader, size }: VerifiedSide, index: number): Promise<string> {
  const bundle = Math.floor(index / TILE_WIDTH)
  const leaves = await readBundle(reader, bundle, tileWidth(size, 0, bundle))
  return toHex(nodeCrypto.sha256(leaves[index % TILE_WIDTH] ?? new Uint8Array(0)))
}
