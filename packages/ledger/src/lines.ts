import { fromBase64, fromUtf8 } from '@entente/canonical'
import { type LedgerCode, LedgerError } from './errors.ts'

/** Bytes of a SHA-256 hash. */
export const HASH_BYTES = 32
/** More hashes than this no inclusion or consistency proof of a 64-bit tree has. */
export const MAX_PROOF_HASHES = 63

const NATURAL = /^(?:0|[1-9][0-9]{0,15})$/u
// tlog-policy, signed-note: nothing below U+0020 but the newline.
const CONTROL = /[\u0000-\u0009\u000b-\u001f]/u

/** A size or index in decimal without leading zeroes, at most 2^53 - 1; else `undefined`. */
export function naturalOf(text: string): number | undefined {
  if (!NATURAL.test(text)) return undefined
  const value = Number(text)
  return Number.isSafeInteger(value) ? value : undefined
}

/** Throws `ledger/size` unless the number is a size: a safe integer of 0 or more. */
export function assertNatural(value: number, what: string): void {
  if (!Number.isSafeInteger(value) || value < 0) throw new LedgerError('ledger/size', `${what} is not a size`)
}

/** The hash that a base64 line holds; throws `code` for anything but exactly 32 bytes in strict base64. */
export function hashOfLine(line: string, code: LedgerCode): Uint8Array<ArrayBuffer> {
  const bytes = base64Of(line, code)
  if (bytes.length !== HASH_BYTES) throw new LedgerError(code, 'a hash line does not hold 32 bytes')
  return bytes
}

/** Strict base64; throws `code` with the cause. */
export function base64Of(text: string, code: LedgerCode): Uint8Array<ArrayBuffer> {
  try {
    return fromBase64(text)
  } catch (cause) {
    throw new LedgerError(code, 'not strict base64', { cause })
  }
}

/** The text of bytes that must be UTF-8 without control characters but the newline; else `code`. */
export function plainText(bytes: Uint8Array, code: LedgerCode): string {
  let text: string
  try {
    text = fromUtf8(bytes)
  } catch (cause) {
    throw new LedgerError(code, 'not utf-8', { cause })
  }
  if (hasControl(text)) throw new LedgerError(code, 'control character in text')
  return text
}

/** Whether the text holds a control character below U+0020 other than the newline. */
export function hasControl(text: string): boolean {
  return CONTROL.test(text)
}
