import type { MarkingForm, MarkingPolicy, Obsolete } from './model.ts'
import { isJapanese } from './text.ts'
import { oncePer } from './once-per.ts'

/** A word of a marking: what it stands for in its policy. */
export type Term =
  | { readonly kind: 'classification'; readonly code: string; readonly banner: string; readonly portion: string }
  | { readonly kind: 'category'; readonly code: string; readonly tag: string; readonly banner: string; readonly portion: string }
  | { readonly kind: 'person'; readonly code: string; readonly banner: string; readonly portion: string }

type Spellings = ReadonlyMap<string, Term>

/** Every spelling of a policy in its normal form, by form. */
export interface Vocabulary {
  readonly levels: Readonly<Record<MarkingForm, Spellings>>
  readonly caveats: Readonly<Record<MarkingForm, Spellings>>
  /** Words that the policy no longer has, with what they are read as where a reading is lenient. */
  readonly obsolete: ReadonlyMap<string, { readonly term: Term; readonly obsolete: Obsolete }>
}

/** First words that a component may have apart from a caveat. */
const KEYWORDS = /^(?:REL|ORIGIN)(?: |$)/u

/**
 * The normal form in which spellings are compared: NFKC (so full-width letters are letters), runs of white space one
 * space, ASCII letters in upper case. Only ASCII is folded: no other alphabet may pass for it.
 */
export function normalSpelling(text: string): string {
  const plain = inUpperCase(text)
  if (plain !== undefined) return plain
  const composed = text.normalize('NFKC')
  return (
    inUpperCase(composed) ??
    composed
      .replace(/\s+/gu, ' ')
      .trim()
      .replace(/[a-z]/gu, (letter) => letter.toUpperCase())
  )
}

/** What most texts are: nothing to compose, nothing to collapse. Undefined for any other. */
function inUpperCase(text: string): string | undefined {
  let before = 0x20
  let small = false
  for (let at = 0; at < text.length; at++) {
    const unit = text.charCodeAt(at)
    if (unit === 0x20 ? before === 0x20 : unit < 0x20 || (unit > 0x7e && !isJapanese(unit))) return undefined
    if (unit >= 0x61 && unit <= 0x7a) small = true
    before = unit
  }
  if (before === 0x20) return undefined
  return small ? text.toUpperCase() : text
}

interface Entry {
  readonly term: Term
  readonly input: readonly string[]
  readonly where: string
  readonly obsolete?: Obsolete | undefined
}

function* termsOf(policy: MarkingPolicy): Generator<Entry> {
  for (const { code, banner, portion, input, obsolete } of policy.classifications) {
    yield { term: { kind: 'classification', code, banner, portion }, input, where: `classifications/${code}`, obsolete }
  }
  for (const { tag, values } of policy.categories) {
    for (const { code, banner, portion, input, obsolete } of values) {
      yield { term: { kind: 'category', code, tag, banner, portion }, input, where: `categories/${tag}/${code}`, obsolete }
    }
  }
  for (const { code, banner, portion } of policy.personRules) {
    yield { term: { kind: 'person', code, banner, portion }, input: [], where: `personRules/${code}` }
  }
}

/** The first spelling of a policy that could not be read back, or that two terms share. */
export function misspelt(policy: MarkingPolicy): { where: string; problem: string } | undefined {
  const common = policy.syntax === undefined || policy.syntax === 'entente'
  // The first part of a marking is its classification: outside the common grammar it may share a word with what follows.
  const owners = new Map<string, string>()
  for (const { term, input, where } of termsOf(policy)) {
    for (const text of [term.code, term.banner, term.portion, ...input]) {
      const normal = normalSpelling(text)
      if (
        normal === '' ||
        text !== text.trim() ||
        (common && /[/(),、]/u.test(normal)) ||
        /[\p{C}\u2028\u2029]/u.test(normal) ||
        /[\p{C}\u2028\u2029]/u.test(text)
      ) {
        return { where, problem: 'a spelling that a marking cannot hold' }
      }
      if (common && KEYWORDS.test(normal)) return { where, problem: 'a spelling that begins with a keyword' }
      const key = common || term.kind !== 'classification' ? normal : `classification ${normal}`
      const owner = owners.get(key)
      if (owner !== undefined && owner !== where) return { where, problem: `shares a spelling with ${owner}` }
      owners.set(key, where)
    }
  }
  return undefined
}

/** The spellings of a policy; made once for each policy object. */
export const vocabularyOf: (policy: MarkingPolicy) => Vocabulary = oncePer((policy) => {
  const empty = () => ({ banner: new Map<string, Term>(), portion: new Map<string, Term>(), any: new Map<string, Term>() })
  const levels = empty()
  const caveats = empty()
  const gone = new Map<string, { term: Term; obsolete: Obsolete }>()
  for (const { term, input, obsolete } of termsOf(policy)) {
    if (obsolete !== undefined) {
      for (const text of [term.code, term.banner, term.portion, ...input]) gone.set(normalSpelling(text), { term, obsolete })
      continue
    }
    const into = term.kind === 'classification' ? levels : caveats
    const spellings = {
      banner: [term.code, term.banner, ...input],
      portion: [term.portion, ...input],
      any: [term.code, term.banner, term.portion, ...input],
    }
    for (const form of ['banner', 'portion', 'any'] as const) {
      for (const text of spellings[form]) into[form].set(normalSpelling(text), term)
    }
  }
  return { levels, caveats, obsolete: gone }
})

/** The spelling nearest to `text`: the same word of the other form, else the one fewest edits away, if that is near. */
export function nearestSpelling(text: string, spellings: Readonly<Record<MarkingForm, Spellings>>, form: MarkingForm): string | undefined {
  const normal = normalSpelling(text)
  const written = (term: Term) => (form === 'portion' ? term.portion : term.banner)
  const otherForm = spellings.any.get(normal)
  if (otherForm !== undefined) return written(otherForm)
  const key = nearest(normal, spellings[form].keys())
  const term = key === undefined ? undefined : spellings[form].get(key)
  return term === undefined ? undefined : written(term)
}

/** The candidate fewest edits away from `text`: at most one edit, or a third of its length; the first of equals. */
export function nearest(text: string, candidates: Iterable<string>): string | undefined {
  const letters = Array.from(text)
  if (letters.length > 64) return undefined
  let best: string | undefined
  let least = Math.max(1, Math.floor(letters.length / 3)) + 1
  for (const candidate of candidates) {
    // As many edits at least as the lengths differ (a letter is one or two units).
    if (candidate.length - text.length >= least || letters.length - candidate.length >= least) continue
    const edits = editsBetween(letters, Array.from(candidate))
    if (edits < least) {
      least = edits
      best = candidate
    }
  }
  // A single letter is one edit away from every other letter: that is no likeness.
  return letters.length < 2 ? undefined : best
}

/** Edits between two words: a letter more, less or another, or two neighbours exchanged (optimal string alignment). */
function editsBetween(a: readonly string[], b: readonly string[]): number {
  let before: readonly number[] = []
  let row: readonly number[] = Array.from({ length: b.length + 1 }, (_, at) => at)
  for (const [i, letter] of a.entries()) {
    const next = [i + 1]
    for (const [j, other] of b.entries()) {
      const exchanged = i > 0 && j > 0 && letter === b[j - 1] && a[i - 1] === other ? (before[j - 1] ?? 0) + 1 : Infinity
      next.push(Math.min((next[j] ?? 0) + 1, (row[j + 1] ?? 0) + 1, (row[j] ?? 0) + (letter === other ? 0 : 1), exchanged))
    }
    before = row
    row = next
  }
  return row[b.length] ?? 0
}
