import { PERSON_DECIDES, equivalentClearance } from '@entente/agreement'
import type { Direction, TreeName } from './model.ts'
import { type Bound, type Standing, policyOf } from './standing.ts'

/** How an agreement reads the clearances of a nation: which of the originator's classifications each opens. */
export interface ClearanceReading {
  /** The same for readings that open the same. */
  readonly key: string
  readonly opens: ReadonlyMap<string, ReadonlySet<string>>
  readonly of: readonly TreeName[]
}

/** The readings of agreements that grant something in a direction, each once, in an order that does not depend on the sides. */
export function clearanceReadings(
  granting: readonly (readonly [Standing, Bound])[],
  direction: Direction,
  clearances: readonly string[],
  levels: readonly string[],
): readonly ClearanceReading[] {
  const found = new Map<string, { readonly key: string; readonly opens: ClearanceReading['opens']; readonly of: TreeName[] }>()
  for (const [standing, bound] of granting) {
    const opens = new Map(clearances.map((code) => [code, opened(standing, bound, direction, code, levels)]))
    const key = [...opens].map(([code, set]) => `${code}:${[...set].join(' ')}`).join(',')
    const known = found.get(key) ?? { key, opens, of: [] }
    known.of.push({ agreement: bound.body.agreement, side: standing.name })
    found.set(key, known)
  }
  return [...found.values()].sort((a, b) => (a.key < b.key ? -1 : 1))
}

function opened(
  { side }: Standing,
  { body, read }: Bound,
  { from, to }: Direction,
  code: string,
  levels: readonly string[],
): ReadonlySet<string> {
  const scheme = policyOf(side, from)
  const sets = read('clearance', code, to).map((term): readonly string[] => {
    const equivalent = equivalentClearance(body, to, from, term, side.at)
    if (equivalent === PERSON_DECIDES) return []
    return scheme.clearances.find((one) => one.code === equivalent)?.classifications ?? []
  })
  return new Set(
    levels.filter((level) => {
      const [known = level] = read('classification', level, from)
      return sets.every((set) => set.includes(known))
    }),
  )
}

/** Clearances that suffice for a classification in exactly the readings of `mask` (bits). */
export function sufficing(
  { clearances, readings }: { readonly clearances: readonly string[]; readonly readings: readonly ClearanceReading[] },
  level: string,
  mask: number,
): readonly string[] {
  return clearances.filter((code) =>
    readings.every(({ opens }, at) => (opens.get(code)?.has(level) === true) === ((mask & (1 << at)) !== 0)),
  )
}
