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
  const text = piece.text.slice(0, 64).toWellFormed()
  return refuse(code, `${what} \`${text}\``, piece, { text, ...(near === undefined ? {} : { nearest: near }) })
}

/** The text, unless it is too long or holds what no marking holds. */
export function checkCharacters(text: string): string {
  if (text.length > MAX_MARKING_LENGTH) {
    throw refuse('label/too-long', `longer than ${MAX_MARKING_LENGTH}`, { text, at: MAX_MARKING_LENGTH }, { limit: MAX_MARKING_LENGTH })
  }
  if (/^[ -~]*$/u.test(text)) return text
  // Controls, half surrogate pairs and invisible formatting (bidirectional overrides) make a marking look like another.
  const at = text.search(/[\p{C}\u2028\u2029]/u)
  if (at !== -1) throw refuse('label/character', 'a character that no marking holds', { text, at })
  return text
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
