import { listOf, narrowed, subtractAll } from './boxes.ts'
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
    const cells: Cells = new Map()
    addCells(cells, comparison, 'before')
    addCells(cells, comparison, 'after')
    if (cells.size === 0) return []
    const areas = universe.one.area.filter((area) => area !== OTHER)
    const found = [...cells.values()].flatMap((row) => [...row.values()])
    return [{ direction, areas, classifications: universe.one.classification, cells: found }]
  })
}

/** By area and classification. */
type Cells = Map<string, Map<string, { -readonly [Name in keyof AxesCell]: AxesCell[Name] }>>

/** Adds the cells in which this side permits something that the other does not. */
function addCells(cells: Cells, comparison: Comparison, side: SideName): void {
  const { space, impossible } = comparison
  const { frame } = space
  const other = comparison[side === 'before' ? 'after' : 'before']
  const pieces = subtractAll(frame, subtractAll(frame, comparison[side].permitted, other.permitted), impossible)
  if (pieces.length === 0) return
  // Areas that no rule tells apart have the same causes, and so have classifications.
  for (const [area, areas] of space.single.area.entries()) {
    const ofArea = pieces.flatMap((piece) => listOf(narrowed(frame, piece, AREA, [area])))
    for (const [level, levels] of ofArea.length === 0 ? [] : space.single.classification.entries()) {
      const points = ofArea.flatMap((piece) => listOf(narrowed(frame, piece, LEVEL, [level])))
      if (points.length === 0) continue
      const causes = causesAt(comparison, points, side)
      for (const one of areas)
        for (const classification of levels) cellAt(cells, one, classification)[side === 'after' ? 'gained' : 'lost'] = causes
    }
  }
}

function cellAt(cells: Cells, area: string, classification: string): { -readonly [Name in keyof AxesCell]: AxesCell[Name] } {
  const row = cells.get(area) ?? new Map<string, AxesCell>()
  cells.set(area, row)
  const cell = row.get(classification) ?? { area, classification, gained: [], lost: [] }
  row.set(classification, cell)
  return cell
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
