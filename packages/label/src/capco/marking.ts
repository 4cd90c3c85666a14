import type { MessageValues } from '@entente/canonical'
import { type LabelCode, LabelError } from '../errors.ts'
import type { MarkingForm, PolicyClassification } from '../model.ts'
import type { Change } from '../schemes/syntax.ts'
import type { CapcoWords } from './words.ts'

/** One value of a category, or a person rule (`tag` is then `person`). */
export interface Entry {
  readonly tag: string
  readonly code: string
}

/** What a marking of the Register says, as it is read or about to be written. */
export interface Marking {
  readonly words: CapcoWords
  level: PolicyClassification
  levelAt: number
  /** Sorted as they are written: the own nation alone, another one, or several (JOINT). */
  owners: readonly string[]
  /** In the order in which they were read; what a compartment lies in stands before it. */
  entries: Entry[]
  /** Where each entry was read. */
  ats: number[]
  /** REL TO or EYES ONLY: as written; absent: none. */
  rel: readonly string[] | undefined
  relAt: number
}

/**
 * How strictly a text is read: `strict` refuses the first thing that is wrong; `lenient` repairs what has only one meaning,
 * and says so; `suggest` also narrows, and is only ever asked for the nearest valid marking.
 */
export type Mode = 'strict' | 'lenient' | 'suggest'

/** The text that is being read, what was changed in it, and where each of its units stood in what was given. */
export interface Source {
  readonly text: string
  readonly given: string
  /** Absent: every unit stood `shift` further on. */
  readonly moved: readonly number[] | undefined
  readonly shift: number
  readonly mode: Mode
  readonly form: MarkingForm
  readonly changes: Change[]
}

/** Whether the marking has this value, or person rule. */
export function has(marking: Marking, tag: string, code: string): boolean {
  for (const entry of marking.entries) if (entry.code === code && entry.tag === tag) return true
  return false
}

/** Whether the marking has any value under this tag. */
export function hasTag(marking: Marking, tag: string): boolean {
  for (const entry of marking.entries) if (entry.tag === tag) return true
  return false
}

/** Where the first value under a tag (this one, when it is named) was read; the place of the level when none was. */
export function placeOf(marking: Marking, tag: string, code?: string): number {
  const index = marking.entries.findIndex((entry) => entry.tag === tag && (code === undefined || entry.code === code))
  return marking.ats[index] ?? marking.levelAt
}

/** Adds an entry, once. */
export function add(marking: Marking, entry: Entry, at: number): void {
  if (has(marking, entry.tag, entry.code)) return
  marking.entries.push(entry)
  marking.ats.push(at)
}

/** Takes out what `leaves` names. */
export function drop(marking: Marking, leaves: (entry: Entry) => boolean): void {
  const kept = marking.entries.map((entry, index) => ({ entry, at: marking.ats[index] ?? 0 })).filter(({ entry }) => !leaves(entry))
  marking.entries = kept.map(({ entry }) => entry)
  marking.ats = kept.map(({ at }) => at)
}

/** Whether the own nation is the only owner. */
export function ownOnly({ owners, words }: Marking): boolean {
  return owners.length === 1 && owners[0] === words.own
}

/** A refusal at a unit of the text as it was given. */
export function refusal(source: Source, code: LabelCode, at: number, message: string, values: MessageValues = {}): LabelError {
  return new LabelError(code, message, { values: { at: givenAt(source, at), ...values } })
}

/** Where a unit of the text that is read stood in the text that was given. */
export function givenAt({ moved, shift, given }: Source, at: number): number {
  return moved === undefined ? Math.min(at + shift, given.length) : (moved[at] ?? given.length)
}

/**
 * Goes on where a lenient reading may: notes the change. A strict reading is refused here with the code.
 */
export function repair(
  source: Source,
  code: LabelCode,
  at: number,
  from: string,
  to: string,
  message: string,
  values: MessageValues = {},
): void {
  if (source.mode === 'strict') throw refusal(source, code, at, message, values)
  source.changes.push({ at: givenAt(source, at), from, to, code })
}

/** As `repair`, for what a lenient reading refuses as well: only the search for the nearest valid marking goes on. */
export function narrow(source: Source, code: LabelCode, at: number, message: string, values: MessageValues = {}): void {
  if (source.mode !== 'suggest') throw refusal(source, code, at, message, values)
}
