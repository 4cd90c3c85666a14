import type { PersonFacts } from '@entente/clearance'
import type { CompiledPolicy, CompiledProhibition, CompiledVersion } from './compile.ts'
import { type Condition, type Subject, keyOf } from './condition.ts'
import { markOf } from './label.ts'
import type { Asking, MarkedAs, Reason } from './model.ts'
import { type Reasons, reasonOf } from './reason.ts'

/** One leg of the way from the originator to the reader's nation. */
export interface Hop {
  readonly from: string
  readonly to: string
}

/** What a prohibition can be held against without knowing who asks and for what. */
export interface Passing {
  readonly hops: readonly Hop[]
  readonly originator: string
  readonly via?: string | undefined
  readonly label: MarkedAs
  /** The policy of the label, where it is known. */
  readonly policy: CompiledPolicy | undefined
}

/** The way whole, and its legs where an intermediary relays: a prohibition on any of them is one on all of it. */
export function hopsOf(originator: string, to: string, via: string | undefined): readonly Hop[] {
  const whole = { from: originator, to }
  return via === undefined ? [whole] : [whole, { from: originator, to: via }, { from: via, to }]
}

/** Whether what passes matches a prohibition of a version, in all that does not ask for who asks; what is unknown matches. */
export function reaches(
  version: CompiledVersion,
  compiled: CompiledProhibition,
  passing: Passing,
  terms: { readonly area: string; readonly classification: string },
): boolean {
  return isOnWay(compiled, passing) && concerns(version, compiled, passing, terms)
}

/** Whether a prohibition stands on one of the legs. */
function isOnWay({ prohibition: { from, to, via } }: CompiledProhibition, passing: Pick<Passing, 'hops' | 'via'>): boolean {
  if (!passing.hops.some((hop) => (from === undefined || from === hop.from) && (to === undefined || to === hop.to))) return false
  return via === undefined || via === passing.via
}

function concerns(
  version: CompiledVersion,
  compiled: CompiledProhibition,
  passing: Passing,
  terms: { readonly area: string; readonly classification: string },
): boolean {
  if (compiled.areas !== undefined) {
    // An area that this tree does not hold is unknown to this agreement, and the unknown matches.
    const above = version.above.get(terms.area)
    if (above !== undefined && !compiled.areas.some((area) => above.has(area))) return false
  }
  if (isBelow(compiled, passing, terms.classification)) return false
  const { personRules, categories } = compiled
  if (personRules !== undefined && !passing.label.personRules.some((rule) => personRules.has(rule.code))) return false
  if (categories === undefined) return true
  return passing.label.categories.some((category) => category.values.some((value) => categories.has(markOf(category.tag, value))))
}

/** Whether an item certainly stands below the classification from which a prohibition holds, in the originator's own policy. */
function isBelow({ prohibition }: CompiledProhibition, { originator, policy }: Passing, classification: string): boolean {
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

/** Whether a prohibition is one of the act and the use that are asked for. */
export function forbidsAct(compiled: CompiledProhibition, { act, use }: Pick<Asking, 'act' | 'use'>): boolean {
  if (compiled.acts?.has(act) === false) return false
  return compiled.uses === undefined || (use !== undefined && compiled.uses.has(use))
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

/** A prohibition that reaches the item: it stands against whoever it means, in what it means. */
export class Forbidden implements Condition {
  readonly #version: CompiledVersion
  readonly #compiled: CompiledProhibition
  readonly #forbidden: Reason

  constructor(version: CompiledVersion, compiled: CompiledProhibition) {
    this.#version = version
    this.#compiled = compiled
    const { id, article } = compiled.prohibition
    this.#forbidden = reasonOf('decision/forbidden', citedOf(version), { rule: id, article })
  }

  /** Whether it reaches what passes on a way where it stands. */
  concerns(passing: Passing, terms: { readonly area: string; readonly classification: string }): boolean {
    return concerns(this.#version, this.#compiled, passing, terms)
  }

  get key(): string {
    return keyOf('forbidden', this.#version.body.agreement, this.#version.number, this.#compiled.prohibition.id)
  }

  fails(asking: Asking): boolean {
    return forbidsAct(this.#compiled, asking) && forbidsPerson(this.#compiled, asking.person)
  }

  say(reasons: Reasons, _: Asking, { label }: Subject): void {
    this.forbid(reasons, label)
  }

  /** Adds its reason, whoever asks. */
  forbid(reasons: Reasons, label: MarkedAs): void {
    const { personRules } = this.#compiled
    if (personRules === undefined) {
      reasons.take(this.#forbidden)
      return
    }
    const { id, article } = this.#compiled.prohibition
    const codes = label.personRules.map((rule) => rule.code).filter((code) => personRules.has(code))
    reasons.add('decision/person-rule-prohibited', { code: codes.join(' '), ...citedOf(this.#version) }, { rule: id, article })
  }
}

function citedOf({ body: { agreement, version } }: CompiledVersion): { readonly agreement: string; readonly version: number } {
  return { agreement, version }
}

/** The prohibitions of a version that stand on a way. */
export function forbiddenOn(version: CompiledVersion, way: Pick<Passing, 'hops' | 'via'>): readonly Forbidden[] {
  return version.prohibitions.filter((compiled) => isOnWay(compiled, way)).map((compiled) => new Forbidden(version, compiled))
}
