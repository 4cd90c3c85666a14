import type { Act } from '@entente/agreement'
import type { Label } from '@entente/label'
import type { CompiledProhibition, CompiledVersion } from './compile.ts'
import type { Question } from './model.ts'
import type { Reasons } from './reason.ts'

/** What a prohibition can be held against without knowing the person. */
export interface Passing {
  readonly act: Act
  readonly from: string
  readonly to: string
  readonly label: Label
  readonly area: string
}

/** Whether each member that is present matches, the one on citizenship aside; what is unknown matches. */
export function forbidsPassing(version: CompiledVersion, compiled: CompiledProhibition, passing: Passing): boolean {
  const { from, to } = compiled.prohibition
  if (from !== undefined && from !== passing.from) return false
  if (to !== undefined && to !== passing.to) return false
  if (compiled.acts?.has(passing.act) === false) return false
  if (compiled.areas !== undefined) {
    // An area that this tree does not hold is unknown to this agreement, and the unknown matches.
    const above = version.above.get(passing.area)
    if (above !== undefined && !compiled.areas.some((area) => above.has(area))) return false
  }
  const { personRules, categories } = compiled
  if (personRules !== undefined && !passing.label.personRules.some((rule) => personRules.has(rule.code))) return false
  if (categories === undefined) return true
  return passing.label.categories.some((category) => category.values.some((value) => categories.has(`${category.tag}/${value}`)))
}

function forbidsPerson(compiled: CompiledProhibition, citizenships: readonly string[] | undefined): boolean {
  const within = compiled.citizenshipOutside
  if (within === undefined) return true
  return citizenships === undefined || citizenships.length === 0 || citizenships.some((nation) => !within.has(nation))
}

/** Adds a reason for every prohibition of a version that matches the question. */
export function checkProhibitions(version: CompiledVersion, question: Question, reasons: Reasons): void {
  const { act, person, item } = question
  const passing: Passing = { act, from: item.originator, to: person.nation, label: item.label, area: item.area }
  for (const compiled of version.prohibitions) {
    if (forbidsPassing(version, compiled, passing) && forbidsPerson(compiled, person.citizenships))
      addForbidden(version, compiled, item.label, reasons)
  }
}

/** The reason that a matching prohibition gives. */
export function addForbidden(version: CompiledVersion, compiled: CompiledProhibition, label: Label, reasons: Reasons): void {
  const { id, article } = compiled.prohibition
  const { agreement, version: number } = version.body
  const { personRules } = compiled
  const place = { rule: id, article }
  if (personRules === undefined) {
    reasons.add('decision/forbidden', { agreement, version: number }, place)
    return
  }
  const codes = label.personRules.map((rule) => rule.code).filter((code) => personRules.has(code))
  reasons.add('decision/person-rule-prohibited', { code: codes.join(' '), agreement, version: number }, place)
}
