import type { Act, Use } from '@entente/agreement'
import { type Box, sizeOf } from './boxes.ts'
import { type Ages, type DifferenceRegion, type Direction, NONE, type Opened, type SetTerms, type TreeName } from './model.ts'
import { type Space, membersOn, termsOn } from './space.ts'
import type { SetAxis, SingleAxis } from './universe.ts'

/** A box in terms. */
export function regionOf(space: Space, direction: Direction, box: Box): DifferenceRegion & Pick<Opened, 'classes'> {
  const all = (axis: SingleAxis): readonly string[] => termsOn(space, box, axis) ?? space.universe.one[axis]
  const optional = <Name extends string>(name: Name, axis: SingleAxis): Partial<Record<Name, readonly string[]>> => {
    const terms = termsOn(space, box, axis)
    return terms === undefined ? {} : ({ [name]: terms.toSorted() } as unknown as Partial<Record<Name, readonly string[]>>)
  }
  const ages = termsOn(space, box, 'age')
  const needs = termsOn(space, box, 'need')
  return {
    direction,
    areas: all('area').toSorted(),
    // Levels rise; every other list is sorted by code.
    classifications: all('classification'),
    acts: all('act').toSorted() as readonly Act[],
    uses: all('use').toSorted() as readonly (Use | typeof NONE)[],
    clearances: all('clearance'),
    ...(ages === undefined ? {} : { ages: spans(ages, space.universe.one.age) }),
    ...sets('categories', space, box, 'category'),
    ...sets('personRules', space, box, 'personRule'),
    ...sets('citizenships', space, box, 'citizenship'),
    ...optional('organisations', 'organisation'),
    ...optional('posts', 'post'),
    ...optional('facilities', 'facility'),
    ...optional('purposes', 'purpose'),
    ...(needs === undefined ? {} : { needs: needs.map((need) => treesIn(Number(need), space)) }),
    classes: sizeOf(space.frame, box),
  }
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
