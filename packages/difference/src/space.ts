import { type Box, type Frame, classesOn, frameOf, listOf, narrowed } from './boxes.ts'
import { type Conjunct, SETS, SINGLE, type SetAxis, type SingleAxis, type Universe } from './rules.ts'

/** Whether an axis of a set says *none of these* (class 0) or *at least one of these* (class 1). */
interface Membership {
  readonly axis: SetAxis
  readonly members: readonly string[]
}

/**
 * The quotient in one direction: on each axis the classes of terms that no rule of either side tells apart. Axes of single terms
 * come first, in the order of `SINGLE`; then one of two classes for each class of members of a set that some rule reads.
 */
export interface Space {
  readonly universe: Universe
  readonly frame: Frame
  readonly single: Readonly<Record<SingleAxis, readonly (readonly string[])[]>>
  readonly memberships: readonly Membership[]
}

/** Derives the classes from what the rules ask. Every conjunct that is later turned into boxes must be among these. */
export function spaceOf(universe: Universe, conjuncts: readonly Conjunct[]): Space {
  const single = Object.fromEntries(
    SINGLE.map((axis) => {
      const sets = distinctSets(conjuncts.flatMap((conjunct) => conjunct.one[axis] ?? []))
      return [axis, classesOf(universe.one[axis], sets)]
    }),
  ) as unknown as Record<SingleAxis, readonly (readonly string[])[]>
  const memberships = SETS.flatMap((axis) => {
    const sets = distinctSets(conjuncts.flatMap((conjunct) => [conjunct.none?.[axis] ?? [], conjunct.any?.[axis] ?? []].flat()))
    return classesOf(universe.many[axis], sets)
      .filter(([member]) => sets.some((set) => member !== undefined && set.has(member)))
      .map((members): Membership => ({ axis, members }))
  })
  return {
    universe,
    single,
    memberships,
    frame: frameOf([...SINGLE.map((axis) => single[axis].length), ...memberships.map(() => 2)]),
  }
}

function distinctSets(sets: readonly ReadonlySet<string>[]): readonly ReadonlySet<string>[] {
  return [...new Map(sets.map((set) => [[...set].join(' '), set])).values()]
}

/** Terms that are in the same of the sets stand together, in the order of the terms. */
export function classesOf(terms: readonly string[], sets: readonly ReadonlySet<string>[]): readonly (readonly string[])[] {
  const classes = new Map<string, string[]>()
  for (const term of terms) {
    const key = sets.map((set) => (set.has(term) ? '1' : '0')).join('')
    const known = classes.get(key)
    if (known === undefined) classes.set(key, [term])
    else known.push(term)
  }
  return [...classes.values()]
}

/** What conjuncts hold, as boxes: *at least one of* several classes of members gives one box for each. */
export function boxesOf(space: Space, conjuncts: readonly Conjunct[]): readonly Box[] {
  return conjuncts.flatMap((conjunct) => {
    let box: Box | undefined = space.frame.full
    for (const [axis, name] of SINGLE.entries()) {
      const wanted = conjunct.one[name]
      if (wanted === undefined || box === undefined) continue
      box = narrowed(
        space.frame,
        box,
        axis,
        indexes(space.single[name], (terms) => wanted.has(terms[0] ?? '')),
      )
    }
    if (box === undefined) return []
    let boxes: readonly Box[] = [box]
    for (const set of SETS) {
      const { none, any } = { none: conjunct.none?.[set], any: conjunct.any?.[set] }
      if (none !== undefined) boxes = boxes.flatMap((one) => withSet(space, one, set, none, 0))
      if (any !== undefined) boxes = boxes.flatMap((one) => someOf(space, one, set, any))
    }
    return boxes
  })
}

function withSet(space: Space, box: Box, set: SetAxis, members: ReadonlySet<string>, present: 0 | 1): readonly Box[] {
  let narrow: Box | undefined = box
  for (const at of axesOfSet(space, set, members)) {
    if (narrow !== undefined) narrow = narrowed(space.frame, narrow, at, [present])
  }
  return listOf(narrow)
}

function someOf(space: Space, box: Box, set: SetAxis, members: ReadonlySet<string>): readonly Box[] {
  return axesOfSet(space, set, members).flatMap((at) => listOf(narrowed(space.frame, box, at, [1])))
}

function axesOfSet(space: Space, set: SetAxis, members: ReadonlySet<string>): readonly number[] {
  return indexes(space.memberships, ({ axis, members: own }) => axis === set && members.has(own[0] ?? '')).map((at) => SINGLE.length + at)
}

function indexes<T>(list: readonly T[], wanted: (one: T) => boolean): readonly number[] {
  return list.flatMap((one, at) => (wanted(one) ? [at] : []))
}

/** The terms of a box on an axis of single terms, in the order of the universe; undefined where the box does not narrow it. */
export function termsOn(space: Space, box: Box, axis: SingleAxis): readonly string[] | undefined {
  const classes = space.single[axis]
  const held = classesOn(space.frame, box, SINGLE.indexOf(axis))
  if (held.length === classes.length) return undefined
  const terms = new Set(held.flatMap((at) => classes[at] ?? []))
  return space.universe.one[axis].filter((term) => terms.has(term))
}

/** The classes of members that a box asks for, and those that it excludes. */
export function membersOn(
  space: Space,
  box: Box,
  set: SetAxis,
): { readonly some: readonly (readonly string[])[]; readonly none: readonly string[] } {
  const some: (readonly string[])[] = []
  const none: string[] = []
  for (const [at, { axis, members }] of space.memberships.entries()) {
    if (axis !== set) continue
    const held = classesOn(space.frame, box, SINGLE.length + at)
    if (held.length === 2) continue
    if (held[0] === 1) some.push(members)
    else none.push(...members)
  }
  return { some, none: none.sort() }
}
