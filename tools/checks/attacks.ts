import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Check, type Source, place, sources } from './check.ts'

const PAGE = 'spec/attacks.md'
/** Its table of two insiders names rows of the page. */
const INSIDERS = 'SECURITY.md'
/** Packages whose readers must all stand in the page: whatever comes from outside is read in one of them. */
const READING = '{canonical,agreement,label,clearance,container,exchange,ledger,decision}'
const READER = /export (?:async )?function\*? (?<name>(?:parse|read|decode)[A-Z][A-Za-z0-9]*)/gu
/** A file, and the name of a test in it: `` `packages/node/test/engine.test.ts` "an act is durable" ``. */
const REFERENCE = /`(?<path>[^`]+)` "(?<name>[^"]+)"/gu
const NOT_APPLICABLE = 'does not apply: '
const NOT_HOSTILE = 'reads nothing that a stranger wrote: '
const HEADER = /^\| (?:id|parser) \|/u

export const attacks: Check = {
  name: 'attacks',
  promise: `every attack and every reader of ${PAGE} names tests that exist; every reader has vectors, as many refused as read`,
  run(root) {
    if (!existsSync(join(root, PAGE))) return [`${PAGE} is not there`]
    const page = { path: PAGE, text: readFileSync(join(root, PAGE), 'utf8') }
    const rows = rowsOf(page)
    const ids = rows.map(({ cells }) => cells[0] ?? '')
    return [
      ...rows.flatMap((row) => (row.kind === 'id' ? attackFindings(root, row) : readerFindings(root, row))),
      ...ids.filter((id, at) => ids.indexOf(id) !== at).map((id) => `${PAGE}: \`${id}\` stands twice`),
      ...insiderFindings(root, ids),
      ...unlistedReaders(root, rows),
    ]
  },
}

interface Row {
  readonly kind: 'id' | 'parser'
  readonly where: string
  readonly cells: readonly string[]
}

/** The rows of the tables whose first column is `id` or `parser`. */
function rowsOf(page: Source): readonly Row[] {
  const rows: Row[] = []
  let kind: Row['kind'] | undefined
  let at = 0
  for (const line of page.text.split('\n')) {
    if (HEADER.test(line)) kind = line.startsWith('| id |') ? 'id' : 'parser'
    else if (!line.startsWith('|')) kind = undefined
    else if (kind !== undefined && !line.startsWith('| ---')) {
      const cells = line.slice(1, line.lastIndexOf('|')).split('|')
      rows.push({ kind, where: place(page, at), cells: cells.map((cell) => cell.trim()) })
    }
    at += line.length + 1
  }
  return rows
}

function attackFindings(root: string, { where, cells }: Row): readonly string[] {
  const [id = '', attack = '', must = '', shown = ''] = cells
  if (cells.length !== 4 || id === '' || attack === '' || must === '') return [`${where}: four cells, none of them empty`]
  return shown.startsWith(NOT_APPLICABLE) && shown.length > NOT_APPLICABLE.length + 10 ? [] : referenceFindings(root, where, shown)
}

/** Each test named must be there; a cell without one is a finding. */
function referenceFindings(root: string, where: string, cell: string): readonly string[] {
  const references = [...cell.matchAll(REFERENCE)].map(({ groups }) => ({ path: groups?.['path'] ?? '', name: groups?.['name'] ?? '' }))
  if (references.length === 0) return [`${where}: names no test`]
  return references.flatMap(({ path, name }) => {
    if (!existsSync(join(root, path))) return [`${where}: \`${path}\` is not there`]
    return hasName(readFileSync(join(root, path), 'utf8'), path, name) ? [] : [`${where}: \`${path}\` has no "${name}"`]
  })
}

/** A test's name is a whole string of its file; in what is no test file of ours it may stand anywhere. */
function hasName(text: string, path: string, name: string): boolean {
  if (!path.endsWith('.test.ts')) return text.includes(name)
  const plain = text.replaceAll("\\'", "'")
  return ["'", '"', '`'].some((quote) => plain.includes(`${quote}${name}${quote}`))
}

function readerFindings(root: string, { where, cells }: Row): readonly string[] {
  const [reader = '', fuzz = '', vectors = ''] = cells
  const { path = '', name = '' } = /^`(?<name>\w+)` `(?<path>[^`]+)`$/u.exec(reader)?.groups ?? {}
  if (
    !existsSync(join(root, path)) ||
    !new RegExp(`export (?:async )?(?:function\\*?|const) ${name}\\b`, 'u').test(readFileSync(join(root, path), 'utf8'))
  )
    return [`${where}: \`${path}\` does not export \`${name}\``]
  if (fuzz.startsWith(NOT_HOSTILE)) return []
  return [...referenceFindings(root, where, fuzz), ...vectorFindings(root, where, name, vectors)]
}

function vectorFindings(root: string, where: string, name: string, cell: string): readonly string[] {
  const path = /^`(?<path>spec\/vectors\/[^`]+\.json)`$/u.exec(cell)?.groups?.['path'] ?? ''
  if (!existsSync(join(root, path)) || path === '') return [`${where}: vectors \`${cell}\` are not there`]
  const { accepted, refused } = counts(JSON.parse(readFileSync(join(root, path), 'utf8')) as Vectors, name)
  return accepted > 0 && refused >= accepted ? [] : [`${where}: ${path} has ${accepted} read and ${refused} refused for ${name}`]
}

/** The forms that vector files have. */
interface Vectors {
  readonly accept?: readonly unknown[]
  readonly reject?: readonly unknown[]
  readonly readers?: readonly { readonly parser: string; readonly accept: readonly unknown[]; readonly reject: readonly unknown[] }[]
  readonly cases?: readonly { readonly result?: string; readonly refused?: string }[]
  readonly vectors?: readonly { readonly expect: string }[]
}

function counts(file: Vectors, name: string): { readonly accepted: number; readonly refused: number } {
  const readers = file.readers?.filter(({ parser }) => parser.split(' ', 1)[0] === name)
  if (readers !== undefined)
    return { accepted: sum(readers.map(({ accept }) => accept)), refused: sum(readers.map(({ reject }) => reject)) }
  if (file.accept !== undefined) return { accepted: file.accept.length, refused: file.reject?.length ?? 0 }
  const good = [
    ...(file.cases ?? []).map(
      ({ result, refused }) => refused === undefined && (result === undefined || result === 'ok' || result === '200'),
    ),
    ...(file.vectors ?? []).map(({ expect }) => expect === 'opened' || expect === 'accept'),
  ]
  const accepted = good.filter(Boolean).length
  return { accepted, refused: good.length - accepted }
}

function sum(lists: readonly (readonly unknown[])[]): number {
  return lists.reduce((total, list) => total + list.length, 0)
}

/** The table of two insiders and its tests are two pages: what one names, the other has. */
function insiderFindings(root: string, ids: readonly string[]): readonly string[] {
  const text = readFileSync(join(root, INSIDERS), 'utf8')
  const named = new Set([...text.matchAll(/\b(?:I-\d+|P\d+-[a-z]+)\b/gu)].map(([id]) => id))
  return [
    ...[...named].filter((id) => !ids.includes(id)).map((id) => `${INSIDERS}: \`${id}\` does not stand in ${PAGE}`),
    ...ids.filter((id) => id.startsWith('I-') && !named.has(id)).map((id) => `${PAGE}: \`${id}\` is no cell of ${INSIDERS}`),
  ]
}

/** A reader that nobody listed is one that nobody tried. */
function unlistedReaders(root: string, rows: readonly Row[]): readonly string[] {
  const listed = new Set(rows.filter(({ kind }) => kind === 'parser').map(({ cells }) => cells[0]))
  return sources(root, `packages/${READING}/src/**/*.ts`).flatMap((source) =>
    [...source.text.matchAll(READER)]
      .filter(({ groups }) => !listed.has(`\`${groups?.['name'] ?? ''}\` \`${source.path}\``))
      .map((match) => `${place(source, match.index)}: \`${match.groups?.['name'] ?? ''}\` does not stand in ${PAGE}`),
  )
}
