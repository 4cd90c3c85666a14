import type { PolicyCategory } from './model.ts'

/** A code that a policy cannot list: a compartment, a codeword in its short form. */
const CODE = /^[A-Z0-9]+(?:-[A-Z0-9]+)*$/u
/** Controls, halves of pairs, private and invisible characters: nothing that a marking may hold. */
const HIDDEN = /[\p{C}\u2028\u2029]/u

/** What most values are: nothing to compose, nothing hidden, no white space around it or doubled. */
const PLAIN = /^[!-~]+(?: [!-~]+)*$/u

/** A text in the one spelling that a value has: NFC, without white space around it or doubled. */
export function oneSpelling(text: string): string {
  return PLAIN.test(text) ? text : text.normalize('NFC').replace(/\s+/gu, ' ').trim()
}

/** Whether an open category may hold this value: a code, or a text in one spelling (no white space around it or doubled). */
export function isOpenValue(value: string, open: NonNullable<PolicyCategory['open']>): boolean {
  if (value.length === 0 || value.length > open.maxLength) return false
  if (open.characters === 'code') return CODE.test(value)
  return PLAIN.test(value) || (!HIDDEN.test(value) && value === value.trim() && !/\s\s|[^\S ]/u.test(value))
}

/** Whether a category of a policy has this value, listed or open. */
export function hasValue(category: PolicyCategory | undefined, value: string): boolean {
  if (category === undefined) return false
  if (category.values.some(({ code }) => code === value)) return true
  return category.open !== undefined && isOpenValue(value, category.open)
}
