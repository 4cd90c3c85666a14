import type { CompiledFacts } from './compile.ts'
import { checkPersonAgainstLabel, checkReleasable, checkSuspension, policyOf } from './label.ts'
import type { Decision, Question } from './model.ts'
import { Reasons } from './reason.ts'

/**
 * The home rule: a nation's own person and its own item. Clearance of its own scheme, need to know, the label's rules on
 * persons, no suspension. No agreement has a say, and none is cited.
 */
export function decideHome(facts: CompiledFacts, question: Question): Decision {
  const { item, person, act, at } = question
  const { label } = item
  const reasons = new Reasons()
  if (facts.deciding !== item.originator) reasons.add('decision/direction', { from: item.originator, to: person.nation })
  if (item.stopped) reasons.add('decision/stopped', {})
  if (item.expiresAt !== undefined && at >= item.expiresAt) reasons.add('decision/expired', { until: item.expiresAt })
  // Letting something out of the nation is an officer's release under a delegation, never a reader's act.
  if (act === 'onward-release') reasons.add('decision/act-not-granted', { act })
  const policy = policyOf(facts, item.originator, label, reasons)
  checkReleasable(item.originator, person.nation, label, reasons)
  checkSuspension(person, reasons)
  checkPersonAgainstLabel(person, label, reasons)
  if (person.clearance === undefined) {
    reasons.add('decision/clearance-missing', {})
  } else if (policy !== undefined && policy.opens.get(person.clearance)?.has(label.classification) !== true) {
    const needed = [...policy.clearanceOrders]
      .filter(([code]) => policy.opens.get(code)?.has(label.classification) === true)
      .sort(([, a], [, b]) => a - b)[0]?.[0]
    const values = { clearance: person.clearance, classification: label.classification }
    if (needed === undefined) reasons.add('decision/clearance-too-low', values, {}, 'nearest/lower-rendition')
    else reasons.add('decision/clearance-too-low', { ...values, needed })
  }
  const above = facts.homeAbove.get(item.area)
  const needs = person.areas?.some((area) => area === item.area || above?.has(area) === true)
  if (needs !== true) reasons.add('decision/need-to-know', { area: item.area })
  const refused = reasons.found
  if (refused !== undefined) return { permit: false, reasons: refused }
  return { permit: true, articles: [], duties: [], keyControl: 'originator', mode: 'give', uses: ['act-on', 'court', 'name-source'] }
}
