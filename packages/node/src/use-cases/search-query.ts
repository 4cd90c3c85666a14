import { areaAndAbove } from '@entente/agreement'
import { type MarkingPolicy, printMarking } from '@entente/label'
import { NodeError } from '../errors.ts'
import { folded } from '../store/card-index.ts'
import type { Likeness } from '../store/likeness.ts'
import type { Trust } from '../trust.ts'

/** What a person searches for, read. */
export interface Search {
  /** Folded words and quoted phrases; an item holds each of them, somewhere. At most eight. */
  readonly terms: readonly string[]
  /** Chips by name: an item fits each of them. */
  readonly chips: readonly { readonly name: Exclude<ChipName, 'since'>; readonly value: string }[]
  /** Seconds; 0 without the chip. */
  readonly since: number
}

type ChipName = 'origin' | 'level' | 'area' | 'since'

/** As long as a query may be, in UTF-16 units. */
export const MAX_QUERY_LENGTH = 256
/** A term has a bit of a byte. */
const MAX_TERMS = 8
const CHIPS: readonly string[] = ['origin', 'level', 'area', 'since'] satisfies ChipName[]
/** A chip's name, then a phrase in quotation marks or a word. */
const PIECE = /(?:(?<chip>[a-z]+):)?(?:"(?<phrase>[^"]*)"|(?<word>[^\s"]+))(?=\s|$)\s*/uy
const NAME_ONLY = /^[a-z]+:$/u

/**
 * Reads a query: words and `"phrases"`, and the chips `origin:`, `level:`, `area:`, `since:2026-11-01` (that day in UTC and
 * later). Half and full width, upper and lower case are alike. Throws `node/bad-search` with the piece that does not read.
 */
export function readSearch(query: string): Search {
  const text = folded(query)
  if (query.length > MAX_QUERY_LENGTH || !text.isWellFormed() || /\p{Cc}/u.test(text)) throw unreadable(text.slice(0, 40))
  const terms = new Set<string>()
  const chips: Search['chips'][number][] = []
  let since = 0
  PIECE.lastIndex = 0
  for (let at = 0; at < text.length; at = PIECE.lastIndex) {
    const rest = text.slice(at)
    const { chip, phrase, word } = PIECE.exec(text)?.groups ?? {}
    const value = (phrase ?? word ?? '').trim()
    if (value === '' || (phrase === undefined && chip === undefined && NAME_ONLY.test(value))) throw unreadable(rest)
    if (chip === undefined) terms.add(value)
    else if (chip === 'since') since = Math.max(since, startOf(value, rest))
    else if (isChip(chip)) chips.push({ name: chip, value })
    else throw unreadable(rest)
  }
  if (terms.size > MAX_TERMS) throw unreadable([...terms].slice(MAX_TERMS).join(' '))
  return { terms: [...terms], chips, since }
}

function isChip(name: string): name is Exclude<ChipName, 'since'> {
  return name !== 'since' && CHIPS.includes(name)
}

function startOf(day: string, piece: string): number {
  const start = /^\d{4}-\d{2}-\d{2}$/u.test(day) ? Date.parse(`${day}T00:00:00Z`) : Number.NaN
  if (Number.isNaN(start) || start < 0 || new Date(start).toISOString().slice(0, 10) !== day) throw unreadable(piece)
  return start / 1_000
}

function unreadable(term: string): NodeError {
  return new NodeError('node/bad-search', 'the search does not read', { values: { term: term.slice(0, 40) } })
}

/** What all items of one likeness have in common, folded for searching. */
interface CommonText {
  readonly origin: string
  readonly area: string
  /** The classification in each of its spellings. */
  readonly levels: readonly string[]
  readonly all: string
}

const common = new WeakMap<Likeness, CommonText>()

function commonText(likeness: Likeness, policies: ReadonlyMap<string, MarkingPolicy>): CommonText {
  const before = common.get(likeness)
  if (before !== undefined) return before
  const policy = policies.get(likeness.label.policy)
  const classification = policy?.classifications.find(({ code }) => code === likeness.label.classification)
  const named = classification === undefined ? [] : [classification.banner, classification.names.en, classification.names.ja]
  const levels = [likeness.label.classification, ...named].map(folded)
  const origin = folded(likeness.originator)
  const area = folded(likeness.area)
  const marking = policy === undefined ? '' : folded(printMarking({ ...likeness.label, created: 0 }, policy, { form: 'banner' }))
  const names = policy === undefined ? [] : [policy.nationNames.en, policy.nationNames.ja].map(folded)
  const text = { origin, area, levels, all: [origin, ...names, area, marking, ...levels].join('\n') }
  common.set(likeness, text)
  return text
}

/** Whether items of a likeness fit the chips that are about what they have in common; an area stands for those below it too. */
export function fitsChips(
  { chips }: Search,
  likeness: Likeness,
  policies: ReadonlyMap<string, MarkingPolicy>,
  agreements: Trust['agreements'],
): boolean {
  if (chips.length === 0) return true
  const { origin, area, levels } = commonText(likeness, policies)
  const above = [...agreements.values()].flatMap((versions) => areaAndAbove(versions.at(-1)?.body.areas ?? [], likeness.area)).map(folded)
  const fits = { origin: [origin], area: [area, ...above], level: levels } as const
  return chips.every(({ name, value }) => fits[name].includes(value))
}

/** One bit for each term that the area, originator or marking of a likeness holds. */
export function commonTerms({ terms }: Search, likeness: Likeness, policies: ReadonlyMap<string, MarkingPolicy>): number {
  const { all } = commonText(likeness, policies)
  return terms.reduce((bits, term, number) => (all.includes(term) ? bits | (1 << number) : bits), 0)
}
