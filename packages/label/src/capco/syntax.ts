import { LabelError } from '../errors.ts'
import type { Label, MarkingForm, MarkingPolicy } from '../model.ts'
import type { ReadOptions, Reading, Syntax, WriteOptions } from '../schemes/syntax.ts'
import { labelOf, markingOf } from './label.ts'
import type { Source } from './marking.ts'
import { writeMarking } from './print.ts'
import { readMarking } from './read.ts'
import { checkRules } from './rules.ts'

/** What `checkRules` needs when no text is read: a place in it means nothing. */
export const NO_TEXT: Source = { text: '', given: '', moved: undefined, shift: 0, mode: 'strict', form: 'banner', changes: [] }

/** The syntax of the Register (spec/label.md, United States). */
export const capco: Syntax = { parse, print }

/** Reads a banner or a portion. Throws `LabelError` with `values.at`, where there is one `values.source` and `values.nearest`. */
function parse(text: string, policy: MarkingPolicy, options: ReadOptions): Reading {
  try {
    const { marking, source } = readMarking(text, policy, options.form, options.lenient ? 'lenient' : 'strict')
    return { label: labelOf(marking, options.created, options.review), changes: source.changes }
  } catch (error) {
    if (!(error instanceof LabelError)) throw error
    const near = nearestMarking(text, policy, options.form)
    if (near === undefined || near === text.trim()) throw error
    throw new LabelError(error.code, error.message, { values: { ...error.values, nearest: near } })
  }
}

/** The nearest valid marking, if there is one that is not wider than what was written. */
function nearestMarking(text: string, policy: MarkingPolicy, form: MarkingForm): string | undefined {
  try {
    const { marking } = readMarking(text, policy, form, 'suggest')
    const near = writeMarking(marking, form === 'portion' || (form === 'any' && text.includes('(')) ? 'portion' : 'banner')
    readMarking(near, policy, form, 'strict')
    return near
  } catch (error) {
    if (error instanceof LabelError) return undefined
    throw error
  }
}

/** Writes a label. Throws as `markingOf` and `checkRules` do: what cannot be said is never dropped. */
function print(label: Label, policy: MarkingPolicy, { form, lang }: WriteOptions): string {
  const marking = markingOf(label, policy)
  checkRules(marking, NO_TEXT)
  return lang === undefined || lang === 'fr' ? writeMarking(marking, form) : inWords(marking, lang)
}

/** The words of the marking in a language, for tooltips and screen readers; it is not read back. */
function inWords({ level, owners, entries, rel, words }: ReturnType<typeof markingOf>, lang: 'en' | 'ja'): string {
  const { policy } = words
  const nation = (code: string) =>
    policy.releasableTo.find((known) => known.nation === code)?.names[lang] ??
    policy.communities?.find((known) => known.code === code)?.names[lang] ??
    code
  const between = lang === 'ja' ? '、' : ', '
  const colon = lang === 'ja' ? '：' : ' '
  const term = (tag: string, code: string): string => {
    const category = policy.categories.find((candidate) => candidate.tag === tag)
    const listed = category?.values.find((value) => value.code === code) ?? policy.personRules.find((rule) => rule.code === code)
    if (listed !== undefined) return listed.names[lang]
    return `${category?.names[lang] ?? tag}${colon}${tag === 'fgi' || tag === 'display-only' ? nation(code) : code}`
  }
  const foreign = owners.length > 1 || owners[0] !== words.own
  return [
    ...(foreign ? [`${lang === 'ja' ? '作成国' : 'originator'}${colon}${owners.map(nation).join(between)}`] : []),
    level.names[lang],
    ...entries.map(({ tag, code }) => term(tag, code)),
    ...(rel === undefined ? [] : [`${lang === 'ja' ? '提供可' : 'releasable to'}${colon}${rel.map(nation).join(between)}`]),
  ].join(lang === 'ja' ? '／' : '; ')
}
