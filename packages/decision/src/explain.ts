import { type Act, equivalentMarking } from '@entente/agreement'
import type { Label } from '@entente/label'
import {
  type CompiledFacts,
  type CompiledGrant,
  type CompiledPolicy,
  type CompiledProhibition,
  type CompiledVersion,
  sufficientClearances,
  versionAt,
} from './compile.ts'
import { checkLabelAgainstGrant, endOfLife, reachesFloor } from './grant.ts'
import { checkReleasable, policyOf } from './label.ts'
import type { PortionVerdict, ReadingCondition, ReleaseExplanation, ReleaseOption, ReleaseQuestion } from './model.ts'
import { addForbidden, forbidsPassing } from './prohibition.ts'
import { Reasons } from './reason.ts'

/** What a disclosure officer sees before deciding (spec/decision.md 6). It rests on the same checks as `decide`. */
export function explain(facts: CompiledFacts, question: ReleaseQuestion): ReleaseExplanation {
  const { from, to, at } = question
  const binding = [...facts.agreements.values()].flatMap((versions) => {
    const version = versionAt(versions, at)
    return version !== undefined && version.parties.has(from) && version.parties.has(to) ? [version] : []
  })
  const options = binding.flatMap((version) =>
    [...version.grants.values()]
      .filter(({ grant }) => grant.from === from && grant.to === to)
      .map((grant) => new Option(facts, question, version, grant, binding).explain()),
  )
  const gone = new Set(options.flatMap((option) => option.portions.filter((portion) => portion.goes).map((portion) => portion.id)))
  return { options, stay: question.portions.map((portion) => portion.id).filter((id) => !gone.has(id)) }
}

/** One grant, held against the portions. */
class Option {
  readonly #facts: CompiledFacts
  readonly #question: ReleaseQuestion
  readonly #version: CompiledVersion
  readonly #compiled: CompiledGrant
  readonly #binding: readonly CompiledVersion[]

  constructor(
    facts: CompiledFacts,
    question: ReleaseQuestion,
    version: CompiledVersion,
    compiled: CompiledGrant,
    binding: readonly CompiledVersion[],
  ) {
    this.#facts = facts
    this.#question = question
    this.#version = version
    this.#compiled = compiled
    this.#binding = binding
  }

  explain(): ReleaseOption {
    const { grant } = this.#compiled
    const portions = this.#question.portions.map((portion) => this.#portion(portion))
    const going = this.#question.portions.filter((_, index) => portions[index]?.goes === true).map((portion) => portion.label)
    const readers = this.#readers(going)
    return {
      basis: { agreement: this.#version.body.agreement, version: this.#version.id, article: grant.article, grant: grant.id },
      version: this.#version.body.version,
      mode: grant.mode,
      keyControl: grant.keyControl,
      duties: grant.duties,
      foreignClients: grant.foreignClients,
      until: endOfLife(this.#compiled, this.#question.at),
      portions,
      reasons: this.#whole(going),
      conditions: this.#conditions(going),
      ...(readers === undefined ? {} : { readers }),
    }
  }

  #portion({ id, label }: { readonly id: string; readonly label: Label }): PortionVerdict {
    const { from, to, area, at } = this.#question
    const reasons = new Reasons()
    const policy = policyOf(this.#facts, from, label, reasons)
    checkReleasable(from, to, label, reasons)
    checkLabelAgainstGrant(this.#version, this.#compiled, { label, area }, policy, reasons)
    const acts = this.#compiled.grant.acts.filter((act) => !this.#forbidding(act, label).length)
    if (acts.every((act) => act === 'list')) {
      for (const act of this.#compiled.grant.acts) {
        for (const [version, prohibition] of this.#forbidding(act, label)) addForbidden(version, prohibition, label, reasons)
      }
    }
    const refused = reasons.found
    if (refused !== undefined) return { id, goes: false, reasons: refused }
    return { id, goes: true, acts, marking: equivalentMarking(this.#version.body, from, to, label.classification, at) }
  }

  /** Prohibitions, in any agreement that binds the two, that stop an act whoever the person is. */
  #forbidding(act: Act, label: Label): (readonly [CompiledVersion, CompiledProhibition])[] {
    return this.#matching(act, label).filter(([, prohibition]) => prohibition.citizenshipOutside === undefined)
  }

  #matching(act: Act, label: Label): (readonly [CompiledVersion, CompiledProhibition])[] {
    const { from, to, area } = this.#question
    return this.#binding.flatMap((version) =>
      version.prohibitions
        .filter((one) => forbidsPassing(version, one, { act, from, to, label, area }))
        .map((one) => [version, one] as const),
    )
  }

  /** The floor holds for the whole: its level is the highest among the portions that go. */
  #whole(going: readonly Label[]): Reasons['all'] {
    const highest = this.#highest(going)
    const reasons = new Reasons()
    if (highest === undefined || reachesFloor(this.#compiled, highest.classification, highest.policy)) return reasons.all
    const { grant } = this.#compiled
    const { agreement, version } = this.#version.body
    const values = { classification: highest.classification, floor: grant.floor ?? '', agreement, version }
    reasons.add('decision/below-floor', values, { rule: grant.id, article: grant.article })
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
    const { grant } = this.#compiled
    const place = { rule: grant.id, article: grant.article }
    const conditions: ReadingCondition[] = [this.#clearance(highest)]
    conditions.push({ code: 'condition/need-to-know', ...place, values: { area: this.#question.area } })
    conditions.push({ code: 'condition/citizenship-within', ...place, values: { nations: grant.person.citizenship.join(' ') } })
    if (grant.person.purposes.length > 0)
      conditions.push({ code: 'condition/purpose', ...place, values: { purposes: grant.person.purposes.join(' ') } })
    conditions.push(
      { code: 'condition/not-suspended', values: {} },
      ...going.flatMap(labelConditions),
      ...this.#citizenshipConditions(going),
    )
    return distinct(conditions)
  }

  #clearance(highest: { readonly classification: string; readonly policy: CompiledPolicy }): ReadingCondition {
    const { grant } = this.#compiled
    const place = { rule: grant.id, article: grant.article }
    const enough = sufficientClearances(this.#version, this.#question.to, highest.policy, highest.classification, this.#question.at)
    const { classification } = highest
    if (enough.length === 0) return { code: 'condition/clearance-no-equivalent', ...place, values: { classification } }
    return { code: 'condition/clearance', ...place, values: { classification, clearances: enough.join(' ') } }
  }

  #citizenshipConditions(going: readonly Label[]): ReadingCondition[] {
    return going.flatMap((label) =>
      this.#compiled.grant.acts.flatMap((act) =>
        this.#matching(act, label).flatMap(([, { prohibition }]): ReadingCondition[] => {
          if (prohibition.citizenshipOutside === undefined) return []
          const nations = prohibition.citizenshipOutside.join(' ')
          return [{ code: 'condition/citizenship-within', rule: prohibition.id, article: prohibition.article, values: { nations } }]
        }),
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
