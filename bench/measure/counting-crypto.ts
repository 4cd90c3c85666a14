/**
 * A crypto port that writes down what is asked of it, and what exactly these operations cost when nothing stands around them:
 * straight on `node:crypto`, with keys that are imported already. Where the work itself brings a fresh public key (an
 * encapsulation), importing it is part of the operation.
 */
import {
  createCipheriv,
  createDecipheriv,
  createHmac,
  createPrivateKey,
  createPublicKey,
  hash,
  hkdfSync,
  randomBytes,
  sign,
  timingSafeEqual,
  verify,
} from 'node:crypto'
import type { Crypto, Hasher, KemKey, SignatureAlgorithm, Signer } from '@entente/canonical'
import { nodeCrypto } from '@entente/crypto-node'

/** So many times this operation on so many bytes. */
export interface Counted {
  readonly operation: string
  readonly bytes: number
  times: number
}

/** What was counted since `start`. */
export class Tally {
  #counted = new Map<string, Counted>()
  counting = false

  start(): void {
    this.#counted = new Map()
    this.counting = true
  }

  stop(): readonly Counted[] {
    this.counting = false
    return [...this.#counted.values()].sort((a, b) => a.operation.localeCompare(b.operation) || a.bytes - b.bytes)
  }

  note(operation: string, bytes: number): void {
    if (!this.counting) return
    const key = `${operation} ${bytes}`
    const known = this.#counted.get(key)
    if (known === undefined) this.#counted.set(key, { operation, bytes, times: 1 })
    else known.times++
  }
}

/** The real port, with a tally beside it. */
export function countingCrypto(tally: Tally): Crypto {
  const real = nodeCrypto
  const lengthOf = (parts: readonly Uint8Array[]): number => parts.reduce((sum, part) => sum + part.length, 0)
  const counted = (operation: string, hasher: Hasher): Hasher => {
    let bytes = 0
    return {
      update(piece) {
        bytes += piece.length
        hasher.update(piece)
      },
      digest() {
        tally.note(operation, bytes)
        return hasher.digest()
      },
    }
  }
  return {
    random(length) {
      tally.note('random', length)
      return real.random(length)
    },
    sha256(...parts) {
      tally.note('SHA-256', lengthOf(parts))
      return real.sha256(...parts)
    },
    sha384(...parts) {
      tally.note('SHA-384', lengthOf(parts))
      return real.sha384(...parts)
    },
    hashSha256: () => counted('SHA-256', real.hashSha256()),
    hashSha384: () => counted('SHA-384', real.hashSha384()),
    hmacSha256(key, ...parts) {
      tally.note('HMAC-SHA-256', lengthOf(parts))
      return real.hmacSha256(key, ...parts)
    },
    hkdfSha256(secret, salt, info, length) {
      tally.note('HKDF-SHA-256', info.length)
      return real.hkdfSha256(secret, salt, info, length)
    },
    equal(a, b) {
      tally.note('equal', a.length)
      return real.equal(a, b)
    },
    sealAesGcm(key, iv, plaintext, aad) {
      tally.note('AES-GCM seal', plaintext.length)
      return real.sealAesGcm(key, iv, plaintext, aad)
    },
    openAesGcm(key, iv, sealed, aad) {
      tally.note('AES-GCM open', sealed.length)
      return real.openAesGcm(key, iv, sealed, aad)
    },
    segments: {
      seal(key, segment) {
        tally.note('AES-GCM seal', segment.length)
        tally.note('HMAC-SHA-256', segment.length)
        tally.note('SHA-384', segment.length)
        return real.segments.seal(key, segment)
      },
      open(key, segment, mac) {
        if (mac !== undefined) tally.note('HMAC-SHA-256', segment.length)
        tally.note('AES-GCM open', segment.length)
        return real.segments.open(key, segment, mac)
      },
      digest(algorithm, bytes) {
        tally.note(algorithm, bytes.length)
        return real.segments.digest(algorithm, bytes)
      },
    },
    verify(algorithm, publicKey, message, signature) {
      tally.note(`${algorithm} verify`, message.length)
      return real.verify(algorithm, publicKey, message, signature)
    },
    signer(algorithm, seed) {
      tally.note(`${algorithm} key from seed`, 32)
      const signer = real.signer(algorithm, seed) as Signer
      return {
        algorithm,
        publicKey: signer.publicKey,
        sign(message) {
          tally.note(`${algorithm} sign`, message.length)
          return signer.sign(message)
        },
      }
    },
    kemKey(seed) {
      tally.note('X-Wing key from seed', 32)
      const key = real.kemKey(seed) as KemKey
      return {
        get publicKey() {
          return key.publicKey
        },
        decapsulate(ciphertext) {
          tally.note('X-Wing decapsulate', ciphertext.length)
          return key.decapsulate(ciphertext)
        },
      }
    },
    encapsulate(publicKey) {
      tally.note('X-Wing encapsulate', publicKey.length)
      return real.encapsulate(publicKey)
    },
  }
}

const SEED = new Uint8Array(32).fill(7)
const KEY = new Uint8Array(32).fill(8)
const IV = new Uint8Array(12).fill(9)
const KEM = nodeCrypto.kemKey(SEED) as KemKey
const KEM_CIPHERTEXT = (nodeCrypto.encapsulate(KEM.publicKey) as { ciphertext: Uint8Array }).ciphertext
const NODE_NAME = { Ed25519: 'ed25519', 'ML-DSA-44': 'ml-dsa-44', 'ML-DSA-65': 'ml-dsa-65' } as const

/** The counted operations, bare and ready to run: inputs of the same lengths are made beforehand. */
export function bareOperations(list: readonly Counted[]): () => void {
  const runs = list.map(({ operation, bytes, times }) => ({ run: bare(operation, bytes), times }))
  return () => {
    for (const { run, times } of runs) for (let time = 0; time < times; time++) run()
  }
}

function bare(operation: string, bytes: number): () => unknown {
  const input = randomBytes(bytes)
  switch (operation) {
    case 'random':
      return () => randomBytes(bytes)
    case 'SHA-256':
      return () => hash('sha256', input, 'latin1')
    case 'SHA-384':
      return () => hash('sha384', input, 'latin1')
    case 'HMAC-SHA-256':
      return () => createHmac('sha256', KEY).update(input).digest()
    case 'HKDF-SHA-256':
      return () => hkdfSync('sha256', KEY, SEED, input, 32)
    case 'equal':
      return () => timingSafeEqual(input, input)
    case 'AES-GCM seal':
      return () => encrypt(input)
    case 'AES-GCM open':
      return opener(bytes)
    case 'X-Wing encapsulate':
      return () => nodeCrypto.encapsulate(KEM.publicKey)
    case 'X-Wing decapsulate':
      return () => KEM.decapsulate(KEM_CIPHERTEXT)
    case 'X-Wing key from seed':
      return () => nodeCrypto.kemKey(SEED)
    default: {
      const [algorithm, what] = operation.split(' ') as [SignatureAlgorithm, string]
      return signature(algorithm, what, input)
    }
  }
}

function encrypt(input: Uint8Array): Buffer {
  const cipher = createCipheriv('aes-256-gcm', KEY, IV)
  const ciphertext = cipher.update(input)
  cipher.final()
  return Buffer.concat([ciphertext, cipher.getAuthTag()])
}

function opener(bytes: number): () => unknown {
  const sealed = encrypt(randomBytes(Math.max(0, bytes - 16)))
  return () => {
    const decipher = createDecipheriv('aes-256-gcm', KEY, IV)
    decipher.setAuthTag(sealed.subarray(sealed.length - 16))
    const plaintext = decipher.update(sealed.subarray(0, sealed.length - 16))
    decipher.final()
    return plaintext
  }
}

function signature(algorithm: SignatureAlgorithm, what: string, input: Uint8Array): () => unknown {
  const format = algorithm === 'Ed25519' ? 'raw-private' : 'raw-seed'
  // The typings of Node do not know the raw formats yet.
  const options = { key: Buffer.from(SEED), format, asymmetricKeyType: NODE_NAME[algorithm] } as unknown as Parameters<
    typeof createPrivateKey
  >[0]
  const privateKey = createPrivateKey(options)
  const publicKey = createPublicKey(privateKey as unknown as Parameters<typeof createPublicKey>[0])
  const made = sign(null, input, privateKey)
  if (what === 'sign') return () => sign(null, input, privateKey)
  if (what === 'verify') return () => verify(null, input, publicKey, made)
  return () => createPublicKey(createPrivateKey(options) as unknown as Parameters<typeof createPublicKey>[0])
}
