import assert from 'node:assert/strict'
import { test } from 'node:test'
import { assert as holds, integer, property } from 'fast-check'
import { type Opened, difference } from '@entente/difference'
import { Asked, chooser, classes, comparisons, lies, member, randomClass } from './asking.ts'
import { Dice, type Language, sides } from './worlds.ts'

const LANGUAGE: Language = 'all'
const MOST = 12_000

function forWorlds(runs: number, check: (dice: Dice) => void): void {
  holds(
    property(integer(), (seed) => check(new Dice(seed))),
    { numRuns: runs },
  )
}

test('for every class of small worlds the regions say what two deciders say, and the counts count it', () => {
  let asked = 0
  let differing = 0
  forWorlds(60, (dice) => {
    const { before, after } = sides(dice, LANGUAGE)
    const found = difference(before, after)
    const [was, becomes] = [new Asked(before), new Asked(after)]
    const counts = { gained: 0, lost: 0 }
    let whole = true
    for (const comparison of comparisons(before, after)) {
      const every = classes(comparison, MOST) ?? []
      const { space } = comparison
      // A larger quotient is asked here and there, more where something is permitted.
      if (every.length === 0) whole = false
      const likely = [...comparison.before.permitted, ...comparison.after.permitted]
      const some = Array.from({ length: every.length > 0 ? 0 : 400 }, () =>
        randomClass(dice, comparison, likely.length > 0 && dice.chance(80) ? dice.one(likely) : space.frame.full),
      )
      const within = (regions: readonly Opened[], point: ReturnType<typeof member>): boolean =>
        regions.some((region) => lies(region, point, before, after, space.universe))
      for (const box of [...every, ...some]) {
        if (box === undefined) continue
        const point = member(comparison, box, chooser(dice))
        const [old, now] = [was.permits(point), becomes.permits(point)]
        asked++
        if (old !== now) differing++
        if (now && !old) counts.gained++
        if (old && !now) counts.lost++
        const told = JSON.stringify(point)
        assert.equal(within(found.gained.regions, point), now && !old, `gained: ${told}`)
        assert.equal(within(found.lost.regions, point), old && !now, `lost: ${told}`)
        if (within(found.changed.regions, point) || within(found.withdrawn.regions, point)) assert.ok(old && now, `in both: ${told}`)
      }
    }
    if (whole) assert.deepEqual({ gained: found.gained.classes, lost: found.lost.classes }, counts)
  })
  assert.ok(asked > 15_000, `only ${asked} classes asked`)
  assert.ok(differing > 300, `only ${differing} differ`)
})

test('two members of one class never differ in decide, under any grant of either side', () => {
  let permits = 0
  forWorlds(80, (dice) => {
    const { before, after } = sides(dice, LANGUAGE)
    for (const side of [before, after]) {
      const asked = new Asked(side)
      for (const comparison of comparisons(before, after)) {
        const { permissions } = comparison[side === before ? 'before' : 'after']
        const { space } = comparison
        for (let n = 0; n < 60; n++) {
          const within = dice.chance(60) ? permissions.flatMap(({ permitted }) => permitted) : []
          const box = randomClass(dice, comparison, within.length > 0 ? dice.one(within) : space.frame.full)
          if (box === undefined) continue
          const [one, other] = [member(comparison, box, chooser(dice)), member(comparison, box, chooser(dice))]
          for (const { id, body } of side.agreements) {
            for (const grant of body.grants) {
              const basis = { agreement: body.agreement, version: id, article: grant.article, grant: grant.id }
              const said = asked.permitsUnder(one, basis)
              if (said) permits++
              assert.equal(asked.permitsUnder(other, basis), said, JSON.stringify([one, other]))
            }
          }
        }
      }
    }
  })
  assert.ok(permits > 1_000, `only ${permits} permits`)
})
