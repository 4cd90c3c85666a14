import { type Category, releasableTo } from '@entente/label'
import type { CompiledFacts, CompiledPolicy } from './compile.ts'
import { type Condition, Refusal } from './condition.ts'
import type { Asking, MarkedAs } from './model.ts'
import type { Reasons } from './reason.ts'

/** The policy that a label is written in, if it is the originator's and knows the classification. */
export function policyOf(facts: CompiledFacts, originator: string, label: MarkedAs): CompiledPolicy | undefined {
  const policy = facts.policies.get(label.policy)
  return policy !== undefined && policy.nation === originator && policy.orders.has(label.classification) ? policy : undefined
}

/** What the label itself has against the way: its policy is unknown, or a nation on the way is not among those that it names. */
export function labelRefusals(
  policy: CompiledPolicy | undefined,
  originator: string,
  nations: readonly string[],
  label: MarkedAs,
): readonly Refusal[] {
  const refusals: Refusal[] = []
  if (policy === undefined)
    refusals.push(new Refusal('decision/policy-unknown', { policy: label.policy, classification: label.classification, originator }))
  for (const nation of nations) refusals.push(...notReleasable(originator, nation, label))
  return refusals
}

/**
 * The label's own word on a nation (`releasableTo`), originator by originator: each must have named it, the releasing nation
 * must be one of them, and a rule on citizens must be one that the nation's citizens can fulfil.
 */
function notReleasable(originator: string, nation: string, label: MarkedAs): readonly Refusal[] {
  const refusals: Refusal[] = []
  // Information that is another's alone goes on only by that originator's own statement (third-party rule).
  if (!label.originators.some((part) => part.nation === originator))
    refusals.push(new Refusal('decision/not-releasable', { originator, nation }))
  if (releasableTo({ ...label, created: 0 }, nation)) return refusals
  for (const part of label.originators) {
    if (part.releasableTo !== 'neutral' && !part.releasableTo.includes(nation))
      refusals.push(new Refusal('decision/not-releasable', { originator: part.nation, nation }))
  }
  for (const rule of label.personRules) {
    if (!rule.nations.includes(nation)) refusals.push(new Refusal('decision/not-releasable', { code: rule.code, nation }))
  }
  // Whatever else the label's own function may come to object to refuses too.
  return refusals.length > 0 ? refusals : [new Refusal('decision/not-releasable', { originator, nation })]
}

/** What no agreement can lift: a suspension of the person, and the label's own rules on persons. */
export function personConditions(label: MarkedAs): readonly Condition[] {
  return [
    NOT_SUSPENDED,
    ...label.personRules.map((rule) => new CitizensOf(rule.code, rule.nations)),
    ...label.categories.flatMap(briefings),
  ]
}

const NOT_SUSPENDED: Condition = {
  key: 'suspended',
  fails: ({ person }) => person.suspended !== false,
  say: (reasons, { person }) => reasons.add(person.suspended === undefined ? 'decision/suspension-unknown' : 'decision/suspended', {}),
}

/** No citizenship at all is nothing known. */
export function knownCitizenships({ person }: Asking): readonly string[] | undefined {
  return person.citizenships !== undefined && person.citizenships.length > 0 ? person.citizenships : undefined
}

class CitizensOf implements Condition {
  readonly #code: string
  readonly #nations: readonly string[]

  constructor(code: string, nations: readonly string[]) {
    this.#code = code
    this.#nations = nations
  }

  get key(): string {
    return `citizens ${this.#code} ${this.#nations.join(' ')}`
  }

  fails(asking: Asking): boolean {
    return knownCitizenships(asking)?.some((nation) => this.#nations.includes(nation)) !== true
  }

  say(reasons: Reasons, asking: Asking): void {
    if (knownCitizenships(asking) === undefined) reasons.add('decision/citizenship-unknown', {})
    else reasons.add('decision/person-rule', { code: this.#code, nations: this.#nations.join(' ') })
  }
}

function briefings(category: Category): readonly Condition[] {
  const values = category.values.map((value) => `${category.tag}/${value}`)
  switch (category.kind) {
    case 'restrictive':
      return values.map((value) => new Briefed([value]))
    case 'permissive':
      return [new Briefed(values)]
    case 'informative':
      return []
  }
}

/** Briefed into one of these. */
class Briefed implements Condition {
  readonly #values: readonly string[]

  constructor(values: readonly string[]) {
    this.#values = values
  }

  get key(): string {
    return `briefed ${this.#values.join(' ')}`
  }

  fails({ person }: Asking): boolean {
    return !this.#values.some((value) => person.briefings?.includes(value) === true)
  }

  say(reasons: Reasons): void {
    reasons.add('decision/briefing', { category: this.#values.join(' ') })
  }
}
