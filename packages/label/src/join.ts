import { type MessageValues, unreachable } from '@entente/canonical'
import { rollUp } from './capco/roll-up.ts'
import { problemOf } from './check.ts'
import type { Category, Label, MarkingPolicy, OriginatorPart, PersonRule, Portion } from './model.ts'
import { reachesLevel } from './order.ts'
import { MAX_SUCCESSION, changesOf, labelAt, withoutSuccession } from './succession.ts'

/** Why a machine must not choose a joint label. */
export type PersonDecidesReason =
  /** No label was given. */
  | 'nothing-to-join'
  /** A label of another policy, or one that its policy does not allow; `values.cause` is the code of `LabelError`. */
  | 'not-in-policy'
  /** A permissive category of which no value is common to all that have it; `values.tag`. */
  | 'no-common-value'
  /** Levels of different families, for which no public rule gives an order; `values.families`. */
  | 'levels-not-comparable'
  /** The words of the parts may not stand together; `values.cause` is the code of `LabelError`, `values.rule` the rule. */
  | 'not-allowed'
  /** The whole would change more often than a label may. */
  | 'too-many-changes'
  /** The originators' sets and the person rules leave no nation that may read the whole. */
  | 'no-common-reader'

export type JoinResult =
  | { readonly ok: true; readonly label: Label }
  | { readonly ok: false; readonly code: 'label/person-decides'; readonly reason: PersonDecidesReason; readonly values: MessageValues }

/**
 * The label of what is made of parts with these labels (spec/label.md section 5): whoever may read the whole may read
 * every part, now and after each succession of a part. Commutative, associative and idempotent. What cannot be joined,
 * now or at a later instant (`values.at`), is a person's to decide, never a guess.
 */
export function joinLabels(labels: readonly Label[], policy: MarkingPolicy): JoinResult {
  for (const label of labels) {
    const problem = problemOf(label, policy)
    if (problem !== undefined) return personDecides('not-in-policy', { cause: problem.code })
  }
  const now = joinPresent(labels.map(withoutSuccession), policy)
  const instants = [...new Set(labels.flatMap(changesOf))].sort((a, b) => a - b)
  if (!now.ok || instants.length === 0) return now
  const steps: { readonly at: number; readonly label: Label }[] = []
  for (const at of instants) {
    const then = joinPresent(
      labels.map((label) => withoutSuccession(labelAt(label, at))),
      policy,
    )
    if (!then.ok) return { ...then, values: { ...then.values, at } }
    if (!isSame(then.label, steps.at(-1)?.label ?? now.label)) steps.push({ at, label: then.label })
  }
  if (steps.length > MAX_SUCCESSION) return personDecides('too-many-changes')
  const succession = steps.reduceRight<Label['succession']>(
    (later, { at, label }) => ({ at, label: later === undefined ? label : { ...label, succession: later } }),
    undefined,
  )
  return { ok: true, label: succession === undefined ? now.label : { ...now.label, succession } }
}

/** The join of what each part is at a time (seconds since 1970): what the join of the parts is at that time, where it is one. */
export function joinAt(labels: readonly Label[], policy: MarkingPolicy, at: number): JoinResult {
  return joinLabels(
    labels.map((label) => labelAt(label, at)),
    policy,
  )
}

function joinPresent(labels: readonly Label[], policy: MarkingPolicy): JoinResult {
  const [first, ...rest] = labels
  if (first === undefined) return personDecides('nothing-to-join')
  if (policy.syntax === 'capco') return rollUp(labels, policy)
  const levels = new Set(labels.map(({ classification }) => classification))
  const families = new Set(policy.classifications.flatMap(({ code, family }) => (family !== undefined && levels.has(code) ? [family] : [])))
  if (families.size > 1) return personDecides('levels-not-comparable', { families: [...families].sort().join(' ') })
  const joined = rest.reduce((whole, label) => joinTwo(whole, label, policy), first)
  // Only now: an empty set stays empty, and so the answer does not depend on the order of the parts.
  const empty = joined.categories.find(({ values }) => values.length === 0)
  if (empty !== undefined) return personDecides('no-common-value', { tag: empty.tag })
  const problem = problemOf(joined, policy)
  if (problem === undefined) return { ok: true, label: joined }
  if (problem.code === 'label/nobody') return personDecides('no-common-reader')
  const rule = problem.values['rule']
  return personDecides('not-allowed', { cause: problem.code, ...(rule === undefined ? {} : { rule }) })
}

/** Whether two labels without succession say the same, to the dates. */
function isSame(a: Label, b: Label): boolean {
  const said = ({ classification, categories, personRules, originators, created, review }: Label) =>
    JSON.stringify([
      classification,
      categories.map(({ tag, values }) => [tag, values]),
      personRules.map(({ code }) => code),
      originators.map(({ nation, releasableTo }) => [nation, releasableTo]),
      created,
      review,
    ])
  return said(a) === said(b)
}

/** The banner of a document: the join of the labels of its portions. Nobody types it. */
export function bannerOf(portions: readonly Portion[], policy: MarkingPolicy): JoinResult {
  return joinLabels(
    portions.map(({ label }) => label),
    policy,
  )
}

function personDecides(reason: PersonDecidesReason, values: MessageValues = {}): JoinResult {
  return { ok: false, code: 'label/person-decides', reason, values }
}

function joinTwo(a: Label, b: Label, policy: MarkingPolicy): Label {
  const personRules = byKey(
    [...a.personRules, ...b.personRules],
    ({ code }) => code,
    (rule) => rule,
  )
  const reviews = [a.review, b.review].filter((review) => review !== undefined)
  return {
    policy: policy.id,
    classification: reachesLevel(a.classification, b.classification, policy) ? a.classification : b.classification,
    categories: joinCategories(a.categories, b.categories),
    personRules,
    originators: byKey([...a.originators, ...b.originators], ({ nation }) => nation, intersectParts).map((part) =>
      part.nation === policy.nation ? withinRules(part, personRules) : part,
    ),
    created: Math.max(a.created, b.created),
    ...(reviews.length === 0 ? {} : { review: Math.min(...reviews) }),
  }
}

/** Sorted by key; what shares a key is merged. */
function byKey<T>(items: readonly T[], key: (item: T) => string, merge: (a: T, b: T) => T): readonly T[] {
  const merged = new Map<string, T>()
  for (const item of items) {
    const before = merged.get(key(item))
    merged.set(key(item), before === undefined ? item : merge(before, item))
  }
  return [...merged].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, item]) => item)
}

function joinCategories(a: readonly Category[], b: readonly Category[]): readonly Category[] {
  return byKey(
    [...a, ...b],
    ({ tag }) => tag,
    (mine, other) => ({ ...mine, values: joinValues(mine, other.values) }),
  )
}

function joinValues({ kind, values }: Category, others: readonly string[]): readonly string[] {
  switch (kind) {
    case 'restrictive':
    case 'informative':
      return [...new Set([...values, ...others])].sort()
    case 'permissive':
      // A label without the category restricts nothing in it: it never gets here, and the other's values stand.
      return values.filter((value) => others.includes(value))
    default:
      return unreachable(kind)
  }
}

/** INVARIANT: both sets hold the originator, so the intersection does; a neutral part narrows nothing. */
function intersectParts(a: OriginatorPart, b: OriginatorPart): OriginatorPart {
  if (a.releasableTo === 'neutral') return b
  const others = b.releasableTo
  return others === 'neutral' ? a : { nation: a.nation, releasableTo: a.releasableTo.filter((nation) => others.includes(nation)) }
}

/** A nation's own set, kept within its own person rules as `checkLabel` demands; no reader is lost that the rules admit. */
function withinRules(part: OriginatorPart, rules: readonly PersonRule[]): OriginatorPart {
  const { releasableTo } = part
  if (releasableTo === 'neutral') return part
  return { nation: part.nation, releasableTo: releasableTo.filter((nation) => rules.every(({ nations }) => nations.includes(nation))) }
}
