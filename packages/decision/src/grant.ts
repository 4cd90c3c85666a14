import { PERSON_DECIDES } from '@entente/agreement'
import type { Label } from '@entente/label'
import { type CompiledGrant, type CompiledPolicy, type CompiledVersion, clearanceEquivalent, sufficientClearances } from './compile.ts'
import type { Question } from './model.ts'
import type { Reasons } from './reason.ts'

const SECONDS_PER_DAY = 86_400

/** What a grant says of a portion or an item by itself: area, ceiling, categories. */
export function checkLabelAgainstGrant(
  version: CompiledVersion,
  compiled: CompiledGrant,
  item: { readonly label: Label; readonly area: string },
  policy: CompiledPolicy | undefined,
  reasons: Reasons,
): void {
  const { grant } = compiled
  const { label } = item
  const place = { rule: grant.id, article: grant.article }
  const { agreement, version: number } = version.body
  const above = version.above.get(item.area)
  if (above?.intersection(compiled.areas).size === 0 || above === undefined) {
    reasons.add('decision/area-not-covered', { area: item.area, agreement, version: number }, place)
  }
  if (policy !== undefined && !isAtMost(policy, label.classification, grant.ceiling)) {
    reasons.add(
      'decision/above-ceiling',
      { classification: label.classification, ceiling: grant.ceiling, agreement, version: number },
      place,
    )
  }
  for (const category of label.categories) {
    if (category.kind === 'informative') continue
    for (const value of category.values) {
      const code = `${category.tag}/${value}`
      if (!compiled.categories.has(code))
        reasons.add('decision/category-not-covered', { category: code, agreement, version: number }, place)
    }
  }
}

/** Whether classification `low` stands no higher than `high`; false when the policy knows one of them not. */
function isAtMost(policy: CompiledPolicy, low: string, high: string): boolean {
  const lower = policy.orders.get(low)
  const upper = policy.orders.get(high)
  return lower !== undefined && upper !== undefined && lower <= upper
}

/** Whether an item of this classification reaches the floor of a grant. */
export function reachesFloor(compiled: CompiledGrant, classification: string, policy: CompiledPolicy): boolean {
  return compiled.grant.floor === undefined || isAtMost(policy, compiled.grant.floor, classification)
}

/** Until when (seconds, exclusive) an item released at `releasedAt` may be read under a grant. */
export function endOfLife(compiled: CompiledGrant, releasedAt: number): number {
  return releasedAt + compiled.grant.lifeDays * SECONDS_PER_DAY
}

/** Everything that a grant of one version asks of an item, an act and a person. */
export function checkGrant(
  version: CompiledVersion,
  compiled: CompiledGrant,
  question: Question,
  policy: CompiledPolicy | undefined,
  reasons: Reasons,
): void {
  const { grant } = compiled
  const { item, act, at } = question
  const place = { rule: grant.id, article: grant.article }
  const { agreement, version: number } = version.body
  checkLabelAgainstGrant(version, compiled, item, policy, reasons)
  if (policy !== undefined && !reachesFloor(compiled, item.label.classification, policy)) {
    reasons.add(
      'decision/below-floor',
      { classification: item.label.classification, floor: grant.floor ?? '', agreement, version: number },
      place,
    )
  }
  // Shown means that no copy is kept, whatever else the document may list.
  if (!compiled.acts.has(act) || (grant.mode === 'show' && act !== 'list' && act !== 'show')) {
    reasons.add('decision/act-not-granted', { act, agreement, version: number }, place)
  }
  const until = endOfLife(compiled, item.releasedAt)
  if (at >= until) reasons.add('decision/expired', { until, agreement, version: number }, place)
  checkClearance(version, compiled, question, policy, reasons)
  checkNeed(version, compiled, question, reasons)
}

function checkClearance(
  version: CompiledVersion,
  { grant }: CompiledGrant,
  question: Question,
  policy: CompiledPolicy | undefined,
  reasons: Reasons,
): void {
  const { person, item, at } = question
  const place = { rule: grant.id, article: grant.article }
  const { agreement, version: number } = version.body
  const { clearance } = person
  if (clearance === undefined) {
    reasons.add('decision/clearance-missing', { agreement, version: number }, place)
    return
  }
  const equivalent = clearanceEquivalent(version, person.nation, item.originator, clearance, at)
  const { classification } = item.label
  if (equivalent === PERSON_DECIDES) {
    reasons.add('decision/clearance-no-equivalent', { clearance, agreement, version: number }, place)
  } else if (policy !== undefined && policy.opens.get(equivalent)?.has(classification) !== true) {
    const needed = sufficientClearances(version, person.nation, policy, classification, at)[0]
    const values = { clearance, equivalent, classification, agreement, version: number }
    if (needed === undefined) reasons.add('decision/clearance-too-low', values, place, 'nearest/lower-rendition')
    else reasons.add('decision/clearance-too-low', { ...values, needed }, place)
  }
}

function checkNeed(version: CompiledVersion, compiled: CompiledGrant, question: Question, reasons: Reasons): void {
  const { grant } = compiled
  const { person, item } = question
  const place = { rule: grant.id, article: grant.article }
  const { agreement, version: number } = version.body
  const above = version.above.get(item.area)
  if (above === undefined || person.areas?.some((area) => above.has(area)) !== true) {
    reasons.add('decision/need-to-know', { area: item.area, agreement, version: number }, place)
  }
  // No citizenship at all is nothing known: "every one is allowed" must not hold for want of one.
  if (person.citizenships === undefined || person.citizenships.length === 0) {
    reasons.add('decision/citizenship-unknown', { agreement, version: number }, place)
  } else if (!person.citizenships.every((nation) => compiled.citizenship.has(nation))) {
    reasons.add('decision/citizenship', { nations: grant.person.citizenship.join(' '), agreement, version: number }, place)
  }
  const attested = person.purpose !== undefined && person.purpose === question.purpose && compiled.purposes.has(person.purpose)
  if (compiled.purposes.size > 0 && !attested) {
    reasons.add(
      'decision/purpose',
      { purpose: question.purpose, purposes: grant.person.purposes.join(' '), agreement, version: number },
      place,
    )
  }
}
