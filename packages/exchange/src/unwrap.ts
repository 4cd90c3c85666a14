import { type Crypto, type Realm, EntenteError } from '@entente/canonical'
import type { Basis } from '@entente/decision'
import { type AnswerContext, type ShareRole, NO_AGREEMENT } from './answer.ts'
import {
  type EvidenceChecks,
  type ManifestFacts,
  type PresentedRequest,
  type ProvenEntry,
  type ReleaseFacts,
  type WrappedShare,
  GRANT_SECONDS,
  proveEntry,
  requireFields,
} from './entry.ts'
import { ExchangeError } from './errors.ts'
import { type EntryEvidence, type RequestBody, ephemeralHash, readRequestBody, requestHash } from './request.ts'

/** What a node hands to its key process. Nothing in it is believed. */
export interface UnwrapQuestion {
  readonly role: ShareRole
  /** The compact request, exactly as the client signed it. */
  readonly request: string
  /** The signed release statement and the manifest, as `checks` read them. */
  readonly statement: unknown
  readonly manifest: unknown
  /** This nation's own entry. */
  readonly entry: EntryEvidence
  /** The other nation's: the grant for the originator's process, the originator's entry for the recipient's. */
  readonly counterEntry?: EntryEvidence
}

/** The checks that other packages make; each verifies against keys that the key process has pinned, and throws if not. */
export interface UnwrapChecks<Policy> extends EvidenceChecks<Policy> {
  /** K's signature and the credential of the request, for the originator's node as audience. */
  presented(request: string): Promise<PresentedRequest>
  /** The officer's signature on the release statement, under a delegation of the originator's key statement. */
  released(statement: unknown): Promise<ReleaseFacts>
  /** The manifest's own digest, policy and key accesses. */
  manifest(manifest: unknown): ManifestFacts | Promise<ManifestFacts>
}

/** What a key process is configured with. */
export interface UnwrapPins<Policy> {
  readonly realm: Realm
  readonly nation: string
  /** Stable name of this key service, and the ids of its keys. */
  readonly kas: string
  readonly kids: readonly string[]
  /** What a proof of this nation's own entries must show: for partners' readers, and for own readers of own items. */
  readonly partnerPolicy: Policy
  readonly ownPolicy: Policy
  /** What a proof of the partner's entry must show. */
  readonly counterPolicy: Policy
  /**
   * Id of the version of the agreement by which this process decides now; both nations' entries must name it. Absent for an own
   * reader of an own item.
   */
  readonly version?: string
  /** How old an entry may be, in seconds. */
  readonly maxAgeSeconds: number
  /** How far the partner's clock may be ahead or behind, in seconds. */
  readonly skewSeconds: number
}

declare const permitted: unique symbol

/** The leave to unwrap one share for one answer. Only `verifyForUnwrap` makes it. */
export interface UnwrapPermission {
  readonly [permitted]: true
  readonly share: WrappedShare
  /** The policy text that the share is bound to. */
  readonly policy: string
  /** E, URL-safe base64. */
  readonly ephemeral: string
  readonly context: AnswerContext
}

/**
 * The check before every unwrapping (spec/key-release.md 5), made by the key process itself: the request is signed and
 * alive, the statement is for this realm and these two nations and the manifest is its own, the nation's entry says that
 * this very request may have this very share, both nations' entries are proven, and nothing of it is old.
 * `now` in seconds, the key process's own clock. Throws `ExchangeError`.
 */
export async function verifyForUnwrap<Policy>(
  crypto: Crypto,
  question: UnwrapQuestion,
  pins: UnwrapPins<Policy>,
  checks: UnwrapChecks<Policy>,
  now: number,
): Promise<UnwrapPermission> {
  const hash = requestHash(crypto, question.request)
  const { presented, body } = await verifyPresented(question, pins, checks, hash, now)
  const statement = await checked('statement', () => checks.released(question.statement))
  matchStatement(statement, body, presented, question.role, pins, now)
  const manifest = await checked('manifest', () => checks.manifest(question.manifest))
  const share = ownShare(statement, manifest, pins)
  const ephemeral = ephemeralHash(crypto, body.ephemeral)
  const version = pins.version === undefined ? {} : { version: pins.version }
  const about = { item: body.item, serial: body.serial, statement: statement.id, request: hash, ephemeral, ...version }
  const own = presented.facts.nation === statement.originator
  const entry = await proveEntry(crypto, question.entry, pins.realm, own ? pins.ownPolicy : pins.partnerPolicy, checks)
  requireFields(entry, { ...about, pseudonym: presented.facts.pseudonym, purpose: body.purpose }, 'exchange/entry-mismatch')
  matchAct(entry, question.role)
  if (now < entry.at || now >= entry.at + pins.maxAgeSeconds) throw stale(entry.at)
  if (!own) await matchCounterEntry(crypto, question, pins, checks, entry, about, now)
  const context: AnswerContext = {
    realm: pins.realm,
    version: statement.basis?.version ?? NO_AGREEMENT,
    statement: statement.id,
    request: hash,
    leaf: entry.leafHash,
    ephemeral,
    role: question.role,
  }
  return { share, policy: manifest.policy, ephemeral: body.ephemeral, context } as unknown as UnwrapPermission
}

async function verifyPresented<Policy>(
  question: UnwrapQuestion,
  pins: UnwrapPins<Policy>,
  checks: UnwrapChecks<Policy>,
  hash: string,
  now: number,
): Promise<{ readonly presented: PresentedRequest; readonly body: RequestBody }> {
  const presented = await checked('request', () => checks.presented(question.request))
  if (presented.requestHash !== hash || presented.requestBody === undefined) {
    throw new ExchangeError('exchange/malformed', 'request: no body was signed', { values: { what: 'request', why: 'canonical/shape' } })
  }
  const body = readRequestBody(presented.requestBody)
  if (body.realm !== pins.realm)
    throw new ExchangeError('exchange/wrong-realm', 'a request of another realm', { values: { realm: body.realm } })
  if (now >= body.expires)
    throw new ExchangeError('exchange/request-expired', 'the request has expired', { values: { expires: body.expires } })
  return { presented, body }
}

function matchStatement<Policy>(
  statement: ReleaseFacts,
  body: RequestBody,
  presented: PresentedRequest,
  role: ShareRole,
  pins: UnwrapPins<Policy>,
  now: number,
): void {
  if (statement.realm !== pins.realm)
    throw new ExchangeError('exchange/wrong-realm', 'a statement of another realm', { values: { realm: statement.realm } })
  if (body.statement !== statement.id) throw mismatch('id')
  if (body.item !== statement.item) throw mismatch('item')
  if (body.serial !== statement.serial) throw mismatch('serial')
  if (!sameBasis(body.basis, statement.basis)) throw mismatch('basis')
  if (statement.recipient !== presented.facts.nation) throw mismatch('recipient')
  if ((role === 'originator' ? statement.originator : statement.recipient) !== pins.nation) throw mismatch('nation')
  // Between two nations every release rests on an agreement; without one there is no version to bind the answer to.
  if (statement.originator !== statement.recipient && statement.basis === undefined) throw mismatch('basis')
  if (role === 'recipient' && (statement.keyControl !== 'both' || statement.originator === statement.recipient)) {
    throw new ExchangeError('exchange/key-control', "the recipient's process has no share under this key control", {
      values: { control: statement.keyControl },
    })
  }
  if (statement.expires !== undefined && now >= statement.expires) {
    throw new ExchangeError('exchange/statement-expired', 'the release has expired', { values: { expires: statement.expires } })
  }
}

function ownShare<Policy>(statement: ReleaseFacts, manifest: ManifestFacts, pins: UnwrapPins<Policy>): WrappedShare {
  if (manifest.digest !== statement.manifestDigest)
    throw new ExchangeError('exchange/manifest-mismatch', 'not the manifest that the statement is about')
  const [share, second] = manifest.keyAccess.filter(
    (access) => access.url === pins.kas && access.kid !== undefined && pins.kids.includes(access.kid),
  )
  if (share === undefined || second !== undefined) {
    throw new ExchangeError('exchange/share-not-ours', 'not exactly one share for this key service', { values: { kas: pins.kas } })
  }
  return share
}

function matchAct(entry: ProvenEntry, role: ShareRole): void {
  const { act, decision } = entry.fields
  const says = role === 'originator' ? act === 'open' && decision === 'permit' : act === 'grant'
  if (!says) throw new ExchangeError('exchange/entry-not-permit', 'the entry does not say that this may be opened', { values: { role } })
}

async function matchCounterEntry<Policy>(
  crypto: Crypto,
  question: UnwrapQuestion,
  pins: UnwrapPins<Policy>,
  checks: UnwrapChecks<Policy>,
  entry: ProvenEntry,
  about: {
    readonly item: string
    readonly serial: number
    readonly statement: string
    readonly request: string
    readonly ephemeral: string
    readonly version?: string
  },
  now: number,
): Promise<void> {
  if (question.counterEntry === undefined)
    throw new ExchangeError('exchange/counter-entry-missing', "the other nation's entry is missing", { values: { role: question.role } })
  const counter = await proveEntry(crypto, question.counterEntry, pins.realm, pins.counterPolicy, checks)
  requireFields(counter, about, 'exchange/counter-entry-mismatch')
  const [grant, opening, grantSkew] = question.role === 'originator' ? [counter, entry, pins.skewSeconds] : [entry, counter, 0]
  // The grant names the request, the opening names the grant: neither can stand for another pair (P2), and O is last (P3).
  if (grant.fields['act'] !== 'grant') throw new ExchangeError('exchange/counter-entry-mismatch', 'no grant', { values: { field: 'act' } })
  if (opening.fields['grant'] !== grant.leafHash)
    throw new ExchangeError('exchange/counter-entry-mismatch', 'an opening on another grant', { values: { field: 'grant' } })
  if (now >= grant.at + GRANT_SECONDS + grantSkew)
    throw new ExchangeError('exchange/grant-expired', 'the grant is over', { values: { at: grant.at } })
  if (Math.abs(opening.at - grant.at) > GRANT_SECONDS + pins.skewSeconds) throw stale(opening.at)
}

function sameBasis(a: Basis | undefined, b: Basis | undefined): boolean {
  return a?.agreement === b?.agreement && a?.version === b?.version && a?.article === b?.article && a?.grant === b?.grant
}

/** Runs a check of another package, so that what it throws is told apart from a fault of ours only by its cause. */
async function checked<T>(what: 'request' | 'statement' | 'manifest', check: () => T | Promise<T>): Promise<T> {
  try {
    return await check()
  } catch (cause) {
    if (cause instanceof ExchangeError) throw cause
    const why: string = cause instanceof EntenteError ? (cause as EntenteError).code : 'not-verified'
    throw new ExchangeError('exchange/malformed', `${what}: does not verify`, { values: { what, why }, cause })
  }
}

function mismatch(field: string): ExchangeError {
  return new ExchangeError('exchange/statement-mismatch', `the statement has another ${field}`, { values: { field } })
}

function stale(at: number): ExchangeError {
  return new ExchangeError('exchange/entry-stale', 'an entry of another moment', { values: { at } })
}
