import { LabelError, anotherPolicy, notInPolicy } from '../errors.ts'
import type { Label, MarkingPolicy, PolicyClassification } from '../model.ts'
import { checkLength, refuseEmpty, refuseWord, trim } from '../text.ts'
import { nearest, normalSpelling } from '../vocabulary.ts'
import type { Change, ReadOptions, Reading, Syntax, WriteOptions } from './syntax.ts'

/** The syntax of a protocol whose marking is one word: `TLP:AMBER+STRICT`, `PAP:RED`; the same whole and before a portion. */
export const tlp: Syntax = { parse, print }

/**
 * Reads one word of the policy, in upper case without spaces; before a portion brackets may stand around it. Lenient: any case, spaces around the
 * colon, the word alone, and words that the policy no longer has. Throws `label/empty`, `label/too-long` and
 * `label/unknown-classification` with `values.nearest`.
 */
function parse(text: string, policy: MarkingPolicy, { form, lenient, created, review }: ReadOptions): Reading {
  checkLength(text)
  const whole = trim({ text, at: 0 })
  if (whole.text === '') throw refuseEmpty({ text, at: 0 })
  const bracketed = form !== 'banner' && whole.text.startsWith('(') && whole.text.endsWith(')')
  const word = bracketed ? whole.text.slice(1, -1).trim() : whole.text
  const { classifications } = policy
  const written = classifications.find(({ banner }) => banner === word)
  const exact = written?.obsolete === undefined ? written : undefined
  const changes: Change[] = []
  const level = exact ?? meant(word, policy)
  if (level === undefined || (exact === undefined && !lenient)) {
    const banners = classifications.filter(({ obsolete }) => obsolete === undefined).map(({ banner }) => banner)
    const refusal = refuseWord(
      'label/unknown-classification',
      'unknown classification',
      { text: word, at: whole.at + (bracketed ? 1 : 0) },
      level?.banner ?? nearest(plain(word), banners),
    )
    const old = written?.obsolete
    throw old === undefined ? refusal : new LabelError(refusal.code, refusal.message, { values: { ...refusal.values, source: old.source } })
  }
  if (exact === undefined) changes.push({ at: whole.at, from: word, to: level.banner, code: 'label/unknown-classification' })
  const originators = [{ nation: policy.nation, releasableTo: 'neutral' as const }]
  const label: Label = { policy: policy.id, classification: level.code, categories: [], personRules: [], originators, created }
  return { label: review === undefined ? label : { ...label, review }, changes }
}

/** The word without spaces, in upper case. */
function plain(word: string): string {
  return normalSpelling(word).replaceAll(' ', '')
}

function meant(word: string, policy: MarkingPolicy): PolicyClassification | undefined {
  const text = plain(word)
  const prefix = `${policy.id}:`
  const full = text.startsWith(prefix) ? text : `${prefix}${text}`
  const level = policy.classifications.find(({ banner }) => banner === full)
  if (level?.obsolete === undefined) return level
  return policy.classifications.find(({ code }) => code === level.obsolete?.readAs)
}

/** Writes the word. Throws `label/another-policy`, `label/not-in-policy` for anything that is not such a word. */
function print(label: Label, policy: MarkingPolicy, { form, lang }: WriteOptions): string {
  if (label.policy !== policy.id) {
    throw anotherPolicy(label.policy, policy.id)
  }
  const level = policy.classifications.find(({ code }) => code === label.classification)
  const [part, ...others] = label.originators
  const alone = part?.nation === policy.nation && part.releasableTo === 'neutral' && others.length === 0
  if (level !== undefined && level.obsolete === undefined && !alone) {
    throw new LabelError('capco/not-carried', 'one word names no nation', { values: { text: String(part?.releasableTo) } })
  }
  if (level === undefined || level.obsolete !== undefined || label.categories.length > 0 || label.personRules.length > 0) {
    throw notInPolicy(label.classification, policy.id)
  }
  if (lang === 'en' || lang === 'ja') return level.names[lang]
  return form === 'portion' ? `(${level.portion})` : level.banner
}
