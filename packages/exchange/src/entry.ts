import { type Crypto, type Json, type Realm, toHex } from '@entente/canonical'
import type { PersonFacts } from '@entente/clearance'
import type { KeyControl } from '@entente/agreement'
import type { Basis } from '@entente/decision'
import { ExchangeError } from './errors.ts'
import { type EntryEvidence, leafBytes } from './request.ts'

/** Fields of a grant, the reader's nation's entry (spec/key-release.md 4). All stand inside commitments. */
export interface GrantFields {
  readonly act: 'grant'
  readonly item: string
  readonly serial: number
  readonly statement: string
  readonly request: string
  readonly ephemeral: string
  readonly pseudonym: string
  readonly purpose: string
  /** Id of the version of the agreement under which this nation decides. */
  readonly version: string
  /** Seconds; the grant's own time plus `GRANT_SECONDS`. */
  readonly expires: number
}

/** Fields of the originator's entry. A refusal has the same fields as an opening, so that their number says nothing. */
export interface OpeningFields {
  readonly act: 'open' | 'refuse'
  readonly item: string
  readonly serial: number
  readonly statement: string
  readonly request: string
  readonly ephemeral: string
  readonly pseudonym: string
  readonly decision: 'permit' | 'refuse'
  readonly articles: readonly string[]
  /** SHA-256 (hexadecimal) of the leaf of the reader's nation's grant; absent for an own reader of an own item. */
  readonly grant?: string
  readonly level: string
  readonly purpose: string
  /** Id of the version of the agreement under which the originator decided; `NO_AGREEMENT` for an own reader. */
  readonly version: string
}

/** Life of a grant, in seconds. */
export const GRANT_SECONDS = 60

/** Fields of the originator's entry that the relaying node may see: what it knows already, never the decision. */
export const RELAY_VISIBLE: readonly string[] = ['ephemeral', 'grant', 'item', 'request', 'serial', 'statement', 'version']

/** An entry of which some fields were disclosed, each checked against the leaf. */
export interface OpenedEntry {
  readonly realm: Realm
  readonly at: number
  /** The disclosed fields and no others. */
  readonly fields: Readonly<Record<string, Json | undefined>>
}

/** What a verified release statement says, as far as a key process or a client needs it. */
export interface ReleaseFacts {
  /** Id of the signed statement. */
  readonly id: string
  readonly realm: Realm
  readonly item: string
  readonly serial: number
  readonly originator: string
  readonly recipient: string
  readonly basis?: Basis
  readonly keyControl: KeyControl
  readonly expires?: number
  /** SHA-384 (hexadecimal) over the canonical manifest without the statement. */
  readonly manifestDigest: string
}

/** One wrapped share, as the container's manifest has it. */
export interface WrappedShare {
  /** Stable name of the key service. */
  readonly url: string
  readonly kid?: string
  readonly wrappedKey: string
  readonly policyBinding: { readonly alg: string; readonly hash: string }
}

/** What a manifest says, as far as a key process or a client needs it; `digest` is computed from its bytes. */
export interface ManifestFacts {
  readonly digest: string
  readonly policy: string
  readonly keyAccess: readonly WrappedShare[]
}

/** A request whose signatures (K's and the issuer's) were verified against pinned keys. */
export interface PresentedRequest {
  readonly facts: Pick<PersonFacts, 'nation' | 'pseudonym'>
  readonly requestBody?: string
  readonly requestHash: string
}

/** Where a verified proof places an entry. */
export interface ProvenPlace {
  readonly index: number
  readonly size: number
  readonly time: number
}

/**
 * The checks that other packages make, as functions that throw when something does not hold: `openEntry` recomputes the
 * leaf from the opening, `verifyProof` checks inclusion, the log's signatures and the cosignatures that the policy asks for.
 */
export interface EvidenceChecks<Policy> {
  openEntry(leaf: Uint8Array, opening: Json): OpenedEntry | Promise<OpenedEntry>
  verifyProof(leaf: Uint8Array, proof: string, policy: Policy): Promise<ProvenPlace>
}

/** An entry that was opened and proven. */
export interface ProvenEntry extends OpenedEntry {
  /** SHA-256 of the leaf, hexadecimal. */
  readonly leafHash: string
  readonly place: ProvenPlace
}

/**
 * Opens an entry and checks its proof under a pinned policy; every failure is `exchange/proof-invalid`, whatever the
 * cause, and an entry of another realm `exchange/wrong-realm`.
 */
export async function proveEntry<Policy>(
  crypto: Crypto,
  evidence: EntryEvidence,
  realm: Realm,
  policy: Policy,
  checks: EvidenceChecks<Policy>,
): Promise<ProvenEntry> {
  const leaf = leafBytes(evidence)
  const leafHash = toHex(crypto.sha256(leaf))
  try {
    const opened = await checks.openEntry(leaf, evidence.opening)
    const place = await checks.verifyProof(leaf, evidence.proof, policy)
    if (opened.realm === realm) return { ...opened, leafHash, place }
  } catch (cause) {
    throw new ExchangeError('exchange/proof-invalid', 'an entry that is not proven', { values: { leaf: leafHash }, cause })
  }
  throw new ExchangeError('exchange/wrong-realm', 'an entry of another realm', { values: { leaf: leafHash } })
}

/** Compares disclosed fields with what they must be; the first that differs, or is hidden, is named. */
export function requireFields(
  entry: OpenedEntry,
  expected: Readonly<Record<string, Json>>,
  code: 'exchange/entry-mismatch' | 'exchange/counter-entry-mismatch',
): void {
  for (const [field, value] of Object.entries(expected)) {
    if (entry.fields[field] !== value) throw new ExchangeError(code, `the entry is about another ${field}`, { values: { field } })
  }
}
