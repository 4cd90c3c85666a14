import {
  type Crypto,
  type KemKey,
  KEM_CIPHERTEXT_BYTES,
  concatBytes,
  fromBase64,
  fromHex,
  fromUtf8,
  toBase64,
  toHex,
  utf8,
} from '@entente/canonical'
import { ContainerError } from './errors.ts'
import type { KeyAccess, PolicyBinding } from './manifest.ts'

/** Who must give a share before anything opens (as an agreement says it). */
export type KeyControl = 'originator' | 'both' | 'either'

/** Which key service a share is wrapped for. `foreign`: the door for other OpenTDF clients, with keys of its own. */
export type KeyRole = 'originator' | 'recipient' | 'foreign'

/** A key service as a release statement names it; in the order of the manifest's key accesses. */
export interface KeyService {
  /** Stable name, never an address. */
  readonly name: string
  readonly kid: string
  readonly role: KeyRole
}

/** A key service's public key to wrap for. */
export interface KeyServiceKey {
  readonly name: string
  readonly kid: string
  /** Raw X-Wing public key, 1,216 bytes. */
  readonly kem: Uint8Array
}

/** How a share is wrapped for foreign clients; RSA and P-256 belong to the caller, who has keys for them. */
export interface ForeignWrap {
  readonly name: string
  readonly kid: string
  wrap(share: Uint8Array): Promise<Pick<KeyAccess, 'wrappedKey' | 'ephemeralPublicKey'> & { readonly type: 'wrapped' | 'ec-wrapped' }>
}

export const SHARE_BYTES = 32
const NONCE_BYTES = 12
const SEALED_SHARE_BYTES = NONCE_BYTES + SHARE_BYTES + 16
const EMPTY = new Uint8Array(0)
// SEQUENCE (1,186 bytes), [0] (1,120 bytes), [1] (60 bytes): every length is fixed, so the frame is constant.
const DER_SEQUENCE = new Uint8Array([0x30, 0x82, 0x04, 0xa2])
const DER_CIPHERTEXT = new Uint8Array([0x80, 0x82, 0x04, 0x60])
const DER_SEALED = new Uint8Array([0x81, SEALED_SHARE_BYTES])
const WRAPPED_BYTES = DER_SEQUENCE.length + DER_CIPHERTEXT.length + KEM_CIPHERTEXT_BYTES + DER_SEALED.length + SEALED_SHARE_BYTES

/** XOR of 32-byte shares. Throws `container/data-key` for another length or no share. */
export function joinShares(shares: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const key = new Uint8Array(SHARE_BYTES)
  if (shares.length === 0) throw new ContainerError('container/data-key', 'no share given')
  for (const share of shares) {
    if (share.length !== SHARE_BYTES) throw new ContainerError('container/data-key', 'a share has 32 bytes')
    for (let at = 0; at < SHARE_BYTES; at++) key[at] = (key[at] ?? 0) ^ (share[at] ?? 0)
  }
  return key
}

/** A fresh 32-byte data key as `count` shares, every one of which is needed and none of which tells anything of it. */
export function splitDataKey(crypto: Crypto, count: 1 | 2): { readonly dataKey: Uint8Array; readonly shares: readonly Uint8Array[] } {
  const shares = Array.from({ length: count }, () => crypto.random(SHARE_BYTES))
  return { dataKey: joinShares(shares), shares }
}

/**
 * Wraps a share as OpenTDF's `hpqt:xwing`: X-Wing, HKDF-SHA-256 (salt SHA-256("TDF"), no info), AES-256-GCM;
 * DER SEQUENCE { [0] ciphertext, [1] nonce ‖ sealed }, 1,190 bytes. Throws `container/wrapped-key` for a share of another length.
 */
export async function wrapShare(crypto: Crypto, kemPublicKey: Uint8Array, share: Uint8Array): Promise<Uint8Array<ArrayBuffer>> {
  if (share.length !== SHARE_BYTES) throw new ContainerError('container/wrapped-key', 'a share has 32 bytes')
  const { ciphertext, secret } = await crypto.encapsulate(kemPublicKey)
  const nonce = crypto.random(NONCE_BYTES)
  const sealed = await crypto.sealAesGcm(wrappingKey(crypto, secret), nonce, share)
  return concatBytes(DER_SEQUENCE, DER_CIPHERTEXT, ciphertext, DER_SEALED, nonce, sealed)
}

/** The share of a wrapped key. Throws `container/wrapped-key` when the bytes are not of this form or not for this key. */
export async function unwrapShare(crypto: Crypto, key: KemKey, wrapped: Uint8Array): Promise<Uint8Array> {
  const ciphertextAt = DER_SEQUENCE.length + DER_CIPHERTEXT.length
  const sealedAt = ciphertextAt + KEM_CIPHERTEXT_BYTES + DER_SEALED.length
  const framed =
    wrapped.length === WRAPPED_BYTES &&
    [...DER_SEQUENCE, ...DER_CIPHERTEXT].every((byte, at) => wrapped[at] === byte) &&
    DER_SEALED.every((byte, at) => wrapped[sealedAt - DER_SEALED.length + at] === byte)
  if (!framed) throw new ContainerError('container/wrapped-key', 'not a share wrapped for x-wing')
  try {
    const secret = await key.decapsulate(wrapped.subarray(ciphertextAt, ciphertextAt + KEM_CIPHERTEXT_BYTES))
    const nonce = wrapped.subarray(sealedAt, sealedAt + NONCE_BYTES)
    return await crypto.openAesGcm(wrappingKey(crypto, secret), nonce, wrapped.subarray(sealedAt + NONCE_BYTES))
  } catch (cause) {
    throw new ContainerError('container/wrapped-key', 'the wrapped share does not open with this key', { cause })
  }
}

function wrappingKey(crypto: Crypto, secret: Uint8Array): Uint8Array {
  return crypto.hkdfSha256(secret, crypto.sha256(utf8('TDF')), EMPTY, 32)
}

/** Binds a share to a policy string: base64 of the hexadecimal HMAC, as every upstream writer does. */
export function policyBinding(crypto: Crypto, share: Uint8Array, policy: string): PolicyBinding {
  return { alg: 'HS256', hash: toBase64(utf8(toHex(crypto.hmacSha256(share, utf8(policy))))) }
}

/** Whether a share is the one that this policy is bound to. Reads both encodings: 64 hexadecimal digits, or 32 raw bytes. */
export function checkPolicyBinding(crypto: Crypto, share: Uint8Array, policy: string, binding: PolicyBinding): boolean {
  if (binding.alg !== 'HS256') return false
  let given: Uint8Array
  try {
    given = fromBase64(binding.hash)
    if (given.length === 64) given = fromHex(fromUtf8(given))
  } catch {
    return false
  }
  return crypto.equal(given, crypto.hmacSha256(share, utf8(policy)))
}

/** What `makeKeys` gives: keep `dataKey` for `seal` only. */
export interface ContainerKeys {
  readonly dataKey: Uint8Array
  readonly policy: string
  readonly keyAccess: readonly KeyAccess[]
  readonly keyServices: readonly KeyService[]
}

/**
 * A data key, split and wrapped as the key control says: `originator` one share for the originator's key service; `both`
 * two shares under two `sid`s, both needed; `either` one share wrapped twice under one `sid`. `foreign` adds an alternative
 * for other OpenTDF clients, never with `both`. Throws `container/key-services` when services and control do not fit.
 */
export async function makeKeys(
  crypto: Crypto,
  options: {
    readonly policy: string
    readonly control: KeyControl
    readonly originator: KeyServiceKey
    readonly recipient?: KeyServiceKey
    readonly foreign?: ForeignWrap
  },
): Promise<ContainerKeys> {
  const { policy, control, originator, recipient, foreign } = options
  if ((control === 'originator') !== (recipient === undefined)) {
    throw new ContainerError('container/key-services', `key control ${control} does not fit the key services given`, {
      values: { control },
    })
  }
  if (control === 'both' && foreign !== undefined) {
    throw new ContainerError('container/key-services', 'foreign clients cannot open what takes both nations', { values: { control } })
  }
  const { dataKey, shares } = splitDataKey(crypto, control === 'both' ? 2 : 1)
  const first = shares[0] ?? dataKey
  const sid = control === 'either' ? 'either' : 'originator'
  const keyAccess: KeyAccess[] = [await hybridAccess(crypto, originator, sid, first, policy)]
  const keyServices: KeyService[] = [{ name: originator.name, kid: originator.kid, role: 'originator' }]
  if (recipient !== undefined) {
    const share = control === 'both' ? (shares[1] ?? dataKey) : first
    keyAccess.push(await hybridAccess(crypto, recipient, control === 'both' ? 'recipient' : 'either', share, policy))
    keyServices.push({ name: recipient.name, kid: recipient.kid, role: 'recipient' })
  }
  if (foreign !== undefined) {
    const base = {
      url: foreign.name,
      protocol: 'kas',
      kid: foreign.kid,
      sid,
      schemaVersion: '1.0',
      policyBinding: policyBinding(crypto, first, policy),
    }
    keyAccess.push({ ...(await foreign.wrap(first)), ...base })
    keyServices.push({ name: foreign.name, kid: foreign.kid, role: 'foreign' })
  }
  return { dataKey, policy, keyAccess, keyServices }
}

async function hybridAccess(crypto: Crypto, service: KeyServiceKey, sid: string, share: Uint8Array, policy: string): Promise<KeyAccess> {
  return {
    type: 'hybrid-wrapped',
    url: service.name,
    protocol: 'kas',
    wrappedKey: toBase64(await wrapShare(crypto, service.kem, share)),
    policyBinding: policyBinding(crypto, share, policy),
    kid: service.kid,
    sid,
    schemaVersion: '1.0',
  }
}

/** Whether a manifest's key accesses are exactly what key control and the statement's key services say, in order. */
export function keysFit(
  keyAccess: readonly KeyAccess[],
  control: KeyControl,
  services: readonly KeyService[],
  foreignClients: boolean,
): boolean {
  if (control === 'both' && foreignClients) return false
  const roles: KeyRole[] = control === 'originator' ? ['originator'] : ['originator', 'recipient']
  if (foreignClients) roles.push('foreign')
  if (services.length !== roles.length || keyAccess.length !== roles.length) return false
  return services.every((service, index) => {
    const access = keyAccess[index]
    const role = roles[index]
    if (access === undefined || service.role !== role) return false
    const sid = control === 'either' ? 'either' : role === 'recipient' ? 'recipient' : 'originator'
    const hybrid = access.type === 'hybrid-wrapped' && access.ephemeralPublicKey === undefined
    return access.url === service.name && access.kid === service.kid && access.sid === sid && hybrid === (role !== 'foreign')
  })
}

/** The bytes of a wrapped key in a key access. Throws `container/wrapped-key`. */
export function wrappedKeyOf(access: KeyAccess): Uint8Array<ArrayBuffer> {
  try {
    return fromBase64(access.wrappedKey)
  } catch (cause) {
    throw new ContainerError('container/wrapped-key', 'the wrapped key is not base64', { cause })
  }
}
