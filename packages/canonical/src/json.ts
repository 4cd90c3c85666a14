import { CanonicalError } from './errors.ts'
import { fromUtf8, utf8 } from './bytes.ts'

/** What may be signed: strings, safe integers, booleans, arrays and objects. No fractions, no null (absent is absent). */
export type Json = string | number | boolean | readonly Json[] | { readonly [member: string]: Json | undefined }

/** How deep nested JSON may be, everywhere. */
export const MAX_DEPTH = 32
/** The largest JSON document that is read where the caller gives no bound: 1 MiB. */
export const MAX_JSON_BYTES = 1_048_576

/**
 * RFC 8785 (JSON Canonicalization Scheme) bytes of a value, restricted to `Json`: members sorted by UTF-16 code unit,
 * shortest escapes, no white space. Members whose value is `undefined` are left out.
 * Throws `canonical/number-not-integer`, `canonical/lone-surrogate`, `canonical/null`, `canonical/too-deep`.
 */
export function canonicalBytes(value: Json): Uint8Array<ArrayBuffer> {
  return utf8(canonicalText(value))
}

/** As `canonicalBytes`, as text. */
export function canonicalText(value: Json): string {
  return write(value, 0)
}

function write(value: unknown, depth: number): string {
  if (depth > MAX_DEPTH) throw new CanonicalError('canonical/too-deep', `nested deeper than ${MAX_DEPTH}`)
  switch (typeof value) {
    case 'string':
      return writeString(value)
    case 'boolean':
      return value ? 'true' : 'false'
    case 'number':
      if (!Number.isSafeInteger(value)) {
        throw new CanonicalError('canonical/number-not-integer', 'numbers must be integers within 2^53')
      }
      return Object.is(value, -0) ? '0' : String(value)
    case 'object': {
      if (value === null) throw new CanonicalError('canonical/null', 'null is not allowed; leave the member out')
      return Array.isArray(value) ? writeArray(value, depth) : writeObject(value as Record<string, unknown>, depth)
    }
    default:
      throw new CanonicalError('canonical/not-json', `a ${typeof value} is not JSON`)
  }
}

function writeArray(items: readonly unknown[], depth: number): string {
  let text = '['
  // By index: a hole is no JSON either, and `forEach` would pass over it.
  for (let at = 0; at < items.length; at++) text += at === 0 ? write(items[at], depth + 1) : `,${write(items[at], depth + 1)}`
  return `${text}]`
}

function writeObject(members: Readonly<Record<string, unknown>>, depth: number): string {
  let text = '{'
  for (const name of inOrder(Object.keys(members))) {
    const member = members[name]
    if (member !== undefined) text += `${text === '{' ? '' : ','}${writeName(name)}:${write(member, depth + 1)}`
  }
  return `${text}}`
}

/** Most objects come in order already: they were read from canonical bytes. */
function inOrder(names: string[]): readonly string[] {
  for (let at = 1; at < names.length; at++) if ((names[at - 1] as string) > (names[at] as string)) return names.sort()
  return names
}

/** Names as they are written: the same few again and again, so that the first ones are kept. */
const writtenNames = new Map<string, string>()
const NAMES_KEPT = 1_024
const LONGEST_NAME_KEPT = 32

function writeName(name: string): string {
  const known = writtenNames.get(name)
  if (known !== undefined) return known
  const written = writeString(name)
  if (name.length <= LONGEST_NAME_KEPT && writtenNames.size < NAMES_KEPT) writtenNames.set(name, written)
  return written
}

function writeString(text: string): string {
  if (!text.isWellFormed()) throw new CanonicalError('canonical/lone-surrogate', 'text holds half a surrogate pair')
  return JSON.stringify(text)
}

/**
 * Strict JSON (RFC 8259, I-JSON RFC 7493): valid UTF-8, no duplicate member, safe integers only, no null, at most
 * `MAX_DEPTH` deep and `maxBytes` long. Returns own plain data.
 * Throws `CanonicalError` with `values.at`, the character at which reading stopped.
 */
export function readJson(bytes: Uint8Array, maxBytes: number = MAX_JSON_BYTES): Json {
  const text = textOf(bytes, maxBytes)
  return valueOfPlain(text, false) ?? new Reader(text).read()
}

function textOf(bytes: Uint8Array, maxBytes: number): string {
  if (bytes.length > maxBytes) {
    throw new CanonicalError('canonical/too-large', `longer than ${maxBytes} bytes`, { values: { limit: maxBytes } })
  }
  return fromUtf8(bytes)
}

/** As `readJson`, and the bytes must be the canonical ones; else `canonical/not-canonical`. */
export function readCanonical(bytes: Uint8Array, maxBytes: number = MAX_JSON_BYTES): Json {
  const text = textOf(bytes, maxBytes)
  const known = valueOfPlain(text, true)
  if (known !== undefined) return known
  const value = new Reader(text).read()
  if (canonicalText(value) !== text) {
    throw new CanonicalError('canonical/not-canonical', 'bytes are not in canonical form')
  }
  return value
}

/**
 * The value of text that the host writes again as it stands, several times faster than by the strict reader; undefined for all
 * other text. The host's parser forgives doubled members, white space and other spellings, but what it makes of them is not
 * written as the same text. What it writes alike and we do not take is looked for: fractions, null, depth, half a surrogate pair,
 * and, where `inOrder`, members in another order than ours.
 */
function valueOfPlain(text: string, inOrder: boolean): Json | undefined {
  try {
    const value = JSON.parse(text) as unknown
    // Decoded from UTF-8 a text is well formed: half a pair can only be escaped, and the host escapes it just so.
    return JSON.stringify(value) === text && !text.includes('\\ud') && isOurs(value, 0, inOrder) ? (value as Json) : undefined
  } catch {
    // The strict reader says what is wrong, and where.
    return undefined
  }
}

/** Whether what the host's parser made is `Json`, no deeper than we read, and with its members in canonical order if they must be. */
function isOurs(value: unknown, depth: number, inOrder: boolean): boolean {
  if (depth > MAX_DEPTH || value === null) return false
  // Minus zero is written as `0`, so that its text never comes here.
  if (typeof value === 'number') return Number.isSafeInteger(value)
  if (typeof value !== 'object') return true
  if (Array.isArray(value)) return value.every((item) => isOurs(item, depth + 1, inOrder))
  let before = ''
  for (const name of Object.keys(value)) {
    if (inOrder && before > name) return false
    before = name
    if (!isOurs((value as Record<string, unknown>)[name], depth + 1, inOrder)) return false
  }
  return true
}

const STRING = /"(?:[^"\\\u0000-\u001f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"/uy
/** What the inside of a string may hold only escaped, and the mark of an escape. */
const NOT_PLAIN = /[\\\u0000-\u001f]/
const NUMBER = /-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?/uy
const SPACE = /[ \t\n\r]*/uy

class Reader {
  readonly #text: string
  #at = 0

  constructor(text: string) {
    this.#text = text
  }

  read(): Json {
    const value = this.#value(0)
    this.#space()
    if (this.#at !== this.#text.length) throw this.#error('canonical/not-json', 'something follows the value')
    return value
  }

  #value(depth: number): Json {
    if (depth > MAX_DEPTH) throw this.#error('canonical/too-deep', `nested deeper than ${MAX_DEPTH}`)
    this.#space()
    switch (this.#text[this.#at]) {
      case '{':
        return this.#object(depth)
      case '[':
        return this.#array(depth)
      case '"':
        return this.#string()
      case 't':
        return this.#word('true', true)
      case 'f':
        return this.#word('false', false)
      case 'n':
        throw this.#error('canonical/null', 'null is not allowed; leave the member out')
      default:
        return this.#number()
    }
  }

  #object(depth: number): Json {
    const members: [string, Json][] = []
    const names = new Set<string>()
    this.#at++
    this.#space()
    if (this.#take('}')) return {}
    for (;;) {
      this.#space()
      const name = this.#string()
      if (names.has(name)) throw this.#error('canonical/duplicate-member', 'a member stands twice')
      names.add(name)
      this.#space()
      if (!this.#take(':')) throw this.#error('canonical/not-json', 'expected `:`')
      members.push([name, this.#value(depth + 1)])
      this.#space()
      if (this.#take(',')) continue
      // `fromEntries` defines own members, so that `__proto__` is data like any other name.
      if (this.#take('}')) return Object.fromEntries(members)
      throw this.#error('canonical/not-json', 'expected `,` or `}`')
    }
  }

  #array(depth: number): Json {
    const items: Json[] = []
    this.#at++
    this.#space()
    if (this.#take(']')) return items
    for (;;) {
      items.push(this.#value(depth + 1))
      this.#space()
      if (this.#take(',')) continue
      if (this.#take(']')) return items
      throw this.#error('canonical/not-json', 'expected `,` or `]`')
    }
  }

  #string(): string {
    // Nearly every string is plain: then its end is the next quotation mark.
    if (this.#text[this.#at] === '"') {
      const end = this.#text.indexOf('"', this.#at + 1)
      const plain = this.#text.slice(this.#at + 1, end)
      if (end !== -1 && !NOT_PLAIN.test(plain)) {
        this.#at = end + 1
        // Text decoded from UTF-8 is well formed; half a pair can only be escaped.
        return plain
      }
    }
    STRING.lastIndex = this.#at
    const match = STRING.exec(this.#text)
    if (match === null) throw this.#error('canonical/not-json', 'expected a string')
    this.#at = STRING.lastIndex
    const text = JSON.parse(match[0]) as string
    if (!text.isWellFormed()) throw this.#error('canonical/lone-surrogate', 'text holds half a surrogate pair')
    return text
  }

  #number(): number {
    NUMBER.lastIndex = this.#at
    const match = NUMBER.exec(this.#text)
    if (match === null || match[0] === '') throw this.#error('canonical/not-json', 'expected a value')
    const value = Number(match[0])
    if (!Number.isSafeInteger(value) || !/^-?[0-9]+$/u.test(match[0]) || Object.is(value, -0)) {
      throw this.#error('canonical/number-not-integer', 'numbers must be integers within 2^53')
    }
    this.#at = NUMBER.lastIndex
    return value
  }

  #word(word: string, value: boolean): boolean {
    if (!this.#text.startsWith(word, this.#at)) throw this.#error('canonical/not-json', 'expected a value')
    this.#at += word.length
    return value
  }

  #space(): void {
    if (this.#text.charCodeAt(this.#at) > 0x20) return
    SPACE.lastIndex = this.#at
    SPACE.exec(this.#text)
    this.#at = SPACE.lastIndex
  }

  #take(mark: string): boolean {
    if (this.#text[this.#at] !== mark) return false
    this.#at++
    return true
  }

  #error(code: CanonicalError['code'], message: string): CanonicalError {
    return new CanonicalError(code, `${message} at character ${this.#at}`, { values: { at: this.#at } })
  }
}
