import { type Crypto, type Realm, canonicalBytes, unreachable } from '@entente/canonical'
import { refusal } from './errors.ts'

/** How long a pseudonym stays the same, as the agreement sets it. */
export type PseudonymLife = 'item' | 'day' | 'stable'

/** Whom a pseudonym stands for, towards whom, and for how long. */
export interface PseudonymContext {
  readonly realm: Realm
  readonly agreement: string
  /** Nation towards which it is used. */
  readonly originator: string
  /** The person's id in the home nation's own books; never leaves it. */
  readonly person: string
  readonly life: PseudonymLife
  /** The item's uuid; needed for life `item`, and ignored by the others. */
  readonly item?: string
  /** Seconds since 1970; life `day` changes at 00:00 UTC. */
  readonly at: number
}

const SECRET_BYTES = 32
const PSEUDONYM_BYTES = 20
const SECONDS_PER_DAY = 86_400
const BASE32 = 'abcdefghijklmnopqrstuvwxyz234567'

/**
 * The pairwise pseudonym: 160 bits of HMAC-SHA-256 under the home nation's secret, as 32 characters of base32 (RFC 4648
 * section 6, lower case). Without the secret nobody can tell whether two of them are one person's.
 * Throws `clearance/input` for a secret under 32 bytes, or life `item` without an item.
 */
export function pseudonym(crypto: Crypto, secret: Uint8Array, context: PseudonymContext): string {
  if (secret.length < SECRET_BYTES) throw refusal('clearance/input', 'a pseudonym secret has at least 32 bytes', { what: 'secret' })
  const { realm, agreement, originator, person, life } = context
  // Canonical JSON keeps the members apart: no two contexts give one message.
  const message = canonicalBytes({ use: 'entente/pseudonym/1', realm, agreement, originator, person, life, period: period(context) })
  return base32(crypto.hmacSha256(secret, message).subarray(0, PSEUDONYM_BYTES))
}

function period(context: PseudonymContext): string {
  switch (context.life) {
    case 'item':
      if (context.item === undefined || context.item === '')
        throw refusal('clearance/input', 'a pseudonym for an item needs the item', { what: 'item' })
      return context.item
    case 'day':
      return String(Math.floor(context.at / SECONDS_PER_DAY))
    case 'stable':
      return ''
    default:
      return unreachable(context.life)
  }
}

function base32(bytes: Uint8Array): string {
  let text = ''
  let bits = 0
  let value = 0
  for (const byte of bytes) {
    value = (value << 8) | byte
    bits += 8
    while (bits >= 5) {
      bits -= 5
      text += BASE32[(value >>> bits) & 31] ?? ''
    }
    value &= (1 << bits) - 1
  }
  return text
}
