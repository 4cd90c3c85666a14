import { EntenteError, codeOf } from '@entente/canonical'

export type NodeCode =
  | 'node/disk-full'
  | 'node/journal-corrupt'
  | 'node/fenced'
  | 'node/process-gone'
  | 'node/internal'
  | 'node/item-stopped'
  | 'node/nonce-spent'
  | 'node/sequence'
  | 'node/limit'
  | 'node/not-cosigned'
  | 'node/behind'
  | 'node/partner-unreachable'
  | 'node/partner-refused'
  | 'node/config'
  | 'node/trust'
  | 'node/wrong-realm'
  | 'node/bad-request'
  | 'node/bad-search'
  | 'node/absent'
  | 'node/refused'
  | 'node/too-large'
  | 'node/conflict'
  | 'node/not-enrolled'
  | 'node/above-clearance'
  | 'node/above-delegation'
  | 'node/own-report'
  | 'node/draft-state'
  | 'node/not-as-prepared'
  | 'node/person-decides'
  | 'node/clock'
  | 'node/quarantined'
  | 'node/agreement-moved'
  | 'node/invariant-refuted'
  | 'node/invariant-unproven'
  | 'node/backup'
  | 'node/journal-other'
  | 'node/newer-format'

/** What a nation's server throws. `node/absent` is the one answer for what is not there and for what one may not know. */
export class NodeError extends EntenteError<NodeCode> {
  override name = 'NodeError'
}

/** What SQLite calls a full disk, in the errors of `node:sqlite`. */
const SQLITE_FULL = 13

/** A disk error as one of ours where we know it: a full disk is told apart, everything else stays what it is. */
export function diskError(cause: unknown, what: string): unknown {
  const code = codeOf(cause)
  if (code === 'ENOSPC' || code === 'EDQUOT' || (cause as { readonly errcode?: unknown } | null)?.errcode === SQLITE_FULL)
    return new NodeError('node/disk-full', `no space left while writing ${what}`, { cause, values: { what } })
  return cause
}
