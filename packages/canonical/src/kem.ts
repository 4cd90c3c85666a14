import { concatBytes, utf8 } from './bytes.ts'
import type { Crypto, KemKey } from './crypto.ts'
import { CanonicalError } from './errors.ts'

/** Length of an X-Wing ciphertext. */
export const KEM_CIPHERTEXT_BYTES = 1_120
/** Length of an X-Wing public key. */
export const KEM_PUBLIC_KEY_BYTES = 1_216

const SALT = utf8('entente/seal/v1')

/**
 * Seals a message to a KEM key: X-Wing ciphertext, then AES-256-GCM under a key derived with HKDF-SHA-256 whose `info`
 * is `context`. The context binds the message to what it is about: opening under another context fails.
 */
export async function sealTo(
  crypto: Crypto,
  publicKey: Uint8Array,
  message: Uint8Array,
  context: Uint8Array,
): Promise<Uint8Array<ArrayBuffer>> {
  const { ciphertext, secret } = await crypto.encapsulate(publicKey)
  const okm = crypto.hkdfSha256(secret, SALT, context, 44)
  return concatBytes(ciphertext, await crypto.sealAesGcm(okm.subarray(0, 32), okm.subarray(32), message, context))
}

/** Opens what `sealTo` sealed; throws `canonical/aead` when key, bytes or context are not the right ones. */
export async function openSealed(crypto: Crypto, key: KemKey, sealed: Uint8Array, context: Uint8Array): Promise<Uint8Array> {
  if (sealed.length < KEM_CIPHERTEXT_BYTES + 16) throw new CanonicalError('canonical/aead', 'sealed message is too short')
  const secret = await key.decapsulate(sealed.subarray(0, KEM_CIPHERTEXT_BYTES))
  const okm = crypto.hkdfSha256(secret, SALT, context, 44)
  return crypto.openAesGcm(okm.subarray(0, 32), okm.subarray(32), sealed.subarray(KEM_CIPHERTEXT_BYTES), context)
}
