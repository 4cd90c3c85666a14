import { ORIGIN, PERSON, policyCodes } from '../policy-codes.ts'
import type { LabelError } from '../errors.ts'
import type { MarkingForm, MarkingPolicy } from '../model.ts'
import { isOpenValue, oneSpelling } from '../open.ts'
import type { Said } from '../said.ts'
import { sortTexts } from '../sort-short.ts'
import { type Piece, refuse, refuseWithoutOwn, refuseWord, split, trim } from '../text.ts'
import { type Term, nearest, normalSpelling } from '../vocabulary.ts'
import { type LayoutWords, layoutWordsOf } from './layout-words.ts'
import type { Change } from './syntax.ts'

/** What the parts of a marking say, as it is gathered. */
export interface Gathered {
  readonly words: LayoutWords
  readonly policy: MarkingPolicy
  readonly form: MarkingForm
  readonly lenient: boolean
  /** Something is tried that may well not be: no nearest is looked for. */
  trying: boolean
  readonly changes: Change[]
  classification: string | undefined
  /** Originators are the nations that provided something; the own nation where its set is named. */
  readonly said: Said
  made: boolean
  release: readonly string[] | undefined
}

/** The banner spelling of another code of the kind of a term. */
export function bannerOf(term: Term, code: string, policy: MarkingPolicy): string {
  const terms = term.kind === 'classification' ? policy.classifications : policy.categories.flatMap(({ values }) => values)
  return terms.find((candidate) => candidate.code === code)?.banner ?? code
}

/** A classification, caveat or person rule; `label/duplicate` where it stands already. */
export function addTerm(term: Term, piece: Piece, found: Gathered): void {
  switch (term.kind) {
    case 'classification':
      if (found.classification !== undefined) throw twice(piece)
      found.classification = term.code
      found.said.levelAt = piece.at
      return
    case 'category':
      return say(term.tag, term.code, piece, found)
    case 'person':
      return say(PERSON, term.code, piece, found)
    default:
  }
}

function say(tag: string, code: string, piece: Piece, { said }: Gathered): void {
  if (!said.add(tag, code, piece.at)) throw twice(piece)
}

function twice(piece: Piece): LabelError {
  return refuseWord('label/duplicate', 'stands twice:', piece, undefined)
}

/** A releasability mark, what another nation provided, or a value of an open category; false where it is none of them. */
export function otherPart(piece: Piece, found: Gathered): boolean {
  const { words, policy, form } = found
  for (const pattern of words.release) {
    const list = inside(pattern, piece)
    if (list === undefined) continue
    readRelease(list, piece, found)
    return true
  }
  const maker = words.made === undefined ? undefined : inside(words.made, piece)
  if (maker !== undefined && words.nations.get(normalSpelling(maker.text)) === policy.nation) {
    if (found.made) throw twice(piece)
    found.made = true
    return true
  }
  const giver = words.provided === undefined ? undefined : inside(words.provided, piece)
  if (giver !== undefined) {
    const nation = readNation(giver, found)
    if (nation === policy.nation) return false
    say(ORIGIN, nation, piece, found)
    return true
  }
  for (const open of words.open) {
    const value = form === 'any' || form === open.form ? inside(open.pattern, piece) : undefined
    if (value !== undefined) return readOpen(open.tag, value, piece, found)
  }
  return false
}

function inside(pattern: RegExp, piece: Piece): Piece | undefined {
  const value = pattern.exec(piece.text)?.[1]
  if (value === undefined) return undefined
  return trim({ text: value, at: piece.at + piece.text.lastIndexOf(value) })
}

/** What separates in any layout, and so in no value. */
const SEPARATORS = /[/／;；,，、]/u

function readOpen(tag: string, said: Piece, whole: Piece, found: Gathered): boolean {
  const open = policyCodes(found.policy).categories.get(tag)?.open
  if (open === undefined) return false
  const value = open.characters === 'code' ? normalSpelling(said.text) : oneSpelling(said.text)
  // A caveat behind another separator would vanish in the text: it must be told apart.
  const last = value.includes(' ') ? [value.slice(value.lastIndexOf(' ') + 1)] : []
  const parts = SEPARATORS.test(value) ? value.split(SEPARATORS).map((part) => part.trim()) : [value]
  const swallowed = [...parts.slice(1), ...last]
  const { caveats, obsolete } = found.words.vocabulary
  if (parts.includes('')) throw refuseWord('label/unknown-caveat', 'a separator that separates nothing', said, undefined)
  const hidden = swallowed.some((part) => {
    const normal = normalSpelling(part)
    return caveats.any.has(normal) || obsolete.has(normal) || found.words.release.some((pattern) => pattern.test(part))
  })
  if (hidden) {
    throw refuseWord('label/unknown-caveat', 'a caveat inside another', whole, undefined)
  }
  if (!isOpenValue(value, open)) throw refuseWord('label/unknown-caveat', 'not a value of this caveat', said, undefined)
  say(tag, value, whole, found)
  return true
}

function readRelease(list: Piece, whole: Piece, found: Gathered): void {
  const { nation: own } = found.policy
  const nations: string[] = []
  for (const piece of split(list, found.words.between)) {
    const nation = readNation(piece, found)
    if (nations.includes(nation)) {
      const error = twice(piece)
      if (!found.lenient) throw error
      found.changes.push({ at: piece.at, from: piece.text, to: '', code: error.code })
    } else nations.push(nation)
  }
  if (found.words.layout.ownImplied === true && !nations.includes(own)) nations.push(own)
  if (!nations.includes(own)) {
    const error = refuseWithoutOwn(own, list.at, releaseText([own, ...[...nations].sort()], found.policy))
    if (!found.lenient) throw error
    // The originator may always read its own: nobody is let in by this.
    found.changes.push({ at: whole.at, from: whole.text, to: String(error.values['nearest']), code: error.code })
    nations.push(own)
  }
  const release = sortTexts(nations)
  // The own nation alone, named in another language, is spelt officially as a rule on persons: which was meant, no reading may guess.
  const official = release.length === 1 ? releaseText(release, found.policy) : ''
  if (found.words.vocabulary.caveats.any.has(normalSpelling(official))) {
    throw refuseWord('label/unknown-caveat', 'a set that is written as a rule on persons', whole, official)
  }
  const before = found.release
  // Two sets: neither is dropped, for no reading says which was meant.
  if (before !== undefined && (!found.lenient || before.join() !== release.join())) {
    throw twice(whole)
  }
  if (before !== undefined) found.changes.push({ at: whole.at, from: whole.text, to: '', code: 'label/duplicate' })
  else say(ORIGIN, own, whole, found)
  found.release = release
}

/** A releasability mark as it is written: the nations in the order given. */
export function releaseText(nations: readonly string[], policy: MarkingPolicy): string {
  const { layout } = layoutWordsOf(policy)
  const others = nations.filter((nation) => nation !== policy.nation)
  const named = layout.ownImplied === true && others.length > 0 ? others : nations
  const written = named.map((nation) => nationText(nation, policy)).join(layout.between[0])
  return (layout.release[0] ?? '').replace('{nations}', () => written)
}

/** A nation or community as the layout writes it. */
export function nationText(code: string, policy: MarkingPolicy): string {
  const { layout } = layoutWordsOf(policy)
  if (layout.nations === 'code') return code
  const known = policy.releasableTo.find(({ nation }) => nation === code)
  if (layout.nations === 'short') return known?.input?.[0] ?? code
  return (known ?? policy.communities?.find((community) => community.code === code))?.names[layout.nations] ?? code
}

function readNation(piece: Piece, { words, trying }: Gathered): string {
  if (piece.text === '') throw refuse('label/empty-component', 'a nation is missing', piece)
  const normal = normalSpelling(piece.text)
  const nation = words.nations.get(normal)
  if (nation === undefined)
    throw refuseWord('label/unknown-nation', 'unknown nation', piece, trying ? undefined : nearest(normal, words.nations.keys()))
  return nation
}
