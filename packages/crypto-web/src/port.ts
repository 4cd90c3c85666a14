import {
  type Crypto,
  type Hasher,
  type KemKey,
  type SignatureAlgorithm,
  CanonicalError,
  KEM_CIPHERTEXT_BYTES,
  KEM_PUBLIC_KEY_BYTES,
} from '@entente/canonical'
import { hkdf } from '@noble/hashes/hkdf.js'
import { hmac } from '@noble/hashes/hmac.js'
import { sha256, sha384 } from '@noble/hashes/sha2.js'
import { sha3_256, shake256 } from '@noble/hashes/sha3.js'
import { keepSigner, keptSigner } from './kept.ts'
import { webSegments } from './segments.ts'
import { PUBLIC_KEY_BYTES, SIGNATURE_BYTES, importCurveKey, publicBytes, subtle } from './subtle.ts'

/** Six bytes that X-Wing's combiner ends with: `\.//^\`. */
const XWING_LABEL = new Uint8Array([0x5c, 0x2e, 0x2f, 0x2f, 0x5e, 0x5c])
const MLKEM_PUBLIC_BYTES = 1_184
const MLKEM_CIPHERTEXT_BYTES = 1_088
const TAG_BYTES = 16

/** Everything that the packages need of a browser, as the port that they take. */
export const webCrypto: Crypto = {
  random: (length) => crypto.getRandomValues(new Uint8Array(length)),
  sha256: (...parts) => digest(sha256.create(), parts),
  sha384: (...parts) => digest(sha384.create(), parts),
  hashSha256: () => hasher(sha256.create()),
  hashSha384: () => hasher(sha384.create()),
  hmacSha256(key, ...parts) {
    const mac = hmac.create(sha256, key)
    for (const part of parts) mac.update(part)
    return mac.digest()
  },
  hkdfSha256: (secret, salt, info, length) => hkdf(sha256, secret, salt, info, length),
  equal(a, b) {
    if (a.length !== b.length) return false
    let differs = 0
    for (const [index, byte] of a.entries()) differs |= byte ^ (b[index] ?? 0)
    return differs === 0
  },
  async sealAesGcm(key, iv, plaintext, aad) {
    return new Uint8Array(await crypto.subtle.encrypt(gcm(iv, aad), await aesKey(key, 'encrypt'), own(plaintext)))
  },
  async openAesGcm(key, iv, sealed, aad) {
    if (sealed.length < TAG_BYTES) throw new CanonicalError('canonical/aead', 'sealed bytes are shorter than a tag')
    const imported = await aesKey(key, 'decrypt')
    try {
      return new Uint8Array(await crypto.subtle.decrypt(gcm(iv, aad), imported, own(sealed)))
    } catch (cause) {
      throw new CanonicalError('canonical/aead', 'sealed bytes do not open', { cause })
    }
  },
  segments: webSegments,
  async verify(algorithm, publicKey, message, signature) {
    if (publicKey.length !== PUBLIC_KEY_BYTES[algorithm] || signature.length !== SIGNATURE_BYTES[algorithm]) return false
    try {
      return await crypto.subtle.verify(algorithm, await importedPublicKey(algorithm, publicKey), own(signature), own(message))
    } catch {
      return false
    }
  },
  signer: async (algorithm, seed) => keptSigner(await keepSigner(algorithm, seed ?? crypto.getRandomValues(new Uint8Array(32)))),
  kemKey: async (seed) => xwingKey(seed ?? crypto.getRandomValues(new Uint8Array(32))),
  async encapsulate(publicKey) {
    if (publicKey.length !== KEM_PUBLIC_KEY_BYTES) throw new CanonicalError('canonical/key', 'not an X-Wing public key')
    let inner: Awaited<ReturnType<typeof subtle.encapsulateBits>>
    try {
      const key = await subtle.importKey('raw-public', own(publicKey.subarray(0, MLKEM_PUBLIC_BYTES)), 'ML-KEM-768', true, [
        'encapsulateBits',
      ])
      inner = await subtle.encapsulateBits('ML-KEM-768', key)
    } catch (cause) {
      throw new CanonicalError('canonical/key', 'not an X-Wing public key', { cause })
    }
    const x25519Public = publicKey.subarray(MLKEM_PUBLIC_BYTES)
    const ephemeral = (await crypto.subtle.generateKey('X25519', false, ['deriveBits'])) as CryptoKeyPair
    const ephemeralPublic = new Uint8Array(await subtle.exportKey('raw-public', ephemeral.publicKey))
    const agreed = await agree(ephemeral.privateKey, x25519Public)
    const ciphertext = new Uint8Array(KEM_CIPHERTEXT_BYTES)
    ciphertext.set(new Uint8Array(inner.ciphertext))
    ciphertext.set(ephemeralPublic, MLKEM_CIPHERTEXT_BYTES)
    return { ciphertext, secret: combine(new Uint8Array(inner.sharedKey), agreed, ephemeralPublic, x25519Public) }
  },
}

/** WebCrypto takes no view of memory that is shared between threads; ours never is. */
function own(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  return bytes as Uint8Array<ArrayBuffer>
}

interface Hash {
  update(bytes: Uint8Array): unknown
  digest(): Uint8Array
}

function digest(hash: Hash, parts: readonly Uint8Array[]): Uint8Array {
  for (const part of parts) hash.update(part)
  return hash.digest()
}

function hasher(hash: Hash): Hasher {
  return {
    update(bytes) {
      hash.update(bytes)
    },
    digest: () => hash.digest(),
  }
}

function gcm(iv: Uint8Array, aad: Uint8Array | undefined): AesGcmParams {
  return { name: 'AES-GCM', iv: own(iv), tagLength: TAG_BYTES * 8, ...(aad === undefined ? {} : { additionalData: own(aad) }) }
}

async function aesKey(key: Uint8Array, usage: 'encrypt' | 'decrypt'): Promise<CryptoKey> {
  return crypto.subtle.importKey('raw', own(key), 'AES-GCM', false, [usage])
}

/** The same few keys come again and again. */
const importedKeys = new Map<string, Promise<CryptoKey>>()
const IMPORTED_KEYS_KEPT = 512

async function importedPublicKey(algorithm: SignatureAlgorithm, publicKey: Uint8Array): Promise<CryptoKey> {
  const name = `${algorithm}:${publicKey.toBase64()}`
  const known = importedKeys.get(name)
  if (known !== undefined) return known
  const importing = subtle.importKey('raw-public', own(publicKey), algorithm, true, ['verify'])
  if (importedKeys.size >= IMPORTED_KEYS_KEPT) importedKeys.clear()
  importedKeys.set(name, importing)
  return importing
}

async function xwingKey(seed: Uint8Array): Promise<KemKey> {
  if (seed.length !== 32) throw new CanonicalError('canonical/key', 'an X-Wing seed has 32 bytes')
  const expanded = shake256(seed, { dkLen: 96 })
  const mlkem = await subtle.importKey('raw-seed', expanded.slice(0, 64), 'ML-KEM-768', false, ['decapsulateBits'])
  const x25519 = await importCurveKey('X25519', expanded.slice(64), { extractable: false, usages: ['deriveBits'] })
  const x25519Public = await publicBytes(x25519, [])
  const publicKey = new Uint8Array(KEM_PUBLIC_KEY_BYTES)
  publicKey.set(await publicBytes(mlkem, ['encapsulateBits']))
  publicKey.set(x25519Public, MLKEM_PUBLIC_BYTES)
  return {
    publicKey,
    async decapsulate(ciphertext) {
      if (ciphertext.length !== KEM_CIPHERTEXT_BYTES) throw new CanonicalError('canonical/key', 'not an X-Wing ciphertext')
      const inner = new Uint8Array(await subtle.decapsulateBits('ML-KEM-768', mlkem, own(ciphertext.slice(0, MLKEM_CIPHERTEXT_BYTES))))
      const ephemeralPublic = ciphertext.subarray(MLKEM_CIPHERTEXT_BYTES)
      return combine(inner, await agree(x25519, ephemeralPublic), ephemeralPublic, x25519Public)
    },
  }
}

async function agree(privateKey: CryptoKey, publicKey: Uint8Array): Promise<Uint8Array> {
  try {
    const key = await subtle.importKey('raw-public', own(publicKey), 'X25519', true, [])
    return new Uint8Array(await crypto.subtle.deriveBits({ name: 'X25519', public: key }, privateKey, 256))
  } catch (cause) {
    // A low-order point: the agreed secret would be known to everybody.
    throw new CanonicalError('canonical/key', 'not a usable X25519 public key', { cause })
  }
}

function combine(mlkemSecret: Uint8Array, x25519Secret: Uint8Array, x25519Ciphertext: Uint8Array, x25519Public: Uint8Array): Uint8Array {
  const whole = sha3_256.create()
  for (const part of [mlkemSecret, x25519Secret, x25519Ciphertext, x25519Public, XWING_LABEL]) whole.update(part)
  return whole.digest()
}
