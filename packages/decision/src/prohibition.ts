import type { Act, Use } from '@entente/agreement'
import type { PersonFacts } from '@entente/clearance'
import type { Label } from '@entente/label'
import type { CompiledPolicy, CompiledProhibition, CompiledVersion } from './compile.ts'
import type { Reasons } from './reason.ts'

/** One leg of the way from the originator to the reader's nation. */
export interface Hop {
  readonly from: string
  readonly to: string
}

/** What a prohibition can be held against without knowing the person. */
export interface Passing {
  readonly act: Act
  readonly use: Use | undefined
  readonly hops: readonly Hop[]
  readonly originator: string
  readonly via: string | undefined
  readonly label: Label
  readonly area: string
  readonly classification: string
  /** The policy of the label, where it is known. */
  readonly policy: CompiledPolicy | undefined
}

/** The way whole, and its legs where an intermediary relays: a prohibition on any of them is one on all of it. */
export function hopsOf(originator: string, to: string, via: string | undefined): readonly Hop[] {
  const whole = { from: originator, to }
  return via === undefined ? [whole] : [whole, { from: originator, to: via }, { from: via, to }]
}

/** Whether each member that does not ask for the person matches; what is unknown matches. */
export function forbidsPassing(version: CompiledVersion, compiled: CompiledProhibition, passing: Passing): boolean {
  const { from, to, via } = compiled.prohibition
  if (!passing.hops.some((hop) => (from === undefined || from === hop.from) && (to === undefined || to === hop.to))) return false
  if (via !== undefined && via !== passing.via) return false
  if (compiled.acts?.has(passing.act) === false) return false
  if (compiled.uses !== undefined && (passing.use === undefined || !compiled.uses.has(passing.use))) return false
  if (compiled.areas !== undefined) {
    // An area that this tree does not hold is unknown to this agreement, and the unknown matches.
    const above = version.above.get(passing.area)
    if (above !== undefined && !compiled.areas.some((area) => above.has(area))) return false
  }
  if (isBelow(compiled, passing)) return false
  const { personRules, categories } = compiled
  if (personRules !== undefined && !passing.label.personRules.some((rule) => personRules.has(rule.code))) return false
  if (categories === undefined) return true
  return passing.label.categories.some((category) => category.values.some((value) => categories.has(`${category.tag}/${value}`)))
}

/** Whether an item certainly stands below the classification from which a prohibition holds, in the originator's own policy. */
function isBelow({ prohibition }: CompiledProhibition, { originator, classification, policy }: Passing): boolean {
  if (prohibition.atLeast === undefined || prohibition.from !== originator) return false
  const least = policy?.orders.get(prohibition.atLeast)
  const order = policy?.orders.get(classification)
  return least !== undefined && order !== undefined && order < least
}

/** Whether a prohibition asks for the person. */
export function asksForPerson(compiled: CompiledProhibition): boolean {
  const { citizenshipOutside, organisationsOutside, postsOutside, facilitiesOutside, purposesOutside } = compiled
  return [citizenshipOutside, organisationsOutside, postsOutside, facilitiesOutside, purposesOutside].some((one) => one !== undefined)
}

function forbidsPerson(compiled: CompiledProhibition, person: PersonFacts): boolean {
  const { citizenships } = person
  const within = compiled.citizenshipOutside
  const citizens =
    within === undefined || citizenships === undefined || citizenships.length === 0 || citizenships.some((nation) => !within.has(nation))
  return (
    citizens &&
    isOutside(compiled.organisationsOutside, person.organisation) &&
    isOutside(compiled.postsOutside, person.post) &&
    isOutside(compiled.facilitiesOutside, person.facility) &&
    isOutside(compiled.purposesOutside, person.purpose)
  )
}

function isOutside(within: ReadonlySet<string> | undefined, attested: string | undefined): boolean {
  return within === undefined || attested === undefined || !within.has(attested)
}

/** Adds a reason for every prohibition of a version that matches what is asked. */
export function checkProhibitions(version: CompiledVersion, passing: Passing, person: PersonFacts, reasons: Reasons): void {
  for (const compiled of version.prohibitions) {
    if (forbidsPassing(version, compiled, passing) && forbidsPerson(compiled, person))
      addForbidden(version, compiled, passing.label, reasons)
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
