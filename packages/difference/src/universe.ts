import type { Act, Agreement, Grant, Region } from '@entente/agreement'
import { DifferenceError } from './errors.ts'
import { type Direction, NONE, OTHER, type TreeName } from './model.ts'
import { type Bound, type Standing, type Tree, binding, couldRun, policyOf, speaksOf } from './standing.ts'

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
  readonly key: string
  readonly of: readonly TreeName[]
}

const ACTS: readonly Act[] = ['list', 'show', 'open', 'print', 'export', 'onward-release', 'derive']
/** Every combination of trees is a term of the axis `need`. */
const MOST_TREES = 6

/** Every term of a direction (see `Universe`); throws `difference/too-many-trees`. */
export function universeOf(sides: readonly Standing[], direction: Direction, extra: readonly Region[] = []): Universe {
  const bodies = sides.flatMap((side) => binding(side, direction).map(({ body }) => body))
  const origin = sides.map(({ side }) => policyOf(side, direction.from))
  const home = sides.map(({ side }) => policyOf(side, direction.to))
  const grants = bodies.flatMap((body) => body.grants.filter((grant) => couldRun(grant, direction)))
  const regions = [...bodies.flatMap((body): readonly Region[] => body.prohibitions), ...extra].filter((region) => speaksOf(region, direction))
  const trees = distinctTrees(sides, direction)
  const purposes = sorted([...grants.flatMap((grant) => grant.person.purposes), ...regions.flatMap((region) => region.purposesOutside ?? [])])
  // Nothing attested comes first: an example says nothing that it need not.
  const named = (of: 'organisations' | 'posts' | 'facilities'): readonly string[] => [
    NONE,
    ...sorted([...grants.flatMap((grant) => grant.person[of] ?? []), ...regions.flatMap((region) => region[`${of}Outside`] ?? [])]),
    OTHER,
  ]
  const rows = bodies.flatMap((body) =>
    body.equivalence.filter((table) => table.kind === 'clearances' && table.from === direction.to).flatMap((table) => table.rows),
  )
  return {
    one: {
      area: [...sorted(trees.flatMap(({ tree }) => [...tree.keys()])), OTHER],
      need: Array.from({ length: 2 ** trees.length - 1 }, (_, at) => String(at + 1)),
      classification: byOrder(origin.map((policy) => policy.classifications)),
      clearance: [...byOrder(home.map((policy) => policy.clearances), rows.map((row) => row.from)), NONE],
      act: ACTS,
      use: [NONE, 'act-on', 'name-source', 'court'],
      age: ['0', ...sorted(bodies.flatMap((body) => body.grants.filter((grant) => couldRun(grant, direction)).map((grant) => String(lifeOf(body, grant))))).toSorted((a, b) => Number(a) - Number(b))],
      organisation: named('organisations'),
      post: named('posts'),
      facility: named('facilities'),
      purpose: [NONE, ...purposes, ...purposes.map((purpose) => `~${purpose}`), OTHER],
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
        ...sorted([...grants.flatMap((grant) => grant.person.citizenship), ...regions.flatMap((region) => region.citizenshipOutside ?? [])]),
        OTHER,
      ],
    },
    trees,
  }
}

function distinctTrees(sides: readonly Standing[], direction: Direction): readonly NamedTree[] {
  const found = new Map<string, { readonly tree: Tree; readonly key: string; readonly of: TreeName[] }>()
  for (const one of sides) {
    for (const { body, tree, treeKey: key } of binding(one, direction)) {
      const known = found.get(key) ?? { tree, key, of: [] }
      known.of.push({ agreement: body.agreement, side: one.name })
      found.set(key, known)
    }
  }
  if (found.size > MOST_TREES)
    throw new DifferenceError('difference/too-many-trees', 'more trees of areas than can be told apart', { values: { most: MOST_TREES } })
  return [...found.values()].sort((a, b) => (a.key < b.key ? -1 : 1))
}

function sorted(values: readonly string[]): readonly string[] {
  return [...new Set(values)].sort()
}

/** Codes in rising order of their policy; what no policy knows stands last. */
function byOrder(lists: readonly (readonly { readonly code: string; readonly order: number }[])[], more: readonly string[] = []): readonly string[] {
  const orders = new Map(lists.flat().map(({ code, order }) => [code, order]))
  const known = [...orders.keys()].sort((a, b) => (orders.get(a) ?? 0) - (orders.get(b) ?? 0) || (a < b ? -1 : 1))
  return [...known, ...sorted(more).filter((code) => !orders.has(code))]
}

/** Days that an item may be read under a grant: never more than the agreement's retention. */
export function lifeOf(body: Agreement, grant: Grant): number {
  return Math.min(grant.lifeDays, body.retention?.itemDays ?? Infinity)
}

/** The needs to know that cover an item's area in the tree of an agreement. */
export function needOf(universe: Universe, { treeKey }: Pick<Bound, 'treeKey'>): ReadonlySet<string> {
  const index = universe.trees.findIndex(({ key }) => key === treeKey)
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

/** The terms for which something holds. */
export function pick<T extends string>(terms: readonly T[], holds: (term: T) => boolean | undefined): ReadonlySet<T> {
  return new Set(terms.filter((term) => holds(term) === true))
}
