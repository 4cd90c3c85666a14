import {
  type Crypto,
  type Domain,
  type Json,
  type KemKey,
  type Realm,
  type Shape,
  CanonicalError,
  KEM_CIPHERTEXT_BYTES,
  canonicalBytes,
  canonicalText,
  fromBase64,
  fromBase64Url,
  openSealed,
  readCanonical,
  readJson,
  readShape,
  sealTo,
  shapes,
  signingBytes,
  toBase64,
  toBase64Url,
  utf8,
} from '@entente/canonical'
import * as v from 'valibot'
import { ExchangeError, reading } from './errors.ts'
import { type EntryEvidence, entryEvidenceMembers } from './request.ts'
import { wire } from './wire.ts'

/** Which of the two nations gives the share. */
export type ShareRole = 'originator' | 'recipient'

/** Everything that an answer is of use for; changing any of it makes the answer unreadable. */
export interface AnswerContext {
  readonly realm: Realm
  /** Id (hash) of the agreement version of the item's basis; 64 zeros for an own reader of an own item. */
  readonly version: string
  readonly statement: string
  readonly request: string
  /** SHA-256 of the giver's own entry's leaf. */
  readonly leaf: string
  readonly ephemeral: string
  readonly role: ShareRole
}

/**
 * What is sealed to E. The opening discloses to the client what the relay may not see of the giver's entry: whether it
 * permits. So relay and line see one length and no answer.
 */
export type Answer =
  | { readonly permit: true; readonly share: string; readonly opening: Json }
  | { readonly permit: false; readonly opening: Json }

/** One nation's answer as it travels: its entry as the relay may see it, and the sealed rest. */
export interface AnswerEnvelope extends EntryEvidence {
  readonly sealed: string
}

/** The one length of what is sealed, in bytes. */
export const ANSWER_BYTES = 8_192
/** The one length of a sealed answer, in bytes. */
export const SEALED_ANSWER_BYTES: number = KEM_CIPHERTEXT_BYTES + ANSWER_BYTES + 16
/** The largest answer envelope: 128 KiB. */
export const MAX_ANSWER_ENVELOPE_BYTES = 131_072
/** `version` in the context of an own reader's opening, which rests on no agreement. */
export const NO_AGREEMENT: string = '0'.repeat(64)
const LENGTH_BYTES = 2

const answerShape: Shape<Answer> = v.union([
  v.strictObject({ permit: v.literal(true), share: wire.thirtyTwoBytes, opening: shapes.json }),
  v.strictObject({ permit: v.literal(false), opening: shapes.json }),
])
const answerEnvelopeShape: Shape<AnswerEnvelope> = v.strictObject({ ...entryEvidenceMembers, sealed: wire.base64 })

/** The context bytes of an answer, which `sealTo` derives the key from and authenticates (spec/key-release.md 6). */
export function answerContext(context: AnswerContext): Uint8Array<ArrayBuffer> {
  const { realm, version, statement, request, leaf, ephemeral, role } = context
  const domain: Domain = { realm, type: 'answer', version: 1 }
  return signingBytes(domain, { version, statement, request, leaf, ephemeral, role, suite: 'entente-1' })
}

/**
 * Seals an answer to E, always `SEALED_ANSWER_BYTES` long. Throws `exchange/malformed` (a share that is not 32 bytes,
 * not an X-Wing key) and `exchange/too-large` (an opening that does not fit).
 */
export async function sealAnswer(
  crypto: Crypto,
  ephemeral: string,
  answer: Answer,
  context: AnswerContext,
): Promise<Uint8Array<ArrayBuffer>> {
  const text = reading('answer', () => canonicalBytes(readShape(answerShape, answer, 'answer') as unknown as Json))
  if (text.length > ANSWER_BYTES - LENGTH_BYTES) {
    throw new ExchangeError('exchange/too-large', 'the opening does not fit into an answer', {
      values: { what: 'answer', limit: ANSWER_BYTES },
    })
  }
  const padded = new Uint8Array(ANSWER_BYTES)
  new DataView(padded.buffer).setUint16(0, text.length)
  padded.set(text, LENGTH_BYTES)
  try {
    return await sealTo(crypto, fromBase64Url(ephemeral), padded, answerContext(context))
  } catch (cause) {
    if (!(cause instanceof CanonicalError)) throw cause
    throw new ExchangeError('exchange/malformed', 'not a key to answer to', { values: { what: 'ephemeral key', why: cause.code }, cause })
  }
}

/**
 * Opens an answer. Throws `exchange/answer-invalid` when it was sealed for anything else, or what was sealed is not an
 * answer of the one length; the two are not told apart.
 */
export async function openAnswer(crypto: Crypto, key: KemKey, sealed: Uint8Array, context: AnswerContext): Promise<Answer> {
  try {
    if (sealed.length !== SEALED_ANSWER_BYTES) throw new CanonicalError('canonical/aead', 'not the length of an answer')
    const padded = await openSealed(crypto, key, sealed, answerContext(context))
    const end = LENGTH_BYTES + new DataView(padded.buffer, padded.byteOffset).getUint16(0)
    if (end > ANSWER_BYTES || !areZeros(padded, end)) throw new CanonicalError('canonical/not-canonical', 'not padded with zeros')
    return readShape(answerShape, readCanonical(padded.subarray(LENGTH_BYTES, end)), 'answer')
  } catch (cause) {
    if (!(cause instanceof CanonicalError)) throw cause
    throw new ExchangeError('exchange/answer-invalid', 'an answer that was not made for this', { values: { role: context.role }, cause })
  }
}

function areZeros(bytes: Uint8Array, start: number): boolean {
  for (let at = start; at < bytes.length; at++) if (bytes[at] !== 0) return false
  return true
}

/** Puts a share into an answer. */
export function permitAnswer(share: Uint8Array, opening: Json): Answer {
  return { permit: true, share: toBase64Url(share), opening }
}

/** The bytes of an answer envelope. */
export function writeAnswerEnvelope(evidence: EntryEvidence, sealed: Uint8Array): Uint8Array<ArrayBuffer> {
  return utf8(canonicalText(answerEnvelope(evidence, sealed) as unknown as Json))
}

/** Reads an answer envelope; proves nothing yet. Throws `exchange/malformed`, `exchange/too-large`. */
export function readAnswerEnvelope(bytes: Uint8Array): AnswerEnvelope {
  return reading('answer envelope', () => shaped(readJson(bytes, MAX_ANSWER_ENVELOPE_BYTES)))
}

/** As `readAnswerEnvelope`, of one that was read as JSON with what it came in. */
export function shapedAnswerEnvelope(value: Json): AnswerEnvelope {
  return reading('answer envelope', () => {
    const envelope = shaped(value)
    const { leaf, opening, proof, sealed } = envelope
    // All but the opening have limits of their own, and only it may hold more than ASCII.
    if (leaf.length + proof.length + sealed.length + canonicalBytes(opening).length > MAX_ANSWER_ENVELOPE_BYTES)
      throw new CanonicalError('canonical/too-large', 'longer than any', { values: { limit: MAX_ANSWER_ENVELOPE_BYTES } })
    return envelope
  })
}

function shaped(value: Json): AnswerEnvelope {
  const envelope = readShape(answerEnvelopeShape, value, 'answer envelope')
  if (fromBase64(envelope.sealed).length !== SEALED_ANSWER_BYTES)
    throw new CanonicalError('canonical/shape', 'sealed answers have one length')
  return envelope
}

/** An answer envelope as JSON. */
export function answerEnvelope(evidence: EntryEvidence, sealed: Uint8Array): AnswerEnvelope {
  const { leaf, opening, proof } = evidence
  return { leaf, opening, proof, sealed: toBase64(sealed) }
}
