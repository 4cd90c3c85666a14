/**
 * Searches over many cards, for a reader of much and for one of little. Beside each stands the bare query on the same index
 * without any permission: the newest page by row and the count.
 */
import { type Filled, fill, measure, printHead, printMemory, row, sizesOf } from './cards/filled.ts'
import { WORDS } from './cards/generator.ts'

const TIMES = 40
const PAGE = 100

/** What is searched for, and what the bare index is asked for the same. */
const SEARCHES: readonly {
  readonly what: string
  readonly q: string
  readonly index: 'card_titles' | 'card_pairs'
  readonly match: string
}[] = [
  { what: 'in every title', q: 'exercise', index: 'card_titles', match: '"exercise"' },
  { what: 'common word', q: WORDS.common, index: 'card_titles', match: `"${WORDS.common}"` },
  { what: 'common, two characters', q: WORDS.commonShort, index: 'card_pairs', match: `"${pair(WORDS.commonShort)}"` },
  { what: 'rare word', q: WORDS.rare, index: 'card_titles', match: `"${WORDS.rare}"` },
  { what: 'no hit', q: WORDS.none, index: 'card_titles', match: `"${WORDS.none}"` },
]

/** Runs the benchmark and prints its figures. */
export async function bench(args: readonly string[]): Promise<void> {
  printHead()
  for (const size of sizesOf(args)) {
    await using filled = await fill(size)
    await searches(filled)
    await printMemory()
  }
}

/** The figures of searches over a filled projection. */
export async function searches(filled: Filled): Promise<void> {
  for (const { what, q, index, match } of SEARCHES) {
    const page = filled.bare.prepare(
      `SELECT items.* FROM ${index} JOIN items ON items.id = ${index}.rowid WHERE ${index} MATCH ? ORDER BY ${index}.rowid DESC LIMIT ?`,
    )
    const counted = filled.bare.prepare(`SELECT count(*) AS hits FROM ${index} WHERE ${index} MATCH ?`)
    const { hits } = counted.get(match) as { readonly hits: number }
    const limit = await measure(TIMES, () => [page.all(match, PAGE), counted.get(match)])
    console.log(`${what}: \`${q}\` stands in ${hits.toLocaleString('en')} titles`)
    for (const reader of filled.readers) {
      await filled.sign(reader, { q })
      const { count } = await filled.list(reader, { q })
      row(`  ${reader.name} reader, finds ${count.toLocaleString('en')}`, await measure(TIMES, () => filled.list(reader, { q })), limit)
    }
  }
}

/** Two characters as the index of pairs has them. */
function pair(text: string): string {
  return Array.from(text, (character) => (character.codePointAt(0) ?? 0).toString(36).padStart(4, '0')).join('')
}
