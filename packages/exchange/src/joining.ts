import {
  type Crypto,
  type KemKey,
  type Realm,
  type Shape,
  type Signer,
  fromBase64,
  fromBase64Url,
  readDocument,
  readShape,
  shapes,
  signingBytes,
  toBase64Url,
  toHex,
  type Json,
} from '@entente/canonical'
import * as v from 'valibot'
import { type Answer, type AnswerContext, type AnswerEnvelope, type ShareRole, NO_AGREEMENT, openAnswer } from './answer.ts'
import {
  type EvidenceChecks,
  type ManifestFacts,
  type ProvenEntry,
  type ReleaseFacts,
  type WrappedShare,
  proveEntry,
  requireFields,
} from './entry.ts'
import { ExchangeError, reading } from './errors.ts'
import { leafBytes } from './request.ts'

/** What the client knows of its own opening, all of it verified before it signed the request. */
export interface OwnOpening {
  readonly realm: Realm
  /** The client's own nation. */
  readonly nation: string
  readonly requestHash: string
  /** The private half of E. */
  readonly key: KemKey
  readonly statement: ReleaseFacts
  readonly manifest: ManifestFacts
}

/** What the client pins, by its nation's authority: what the proofs of both logs must show, and the key services' names. */
export interface JoiningPins<Policy> {
  readonly originatorPolicy: Policy
  readonly recipientPolicy: Policy
  readonly originatorKas: string
  readonly recipientKas: string
}

export interface JoiningChecks<Policy> extends EvidenceChecks<Policy> {
  /** Whether a share is the one that its wrapped share binds to the policy. */
  shareFits(share: Uint8Array, access: WrappedShare, policy: string): boolean | Promise<boolean>
}

/** What came of an opening. A refusal is an answer too, and has its entry. */
export type Joined =
  | { readonly joined: true; readonly dataKey: Uint8Array; readonly entries: readonly ProvenEntry[] }
  | { readonly joined: false; readonly by: ShareRole; readonly entries: readonly ProvenEntry[] }

/**
 * The client's last step (spec/key-release.md 7): checks both nations' entries and proofs, opens what they sealed to E,
 * checks each share against its own policy binding and joins them. `recipient` is given exactly under key control *both*.
 * Throws `exchange/answer-missing`, `exchange/answer-invalid`, `exchange/proof-invalid`, `exchange/entry-mismatch`,
 * `exchange/counter-entry-mismatch`, `exchange/share-not-ours`, `exchange/manifest-mismatch`, and
 * `exchange/false-share` with `values.giver`, the nation whose signed entry and answer are the evidence.
 */
export async function joinAnswers<Policy>(
  crypto: Crypto,
  opening: OwnOpening,
  answers: { readonly originator: AnswerEnvelope; readonly recipient?: AnswerEnvelope },
  pins: JoiningPins<Policy>,
  checks: JoiningChecks<Policy>,
): Promise<Joined> {
  const { statement, manifest } = opening
  if (manifest.digest !== statement.manifestDigest)
    throw new ExchangeError('exchange/manifest-mismatch', 'not the manifest that the statement is about')
  const both = statement.keyControl === 'both' && statement.originator !== statement.recipient
  if (both !== (answers.recipient !== undefined))
    throw new ExchangeError('exchange/answer-missing', 'not the answers of this key control', { values: { role: 'recipient' } })
  const first = await openOne(crypto, opening, 'originator', answers.originator, pins.originatorPolicy, checks)
  if (!first.answer.permit) return { joined: false, by: 'originator', entries: [first.entry] }
  const shares = [await fittingShare(first.answer, opening, statement.originator, pins.originatorKas, checks)]
  const entries = [first.entry]
  if (answers.recipient !== undefined) {
    const second = await openOne(crypto, opening, 'recipient', answers.recipient, pins.recipientPolicy, checks)
    if (first.entry.fields['grant'] !== second.entry.leafHash) {
      throw new ExchangeError('exchange/counter-entry-mismatch', 'an opening on another grant', { values: { field: 'grant' } })
    }
    entries.push(second.entry)
    if (!second.answer.permit) return { joined: false, by: 'recipient', entries }
    shares.push(await fittingShare(second.answer, opening, statement.recipient, pins.recipientKas, checks))
  }
  return { joined: true, dataKey: xorShares(shares), entries }
}

async function openOne<Policy>(
  crypto: Crypto,
  opening: OwnOpening,
  role: ShareRole,
  envelope: AnswerEnvelope,
  policy: Policy,
  checks: JoiningChecks<Policy>,
): Promise<{ readonly answer: Answer; readonly entry: ProvenEntry }> {
  const { realm, statement, key } = opening
  const ephemeral = toHex(crypto.sha256(key.publicKey))
  const context: AnswerContext = {
    realm,
    version: statement.basis?.version ?? NO_AGREEMENT,
    statement: statement.id,
    request: opening.requestHash,
    leaf: toHex(crypto.sha256(leafBytes(envelope))),
    ephemeral,
    role,
  }
  const answer = await openAnswer(
    crypto,
    key,
    reading('answer', () => fromBase64(envelope.sealed)),
    context,
  )
  // The opening inside the seal is the giver's to the client; the one outside was cut for the relay and proves less.
  const entry = await proveEntry(crypto, { ...envelope, opening: answer.opening }, realm, policy, checks)
  const about = { item: statement.item, serial: statement.serial, statement: statement.id, request: opening.requestHash, ephemeral }
  requireFields(entry, about, 'exchange/entry-mismatch')
  requireFields(entry, saidBy(role, answer.permit), 'exchange/entry-mismatch')
  return { answer, entry }
}

/** What an entry must say for its answer to be the one that was entered: no permit on an entered refusal, nor the reverse. */
function saidBy(role: ShareRole, permit: boolean): Record<string, Json> {
  if (role === 'recipient') return { act: 'grant' }
  return permit ? { act: 'open', decision: 'permit' } : { act: 'refuse', decision: 'refuse' }
}

async function fittingShare<Policy>(
  answer: Answer & { readonly permit: true },
  opening: OwnOpening,
  giver: string,
  kas: string,
  checks: JoiningChecks<Policy>,
): Promise<Uint8Array> {
  const [access, second] = opening.manifest.keyAccess.filter((candidate) => candidate.url === kas)
  if (access === undefined || second !== undefined)
    throw new ExchangeError('exchange/share-not-ours', 'not exactly one share of this key service', { values: { kas } })
  const share = reading('share', () => fromBase64Url(answer.share))
  if (!(await checks.shareFits(share, access, opening.manifest.policy))) {
    throw new ExchangeError('exchange/false-share', 'a share that its binding does not know', { values: { giver } })
  }
  return share
}

function xorShares(shares: readonly Uint8Array[]): Uint8Array {
  const key = new Uint8Array(32)
  for (const share of shares) share.forEach((byte, at) => (key[at] = (key[at] ?? 0) ^ byte))
  return key
}

/** What the client says when it has joined and decrypted, or could not; signed with K. Without it the entry counts as a possible opening. */
export interface JoinedReceipt {
  readonly realm: Realm
  readonly request: string
  /** Leaf hash of the originator's entry. */
  readonly leaf: string
  readonly at: number
  /** `acknowledged`: its reader has received what was opened before, and says so. */
  readonly outcome: 'opened' | 'failed' | 'acknowledged'
}

/** A joined receipt with K's signature, URL-safe base64 of 64 bytes. */
export interface SignedJoined {
  readonly body: JoinedReceipt
  readonly signature: string
}

const joinedShape: Shape<JoinedReceipt> = v.strictObject({
  realm: shapes.realm,
  request: shapes.sha256,
  leaf: shapes.sha256,
  at: shapes.instant,
  outcome: v.picklist(['opened', 'failed', 'acknowledged']),
})
const signedJoinedShape: Shape<SignedJoined> = v.strictObject({
  body: joinedShape,
  signature: v.pipe(v.string(), v.regex(/^[A-Za-z0-9_-]{86}$/u)),
})

/** Signs with K what became of an opening. Throws `exchange/malformed`. */
export async function signJoined(body: JoinedReceipt, holder: Signer): Promise<SignedJoined> {
  const own = reading('joined', () => readShape(joinedShape, body, 'joined'))
  return { body: own, signature: toBase64Url(await holder.sign(joinedBytes(own))) }
}

/**
 * Reads a joined receipt and checks it against K (raw Ed25519 key, from the request it answers) and that request.
 * Throws `exchange/malformed`, `exchange/too-large`, `exchange/joined-invalid`.
 */
export async function verifyJoined(
  crypto: Crypto,
  bytes: Uint8Array,
  expected: { readonly realm: Realm; readonly holderKey: Uint8Array; readonly request: string; readonly leaf: string },
): Promise<JoinedReceipt> {
  const { body, signature } = reading('joined', () => readDocument(signedJoinedShape, bytes, 'joined', 4_096))
  const right = body.realm === expected.realm && body.request === expected.request && body.leaf === expected.leaf
  const raw = reading('joined', () => fromBase64Url(signature))
  if (!right || !(await crypto.verify('Ed25519', expected.holderKey, joinedBytes(body), raw))) {
    throw new ExchangeError('exchange/joined-invalid', 'a joined receipt of another opening or hand', {
      values: { request: expected.request },
    })
  }
  return body
}

function joinedBytes(body: JoinedReceipt): Uint8Array {
  return signingBytes({ realm: body.realm, type: 'joined', version: 1 }, body as unknown as Json)
}
