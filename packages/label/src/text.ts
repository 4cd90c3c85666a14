import type { MessageValues } from '@entente/canonical'
import { type LabelCode, LabelError } from './errors.ts'

/** The longest marking that is read, in UTF-16 units. */
export const MAX_MARKING_LENGTH = 512

/** A run of the text, and where it begins in it. */
export interface Piece {
  readonly text: string
  readonly at: number
}

/** A refusal of a piece of a marking: `values.at` is its place. */
export function refuse(code: LabelCode, message: string, piece: Piece, values: MessageValues = {}): LabelError {
  return new LabelError(code, message, { values: { at: piece.at, ...values } })
}

/** As `refuse`, naming the text and the nearest thing that would have been read. */
export function refuseWord(code: LabelCode, what: string, piece: Piece, near: string | undefined): LabelError {
  const text = shown(piece.text)
  return refuse(code, `${what} \`${text}\``, piece, { text, ...(near === undefined ? {} : { nearest: near }) })
}

/** A piece of text as an error may show it. */
export function shown(text: string): string {
  return text.slice(0, 64).toWellFormed()
}

/** A marking, or the inside of its brackets, in which nothing stands. */
export function refuseEmpty(piece: Piece): LabelError {
  return refuse('label/empty', 'an empty marking', piece)
}

const BRACKETS = {
  around: 'brackets stand around a portion, not a banner',
  half: 'a bracket without its other half',
  inside: 'a bracket inside a marking',
} as const

/** Brackets that stand wrong: around a banner, without their other half, or inside. */
export function refuseBrackets(why: keyof typeof BRACKETS, at: number): LabelError {
  return refuse('label/brackets', BRACKETS[why], { text: '', at })
}

/** A set of a nation that leaves out that nation. */
export function refuseWithoutOwn(nation: string, at: number, near: string): LabelError {
  const message = `a set of \`${nation}\` leaves out \`${nation}\``
  return refuse('label/rel-without-own-nation', message, { text: '', at }, { nation, nearest: near })
}

/** The text, unless it is too long or holds what no marking holds. */
export function checkCharacters(text: string): string {
  checkLength(text)
  if (isPlain(text)) return text
  // Controls, half surrogate pairs and invisible formatting (bidirectional overrides) make a marking look like another.
  const at = text.search(/[\p{C}\u2028\u2029]/u)
  if (at !== -1) throw refuse('label/character', 'a character that no marking holds', { text, at })
  return text
}

/** Throws `label/too-long`. */
export function checkLength(text: string): void {
  if (text.length <= MAX_MARKING_LENGTH) return
  throw refuse('label/too-long', `longer than ${MAX_MARKING_LENGTH}`, { text, at: MAX_MARKING_LENGTH }, { limit: MAX_MARKING_LENGTH })
}

/** Whether all units are of ranges in which none is hidden: what most markings are. */
function isPlain(text: string): boolean {
  for (let at = 0; at < text.length; at++) {
    const unit = text.charCodeAt(at)
    if (unit < 0x20 || (unit > 0x7e && !isJapanese(unit) && !(unit > 0xff00 && unit < 0xff5f))) return false
  }
  return true
}

/** Whether a unit is an ideograph, kana or Japanese punctuation that NFKC leaves as it is, whatever stands beside it of the same. */
export function isJapanese(unit: number): boolean {
  return (unit >= 0x4e00 && unit <= 0x9fff) || (unit >= 0x30a1 && unit <= 0x30fe) || (unit >= 0x3041 && unit <= 0x3096) || unit === 0x3001
}

/** Whether a unit is an opening bracket (1), a closing one (-1), each plain or full-width, or neither (0). */
export function bracket(unit: number): number {
  return unit === 0x28 || unit === 0xff08 ? 1 : unit === 0x29 || unit === 0xff09 ? -1 : 0
}

/** The part of `text` without white space around it. */
export function trim(piece: Piece): Piece {
  const { text, at } = piece
  const trimmed = text.trim()
  if (trimmed.length === text.length) return piece
  return { text: trimmed, at: at + (text.length - text.trimStart().length) }
}

/** The runs between matches of `separator`, trimmed. */
export function split({ text, at }: Piece, separator: RegExp): readonly Piece[] {
  const pieces: Piece[] = []
  let from = 0
  separator.lastIndex = 0
  for (let match = separator.exec(text); match !== null; match = separator.exec(text)) {
    pieces.push(trim({ text: text.slice(from, match.index), at: at + from }))
    from = match.index + match[0].length
  }
  pieces.push(trim({ text: text.slice(from), at: at + from }))
  return pieces
}
