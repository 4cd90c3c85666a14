import {
  type Act,
  type Agreement,
  type AgreementVersion,
  type Grant,
  PERSON_DECIDES,
  type Region,
  areaAndAbove,
  equivalentClearance,
} from '@entente/agreement'
import type { MarkingPolicy } from '@entente/label'
import { DifferenceError } from './errors.ts'
import { type Direction, NONE, OTHER, type Side, type Terms, type TreeName } from './model.ts'

/** Axes on which a point has one term. */
export const SINGLE = [
  'area',
  'need',
  'classification',
  'clearance',
  'act',
  'use',
  'age',
  'organisation',
  'post',
  'facility',
  'purpose',
] as const
export type SingleAxis = (typeof SINGLE)[number]
/** Axes on which a point has a set of terms. */
export const SETS = ['category', 'personRule', 'citizenship'] as const
export type SetAxis = (typeof SETS)[number]

/** What a rule asks, all of it: on each axis a term among these; of each set none of these, and at least one of those. */
export interface Conjunct {
  readonly one: Readonly<Partial<Record<SingleAxis, ReadonlySet<string>>>>
  readonly none?: Readonly<Partial<Record<SetAxis, ReadonlySet<string>>>>
  readonly any?: Readonly<Partial<Record<SetAxis, ReadonlySet<string>>>>
}

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

/** Every term that a point can have on each axis, in one direction, from the terms of both sides. */
export interface Universe {
  readonly one: Readonly<Record<SingleAxis, readonly string[]>>
  readonly many: Readonly<Record<SetAxis, readonly string[]>>
  /** Trees of areas that differ from each other. */
  readonly trees: readonly NamedTree[]
}

/** A tree, and whose it is. */
export interface NamedTree {
  readonly tree: Tree
  readonly of: readonly TreeName[]
}

/** For each area itself and all above it. */
export type Tree = ReadonlyMap<string, ReadonlySet<string>>

const ACTS: readonly Act[] = ['list', 'show', 'open', 'print', 'export', 'onward-release', 'derive']
/** Every combination of trees is a term of the axis `need`. */
const MOST_TREES = 6

/** Nations that are members of an agreement on a side, sorted as the parties are. */
export function membersOf(side: Side, body: Agreement): readonly string[] {
  const gone = (nation: string): boolean =>
    side.withdrawn?.some((one) => one.agreement === body.agreement && one.nation === nation) === true
  return body.parties
    .filter(({ nation, memberFrom, memberUntil }) => {
      return (memberFrom ?? -Infinity) <= side.at && side.at < (memberUntil ?? Infinity) && !gone(nation)
    })
    .map((party) => party.nation)
}

/** Every direction in which a grant of a side runs between its members, sorted. */
export function directionsOf(sides: readonly Side[]): readonly Direction[] {
  const found = new Map<string, Direction>()
  for (const side of sides) {
    for (const { body } of side.agreements) {
      const members = membersOf(side, body)
      for (const grant of body.grants) {
        for (const to of grant.to === 'members' ? members : [grant.to]) {
          const direction: Direction = { from: grant.from, to, ...(grant.via === undefined ? {} : { via: grant.via }) }
          if (runs(grant, members, direction)) found.set(`${grant.from} ${to} ${grant.via ?? ''}`, direction)
        }
      }
    }
  }
  return [...found.keys()].sort().flatMap((key) => found.get(key) ?? [])
}

function couldRun(grant: Grant, { from, to, via }: Direction): boolean {
  if (grant.from !== from || grant.via !== via || from === to || via === from || via === to) return false
  return grant.to === to || grant.to === 'members'
}

function runs(grant: Grant, members: readonly string[], direction: Direction): boolean {
  const { from, to, via } = direction
  if (!couldRun(grant, direction)) return false
  return [from, to, ...(via === undefined ? [] : [via])].every((nation) => members.includes(nation))
}

/** The areas of an agreement, each with all above it. */
function treeOf(body: Agreement): Tree {
  return new Map(body.areas.map(({ code }) => [code, new Set(areaAndAbove(body.areas, code))]))
}

/** The marking policy of a nation; throws `difference/policy-missing`. */
export function policyOf(side: Side, nation: string): MarkingPolicy {
  const policy = side.policies.find((one) => one.nation === nation)
  if (policy === undefined)
    throw new DifferenceError('difference/policy-missing', `no marking policy of \`${nation}\``, { values: { nation } })
  return policy
}

/** The agreements of a side that have a say in a direction: those that bind two of its nations. */
function binding(side: Side, { from, to, via }: Direction): readonly AgreementVersion[] {
  const ends = [from, to, ...(via === undefined ? [] : [via])]
  return side.agreements.filter(({ body }) => membersOf(side, body).filter((nation) => ends.includes(nation)).length >= 2)
}

/** Every term of a direction (see `Universe`); throws `difference/too-many-trees`. */
export function universeOf(sides: readonly Side[], direction: Direction, extra: readonly Region[] = []): Universe {
  const bodies = sides.flatMap((side) => binding(side, direction).map(({ body }) => body))
  const origin = sides.map((side) => policyOf(side, direction.from))
  const home = sides.map((side) => policyOf(side, direction.to))
  const grants = bodies.flatMap((body) => body.grants.filter((grant) => couldRun(grant, direction)))
  const regions = [...bodies.flatMap((body): readonly Region[] => body.prohibitions), ...extra].filter((region) =>
    speaksOf(region, direction),
  )
  const trees = distinctTrees(sides, direction)
  const purposes = sorted([
    ...grants.flatMap((grant) => grant.person.purposes),
    ...regions.flatMap((region) => region.purposesOutside ?? []),
  ])
  const named = (of: 'organisations' | 'posts' | 'facilities'): readonly string[] => [
    ...sorted([...grants.flatMap((grant) => grant.person[of] ?? []), ...regions.flatMap((region) => region[`${of}Outside`] ?? [])]),
    OTHER,
    NONE,
  ]
  const rows = bodies.flatMap((body) =>
    body.equivalence.filter((table) => table.kind === 'clearances' && table.from === direction.to).flatMap((table) => table.rows),
  )
  return {
    one: {
      area: [...sorted(trees.flatMap(({ tree }) => [...tree.keys()])), OTHER],
      need: Array.from({ length: 2 ** trees.length - 1 }, (_, at) => String(at + 1)),
      classification: byOrder(origin.map((policy) => policy.classifications)),
      clearance: [
        ...byOrder(
          home.map((policy) => policy.clearances),
          rows.map((row) => row.from),
        ),
        NONE,
      ],
      act: ACTS,
      use: [NONE, 'act-on', 'name-source', 'court'],
      age: [
        '0',
        ...sorted(
          bodies.flatMap((body) => body.grants.filter((grant) => couldRun(grant, direction)).map((grant) => String(lifeOf(body, grant)))),
        ).toSorted((a, b) => Number(a) - Number(b)),
      ],
      organisation: named('organisations'),
      post: named('posts'),
      facility: named('facilities'),
      purpose: [...purposes, ...purposes.map((purpose) => `~${purpose}`), OTHER, NONE],
    },
    many: {
      category: [
        ...sorted([
          ...origin.flatMap((policy) => policy.categories.flatMap(({ tag, values }) => values.map(({ code }) => `${tag}/${code}`))),
          ...grants.flatMap((grant) => grant.categories),
          ...regions.flatMap((region) => region.categories ?? []),
        ]),
        OTHER,
      ],
      personRule: sorted([
        ...origin.flatMap((policy) => policy.personRules.map((rule) => rule.code)),
        ...regions.flatMap((region) => region.personRules ?? []),
      ]),
      citizenship: [
        ...sorted([
          ...grants.flatMap((grant) => grant.person.citizenship),
          ...regions.flatMap((region) => region.citizenshipOutside ?? []),
        ]),
        OTHER,
      ],
    },
    trees,
  }
}

function distinctTrees(sides: readonly Side[], direction: Direction): readonly NamedTree[] {
  const found = new Map<string, { readonly tree: Tree; readonly of: TreeName[] }>()
  for (const [at, side] of sides.entries()) {
    for (const { body } of binding(side, direction)) {
      const tree = treeOf(body)
      const known = found.get(keyOfTree(tree)) ?? { tree, of: [] }
      known.of.push({ agreement: body.agreement, side: at === 0 ? 'before' : 'after' })
      found.set(keyOfTree(tree), known)
    }
  }
  if (found.size > MOST_TREES)
    throw new DifferenceError('difference/too-many-trees', 'more trees of areas than can be told apart', { values: { most: MOST_TREES } })
  return [...found.values()]
}

/** The same for trees in which the same areas stand below the same ones. */
function keyOfTree(tree: Tree): string {
  return [...tree]
    .map(([code, above]) => `${code}<${[...above].sort().join('<')}`)
    .sort()
    .join(' ')
}

function sorted(values: readonly string[]): readonly string[] {
  return [...new Set(values)].sort()
}

/** Codes in rising order of their policy; what no policy knows stands last. */
function byOrder(
  lists: readonly (readonly { readonly code: string; readonly order: number }[])[],
  more: readonly string[] = [],
): readonly string[] {
  const orders = new Map(lists.flat().map(({ code, order }) => [code, order]))
  const known = [...orders.keys()].sort((a, b) => (orders.get(a) ?? 0) - (orders.get(b) ?? 0) || (a < b ? -1 : 1))
  return [...known, ...sorted(more).filter((code) => !orders.has(code))]
}

function lifeOf(body: Agreement, grant: Grant): number {
  return Math.min(grant.lifeDays, body.retention?.itemDays ?? Infinity)
}

/** The rules of a side in a direction, as what they ask of each axis. */
export function rulesOf(side: Side, direction: Direction, universe: Universe): SideRules {
  const grants: GrantRule[] = []
  const prohibitions: Rule[] = []
  for (const { body } of binding(side, direction)) {
    const { agreement } = body
    for (const rule of body.prohibitions) {
      const parts = regionParts(side, body, rule, direction, universe)
      if (parts.length > 0) prohibitions.push({ agreement, article: rule.article, id: rule.id, parts })
    }
    if (!permits(side, body)) continue
    const members = membersOf(side, body)
    for (const grant of body.grants) if (runs(grant, members, direction)) grants.push(grantRule(side, body, grant, direction, universe))
  }
  return { grants, prohibitions }
}

/** Whether anything can be permitted under an agreement: it is not suspended, and everything that it rests on is in force. */
function permits(side: Side, body: Agreement): boolean {
  const stands = (name: string): boolean => side.suspended?.includes(name) !== true
  const inForce = (name: string): boolean =>
    stands(name) && (side.presumed?.includes(name) === true || side.agreements.some((version) => version.body.agreement === name))
  return stands(body.agreement) && (body.basis ?? []).every((reference) => inForce(reference.agreement))
}

function grantRule(side: Side, body: Agreement, grant: Grant, direction: Direction, universe: Universe): GrantRule {
  const policy = policyOf(side, direction.from)
  const levels = levelsOf(policy, grant)
  const tree = treeOf(body)
  const life = lifeOf(body, grant)
  const acts = grant.mode === 'show' ? grant.acts.filter((act) => act === 'list' || act === 'show') : grant.acts
  const informative = new Set(policy.categories.filter(({ kind }) => kind === 'informative').map(({ tag }) => tag))
  const { organisations, posts, facilities, purposes } = grant.person
  const one = {
    area: pick(universe.one.area, (area) => grant.areas.some((granted) => tree.get(area)?.has(granted))),
    need: needOf(universe, tree),
    act: new Set(acts),
    use: new Set([NONE, ...(grant.uses ?? [])]),
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
  const table = clearanceTable(side, body, direction)
  return {
    agreement: body.agreement,
    article: grant.article,
    id: grant.id,
    terms: { mode: grant.mode, keyControl: grant.keyControl, duties: grant.duties, uses: grant.uses ?? [], lifeDays: life },
    parts: byClearance(side, body, direction, universe, levels).map((cleared) => ({ one: { ...one, ...cleared }, none })),
    anyClearance: [{ one: { ...one, classification: levels }, none }],
    ...(table === undefined ? {} : { table }),
  }
}

function clearanceTable(side: Side, body: Agreement, { from, to }: Direction): string | undefined {
  return body.equivalence
    .filter((table) => table.kind === 'clearances' && table.from === to && table.to === from && table.validFrom <= side.at)
    .sort((a, b) => b.validFrom - a.validFrom)[0]?.article
}

function levelsOf(policy: MarkingPolicy, grant: Grant): ReadonlySet<string> {
  const order = (code: string): number => policy.classifications.find((one) => one.code === code)?.order ?? Number.NaN
  const within = policy.classifications.filter(
    (one) => one.order <= order(grant.ceiling) && (grant.floor === undefined || one.order >= order(grant.floor)),
  )
  return new Set(within.map((one) => one.code))
}

/** Which clearances open which of these classifications: classifications that the same clearances open stand together. */
function byClearance(
  side: Side,
  body: Agreement,
  { from, to }: Direction,
  universe: Universe,
  levels: ReadonlySet<string>,
): readonly { readonly classification: ReadonlySet<string>; readonly clearance: ReadonlySet<string> }[] {
  const scheme = policyOf(side, from)
  const groups = new Map<string, { readonly classification: Set<string>; readonly clearance: ReadonlySet<string> }>()
  for (const level of levels) {
    const clearance = pick(universe.one.clearance, (code) => {
      const equivalent = equivalentClearance(body, to, from, code, side.at)
      if (code === NONE || equivalent === PERSON_DECIDES) return false
      return scheme.clearances.find((one) => one.code === equivalent)?.classifications.includes(level) === true
    })
    const key = [...clearance].join(' ')
    const group = groups.get(key) ?? { classification: new Set<string>(), clearance }
    group.classification.add(level)
    groups.set(key, group)
  }
  return [...groups.values()]
}

function speaksOf(region: Region, { from, to, via }: Direction): boolean {
  if (region.from !== undefined && region.from !== from) return false
  if (region.to !== undefined && region.to !== to) return false
  return region.via === undefined || region.via === via
}

/** What a prohibition or an invariant asks, in a direction; nothing where it speaks of another. */
export function regionParts(side: Side, body: Agreement, region: Region, direction: Direction, universe: Universe): readonly Conjunct[] {
  if (!speaksOf(region, direction)) return []
  const { areas, atLeast, acts, uses, personRules, categories, citizenshipOutside } = region
  const tree = treeOf(body)
  const policy = policyOf(side, direction.from)
  const order = (code: string): number | undefined => policy.classifications.find((one) => one.code === code)?.order
  const lowest = atLeast === undefined ? undefined : order(atLeast)
  const outside = (axis: 'organisation' | 'post' | 'facility', within: readonly string[] | undefined): Conjunct['one'] =>
    within === undefined ? {} : { [axis]: pick(universe.one[axis], (code) => !within.includes(code)) }
  const { purposesOutside } = region
  const one: Conjunct['one'] = {
    // An area that this tree does not hold is unknown to this agreement, and the unknown matches.
    ...(areas === undefined
      ? {}
      : { area: pick(universe.one.area, (area) => !tree.has(area) || areas.some((named) => tree.get(area)?.has(named))) }),
    ...(atLeast === undefined
      ? {}
      : { classification: pick(universe.one.classification, (code) => lowest === undefined || (order(code) ?? Infinity) >= lowest) }),
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

/** The needs to know that cover the item's area in one of the trees. */
function needOf(universe: Universe, tree: Tree): ReadonlySet<string> {
  const index = universe.trees.findIndex((one) => keyOfTree(one.tree) === keyOfTree(tree))
  return pick(universe.one.need, (need) => (Number(need) & (1 << index)) !== 0)
}

/**
 * What no point can be: a reader without any citizenship (which is citizenship unknown, and always refused), and a need to
 * know that covers an area in one tree and not in another where the trees leave no room for that.
 */
export function impossibleParts(universe: Universe): readonly Conjunct[] {
  const { trees } = universe
  const groups = new Map<string, Set<string>>()
  for (const area of universe.one.area) {
    const above = trees.map(({ tree }) => tree.get(area) ?? new Set<string>())
    const possible = universe.one.need.filter((need) => needAreas(above, Number(need)) !== undefined).join(' ')
    groups.set(possible, (groups.get(possible) ?? new Set<string>()).add(area))
  }
  const needs = [...groups].flatMap(([possible, area]): readonly Conjunct[] => {
    const kept = possible.split(' ')
    const need = pick(universe.one.need, (one) => !kept.includes(one))
    // An area in no tree is no grant's: nothing needs saying of it.
    return need.size === 0 || possible === '' ? [] : [{ one: { area, need } }]
  })
  return [{ one: {}, none: { citizenship: new Set(universe.many.citizenship) } }, ...needs]
}

/**
 * Areas of need to know that cover an area in exactly the trees of `need` (bits), given what stands above it in each tree;
 * undefined where there are none.
 */
export function needAreas(above: readonly ReadonlySet<string>[], need: number): readonly string[] | undefined {
  const inside = above.filter((_, tree) => (need & (1 << tree)) !== 0)
  const outside = above.filter((_, tree) => (need & (1 << tree)) === 0)
  const chosen = new Set<string>()
  for (const set of inside) {
    const fits = [...set].find((area) => !outside.some((other) => other.has(area)))
    if (fits === undefined) return undefined
    chosen.add(fits)
  }
  return [...chosen].sort()
}

function pick<T extends string>(terms: readonly T[], holds: (term: T) => boolean | undefined): ReadonlySet<T> {
  return new Set(terms.filter((term) => holds(term) === true))
}
