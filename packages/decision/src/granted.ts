import { PERSON_DECIDES } from '@entente/agreement'
import type { CompiledAgreement, CompiledGrant, CompiledPolicy, CompiledVersion } from './compile.ts'
import { type Condition, type Subject, keyOf } from './condition.ts'
import { knownCitizenships } from './label.ts'
import type { Asking, MarkedAs, Reason } from './model.ts'
import { type Reasons, reasonOf } from './reason.ts'
import { clearancesIn } from './succession.ts'
import { type CompiledTable, equivalentIn, sufficientClearances, tableAt, tablesOf } from './tables.ts'

const SECONDS_PER_DAY = 86_400

/** For how many seconds after its release an item may be read under a grant, and the article that says so. */
export function lifeUnder(version: CompiledVersion, { grant }: CompiledGrant): { readonly seconds: number; readonly article: string } {
  const { retention } = version.body
  if (retention?.itemDays !== undefined && retention.itemDays < grant.lifeDays)
    return { seconds: retention.itemDays * SECONDS_PER_DAY, article: retention.article }
  return { seconds: grant.lifeDays * SECONDS_PER_DAY, article: grant.article }
}

/** What reasons cite of a grant. */
export function grantPlace({ grant: { id, article } }: CompiledGrant): { readonly rule: string; readonly article: string } {
  return { rule: id, article }
}

/** What is read under a grant: by whose people, and released under which version. */
export interface Reading {
  readonly originator: string
  readonly nation: string
  readonly via?: string | undefined
  readonly label: MarkedAs
  readonly policy: CompiledPolicy | undefined
  readonly agreement: CompiledAgreement
  /** Id of the version released under. */
  readonly from: string
}

/** What a grant asks whatever the item. */
export interface Fixed {
  readonly cited: Cited
  readonly acts: readonly Condition[]
  readonly persons: readonly Condition[]
}

const KNOWN = new WeakMap<CompiledGrant, Fixed>()

/** What a grant asks whatever the item: made once. */
export function fixedOf(version: CompiledVersion, compiled: CompiledGrant): Fixed {
  const known = KNOWN.get(compiled)
  if (known !== undefined) return known
  const { organisations, posts, facilities } = compiled
  const cited = new Cited(version, compiled)
  const acts = [new ActGranted(cited), new UseGranted(cited), new Life(cited)]
  const persons = [
    new CitizenWithin(cited),
    ...(compiled.purposes.size === 0 ? [] : [new PurposeGranted(cited)]),
    ...(organisations === undefined ? [] : [new Assigned(cited, 'organisation', 'organisations', organisations)]),
    ...(posts === undefined ? [] : [new Assigned(cited, 'post', 'posts', posts)]),
    ...(facilities === undefined ? [] : [new Assigned(cited, 'facility', 'facilities', facilities)]),
  ]
  const fixed = { cited, acts, persons }
  KNOWN.set(compiled, fixed)
  return fixed
}

/** One grant of one version, with what reasons cite of it. */
export class Cited {
  readonly version: CompiledVersion
  readonly compiled: CompiledGrant
  readonly agreement: string
  readonly number: number
  readonly place: { readonly rule: string; readonly article: string }

  constructor(version: CompiledVersion, compiled: CompiledGrant) {
    this.version = version
    this.compiled = compiled
    this.agreement = version.body.agreement
    this.number = version.number
    this.place = grantPlace(compiled)
  }
}

/** A condition of one grant of one version. */
abstract class OfGrant implements Condition {
  readonly cited: Cited

  constructor(cited: Cited) {
    this.cited = cited
  }

  /** Rule and what it says, but for the version: two versions that say the same are asked once. */
  get key(): string {
    const { agreement, place } = this.cited
    return keyOf(agreement, place.rule, place.article, ...this.says)
  }

  abstract readonly says: readonly (string | number | readonly string[])[]
  abstract fails(asking: Asking): boolean
  abstract say(reasons: Reasons, asking: Asking, subject: Subject): void
}

class ActGranted extends OfGrant {
  get says(): readonly (string | number | readonly string[])[] {
    const { compiled } = this.cited
    return ['act', compiled.grant.mode, [...compiled.acts]]
  }

  // Shown means that no copy is kept, whatever else the document may list.
  fails({ act }: Asking): boolean {
    const { compiled } = this.cited
    return !compiled.acts.has(act) || (compiled.grant.mode === 'show' && act !== 'list' && act !== 'show')
  }

  say(reasons: Reasons, { act }: Asking): void {
    const { agreement, number: version, place } = this.cited
    reasons.add('decision/act-not-granted', { act, agreement, version }, place)
  }
}

class UseGranted extends OfGrant {
  get says(): readonly (string | number | readonly string[])[] {
    return ['use', [...this.cited.compiled.uses]]
  }

  fails({ use }: Asking): boolean {
    return use !== undefined && !this.cited.compiled.uses.has(use)
  }

  say(reasons: Reasons, { use = 'act-on' }: Asking): void {
    const { agreement, number: version, place } = this.cited
    reasons.add('decision/use-not-granted', { use, agreement, version }, place)
  }
}

class Life extends OfGrant {
  readonly life: number
  readonly #article: string

  constructor(cited: Cited) {
    super(cited)
    const { seconds, article } = lifeUnder(cited.version, cited.compiled)
    this.life = seconds
    this.#article = article
  }

  get says(): readonly (string | number | readonly string[])[] {
    return ['life', this.life, this.#article]
  }

  fails(): boolean {
    return false
  }

  say(reasons: Reasons, _: Asking, { releasedAt }: Subject): void {
    const { agreement, number: version, place } = this.cited
    reasons.add('decision/expired', { until: releasedAt + this.life, agreement, version }, { rule: place.rule, article: this.#article })
  }
}

export class Cleared extends OfGrant {
  readonly #reading: Reading
  readonly #classification: string
  readonly #tables: readonly CompiledTable[]

  constructor(cited: Cited, reading: Reading, classification: string) {
    super(cited)
    this.#reading = reading
    this.#classification = classification
    this.#tables = tablesOf(cited.version, reading.nation, reading.originator)
  }

  get says(): readonly (string | number | readonly string[])[] {
    const { originator, nation, policy, from } = this.#reading
    return ['cleared', this.cited.number, from, originator, nation, policy?.id ?? [], this.#classification]
  }

  fails(asking: Asking): boolean {
    const { policy } = this.#reading
    const clearances = this.#clearances(asking)
    if (clearances === undefined) return true
    const table = tableAt(this.#tables, asking.at)
    return clearances.some((clearance) => !this.#opens(policy, equivalentIn(table, clearance)))
  }

  say(reasons: Reasons, asking: Asking): void {
    const { policy, nation } = this.#reading
    const { agreement, number, version, place } = this.cited
    const classification = this.#classification
    const clearances = this.#clearances(asking)
    if (clearances === undefined) reasons.add('decision/clearance-missing', { agreement, version: number }, place)
    const table = tableAt(this.#tables, asking.at)
    for (const clearance of clearances ?? []) {
      const equivalent = equivalentIn(table, clearance)
      if (this.#opens(policy, equivalent)) continue
      if (equivalent === PERSON_DECIDES || policy === undefined) {
        reasons.add('decision/clearance-no-equivalent', { clearance, agreement, version: number }, place)
        continue
      }
      const [needed] = sufficientClearances(version, nation, policy, classification, asking.at)
      if (needed === undefined) {
        const values = { clearance, equivalent, classification, agreement, version: number }
        reasons.add('decision/clearance-too-low', values, place, 'nearest/lower-rendition')
      } else reasons.add('decision/clearance-too-low', { clearance, equivalent, classification, agreement, version: number, needed }, place)
    }
  }

  #clearances({ person, at }: Asking): readonly string[] | undefined {
    const { agreement, from, nation } = this.#reading
    const { clearance } = person
    return clearance === undefined ? undefined : clearancesIn(agreement, from, this.cited.version, this.#tables, { nation, clearance, at })
  }

  /** A policy that is unknown is a reason of its own, and leaves nothing to compare. */
  #opens(policy: CompiledPolicy | undefined, equivalent: string): boolean {
    return equivalent !== PERSON_DECIDES && (policy === undefined || policy.opens.get(equivalent)?.has(this.#classification) === true)
  }
}

export class NeedToKnow extends OfGrant {
  readonly #area: string
  readonly #above: ReadonlySet<string> | undefined

  constructor(cited: Cited, area: string) {
    super(cited)
    this.#area = area
    this.#above = cited.version.above.get(area)
  }

  get says(): readonly (string | number | readonly string[])[] {
    return ['need', this.#area, [...(this.#above ?? [])]]
  }

  fails({ person }: Asking): boolean {
    const above = this.#above
    return above === undefined || person.areas?.some((one) => above.has(one)) !== true
  }

  say(reasons: Reasons): void {
    const { agreement, number: version, place } = this.cited
    reasons.add('decision/need-to-know', { area: this.#area, agreement, version }, place)
  }
}

class CitizenWithin extends OfGrant {
  readonly #unknown: Reason
  readonly #outside: Reason

  constructor(cited: Cited) {
    super(cited)
    const { agreement, number: version, place } = cited
    this.#unknown = reasonOf('decision/citizenship-unknown', { agreement, version }, place)
    const nations = cited.compiled.grant.person.citizenship.join(' ')
    this.#outside = reasonOf('decision/citizenship', { nations, agreement, version }, place)
  }

  get says(): readonly (string | number | readonly string[])[] {
    return ['citizens', this.cited.compiled.grant.person.citizenship]
  }

  // "Every one is allowed" must not hold for want of one.
  fails(asking: Asking): boolean {
    const { citizenship } = this.cited.compiled
    return knownCitizenships(asking)?.every((nation) => citizenship.has(nation)) !== true
  }

  say(reasons: Reasons, asking: Asking): void {
    reasons.take(knownCitizenships(asking) === undefined ? this.#unknown : this.#outside)
  }
}

class PurposeGranted extends OfGrant {
  readonly #purposes: string

  constructor(cited: Cited) {
    super(cited)
    this.#purposes = cited.compiled.grant.person.purposes.join(' ')
  }

  get says(): readonly (string | number | readonly string[])[] {
    return ['purposes', this.cited.compiled.grant.person.purposes]
  }

  fails({ person, purpose }: Asking): boolean {
    const { purposes } = this.cited.compiled
    return !(person.purpose !== undefined && person.purpose === purpose && purposes.has(person.purpose))
  }

  say(reasons: Reasons, { purpose }: Asking): void {
    const { agreement, number: version, place } = this.cited
    reasons.add('decision/purpose', { purpose, purposes: this.#purposes, agreement, version }, place)
  }
}

/** Organisation, post or facility, where the grant lists any: the attested one is among them. */
class Assigned extends OfGrant {
  readonly #what: 'organisation' | 'post' | 'facility'
  readonly #name: string
  readonly #listed: ReadonlySet<string>
  // Nothing attested can be attested; something else that was attested is what it is.
  readonly #unattested: Reason
  readonly #other: Reason

  constructor(cited: Cited, what: 'organisation' | 'post' | 'facility', name: string, listed: ReadonlySet<string>) {
    super(cited)
    this.#what = what
    this.#name = name
    this.#listed = listed
    const { agreement, number: version, place } = cited
    const values = { [name]: [...listed].join(' '), agreement, version }
    this.#unattested = reasonOf(`decision/${what}`, values, place, 'nearest/attest-assignment')
    this.#other = reasonOf(`decision/${what}`, values, place, 'nearest/ask-originator')
  }

  get says(): readonly (string | number | readonly string[])[] {
    return [this.#name, [...this.#listed]]
  }

  fails({ person }: Asking): boolean {
    const attested = person[this.#what]
    return attested === undefined || !this.#listed.has(attested)
  }

  say(reasons: Reasons, { person }: Asking): void {
    reasons.take(person[this.#what] === undefined ? this.#unattested : this.#other)
  }
}
