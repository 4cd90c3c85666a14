import type { MessageValues } from '@entente/canonical'
import { PERSON_DECIDES } from '@entente/agreement'
import {
  type CompiledAgreement,
  type CompiledGrant,
  type CompiledPolicy,
  type CompiledVersion,
  clearanceEquivalent,
  sufficientClearances,
} from './compile.ts'
import { type Condition, Refusal, type Refusals, type Subject, keyOf } from './condition.ts'
import { knownCitizenships } from './label.ts'
import type { Asking, MarkedAs, ReasonCode } from './model.ts'
import type { Reasons } from './reason.ts'
import { type Terms, clearancesIn } from './succession.ts'

const SECONDS_PER_DAY = 86_400

/** Adds what a grant has against a portion or an item by itself: area, ceiling, categories. */
export function addGrantRefusals(
  conditions: Refusals,
  version: CompiledVersion,
  compiled: CompiledGrant,
  label: MarkedAs,
  { area, classification }: Pick<Terms, 'area' | 'classification'>,
  policy: CompiledPolicy | undefined,
): void {
  const { grant } = compiled
  const { agreement, version: number } = version.body
  const refuse = (code: ReasonCode, values: MessageValues): void => {
    const place = { rule: grant.id, article: grant.article }
    conditions.push(new Refusal(code, { ...values, agreement, version: number }, place))
  }
  const above = version.above.get(area)
  if (above === undefined || above.isDisjointFrom(compiled.areas)) refuse('decision/area-not-covered', { area })
  if (policy !== undefined && !isAtMost(policy, classification, grant.ceiling))
    refuse('decision/above-ceiling', { classification, ceiling: grant.ceiling })
  for (const category of label.categories) {
    if (category.kind === 'informative') continue
    for (const value of category.values) {
      const code = `${category.tag}/${value}`
      if (!compiled.categories.has(code)) refuse('decision/category-not-covered', { category: code })
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

/** Whether a grant leads from a nation to another: to it by name, or to every other party. */
export function leads({ grant }: CompiledGrant, from: string, to: string): boolean {
  return grant.from === from && from !== to && (grant.to === to || grant.to === 'members')
}

/** For how many seconds after its release an item may be read under a grant, and the article that says so. */
export function lifeUnder(version: CompiledVersion, { grant }: CompiledGrant): { readonly seconds: number; readonly article: string } {
  const { retention } = version.body
  if (retention?.itemDays !== undefined && retention.itemDays < grant.lifeDays)
    return { seconds: retention.itemDays * SECONDS_PER_DAY, article: retention.article }
  return { seconds: grant.lifeDays * SECONDS_PER_DAY, article: grant.article }
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

/** Adds everything that a grant of one version asks of an item, an act and a person. */
export function addGrantConditions(
  conditions: Condition[],
  version: CompiledVersion,
  compiled: CompiledGrant,
  reading: Reading,
  terms: Terms,
): void {
  const { grant } = compiled
  const { originator, nation, via, label, policy } = reading
  const { classification, area } = terms
  const { agreement, version: number, thirdParty } = version.body
  const place = { rule: grant.id, article: grant.article }
  if (!leads(compiled, originator, nation))
    conditions.push(new Refusal('decision/direction', { from: originator, to: nation, agreement, version: number }, place))
  // Nothing reaches a nation by way of another but what the originator's grant names that way (third-party rule).
  if (grant.via !== via) {
    const values = { agreement, version: number, ...(via === undefined ? {} : { via }) }
    conditions.push(new Refusal('decision/third-party', values, { rule: grant.id, article: thirdParty?.article ?? grant.article }))
  }
  addGrantRefusals(conditions, version, compiled, label, terms, policy)
  if (policy !== undefined && !reachesFloor(compiled, classification, policy)) {
    const values = { classification, floor: grant.floor ?? '', agreement, version: number }
    conditions.push(new Refusal('decision/below-floor', values, place))
  }
  const { acts, persons } = conditionsOf(version, compiled)
  conditions.push(...acts, new Cleared(version, compiled, reading, classification), new NeedToKnow(version, compiled, area), ...persons)
}

interface Fixed {
  readonly acts: readonly Condition[]
  readonly persons: readonly Condition[]
}

const KNOWN = new WeakMap<CompiledGrant, Fixed>()

/** What a grant asks whatever the item: made once. */
function conditionsOf(version: CompiledVersion, compiled: CompiledGrant): Fixed {
  const known = KNOWN.get(compiled)
  if (known !== undefined) return known
  const { organisations, posts, facilities } = compiled
  const acts = [new ActGranted(version, compiled), new UseGranted(version, compiled), new Life(version, compiled)]
  const persons = [
    new CitizenWithin(version, compiled),
    ...(compiled.purposes.size === 0 ? [] : [new PurposeGranted(version, compiled)]),
    ...(organisations === undefined ? [] : [new Assigned(version, compiled, 'organisation', 'organisations', organisations)]),
    ...(posts === undefined ? [] : [new Assigned(version, compiled, 'post', 'posts', posts)]),
    ...(facilities === undefined ? [] : [new Assigned(version, compiled, 'facility', 'facilities', facilities)]),
  ]
  KNOWN.set(compiled, { acts, persons })
  return { acts, persons }
}

/** A condition of one grant of one version, with what its reasons cite. */
abstract class OfGrant implements Condition {
  readonly version: CompiledVersion
  readonly compiled: CompiledGrant

  constructor(version: CompiledVersion, compiled: CompiledGrant) {
    this.version = version
    this.compiled = compiled
  }

  get cited(): { readonly agreement: string; readonly version: number } {
    return { agreement: this.version.body.agreement, version: this.version.number }
  }

  get place(): { readonly rule: string; readonly article: string } {
    return { rule: this.compiled.grant.id, article: this.compiled.grant.article }
  }

  /** Rule and what it says, but for the version: two versions that say the same are asked once. */
  get key(): string {
    return keyOf(this.cited.agreement, this.place.rule, this.place.article, ...this.says)
  }

  abstract readonly says: readonly (string | number | readonly string[])[]
  abstract fails(asking: Asking): boolean
  abstract say(reasons: Reasons, asking: Asking, subject: Subject): void
}

class ActGranted extends OfGrant {
  get says(): readonly (string | number | readonly string[])[] {
    return ['act', this.compiled.grant.mode, [...this.compiled.acts]]
  }

  // Shown means that no copy is kept, whatever else the document may list.
  fails({ act }: Asking): boolean {
    return !this.compiled.acts.has(act) || (this.compiled.grant.mode === 'show' && act !== 'list' && act !== 'show')
  }

  say(reasons: Reasons, { act }: Asking): void {
    reasons.add('decision/act-not-granted', { act, ...this.cited }, this.place)
  }
}

class UseGranted extends OfGrant {
  get says(): readonly (string | number | readonly string[])[] {
    return ['use', [...this.compiled.uses]]
  }

  fails({ use }: Asking): boolean {
    return use !== undefined && !this.compiled.uses.has(use)
  }

  say(reasons: Reasons, { use = 'act-on' }: Asking): void {
    reasons.add('decision/use-not-granted', { use, ...this.cited }, this.place)
  }
}

class Life extends OfGrant {
  readonly life: number
  readonly #article: string

  constructor(version: CompiledVersion, compiled: CompiledGrant) {
    super(version, compiled)
    const { seconds, article } = lifeUnder(version, compiled)
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
    const until = releasedAt + this.life
    reasons.add('decision/expired', { until, ...this.cited }, { rule: this.place.rule, article: this.#article })
  }
}

class Cleared extends OfGrant {
  readonly #reading: Reading
  readonly #classification: string

  constructor(version: CompiledVersion, compiled: CompiledGrant, reading: Reading, classification: string) {
    super(version, compiled)
    this.#reading = reading
    this.#classification = classification
  }

  get says(): readonly (string | number | readonly string[])[] {
    const { originator, nation, policy, from } = this.#reading
    return ['cleared', this.version.number, from, originator, nation, policy?.id ?? [], this.#classification]
  }

  fails(asking: Asking): boolean {
    const { policy } = this.#reading
    const clearances = this.#clearances(asking)
    return clearances === undefined || clearances.some((clearance) => !this.#opens(policy, this.#equivalent(clearance, asking)))
  }

  say(reasons: Reasons, asking: Asking): void {
    const { policy, nation } = this.#reading
    const clearances = this.#clearances(asking)
    if (clearances === undefined) reasons.add('decision/clearance-missing', this.cited, this.place)
    for (const clearance of clearances ?? []) {
      const equivalent = this.#equivalent(clearance, asking)
      if (this.#opens(policy, equivalent)) continue
      if (equivalent === PERSON_DECIDES || policy === undefined) {
        reasons.add('decision/clearance-no-equivalent', { clearance, ...this.cited }, this.place)
        continue
      }
      const [needed] = sufficientClearances(this.version, nation, policy, this.#classification, asking.at)
      const values = { clearance, equivalent, classification: this.#classification, ...this.cited }
      if (needed === undefined) reasons.add('decision/clearance-too-low', values, this.place, 'nearest/lower-rendition')
      else reasons.add('decision/clearance-too-low', { ...values, needed }, this.place)
    }
  }

  #clearances({ person, at }: Asking): readonly string[] | undefined {
    const { agreement, from, originator, nation } = this.#reading
    const { clearance } = person
    return clearance === undefined ? undefined : clearancesIn(agreement, from, this.version, { nation, originator, clearance, at })
  }

  #equivalent(clearance: string, { at }: Asking): string {
    return clearanceEquivalent(this.version, this.#reading.nation, this.#reading.originator, clearance, at)
  }

  /** A policy that is unknown is a reason of its own, and leaves nothing to compare. */
  #opens(policy: CompiledPolicy | undefined, equivalent: string): boolean {
    return equivalent !== PERSON_DECIDES && (policy === undefined || policy.opens.get(equivalent)?.has(this.#classification) === true)
  }
}

class NeedToKnow extends OfGrant {
  readonly #area: string
  readonly #above: ReadonlySet<string> | undefined

  constructor(version: CompiledVersion, compiled: CompiledGrant, area: string) {
    super(version, compiled)
    this.#area = area
    this.#above = version.above.get(area)
  }

  get says(): readonly (string | number | readonly string[])[] {
    return ['need', this.#area, [...(this.#above ?? [])]]
  }

  fails({ person }: Asking): boolean {
    const above = this.#above
    return above === undefined || person.areas?.some((one) => above.has(one)) !== true
  }

  say(reasons: Reasons): void {
    reasons.add('decision/need-to-know', { area: this.#area, ...this.cited }, this.place)
  }
}

class CitizenWithin extends OfGrant {
  get says(): readonly (string | number | readonly string[])[] {
    return ['citizens', this.compiled.grant.person.citizenship]
  }

  // "Every one is allowed" must not hold for want of one.
  fails(asking: Asking): boolean {
    return knownCitizenships(asking)?.every((nation) => this.compiled.citizenship.has(nation)) !== true
  }

  say(reasons: Reasons, asking: Asking): void {
    if (knownCitizenships(asking) === undefined) reasons.add('decision/citizenship-unknown', this.cited, this.place)
    else reasons.add('decision/citizenship', { nations: this.compiled.grant.person.citizenship.join(' '), ...this.cited }, this.place)
  }
}

class PurposeGranted extends OfGrant {
  get says(): readonly (string | number | readonly string[])[] {
    return ['purposes', this.compiled.grant.person.purposes]
  }

  fails({ person, purpose }: Asking): boolean {
    return !(person.purpose !== undefined && person.purpose === purpose && this.compiled.purposes.has(person.purpose))
  }

  say(reasons: Reasons, { purpose }: Asking): void {
    reasons.add('decision/purpose', { purpose, purposes: this.compiled.grant.person.purposes.join(' '), ...this.cited }, this.place)
  }
}

/** Organisation, post or facility, where the grant lists any: the attested one is among them. */
class Assigned extends OfGrant {
  readonly #what: 'organisation' | 'post' | 'facility'
  readonly #name: string
  readonly #listed: ReadonlySet<string>

  constructor(
    version: CompiledVersion,
    compiled: CompiledGrant,
    what: 'organisation' | 'post' | 'facility',
    name: string,
    listed: ReadonlySet<string>,
  ) {
    super(version, compiled)
    this.#what = what
    this.#name = name
    this.#listed = listed
  }

  get says(): readonly (string | number | readonly string[])[] {
    return [this.#name, [...this.#listed]]
  }

  fails({ person }: Asking): boolean {
    const attested = person[this.#what]
    return attested === undefined || !this.#listed.has(attested)
  }

  say(reasons: Reasons, { person }: Asking): void {
    // Nothing attested can be attested; something else that was attested is what it is.
    const nearest = person[this.#what] === undefined ? 'nearest/attest-assignment' : 'nearest/ask-originator'
    reasons.add(`decision/${this.#what}`, { [this.#name]: [...this.#listed].join(' '), ...this.cited }, this.place, nearest)
  }
}
