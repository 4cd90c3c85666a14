import type { Act, Agreement, Grant, Region } from '@entente/agreement'
import { DifferenceError } from './errors.ts'
import { type Direction, NONE, OTHER, type TreeName } from './model.ts'
import { type Owner, type Relation, areasAbove, clearancesFor, distinctRelations, needAreas, sufficing } from './relations.ts'
import { type Bound, type Standing, binding, couldRun, isWithin, ordersOf, policyOf, runs, speaksOf } from './standing.ts'

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
  /** Arrangements of areas that differ from each other; the axis `need` has a term for each set of them. */
  readonly trees: readonly Relation<TreeName>[]
  /** Readings of clearances that differ from each other; the axis `clearance` has a term for each set in which one suffices. */
  readonly readings: readonly Relation[]
  /** Codes of clearances of the reader's nation. */
  readonly clearances: readonly string[]
}

const ACTS: readonly Act[] = ['list', 'show', 'open', 'print', 'export', 'onward-release', 'derive']
/** Every set of trees, and of readings, is a term of an axis. */
const MOST_APART = 6

/** Every term of a direction (see `Universe`); throws `difference/too-many-readings`. */
export function universeOf(sides: readonly Standing[], direction: Direction, extra: readonly Region[] = []): Universe {
  const bodies = sides.flatMap((side) => binding(side, direction).map(({ body }) => body))
  const origin = sides.map(({ side }) => policyOf(side, direction.from))
  const home = sides.map(({ side }) => policyOf(side, direction.to))
  const grants = bodies.flatMap((body) => body.grants.filter((grant) => couldRun(grant, direction)))
  const regions = [...bodies.flatMap((body): readonly Region[] => body.prohibitions), ...extra].filter((region) =>
    speaksOf(region, direction),
  )
  const area = [...sorted(sides.flatMap((side) => binding(side, direction).flatMap(({ tree }) => [...tree.keys()]))), OTHER]
  const purposes = sorted([
    ...grants.flatMap((grant) => grant.person.purposes),
    ...regions.flatMap((region) => region.purposesOutside ?? []),
  ])
  // Nothing attested comes first: an example says nothing that it need not.
  const named = (of: 'organisations' | 'posts' | 'facilities'): readonly string[] => [
    NONE,
    ...sorted([...grants.flatMap((grant) => grant.person[of] ?? []), ...regions.flatMap((region) => region[`${of}Outside`] ?? [])]),
    OTHER,
  ]
  const classification = byOrder(origin.map((policy) => policy.classifications))
  const rows = bodies.flatMap((body) =>
    body.equivalence.filter((table) => table.kind === 'clearances' && table.from === direction.to).flatMap((table) => table.rows),
  )
  const clearances = byOrder(
    home.map((policy) => policy.clearances),
    rows.map((row) => row.from),
  )
  const granting = sides.flatMap((side) => binding(side, direction).map((bound) => reached(side, bound, direction, area, classification)))
  const trees = distinctRelations(granting.map(({ standing, bound, areas }) => areasAbove(standing, bound, areas)))
  const readings = distinctRelations(
    granting.map(({ standing, bound, levels }) => clearancesFor(standing, bound, direction, clearances, levels)),
  )
  if (trees.length > MOST_APART || readings.length > MOST_APART) {
    throw new DifferenceError(
      'difference/too-many-readings',
      'more arrangements of areas or readings of clearances than can be told apart',
      {
        values: { most: MOST_APART },
      },
    )
  }
  return {
    one: {
      area,
      need: masks(trees.length, (mask) => area.some((one) => needAreas(trees, one, mask) !== undefined)),
      classification,
      clearance: masks(readings.length, (mask) => classification.some((level) => sufficing(readings, clearances, level, mask).length > 0)),
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
        ...sorted([
          ...grants.flatMap((grant) => grant.person.citizenship),
          ...regions.flatMap((region) => region.citizenshipOutside ?? []),
        ]),
        OTHER,
      ],
    },
    trees,
    readings,
    clearances,
  }
}

/** Sets of so many things, as bits, that can be; where none can, the empty one stands for all. */
function masks(things: number, possible: (mask: number) => boolean): readonly string[] {
  const found = Array.from({ length: 2 ** things - 1 }, (_, at) => at + 1).filter(possible)
  return found.length === 0 ? ['0'] : found.map(String)
}

/** The areas and classifications that an agreement's grants reach in a direction: where its tree and its tables have a say. */
function reached(
  standing: Standing,
  bound: Bound,
  direction: Direction,
  areas: readonly string[],
  levels: readonly string[],
): { readonly standing: Standing; readonly bound: Bound; readonly areas: ReadonlySet<string>; readonly levels: ReadonlySet<string> } {
  const grants = bound.body.grants.filter((grant) => runs(grant, bound.members, direction))
  const orders = ordersOf(standing.side, direction.from)
  return {
    standing,
    bound,
    areas: pick(areas, (area) => grants.some((grant) => grant.areas.some((granted) => bound.tree.get(area)?.has(granted)))),
    levels: pick(levels, (level) => grants.some((grant) => isWithin(orders, bound, grant, level))),
  }
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

/** Days that an item may be read under a grant: never more than the agreement's retention. */
export function lifeOf(body: Agreement, grant: Grant): number {
  return Math.min(grant.lifeDays, body.retention?.itemDays ?? Infinity)
}

/** Terms of an axis of sets of trees or readings: the sets that hold an agreement's own. */
export function setsWith(
  terms: readonly string[],
  things: readonly { readonly of: readonly Owner[] }[],
  agreement: string,
  side: Owner['side'],
): ReadonlySet<string> {
  const index = things.findIndex(({ of }) => of.some((one) => one.agreement === agreement && one.side === side))
  return pick(terms, (set) => (Number(set) & (1 << index)) !== 0)
}

/**
 * What no point can be: a reader without any citizenship (which is citizenship unknown, and always refused); a need to know that
 * covers an area in one tree and not in another, and a clearance that suffices for a classification in one reading and not in another,
 * where trees and readings leave no room for that.
 */
export function impossibleParts(universe: Universe): readonly Conjunct[] {
  const { one, many, trees, readings, clearances } = universe
  return [
    { one: {}, none: { citizenship: new Set(many.citizenship) } },
    ...impossible(one.area, 'area', one.need, 'need', (area, mask) => needAreas(trees, area, mask) !== undefined),
    ...impossible(one.classification, 'classification', one.clearance, 'clearance', (level, mask) => {
      return sufficing(readings, clearances, level, mask).length > 0
    }),
  ]
}

function impossible(
  terms: readonly string[],
  axis: SingleAxis,
  sets: readonly string[],
  other: SingleAxis,
  possible: (term: string, set: number) => boolean,
): readonly Conjunct[] {
  const groups = new Map<string, Set<string>>()
  for (const term of terms) {
    const never = sets.filter((set) => !possible(term, Number(set)))
    if (never.length === 0) continue
    const key = never.join(' ')
    groups.set(key, (groups.get(key) ?? new Set<string>()).add(term))
  }
  return [...groups].map(([key, group]) => ({ one: { [axis]: group, [other]: new Set(key.split(' ')) } }))
}

/** The terms for which something holds. */
export function pick<T extends string>(terms: readonly T[], holds: (term: T) => boolean | undefined): ReadonlySet<T> {
  return new Set(terms.filter((term) => holds(term) === true))
}
