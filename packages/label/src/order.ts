import { unreachable } from '@entente/canonical'
import { policyCodes } from './policy-codes.ts'
import { anotherPolicy, notInPolicy } from './errors.ts'
import type { Category, Label, MarkingPolicy, PolicyClassification } from './model.ts'

/**
 * Compares two classifications of one policy by code: negative, zero or positive as `a` is less, equally or more
 * sensitive; undefined where they are of different families, for which no public rule gives an order (spec/label.md
 * section 2). Throws `label/not-in-policy` for a code that the policy does not have.
 */
export function compareLevels(a: string, b: string, policy: MarkingPolicy): number | undefined {
  const [first, second] = [levelOf(a, policy), levelOf(b, policy)]
  if (first.family !== undefined && second.family !== undefined && first.family !== second.family) return undefined
  return first.order - second.order
}

/** Whether classification `a` is known to be at least as sensitive as `b`: never so for levels that cannot be compared. */
export function reachesLevel(a: string, b: string, policy: MarkingPolicy): boolean {
  const compared = compareLevels(a, b, policy)
  return compared !== undefined && compared >= 0
}

/** The classification of a code. Throws `label/not-in-policy`. */
export function levelOf(code: string, policy: MarkingPolicy): PolicyClassification {
  const level = policyCodes(policy).levels.get(code)
  if (level === undefined) {
    throw notInPolicy(code, policy.id)
  }
  return level
}

/**
 * Whether `a` protects at least as much as `b` in everything that decides: level, restrictive and permissive categories,
 * person rules, originators and the set of each. Informative categories, dates and succession do not count. Both labels must be of
 * `policy`, else `label/another-policy`.
 */
export function dominates(a: Label, b: Label, policy: MarkingPolicy): boolean {
  for (const { policy: id } of [a, b]) if (id !== policy.id) throw anotherPolicy(id, policy.id)
  return (
    reachesLevel(a.classification, b.classification, policy) &&
    dominatesCategories(a.categories, b.categories) &&
    b.personRules.every((rule) => a.personRules.some(({ code }) => code === rule.code)) &&
    b.originators.every((part) => {
      const mine = a.originators.find(({ nation }) => nation === part.nation)
      return mine !== undefined && within(mine.releasableTo, part.releasableTo)
    })
  )
}

function dominatesCategories(a: readonly Category[], b: readonly Category[]): boolean {
  return b.every((category) => {
    const mine = a.find(({ tag }) => tag === category.tag)
    switch (category.kind) {
      case 'restrictive':
        return mine !== undefined && category.values.every((value) => mine.values.includes(value))
      case 'permissive':
        return mine !== undefined && mine.values.every((value) => category.values.includes(value))
      case 'informative':
        return true
      default:
        return unreachable(category.kind)
    }
  })
}

function within(inner: readonly string[] | 'neutral', outer: readonly string[] | 'neutral'): boolean {
  if (outer === 'neutral') return true
  return inner !== 'neutral' && inner.every((nation) => outer.includes(nation))
}

/**
 * Whether nothing in the label keeps it from a nation: every originator's set holds the nation (a neutral part narrows
 * nothing) and every person rule admits its citizens. True is not yet a permission: a neutral label goes out only by a
 * rule and an officer's decision, and person rules still bind the person.
 */
export function releasableTo(label: Pick<Label, 'originators' | 'personRules'>, nation: string): boolean {
  return (
    label.originators.every((part) => part.releasableTo === 'neutral' || part.releasableTo.includes(nation)) &&
    label.personRules.every((rule) => rule.nations.includes(nation))
  )
}

/** The nations for which `releasableTo` holds, sorted; `neutral` when neither an originator nor a person rule narrows. */
export function audienceOf(label: Pick<Label, 'originators' | 'personRules'>): readonly string[] | 'neutral' {
  const sets: (readonly string[])[] = []
  for (const { releasableTo: set } of label.originators) if (set !== 'neutral') sets.push(set)
  for (const { nations } of label.personRules) sets.push(nations)
  const [first] = sets
  return first === undefined ? 'neutral' : first.filter((nation) => sets.every((set) => set.includes(nation)))
}
