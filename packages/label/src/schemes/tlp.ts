import { LabelError } from '../errors.ts'
import type { Label, MarkingPolicy, PolicyClassification } from '../model.ts'
import { MAX_MARKING_LENGTH } from '../text.ts'
import { nearest } from '../vocabulary.ts'
import type { Change, ReadOptions, Reading, Syntax, WriteOptions } from './syntax.ts'

/** The syntax of a protocol whose marking is one word: `TLP:AMBER+STRICT`, `PAP:RED`; the same whole and before a portion. */
export const tlp: Syntax = { parse, print }

/**
 * Reads one word of the policy, in upper case without spaces; before a portion brackets may stand around it. Lenient: any case, spaces around the
 * colon, the word alone, and words that the policy no longer has. Throws `label/empty`, `label/too-long` and
 * `label/unknown-classification` with `values.nearest`.
 */
function parse(text: string, policy: MarkingPolicy, { form, lenient, created, review }: ReadOptions): Reading {
  if (text.length > MAX_MARKING_LENGTH) {
    const values = { at: MAX_MARKING_LENGTH, limit: MAX_MARKING_LENGTH }
    throw new LabelError('label/too-long', `longer than ${MAX_MARKING_LENGTH}`, { values })
  }
  const at = text.length - text.trimStart().length
  const whole = text.trim()
  if (whole === '') throw new LabelError('label/empty', 'an empty marking', { values: { at: 0 } })
  const bracketed = form !== 'banner' && whole.startsWith('(') && whole.endsWith(')')
  const word = bracketed ? whole.slice(1, -1).trim() : whole
  const exact = policy.classifications.find(({ banner, obsolete }) => banner === word && obsolete === undefined)
  const changes: Change[] = []
  const level = exact ?? meant(word, policy)
  if (level === undefined || (exact === undefined && !lenient)) {
    const near =
      level?.banner ??
      nearest(
        plain(word),
        policy.classifications.filter(({ obsolete }) => obsolete === undefined).map(({ banner }) => banner),
      )
    const old = policy.classifications.find(({ banner }) => banner === word)?.obsolete
    const values = {
      at: bracketed ? at + 1 : at,
      text: word.slice(0, 64).toWellFormed(),
      ...(near === undefined ? {} : { nearest: near }),
      ...(old === undefined ? {} : { source: old.source }),
    }
    throw new LabelError('label/unknown-classification', `unknown classification \`${values.text}\``, { values })
  }
  if (exact === undefined) changes.push({ at, from: word, to: level.banner, code: 'label/unknown-classification' })
  const label: Label = {
    policy: policy.id,
    classification: level.code,
    categories: [],
    personRules: [],
    originators: [{ nation: policy.nation, releasableTo: 'neutral' }],
    created,
    ...(review === undefined ? {} : { review }),
  }
  return { label, changes }
}

function plain(word: string): string {
  return word
    .normalize('NFKC')
    .replace(/\s+/gu, '')
    .replace(/[a-z]/gu, (letter) => letter.toUpperCase())
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
    throw new LabelError('label/another-policy', `a label of \`${label.policy}\`, not of \`${policy.id}\``, {
      values: { found: label.policy, policy: policy.id },
    })
  }
  const level = policy.classifications.find(({ code }) => code === label.classification)
  const [part, ...others] = label.originators
  const alone = part?.nation === policy.nation && part.releasableTo === 'neutral' && others.length === 0
  if (level !== undefined && level.obsolete === undefined && !alone) {
    throw new LabelError('capco/not-carried', 'one word names no nation', { values: { text: String(part?.releasableTo) } })
  }
  if (level === undefined || level.obsolete !== undefined || label.categories.length > 0 || label.personRules.length > 0) {
    const text = label.classification
    throw new LabelError('label/not-in-policy', `\`${policy.id}\` does not have \`${text}\``, { values: { text, policy: policy.id } })
  }
  if (lang === 'en' || lang === 'ja') return level.names[lang]
  return form === 'portion' ? `(${level.portion})` : level.banner
}
