import type { SignatureAlgorithm } from '@entente/canonical'

/** Members of WebCrypto that the typings of TypeScript do not know yet (WICG "Modern Algorithms in the Web Cryptography API"). */
interface ModernSubtle {
  getPublicKey(key: CryptoKey, usages: readonly string[]): Promise<CryptoKey>
  encapsulateBits(algorithm: string, key: CryptoKey): Promise<{ readonly ciphertext: ArrayBuffer; readonly sharedKey: ArrayBuffer }>
  decapsulateBits(algorithm: string, key: CryptoKey, ciphertext: Uint8Array): Promise<ArrayBuffer>
  importKey(format: string, bytes: Uint8Array, algorithm: string, extractable: boolean, usages: readonly string[]): Promise<CryptoKey>
  exportKey(format: string, key: CryptoKey): Promise<ArrayBuffer>
}

/** WebCrypto, with the members that post-quantum keys need. */
export const subtle: ModernSubtle = crypto.subtle as unknown as ModernSubtle

export const PUBLIC_KEY_BYTES: Readonly<Record<SignatureAlgorithm, number>> = { Ed25519: 32, 'ML-DSA-44': 1_312, 'ML-DSA-65': 1_952 }
export const SIGNATURE_BYTES: Readonly<Record<SignatureAlgorithm, number>> = { Ed25519: 64, 'ML-DSA-44': 2_420, 'ML-DSA-65': 3_309 }
/** What stands before the seed in a PKCS #8 key (RFC 8410): WebCrypto takes a raw private key of these curves in no other way. */
const PKCS8_OID: Readonly<Record<'Ed25519' | 'X25519', number>> = { Ed25519: 0x70, X25519: 0x6e }

/** Imports a private key of RFC 8410 from its 32 bytes. */
export async function importCurveKey(
  name: 'Ed25519' | 'X25519',
  seed: Uint8Array,
  options: { readonly extractable: boolean; readonly usages: readonly string[] },
): Promise<CryptoKey> {
  const der = new Uint8Array(48)
  der.set([0x30, 0x2e, 2, 1, 0, 0x30, 5, 6, 3, 0x2b, 0x65, PKCS8_OID[name], 4, 0x22, 4, 0x20])
  der.set(seed, 16)
  try {
    return await subtle.importKey('pkcs8', der, name, options.extractable, options.usages)
  } finally {
    der.fill(0)
  }
}

/** The raw public half of a private key. */
export async function publicBytes(key: CryptoKey, usages: readonly string[]): Promise<Uint8Array<ArrayBuffer>> {
  return new Uint8Array(await subtle.exportKey('raw-public', await subtle.getPublicKey(key, usages)))
}

/** Whether this browser can make and keep every kind of key that a device needs; where it cannot, nobody can sign in with it. */
export async function canSignHere(): Promise<boolean> {
  try {
    const kem = await crypto.subtle.generateKey('ML-KEM-768', false, ['decapsulateBits'] as unknown as KeyUsage[])
    const signature = await crypto.subtle.generateKey('ML-DSA-65', false, ['sign'])
    const curve = await crypto.subtle.generateKey('Ed25519', false, ['sign'])
    return [kem, signature, curve].every((key) => key !== undefined) && typeof subtle.getPublicKey === 'function'
  } catch {
    return false
  }
}
