import {
  type Crypto,
  type Json,
  type Shape,
  type Signer,
  canonicalBytes,
  fromBase64Url,
  readJson,
  readShape,
  toBase64Url,
  utf8,
} from '@entente/canonical'
import { type ClearanceCode, reading, refusal } from './errors.ts'

/** The only signature algorithm of credentials and key bindings (RFC 9864); there is no negotiation. */
export const JWS_ALGORITHM = 'Ed25519'
/** `typ` of the issuer-signed part (SD-JWT VC). */
export const CREDENTIAL_TYPE = 'dc+sd-jwt'
/** `typ` of the key binding (RFC 9901 section 4.3). */
export const KEY_BINDING_TYPE = 'kb+jwt'

/** Which of the two signed parts is meant. */
export type JwsPart = 'credential' | 'key-binding'

/** A compact JWS (RFC 7515 section 7.1) taken apart; nothing of it is verified yet. */
export interface Jws<T> {
  readonly header: Readonly<Record<string, Json | undefined>>
  readonly payload: T
  /** ASCII bytes of `header.payload`, exactly as received. */
  readonly signed: Uint8Array
  readonly signature: Uint8Array
}

/** Header members that would bring a key along; the only keys are pinned (issuer) or confirmed by the issuer (holder). */
const KEY_MEMBERS = ['jwk', 'jku', 'x5c', 'x5u', 'x5t', 'x5t#S256'] as const
const ED25519_SIGNATURE_BYTES = 64

/** Compact JWS of a payload, in canonical JSON, signed with Ed25519. */
export async function signJws(header: { readonly typ: string; readonly kid?: string }, payload: Json, signer: Signer): Promise<string> {
  if (signer.algorithm !== 'Ed25519')
    throw refusal('clearance/input', 'credentials and key bindings are signed with Ed25519', { what: 'signer' })
  const head = toBase64Url(canonicalBytes({ alg: JWS_ALGORITHM, ...header }))
  const text = `${head}.${toBase64Url(canonicalBytes(payload))}`
  return `${text}.${toBase64Url(await signer.sign(utf8(text)))}`
}

/**
 * Takes a compact JWS apart and checks its header: our algorithm, the part's type, no key brought along, and no member
 * beyond `alg`, `typ` and (credential only) `kid`. Throws `clearance/malformed`, `/algorithm`, `/type`, `/header-key`, `/header`.
 */
export function parseJws<T>(compact: string, part: JwsPart, shape: Shape<T>): Jws<T> {
  const pieces = compact.split('.')
  const [head, body, seal] = pieces
  if (pieces.length !== 3 || head === undefined || body === undefined || seal === undefined) {
    throw refusal('clearance/malformed', `${part}: not a compact signature of three parts`, { part })
  }
  const header = readObject(head, part)
  checkHeader(header, part)
  const payload = reading('clearance/malformed', part, () => readShape(shape, readObject(body, part), part))
  const signature = reading('clearance/malformed', part, () => fromBase64Url(seal))
  if (signature.length !== ED25519_SIGNATURE_BYTES) throw refusal('clearance/malformed', `${part}: a signature has 64 bytes`, { part })
  return { header, payload, signed: utf8(`${head}.${body}`), signature }
}

/** Throws `code` unless the signature holds under this raw Ed25519 key. */
export async function verifyJws(crypto: Crypto, jws: Jws<unknown>, publicKey: Uint8Array, code: ClearanceCode): Promise<void> {
  if (!(await crypto.verify('Ed25519', publicKey, jws.signed, jws.signature))) throw refusal(code, 'signature does not hold')
}

/** Strict JSON (no null, no fraction, no member twice) inside strict base64url. */
export function readEncoded(text: string, part: string): Json {
  return reading('clearance/malformed', part, () => readJson(fromBase64Url(text)))
}

/** Canonical JSON as base64url. */
export function writeEncoded(value: Json): string {
  return toBase64Url(canonicalBytes(value))
}

/** SHA-256 of ASCII text, base64url: the digest of disclosures, `sd_hash` and thumbprints. */
export function textDigest(crypto: Crypto, text: string): string {
  return toBase64Url(crypto.sha256(utf8(text)))
}

function readObject(text: string, part: JwsPart): Readonly<Record<string, Json | undefined>> {
  const value = readEncoded(text, part)
  if (typeof value !== 'object' || isList(value)) throw refusal('clearance/malformed', `${part}: not an object`, { part })
  return value
}

/** Whether a JSON value is an array, for types whose arrays are read-only. */
export function isList(value: Json): value is readonly Json[] {
  return Array.isArray(value)
}

function checkHeader(header: Readonly<Record<string, Json | undefined>>, part: JwsPart): void {
  if (header['alg'] !== JWS_ALGORITHM) throw refusal('clearance/algorithm', `${part}: the only algorithm is ${JWS_ALGORITHM}`, { part })
  if (header['typ'] !== (part === 'credential' ? CREDENTIAL_TYPE : KEY_BINDING_TYPE)) {
    throw refusal('clearance/type', `${part}: another type of token`, { part })
  }
  for (const member of KEY_MEMBERS) {
    if (header[member] !== undefined) throw refusal('clearance/header-key', `${part}: the header brings its own key`, { part, member })
  }
  const allowed = part === 'credential' ? ['alg', 'typ', 'kid'] : ['alg', 'typ']
  if (Object.keys(header).some((member) => !allowed.includes(member))) {
    // `crit` and whatever else would change the meaning of what follows.
    throw refusal('clearance/header', `${part}: unknown header member`, { part })
  }
}
