import { type ByCode, byCode } from './by-code.ts'
import type { Category, MarkingPolicy, PersonRule } from './model.ts'

/** The tags under which rules on persons and originators are said and found; no category has them (a tag has no capital). */
export const PERSON = 'Person'
export const ORIGIN = 'Origin'

interface Word {
  readonly tag: string
  readonly code: string
  readonly at: number
}

/** What a marking says, word by word as it is read, and where each word stands. Markings are short: nothing is looked up by a table. */
export class Said {
  /** Where the classification stands. */
  levelAt: number | undefined
  readonly #words: Word[] = []
  readonly #known: ByCode

  constructor(policy: MarkingPolicy) {
    this.#known = byCode(policy)
  }

  /** A value of a category, a rule on persons under `PERSON`, or an originator under `ORIGIN`; false where it stands already. */
  add(tag: string, code: string, at: number): boolean {
    if (this.has(tag, code)) return false
    this.#words.push({ tag, code, at })
    return true
  }

  /** Whether a word stands. */
  has(tag: string, code: string): boolean {
    for (const word of this.#words) if (word.code === code && word.tag === tag) return true
    return false
  }

  /** What stands under a tag, as it was read. */
  codes(tag: string): readonly string[] {
    return this.#words.filter((word) => word.tag === tag).map(({ code }) => code)
  }

  /** Where the part of a label was written that a `Problem` names. */
  placeOf(subject: string): number | undefined {
    if (subject === 'classification') return this.levelAt
    return this.#words.find(({ tag, code }) => subject === `${tag}/${code}`)?.at
  }

  /** The categories of the label, in the order of their tags. */
  categories(): readonly Category[] {
    const found: { tag: string; kind: Category['kind']; values: string[] }[] = []
    for (const { tag, code } of this.#words) {
      const kind = this.#known.categories.get(tag)?.kind
      if (kind === undefined) continue
      const category = found.find((candidate) => candidate.tag === tag)
      if (category === undefined) found.push({ tag, kind, values: [code] })
      else category.values.push(code)
    }
    for (const { values } of found) if (values.length > 1) values.sort()
    return found.length > 1 ? found.sort((a, b) => (a.tag < b.tag ? -1 : 1)) : found
  }

  /** The person rules of the label, in the order of their codes. */
  personRules(): readonly PersonRule[] {
    const rules: PersonRule[] = []
    for (const { tag, code } of this.#words) {
      const rule = tag === PERSON ? this.#known.heldRules.get(code) : undefined
      if (rule !== undefined) rules.push(rule)
    }
    return rules.length > 1 ? rules.sort((a, b) => (a.code < b.code ? -1 : 1)) : rules
  }
}
