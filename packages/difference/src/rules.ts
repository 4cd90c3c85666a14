import { type Grant, type Region, tableAt } from '@entente/agreement'
import { type Direction, NONE, type Side, type Terms } from './model.ts'
import { type Bound, type Standing, binding, isWithin, orderOf, ordersOf, policyOf, runs, speaksOf } from './standing.ts'
import { treeSide } from './relations.ts'
import { type Conjunct, type Universe, lifeOf, pick, setsWith } from './universe.ts'

/** A rule of one side in one direction: whatever any of its parts holds. */
export interface Rule {
  readonly agreement: string
  readonly article: string
  readonly id: string
  readonly parts: readonly Conjunct[]
}

export interface GrantRule extends Rule {
  readonly terms: Terms
  /** The same grant, were every clearance enough: tells whether the table is what stands in the way. */
  readonly anyClearance: readonly Conjunct[]
  /** The article of the clearance table that it is read through. */
  readonly table?: string
}

/** The rules of one side in one direction. */
export interface SideRules {
  readonly grants: readonly GrantRule[]
  readonly prohibitions: readonly Rule[]
}

/** The rules of a side in a direction, as what they ask of each axis. */
export function rulesOf(standing: Standing, direction: Direction, universe: Universe): SideRules {
  const { side } = standing
  const grants: GrantRule[] = []
  const prohibitions: Rule[] = []
  for (const bound of binding(standing, direction)) {
    const { agreement } = bound.body
    for (const rule of bound.body.prohibitions) {
      const parts = regionParts(side, bound, rule, direction, universe)
      if (parts.length > 0) prohibitions.push({ agreement, article: rule.article, id: rule.id, parts })
    }
    if (!bound.permits) continue
    for (const grant of bound.body.grants)
      if (runs(grant, bound.members, direction)) grants.push(grantRule(standing, bound, grant, direction, universe))
  }
  return { grants, prohibitions }
}

function grantRule({ side, name }: Standing, bound: Bound, grant: Grant, direction: Direction, universe: Universe): GrantRule {
  const { body, tree } = bound
  const orders = ordersOf(side, grant.from)
  const levels = pick(universe.one.classification, (level) => isWithin(orders, bound, grant, level))
  const life = lifeOf(body, grant)
  const acts = grant.mode === 'show' ? grant.acts.filter((act) => act === 'list' || act === 'show') : grant.acts
  const informative = new Set(
    policyOf(side, direction.from)
      .categories.filter(({ kind }) => kind === 'informative')
      .map(({ tag }) => tag),
  )
  const { organisations, posts, facilities, purposes } = grant.person
  const one = {
    area: pick(universe.one.area, (area) => grant.areas.some((granted) => tree.get(area)?.has(granted))),
    need: setsWith(universe.one.need, universe.trees, body.agreement, treeSide(name)),
    classification: levels,
    act: new Set<string>(acts),
    use: new Set<string>([NONE, ...(grant.uses ?? [])]),
    age: pick(universe.one.age, (day) => Number(day) < life),
    ...(organisations === undefined ? {} : { organisation: new Set(organisations) }),
    ...(posts === undefined ? {} : { post: new Set(posts) }),
    ...(facilities === undefined ? {} : { facility: new Set(facilities) }),
    ...(purposes.length === 0 ? {} : { purpose: new Set(purposes) }),
  }
  const none = {
    category: pick(universe.many.category, (value) => !grant.categories.includes(value) && !informative.has(value.split('/')[0] ?? '')),
    citizenship: pick(universe.many.citizenship, (nation) => !grant.person.citizenship.includes(nation)),
  }
  const table = tableAt(body, 'clearances', direction.to, direction.from, side.at)?.article
  return {
    agreement: body.agreement,
    article: grant.article,
    id: grant.id,
    terms: { mode: grant.mode, keyControl: grant.keyControl, duties: grant.duties, uses: grant.uses ?? [], lifeDays: life },
    parts: [{ one: { ...one, clearance: setsWith(universe.one.clearance, universe.readings, body.agreement, name) }, none }],
    anyClearance: [{ one, none }],
    ...(table === undefined ? {} : { table }),
  }
}

/** What a prohibition or an invariant asks, in a direction; nothing where it speaks of another. */
export function regionParts(side: Side, bound: Bound, region: Region, direction: Direction, universe: Universe): readonly Conjunct[] {
  if (!speaksOf(region, direction)) return []
  const { areas, atLeast, acts, uses, personRules, categories, citizenshipOutside, purposesOutside } = region
  const { tree } = bound
  const orders = ordersOf(side, direction.from)
  const order = (code: string): number => orderOf(orders, bound, direction.from, code) ?? Infinity
  // A level of another nation's scheme cannot be compared: unknown, and the unknown matches.
  const lowest = atLeast === undefined || region.from !== direction.from ? undefined : orders.get(atLeast)
  const outside = (axis: 'organisation' | 'post' | 'facility', within: readonly string[] | undefined): Conjunct['one'] =>
    within === undefined ? {} : { [axis]: pick(universe.one[axis], (code) => !within.includes(code)) }
  const one: Conjunct['one'] = {
    // An area that this tree does not hold is unknown to this agreement, and the unknown matches.
    ...(areas === undefined
      ? {}
      : { area: pick(universe.one.area, (area) => !tree.has(area) || areas.some((named) => tree.get(area)?.has(named))) }),
    ...(atLeast === undefined
      ? {}
      : { classification: pick(universe.one.classification, (code) => lowest === undefined || order(code) >= lowest) }),
    ...(acts === undefined ? {} : { act: new Set<string>(acts) }),
    ...(uses === undefined ? {} : { use: new Set<string>(uses) }),
    ...outside('organisation', region.organisationsOutside),
    ...outside('post', region.postsOutside),
    ...outside('facility', region.facilitiesOutside),
    ...(purposesOutside === undefined
      ? {}
      : { purpose: pick(universe.one.purpose, (purpose) => !purposesOutside.includes(purpose.replace(/^~/u, ''))) }),
  }
  const any: Conjunct['any'] = {
    ...(personRules === undefined ? {} : { personRule: new Set(personRules) }),
    ...(categories === undefined ? {} : { category: new Set(categories) }),
    ...(citizenshipOutside === undefined
      ? {}
      : { citizenship: pick(universe.many.citizenship, (nation) => !citizenshipOutside.includes(nation)) }),
  }
  return [{ one, any }]
}
