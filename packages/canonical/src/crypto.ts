/** Some hosts answer at once (`node:crypto`), some later (WebCrypto): callers `await`. */
export type MaybePromise<T> = T | Promise<T>

/** Signature algorithms by the name that keys and notes carry. */
export type SignatureAlgorithm = 'Ed25519' | 'ML-DSA-44' | 'ML-DSA-65'

/** A private signing key in the hands of its owner; the key itself may never leave it (non-extractable, or a device). */
export interface Signer {
  readonly algorithm: SignatureAlgorithm
  /** Raw public key: 32 bytes (Ed25519), 1,312 (ML-DSA-44), 1,952 (ML-DSA-65). */
  readonly publicKey: Uint8Array
  sign(message: Uint8Array): MaybePromise<Uint8Array>
}

/** A private key of the hybrid KEM X-Wing (X25519 + ML-KEM-768, draft-connolly-cfrg-xwing-kem, as OpenTDF's `hpqt:xwing`). */
export interface KemKey {
  /** Raw public key, 1,216 bytes: ML-KEM-768 (1,184), then X25519 (32). */
  readonly publicKey: Uint8Array
  /** The 32-byte shared secret of a 1,120-byte ciphertext. Never fails for a ciphertext of the right length. */
  decapsulate(ciphertext: Uint8Array): MaybePromise<Uint8Array>
}

/** A hash over data that comes in pieces. */
export interface Hasher {
  update(bytes: Uint8Array): void
  digest(): Uint8Array
}

/** A segment that was sealed, with what is said of it elsewhere. */
export interface SealedSegment {
  /** Initialisation vector, ciphertext, tag. */
  readonly segment: Uint8Array<ArrayBuffer>
  /** HMAC-SHA-256 under the key of the encryption, over all of `segment`. */
  readonly mac: Uint8Array
  /** SHA-384 of all of `segment`. */
  readonly sha384: Uint8Array
}

/** Bytes that were hashed. */
export interface Digested {
  readonly bytes: Uint8Array<ArrayBuffer>
  readonly digest: Uint8Array
}

/** A segment that was opened, or what does not hold of it. */
export type OpenedSegment =
  | { readonly ok: true; readonly plaintext: Uint8Array<ArrayBuffer> }
  | { readonly ok: false; readonly wrong: 'mac' | 'tag' }

/**
 * Work on bytes by the megabyte, beside the caller: on other cores, where the host has them. A segment is 12 bytes of
 * initialisation vector, text, 16 bytes of tag, from the start of a buffer of its own. The whole buffer is handed over: whoever
 * called touches it no more, and has its memory back with the answer.
 */
export interface SegmentCrypto {
  /** Encrypts the text in its place by AES-256-GCM and puts the tag behind it. */
  seal(key: Uint8Array, segment: Uint8Array<ArrayBuffer>): Promise<SealedSegment>
  /** Decrypts in its place, after comparing the MAC where one is given; the plaintext is a part of the segment's memory. */
  open(key: Uint8Array, segment: Uint8Array<ArrayBuffer>, mac?: Uint8Array): Promise<OpenedSegment>
  digest(algorithm: 'SHA-256' | 'SHA-384', bytes: Uint8Array<ArrayBuffer>): Promise<Digested>
}

/** Everything cryptographic that the packages need of their host. Hashes answer at once, the rest may answer later. */
export interface Crypto {
  /** `length` bytes of cryptographic chance. */
  random(length: number): Uint8Array
  sha256(...parts: readonly Uint8Array[]): Uint8Array
  sha384(...parts: readonly Uint8Array[]): Uint8Array
  hashSha256(): Hasher
  hashSha384(): Hasher
  hmacSha256(key: Uint8Array, ...parts: readonly Uint8Array[]): Uint8Array
  /** HKDF (RFC 5869) with SHA-256. */
  hkdfSha256(secret: Uint8Array, salt: Uint8Array, info: Uint8Array, length: number): Uint8Array
  /** Constant in time for arrays of equal length. */
  equal(a: Uint8Array, b: Uint8Array): boolean
  /** AES-256-GCM: ciphertext followed by the 16-byte tag. `key` 32 bytes, `iv` 12 bytes. */
  sealAesGcm(key: Uint8Array, iv: Uint8Array, plaintext: Uint8Array, aad?: Uint8Array): MaybePromise<Uint8Array>
  /** Throws `canonical/aead` when the tag does not hold. */
  openAesGcm(key: Uint8Array, iv: Uint8Array, sealed: Uint8Array, aad?: Uint8Array): MaybePromise<Uint8Array>
  readonly segments: SegmentCrypto
  /** False for a wrong signature and for a key or signature of the wrong length; never throws. */
  verify(algorithm: SignatureAlgorithm, publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array): MaybePromise<boolean>
  /** A signer from its seed (32 bytes for every algorithm here), or a new one. */
  signer(algorithm: SignatureAlgorithm, seed?: Uint8Array): MaybePromise<Signer>
  /** A KEM key from its 32-byte seed, or a new one. */
  kemKey(seed?: Uint8Array): MaybePromise<KemKey>
  /** A fresh shared secret (32 bytes) and its ciphertext (1,120 bytes); throws `canonical/key` for a malformed public key. */
  encapsulate(publicKey: Uint8Array): MaybePromise<{ readonly ciphertext: Uint8Array; readonly secret: Uint8Array }>
}
