import * as v from 'valibot'
import { type Shape, canonicalBytes, readDocument, shapes } from '@entente/canonical'
import { type Opening, openingShape, readOpening } from './entry.ts'
import { LedgerError } from './errors.ts'

/** Largest disclosure that is read: 64 MiB. */
export const MAX_DISCLOSURE_BYTES = 67_108_864

/** The opening of the entry at an index. */
export interface DisclosedEntry {
  readonly index: number
  readonly opening: Opening
}

/** What one auditor may see of one log. */
export interface Disclosure {
  /** Origin of the log. */
  readonly log: string
  /** By index, ascending, each once. */
  readonly entries: readonly DisclosedEntry[]
}

const disclosureShape: Shape<Disclosure> = v.strictObject({
  log: v.pipe(v.string(), v.minLength(1), v.maxLength(255)),
  entries: v.array(v.strictObject({ index: shapes.natural, opening: openingShape })),
})

/** Reads a disclosure file (strict JSON). Throws `ledger/disclosure-malformed`; whether openings hold shows only against the log. */
export function parseDisclosure(bytes: Uint8Array): Disclosure {
  let disclosure: Disclosure
  try {
    disclosure = readDocument(disclosureShape, bytes, 'disclosure', MAX_DISCLOSURE_BYTES)
    for (const { opening } of disclosure.entries) readOpening(opening)
  } catch (cause) {
    throw new LedgerError('ledger/disclosure-malformed', 'not a disclosure', { cause })
  }
  assertOrder(disclosure)
  return disclosure
}

/** The canonical bytes of a disclosure. Throws `ledger/disclosure-malformed` where entries are out of order. */
export function printDisclosure(disclosure: Disclosure): Uint8Array<ArrayBuffer> {
  assertOrder(disclosure)
  const entries = disclosure.entries.map(({ index, opening }) => ({
    index,
    opening: { fields: opening.fields.map(({ name, salt, value }) => ({ name, salt, value })), hidden: opening.hidden },
  }))
  return canonicalBytes({ log: disclosure.log, entries })
}

function assertOrder(disclosure: Disclosure): void {
  let last = -1
  for (const { index } of disclosure.entries) {
    if (index <= last) throw new LedgerError('ledger/disclosure-malformed', 'entries stand by index, each once')
    last = index
  }
}
