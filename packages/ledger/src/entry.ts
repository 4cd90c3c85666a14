import * as v from 'valibot'
import {
  type Crypto,
  type Json,
  type Realm,
  type Shape,
  canonicalBytes,
  canonicalText,
  fromHex,
  readCanonical,
  readShape,
  shapes,
  toBase64Url,
  toHex,
  utf8,
} from '@entente/canonical'
import { type LedgerCode, LedgerError } from './errors.ts'
import { MAX_ENTRY_BYTES, assertEntrySize } from './tiles.ts'

/** Most fields of an entry. */
export const MAX_FIELDS = 64
const SALT_BYTES = 32
const SALT_CHARACTERS = 43

/** What an entry says, before it is committed. */
export interface EntryContent {
  readonly realm: Realm
  /** Seconds since 1970-01-01T00:00:00Z. */
  readonly at: number
  /** Names: a letter, then at most 63 letters, digits, `_`, `.`, `-`. One to `MAX_FIELDS` fields. */
  readonly fields: Readonly<Record<string, Json>>
}

/** A field, with the salt that keeps its commitment from being guessed. */
export interface DisclosedField {
  readonly name: string
  /** 32 bytes of chance, URL-safe base64. */
  readonly salt: string
  readonly value: Json
}

/** Opens an entry's commitment: some fields wholly, the others only as their hashes. */
export interface Opening {
  /** By name, ascending. */
  readonly fields: readonly DisclosedField[]
  /** Commitments of the fields that are not disclosed, lower-case hexadecimal, ascending. */
  readonly hidden: readonly string[]
}

/** An entry as far as its opening discloses it. */
export interface OpenedEntry {
  readonly realm: Realm
  readonly at: number
  readonly fields: Readonly<Record<string, Json>>
  /**
   * How many fields stay hidden. A hidden field may bear the name of a disclosed one: whoever relies on a field being
   * the only one of its name asks for 0 here.
   */
  readonly hidden: number
}

const fieldName = v.pipe(v.string(), v.regex(/^[A-Za-z][A-Za-z0-9_.-]{0,63}$/u))

const leafShape: Shape<{ v: 1; realm: Realm; at: number; root: string }> = v.strictObject({
  v: v.literal(1),
  realm: shapes.realm,
  at: shapes.instant,
  root: shapes.sha256,
})

/** The shape of an opening (order and number are checked by `openEntry`). */
export const openingShape: Shape<Opening> = v.strictObject({
  fields: v.pipe(
    v.array(v.strictObject({ name: fieldName, salt: v.pipe(v.string(), v.regex(/^[A-Za-z0-9_-]{43}$/u)), value: shapes.json })),
    v.maxLength(MAX_FIELDS),
  ),
  hidden: v.pipe(v.array(shapes.sha256), v.maxLength(MAX_FIELDS)),
})

/**
 * Makes an entry: the leaf's bytes, which say nothing but realm and time, and the opening of all its fields, which stays
 * with those entitled to it. `random` gives 32 bytes a field.
 * Throws `ledger/field-name` (with `name`), `ledger/entry-malformed`, and what `canonicalBytes` throws.
 */
export function makeEntry(
  crypto: Crypto,
  content: EntryContent,
  random: (length: number) => Uint8Array = (length) => crypto.random(length),
): { readonly leaf: Uint8Array; readonly opening: Opening } {
  const names = Object.keys(content.fields).sort()
  if (names.length === 0 || names.length > MAX_FIELDS)
    throw new LedgerError('ledger/entry-malformed', `an entry has 1 to ${MAX_FIELDS} fields`)
  const fields = names.map((name): DisclosedField => {
    const value = content.fields[name]
    if (!v.is(fieldName, name) || value === undefined) {
      throw new LedgerError('ledger/field-name', `\`${name}\` cannot be a field`, { values: { name } })
    }
    return { name, salt: toBase64Url(random(SALT_BYTES)), value }
  })
  const opening: Opening = { fields, hidden: [] }
  // What is made must open: a time or a salt out of its bounds shows here and not years later.
  const said = { v: 1, realm: content.realm, at: content.at, root: openingRoot(crypto, opening) } as const
  if (!v.is(leafShape, said) || !fields.every(({ salt }) => salt.length === SALT_CHARACTERS))
    throw new LedgerError('ledger/entry-malformed', 'malformed')
  const leaf = canonicalBytes(said)
  assertEntrySize(leaf)
  return { leaf, opening }
}

/**
 * Opens an entry: verifies that the opening is the one that the leaf commits to.
 * Throws `ledger/entry-malformed`, `ledger/opening-malformed`, `ledger/opening-wrong`.
 */
export function openEntry(crypto: Crypto, leaf: Uint8Array, opening: Opening): OpenedEntry {
  const { realm, at, root } = readLeaf(leaf)
  const checked = readOpening(opening)
  if (root !== translate('ledger/opening-malformed', () => openingRoot(crypto, checked))) {
    throw new LedgerError('ledger/opening-wrong', 'the opening is not that of the entry')
  }
  return { realm, at, fields: Object.fromEntries(checked.fields.map(({ name, value }) => [name, value])), hidden: checked.hidden.length }
}

/** What stands in clear in a leaf. Throws `ledger/entry-malformed` for other bytes than `makeEntry` writes. */
export function readLeaf(leaf: Uint8Array): { readonly realm: Realm; readonly at: number; readonly root: string } {
  return translate('ledger/entry-malformed', () => {
    const { realm, at, root } = readShape(leafShape, readCanonical(leaf, MAX_ENTRY_BYTES), 'entry')
    return { realm, at, root }
  })
}

/** Checks an opening that came from outside. Throws `ledger/opening-malformed` unless its members are in order, unique, 1 to `MAX_FIELDS`. */
export function readOpening(value: unknown): Opening {
  const opening = translate('ledger/opening-malformed', () => readShape(openingShape, value, 'opening'))
  const count = opening.fields.length + opening.hidden.length
  if (count === 0 || count > MAX_FIELDS) throw new LedgerError('ledger/opening-malformed', `an opening has 1 to ${MAX_FIELDS} fields`)
  if (!ascending(opening.fields.map(({ name }) => name)) || !ascending(opening.hidden)) {
    throw new LedgerError('ledger/opening-malformed', 'fields stand by name, hashes by value, each once')
  }
  return opening
}

function ascending(texts: readonly string[]): boolean {
  return texts.every((text, at) => {
    const before = texts[at - 1]
    return before === undefined || before < text
  })
}

/** Hides further fields of an opening. Throws `ledger/field-unknown` (with `name`) for one that it does not disclose. */
export function redact(crypto: Crypto, opening: Opening, names: readonly string[]): Opening {
  for (const name of names) {
    if (!opening.fields.some((field) => field.name === name)) {
      throw new LedgerError('ledger/field-unknown', `the opening does not disclose \`${name}\``, { values: { name } })
    }
  }
  const hide = new Set(names)
  const hashes = opening.fields.filter(({ name }) => hide.has(name)).map((field) => toHex(commitment(crypto, field)))
  return { fields: opening.fields.filter(({ name }) => !hide.has(name)), hidden: [...opening.hidden, ...hashes].sort() }
}

/** Discloses only these fields of an opening and hides every other. Throws `ledger/field-unknown` (with `name`). */
export function discloseOnly(crypto: Crypto, opening: Opening, names: readonly string[]): Opening {
  const others = opening.fields.map(({ name }) => name).filter((name) => !names.includes(name))
  const unknown = names.find((name) => !opening.fields.some((field) => field.name === name))
  if (unknown !== undefined) {
    throw new LedgerError('ledger/field-unknown', `the opening does not disclose \`${unknown}\``, { values: { name: unknown } })
  }
  return redact(crypto, opening, others)
}

/** INVARIANT: the field is of an opening that was checked or made here, for the text is put together by hand. */
function commitment(crypto: Crypto, { name, salt, value }: DisclosedField): Uint8Array {
  // Canonical JSON: neither a name nor a salt has anything to escape.
  return crypto.sha256(utf8(`{"name":"${name}","salt":"${salt}","value":${canonicalText(value)}}`))
}

function openingRoot(crypto: Crypto, opening: Opening): string {
  // Sorted by value, so that the order of commitments says nothing of the names.
  const hashes = [...opening.fields.map((field) => toHex(commitment(crypto, field))), ...opening.hidden].sort()
  return toHex(crypto.sha256(fromHex(hashes.join(''))))
}

function translate<T>(code: LedgerCode, read: () => T): T {
  try {
    return read()
  } catch (cause) {
    throw new LedgerError(code, 'malformed', { cause })
  }
}
