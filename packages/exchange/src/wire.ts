import {
  type Crypto,
  type HybridPublicKey,
  type HybridSignature,
  type Realm,
  type Shape,
  CanonicalError,
  hybridSignatureShape,
  keyIdOf,
  shapes,
  verifyHybrid,
} from '@entente/canonical'
import * as v from 'valibot'
import type { Basis } from '@entente/decision'
import { ExchangeError } from './errors.ts'

/** Lengths of URL-safe base64 without padding: an X-Wing public key (1,216 bytes) and 32 bytes. */
const KEM_TEXT_LENGTH = 1_622
const THIRTY_TWO_BYTES = /^[A-Za-z0-9_-]{43}$/u

/** Shapes of the words that every message here is made of. */
export const wire = {
  /** Stable https name of a process: no port, path, query or upper case; an address never stands in signed data. */
  name: v.pipe(v.string(), v.maxLength(253), v.regex(/^https:\/\/[a-z0-9]+(?:[.-][a-z0-9]+)+$/u)) as Shape<string>,
  /** Id of an agreement as its parties call it, for instance `jpn-aus`. */
  link: v.pipe(v.string(), v.regex(/^[a-z0-9]+(?:-[a-z0-9]+)*$/u), v.maxLength(64)) as Shape<string>,
  /** ASCII code of a nation's policy, area, role, article or grant. */
  code: v.pipe(v.string(), v.regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/u)) as Shape<string>,
  kemPublicKey: v.pipe(v.string(), v.length(KEM_TEXT_LENGTH), v.regex(/^[A-Za-z0-9_-]*$/u)) as Shape<string>,
  thirtyTwoBytes: v.pipe(v.string(), v.regex(THIRTY_TWO_BYTES)) as Shape<string>,
  /** Standard base64, at most a mebibyte of text. Without its end the expression has nothing to come back to, and is five times as fast. */
  base64: v.pipe(
    v.string(),
    v.maxLength(1_048_576),
    v.check((text) => /^[A-Za-z0-9+/]*$/u.test(text.endsWith('=') ? text.slice(0, text.endsWith('==') ? -2 : -1) : text)),
  ) as Shape<string>,
  /** Counts from 1. */
  positive: v.pipe(v.number(), v.safeInteger(), v.minValue(1)) as Shape<number>,
  basis: v.strictObject({
    agreement: v.pipe(v.string(), v.regex(/^[a-z0-9]+(?:-[a-z0-9]+)*$/u), v.maxLength(64)),
    version: shapes.sha256,
    article: v.pipe(v.string(), v.regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/u)),
    grant: v.pipe(v.string(), v.regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/u)),
  }) as Shape<Basis>,
} as const

/** A body with exactly one signature: what passes between nodes is signed by one key. */
export interface SignedOnce<T> {
  readonly body: T
  readonly signatures: readonly [HybridSignature]
}

/** The shape of `SignedOnce<T>`. A second signature would be a second spelling of one message. */
export function signedOnceShape<T>(body: Shape<T>): Shape<SignedOnce<T>> {
  return v.strictObject({ body, signatures: v.strictTuple([hybridSignatureShape]) }) as Shape<SignedOnce<T>>
}

/** A nation's end of a link: who it is and with which key its messages are signed now. */
export interface Correspondent {
  readonly realm: Realm
  /** The agreement under which the two correspond. */
  readonly link: string
  readonly self: string
  readonly peer: string
  /** The peer's envelope keys that count now: the current key statement's, and the one before while it is being rotated. */
  readonly peerKeys: readonly HybridPublicKey[]
}

/**
 * Checks the one signature of a message against the keys that count now.
 * Throws `exchange/stranger-key` and `exchange/signature-invalid`, both with `values.key`.
 */
export async function verifyByOneOf(
  crypto: Crypto,
  keys: readonly HybridPublicKey[],
  message: Uint8Array,
  signature: HybridSignature,
  what: 'envelope' | 'receipt',
): Promise<void> {
  const values = { key: signature.keyId }
  const key = keys.find((candidate) => keyIdOf(crypto, candidate) === signature.keyId)
  if (key === undefined) throw new ExchangeError('exchange/stranger-key', `the ${what} is signed with a stranger's key`, { values })
  let holds = false
  try {
    holds = await verifyHybrid(crypto, key, message, signature)
  } catch (cause) {
    // A signature with loose bits in its last character is no signature; anything else is a fault of ours.
    if (!(cause instanceof CanonicalError)) throw cause
  }
  if (!holds) throw new ExchangeError('exchange/signature-invalid', `the signature of the ${what} does not hold`, { values })
}
