import { LabelError } from '../errors.ts'
import { shown } from '../text.ts'
import type { SchemeCode } from './codes.ts'

/** The longest mail marking that is read, in UTF-16 units. */
export const MAX_MAIL_MARKING = 4096
/** The longest text of one value. */
export const MAX_VALUE = 128

/** Keys in the order in which they stand. */
const KEYS = ['VER', 'NS', 'SEC', 'CAVEAT', 'EXPIRES', 'DOWNTO', 'ACCESS', 'NOTE', 'ORIGIN'] as const
export type MailKey = (typeof KEYS)[number]

/** One `KEY=value`, escapes resolved; `kind` is what stood before the first unescaped colon of a caveat. */
export interface Pair {
  readonly key: MailKey
  readonly value: string
  readonly at: number
}

/** A refusal at a place of a mail marking. */
export function refuseMail(
  code: SchemeCode,
  message: string,
  at: number,
  values: Readonly<Record<string, string | number>> = {},
): LabelError {
  return new LabelError(code, message, { values: { at, ...values } })
}

/**
 * The pairs of a mail marking in one pass: `KEY=value`, commas between, `\` before `,` `:` and `\` inside a value. White space
 * (a folded header's line breaks too) stands only after a comma and around the whole.
 */
export function pairsOf(text: string, from: number, to: number): readonly Pair[] {
  const pairs: Pair[] = []
  let at = from
  while (at < to) {
    const start = skipBlanks(text, at, to)
    const equals = text.indexOf('=', start)
    if (equals === -1 || equals >= to)
      throw refuseMail('label/mail-form', 'a part without `=`', start, { text: shown(text.slice(start, to)) })
    const name = text.slice(start, equals)
    const key = KEYS.find((known) => known === name)
    if (key === undefined) throw refuseMail('label/mail-key', `an unknown key \`${shown(name)}\``, start, { text: shown(name) })
    const { value, end } = readValue(text, equals + 1, to)
    const before = pairs.at(-1)
    if (before !== undefined && KEYS.indexOf(key) < KEYS.indexOf(before.key)) {
      throw refuseMail('label/mail-order', `\`${key}\` stands behind \`${before.key}\``, start, { text: key, before: before.key })
    }
    pairs.push({ key, value, at: equals + 1 })
    at = end + 1
    if (at === to) throw refuseMail('label/mail-form', 'a comma at the end', end)
  }
  return pairs
}

function readValue(text: string, start: number, to: number): { readonly value: string; readonly end: number } {
  let value = ''
  let at = start
  for (; at < to && text[at] !== ','; at++) {
    const next = text[at + 1] ?? ''
    // A backslash before anything else is itself.
    if (text[at] === '\\' && at + 1 < to && ',:\\='.includes(next)) {
      value += next
      at++
    } else value += text[at] ?? ''
  }
  const isLast = at >= to
  const trimmed = isLast ? value.trimEnd() : value
  if (trimmed === '' || trimmed !== trimmed.trim() || trimmed.length > MAX_VALUE) {
    throw refuseMail('label/mail-value', 'not a value', start, { text: shown(value) })
  }
  const odd = /[^ -~]/u.exec(trimmed)
  if (odd !== null) throw refuseMail('label/mail-value', 'not a character of a value', start + odd.index, { text: shown(trimmed) })
  return { value: trimmed, end: at }
}

function skipBlanks(text: string, at: number, to: number): number {
  let next = at
  while (next < to && ' \t\r\n'.includes(text[next] ?? '')) next++
  return next
}

/** A value as it is written: the characters that separate are escaped. Throws `label/not-carried` for others than printable ASCII. */
export function writtenValue(value: string): string {
  if (!/^[ -~]{1,128}$/u.test(value) || value !== value.trim()) {
    throw new LabelError('label/not-carried', 'a text that a mail marking cannot hold', { values: { text: shown(value) } })
  }
  return value.replaceAll(/[\\,:]/gu, String.raw`\$&`)
}
