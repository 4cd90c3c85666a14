import { CanonicalError } from './errors.ts'

const encoder = new TextEncoder()
const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

/** Where short texts are encoded: several times faster than having the encoder allocate. Nothing of it is ever handed out. */
const scratch = new Uint8Array(3_072)

/** UTF-8 bytes of a string. */
export function utf8(text: string): Uint8Array<ArrayBuffer> {
  // A character (UTF-16) takes three bytes at most.
  return text.length * 3 <= scratch.length ? scratch.slice(0, encoder.encodeInto(text, scratch).written) : encoder.encode(text)
}

/** The string of UTF-8 bytes; throws `canonical/not-utf8` when they are none. A byte order mark is kept as a character. */
export function fromUtf8(bytes: Uint8Array): string {
  try {
    return decoder.decode(bytes)
  } catch (cause) {
    throw new CanonicalError('canonical/not-utf8', 'bytes are not utf-8', { cause })
  }
}

/** One array of all the parts, in order. */
export function concatBytes(...parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  let length = 0
  for (const part of parts) length += part.length
  const whole = new Uint8Array(length)
  let at = 0
  for (const part of parts) {
    whole.set(part, at)
    at += part.length
  }
  return whole
}

/** Whether two arrays hold the same bytes. Not constant in time: for public values only; secrets go through `Crypto.equal`. */
export function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  if (a.length !== b.length) return false
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false
  return true
}

/** Lower-case hexadecimal. */
export function toHex(bytes: Uint8Array): string {
  return bytes.toHex()
}

/** Bytes of lower-case hexadecimal; throws `canonical/encoding` for anything else, upper case included. */
export function fromHex(text: string): Uint8Array<ArrayBuffer> {
  if (!/^(?:[0-9a-f]{2})*$/u.test(text)) throw new CanonicalError('canonical/encoding', 'not lower-case hexadecimal')
  return Uint8Array.fromHex(text)
}

/** Standard base64 with padding (RFC 4648 section 4). */
export function toBase64(bytes: Uint8Array): string {
  return bytes.toBase64()
}

/** Bytes of standard base64, strictly: padding required, unused bits zero, no white space; else `canonical/encoding`. */
export function fromBase64(text: string): Uint8Array<ArrayBuffer> {
  return strictBase64(text, 'base64')
}

/** URL-safe base64 without padding (RFC 4648 section 5). */
export function toBase64Url(bytes: Uint8Array): string {
  return bytes.toBase64({ alphabet: 'base64url', omitPadding: true })
}

/** Bytes of URL-safe base64 without padding, strictly; else `canonical/encoding`. */
export function fromBase64Url(text: string): Uint8Array<ArrayBuffer> {
  return strictBase64(text, 'base64url')
}

/** The last characters whose unused bits are zero, by how many bytes are over: four bits unused, or two. They are alike in both alphabets. */
const UNUSED_BITS_ZERO: readonly string[] = ['', 'AQgw', 'AEIMQUYcgkosw048']

function strictBase64(text: string, alphabet: 'base64' | 'base64url'): Uint8Array<ArrayBuffer> {
  // The language's decoder forgives white space and missing padding; a second spelling of the same bytes would give
  // one signed thing two ids, so the text must be exactly what the encoder writes.
  let bytes: Uint8Array<ArrayBuffer>
  try {
    bytes = Uint8Array.fromBase64(text, { alphabet, lastChunkHandling: 'loose' })
  } catch (cause) {
    throw new CanonicalError('canonical/encoding', `not ${alphabet}`, { cause })
  }
  // Padding and white space make the text longer than the bytes need; unused bits stand in the last character.
  const over = bytes.length % 3
  const characters = Math.floor(bytes.length / 3) * 4 + (over === 0 ? 0 : over + 1)
  const padded = alphabet === 'base64' && over !== 0
  const right =
    text.length === (padded ? Math.ceil(characters / 4) * 4 : characters) &&
    (!padded || text.endsWith(over === 1 ? '==' : '=')) &&
    (over === 0 || UNUSED_BITS_ZERO[over]?.includes(text.charAt(characters - 1)) === true)
  if (!right) throw new CanonicalError('canonical/encoding', `not strict ${alphabet}`)
  return bytes
}

/** Unsigned 64-bit big-endian of a safe integer. */
export function uint64(value: number): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(8)
  new DataView(bytes.buffer).setBigUint64(0, BigInt(value))
  return bytes
}
