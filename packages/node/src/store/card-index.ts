import type { Card } from '@entente/container'
import { sql } from 'kysely'
import type { Database } from './database.ts'

/** Characters up to which a term is looked up in the table of pairs: the other one knows none that are shorter than three. */
const PAIR_CHARACTERS = 2
/** A code point in base 36, at a fixed width, so that the first of a pair is a prefix. */
const CODE_DIGITS = 4

/** One spelling for all that read alike: NFKC (half and full width, ligatures, composed kana), lower case, one blank. */
export function folded(text: string): string {
  return text.normalize('NFKC').toLowerCase().replaceAll(/\s+/gu, ' ').trim()
}

/** Puts the titles of a card into the index under its row. */
export async function indexCard(db: Database, id: number, card: Card): Promise<void> {
  const titles = [card.title.en, card.title.ja].flatMap((title) => (title === undefined ? [] : [folded(title)]))
  await sql`INSERT INTO card_titles (rowid, title) VALUES (${id}, ${titles.join('\n')})`.execute(db)
  const pairs = new Set(titles.flatMap(pairsOf))
  await sql`INSERT INTO card_pairs (rowid, pairs) VALUES (${id}, ${[...pairs].join(' ')})`.execute(db)
}

/**
 * Rows whose title holds folded terms: sets bit `n` in `rows` for the `n`th term; rows beyond its end are left out. Says
 * nothing about who may know of them.
 */
export async function findTitles(db: Database, terms: readonly string[], rows: Uint8Array): Promise<void> {
  for (const [number, term] of terms.entries()) {
    const characters = Array.from(term)
    const { rows: found } = await (
      characters.length > PAIR_CHARACTERS
        ? // As one string of the query language, in which nothing but a quotation mark means anything.
          sql<Found>`SELECT group_concat(rowid) AS ids FROM card_titles WHERE card_titles MATCH ${`"${term.replaceAll('"', '""')}"`}`
        : sql<Found>`SELECT group_concat(rowid) AS ids FROM card_pairs WHERE card_pairs MATCH ${pairQuery(characters)}`
    ).execute(db)
    mark(rows, found[0]?.ids ?? '', 1 << number)
  }
}

interface Found {
  readonly ids: string | null
}

/** Sets a bit at every number of a list; a million of them come as one text sooner than as rows. */
function mark(rows: Uint8Array, ids: string, bit: number): void {
  if (ids === '') return
  let id = 0
  for (let at = 0; at <= ids.length; at++) {
    const code = at < ids.length ? ids.charCodeAt(at) : COMMA
    if (code === COMMA) {
      if (id < rows.length) rows[id] = (rows[id] ?? 0) | bit
      id = 0
    } else id = id * 10 + code - ZERO
  }
}

const COMMA = 0x2c
const ZERO = 0x30

function pairsOf(title: string): string[] {
  const characters = [...Array.from(title), ' ']
  return characters.slice(0, -1).map((character, at) => codeOf(character) + codeOf(characters[at + 1] ?? ' '))
}

function pairQuery([first = '', second]: readonly string[]): string {
  return second === undefined ? `"${codeOf(first)}"*` : `"${codeOf(first)}${codeOf(second)}"`
}

function codeOf(character: string): string {
  return (character.codePointAt(0) ?? 0).toString(36).padStart(CODE_DIGITS, '0')
}
