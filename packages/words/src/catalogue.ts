/** The languages in which every sentence exists; both are originals, neither a translation of the other. */
export type Lang = 'en' | 'ja'

/**
 * A sentence with places for values: `{name}` is replaced by the value; a part in `[square brackets]` is left out when
 * one of its values is absent or empty; `{name:time}` reads seconds since 1970 as `2026-01-31 09:05 UTC`;
 * `{name:list}` reads words separated by commas or blanks and joins them as the language does; `{name:own}` is a sentence out of
 * data, whose Japanese is the value `nameJa`.
 */
export type Template = string

/** What is said about one code: what happened, and what to do about it where something can be done. */
export interface Wording {
  readonly en: Template
  readonly ja: Template
  readonly hint?: { readonly en: Template; readonly ja: Template }
}

/** The wordings of one area; a code without one, and one without a code, is a type error. */
export type Catalogue<Code extends string> = Readonly<Record<Code, Wording>>

/** Values that fill the places. Never contents of a report, never names of people. */
export type Values = Readonly<Record<string, string | number | undefined>>

const PLACE = /\{(?<name>[a-zA-Z]+)(?::(?<form>time|list|own))?\}/gu
const OPTIONAL = /\[(?<part>[^[\]]*)\]/gu

/** The sentence of a template. A value that is missing where it is needed is written `…`: a sentence never fails. */
export function fill(lang: Lang, template: Template, values: Values): string {
  return template
    .replaceAll(OPTIONAL, (_, part: string) => (namesIn(part).every((name) => present(values[name])) ? part : ''))
    .replaceAll(PLACE, (_, name: string, form: string | undefined) =>
      write(lang, form === 'own' && lang === 'ja' ? (values[`${name}Ja`] ?? values[name]) : values[name], form),
    )
}

/** Names of the values that a template takes, sorted, each once. */
export function namesIn(template: Template): readonly string[] {
  return [...new Set([...template.matchAll(PLACE)].map((match) => match.groups?.['name'] ?? ''))].sort()
}

function present(value: string | number | undefined): value is string | number {
  return value !== undefined && value !== ''
}

function write(lang: Lang, value: string | number | undefined, form: string | undefined): string {
  if (!present(value)) return '…'
  if (form === 'time') return writeTime(value)
  if (form === 'list') return writeList(lang, String(value))
  return String(value)
}

function writeTime(value: string | number): string {
  const time = new Date(Number(value) * 1000)
  return Number.isNaN(time.getTime()) ? String(value) : `${time.toISOString().slice(0, 16).replace('T', ' ')} UTC`
}

function writeList(lang: Lang, value: string): string {
  const items = value.split(/[,\s]+/u).filter((item) => item !== '')
  return items.join(lang === 'ja' ? '、' : ', ')
}
