import type { MarkingPlace, PlacedValue, SpifClearance, SpifLabel, SpifMarks, SpifPhrase, SpifQualifier } from './model.ts'
import { notCarried } from '../../print.ts'

export interface SpifMarkingOptions {
  /** A language tag (BCP 47), absent: English; its primary language stands in, then what has no language. */
  readonly lang?: string
  /** Absent: `page-bottom`. */
  readonly place?: MarkingPlace
}

/** Between values of a tag without a separator of its own. */
const BETWEEN_VALUES = '/'
/** Between policy, classification and tags, without a separator of the policy's own. */
const BETWEEN_PARTS = ' '

/**
 * How a label is marked by the marking data of its SPIF: policy, classification, then the values of each tag, in the order of the
 * file. Qualifiers apply in every place, since published files give them places that their phrases do not have. Throws
 * `label/not-carried` when nothing is left to print.
 */
export function spifMarking(label: SpifLabel, options: SpifMarkingOptions = {}): string {
  const say = new Speaker(options)
  const { spif, classification, values } = label
  const policy =
    say.replacement(spif.marks, spif.name) ??
    say.replacement(classification.marks, classification.name) ??
    values.map(({ value }) => say.replacement(value.marks, value.name)).find((phrase) => phrase !== undefined) ??
    (options.place === 'portion' ? '' : say.shown(spif.marks, spif.name))
  const suppressed = values.some(({ value }) => say.phrases(value.marks).some((phrase) => phrase.suppressClassName))
  const level = suppressed ? '' : say.shown(classification.marks, classification.name)
  if (options.place !== 'portion')
    return around(say, spif.marks, [policy, level === '' ? '' : around(say, classification.marks, [level]), ...tagsOf(say, values)])
  // INVARIANT: a portion mark is the one that the file gives for portions; a name is none.
  if (!say.phrases(classification.marks).some(({ places }) => places !== undefined)) throw notCarried(classification.name)
  return `(${[level, ...tagsOf(say, values)].filter((part) => part !== '').join(' ')})`
}

/** How a clearance is shown: its classifications between braces, from the lowest, then its values as in a marking. */
export function spifClearanceMarking({ spif, classifications, values }: SpifClearance, options: SpifMarkingOptions = {}): string {
  const say = new Speaker(options)
  return around(say, spif.marks, [`{${classifications.map(({ name }) => name).join('|')}}`, ...tagsOf(say, values)])
}

function around(say: Speaker, marks: SpifMarks, parts: readonly string[]): string {
  const shown = parts.filter((part) => part !== '')
  if (shown.length === 0) throw notCarried('')
  const separator = say.qualifier(marks, 'separator')
  const between = separator === undefined || separator === '' ? BETWEEN_PARTS : separator
  return `${say.qualifier(marks, 'prefix') ?? ''}${shown.join(between)}${say.qualifier(marks, 'suffix') ?? ''}`.replace(/ +/gu, ' ').trim()
}

function tagsOf(say: Speaker, values: readonly PlacedValue[]): readonly string[] {
  return [...new Set(values.map(({ tag }) => tag))].map((tag) => {
    const phrases = values
      .filter((placed) => placed.tag === tag)
      .map(({ value }) => {
        const phrase = say.shown(value.marks, value.name)
        return phrase === '' ? '' : `${say.qualifier(value.marks, 'prefix') ?? ''}${phrase}${say.qualifier(value.marks, 'suffix') ?? ''}`
      })
      .filter((phrase) => phrase !== '')
    if (phrases.length === 0) return ''
    const between = say.qualifier(tag.marks, 'separator') ?? BETWEEN_VALUES
    return `${say.qualifier(tag.marks, 'prefix') ?? ''}${phrases.join(between)}${say.qualifier(tag.marks, 'suffix') ?? ''}`
  })
}

/** Marking data in one language and place. */
class Speaker {
  readonly #langs: readonly (string | undefined)[]
  readonly #place: MarkingPlace

  constructor({ lang = 'en', place = 'page-bottom' }: SpifMarkingOptions) {
    const exact = lang.toLowerCase()
    const primary = exact.split('-')[0]
    this.#langs = [...new Set([exact, primary, undefined])]
    this.#place = place
  }

  /** The phrases that may be used here, the best language first. */
  phrases({ phrases }: SpifMarks): readonly SpifPhrase[] {
    return this.#langs.flatMap((lang) =>
      phrases.filter((phrase) => phrase.lang === lang && (phrase.places === undefined || phrase.places.includes(this.#place))),
    )
  }

  /** What stands for the name of the policy instead of it. */
  replacement(marks: SpifMarks, name: string): string | undefined {
    const phrase = this.phrases(marks).find(({ replacePolicy }) => replacePolicy)
    return phrase === undefined ? undefined : (phrase.phrase ?? name)
  }

  /** What is shown for a name; empty where it is hidden. */
  shown(marks: SpifMarks, name: string): string {
    const here = this.phrases(marks)
    const [phrase] = here.filter(({ replacePolicy }) => !replacePolicy)
    if (phrase === undefined) return here.some(({ nameHidden, hidden }) => nameHidden || hidden) ? '' : name
    if (phrase.hidden) return ''
    return phrase.phrase ?? (phrase.nameHidden ? '' : name)
  }

  qualifier({ qualifiers }: SpifMarks, code: SpifQualifier['code']): string | undefined {
    for (const lang of this.#langs) {
      const found = qualifiers.find((one) => one.code === code && one.lang === lang)
      if (found !== undefined) return found.text
    }
    return undefined
  }
}
