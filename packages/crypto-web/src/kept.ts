import { type SignatureAlgorithm, type Signer, CanonicalError } from '@entente/canonical'
import { importCurveKey, publicBytes, subtle } from './subtle.ts'

/** A private signing key that a browser keeps (IndexedDB takes it as it is) and that no script can read. */
export interface KeptSigner {
  readonly algorithm: SignatureAlgorithm
  readonly publicKey: Uint8Array<ArrayBuffer>
  /** Not extractable; may only sign. */
  readonly key: CryptoKey
}

/** Makes a kept key of a 32-byte seed; throws `canonical/key` for another length. */
export async function keepSigner(algorithm: SignatureAlgorithm, seed: Uint8Array): Promise<KeptSigner> {
  if (seed.length !== 32) throw new CanonicalError('canonical/key', 'a signing seed has 32 bytes')
  const key =
    algorithm === 'Ed25519'
      ? await importCurveKey('Ed25519', seed, { extractable: false, usages: ['sign'] })
      : await subtle.importKey('raw-seed', seed, algorithm, false, ['sign'])
  return { algorithm, publicKey: await publicBytes(key, ['verify']), key }
}

/** The signer of a kept key. */
export function keptSigner({ algorithm, publicKey, key }: KeptSigner): Signer {
  return {
    algorithm,
    publicKey,
    sign: async (message) => new Uint8Array(await crypto.subtle.sign(algorithm, key, message as Uint8Array<ArrayBuffer>)),
  }
}
