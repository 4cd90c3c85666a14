import { ANY_VALUE, type NumberedRule, ORIGIN, PERSON, type PolicyCodes } from './policy-codes.ts'
import type { Label, MarkingPolicy, PolicyRule, Selector } from './model.ts'

/** The first rule of a policy that a label breaks (spec/label.md section 2). */
export function brokenRule(label: Label, policy: MarkingPolicy, { rules }: PolicyCodes): PolicyRule | undefined {
  let first: NumberedRule | undefined
  const look = (some: readonly NumberedRule[] = []) => {
    for (const one of some) if ((first === undefined || one.place < first.place) && isBroken(one.rule, label, policy)) first = one
  }
  look(rules.get(ANY_VALUE))
  for (const { values } of label.categories) for (const value of values) look(rules.get(value))
  return first?.rule
}

function isBroken({ when, requires, excludes }: PolicyRule, label: Label, policy: MarkingPolicy): boolean {
  if (!holds(when, label, policy)) return false
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
