import {
  type Crypto,
  type Domain,
  type HybridSigner,
  type Json,
  type Realm,
  type Shape,
  canonicalText,
  readCanonical,
  readShape,
  shapes,
  signDocument,
  signingBytes,
} from '@entente/canonical'
import * as v from 'valibot'
import type { VerifiedEnvelope } from './envelope.ts'
import { ExchangeError, reading } from './errors.ts'
import { type Correspondent, signedOnceShape, verifyByOneOf, wire } from './wire.ts'

/** Where the receiver entered the message in its own log. */
export interface ReceiptEvidence {
  readonly origin: string
  readonly index: number
  /** SHA-256 of the leaf. */
  readonly leaf: string
}

/** The receiver's signed word that an envelope is durable at its side, and what became of it. */
export interface Receipt {
  readonly realm: Realm
  readonly envelope: string
  readonly nation: string
  readonly link: string
  readonly seq: number
  readonly at: number
  readonly outcome: 'accepted' | 'refused'
  /** Why it was refused; says nothing about anything else that the receiver holds. */
  readonly code?: RefusalCode
  readonly evidence?: ReceiptEvidence
}

/** Reasons that a partner may learn: about the message itself, never about holdings or policy. */
export const REFUSAL_CODES = ['expired', 'unreadable', 'not-understood', 'not-in-force', 'not-permitted', 'quarantined'] as const
export type RefusalCode = (typeof REFUSAL_CODES)[number]

/** The largest receipt: 64 KiB. */
export const MAX_RECEIPT_BYTES = 65_536

const receiptShape: Shape<Receipt> = v.pipe(
  v.strictObject({
    realm: shapes.realm,
    envelope: shapes.sha256,
    nation: shapes.nation,
    link: wire.link,
    seq: wire.positive,
    at: shapes.instant,
    outcome: v.picklist(['accepted', 'refused']),
    code: v.exactOptional(v.picklist(REFUSAL_CODES)),
    evidence: v.exactOptional(v.strictObject({ origin: shapes.shortText, index: shapes.natural, leaf: shapes.sha256 })),
  }),
  v.check((receipt) => (receipt.outcome === 'refused') === (receipt.code !== undefined), 'a code exactly with a refusal'),
)
const signedReceiptShape = signedOnceShape(receiptShape)

/** The domain tag of a receipt. */
export function receiptDomain(realm: Realm): Domain {
  return { realm, type: 'receipt', version: 1 }
}

/** What became of an envelope at its receiver. */
export type ReceiptOutcome = { readonly outcome: 'accepted' } | { readonly outcome: 'refused'; readonly code: RefusalCode }

/**
 * Signs the receipt of an envelope. Called once for each envelope: the text is journalled, and a duplicate gets exactly
 * it again. `at` in seconds.
 */
export async function signReceipt(
  crypto: Crypto,
  envelope: VerifiedEnvelope,
  result: ReceiptOutcome & { readonly at: number; readonly evidence?: ReceiptEvidence },
  signer: HybridSigner,
): Promise<string> {
  const { realm, to, link, seq } = envelope.body
  const body = reading('receipt', () =>
    readShape(receiptShape, { realm, envelope: envelope.id, nation: to, link, seq, ...result }, 'receipt'),
  )
  return canonicalText((await signDocument(crypto, receiptDomain(realm), body, signer)) as unknown as Json)
}

/**
 * Reads and checks a receipt that answers `sent`, an own envelope: the signature first, then that it is about this one.
 * Throws `exchange/malformed`, `exchange/too-large`, `exchange/wrong-realm`, `exchange/stranger-key`,
 * `exchange/signature-invalid`, `exchange/receipt-mismatch`.
 */
export async function verifyReceipt(
  crypto: Crypto,
  bytes: Uint8Array,
  here: Correspondent,
  sent: { readonly id: string; readonly seq: number },
): Promise<Receipt> {
  const { body, signatures } = reading('receipt', () => readShape(signedReceiptShape, readCanonical(bytes, MAX_RECEIPT_BYTES), 'receipt'))
  const [signature] = signatures
  if (body.realm !== here.realm)
    throw new ExchangeError('exchange/wrong-realm', 'a receipt of another realm', { values: { realm: body.realm } })
  await verifyByOneOf(crypto, here.peerKeys, signingBytes(receiptDomain(here.realm), body as unknown as Json), signature, 'receipt')
  if (body.envelope !== sent.id || body.seq !== sent.seq || body.nation !== here.peer || body.link !== here.link) {
    throw new ExchangeError('exchange/receipt-mismatch', 'a receipt of another envelope', { values: { seq: sent.seq } })
  }
  return body
}
