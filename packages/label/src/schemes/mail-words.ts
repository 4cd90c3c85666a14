import { shown } from '../text.ts'
import { LabelError } from '../errors.ts'
import type { MarkingPolicy } from '../model.ts'
import type { Pair } from './mail-pairs.ts'

/** The spelling of a word in a mail marking: the first of its further spellings, else its banner. */
export function mailSpelling(term: { readonly banner: string; readonly input: readonly string[] }): string {
  return term.input[0] ?? term.banner
}

/** A refusal of the value of a pair. */
export function refuseWord(
  code: 'label/obsolete' | 'label/unknown-classification' | 'label/unknown-caveat' | 'label/unknown-nation' | 'label/duplicate',
  what: string,
  { value, at }: Pick<Pair, 'value' | 'at'>,
  values: Readonly<Record<string, string>> = {},
): LabelError {
  return new LabelError(code, `${what} \`${value}\``, { values: { at, text: shown(value), ...values } })
}

/** A classification in its mail spelling. */
export function levelText(code: string, policy: MarkingPolicy): string {
  const level = policy.classifications.find((candidate) => candidate.code === code)
  return level === undefined ? code : mailSpelling(level)
}
