import { type Category, releasableTo } from '@entente/label'
import type { CompiledFacts, CompiledPolicy } from './compile.ts'
import { type Condition, Refusal, type Refusals, keyOf } from './condition.ts'
import type { Asking, MarkedAs } from './model.ts'
import type { Reasons } from './reason.ts'

/** The policy that a label is written in, if it is the originator's and knows the classification. */
export function policyOf(facts: CompiledFacts, originator: string, label: MarkedAs): CompiledPolicy | undefined {
  const policy = facts.policies.get(label.policy)
  return policy !== undefined && policy.nation === originator && policy.orders.has(label.classification) ? policy : undefined
}

/**
 * Adds what no agreement can lift: the label's policy is unknown, or a nation on the way is not among those that it names; a
 * suspension of the person; and the label's own rules on persons.
 */
export function addLabelConditions(
  conditions: Condition[],
  policy: CompiledPolicy | undefined,
  originator: string,
  receivers: readonly string[],
  label: MarkedAs,
): void {
  addLabelRefusals(conditions, policy, originator, receivers, label)
  conditions.push(NOT_SUSPENDED)
  for (const rule of label.personRules) conditions.push(new CitizensOf(rule.code, rule.nations))
  for (const category of label.categories) addBriefings(conditions, category)
}

/** Adds what the label has against receivers, whoever asks. */
export function addLabelRefusals(
  conditions: Refusals,
  policy: CompiledPolicy | undefined,
  originator: string,
  receivers: readonly string[],
  label: MarkedAs,
): void {
  if (policy === undefined)
    conditions.push(new Refusal('decision/policy-unknown', { policy: label.policy, classification: label.classification, originator }))
  for (const nation of receivers) addNotReleasable(conditions, originator, nation, label)
}

/**
 * The label's own word on a nation (`releasableTo`), originator by originator: each must have named it, the releasing nation
 * must be one of them, and a rule on citizens must be one that the nation's citizens can fulfil.
 */
function addNotReleasable(conditions: Refusals, originator: string, nation: string, label: MarkedAs): void {
  // Information that is another's alone goes on only by that originator's own statement (third-party rule).
  const own = label.originators.some((part) => part.nation === originator)
  if (!own) conditions.push(new Refusal('decision/not-releasable', { originator, nation }))
  if (releasableTo(label, nation)) return
  const before = conditions.length
  for (const part of label.originators) {
    if (part.releasableTo !== 'neutral' && !part.releasableTo.includes(nation))
      conditions.push(new Refusal('decision/not-releasable', { originator: part.nation, nation }))
  }
  for (const rule of label.personRules) {
    if (!rule.nations.includes(nation)) conditions.push(new Refusal('decision/not-releasable', { code: rule.code, nation }))
  }
  // Whatever else the label's own function may come to object to refuses too.
  if (conditions.length === before && own) conditions.push(new Refusal('decision/not-releasable', { originator, nation }))
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
    return keyOf('citizens', this.#code, this.#nations)
  }

  fails(asking: Asking): boolean {
    return knownCitizenships(asking)?.some((nation) => this.#nations.includes(nation)) !== true
  }

  say(reasons: Reasons, asking: Asking): void {
    if (knownCitizenships(asking) === undefined) reasons.add('decision/citizenship-unknown', {})
    else reasons.add('decision/person-rule', { code: this.#code, nations: this.#nations.join(' ') })
  }
}

function addBriefings(conditions: Condition[], { kind, tag, values }: Category): void {
  switch (kind) {
    case 'restrictive':
      for (const value of values) conditions.push(new Briefed([markOf(tag, value)]))
      return
    case 'permissive':
      conditions.push(new Briefed(values.map((value) => markOf(tag, value))))
      return
    case 'informative':
  }
}

const MOST_MARKS = 4_096
const MARKS = new Map<string, Map<string, string>>()
let marks = 0

/** Tag and value as one word. Each is kept: words made anew for every question cost more than what is asked of them. */
export function markOf(tag: string, value: string): string {
  const known = MARKS.get(tag)?.get(value)
  if (known !== undefined) return known
  // A label may bring anything.
  if (marks >= MOST_MARKS) {
    MARKS.clear()
    marks = 0
  }
  const mark = `${tag}/${value}`
  const values = MARKS.get(tag) ?? new Map<string, string>()
  MARKS.set(tag, values.set(value, mark))
  marks++
  return mark
}

/** Briefed into one of these. */
class Briefed implements Condition {
  readonly #values: readonly string[]

  constructor(values: readonly string[]) {
    this.#values = values
  }

  get key(): string {
    return keyOf('briefed', this.#values)
  }

  fails({ person }: Asking): boolean {
    return !this.#values.some((value) => person.briefings?.includes(value) === true)
  }

  say(reasons: Reasons): void {
    reasons.add('decision/briefing', { category: this.#values.join(' ') })
  }
}
