import {
  type Crypto,
  type Realm,
  CanonicalError,
  canonicalBytes,
  concatBytes,
  fromBase64Url,
  toBase64Url,
  uint64,
  utf8,
} from '@entente/canonical'
import { ExchangeError } from './errors.ts'

/** Life of a nonce, in seconds. */
export const NONCE_SECONDS = 60
const SALT_BYTES = 16
const MAC_BYTES = 32
const NONCE_BYTES = 8 + SALT_BYTES + MAC_BYTES

/** For whom a nonce is: the nation that relays, and the thumbprint (RFC 7638, SHA-256, URL-safe base64) of the reader's key K. */
export interface NonceFor {
  readonly realm: Realm
  readonly recipient: string
  readonly thumbprint: string
}

/**
 * A nonce of the originator's: its time, 16 bytes of chance that make it one of a kind, and a MAC over both, realm,
 * recipient and thumbprint. The originator keeps nothing until the nonce is spent. `key` is the node's own 32 bytes;
 * `now` in seconds.
 */
export function makeNonce(crypto: Crypto, key: Uint8Array, whom: NonceFor, now: number): string {
  const head = concatBytes(uint64(now), crypto.random(SALT_BYTES))
  return toBase64Url(concatBytes(head, nonceMac(crypto, key, whom, head)))
}

/**
 * Checks a nonce of one's own and says until when (seconds) it must be remembered as spent.
 * Throws `exchange/nonce-malformed`, `exchange/nonce-invalid` (another key, recipient, realm or K), `exchange/nonce-expired`.
 */
export function checkNonce(
  crypto: Crypto,
  key: Uint8Array,
  whom: NonceFor,
  nonce: string,
  now: number,
): { readonly rememberUntil: number } {
  const bytes = nonceBytes(nonce)
  const head = bytes.subarray(0, NONCE_BYTES - MAC_BYTES)
  if (!crypto.equal(nonceMac(crypto, key, whom, head), bytes.subarray(NONCE_BYTES - MAC_BYTES))) {
    throw new ExchangeError('exchange/nonce-invalid', 'not a nonce for this key and nation')
  }
  const made = Number(new DataView(bytes.buffer).getBigUint64(0))
  // A clock that was set back makes a nonce from the future: it would live too long.
  if (made > now || now >= made + NONCE_SECONDS) throw new ExchangeError('exchange/nonce-expired', 'the nonce is of another minute')
  return { rememberUntil: made + NONCE_SECONDS }
}

/**
 * When a nonce says that it was made (seconds, by the clock of the node that made it). Only that node can tell whether it
 * is its own. Throws `exchange/nonce-malformed`.
 */
export function nonceTime(nonce: string): number {
  return Number(new DataView(nonceBytes(nonce).buffer).getBigUint64(0))
}

function nonceBytes(nonce: string): Uint8Array<ArrayBuffer> {
  let bytes: Uint8Array<ArrayBuffer>
  try {
    bytes = fromBase64Url(nonce)
  } catch (cause) {
    if (!(cause instanceof CanonicalError)) throw cause
    throw new ExchangeError('exchange/nonce-malformed', 'not a nonce', { cause })
  }
  if (bytes.length !== NONCE_BYTES) throw new ExchangeError('exchange/nonce-malformed', 'not a nonce')
  return bytes
}

function nonceMac(crypto: Crypto, key: Uint8Array, whom: NonceFor, head: Uint8Array): Uint8Array {
  const { realm, recipient, thumbprint } = whom
  return crypto.hmacSha256(key, utf8(`entente\n${realm}\nopening-nonce\n1\n`), canonicalBytes({ recipient, thumbprint }), head)
}
