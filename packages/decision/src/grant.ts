import { PERSON_DECIDES } from '@entente/agreement'
import type { Label } from '@entente/label'
import { type CompiledGrant, type CompiledPolicy, type CompiledVersion, clearanceEquivalent, sufficientClearances } from './compile.ts'
import type { Question } from './model.ts'
import type { Place, Reasons } from './reason.ts'
import type { Terms } from './succession.ts'

const SECONDS_PER_DAY = 86_400

/** What a grant says of a portion or an item by itself: area, ceiling, categories. */
export function checkLabelAgainstGrant(
  version: CompiledVersion,
  compiled: CompiledGrant,
  item: { readonly label: Label; readonly area: string; readonly classification: string },
  policy: CompiledPolicy | undefined,
  reasons: Reasons,
): void {
  const { grant } = compiled
  const { label, classification } = item
  const place = { rule: grant.id, article: grant.article }
  const { agreement, version: number } = version.body
  const above = version.above.get(item.area)
  if (above?.intersection(compiled.areas).size === 0 || above === undefined) {
    reasons.add('decision/area-not-covered', { area: item.area, agreement, version: number }, place)
  }
  if (policy !== undefined && !isAtMost(policy, classification, grant.ceiling)) {
    reasons.add('decision/above-ceiling', { classification, ceiling: grant.ceiling, agreement, version: number }, place)
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
export function isAtMost(policy: CompiledPolicy, low: string, high: string): boolean {
  const lower = policy.orders.get(low)
  const upper = policy.orders.get(high)
  return lower !== undefined && upper !== undefined && lower <= upper
}

/** Whether an item of this classification reaches the floor of a grant. */
export function reachesFloor(compiled: CompiledGrant, classification: string, policy: CompiledPolicy): boolean {
  return compiled.grant.floor === undefined || isAtMost(policy, compiled.grant.floor, classification)
}

/** Until when (seconds, exclusive) an item released at `releasedAt` may be read under a grant, and the article that says so. */
export function endOfLife(
  version: CompiledVersion,
  { grant }: CompiledGrant,
  releasedAt: number,
): { readonly until: number; readonly article: string } {
  const { retention } = version.body
  if (retention?.itemDays !== undefined && retention.itemDays < grant.lifeDays)
    return { until: releasedAt + retention.itemDays * SECONDS_PER_DAY, article: retention.article }
  return { until: releasedAt + grant.lifeDays * SECONDS_PER_DAY, article: grant.article }
}

/** Whether a grant leads from a nation to another: to it by name, or to every other party. */
export function leads({ grant }: CompiledGrant, from: string, to: string): boolean {
  return grant.from === from && from !== to && (grant.to === to || grant.to === 'members')
}

/** Everything that a grant of one version asks of an item, an act and a person. */
export function checkGrant(
  version: CompiledVersion,
  compiled: CompiledGrant,
  terms: Terms,
  question: Question,
  policy: CompiledPolicy | undefined,
  reasons: Reasons,
): void {
  const { grant } = compiled
  const { item, person, act, use, at } = question
  const { classification, area } = terms
  const place = { rule: grant.id, article: grant.article }
  const { agreement, version: number } = version.body
  if (!leads(compiled, item.originator, person.nation)) {
    reasons.add('decision/direction', { from: item.originator, to: person.nation, agreement, version: number }, place)
  }
  checkPath(version, compiled, item.via, reasons)
  checkLabelAgainstGrant(version, compiled, { label: item.label, area, classification }, policy, reasons)
  if (policy !== undefined && !reachesFloor(compiled, classification, policy)) {
    reasons.add('decision/below-floor', { classification, floor: grant.floor ?? '', agreement, version: number }, place)
  }
  // Shown means that no copy is kept, whatever else the document may list.
  if (!compiled.acts.has(act) || (grant.mode === 'show' && act !== 'list' && act !== 'show')) {
    reasons.add('decision/act-not-granted', { act, agreement, version: number }, place)
  }
  if (use !== undefined && !compiled.uses.has(use)) reasons.add('decision/use-not-granted', { use, agreement, version: number }, place)
  const { until, article } = endOfLife(version, compiled, item.releasedAt)
  if (at >= until) reasons.add('decision/expired', { until, agreement, version: number }, { rule: grant.id, article })
  checkClearance(version, compiled, terms, question, policy, reasons)
  checkNeed(version, compiled, area, question, reasons)
  checkAssignment(version, compiled, question, reasons)
}

/** Nothing reaches a nation by way of another but what the originator's grant names that way (third-party rule). */
function checkPath(version: CompiledVersion, { grant }: CompiledGrant, via: string | undefined, reasons: Reasons): void {
  if (grant.via === via) return
  const { agreement, version: number, thirdParty } = version.body
  const place = { rule: grant.id, article: thirdParty?.article ?? grant.article }
  reasons.add('decision/third-party', { agreement, version: number, ...(via === undefined ? {} : { via }) }, place)
}

function checkClearance(
  version: CompiledVersion,
  { grant }: CompiledGrant,
  { classification, clearances }: Terms,
  { person, item, at }: Question,
  policy: CompiledPolicy | undefined,
  reasons: Reasons,
): void {
  const place = { rule: grant.id, article: grant.article }
  const { agreement, version: number } = version.body
  if (clearances === undefined) {
    reasons.add('decision/clearance-missing', { agreement, version: number }, place)
    return
  }
  for (const clearance of clearances) {
    const equivalent = clearanceEquivalent(version, person.nation, item.originator, clearance, at)
    if (equivalent === PERSON_DECIDES) {
      reasons.add('decision/clearance-no-equivalent', { clearance, agreement, version: number }, place)
    } else if (policy !== undefined && policy.opens.get(equivalent)?.has(classification) !== true) {
      const needed = sufficientClearances(version, person.nation, policy, classification, at)[0]
      const values = { clearance, equivalent, classification, agreement, version: number }
      if (needed === undefined) reasons.add('decision/clearance-too-low', values, place, 'nearest/lower-rendition')
      else reasons.add('decision/clearance-too-low', { ...values, needed }, place)
    }
  }
}

function checkNeed(version: CompiledVersion, compiled: CompiledGrant, area: string, question: Question, reasons: Reasons): void {
  const { grant } = compiled
  const { person } = question
  const place = { rule: grant.id, article: grant.article }
  const { agreement, version: number } = version.body
  const above = version.above.get(area)
  if (above === undefined || person.areas?.some((one) => above.has(one)) !== true) {
    reasons.add('decision/need-to-know', { area, agreement, version: number }, place)
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

/** Organisation, post and facility, where the grant lists any: the attested one is among them. */
function checkAssignment(version: CompiledVersion, compiled: CompiledGrant, { person }: Question, reasons: Reasons): void {
  const { agreement, version: number } = version.body
  const { id: rule, article } = compiled.grant
  const place: Place = { rule, article }
  const check = (
    code: 'decision/organisation' | 'decision/post' | 'decision/facility',
    name: string,
    listed: ReadonlySet<string> | undefined,
    attested: string | undefined,
  ): void => {
    if (listed === undefined || (attested !== undefined && listed.has(attested))) return
    // Nothing attested can be attested; something else that was attested is what it is.
    const nearest = attested === undefined ? 'nearest/attest-assignment' : 'nearest/ask-originator'
    reasons.add(code, { [name]: [...listed].join(' '), agreement, version: number }, place, nearest)
  }
  check('decision/organisation', 'organisations', compiled.organisations, person.organisation)
  check('decision/post', 'posts', compiled.posts, person.post)
  check('decision/facility', 'facilities', compiled.facilities, person.facility)
}
