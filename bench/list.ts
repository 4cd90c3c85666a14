/**
 * Lists over many items, for a reader of much and for one of little: the first page, a page in the middle, the count. Beside
 * each stands the bare SQLite query without any permission, over the same database in the same run.
 */
import { type Filled, fill, measure, printHead, printMemory, row, sizesOf } from './cards/filled.ts'

const TIMES = 200
const PAGE = 100
const DEEP = 0.5

/** Runs the benchmark and prints its figures. */
export async function bench(args: readonly string[]): Promise<void> {
  printHead()
  for (const size of sizesOf(args)) {
    await using filled = await fill(size)
    await lists(filled)
    await printMemory()
  }
}

/** The figures of lists over a filled projection. */
export async function lists(filled: Filled): Promise<void> {
  const { bare, now } = filled
  const newest = bare.prepare('SELECT * FROM items WHERE mac IS NOT NULL ORDER BY released_at DESC, item DESC LIMIT ?')
  const older = bare.prepare(
    'SELECT * FROM items WHERE mac IS NOT NULL AND (released_at, item) < (?, ?) ORDER BY released_at DESC, item DESC LIMIT ?',
  )
  const counted = bare.prepare('SELECT count(*) FROM items WHERE mac IS NOT NULL AND expires_at > ?')
  const middle = bare
    .prepare('SELECT released_at, item FROM items WHERE mac IS NOT NULL ORDER BY released_at DESC, item DESC LIMIT 1 OFFSET ?')
    .get(Math.floor(filled.count * DEEP)) as { readonly released_at: number; readonly item: string }
  const count = await measure(20, () => counted.get(now))
  const first = await measure(TIMES, () => [newest.all(PAGE), counted.get(now)])
  const deep = await measure(TIMES, () => [older.all(middle.released_at, middle.item, PAGE), counted.get(now)])
  row('an entry in the ledger, alone', await measure(TIMES, () => filled.enter()))
  row('bare count, alone', count)
  for (const reader of filled.readers) {
    await filled.sign(reader, {})
    const page = await filled.list(reader, {})
    const half = Math.max(1, Math.floor(page.count * DEEP))
    const after = await filled.cursorAfter(reader, half)
    await filled.sign(reader, { after })
    console.log(`${reader.name} reader: may list ${page.count.toLocaleString('en')}; a page has ${page.items.length} lines and the count`)
    row('  first page, nothing verified before', await measure(10, () => filled.listAnew(reader, {})), first)
    row('  first page', await measure(TIMES, () => filled.list(reader, {})), first)
    row(`  page after ${half.toLocaleString('en')}`, await measure(TIMES, () => filled.list(reader, { after })), deep)
    await filled.sign(reader, { limit: 1 })
    row('  count and one line', await measure(TIMES, () => filled.list(reader, { limit: 1 })), count)
  }
}
