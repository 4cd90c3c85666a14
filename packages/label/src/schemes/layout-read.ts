import { ORIGIN, policyCodes } from '../policy-codes.ts'
import { LabelError } from '../errors.ts'
import type { MarkingPolicy, OriginatorPart } from '../model.ts'
import { Said } from '../said.ts'
import { sortShort, sortTexts } from '../sort-short.ts'
import { type Piece, bracket, checkCharacters, refuse, refuseBrackets, refuseEmpty, refuseWord, split, trim } from '../text.ts'
import { nearest, nearestSpelling, normalSpelling } from '../vocabulary.ts'
import { looselyRead } from './layout-loose.ts'
import { type Gathered, addTerm, bannerOf, otherPart, releaseText } from './layout-parts.ts'
import { layoutWordsOf } from './layout-words.ts'
import type { ReadOptions, Reading } from './syntax.ts'

/**
 * Reads a marking of a policy with a layout (spec/label.md section 7). Throws only `LabelError`, with `values.at`; where
 * the reading is lenient, everything that it did not find as it should be is in `changes`.
 */
export function readLayout(text: string, policy: MarkingPolicy, options: ReadOptions): Reading {
  const found: Gathered = {
    words: layoutWordsOf(policy),
    policy,
    form: options.form,
    lenient: options.lenient,
    trying: false,
    changes: [],
    classification: undefined,
    said: new Said(policy),
    made: false,
    release: undefined,
  }
  const body = withoutBrackets(checkCharacters(text), found)
  for (const piece of split(body, found.words.separator)) readPiece(piece, found)
  const classification = found.classification ?? ''
  if (found.lenient) releaseWithinRules(found)
  return { label: found.said.label(classification, originatorsOf(found, classification), options, body.at), changes: found.changes }
}

function withoutBrackets(text: string, found: Gathered): Piece {
  const whole = trim({ text, at: 0 })
  if (whole.text === '') throw refuseEmpty({ text, at: 0 })
  const opens = bracket(whole.text.charCodeAt(0)) === 1
  // A bracket that belongs to a word inside, as in `A(B)`, is no bracket around the portion.
  const closes = bracket(whole.text.charCodeAt(whole.text.length - 1)) === -1 && (opens || !/[(（]/u.test(whole.text))
  if (!opens && !closes) return whole
  if (opens && closes && found.form !== 'banner') {
    const inner = trim({ text: whole.text.slice(1, -1), at: whole.at + 1 })
    if (inner.text === '') throw refuseEmpty(inner)
    return inner
  }
  const error = refuseBrackets(found.form === 'banner' ? 'around' : 'half', opens ? whole.at : whole.at + whole.text.length - 1)
  if (!found.lenient) throw error
  const inner = trim({ text: whole.text.slice(opens ? 1 : 0, closes ? -1 : undefined), at: whole.at + (opens ? 1 : 0) })
  if (inner.text === '') throw error
  found.changes.push({ at: whole.at, from: whole.text, to: inner.text, code: error.code })
  return inner
}

function readPiece(piece: Piece, found: Gathered): void {
  try {
    readStrictly(piece, found)
  } catch (error) {
    if (!found.lenient || !(error instanceof LabelError) || !looselyRead(piece, error, found)) throw error
  }
}

function readStrictly(piece: Piece, found: Gathered): void {
  if (piece.text === '') throw refuse('label/empty-component', 'nothing stands between two separators', piece)
  const { vocabulary } = found.words
  const first = found.classification === undefined
  const normal = normalSpelling(piece.text)
  const term = vocabulary[first ? 'levels' : 'caveats'][found.form].get(normal)
  if (term !== undefined) return addTerm(term, piece, found)
  const gone = vocabulary.obsolete.get(normal)
  if (gone !== undefined && (gone.term.kind === 'classification') === first) {
    const { readAs, source } = gone.obsolete
    throw refuse('label/obsolete', `\`${gone.term.banner}\` is no longer used`, piece, {
      text: gone.term.banner,
      source,
      ...(readAs === undefined ? {} : { nearest: bannerOf(gone.term, readAs, found.policy) }),
    })
  }
  if (first) {
    const near = nearestSpelling(piece.text, vocabulary.levels, found.form)
    throw refuseWord('label/unknown-classification', 'unknown classification', piece, near)
  }
  if (!otherPart(piece, found)) {
    throw refuseWord('label/unknown-caveat', 'unknown caveat', piece, nearestPart(piece, found))
  }
}

function nearestPart(piece: Piece, { words, form }: Gathered): string | undefined {
  const near = nearestSpelling(piece.text, words.vocabulary.caveats, form)
  if (near !== undefined) return near
  const [first = ''] = normalSpelling(piece.text).split(' ')
  const keywords = words.layout.release.map((text) => normalSpelling(text.split('{nations}')[0] ?? '')).filter((text) => text !== '')
  return nearest(first, keywords)
}

/** The own nation's set without those whom a rule on persons keeps out; says so. */
function releaseWithinRules(found: Gathered): void {
  const { policy, said, release } = found
  const rules = said.personRules()
  const kept = release?.filter((nation) => rules.every(({ nations }) => nations.includes(nation)))
  if (release === undefined || kept === undefined || kept.length === release.length) return
  const at = said.placeOf(`${ORIGIN}/${policy.nation}`) ?? 0
  const to = kept.length > 1 ? releaseText(kept, policy) : ''
  found.changes.push({ at, from: releaseText(release, policy), to, code: 'label/person-rule-conflict' })
  // Cut to the own nation alone it is no set any more: the rule says all that is left.
  found.release = kept.length > 1 ? kept : undefined
  if (kept.length === 1 && said.codes(ORIGIN).length > 1) found.made = true
}

function originatorsOf({ policy, said, made, release }: Gathered, classification: string): readonly OriginatorPart[] {
  const own = policy.nation
  const parts: OriginatorPart[] = []
  for (const nation of said.codes(ORIGIN)) if (nation !== own) parts.push({ nation, releasableTo: sortTexts([nation, own]) })
  if (release !== undefined) parts.push({ nation: own, releasableTo: release })
  else if (made) parts.push({ nation: own, releasableTo: [own] })
  else if (parts.length === 0) {
    const neutral = policyCodes(policy).levels.get(classification)?.unmarkedRelease === 'neutral'
    parts.push({ nation: own, releasableTo: neutral ? 'neutral' : [own] })
  }
  return sortShort(parts, ({ nation }) => nation)
}
