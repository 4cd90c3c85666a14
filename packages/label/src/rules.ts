import { type PolicyCodes, ORIGIN, PERSON } from './policy-codes.ts'
import type { Label, MarkingPolicy, PolicyRule, Selector } from './model.ts'

/** The first rule of a policy that a label breaks (spec/label.md section 2). */
export function brokenRule(label: Label, policy: MarkingPolicy, known: PolicyCodes): PolicyRule | undefined {
  for (const { rule, tag, values } of known.rules) {
    const applies = tag === undefined || hasOneOf(tag, values, label)
    if (applies && holds(rule.when, label, policy) && isBroken(rule, label, policy)) return rule
  }
  return undefined
}

function isBroken({ requires, excludes }: PolicyRule, label: Label, policy: MarkingPolicy): boolean {
  const isHeld = (selector: Selector) => holds(selector, label, policy)
  return requires?.some(isHeld) === false || excludes?.some(isHeld) === true
}

/** Whether everything that a selector names is in the label. */
function holds(selector: Selector, label: Label, policy: MarkingPolicy): boolean {
  const { tag, values, classifications, personRules, released } = selector
  if (classifications !== undefined && !classifications.includes(label.classification)) return false
  if (tag !== undefined && !hasOneOf(tag, values, label)) return false
  if (personRules !== undefined && !label.personRules.some(({ code }) => personRules.includes(code))) return false
  return released === undefined || released === isReleased(label, policy)
}

function hasOneOf(tag: string, values: readonly string[] | undefined, label: Label): boolean {
  for (const category of label.categories) {
    if (category.tag !== tag) continue
    if (values === undefined) return true
    for (const value of category.values) if (values.includes(value)) return true
  }
  return false
}

/** Whether the policy's own nation named readers beyond itself. */
function isReleased(label: Label, policy: MarkingPolicy): boolean {
  const own = label.originators.find(({ nation }) => nation === policy.nation)
  return own !== undefined && own.releasableTo !== 'neutral' && own.releasableTo.length > 1
}

/** The part of the label that a rule speaks of, as `Problem.subject` names parts. */
export function subjectOf({ when }: PolicyRule, label: Label, policy: MarkingPolicy): string {
  if (when.tag !== undefined) {
    const found = label.categories.find(({ tag }) => tag === when.tag)?.values.find((value) => when.values?.includes(value) ?? true)
    if (found !== undefined) return `${when.tag}/${found}`
  }
  const rule = label.personRules.find(({ code }) => when.personRules?.includes(code) ?? false)
  if (rule !== undefined) return `${PERSON}/${rule.code}`
  return when.released === true ? `${ORIGIN}/${policy.nation}` : 'classification'
}
