import type { MarkingLayout, MarkingPolicy } from '../model.ts'
import { type Vocabulary, normalSpelling, vocabularyOf } from '../vocabulary.ts'
import { NEEDS_LAYOUT, contradiction } from '../policy.ts'
import { oncePer } from '../once-per.ts'

/** A value that is written inside fixed words, such as a codeword: how to find it. */
export interface OpenWords {
  readonly tag: string
  readonly form: 'banner' | 'portion'
  readonly pattern: RegExp
}

/** A layout made ready for reading: once for each policy object. */
export interface LayoutWords {
  readonly layout: MarkingLayout
  readonly vocabulary: Vocabulary
  readonly separator: RegExp
  readonly between: RegExp
  readonly release: readonly RegExp[]
  readonly provided: RegExp | undefined
  readonly made: RegExp | undefined
  readonly open: readonly OpenWords[]
  /** Codes, names and further spellings of nations and communities, in their normal form. */
  readonly nations: ReadonlyMap<string, string>
}

/** The words of a policy's layout. Throws `label/policy` where it has none, which `readPolicy` does not let pass. */
export const layoutWordsOf: (policy: MarkingPolicy) => LayoutWords = oncePer((policy) => {
  const { layout } = policy
  if (layout === undefined) throw contradiction('layout', NEEDS_LAYOUT)
  return {
    layout,
    vocabulary: vocabularyOf(policy),
    separator: anyOf(layout.separators),
    between: anyOf(layout.between),
    release: layout.release.map((text) => around(text, '{nations}')),
    provided: layout.provided === undefined ? undefined : around(layout.provided, '{nation}'),
    made: layout.made === undefined ? undefined : around(layout.made, '{nation}'),
    open: policy.categories.flatMap(({ tag, open }) =>
      open === undefined ? [] : (['banner', 'portion'] as const).map((form) => ({ tag, form, pattern: around(open[form], '{value}') })),
    ),
    nations: nationsOf(policy),
  }
})

function nationsOf(policy: MarkingPolicy): ReadonlyMap<string, string> {
  const nations = new Map<string, string>()
  for (const { code, names } of policy.communities ?? [])
    for (const text of [code, names.en, names.ja]) nations.set(normalSpelling(text), code)
  for (const { nation, names, input = [] } of policy.releasableTo) {
    for (const text of [nation, names.en, names.ja, ...input]) nations.set(normalSpelling(text), nation)
  }
  return nations
}

/** Any of the texts; each match is as short as its text, so reading is linear. */
function anyOf(texts: readonly string[]): RegExp {
  const longestFirst = [...texts].sort((a, b) => b.length - a.length)
  return new RegExp(longestFirst.map(loosely).join('|'), 'giu')
}

/** A text with a place in it, anchored at both ends; the place is the only part that repeats. */
function around(text: string, place: string): RegExp {
  const [before = '', after = ''] = text.split(place)
  return new RegExp(`^${loosely(before)}(.+)${loosely(after)}$`, 'iu')
}

/** A pattern of the text in plain or full-width characters; a blank is one white space or more at the edge of a place, else one. */
function loosely(text: string): string {
  return Array.from(text, (letter) => {
    if (/\s/u.test(letter)) return '\\s'
    const plain = letter.normalize('NFKC')
    const code = plain.codePointAt(0) ?? 0
    const forms = new Set([letter, plain, ...(code >= 0x21 && code <= 0x7e ? [String.fromCodePoint(code + 0xfee0)] : [])])
    return `(?:${[...forms].map(escaped).join('|')})`
  }).join('')
}

function escaped(text: string): string {
  return text.replaceAll(/[$()*+./?[\\\]^{|}]/gu, String.raw`\$&`)
}
