import { LabelError } from './errors.ts'
import { checkLabel } from './check.ts'
import type { Bilingual, Label, MarkingPolicy, OriginatorPart } from './model.ts'
import { levelOf } from './order.ts'

/** The fixed words of a marking in words; a marking as written has `REL` and `ORIGIN` in every language. */
const WORDS = {
  en: {
    releasable: 'releasable to',
    originator: 'originator',
    neutral: 'no restriction of its own',
    between: ', ',
    parts: '; ',
    colon: ' ',
  },
  ja: { releasable: '提供可', originator: '作成国', neutral: '固有の制限なし', between: '、', parts: '／', colon: '：' },
} as const

/**
 * The marking of a label: `SECRET//REL XKA, XLO` as `banner`, `(S//REL XKA, XLO)` as `portion`; `parseMarking` reads it
 * back to an equal label. With `lang` it is in words of that language, for tooltips and screen readers, and is not read
 * back. Throws as `checkLabel` does.
 */
export function printMarking(
  label: Label,
  policy: MarkingPolicy,
  options: { readonly form: 'banner' | 'portion'; readonly lang?: keyof Bilingual },
): string {
  checkLabel(label, policy)
  if (options.lang !== undefined) return inWords(label, policy, options.lang)
  const { form } = options
  refuseOpenValues(label, policy)
  const written = [
    ...termsOf(label, policy).map((term) => term[form]),
    ...releaseOf(label, policy).map((part) => {
      const set = part.releasableTo === 'neutral' ? 'NEUTRAL' : `REL ${ownFirst(part).join(', ')}`
      if (part.alone) return set
      return ownOnly(part) ? `ORIGIN ${part.nation}` : `ORIGIN ${part.nation} ${set}`
    }),
  ].join('//')
  return form === 'portion' ? `(${written})` : written
}

/**
 * The mark that a nation puts on what it was given, in both languages: the giver's name and the own level at which it is
 * handled. Throws `label/not-in-policy` for a classification that the receiver's policy does not have.
 */
export function receivedMarking(policy: MarkingPolicy, giver: Bilingual, classification: string): Bilingual {
  const level = levelOf(classification, policy)
  const fill = (lang: keyof Bilingual) =>
    // One pass with a function: what is filled in is never itself taken for a placeholder or a replacement pattern.
    policy.receivedMark[lang].replaceAll(/\{(?:nation|level)\}/gu, (mark) => (mark === '{nation}' ? giver[lang] : level.names[lang]))
  return { en: fill('en'), ja: fill('ja') }
}

/** The common grammar has no words for values that the policy does not list, and no releasability but of nations. */
function refuseOpenValues(label: Label, policy: MarkingPolicy): void {
  const listed = (tag: string, value: string) =>
    policy.categories.some((category) => category.tag === tag && category.values.some(({ code }) => code === value))
  const open = label.categories.flatMap(({ tag, values }) => values.filter((value) => !listed(tag, value)))[0]
  const sets = label.originators.flatMap(({ releasableTo }) => (releasableTo === 'neutral' ? [] : releasableTo))
  const lost = open ?? sets.find((code) => !policy.releasableTo.some(({ nation }) => nation === code))
  if (lost !== undefined) throw notCarried(lost)
}

/** What a form has no place for is refused, never left out. */
export function notCarried(text: string): LabelError {
  return new LabelError('label/not-carried', `this form has no place for \`${text}\``, { values: { text } })
}

/** Classification, categories and person rules, each in the order of the policy. */
function termsOf(label: Label, policy: MarkingPolicy) {
  const held = (tag: string, code: string) => label.categories.some((category) => category.tag === tag && category.values.includes(code))
  return [
    ...policy.classifications.filter(({ code }) => code === label.classification),
    ...policy.categories.flatMap(({ tag, values }) => values.filter(({ code }) => held(tag, code))),
    ...policy.personRules.filter(({ code }) => label.personRules.some((rule) => rule.code === code)),
  ]
}

/** The originators that must be written: none, where the level alone says the same. `alone`: plain `REL`, no `ORIGIN`. */
function releaseOf(label: Label, policy: MarkingPolicy): readonly (OriginatorPart & { readonly alone: boolean })[] {
  const level = policy.classifications.find(({ code }) => code === label.classification)
  const [only] = label.originators
  if (only === undefined || label.originators.length > 1 || only.nation !== policy.nation) {
    return label.originators.map((part) => ({ ...part, alone: false }))
  }
  const unmarked = level?.unmarkedRelease === 'neutral' ? only.releasableTo === 'neutral' : ownOnly(only)
  return unmarked ? [] : [{ ...only, alone: true }]
}

function ownOnly({ releasableTo }: OriginatorPart): boolean {
  return releasableTo !== 'neutral' && releasableTo.length === 1
}

function ownFirst({ nation, releasableTo }: OriginatorPart): readonly string[] {
  return releasableTo === 'neutral' ? [] : [nation, ...releasableTo.filter((other) => other !== nation)]
}

/** A label in words of a language, for tooltips and screen readers. */
export function inWords(label: Label, policy: MarkingPolicy, lang: keyof Bilingual): string {
  const words = WORDS[lang]
  const nameOf = (nation: string) => policy.releasableTo.find((known) => known.nation === nation)?.names[lang] ?? nation
  const release = releaseOf(label, policy).map((part) => {
    const set =
      part.releasableTo === 'neutral' ? words.neutral : `${words.releasable}${words.colon}${ownFirst(part).map(nameOf).join(words.between)}`
    return part.alone ? set : `${words.originator}${words.colon}${nameOf(part.nation)}${words.between}${set}`
  })
  const open = label.categories.flatMap(({ tag, values }) => {
    const category = policy.categories.find((candidate) => candidate.tag === tag)
    const free = values.filter((value) => !category?.values.some(({ code }) => code === value))
    return free.map((value) => `${category?.names[lang] ?? tag}${words.colon}${value}`)
  })
  return [...termsOf(label, policy).map(({ names }) => names[lang]), ...open, ...release].join(words.parts)
}
