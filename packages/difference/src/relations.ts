import { PERSON_DECIDES, equivalentClearance } from '@entente/agreement'
import type { Direction, TreeName } from './model.ts'
import { type Asked, type Bound, type Standing, policyOf } from './standing.ts'

/**
 * What an agreement asks of two axes together, for the terms of the one that its grants reach: for each area itself and those above
 * it, one of which the reader must need to know; for each classification the clearances that suffice.
 */
export interface Relation<Of = Owner> {
  readonly sets: ReadonlyMap<string, ReadonlySet<string>>
  /** Whose it is; several agreements that never say different things of one term share one. */
  readonly of: readonly Of[]
}

/** An agreement, and how it is asked. */
export interface Owner {
  readonly agreement: string
  readonly side: Asked
}

/** Relations put together wherever they agree, in an order that depends on nothing but what they say. */
export function distinctRelations<Of>(all: readonly Relation<Of>[]): readonly Relation<Of>[] {
  const keyed = all.map((relation) => ({ relation, key: keyOf(relation) })).sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0))
  const groups: Relation<Of>[] = []
  for (const { relation } of keyed) {
    const at = groups.findIndex((group) => agree(group, relation))
    const group = groups[at]
    if (group === undefined) groups.push(relation)
    else groups[at] = { sets: new Map([...group.sets, ...relation.sets]), of: [...group.of, ...relation.of] }
  }
  return groups
}

function keyOf({ sets }: Pick<Relation, 'sets'>): string {
  return [...sets]
    .map(([term, set]) => `${term}<${[...set].sort().join('<')}`)
    .sort()
    .join(' ')
}

function agree(a: Pick<Relation, 'sets'>, b: Pick<Relation, 'sets'>): boolean {
  for (const [term, set] of b.sets) {
    const other = a.sets.get(term)
    if (other !== undefined && (other.size !== set.size || [...set].some((one) => !other.has(one)))) return false
  }
  return true
}

/** Whose tree of areas an agreement is asked with: for areas nothing gave way before `after`. */
export function treeSide(name: Asked): TreeName['side'] {
  return name === 'was' ? 'before' : name
}

/** The areas that an agreement's tree puts above each of these, itself among them. */
export function areasAbove(standing: Standing, { body, tree }: Bound, areas: ReadonlySet<string>): Relation<TreeName> {
  const sets = [...areas].flatMap((area): readonly (readonly [string, ReadonlySet<string>])[] => {
    const above = tree.get(area)
    return above === undefined ? [] : [[area, above]]
  })
  return { sets: new Map(sets), of: [{ agreement: body.agreement, side: treeSide(standing.name) }] }
}

/** The clearances that suffice for each of these classifications, as an agreement reads them. */
export function clearancesFor(
  { name, side }: Standing,
  { body, read }: Bound,
  { from, to }: Direction,
  clearances: readonly string[],
  levels: ReadonlySet<string>,
): Relation {
  const scheme = policyOf(side, from)
  const opened = new Map(
    clearances.map((code) => {
      const sets = read('clearance', code, to).map((term): readonly string[] => {
        const equivalent = equivalentClearance(body, to, from, term, side.at)
        if (equivalent === PERSON_DECIDES) return []
        return scheme.clearances.find((one) => one.code === equivalent)?.classifications ?? []
      })
      return [code, sets] as const
    }),
  )
  const sets = [...levels].map((level) => {
    const [known = level] = read('classification', level, from)
    return [level, new Set(clearances.filter((code) => opened.get(code)?.every((set) => set.includes(known)) === true))] as const
  })
  return { sets: new Map(sets), of: [{ agreement: body.agreement, side: name }] }
}

/** Whether a relation is one of those that a mask (bits) names. */
function named(mask: number, at: number): boolean {
  return (mask & (1 << at)) !== 0
}

/** Areas of need to know that cover an area in exactly the trees of a mask; undefined where there are none. */
export function needAreas(trees: readonly Pick<Relation, 'sets'>[], area: string, mask: number): readonly string[] | undefined {
  const outside = trees.flatMap(({ sets }, at) => (named(mask, at) ? [] : [sets.get(area)]))
  const chosen = new Set<string>()
  for (const [at, { sets }] of trees.entries()) {
    if (!named(mask, at)) continue
    const fits = [...(sets.get(area) ?? [])].find((one) => !outside.some((other) => other?.has(one) === true))
    if (fits === undefined) return undefined
    chosen.add(fits)
  }
  return [...chosen].sort()
}

/** Clearances that suffice for a classification in exactly the readings of a mask. */
export function sufficing(readings: readonly Relation[], clearances: readonly string[], level: string, mask: number): readonly string[] {
  return clearances.filter((code) => readings.every(({ sets }, at) => (sets.get(level)?.has(code) === true) === named(mask, at)))
}
