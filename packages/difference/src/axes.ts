import { type Box, classesOn, listOf, narrowed, subtractAll } from './boxes.ts'
import { causesAt } from './causes.ts'
import { type Comparison, type SideName, compare } from './compare.ts'
import { checkSides } from './difference.ts'
import { type AxesCell, type AxesDifference, OTHER, type Side } from './model.ts'
import { type Bound, binding, directionsOf, standing } from './standing.ts'
import { SINGLE } from './universe.ts'

const AREA = SINGLE.indexOf('area')
const LEVEL = SINGLE.indexOf('classification')

/**
 * What becomes possible and what stops being possible, as a matrix of areas by classifications for each direction: while somebody
 * types (spec/difference.md 3). A cell is gained or lost exactly where `difference` has such a region in that area and classification.
 * Throws `DifferenceError` as `difference` does.
 */
export function differenceOnAxes(before: Side, after: Side): readonly AxesDifference[] {
  checkSides([before, after])
  const [was, becomes] = [standing(before, 'before'), standing(after, 'after')]
  return directionsOf([was, becomes]).flatMap((direction) => {
    if (before.policies === after.policies && before.at === after.at && same(binding(was, direction), binding(becomes, direction)))
      return []
    const comparison = compare({ before: was, after: becomes, was, kept: becomes }, direction)
    const { universe } = comparison.space
    const cells = new Map<string, AxesCell>()
    for (const side of ['before', 'after'] as const) addCells(cells, comparison, side)
    const areas = universe.one.area.filter((area) => area !== OTHER)
    return cells.size === 0 ? [] : [{ direction, areas, classifications: universe.one.classification, cells: [...cells.values()] }]
  })
}

/** Adds the cells in which this side permits something that the other does not. */
function addCells(cells: Map<string, AxesCell>, comparison: Comparison, side: SideName): void {
  const { space, impossible } = comparison
  const other = comparison[side === 'before' ? 'after' : 'before']
  const pieces = subtractAll(space.frame, subtractAll(space.frame, comparison[side].permitted, other.permitted), impossible)
  // Areas that no rule tells apart have the same causes, and so have classifications.
  const changing = new Map<string, { readonly area: number; readonly level: number; readonly points: Box[] }>()
  for (const piece of pieces) {
    for (const area of classesOn(space.frame, piece, AREA)) {
      for (const level of classesOn(space.frame, piece, LEVEL)) {
        const key = `${area} ${level}`
        const known = changing.get(key) ?? { area, level, points: [] }
        changing.set(key, known)
        known.points.push(...within(comparison, piece, area, level))
      }
    }
  }
  for (const { area, level, points } of changing.values()) {
    const causes = causesAt(comparison, points, side)
    for (const one of space.single.area[area] ?? []) {
      for (const classification of space.single.classification[level] ?? []) {
        const key = `${one} ${classification}`
        const cell = cells.get(key) ?? { area: one, classification, gained: [], lost: [] }
        cells.set(key, { ...cell, [side === 'after' ? 'gained' : 'lost']: causes })
      }
    }
  }
}

function within({ space: { frame } }: Comparison, piece: Box, area: number, level: number): readonly Box[] {
  return listOf(narrowed(frame, piece, AREA, [area])).flatMap((box) => listOf(narrowed(frame, box, LEVEL, [level])))
}

/** Whether both sides have the same documents: what nobody edits is the same object. */
function same(a: readonly Bound[], b: readonly Bound[]): boolean {
  return (
    a.length === b.length &&
    a.every(({ body, permits, members }, at) => {
      const other = b[at]
      return body === other?.body && permits === other.permits && members.join() === other.members.join()
    })
  )
}
