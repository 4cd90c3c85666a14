import { type Agreement, agreementId, agreementShape } from '@entente/agreement'
import {
  type Crypto,
  type Domain,
  type HybridPublicKey,
  type HybridSignature,
  type HybridSigner,
  type Json,
  type Realm,
  type Shape,
  type Signed,
  CanonicalError,
  hybridSignatureShape,
  idOf,
  keyIdOf,
  readShape,
  shapes,
  signDocument,
  verifyDocument,
} from '@entente/canonical'
import * as v from 'valibot'
import { ExchangeError, reading } from './errors.ts'
import { type EntryEvidence, entryEvidenceMembers } from './request.ts'
import { type SignedOnce, signedOnceShape, wire } from './wire.ts'

interface Head {
  readonly realm: Realm
  readonly agreement: string
  /** The nation whose negotiator signs. */
  readonly nation: string
  /** Number of the version that is negotiated. */
  readonly number: number
  /** Id of the body: what its seals sign. */
  readonly proposal: string
  /** Seconds since 1970-01-01T00:00:00Z, by the device's clock. */
  readonly at: number
}

/** What a negotiator does, signed by their device: no node can say that a person agreed to a text who did not. */
export type NegotiationAct = Head &
  (
    | { readonly act: 'propose'; readonly body: Agreement }
    /** Another body, which names the proposal that it answers. */
    | { readonly act: 'counter'; readonly body: Agreement; readonly answers: string }
    | { readonly act: 'comment'; readonly text: string; readonly article?: string }
    /** The text is settled for this nation. */
    | { readonly act: 'initial' }
  )

/** One authority key's signature over a body, apart from it: its bytes may be carried to where the key is. */
export interface Seal {
  readonly realm: Realm
  readonly agreement: string
  readonly number: number
  readonly proposal: string
  readonly signature: HybridSignature
}

/** A nation's word, proven from its log, that its node holds a version with every signature. */
export interface HeldEvidence {
  readonly realm: Realm
  readonly agreement: string
  readonly number: number
  /** Id of the version. */
  readonly version: string
  /** Whose log, and with whom. */
  readonly of: string
  readonly partner: string
  readonly evidence: EntryEvidence
}

const head = {
  realm: shapes.realm,
  agreement: wire.link,
  nation: shapes.nation,
  number: wire.positive,
  proposal: shapes.sha256,
  at: shapes.instant,
} as const

const actShape: Shape<NegotiationAct> = v.variant('act', [
  v.strictObject({ ...head, act: v.literal('propose'), body: agreementShape }),
  v.strictObject({ ...head, act: v.literal('counter'), body: agreementShape, answers: shapes.sha256 }),
  v.strictObject({
    ...head,
    act: v.literal('comment'),
    text: v.pipe(v.string(), v.minLength(1), v.maxLength(4_096)),
    article: v.exactOptional(wire.code),
  }),
  v.strictObject({ ...head, act: v.literal('initial') }),
]) as unknown as Shape<NegotiationAct>

/** The shape of a signed act: exactly one negotiator's signature. */
export const signedNegotiationShape: Shape<SignedOnce<NegotiationAct>> = signedOnceShape(actShape)

const sealShape: Shape<Seal> = v.strictObject({
  realm: shapes.realm,
  agreement: wire.link,
  number: wire.positive,
  proposal: shapes.sha256,
  signature: hybridSignatureShape,
})

const heldShape: Shape<HeldEvidence> = v.strictObject({
  realm: shapes.realm,
  agreement: wire.link,
  number: wire.positive,
  version: shapes.sha256,
  of: shapes.nation,
  partner: shapes.nation,
  evidence: v.strictObject(entryEvidenceMembers),
})

/** The domain tag of what negotiators sign. */
export function negotiationDomain(realm: Realm): Domain {
  return { realm, type: 'agreement-act', version: 1 }
}

/** The id of an act: SHA-256 of what the negotiator signs, lower-case hexadecimal. */
export function negotiationId(crypto: Crypto, act: NegotiationAct): string {
  return idOf(crypto, negotiationDomain(act.realm), act as unknown as Json)
}

/** Signs an act with a negotiator's device key. Throws `exchange/malformed` for one that no one would read. */
export async function signNegotiation(crypto: Crypto, act: NegotiationAct, negotiator: HybridSigner): Promise<Signed<NegotiationAct>> {
  const own = reading('agreement act', () => readShape(actShape, act, 'agreement act'))
  return signDocument(crypto, negotiationDomain(own.realm), own, negotiator)
}

/** An act that was checked, with its id and the id of the key that signed it. */
export interface VerifiedNegotiation {
  readonly id: string
  readonly act: NegotiationAct
  readonly signed: SignedOnce<NegotiationAct>
  readonly key: string
}

/**
 * Reads a signed act and checks that one of `negotiators` of that nation signed it, and that a body is the one that it names.
 * Whether its turn has come is `checkStep`'s to say. Throws `exchange/malformed`, `exchange/wrong-realm`, `exchange/wrong-link`,
 * `exchange/wrong-sender`, `exchange/stranger-key`, `exchange/signature-invalid`.
 */
export async function verifyNegotiation(
  crypto: Crypto,
  value: unknown,
  expected: {
    readonly realm: Realm
    readonly nation: string
    readonly agreement?: string
    readonly negotiators: readonly HybridPublicKey[]
  },
): Promise<VerifiedNegotiation> {
  const signed = reading('agreement act', () => readShape(signedNegotiationShape, value, 'agreement act'))
  const { body: act, signatures } = signed
  checkRealm(act.realm, expected.realm)
  if (expected.agreement !== undefined && act.agreement !== expected.agreement) throw otherLink(act.agreement)
  if (act.nation !== expected.nation)
    throw new ExchangeError('exchange/wrong-sender', 'an act for another nation', { values: { nation: act.nation } })
  const [{ keyId }] = signatures
  const key = expected.negotiators.find((candidate) => keyIdOf(crypto, candidate) === keyId)
  if (key === undefined) throw new ExchangeError('exchange/stranger-key', 'an act by nobody who negotiates now', { values: { key: keyId } })
  try {
    await verifyDocument(crypto, negotiationDomain(expected.realm), signed, key)
  } catch (cause) {
    if (!(cause instanceof CanonicalError)) throw cause
    throw new ExchangeError('exchange/signature-invalid', 'the signature of an act does not hold', { values: { key: keyId }, cause })
  }
  if ((act.act === 'propose' || act.act === 'counter') && !isBodyOf(crypto, act, act.body))
    throw new ExchangeError('exchange/malformed', 'an act that names another body', { values: { what: 'agreement act', why: 'body' } })
  return { id: negotiationId(crypto, act), act, signed, key: keyId }
}

function isBodyOf(crypto: Crypto, act: NegotiationAct, body: Agreement): boolean {
  const same = body.agreement === act.agreement && body.realm === act.realm && body.version === act.number
  return same && agreementId(crypto, body) === act.proposal
}

/** Reads a seal; what it proves is `verifySeal`'s to say. Throws `exchange/malformed`, `exchange/wrong-realm`, `exchange/wrong-link`. */
export function readSeal(value: unknown, expected: { readonly realm: Realm; readonly agreement: string }): Seal {
  const seal = reading('seal', () => readShape(sealShape, value, 'seal'))
  checkRealm(seal.realm, expected.realm)
  if (seal.agreement !== expected.agreement) throw otherLink(seal.agreement)
  return seal
}

/** Reads a nation's word that it holds a version; proven by `verifyTrust`. Throws `exchange/malformed`, `exchange/wrong-realm`. */
export function readHeld(value: unknown, realm: Realm): HeldEvidence {
  const held = reading('held', () => readShape(heldShape, value, 'held'))
  checkRealm(held.realm, realm)
  return held
}

function checkRealm(found: Realm, expected: Realm): void {
  if (found !== expected)
    throw new ExchangeError('exchange/wrong-realm', 'a word on an agreement of another realm', { values: { realm: found } })
}

function otherLink(link: string): ExchangeError {
  return new ExchangeError('exchange/wrong-link', 'a word on another agreement', { values: { link } })
}
