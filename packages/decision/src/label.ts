import { type Category, type Label, releasableTo } from '@entente/label'
import type { PersonFacts } from '@entente/clearance'
import type { CompiledFacts, CompiledPolicy } from './compile.ts'
import type { Reasons } from './reason.ts'

/** The policy that a label is written in, if it is the originator's and knows the classification; else a reason. */
export function policyOf(facts: CompiledFacts, originator: string, label: Label, reasons: Reasons): CompiledPolicy | undefined {
  const policy = facts.policies.get(label.policy)
  if (policy !== undefined && policy.nation === originator && policy.orders.has(label.classification)) return policy
  reasons.add('decision/policy-unknown', { policy: label.policy, classification: label.classification, originator })
  return undefined
}

/**
 * The label's own word on the reader's nation (`releasableTo`), originator by originator: each must have named it, the
 * releasing nation must be one of them, and a rule on citizens must be one that the nation's citizens can fulfil.
 */
export function checkReleasable(originator: string, nation: string, label: Label, reasons: Reasons): void {
  // Information that is another's alone goes on only by that originator's own statement (third-party rule).
  if (!label.originators.some((part) => part.nation === originator)) reasons.add('decision/not-releasable', { originator, nation })
  if (releasableTo(label, nation)) return
  for (const part of label.originators) {
    if (part.releasableTo !== 'neutral' && !part.releasableTo.includes(nation))
      reasons.add('decision/not-releasable', { originator: part.nation, nation })
  }
  for (const rule of label.personRules) {
    if (!rule.nations.includes(nation)) reasons.add('decision/not-releasable', { code: rule.code, nation })
  }
  // Whatever else the label's own function may come to object to refuses too.
  if (reasons.none) reasons.add('decision/not-releasable', { originator, nation })
}

/** The label's own word on the person: rules on citizens, and briefings for restrictive and permissive categories. */
export function checkPersonAgainstLabel(person: PersonFacts, label: Label, reasons: Reasons): void {
  for (const rule of label.personRules) {
    const values = { code: rule.code, nations: rule.nations.join(' ') }
    if (person.citizenships === undefined || person.citizenships.length === 0) reasons.add('decision/citizenship-unknown', {})
    else if (!person.citizenships.some((nation) => rule.nations.includes(nation))) reasons.add('decision/person-rule', values)
  }
  for (const category of label.categories) checkBriefing(person, category, reasons)
}

function checkBriefing(person: PersonFacts, category: Category, reasons: Reasons): void {
  const held = (value: string): boolean => person.briefings?.includes(`${category.tag}/${value}`) === true
  switch (category.kind) {
    case 'restrictive':
      for (const value of category.values) if (!held(value)) reasons.add('decision/briefing', { category: `${category.tag}/${value}` })
      return
    case 'permissive':
      if (!category.values.some(held))
        reasons.add('decision/briefing', { category: category.values.map((value) => `${category.tag}/${value}`).join(' ') })
      return
    case 'informative':
  }
}

/** What no agreement and no label can lift: a suspension, or not knowing of one. */
export function checkSuspension(person: PersonFacts, reasons: Reasons): void {
  if (person.suspended === undefined) reasons.add('decision/suspension-unknown', {})
  else if (person.suspended) reasons.add('decision/suspended', {})
}
