import type { Act, Use } from '@entente/agreement'
import { type Box, countOf } from './boxes.ts'
import type { Ages, DifferenceRegion, Direction, NONE, Opened, SetTerms, TreeName } from './model.ts'
import { needAreas, sufficing } from './relations.ts'
import { type Space, membersOn, termsOn } from './space.ts'
import { type SetAxis, type SingleAxis, type Universe } from './universe.ts'

/** A box in terms. What the box holds that cannot be is not said: areas, classifications and needs to know that meet nothing. */
export function regionOf(
  space: Space,
  direction: Direction,
  box: Box,
  impossible: readonly Box[],
): DifferenceRegion & Pick<Opened, 'classes'> {
  const { universe } = space
  const all = (axis: SingleAxis): readonly string[] => termsOn(space, box, axis) ?? universe.one[axis]
  const optional = <Name extends string>(name: Name, axis: SingleAxis): Partial<Record<Name, readonly string[]>> => {
    const terms = termsOn(space, box, axis)
    return terms === undefined ? {} : ({ [name]: terms.toSorted() } as unknown as Partial<Record<Name, readonly string[]>>)
  }
  const ages = termsOn(space, box, 'age')
  const areas = areasIn(universe, all('area'), all('need').map(Number))
  const needs = needsIn(universe, areas, all('need'))
  const clearances = clearancesIn(universe, all('classification'), all('clearance').map(Number))
  return {
    direction,
    areas,
    // Levels rise; every other list is sorted by code.
    classifications: clearances.map(({ classification }) => classification),
    acts: all('act').toSorted() as readonly Act[],
    uses: all('use').toSorted() as readonly (Use | typeof NONE)[],
    clearances,
    ...(ages === undefined ? {} : { ages: spans(ages, universe.one.age) }),
    ...sets('categories', space, box, 'category'),
    ...sets('personRules', space, box, 'personRule'),
    ...sets('citizenships', space, box, 'citizenship'),
    ...optional('organisations', 'organisation'),
    ...optional('posts', 'post'),
    ...optional('facilities', 'facility'),
    ...optional('purposes', 'purpose'),
    ...(needs === undefined ? {} : { needs: needs.map((need) => treesIn(Number(need), space)) }),
    classes: countOf(space.frame, [box], impossible),
  }
}

function areasIn({ trees }: Universe, areas: readonly string[], needs: readonly number[]): readonly string[] {
  return areas.filter((area) => needs.some((need) => needAreas(trees, area, need) !== undefined)).toSorted()
}

/** Sets of trees in which a need to know can cover one of these areas; undefined where the box holds every one that can be. */
function needsIn({ trees, one }: Universe, areas: readonly string[], held: readonly string[]): readonly string[] | undefined {
  const possible = one.need.filter((need) => areas.some((area) => needAreas(trees, area, Number(need)) !== undefined))
  const inside = possible.filter((need) => held.includes(need))
  return inside.length === possible.length ? undefined : inside
}

function clearancesIn(universe: Universe, levels: readonly string[], held: readonly number[]): DifferenceRegion['clearances'] {
  const { readings, clearances } = universe
  return levels.flatMap((classification) => {
    const enough = new Set(held.flatMap((mask) => sufficing(readings, clearances, classification, mask)))
    return enough.size === 0 ? [] : [{ classification, clearances: clearances.filter((code) => enough.has(code)) }]
  })
}

function sets<Name extends string>(name: Name, space: Space, box: Box, axis: SetAxis): Partial<Record<Name, SetTerms>> {
  const terms = membersOn(space, box, axis)
  return terms.some.length === 0 && terms.none.length === 0 ? {} : ({ [name]: terms } as unknown as Partial<Record<Name, SetTerms>>)
}

function treesIn(need: number, { universe }: Space): readonly TreeName[] {
  return universe.trees.flatMap(({ of }, tree) => ((need & (1 << tree)) === 0 ? [] : of))
}

/** Starting days of intervals as spans; neighbours are joined. */
function spans(starts: readonly string[], all: readonly string[]): readonly Ages[] {
  const joined: { fromDay: number; beforeDay?: number }[] = []
  for (const start of starts) {
    const next = all[all.indexOf(start) + 1]
    const last = joined.at(-1)
    const beforeDay = next === undefined ? {} : { beforeDay: Number(next) }
    if (last?.beforeDay === Number(start)) {
      joined.pop()
      joined.push({ fromDay: last.fromDay, ...beforeDay })
    } else joined.push({ fromDay: Number(start), ...beforeDay })
  }
  return joined
}
