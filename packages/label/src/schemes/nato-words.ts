import type { MarkingPolicy, Names } from '../model.ts'
import { oncePer } from '../once-per.ts'

/** A word of a marking and what it stands for; `lenient` words are read only where the reading is. */
export interface Word {
  readonly text: string
  readonly code: string
  readonly lenient?: boolean
}

/** Words that may stand at one place: the longest of them is found. */
export class Words {
  /** By the first two units of the word as it is compared, the longest first. */
  readonly #byStart = new Map<number, { readonly folded: string; readonly word: Word }[]>()
  readonly texts: readonly string[]

  constructor(words: readonly Word[]) {
    const known = new Map<string, Word>()
    for (const word of words) {
      const folded = foldedText(word.text)
      if (!known.has(folded)) known.set(folded, word)
    }
    this.texts = [...known.values()].filter(({ lenient }) => lenient !== true).map(({ text }) => text)
    for (const [folded, word] of [...known].sort(([a], [b]) => b.length - a.length)) {
      const start = startOf(folded, 0)
      this.#byStart.set(start, [...(this.#byStart.get(start) ?? []), { folded, word }])
    }
  }

  /** The longest word that begins here. */
  at(text: string, at: number): { readonly word: Word; readonly end: number } | undefined {
    for (const { folded, word } of this.#byStart.get(startOf(text, at)) ?? []) {
      const end = endOf(folded, text, at)
      if (end !== -1) return { word, end }
    }
    return undefined
  }
}

/** The first two units here, as they are compared. */
function startOf(text: string, at: number): number {
  return foldedUnit(text.charCodeAt(at)) * 0x10000 + foldedUnit(text.charCodeAt(at + 1))
}

/** Where a word that begins here ends, or -1. It ends where its letters end: `SECRET` is not the beginning of `SECRETARIAT`. */
function endOf(folded: string, text: string, from: number): number {
  let at = from
  for (let index = 0; index < folded.length; index++) {
    const wanted = folded.charCodeAt(index)
    if (foldedUnit(text.charCodeAt(at)) !== wanted) return -1
    at = wanted === SPACE ? pastSpaces(text, at) : at + 1
  }
  const next = text.charCodeAt(at)
  const goesOn = next < 0x80 ? isWordUnit(next) : next >= 0x80 && /^[\p{L}\p{N}]/u.test(text.slice(at, at + 2))
  return goesOn ? -1 : at
}

const SPACE = 0x20

/** Where the spaces that stand here end. */
export function pastSpaces(text: string, from: number): number {
  let at = from
  while (text.charCodeAt(at) === SPACE || text.charCodeAt(at) === 0x3000) at++
  return at
}

function isWordUnit(unit: number): boolean {
  return (unit >= 0x30 && unit <= 0x39) || (unit >= 0x41 && unit <= 0x5a) || (unit >= 0x61 && unit <= 0x7a)
}

/** A letter and its capital are one only where each is the other's: no letter of another alphabet passes for one of this. */
function foldedUnit(unit: number): number {
  if (unit < 0x80) return unit >= 0x61 && unit <= 0x7a ? unit - 0x20 : unit
  if (unit === 0x3000) return SPACE
  const letter = String.fromCharCode(unit)
  const capital = letter.toUpperCase()
  return capital.length === 1 && capital.toLowerCase() === letter ? capital.charCodeAt(0) : unit
}

/** Without regard to case and to how many spaces. */
function foldedText(text: string): string {
  return text
    .replace(/[ \u3000]+/gu, ' ')
    .split('')
    .map((unit) => String.fromCharCode(foldedUnit(unit.charCodeAt(0))))
    .join('')
}

export interface NatoWords {
  /** What stands before a level that can have another context. */
  readonly own: Words
  readonly contexts: Words
  readonly levels: Words
  readonly portionLevels: Words
  readonly sensitivities: Words
  readonly portionSensitivities: Words
  readonly readers: Words
  readonly administrative: Words
  readonly release: Words
  readonly only: Words
}

export const CONTEXT = 'context'
export const SENSITIVITY = 'additional-sensitivity'
export const ONLY = 'only'
export const ADMINISTRATIVE = 'administrative'

/** The words around lists, as they are written in each language. */
export const RELEASE: Names & { readonly fr: string } = { en: 'Releasable to', fr: 'Communicable à', ja: '提供先' }
export const ONLY_WORD: Names & { readonly fr: string } = { en: 'Only', fr: 'seulement', ja: '限り' }

/** The words of a policy; made once for each. */
export const natoWords: (policy: MarkingPolicy) => NatoWords = oncePer((policy) => {
  const values = (tag: string) => policy.categories.find((category) => category.tag === tag)?.values ?? []
  const named = ({ en, fr }: Names, code: string): Word[] => [en, ...(fr === undefined ? [] : [fr])].map((text) => ({ text, code }))
  const own = policy.nation
  const french = policy.releasableTo.find(({ nation }) => nation === own)?.names.fr ?? own
  return {
    own: new Words([
      { text: own, code: own },
      { text: french, code: own },
    ]),
    contexts: new Words(values(CONTEXT).map(({ code, banner }) => ({ text: banner, code }))),
    levels: new Words(
      policy.classifications.flatMap(({ code, banner, names, input }) =>
        [banner, names.fr ?? banner, ...input].flatMap((text): Word[] => {
          // Without what stands before it: that is read by itself, and decides the context.
          const [, rest] = splitOwn(text, own)
          // A level with a name of its own is found without it too, so that the mistake is told from another level.
          return rest === undefined
            ? [
                { text, code },
                { text: text.slice(text.indexOf(' ') + 1), code },
              ]
            : [{ text: rest, code }]
        }),
      ),
    ),
    portionLevels: new Words(policy.classifications.map(({ code, portion }) => ({ text: portion, code }))),
    sensitivities: new Words(values(SENSITIVITY).flatMap(({ code, banner, names }) => [{ text: banner, code }, ...named(names, code)])),
    portionSensitivities: new Words(values(SENSITIVITY).map(({ code, portion }) => ({ text: portion, code }))),
    readers: new Words([
      ...policy.releasableTo.flatMap(({ nation, names, input }) => [
        ...named(names, nation),
        { text: nation, code: nation },
        ...(input ?? []).map((text) => ({ text, code: nation })),
      ]),
      ...(policy.communities ?? []).flatMap(({ code, names }) => [{ text: code, code }, ...named(names, code)]),
    ]),
    administrative: new Words(values(ADMINISTRATIVE).flatMap(({ code, banner, names }) => [{ text: banner, code }, ...named(names, code)])),
    release: new Words([
      ...[RELEASE.en, RELEASE.fr, 'Communicable a'].map((text) => ({ text, code: '' })),
      ...['REL TO', 'Rel.', 'REL'].map((text) => ({ text, code: '', lenient: true })),
    ]),
    only: new Words([ONLY_WORD.en, ONLY_WORD.fr].map((text) => ({ text, code: '' }))),
  }
})

/** A mark that begins with the alliance's own name, and the rest of it; others have a name of their own. */
export function splitOwn(text: string, own: string): readonly [own: string, rest: string | undefined] {
  return text.startsWith(`${own} `) ? [own, text.slice(own.length + 1)] : ['', undefined]
}
