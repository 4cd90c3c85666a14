// The matrix of areas by classifications says of each cell what the regions of the whole difference say.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { assert as holds, integer, property } from 'fast-check'
import { type AxesCell, type Cause, type Opened, type Side, difference, differenceOnAxes } from '@entente/difference'
import { Dice, amended, body, sideOf, sides } from './worlds.ts'

/** What stands in a cell, by direction, area and classification. */
type Cells = ReadonlyMap<string, readonly Cause[]>

function keyOf({ from, to, via = '' }: Opened['direction'], area: string, classification: string): string {
  return [from, to, via, area, classification].join(' ')
}

/** The cells that regions touch, each with what opens or closes these regions. */
function touched(regions: readonly Opened[]): Cells {
  const cells = new Map<string, readonly Cause[]>()
  for (const { direction, areas, classifications, causes } of regions) {
    for (const area of areas) {
      for (const classification of classifications) {
        const key = keyOf(direction, area, classification)
        cells.set(key, [...(cells.get(key) ?? []), ...causes])
      }
    }
  }
  return cells
}

function coloured(before: Side, after: Side, which: 'gained' | 'lost'): Cells {
  const cells = differenceOnAxes(before, after).flatMap(({ direction, areas, classifications, cells: own }) =>
    own.map((cell: AxesCell) => {
      assert.ok(areas.includes(cell.area) && classifications.includes(cell.classification), 'a cell stands in its matrix')
      return [keyOf(direction, cell.area, cell.classification), cell[which]] as const
    }),
  )
  assert.equal(new Set(cells.map(([key]) => key)).size, cells.length, 'no cell stands twice')
  return new Map(cells.filter(([, causes]) => causes.length > 0))
}

function agrees(before: Side, after: Side): number {
  const whole = difference(before, after)
  let seen = 0
  for (const which of ['gained', 'lost'] as const) {
    const [cells, expected] = [coloured(before, after, which), touched(whole[which].regions)]
    assert.deepEqual([...cells.keys()].sort(), [...expected.keys()].sort())
    for (const [key, causes] of cells) {
      seen++
      const named = new Set(expected.get(key)?.map((cause) => JSON.stringify(cause)))
      for (const cause of causes) {
        // What a grant leaves out is said of all that is lost in the cell together, by a region of its own part.
        if (cause.kind === 'granted' || cause.kind === 'forbidden')
          assert.ok(named.has(JSON.stringify(cause)), `${key}: ${cause.rule ?? ''}`)
      }
      assert.ok(causes.some(({ kind }) => kind === 'granted'))
    }
  }
  return seen
}

test('a cell is gained or lost exactly where a region of the whole difference lies in it, under rules of these regions', () => {
  let seen = 0
  holds(
    property(integer(), (seed) => {
      const { before, after } = sides(new Dice(seed), 'all')
      seen += agrees(before, after)
    }),
    { numRuns: 200 },
  )
  assert.ok(seen > 500, `only ${seen} cells`)
})

test('an agreement beside that nobody edits changes no cell, be it the same object or another one', () => {
  holds(
    property(integer(), (seed) => {
      const dice = new Dice(seed)
      const before = body(dice, 'pair', 'all')
      const after = amended(dice, before, 'all')
      const beside = body(dice, 'trio', 'all')
      agrees(sideOf([before, beside]), sideOf([after, beside]))
      assert.deepEqual(
        differenceOnAxes(sideOf([before, beside]), sideOf([after, beside])),
        differenceOnAxes(sideOf([before, beside]), sideOf([after, structuredClone(beside)])),
      )
    }),
    { numRuns: 60 },
  )
})

test('nothing differs from itself', () => {
  const { before } = sides(new Dice(3), 'all')
  assert.deepEqual(differenceOnAxes(before, structuredClone(before)), [])
})
