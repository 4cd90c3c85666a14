import {
  type Crypto,
  type Domain,
  type HybridSigner,
  type Json,
  type Realm,
  type Shape,
  canonicalText,
  idOf,
  readCanonical,
  readShape,
  shapes,
  signDocument,
  utf8,
  signingBytes,
} from '@entente/canonical'
import * as v from 'valibot'
import { ExchangeError, reading } from './errors.ts'
import { type Correspondent, type SignedOnce, signedOnceShape, verifyByOneOf, wire } from './wire.ts'

/** What an envelope may carry; the shape of each body stands in `message.ts`. */
export const ENVELOPE_TYPES = [
  'key-statement',
  'agreement-act',
  'agreement-seal',
  'agreement-held',
  'agreement-notice',
  'roster',
  'offer',
  'revoke',
  'withdraw-offer',
  'feedback',
  'damage-request',
  'damage-answer',
  'pairing-daily',
  'joined',
] as const
export type EnvelopeType = (typeof ENVELOPE_TYPES)[number]

/** What is too large for an envelope goes beside it, in ciphertext, by its hash. */
export interface Attachment {
  readonly sha256: string
  /** Bytes. */
  readonly size: number
}

/** One message from nation to nation. Sequence and hash chain run per realm, link and direction (spec/exchange.md 2). */
export interface Envelope {
  readonly realm: Realm
  readonly from: string
  readonly to: string
  readonly link: string
  /** From 1, without gaps. */
  readonly seq: number
  /** Id of the envelope before; 64 zeros before the first. */
  readonly prev: string
  readonly type: EnvelopeType
  readonly at: number
  /** From this second on the message means nothing any more; its place in the sequence stays. */
  readonly expires?: number
  readonly body: Json
  readonly attachments: readonly Attachment[]
}

/** An envelope that was checked, with its id and exactly the text that came. */
export interface VerifiedEnvelope {
  readonly id: string
  readonly text: string
  readonly body: Envelope
}

/** The largest envelope: 1 MiB of canonical text, signatures included. */
export const MAX_ENVELOPE_BYTES = 1_048_576
/** `prev` of the first envelope of a stream. */
export const FIRST_PREVIOUS: string = '0'.repeat(64)

const envelopeShape: Shape<Envelope> = v.pipe(
  v.strictObject({
    realm: shapes.realm,
    from: shapes.nation,
    to: shapes.nation,
    link: wire.link,
    seq: wire.positive,
    prev: shapes.sha256,
    type: v.picklist(ENVELOPE_TYPES),
    at: shapes.instant,
    expires: v.exactOptional(shapes.instant),
    body: shapes.json,
    attachments: v.pipe(v.array(v.strictObject({ sha256: shapes.sha256, size: shapes.natural })), v.maxLength(256)),
  }),
  v.check((envelope) => envelope.from !== envelope.to, 'two nations'),
  v.check((envelope) => (envelope.seq === 1) === (envelope.prev === FIRST_PREVIOUS), 'zeros before the first, and only there'),
)
const signedEnvelopeShape = signedOnceShape(envelopeShape)

/** The domain tag of an envelope. */
export function envelopeDomain(realm: Realm): Domain {
  return { realm, type: 'envelope', version: 1 }
}

/**
 * Signs an envelope with the nation's envelope key. The text that comes back is what is kept and sent, every time the
 * same bytes. Throws `exchange/malformed`, `exchange/too-large`.
 */
export async function sealEnvelope(crypto: Crypto, envelope: Envelope, signer: HybridSigner): Promise<VerifiedEnvelope> {
  const body = reading('envelope', () => readShape(envelopeShape, envelope, 'envelope'))
  const domain = envelopeDomain(body.realm)
  const text = reading('envelope', () => canonicalText(body as unknown as Json))
  if (text.length > MAX_ENVELOPE_BYTES) throw tooLarge()
  const signed = canonicalText((await signDocument(crypto, domain, body, signer)) as unknown as Json)
  if (utf8(signed).length > MAX_ENVELOPE_BYTES) throw tooLarge()
  return { id: idOf(crypto, domain, body as unknown as Json), text: signed, body }
}

/** Reads an envelope; proves nothing yet. The bytes must be canonical. Throws `exchange/malformed`, `exchange/too-large`. */
export function readEnvelope(bytes: Uint8Array): SignedOnce<Envelope> {
  return reading('envelope', () => readShape(signedEnvelopeShape, readCanonical(bytes, MAX_ENVELOPE_BYTES), 'envelope'))
}

/**
 * Reads and checks an envelope that came for `here`: realm first, then addressee, sender and link, then the signature.
 * Throws `exchange/too-large`, `exchange/malformed`, `exchange/wrong-realm`, `exchange/wrong-addressee`,
 * `exchange/wrong-sender`, `exchange/wrong-link`, `exchange/stranger-key`, `exchange/signature-invalid`.
 */
export async function verifyEnvelope(crypto: Crypto, bytes: Uint8Array, here: Correspondent): Promise<VerifiedEnvelope> {
  const { body, signatures } = readEnvelope(bytes)
  const [signature] = signatures
  checkPlace(body, here)
  const domain = envelopeDomain(here.realm)
  await verifyByOneOf(crypto, here.peerKeys, signingBytes(domain, body as unknown as Json), signature, 'envelope')
  // The bytes are canonical, so writing them again gives the text that came.
  const text = canonicalText({ body: body as unknown as Json, signatures: signatures as unknown as Json })
  return { id: idOf(crypto, domain, body as unknown as Json), text, body }
}

function checkPlace(body: Envelope, here: Correspondent): void {
  if (body.realm !== here.realm)
    throw new ExchangeError('exchange/wrong-realm', 'an envelope of another realm', { values: { realm: body.realm } })
  if (body.to !== here.self)
    throw new ExchangeError('exchange/wrong-addressee', 'an envelope for another nation', { values: { nation: body.to } })
  if (body.from !== here.peer)
    throw new ExchangeError('exchange/wrong-sender', 'an envelope of another nation', { values: { nation: body.from } })
  if (body.link !== here.link)
    throw new ExchangeError('exchange/wrong-link', 'an envelope under another agreement', { values: { link: body.link } })
}

function tooLarge(): ExchangeError {
  return new ExchangeError('exchange/too-large', 'envelope is too large', { values: { what: 'envelope', limit: MAX_ENVELOPE_BYTES } })
}
