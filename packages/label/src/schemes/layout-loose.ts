import { LabelError } from '../errors.ts'
import { type Piece, trim } from '../text.ts'
import { normalSpelling } from '../vocabulary.ts'
import { type Gathered, addTerm, bannerOf, nationText, otherPart } from './layout-parts.ts'

/** What people put between the words of a marking instead of its separator. */
const BETWEEN = /^[\s/／,，、;；:：.．。・･|｜–—―-]+/u
/** No spelling of a policy is longer. */
const MAX_WORD = 80
/** Where a word may end. */
const EDGE = /[\s/／,，、;；:：.．。・･|｜()（）–—―-]/u

/**
 * Reads a piece that is not as it should be, word by word: known words with other separators, of the other form, no longer
 * used but with a successor, or standing twice. Says what it changed; false where a word remains that is not known, for
 * nothing is guessed.
 */
export function looselyRead(piece: Piece, why: LabelError, found: Gathered): boolean {
  const read: string[] = []
  let rest = afterPunctuation(piece)
  while (rest.text !== '') {
    const word = longestWord(rest, found) ?? listOrOpen(rest, found)
    if (word === undefined) return false
    if (word.to !== '') read.push(word.to)
    rest = afterPunctuation({ text: rest.text.slice(word.length), at: rest.at + word.length })
  }
  found.changes.push({ at: piece.at, from: piece.text, to: read.join(found.words.layout.separators[0]), code: why.code })
  return true
}

function afterPunctuation(piece: Piece): Piece {
  const skipped = BETWEEN.exec(piece.text)?.[0].length ?? 0
  return trim({ text: piece.text.slice(skipped), at: piece.at + skipped })
}

interface Word {
  readonly length: number
  /** As it is written officially; empty for what stood already. */
  readonly to: string
}

/** The longest beginning that is a word of the policy, in any form. */
function longestWord(rest: Piece, found: Gathered): Word | undefined {
  const { levels, caveats, obsolete } = found.words.vocabulary
  for (const length of edgesOf(rest.text, MAX_WORD)) {
    const piece = { text: rest.text.slice(0, length), at: rest.at }
    const normal = normalSpelling(piece.text)
    const term = (found.classification === undefined ? levels : caveats).any.get(normal)
    if (term !== undefined) {
      const to = term.banner
      return added(() => addTerm(term, piece, found)) ? { length, to } : { length, to: '' }
    }
    const gone = obsolete.get(normal)
    const readAs = gone?.obsolete.readAs
    const fits = gone !== undefined && (gone.term.kind === 'classification') === (found.classification === undefined)
    if (fits && readAs !== undefined) {
      const successor = { ...gone.term, code: readAs }
      return added(() => addTerm(successor, piece, found)) ? { length, to: bannerOf(gone.term, readAs, found.policy) } : { length, to: '' }
    }
  }
  return undefined
}

/** Lengths at which a word may end, the longest first, up to a limit. */
function edgesOf(text: string, limit: number = text.length): readonly number[] {
  const edges = text.length <= limit ? [text.length] : []
  for (let at = Math.min(text.length - 1, limit); at > 0; at--) if (EDGE.test(text[at] ?? '')) edges.push(at)
  return edges
}

/** A mark with nations, or a text of an open category: it may be followed by other words only where a known word begins. */
function listOrOpen(rest: Piece, found: Gathered): Word | undefined {
  if (found.classification === undefined || !begins(rest.text, found)) return undefined
  found.trying = true
  try {
    for (const length of edgesOf(rest.text)) {
      const word = tryPart(rest.text.slice(0, length), rest.at, found)
      if (word !== undefined) return { length, to: word }
    }
    return undefined
  } finally {
    found.trying = false
  }
}

/** Whether any mark with a place in it could begin here: most texts are refused by this alone. */
function begins(text: string, { words }: Gathered): boolean {
  const patterns = [...words.release, words.provided, words.made, ...words.open.map(({ pattern }) => pattern)]
  const isWhole = (length: number): boolean => patterns.some((pattern) => pattern?.test(text.slice(0, length)) ?? false)
  return edgesOf(text).some(isWhole)
}

/** What a text is read as; empty for what stood already; undefined where it is no such part. */
function tryPart(text: string, at: number, found: Gathered): string | undefined {
  const spaced = { text: nationsApart(text, found), at }
  try {
    return otherPart(spaced, found) ? spaced.text : undefined
  } catch (error) {
    if (!(error instanceof LabelError)) throw error
    // A second set of nations is no repetition: the reader has said so already.
    const isSet = found.words.release.some((pattern) => pattern.test(spaced.text))
    return error.code === 'label/duplicate' && !isSet ? '' : undefined
  }
}

/** A list of nations with any separators, as the layout separates them; any other text as it is. */
function nationsApart(text: string, { words, policy }: Gathered): string {
  for (const [index, pattern] of words.release.entries()) {
    const list = pattern.exec(text)?.[1]
    if (list === undefined) continue
    // `AND` between blanks joins, whatever nation has that code: what is left out narrows.
    const nations = list
      .replace(/^to\s/iu, '')
      .replaceAll(/\s(?:and|及び|並びに)\s/giu, ' ')
      .split(/[\s/／,，、;；・･&＆+]+/u)
      .filter((part) => part !== '')
    const codes = nations.map((part) => words.nations.get(normalSpelling(part)))
    if (codes.some((code) => code === undefined)) return text
    const written = codes.map((code) => nationText(code ?? '', policy)).join(words.layout.between[0])
    return (words.layout.release[index] ?? '').replace('{nations}', () => written)
  }
  return text
}

/** Whether a word was added; false where it stood already, which says nothing new. */
function added(add: () => void): boolean {
  try {
    add()
    return true
  } catch (error) {
    if (error instanceof LabelError && error.code === 'label/duplicate') return false
    throw error
  }
}
