import { type Crypto, type Realm, type Shape, canonicalText, fromBase64Url, shapes, toBase64Url } from '@entente/canonical'
import * as v from 'valibot'
import { refusal } from './errors.ts'
import { textDigest } from './jws.ts'

/** The longest life of a credential: 8 hours, in seconds. */
export const MAX_CREDENTIAL_SECONDS = 28_800
/** The longest compact credential or presentation that is read, in characters. */
export const MAX_PRESENTATION_CHARACTERS = 32_768
/** The most disclosures that one credential may carry. */
export const MAX_DISCLOSURES = 128

/** An Ed25519 public key as a JSON Web Key (RFC 8037), and nothing else in it. */
export type HolderJwk = {
  readonly kty: 'OKP'
  readonly crv: 'Ed25519'
  /** Base64url of 32 bytes. */
  readonly x: string
}

/** The claims that the issuer signs. What is optional here is required by the verifier, with a code of its own. */
export interface CredentialPayload {
  /** Digest of the clearance level's disclosure. */
  readonly _sd: readonly string[]
  readonly _sd_alg: 'sha-256'
  readonly iss: string
  readonly vct: string
  readonly realm: Realm
  /** The one originator towards which this credential may be used. */
  readonly aud_originator: string
  /** Pairwise pseudonym. */
  readonly sub: string
  readonly cnf: { readonly jwk: HolderJwk }
  readonly nbf: number
  readonly exp: number
  readonly status: { readonly credential: string }
  readonly citizenships?: readonly string[]
  readonly suspended?: boolean
  readonly areas: readonly { readonly '...': string }[]
  readonly briefings: readonly { readonly '...': string }[]
}

/** The claims of the key binding. */
export interface KeyBindingPayload {
  readonly iat: number
  readonly aud?: string
  readonly nonce?: string
  readonly sd_hash: string
  readonly requestBody?: string
}

const digest = v.pipe(v.string(), v.regex(/^[A-Za-z0-9_-]{43}$/u))
const elements = v.pipe(v.array(v.strictObject({ '...': digest })), v.maxLength(MAX_DISCLOSURES))
export const credentialIdShape: Shape<string> = v.pipe(v.string(), v.regex(/^[A-Za-z0-9_-]{22,64}$/u))
export const pseudonymShape: Shape<string> = v.pipe(v.string(), v.regex(/^[a-z2-7]{32}$/u))

export const credentialPayloadShape: Shape<CredentialPayload> = v.strictObject({
  _sd: v.pipe(v.array(digest), v.maxLength(8)),
  _sd_alg: v.literal('sha-256'),
  iss: shapes.shortText,
  vct: shapes.shortText,
  realm: shapes.realm,
  aud_originator: shapes.nation,
  sub: pseudonymShape,
  cnf: v.strictObject({ jwk: v.strictObject({ kty: v.literal('OKP'), crv: v.literal('Ed25519'), x: digest }) }),
  nbf: shapes.instant,
  exp: shapes.instant,
  status: v.strictObject({ credential: credentialIdShape }),
  citizenships: v.exactOptional(v.pipe(v.array(shapes.nation), v.minLength(1), v.maxLength(16))),
  suspended: v.exactOptional(v.boolean()),
  areas: elements,
  briefings: elements,
})

export const keyBindingPayloadShape: Shape<KeyBindingPayload> = v.strictObject({
  iat: shapes.instant,
  aud: v.exactOptional(shapes.shortText),
  nonce: v.exactOptional(shapes.shortText),
  sd_hash: digest,
  requestBody: v.exactOptional(v.pipe(v.string(), v.maxLength(MAX_PRESENTATION_CHARACTERS))),
})

/** `vct` of a clearance credential under an agreement: realm and agreement are part of the type (6-key-release, realm). */
export function credentialType(realm: Realm, agreement: string): string {
  return `urn:entente:${realm}:${agreement}:clearance:1`
}

/** The JWK of a raw Ed25519 public key; throws `clearance/input` unless it has 32 bytes. */
export function holderJwk(publicKey: Uint8Array): HolderJwk {
  if (publicKey.length !== 32) throw refusal('clearance/input', 'a device key has 32 bytes', { what: 'holderKey' })
  return { kty: 'OKP', crv: 'Ed25519', x: toBase64Url(publicKey) }
}

/** The raw key of a JWK; `clearance/malformed` for an encoding that is not the strict one. */
export function rawHolderKey(jwk: HolderJwk): Uint8Array<ArrayBuffer> {
  try {
    return fromBase64Url(jwk.x)
  } catch {
    // 43 characters of the alphabet whose last one sets bits beyond the 32nd byte: a second spelling of one key.
    throw refusal('clearance/malformed', 'credential: not a strict key', { part: 'credential', where: 'cnf/jwk/x' })
  }
}

/** RFC 7638 thumbprint of a raw Ed25519 key, base64url of SHA-256: what the originator's nonce and limits name it by. */
export function holderThumbprint(crypto: Crypto, publicKey: Uint8Array): string {
  const { crv, kty, x } = holderJwk(publicKey)
  return textDigest(crypto, canonicalText({ crv, kty, x }))
}
