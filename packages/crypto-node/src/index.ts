/** The crypto port on `node:crypto`: Node 26 has X25519, ML-KEM-768, ML-DSA and SHA-3 natively. */
import {
  type KeyObject,
  createCipheriv,
  createDecipheriv,
  createHash,
  createHmac,
  createPrivateKey,
  createPublicKey,
  decapsulate,
  diffieHellman,
  encapsulate,
  generateKeyPairSync,
  hash,
  hkdfSync,
  randomBytes,
  sign,
  timingSafeEqual,
  verify,
} from 'node:crypto'
import {
  type Crypto,
  type Hasher,
  type KemKey,
  type SignatureAlgorithm,
  type Signer,
  CanonicalError,
  KEM_CIPHERTEXT_BYTES,
  KEM_PUBLIC_KEY_BYTES,
} from '@entente/canonical'
import { threadedSegments } from './segment-threads.ts'

const NODE_NAME = { Ed25519: 'ed25519', 'ML-DSA-44': 'ml-dsa-44', 'ML-DSA-65': 'ml-dsa-65' } as const
const PUBLIC_KEY_BYTES = { Ed25519: 32, 'ML-DSA-44': 1_312, 'ML-DSA-65': 1_952 } as const
const SIGNATURE_BYTES = { Ed25519: 64, 'ML-DSA-44': 2_420, 'ML-DSA-65': 3_309 } as const
/** Six bytes that X-Wing's combiner ends with: `\.//^\`. */
const XWING_LABEL = new Uint8Array([0x5c, 0x2e, 0x2f, 0x2f, 0x5e, 0x5c])
const MLKEM_PUBLIC_BYTES = 1_184
const MLKEM_CIPHERTEXT_BYTES = 1_088
const TAG_BYTES = 16

/** Everything that the packages need of `node:crypto`, as the port that they take. */
export const nodeCrypto: Crypto = {
  random: (length) => own(randomBytes(length)),
  sha256: (...parts) => digest('sha256', parts),
  sha384: (...parts) => digest('sha384', parts),
  hashSha256: () => hasher('sha256'),
  hashSha384: () => hasher('sha384'),
  hmacSha256(key, ...parts) {
    const mac = createHmac('sha256', key)
    for (const part of parts) mac.update(part)
    return own(mac.digest())
  },
  hkdfSha256: (secret, salt, info, length) => new Uint8Array(hkdfSync('sha256', secret, salt, info, length)),
  equal: (a, b) => a.length === b.length && timingSafeEqual(a, b),
  sealAesGcm(key, iv, plaintext, aad) {
    const cipher = createCipheriv('aes-256-gcm', key, iv, { authTagLength: TAG_BYTES })
    if (aad !== undefined) cipher.setAAD(aad)
    // Every byte is written below: zeros first would cost as much as the copy.
    const sealed = new Uint8Array(Buffer.allocUnsafeSlow(plaintext.length + TAG_BYTES).buffer)
    sealed.set(cipher.update(plaintext))
    cipher.final()
    sealed.set(cipher.getAuthTag(), plaintext.length)
    return sealed
  },
  openAesGcm(key, iv, sealed, aad) {
    if (sealed.length < TAG_BYTES) throw new CanonicalError('canonical/aead', 'sealed bytes are shorter than a tag')
    try {
      const decipher = createDecipheriv('aes-256-gcm', key, iv, { authTagLength: TAG_BYTES })
      if (aad !== undefined) decipher.setAAD(aad)
      decipher.setAuthTag(sealed.subarray(sealed.length - TAG_BYTES))
      const plaintext = decipher.update(sealed.subarray(0, sealed.length - TAG_BYTES))
      decipher.final()
      // A cipher's output lies in no pool; where it fills its memory it is nobody else's already.
      return plaintext.length === plaintext.buffer.byteLength ? new Uint8Array(plaintext.buffer as ArrayBuffer) : own(plaintext)
    } catch (cause) {
      throw new CanonicalError('canonical/aead', 'sealed bytes do not open', { cause })
    }
  },
  segments: threadedSegments,
  verify(algorithm, publicKey, message, signature) {
    if (publicKey.length !== PUBLIC_KEY_BYTES[algorithm] || signature.length !== SIGNATURE_BYTES[algorithm]) return false
    try {
      return verify(null, message, importedPublicKey(algorithm, publicKey), signature)
    } catch {
      return false
    }
  },
  signer: (algorithm, seed) => nodeSigner(algorithm, seed ?? own(randomBytes(32))),
  kemKey: (seed) => xwingKey(seed ?? own(randomBytes(32))),
  encapsulate(publicKey) {
    if (publicKey.length !== KEM_PUBLIC_KEY_BYTES) throw new CanonicalError('canonical/key', 'not an X-Wing public key')
    let inner: { ciphertext: Buffer; sharedKey: Buffer }
    try {
      inner = encapsulate(rawPublicKey('ml-kem-768', publicKey.subarray(0, MLKEM_PUBLIC_BYTES)))
    } catch (cause) {
      throw new CanonicalError('canonical/key', 'not an X-Wing public key', { cause })
    }
    const x25519Public = publicKey.subarray(MLKEM_PUBLIC_BYTES)
    const ephemeral = generateKeyPairSync('x25519')
    const ephemeralPublic = own(ephemeral.publicKey.export({ format: 'raw-public' }) as unknown as Buffer)
    const agreed = agree(ephemeral.privateKey, x25519Public)
    const ciphertext = new Uint8Array(KEM_CIPHERTEXT_BYTES)
    ciphertext.set(inner.ciphertext)
    ciphertext.set(ephemeralPublic, MLKEM_CIPHERTEXT_BYTES)
    return { ciphertext, secret: combine(inner.sharedKey, agreed, ephemeralPublic, x25519Public) }
  },
}

function own(buffer: Buffer): Uint8Array<ArrayBuffer> {
  // Small Buffers are windows of a shared pool: a copy keeps a secret out of an array that somebody else may see whole.
  return new Uint8Array(buffer)
}

function digest(algorithm: 'sha256' | 'sha384', parts: readonly Uint8Array[]): Uint8Array {
  const [only] = parts
  if (parts.length === 1 && only !== undefined) {
    // A string of one byte a character comes back in half the time of a Buffer.
    const text = hash(algorithm, only, 'latin1')
    const bytes = new Uint8Array(text.length)
    for (let at = 0; at < text.length; at++) bytes[at] = text.charCodeAt(at)
    return bytes
  }
  const whole = createHash(algorithm)
  for (const part of parts) whole.update(part)
  return own(whole.digest())
}

function hasher(algorithm: 'sha256' | 'sha384'): Hasher {
  const whole = createHash(algorithm)
  return {
    update(bytes) {
      whole.update(bytes)
    },
    digest: () => own(whole.digest()),
  }
}

/** Importing an ML-DSA key costs about as much as verifying with it, and the same few keys come again and again. */
const importedKeys = new Map<string, { readonly bytes: Uint8Array; readonly key: KeyObject }>()
const IMPORTED_KEYS_KEPT = 512

function importedPublicKey(algorithm: SignatureAlgorithm, publicKey: Uint8Array): KeyObject {
  // Found by its first bytes, and taken only if all of it is the same.
  const name = `${algorithm}:${publicKey.subarray(0, 32).toHex()}`
  const known = importedKeys.get(name)
  if (known !== undefined && Buffer.compare(known.bytes, publicKey) === 0) return known.key
  const key = rawPublicKey(NODE_NAME[algorithm], publicKey)
  if (importedKeys.size >= IMPORTED_KEYS_KEPT) importedKeys.clear()
  importedKeys.set(name, { bytes: publicKey.slice(), key })
  return key
}

// The typings of Node do not know the raw formats yet (node:crypto, 26.0: 'raw-public', 'raw-private', 'raw-seed').
function rawPublicKey(asymmetricKeyType: string, key: Uint8Array): KeyObject {
  return createPublicKey({ key: Buffer.from(key), format: 'raw-public', asymmetricKeyType } as unknown as Parameters<
    typeof createPublicKey
  >[0])
}

function rawPrivateKey(asymmetricKeyType: string, key: Uint8Array, format: 'raw-private' | 'raw-seed'): KeyObject {
  return createPrivateKey({ key: Buffer.from(key), format, asymmetricKeyType } as unknown as Parameters<typeof createPrivateKey>[0])
}

function rawPublicOf(key: KeyObject): Uint8Array<ArrayBuffer> {
  return own(
    createPublicKey(key as unknown as Parameters<typeof createPublicKey>[0]).export({ format: 'raw-public' } as never) as unknown as Buffer,
  )
}

function nodeSigner(algorithm: SignatureAlgorithm, seed: Uint8Array): Signer {
  if (seed.length !== 32) throw new CanonicalError('canonical/key', 'a signing seed has 32 bytes')
  const key = rawPrivateKey(NODE_NAME[algorithm], seed, algorithm === 'Ed25519' ? 'raw-private' : 'raw-seed')
  return { algorithm, publicKey: rawPublicOf(key), sign: (message) => own(sign(null, message, key)) }
}

function xwingKey(seed: Uint8Array): KemKey {
  if (seed.length !== 32) throw new CanonicalError('canonical/key', 'an X-Wing seed has 32 bytes')
  const expanded = createHash('shake256', { outputLength: 96 }).update(seed).digest()
  const mlkem = rawPrivateKey('ml-kem-768', expanded.subarray(0, 64), 'raw-seed')
  const x25519 = rawPrivateKey('x25519', expanded.subarray(64), 'raw-private')
  const x25519Public = rawPublicOf(x25519)
  let made: Uint8Array | undefined
  return {
    // Whoever only opens never asks for it.
    get publicKey() {
      if (made === undefined) {
        made = new Uint8Array(KEM_PUBLIC_KEY_BYTES)
        made.set(rawPublicOf(mlkem))
        made.set(x25519Public, MLKEM_PUBLIC_BYTES)
      }
      return made
    },
    decapsulate(ciphertext) {
      if (ciphertext.length !== KEM_CIPHERTEXT_BYTES) throw new CanonicalError('canonical/key', 'not an X-Wing ciphertext')
      const inner = decapsulate(mlkem, ciphertext.subarray(0, MLKEM_CIPHERTEXT_BYTES))
      const ephemeralPublic = ciphertext.subarray(MLKEM_CIPHERTEXT_BYTES)
      return combine(inner, agree(x25519, ephemeralPublic), ephemeralPublic, x25519Public)
    },
  }
}

function agree(privateKey: KeyObject, publicKey: Uint8Array): Uint8Array {
  try {
    return diffieHellman({ privateKey, publicKey: rawPublicKey('x25519', publicKey) })
  } catch (cause) {
    // A low-order point: the agreed secret would be known to everybody.
    throw new CanonicalError('canonical/key', 'not a usable X25519 public key', { cause })
  }
}

function combine(mlkemSecret: Uint8Array, x25519Secret: Uint8Array, x25519Ciphertext: Uint8Array, x25519Public: Uint8Array): Uint8Array {
  const whole = createHash('sha3-256')
  for (const part of [mlkemSecret, x25519Secret, x25519Ciphertext, x25519Public, XWING_LABEL]) whole.update(part)
  return own(whole.digest())
}
