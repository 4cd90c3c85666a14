import { type ByCode, PERSON, byCode } from './by-code.ts'
import { problemOf } from './check.ts'
import { LabelError } from './errors.ts'
import type { Category, Label, MarkingPolicy, OriginatorPart, PersonRule } from './model.ts'

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
  readonly #policy: MarkingPolicy
  readonly #known: ByCode

  constructor(policy: MarkingPolicy) {
    this.#policy = policy
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

  /** Where a part of the label stands, as `Problem.subject` names parts. */
  placeOf(subject: string): number | undefined {
    if (subject === 'classification') return this.levelAt
    return this.#words.find(({ tag, code }) => subject === `${tag}/${code}`)?.at
  }

  /** The label that was said. Throws what its policy has against it, at its place, or at `from` where it has none. */
  label(
    classification: string,
    originators: readonly OriginatorPart[],
    { created, review }: { readonly created: number; readonly review?: number },
    from: number,
  ): Label {
    const { id } = this.#policy
    const made = { policy: id, classification, categories: this.#categories(), personRules: this.personRules(), originators, created }
    const label = review === undefined ? made : { ...made, review }
    const problem = problemOf(label, this.#policy)
    if (problem === undefined) return label
    throw new LabelError(problem.code, problem.message, { values: { ...problem.values, at: this.placeOf(problem.subject) ?? from } })
  }

  /** In the order of their tags. */
  #categories(): readonly Category[] {
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
