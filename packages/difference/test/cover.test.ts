import assert from 'node:assert/strict'
import { test } from 'node:test'
import { assert as holds, integer, property } from 'fast-check'
import {
  type Box,
  type Frame,
  classesOn,
  axesOf,
  disjoint,
  frameOf,
  holds as holdsBox,
  meet,
  narrowed,
  sizeOf,
  subtract,
  subtractAll,
} from '../src/boxes.ts'
import { cover } from '../src/cover.ts'
import { Dice } from './worlds.ts'

function forAll(runs: number, check: (dice: Dice) => void): void {
  holds(
    property(integer(), (seed) => check(new Dice(seed))),
    { numRuns: runs },
  )
}

function points(frame: Frame): readonly Box[] {
  let boxes: readonly Box[] = [frame.full]
  for (let axis = 0; axis < axesOf(frame); axis++)
    boxes = boxes.flatMap((box) => classesOn(frame, box, axis).flatMap((one) => [narrowed(frame, box, axis, [one]) ?? box]))
  return boxes
}

function randomBox(dice: Dice, frame: Frame): Box {
  let box = frame.full
  for (let axis = 0; axis < axesOf(frame); axis++) box = narrowed(frame, box, axis, dice.some(classesOn(frame, box, axis), 60)) ?? box
  return box
}

test('boxes are exact, with axes of more than one word too', () => {
  forAll(200, (dice) => {
    const frame = frameOf([1 + dice.below(3), dice.one([2, 33, 70]), 1 + dice.below(3)])
    const [a, b, c] = [randomBox(dice, frame), randomBox(dice, frame), randomBox(dice, frame)]
    const every = points(frame)
    const [shared, rest, two] = [meet(frame, a, b), subtract(frame, a, b), disjoint(frame, [a, b, c])]
    let size = 0
    for (const point of every) {
      const [inA, inB, inC] = [holdsBox(a, point), holdsBox(b, point), holdsBox(c, point)]
      if (inA) size++
      assert.equal(shared !== undefined && holdsBox(shared, point), inA && inB)
      assert.equal(rest.filter((box) => holdsBox(box, point)).length, inA && !inB ? 1 : 0)
      assert.equal(two.filter((box) => holdsBox(box, point)).length, inA || inB || inC ? 1 : 0)
      assert.equal(
        subtractAll(frame, [a], [b, c]).some((box) => holdsBox(box, point)),
        inA && !inB && !inC,
      )
    }
    assert.equal(sizeOf(frame, a), size)
  })
})

test('a cover holds what is wanted and nothing else, and one that is called shortest has no shorter one', () => {
  let proved = 0
  forAll(150, (dice) => {
    const frame = frameOf([2, 3, 3])
    const every = points(frame)
    const wanted = every.filter(() => dice.chance(45))
    const impossible = every.filter((point) => !wanted.includes(point) && dice.chance(15))
    const found = cover(frame, wanted, impossible)
    for (const point of every) {
      const covered = found.boxes.some((box) => holdsBox(box, point))
      if (!impossible.includes(point)) assert.equal(covered, wanted.includes(point))
    }
    if (found.shortest) proved++
    if (found.shortest && wanted.length > 0)
      assert.ok(!coveredBy(frame, wanted, impossible, found.boxes.length - 1), 'a shorter one exists')
    assert.deepEqual(cover(frame, wanted.toReversed(), impossible.toReversed()).boxes.length, found.boxes.length)
  })
  assert.ok(proved > 140, `only ${proved} proved`)
})

/** Whether so many boxes can cover all points: every box tried, every choice of them. */
function coveredBy(frame: Frame, wanted: readonly Box[], impossible: readonly Box[], most: number): boolean {
  const allowed = new Set([...wanted, ...impossible].map((point) => point.join()))
  const all = points(frame)
  const subsets = (axis: number): number[][] => {
    const classes = classesOn(frame, frame.full, axis)
    return Array.from({ length: 2 ** classes.length - 1 }, (_, mask) => classes.filter((_one, at) => ((mask + 1) & (1 << at)) !== 0))
  }
  const sets: number[][] = []
  for (const x of subsets(0)) {
    for (const y of subsets(1)) {
      for (const z of subsets(2)) {
        let box: Box = frame.full
        for (const [axis, list] of [x, y, z].entries()) box = narrowed(frame, box, axis, list) ?? box
        const inside = all.filter((point) => holdsBox(box, point))
        if (inside.every((point) => allowed.has(point.join()))) {
          sets.push(wanted.flatMap((point, at) => (holdsBox(box, point) ? [at] : [])))
        }
      }
    }
  }
  const search = (open: ReadonlySet<number>, left: number): boolean => {
    const [first] = open
    if (first === undefined) return true
    if (left === 0) return false
    return sets.filter((set) => set.includes(first)).some((set) => search(new Set([...open].filter((one) => !set.includes(one))), left - 1))
  }
  return search(new Set(wanted.keys()), most)
}

test('beyond its budget a cover is still exact, and does not say that it is the shortest', () => {
  let unproved = 0
  forAll(60, (dice) => {
    const frame = frameOf([3, 3, 3])
    const every = points(frame)
    const wanted = every.filter(() => dice.chance(50))
    const { boxes, shortest } = cover(frame, wanted, [], { boxes: 3, steps: 0 })
    for (const point of every)
      assert.equal(
        boxes.some((box) => holdsBox(box, point)),
        wanted.includes(point),
      )
    if (!shortest) unproved++
  })
  assert.ok(unproved > 30, `only ${unproved} unproved`)
})
