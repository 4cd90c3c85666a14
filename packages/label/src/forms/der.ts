import { concatBytes } from '@entente/canonical'
import { LabelError } from '../errors.ts'

/** A value of BER: its tag byte, its contents, and the values inside where it is constructed. */
export interface BerValue {
  readonly tag: number
  readonly content: Uint8Array
  readonly children: readonly BerValue[]
  readonly at: number
}

export const TAG = {
  integer: 0x02,
  bitString: 0x03,
  objectId: 0x06,
  utf8String: 0x0c,
  printableString: 0x13,
  sequence: 0x30,
  set: 0x31,
} as const

const CONSTRUCTED = 0x20
const MAX_DEPTH = 8
/** How many bytes a binary label may have. */
export const MAX_BER = 65_536

export function malformed(why: string, at: number): LabelError {
  return new LabelError('form/der', `${why} at byte ${at}`, { values: { at } })
}

/** The one value that the bytes are, in BER: any length form, also the indefinite one. Throws `form/der` with the byte. */
export function readBer(bytes: Uint8Array): BerValue {
  if (bytes.length > MAX_BER) throw malformed('too long', MAX_BER)
  const reader = new BerReader(bytes)
  const value = reader.value(0, bytes.length)
  if (reader.at !== bytes.length) throw malformed('something after the value', reader.at)
  return value
}

class BerReader {
  readonly #bytes: Uint8Array
  at = 0

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes
  }

  value(depth: number, end: number): BerValue {
    const at = this.at
    if (depth > MAX_DEPTH) throw malformed('too deep', at)
    const tag = this.#byte(end)
    if ((tag & 0x1f) === 0x1f) throw malformed('a tag of several bytes', at)
    const length = this.#length(end, (tag & CONSTRUCTED) !== 0)
    const from = this.at
    if (length === undefined) {
      const children = this.#children(depth, end, true)
      return { tag, content: this.#bytes.subarray(from, this.at - 2), children, at }
    }
    if (from + length > end) throw malformed('a value that does not end', at)
    const children = (tag & CONSTRUCTED) === 0 ? [] : this.#children(depth, from + length, false)
    this.at = from + length
    return { tag, content: this.#bytes.subarray(from, from + length), children, at }
  }

  #children(depth: number, end: number, indefinite: boolean): readonly BerValue[] {
    const children: BerValue[] = []
    for (;;) {
      if (indefinite && this.#bytes[this.at] === 0 && this.#bytes[this.at + 1] === 0 && this.at + 2 <= end) {
        this.at += 2
        return children
      }
      if (!indefinite && this.at === end) return children
      children.push(this.value(depth + 1, end))
    }
  }

  #byte(end: number): number {
    const byte = this.at < end ? this.#bytes[this.at] : undefined
    if (byte === undefined) throw malformed('the end of the bytes', this.at)
    this.at++
    return byte
  }

  /** A length; undefined for the indefinite form. */
  #length(end: number, constructed: boolean): number | undefined {
    const first = this.#byte(end)
    if (first < 0x80) return first
    if (first === 0x80) {
      if (!constructed) throw malformed('no length', this.at)
      return undefined
    }
    if (first > 0x84) throw malformed('a length of too many bytes', this.at)
    let length = 0
    for (let left = first & 0x7f; left > 0; left--) length = length * 256 + this.#byte(end)
    return length
  }
}

/** A value that is not negative, in decimal. Throws `form/der`. */
export function integerOf({ tag, content, at }: BerValue): string {
  const [first] = content
  if (tag !== TAG.integer || first === undefined || content.length > 64) throw malformed('not an integer', at)
  if (first >= 0x80) throw malformed('a negative integer', at)
  return BigInt(`0x${content.toHex()}`).toString()
}

/** An object identifier in dotted form. Throws `form/der`. */
export function objectIdOf({ content, at }: BerValue): string {
  const arcs: bigint[] = []
  let arc = 0n
  let open = false
  for (const byte of content) {
    if (!open && byte === 0x80) throw malformed('not an object identifier', at)
    arc = (arc << 7n) | BigInt(byte & 0x7f)
    open = byte >= 0x80
    if (open) continue
    arcs.push(arc)
    arc = 0n
  }
  const [first] = arcs
  if (open || first === undefined || content.length > 256) throw malformed('not an object identifier', at)
  const top = first < 40n ? 0n : first < 80n ? 1n : 2n
  return [top, first - top * 40n, ...arcs.slice(1)].join('.')
}

/** The numbers of the bits that are set, from 0. Throws `form/der`. */
export function bitsOf({ tag, content, at }: BerValue): readonly number[] {
  const [unused] = content
  if (tag !== TAG.bitString || unused === undefined || unused > 7 || (content.length === 1 && unused > 0))
    throw malformed('not a bit string', at)
  const bits: number[] = []
  const end = (content.length - 1) * 8 - unused
  for (let bit = 0; bit < end; bit++) if (((content[1 + (bit >> 3)] ?? 0) & (0x80 >> (bit & 7))) !== 0) bits.push(bit)
  return bits
}

/** A value in DER. */
export function der(tag: number, ...parts: readonly Uint8Array[]): Uint8Array {
  const content = concatBytes(...parts)
  const { length } = content
  if (length < 0x80) return concatBytes(Uint8Array.of(tag, length), content)
  const digits = length.toString(16)
  const bytes = Uint8Array.fromHex(digits.length % 2 === 0 ? digits : `0${digits}`)
  return concatBytes(Uint8Array.of(tag, 0x80 | bytes.length), bytes, content)
}

export function derInteger(value: string): Uint8Array {
  const digits = BigInt(value).toString(16)
  const even = digits.length % 2 === 0 ? digits : `0${digits}`
  return der(TAG.integer, Uint8Array.fromHex(/^[89a-f]/u.test(even) ? `00${even}` : even))
}

/** `tag` is another than the universal one where it is implicit. */
export function derObjectId(id: string, tag: number = TAG.objectId): Uint8Array {
  const [first = 0n, second = 0n, ...rest] = id.split('.').map(BigInt)
  const bytes = [first * 40n + second, ...rest].flatMap((arc) => {
    const groups: number[] = [Number(arc & 0x7fn)]
    for (let left = arc >> 7n; left > 0n; left >>= 7n) groups.unshift(Number(left & 0x7fn) | 0x80)
    return groups
  })
  return der(tag, Uint8Array.from(bytes))
}

/** Bits by their numbers, without zeros at the end. */
export function derBits(bits: readonly number[]): Uint8Array {
  const last = Math.max(-1, ...bits)
  const content = new Uint8Array(Math.ceil((last + 1) / 8))
  for (const bit of bits) content[bit >> 3] = (content[bit >> 3] ?? 0) | (0x80 >> (bit & 7))
  return der(TAG.bitString, Uint8Array.of(last < 0 ? 0 : 7 - (last & 7)), content)
}

/** A set in the order of DER: of its members by tag number, or of equal members by their bytes. */
export function derSet(members: readonly Uint8Array[], by: 'tag' | 'bytes'): Uint8Array {
  const order = (a: Uint8Array, b: Uint8Array) =>
    by === 'tag' ? ((a[0] ?? 0) & 0x1f) - ((b[0] ?? 0) & 0x1f) : a.toHex() < b.toHex() ? -1 : 1
  return der(TAG.set, ...[...members].sort(order))
}
