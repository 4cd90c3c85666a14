/** What spec/leaks.md says may differ: the list that the comparison goes by. */
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'

const PAGE = join(import.meta.dirname, '../../spec/leaks.md')
const ROW = /^\| `(?<name>[a-z-]+)` \|.*\| (?<compared>[a-z]+) \|$/u

/** Names of leaks by how they are compared. */
export interface Leaks {
  readonly masked: ReadonlySet<string>
  readonly outside: ReadonlySet<string>
}

/** Reads a page's table. Throws where a row of it has no name, no known class, or a name that stands there already. */
export function readLeaks(page: string): Leaks {
  const found = { masked: new Set<string>(), outside: new Set<string>() }
  const rows = page.split('\n').filter((line) => line.startsWith('| ') && !/^\| (?:name|---) \|/u.test(line))
  for (const row of rows) {
    const { name = '', compared = '' } = ROW.exec(row)?.groups ?? {}
    const names = compared === 'masked' || compared === 'outside' ? found[compared] : undefined
    if (names === undefined || found.masked.has(name) || found.outside.has(name)) throw new Error(`spec/leaks.md: not a row of it: ${row}`)
    names.add(name)
  }
  return found
}

/** The page of this repository. */
export async function leaksOfSpec(): Promise<Leaks> {
  return readLeaks(await readFile(PAGE, 'utf8'))
}

/** Names that are used and are not masked on the page, and names that are masked there and never used. */
export function unaccounted(leaks: Leaks, used: ReadonlySet<string>): { readonly notOnPage: string[]; readonly unused: string[] } {
  return { notOnPage: [...used.difference(leaks.masked)].sort(), unused: [...leaks.masked.difference(used)].sort() }
}
