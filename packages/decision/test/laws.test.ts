import assert from 'node:assert/strict'
import { test } from 'node:test'
import { assert as holds, integer, property } from 'fast-check'
import { compile } from '@entente/decision'
import type { PersonFacts } from '@entente/clearance'
import { linesOf, reference } from './reference.ts'
import { Dice, facts, question, versions } from './worlds.ts'

const WORLDS = 400
const QUESTIONS = 60

function forWorlds(runs: number, check: (dice: Dice) => void): void {
  holds(
    property(integer(), (seed) => check(new Dice(seed))),
    { numRuns: runs },
  )
}

test(`decide says what the obvious evaluator says, in ${WORLDS * QUESTIONS} cases, of which enough are permits`, () => {
  let permits = 0
  forWorlds(WORLDS, (dice) => {
    const world = facts(dice)
    const decider = compile(world)
    for (let n = 0; n < QUESTIONS; n++) {
      const asked = question(dice, world)
      const decision = decider.decide(asked)
      if (decision.permit) permits++
      assert.deepEqual(linesOf(decision), reference(asked, world))
      assert.deepEqual(decider.decide(asked), decision)
    }
  })
  assert.ok(permits > (WORLDS * QUESTIONS) / 20, `only ${permits} permits`)
})

/** The person with some facts hidden: members gone, lists of areas and briefings shorter. Citizenships are shown whole or not at all. */
function hide(dice: Dice, person: PersonFacts): PersonFacts {
  const { nation, pseudonym, areas, briefings, ...rest } = person
  const kept = Object.fromEntries(Object.entries(rest).filter(() => dice.chance(75)))
  return {
    ...kept,
    nation,
    pseudonym,
    ...(areas !== undefined && dice.chance(75) ? { areas: dice.some(areas, 70) } : {}),
    ...(briefings !== undefined && dice.chance(75) ? { briefings: dice.some(briefings, 70) } : {}),
  }
}

test('a presentation that hides more never permits more', () => {
  forWorlds(200, (dice) => {
    const world = facts(dice)
    const decider = compile(world)
    for (let n = 0; n < QUESTIONS; n++) {
      const whole = question(dice, world)
      const hidden = { ...whole, person: hide(dice, whole.person) }
      if (decider.decide(hidden).permit) assert.equal(decider.decide(whole).permit, true)
    }
  })
})

test('an agreement more never permits an item anew', () => {
  forWorlds(200, (dice) => {
    const world = facts(dice)
    const before = compile(world)
    const after = compile({ ...world, agreements: [...world.agreements, ...versions(dice, 'later')] })
    for (let n = 0; n < QUESTIONS; n++) {
      const asked = question(dice, world)
      if (after.decide(asked).permit) assert.equal(before.decide(asked).permit, true)
    }
  })
})

test('a version more of the basis never permits what was released before it anew', () => {
  forWorlds(200, (dice) => {
    const world = facts(dice)
    const chain = world.agreements.filter((version) => version.body.agreement === 'pair')
    const last = chain.at(-1)
    const extra = versions(dice, 'pair')[0]
    if (last === undefined || extra === undefined) return
    const inForceFrom = last.body.inForceFrom + 86_400
    const next = { id: 'pair@next', body: { ...extra.body, version: last.body.version + 1, inForceFrom } }
    const before = compile(world)
    const after = compile({ ...world, agreements: [...world.agreements, next] })
    for (let n = 0; n < QUESTIONS; n++) {
      const asked = question(dice, world)
      // Another agreement may lift what it forbade; and an own end that the successor's beginning now precedes is
      // the successor's to extend.
      if (asked.item.basis?.agreement !== 'pair' || asked.item.releasedAt >= inForceFrom || (last.body.inForceUntil ?? 0) > 0) continue
      if (after.decide(asked).permit) assert.equal(before.decide(asked).permit, true)
    }
  })
})

test('the order in which facts are given changes no answer', () => {
  forWorlds(100, (dice) => {
    const world = facts(dice)
    const turned = compile({ ...world, agreements: world.agreements.toReversed(), policies: world.policies.toReversed() })
    for (let n = 0; n < 20; n++) {
      const asked = question(dice, world)
      assert.deepEqual(linesOf(turned.decide(asked)), linesOf(compile(world).decide(asked)))
    }
  })
})
