import { type PolicyCodes, PERSON, policyCodes } from './policy-codes.ts'
import { problemOf } from './check.ts'
import { LabelError } from './errors.ts'
import type { Category, Label, MarkingPolicy, OriginatorPart, PersonRule } from './model.ts'
import { sortShort, sortTexts } from './sort-short.ts'

/** A value of a category, or a rule on persons under `PERSON`. */
export interface Held {
  readonly tag: string
  readonly code: string
}

interface Word extends Held {
  readonly at: number
}

/** What a marking says, word by word as it is read, and where each word stands. Markings are short: nothing is looked up by a table. */
export class Said {
  /** Where the classification stands. */
  levelAt: number | undefined
  readonly #words: Word[] = []
  readonly #policy: MarkingPolicy
  readonly #known: PolicyCodes

  constructor(policy: MarkingPolicy) {
    this.#policy = policy
    this.#known = policyCodes(policy)
  }

  /** A value of a category, a rule on persons under `PERSON`, or an originator under `ORIGIN`; false where it stands already. */
  add(tag: string, code: string, at: number): boolean {
    for (const word of this.#words) if (word.code === code && word.tag === tag) return false
    this.#words.push({ tag, code, at })
    return true
  }

  /** What stands under a tag, as it was read. */
  codes(tag: string): readonly string[] {
    const codes: string[] = []
    for (const word of this.#words) if (word.tag === tag) codes.push(word.code)
    return codes
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
    const made = {
      policy: this.#known.id,
      classification,
      categories: this.categories(),
      personRules: this.personRules(),
      originators,
      created,
    }
    const label = review === undefined ? made : { ...made, review }
    const problem = problemOf(label, this.#policy)
    if (problem === undefined) return label
    throw new LabelError(problem.code, problem.message, { values: { ...problem.values, at: this.placeOf(problem.subject) ?? from } })
  }

  /** The categories of the label. */
  categories(): readonly Category[] {
    return heldCategories(this.#words, (tag) => this.#known.categories.get(tag)?.kind)
  }

  /** The person rules of the label. */
  personRules(): readonly PersonRule[] {
    return heldRules(this.#words, this.#known)
  }
}

/** The categories of a label that holds these words, in the order of their tags; a word of no kind is none of theirs. */
export function heldCategories(words: readonly Held[], kindOf: (tag: string) => Category['kind'] | undefined): readonly Category[] {
  const found: { tag: string; kind: Category['kind']; values: string[] }[] = []
  for (const { tag, code } of words) {
    const kind = kindOf(tag)
    if (kind === undefined) continue
    let category: (typeof found)[number] | undefined
    for (const candidate of found) if (candidate.tag === tag) category = candidate
    if (category === undefined) found.push({ tag, kind, values: [code] })
    else category.values.push(code)
  }
  for (const { values } of found) sortTexts(values)
  return sortShort(found, ({ tag }) => tag)
}

/** The person rules of a label that holds these words, in the order of their codes. */
export function heldRules(words: readonly Held[], known: PolicyCodes): readonly PersonRule[] {
  const rules: PersonRule[] = []
  for (const { tag, code } of words) {
    const rule = tag === PERSON ? known.heldRules.get(code) : undefined
    if (rule !== undefined) rules.push(rule)
  }
  return sortShort(rules, ({ code }) => code)
}
