import type { CompiledGrant, CompiledPolicy, CompiledVersion } from './compile.ts'
import { type Condition, Refusal, type Refusals } from './condition.ts'
import { Cleared, NeedToKnow, type Reading, fixedOf, grantPlace } from './granted.ts'
import { markOf } from './label.ts'
import type { MarkedAs } from './model.ts'
import type { Terms } from './succession.ts'

/** Adds what a grant has against a portion or an item by itself: area, ceiling, categories. */
export function addGrantRefusals(
  conditions: Refusals,
  version: CompiledVersion,
  compiled: CompiledGrant,
  label: MarkedAs,
  { area, classification }: Pick<Terms, 'area' | 'classification'>,
  policy: CompiledPolicy | undefined,
): void {
  const { grant } = compiled
  const { agreement, version: number } = version.body
  if (!compiled.covered.has(area))
    conditions.push(new Refusal('decision/area-not-covered', { area, agreement, version: number }, grantPlace(compiled)))
  if (policy !== undefined && !isAtMost(policy, classification, grant.ceiling)) {
    const values = { classification, ceiling: grant.ceiling, agreement, version: number }
    conditions.push(new Refusal('decision/above-ceiling', values, grantPlace(compiled)))
  }
  for (const { kind, tag, values } of label.categories) {
    if (kind === 'informative') continue
    for (const value of values) {
      const code = markOf(tag, value)
      if (!compiled.categories.has(code))
        conditions.push(new Refusal('decision/category-not-covered', { category: code, agreement, version: number }, grantPlace(compiled)))
    }
  }
}

/** Whether classification `low` stands no higher than `high`; false when the policy knows one of them not. */
export function isAtMost(policy: CompiledPolicy, low: string, high: string): boolean {
  const lower = policy.orders.get(low)
  const upper = policy.orders.get(high)
  return lower !== undefined && upper !== undefined && lower <= upper
}

/** Whether an item of this classification reaches the floor of a grant. */
export function reachesFloor(compiled: CompiledGrant, classification: string, policy: CompiledPolicy): boolean {
  return compiled.grant.floor === undefined || isAtMost(policy, compiled.grant.floor, classification)
}

/** Whether a grant leads from a nation to another: to it by name, or to every other party. */
export function leads({ grant }: CompiledGrant, from: string, to: string): boolean {
  return grant.from === from && from !== to && (grant.to === to || grant.to === 'members')
}

/** Adds everything that a grant of one version asks of an item, an act and a person. */
export function addGrantConditions(
  conditions: Condition[],
  version: CompiledVersion,
  compiled: CompiledGrant,
  reading: Reading,
  terms: Terms,
): void {
  const { grant } = compiled
  const { originator, nation, via, label, policy } = reading
  const { classification, area } = terms
  const { agreement, version: number, thirdParty } = version.body
  if (!leads(compiled, originator, nation))
    conditions.push(new Refusal('decision/direction', { from: originator, to: nation, agreement, version: number }, grantPlace(compiled)))
  // Nothing reaches a nation by way of another but what the originator's grant names that way (third-party rule).
  if (grant.via !== via) {
    const values = { agreement, version: number, ...(via === undefined ? {} : { via }) }
    conditions.push(new Refusal('decision/third-party', values, { rule: grant.id, article: thirdParty?.article ?? grant.article }))
  }
  addGrantRefusals(conditions, version, compiled, label, terms, policy)
  if (policy !== undefined && !reachesFloor(compiled, classification, policy)) {
    const values = { classification, floor: grant.floor ?? '', agreement, version: number }
    conditions.push(new Refusal('decision/below-floor', values, grantPlace(compiled)))
  }
  const { cited, acts, persons } = fixedOf(version, compiled)
  for (const condition of acts) conditions.push(condition)
  conditions.push(new Cleared(cited, reading, classification), new NeedToKnow(cited, area))
  for (const condition of persons) conditions.push(condition)
}
