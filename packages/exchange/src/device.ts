import {
  type Crypto,
  type Domain,
  type HybridPublicKey,
  type HybridSigner,
  type Json,
  type Realm,
  type Shape,
  type Signed,
  type Signer,
  fromBase64Url,
  readShape,
  shapes,
  signDocument,
  signedShape,
  signingBytes,
  toBase64Url,
  utf8,
  verifyDocument,
} from '@entente/canonical'
import { type ClearanceAct, clearanceActShape } from '@entente/clearance'
import * as v from 'valibot'
import { ExchangeError, reading } from './errors.ts'
import { wire } from './wire.ts'

/** What a person's device says to its own clearance office, signed by the key that it speaks about (spec/clearance.md, devices). */
export interface DeviceSigned<T> {
  readonly body: T
  /** Raw Ed25519 public key of the device, base64url. */
  readonly key: string
  readonly signature: string
}

/** A device key asks to be enrolled: the code was handed to the person by the office itself, and works once. */
export interface Enrolment {
  readonly realm: Realm
  readonly person: string
  readonly code: string
  /** Nation of the one originator towards which the key will be used. */
  readonly originator: string
  readonly at: number
}

/** An enrolled device asks for a credential for one item. The node that relays it can change nothing in it. */
export interface CredentialRequest {
  readonly realm: Realm
  readonly agreement: string
  readonly originator: string
  /** The item's uuid: the life of the pseudonym may be that of the item. */
  readonly item: string
  readonly at: number
}

const deviceSigned = <T>(body: Shape<T>): Shape<DeviceSigned<T>> =>
  v.strictObject({ body, key: wire.thirtyTwoBytes, signature: v.pipe(v.string(), v.regex(/^[A-Za-z0-9_-]{86}$/u)) }) as Shape<
    DeviceSigned<T>
  >

export const enrolmentShape: Shape<DeviceSigned<Enrolment>> = deviceSigned(
  v.strictObject({ realm: shapes.realm, person: shapes.shortText, code: shapes.shortText, originator: shapes.nation, at: shapes.instant }),
)

export const credentialRequestShape: Shape<DeviceSigned<CredentialRequest>> = deviceSigned(
  v.strictObject({ realm: shapes.realm, agreement: wire.code, originator: shapes.nation, item: shapes.uuid, at: shapes.instant }),
)

/** The two things that a device signs for its office. */
export type DeviceDocument = 'enrolment' | 'credential-request'

function deviceDomain(realm: Realm, type: DeviceDocument): Domain {
  return { realm, type, version: 1 }
}

/** Signs as a device. */
export async function signAsDevice<T extends { readonly realm: Realm }>(
  signer: Signer,
  type: DeviceDocument,
  body: T,
): Promise<DeviceSigned<T>> {
  const signature = await signer.sign(signingBytes(deviceDomain(body.realm, type), body as unknown as Json))
  return { body, key: toBase64Url(signer.publicKey), signature: toBase64Url(signature) }
}

/** Checks shape, realm and that the named key signed; gives the raw key. Throws `exchange/malformed`, `exchange/wrong-realm`, `exchange/signature-invalid`. */
export async function verifyDevice<T extends { readonly realm: Realm }>(
  crypto: Crypto,
  shape: Shape<DeviceSigned<T>>,
  type: DeviceDocument,
  realm: Realm,
  value: unknown,
): Promise<{ readonly body: T; readonly key: Uint8Array }> {
  const { body, key, signature } = reading(type, () => readShape(shape, value, type))
  if (body.realm !== realm) throw new ExchangeError('exchange/wrong-realm', `a ${type} of another realm`, { values: { realm: body.realm } })
  const raw = fromBase64Url(key)
  if (!(await crypto.verify('Ed25519', raw, signingBytes(deviceDomain(realm, type), body as unknown as Json), fromBase64Url(signature)))) {
    throw new ExchangeError('exchange/signature-invalid', `the signature of a ${type} does not hold`, { values: { key } })
  }
  return { body, key: raw }
}

/** An act of a clearance officer as it reaches the office: signed with the officer's own key, numbered, so that none comes twice. */
export const signedActShape: Shape<Signed<{ readonly realm: Realm; readonly act: ClearanceAct }>> = signedShape(
  v.strictObject({ realm: shapes.realm, act: clearanceActShape }) as Shape<{ readonly realm: Realm; readonly act: ClearanceAct }>,
)

/** Signs an act of the clearance office. */
export async function signAct(
  crypto: Crypto,
  realm: Realm,
  act: ClearanceAct,
  officer: HybridSigner,
): Promise<Signed<{ readonly realm: Realm; readonly act: ClearanceAct }>> {
  return signDocument(crypto, { realm, type: 'clearance-act', version: 1 }, { realm, act }, officer)
}

/** The act of a signed one; throws `exchange/malformed`, `exchange/wrong-realm`, and what `verifyDocument` throws for a stranger's signature. */
export async function verifyAct(crypto: Crypto, realm: Realm, value: unknown, officer: HybridPublicKey): Promise<ClearanceAct> {
  const signed = reading('clearance act', () => readShape(signedActShape, value, 'clearance act'))
  if (signed.body.realm !== realm)
    throw new ExchangeError('exchange/wrong-realm', 'a clearance act of another realm', { values: { realm: signed.body.realm } })
  const { act } = await verifyDocument(crypto, { realm, type: 'clearance-act', version: 1 }, signed, officer)
  return act
}

/** An enrolment code, as its officer gives it out: the office learns a digest, the person the code. */
export interface EnrolmentCode {
  readonly realm: Realm
  readonly person: string
  /** `enrolmentCodeDigest`. */
  readonly digest: string
  readonly at: number
}

const signedCodeShape: Shape<Signed<EnrolmentCode>> = signedShape(
  v.strictObject({
    realm: shapes.realm,
    person: shapes.shortText,
    digest: wire.thirtyTwoBytes,
    at: shapes.instant,
  }) as Shape<EnrolmentCode>,
)

/** What the office keeps of a code. */
export function enrolmentCodeDigest(crypto: Crypto, code: string): string {
  return toBase64Url(crypto.sha256(utf8(`enrolment-code\n${code}`)))
}

/** Signs that the person may enrol devices with the code of this digest. */
export async function signEnrolmentCode(crypto: Crypto, body: EnrolmentCode, officer: HybridSigner): Promise<Signed<EnrolmentCode>> {
  return signDocument(crypto, { realm: body.realm, type: 'enrolment-code', version: 1 }, body, officer)
}

/** Checks an enrolment code's signature; throws as `verifyAct`. */
export async function verifyEnrolmentCode(crypto: Crypto, realm: Realm, value: unknown, officer: HybridPublicKey): Promise<EnrolmentCode> {
  const signed = reading('enrolment code', () => readShape(signedCodeShape, value, 'enrolment code'))
  if (signed.body.realm !== realm)
    throw new ExchangeError('exchange/wrong-realm', 'an enrolment code of another realm', { values: { realm: signed.body.realm } })
  return verifyDocument(crypto, { realm, type: 'enrolment-code', version: 1 }, signed, officer)
}
