import { type Act, type Delegation, equivalentMarking } from '@entente/agreement'
import type { Label } from '@entente/label'
import type { CompiledAgreement, CompiledFacts, CompiledGrant, CompiledPolicy, CompiledProhibition, CompiledVersion } from './compile.ts'
import type { Refusal } from './condition.ts'
import { addGrantRefusals, isAtMost, leads, reachesFloor } from './grant.ts'
import { lifeUnder } from './granted.ts'
import { addLabelRefusals, policyOf } from './label.ts'
import type { PortionVerdict, ReadingCondition, ReleaseExplanation, ReleaseOption, ReleaseQuestion } from './model.ts'
import { Forbidden, type Hop, asksForPerson, forbidsAct, hopsOf, reaches } from './prohibition.ts'
import { Reasons } from './reason.ts'
import { binds, spanOf, versionAt } from './span.ts'
import { checkBases, checkMembers, checkSuspensions } from './standing.ts'
import { type Terms, termsIn } from './succession.ts'
import { sufficientClearances } from './tables.ts'

/** What a disclosure officer sees before deciding (spec/decision.md 6). It rests on the same checks as `decide`. */
export function explain(facts: CompiledFacts, question: ReleaseQuestion): ReleaseExplanation {
  const { from, to, at } = question
  const options = [...facts.agreements.values()].flatMap((agreement) => {
    const version = versionAt(agreement, at)
    if (version === undefined || !binds(version, from, to, at)) return []
    return [...version.grants.values()]
      .filter((grant) => leads(grant, from, to))
      .map((grant) => new Option(facts, question, agreement, version, grant).explain())
  })
  const gone = new Set(options.flatMap((option) => option.portions.filter((portion) => portion.goes).map((portion) => portion.id)))
  return { options, stay: question.portions.map((portion) => portion.id).filter((id) => !gone.has(id)) }
}

/** One version that has a say on a release now: the one in force, or one that is held and narrows it. */
interface Say {
  readonly version: CompiledVersion
  /** Absent where this version has no such grant. */
  readonly compiled: CompiledGrant | undefined
  readonly terms: (classification: string) => Terms
}

/** One grant, held against the portions. */
class Option {
  readonly #facts: CompiledFacts
  readonly #question: ReleaseQuestion
  readonly #agreement: CompiledAgreement
  readonly #version: CompiledVersion
  readonly #compiled: CompiledGrant
  readonly #hops: readonly Hop[]
  readonly #says: readonly Say[]
  /** Every version whose prohibitions are read. */
  readonly #binding: readonly CompiledVersion[]

  constructor(
    facts: CompiledFacts,
    question: ReleaseQuestion,
    agreement: CompiledAgreement,
    version: CompiledVersion,
    compiled: CompiledGrant,
  ) {
    this.#facts = facts
    this.#question = question
    this.#agreement = agreement
    this.#version = version
    this.#compiled = compiled
    const { from, to, at, area } = question
    this.#hops = hopsOf(from, to, compiled.grant.via)
    const { asked } = spanOf(agreement, this.#nations, at, at)
    this.#says = asked.map((one): Say => {
      const terms = (classification: string): Terms =>
        termsIn(agreement, version.id, one, { grant: compiled.grant.id, area, classification }, from)
      return { version: one, compiled: one.grants.get(terms('').grant), terms }
    })
    const others = [...facts.agreements.values()].flatMap((other) => {
      const now = other === agreement ? undefined : versionAt(other, at)
      return now !== undefined && this.#hops.some((hop) => binds(now, hop.from, hop.to, at)) ? [now] : []
    })
    this.#binding = [...asked, ...others]
  }

  get #nations(): readonly string[] {
    const { via } = this.#compiled.grant
    return [this.#question.from, this.#question.to, ...(via === undefined ? [] : [via])]
  }

  get #grants(): readonly CompiledGrant[] {
    return this.#says.flatMap(({ compiled }) => (compiled === undefined ? [] : [compiled]))
  }

  explain(): ReleaseOption {
    const { grant } = this.#compiled
    const portions = this.#question.portions.map((portion) => this.#portion(portion))
    const going = this.#question.portions.filter((_, index) => portions[index]?.goes === true).map((portion) => portion.label)
    const readers = this.#readers(going)
    const ends = this.#says.flatMap(({ version, compiled }) =>
      compiled === undefined ? [] : [this.#question.at + lifeUnder(version, compiled).seconds],
    )
    return {
      basis: { agreement: this.#agreement.name, version: this.#version.id, article: grant.article, grant: grant.id },
      version: this.#version.number,
      ...(grant.via === undefined ? {} : { via: grant.via }),
      mode: this.#grants.every((one) => one.grant.mode === 'give') ? 'give' : 'show',
      uses: (grant.uses ?? []).filter((use) => this.#grants.every(({ uses }) => uses.has(use))),
      keyControl: grant.keyControl,
      duties: grant.duties,
      foreignClients: grant.foreignClients,
      until: Math.min(...ends),
      portions,
      reasons: this.#whole(going),
      conditions: this.#conditions(going),
      ...(readers === undefined ? {} : { readers }),
    }
  }

  #portion({ id, label }: { readonly id: string; readonly label: Label }): PortionVerdict {
    const { from, to, at } = this.#question
    const { via } = this.#compiled.grant
    const reasons = new Reasons()
    const policy = policyOf(this.#facts, from, label)
    const refusals: Refusal[] = []
    const sayAll = (): void => refusals.splice(0).forEach((refusal) => refusal.say(reasons))
    addLabelRefusals(refusals, policy, from, via === undefined ? [to] : [to, via], label)
    sayAll()
    for (const { version, compiled, terms } of this.#says) {
      const { area, classification } = terms(label.classification)
      if (compiled !== undefined) addGrantRefusals(refusals, version, compiled, label, { area, classification }, policy)
      sayAll()
      this.#checkDelegation(version, { area, classification }, policy, reasons)
    }
    const acts = this.#acts.filter((act) => !this.#forbidding(act, label).length)
    if (acts.every((act) => act === 'list')) {
      for (const act of this.#acts) {
        for (const [version, prohibition] of this.#forbidding(act, label)) new Forbidden(version, prohibition).forbid(reasons, label)
      }
    }
    const refused = reasons.found
    if (refused !== undefined) return { id, goes: false, reasons: refused }
    return { id, goes: true, acts, marking: equivalentMarking(this.#version.body, from, to, label.classification, at) }
  }

  get #acts(): readonly Act[] {
    return this.#compiled.grant.acts.filter((act) => this.#grants.every(({ acts }) => acts.has(act)))
  }

  /** Where a version delegates for the originating nation, one delegation of the officer's office must reach so far. */
  #checkDelegation(
    { body, above, number }: CompiledVersion,
    { area, classification }: { readonly area: string; readonly classification: string },
    policy: CompiledPolicy | undefined,
    reasons: Reasons,
  ): void {
    const { from, office, at, isReleased } = this.#question
    if (isReleased === true) return
    const delegations = (body.delegations ?? []).filter(({ nation }) => nation === from)
    const [first] = delegations
    if (first === undefined) return
    const reaches = (one: Delegation): boolean =>
      one.office === office &&
      one.areas.some((code) => above.get(area)?.has(code) === true) &&
      one.modes.includes(this.#compiled.grant.mode) &&
      (one.until === undefined || at < one.until) &&
      policy !== undefined &&
      isAtMost(policy, classification, one.ceiling)
    if (delegations.some(reaches)) return
    const values = { area, classification, agreement: this.#agreement.name, version: number, ...(office === undefined ? {} : { office }) }
    reasons.add('decision/delegation', values, { article: first.article })
  }

  /** Prohibitions, in any agreement that binds nations of the path, that stop an act whoever the person is. */
  #forbidding(act: Act, label: Label): (readonly [CompiledVersion, CompiledProhibition])[] {
    return this.#matching(act, label).filter(([, prohibition]) => !asksForPerson(prohibition))
  }

  #matching(act: Act, label: Label): (readonly [CompiledVersion, CompiledProhibition])[] {
    const { from, area } = this.#question
    const policy = policyOf(this.#facts, from, label)
    const passing = { hops: this.#hops, originator: from, via: this.#compiled.grant.via, label, policy }
    return this.#binding.flatMap((version) => {
      const terms = this.#says.find((say) => say.version === version)?.terms(label.classification)
      const asked = terms ?? { area, classification: label.classification }
      return version.prohibitions
        .filter((one) => forbidsAct(one, { act }) && reaches(version, one, passing, asked))
        .map((one) => [version, one] as const)
    })
  }

  /** What keeps the whole back: how the agreement stands, and the floor, for its level is the highest among what goes. */
  #whole(going: readonly Label[]): Reasons['all'] {
    const { from, to, at } = this.#question
    const reasons = new Reasons()
    checkSuspensions(this.#agreement, at, reasons)
    const highest = this.#highest(going)
    for (const { version, compiled, terms } of this.#says) {
      const { agreement } = version.body
      checkMembers(version, this.#nations, at, reasons)
      checkBases(this.#facts, version, at, reasons)
      const { grant, classification } = terms(highest?.classification ?? '')
      if (compiled === undefined) {
        reasons.add('decision/no-grant', { from, to, agreement, version: version.number }, { rule: grant })
      } else if (highest !== undefined && !reachesFloor(compiled, classification, highest.policy)) {
        const values = { classification, floor: compiled.grant.floor ?? '', agreement, version: version.number }
        reasons.add('decision/below-floor', values, { rule: grant, article: compiled.grant.article })
      }
    }
    return reasons.all
  }

  #highest(labels: readonly Label[]): { readonly classification: string; readonly policy: CompiledPolicy } | undefined {
    let highest: { readonly classification: string; readonly policy: CompiledPolicy; readonly order: number } | undefined
    for (const { policy: id, classification } of labels) {
      const policy = this.#facts.policies.get(id)
      const order = policy?.orders.get(classification)
      if (policy === undefined || order === undefined) continue
      if (highest === undefined || order > highest.order) highest = { classification, policy, order }
    }
    return highest
  }

  #conditions(going: readonly Label[]): readonly ReadingCondition[] {
    const highest = this.#highest(going)
    if (highest === undefined) return []
    const conditions = this.#says.flatMap(({ version, compiled, terms }) =>
      compiled === undefined ? [] : this.#grantConditions(version, compiled, terms(highest.classification), highest.policy),
    )
    return distinct([
      ...conditions,
      { code: 'condition/not-suspended', values: {} },
      ...going.flatMap(labelConditions),
      ...this.#prohibitionConditions(going),
    ])
  }

  #grantConditions(version: CompiledVersion, { grant }: CompiledGrant, terms: Terms, policy: CompiledPolicy): readonly ReadingCondition[] {
    const { citizenship, purposes, organisations, posts, facilities } = grant.person
    const place = { rule: grant.id, article: grant.article }
    const listed = (code: ReadingCondition['code'], name: string, values: readonly string[] | undefined): ReadingCondition[] =>
      values === undefined ? [] : [{ code, ...place, values: { [name]: values.join(' ') } }]
    const { classification } = terms
    const enough = sufficientClearances(version, this.#question.to, policy, classification, this.#question.at)
    return [
      enough.length === 0
        ? { code: 'condition/clearance-no-equivalent', ...place, values: { classification } }
        : { code: 'condition/clearance', ...place, values: { classification, clearances: enough.join(' ') } },
      { code: 'condition/need-to-know', ...place, values: { area: terms.area } },
      ...listed('condition/citizenship-within', 'nations', citizenship),
      ...listed('condition/purpose', 'purposes', purposes.length > 0 ? purposes : undefined),
      ...listed('condition/organisation', 'organisations', organisations),
      ...listed('condition/post', 'posts', posts),
      ...listed('condition/facility', 'facilities', facilities),
    ]
  }

  #prohibitionConditions(going: readonly Label[]): ReadingCondition[] {
    return going.flatMap((label) =>
      this.#acts.flatMap((act) =>
        this.#matching(act, label).flatMap(([, compiled]) => (asksForPerson(compiled) ? [conditionOf(compiled)] : [])),
      ),
    )
  }

  #readers(going: readonly Label[]): ReleaseOption['readers'] {
    const { roster, to, area, at } = this.#question
    const highest = this.#highest(going)
    const above = this.#version.above.get(area)
    if (roster === undefined || highest === undefined || above === undefined) return undefined
    if (roster.nation !== to || roster.agreement !== this.#version.body.agreement) return undefined
    const enough = new Set(sufficientClearances(this.#version, to, highest.policy, highest.classification, at))
    const cells = roster.cells.filter((cell) => enough.has(cell.clearance) && above.has(cell.area))
    // A cell of "fewer than k" holds at most k - 1.
    const atMost = cells.reduce((sum, cell) => sum + (cell.count ?? Math.max(0, (cell.fewerThan ?? 0) - 1)), 0)
    return { number: roster.number, at: roster.at, cells, atMost }
  }
}

/** What a prohibition asks of the person, turned into a condition: by its one member, or by its name where it has several. */
function conditionOf({ prohibition }: CompiledProhibition): ReadingCondition {
  const { id: rule, article, citizenshipOutside, organisationsOutside, postsOutside, facilitiesOutside, purposesOutside } = prohibition
  const asked = (
    [
      ['condition/citizenship-within', 'nations', citizenshipOutside],
      ['condition/organisation', 'organisations', organisationsOutside],
      ['condition/post', 'posts', postsOutside],
      ['condition/facility', 'facilities', facilitiesOutside],
      ['condition/purpose', 'purposes', purposesOutside],
    ] as const
  ).filter(([, , within]) => within !== undefined)
  const [one, second] = asked
  if (one === undefined || second !== undefined) return { code: 'condition/not-forbidden', rule, article, values: {} }
  const [code, name, within = []] = one
  return { code, rule, article, values: { [name]: within.join(' ') } }
}

function labelConditions(label: Label): ReadingCondition[] {
  const rules = label.personRules.map((rule): ReadingCondition => {
    return { code: 'condition/citizenship-one-of', values: { code: rule.code, nations: rule.nations.join(' ') } }
  })
  const briefings = label.categories.flatMap((category): ReadingCondition[] => {
    const codes = category.values.map((value) => `${category.tag}/${value}`)
    if (category.kind === 'restrictive') return codes.map((code) => ({ code: 'condition/briefing', values: { category: code } }))
    return category.kind === 'permissive' ? [{ code: 'condition/briefing-one-of', values: { category: codes.join(' ') } }] : []
  })
  return [...rules, ...briefings]
}

function distinct(conditions: readonly ReadingCondition[]): ReadingCondition[] {
  const seen = new Map(conditions.map((condition) => [JSON.stringify(condition), condition]))
  return [...seen.values()]
}
