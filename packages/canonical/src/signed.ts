import * as v from 'valibot'
import { concatBytes, fromBase64Url, toBase64Url, toHex, utf8 } from './bytes.ts'
import type { Crypto, Signer } from './crypto.ts'
import { CanonicalError } from './errors.ts'
import { type Json, canonicalBytes } from './json.ts'
import { Recent } from './recent.ts'
import { type Shape, shapes } from './shape.ts'

/** Exercise and operational data never mix: the realm stands in every signature context, key derivation and log origin. */
export type Realm = 'exercise' | 'operational'

/** What is signed, in which realm: the domain tag that keeps a signature over one type from standing for another. */
export interface Domain {
  readonly realm: Realm
  /** For instance `agreement`, `key-statement`, `release-statement`, `envelope`. */
  readonly type: string
  readonly version: number
}

/** Both halves of a hybrid public key, URL-safe base64 of the raw keys. */
export interface HybridPublicKey {
  readonly ed25519: string
  readonly mldsa65: string
}

/** Both signatures; both must hold. */
export interface HybridSignature {
  /** `keyIdOf` the public key. */
  readonly keyId: string
  readonly ed25519: string
  readonly mldsa65: string
}

/** A hybrid private key in its owner's hands. */
export interface HybridSigner {
  readonly publicKey: HybridPublicKey
  readonly ed25519: Signer
  readonly mldsa65: Signer
}

/** A body and the signatures over it. */
export interface Signed<T> {
  readonly body: T
  readonly signatures: readonly HybridSignature[]
}

// The length stands apart: counting thousands of characters takes a regular expression several times as long as passing over them.
export const hybridPublicKeyShape: Shape<HybridPublicKey> = v.strictObject({
  ed25519: v.pipe(v.string(), v.regex(/^[A-Za-z0-9_-]{43}$/u)),
  mldsa65: v.pipe(v.string(), v.length(2_603), v.regex(/^[A-Za-z0-9_-]*$/u)),
})

export const hybridSignatureShape: Shape<HybridSignature> = v.strictObject({
  keyId: shapes.sha256,
  ed25519: v.pipe(v.string(), v.regex(/^[A-Za-z0-9_-]{86}$/u)),
  mldsa65: v.pipe(v.string(), v.length(4_412), v.regex(/^[A-Za-z0-9_-]*$/u)),
})

/** The shape of `Signed<T>` for the shape of its body; one signature to `most`. */
export function signedShape<T>(body: Shape<T>, most: number = 4): Shape<Signed<T>> {
  return v.strictObject({ body, signatures: v.pipe(v.array(hybridSignatureShape), v.minLength(1), v.maxLength(most)) }) as Shape<Signed<T>>
}

/** Exactly the bytes that are signed: the domain tag, a line each, then the canonical body (spec/canonical.md 4). */
export function signingBytes(domain: Domain, body: Json): Uint8Array<ArrayBuffer> {
  return concatBytes(utf8(`entente\n${domain.realm}\n${domain.type}\n${domain.version}\n`), canonicalBytes(body))
}

/** The id of a signed thing: SHA-256 of its signing bytes, lower-case hexadecimal. Signatures are not part of it. */
export function idOf(crypto: Crypto, domain: Domain, body: Json): string {
  return toHex(crypto.sha256(signingBytes(domain, body)))
}

/** Ids of hybrid keys by their ML-DSA-65 half: the same few keys sign everything. */
const knownIds = new Recent<{ readonly ed25519: string; readonly id: string }>(256)

/** The id of a hybrid key: SHA-256 of its canonical bytes, lower-case hexadecimal. */
export function keyIdOf(crypto: Crypto, { ed25519, mldsa65 }: HybridPublicKey): string {
  const known = knownIds.get(mldsa65)
  if (known?.ed25519 === ed25519) return known.id
  const id = toHex(crypto.sha256(canonicalBytes({ ed25519, mldsa65 })))
  knownIds.set(mldsa65, { ed25519, id })
  return id
}

/** A hybrid signer made of its two halves. */
export function hybridSigner(ed25519: Signer, mldsa65: Signer): HybridSigner {
  return {
    publicKey: { ed25519: toBase64Url(ed25519.publicKey), mldsa65: toBase64Url(mldsa65.publicKey) },
    ed25519,
    mldsa65,
  }
}

/** Signs bytes with both halves. */
export async function signHybrid(crypto: Crypto, signer: HybridSigner, message: Uint8Array): Promise<HybridSignature> {
  return {
    keyId: keyIdOf(crypto, signer.publicKey),
    ed25519: toBase64Url(await signer.ed25519.sign(message)),
    mldsa65: toBase64Url(await signer.mldsa65.sign(message)),
  }
}

/** True only if the key id is this key's and both signatures hold. */
export async function verifyHybrid(
  crypto: Crypto,
  key: HybridPublicKey,
  message: Uint8Array,
  signature: HybridSignature,
): Promise<boolean> {
  if (signature.keyId !== keyIdOf(crypto, key)) return false
  const classic = await crypto.verify('Ed25519', fromBase64Url(key.ed25519), message, fromBase64Url(signature.ed25519))
  const quantum = await crypto.verify('ML-DSA-65', fromBase64Url(key.mldsa65), message, fromBase64Url(signature.mldsa65))
  return classic && quantum
}

/** Signs a body under its domain; several signers give several signatures, in order. */
export async function signDocument<T>(crypto: Crypto, domain: Domain, body: T, ...signers: readonly HybridSigner[]): Promise<Signed<T>> {
  const message = signingBytes(domain, body as Json)
  const signatures: HybridSignature[] = []
  for (const signer of signers) signatures.push(await signHybrid(crypto, signer, message))
  return { body, signatures }
}

/**
 * Checks that **every** one of `keys` signed the body under this domain, both halves each.
 * Throws `canonical/signature-missing` (a key has no signature) or `canonical/signature-invalid`. Further signatures are ignored.
 */
export async function verifyDocument<T>(
  crypto: Crypto,
  domain: Domain,
  signed: Signed<T>,
  ...keys: readonly HybridPublicKey[]
): Promise<T> {
  if (keys.length === 0) throw new CanonicalError('canonical/signature-missing', `no key given for a ${domain.type}`)
  const message = signingBytes(domain, signed.body as Json)
  for (const key of keys) {
    const id = keyIdOf(crypto, key)
    const signature = signed.signatures.find((candidate) => candidate.keyId === id)
    if (signature === undefined) {
      throw new CanonicalError('canonical/signature-missing', `the ${domain.type} has no signature of key ${id.slice(0, 12)}`, {
        values: { type: domain.type, key: id },
      })
    }
    if (!(await verifyHybrid(crypto, key, message, signature))) {
      throw new CanonicalError('canonical/signature-invalid', `a signature of the ${domain.type} does not hold`, {
        values: { type: domain.type, key: id },
      })
    }
  }
  return signed.body
}
