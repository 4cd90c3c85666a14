// Each planted fault is loaded beside the true package, and must give another answer than the obvious evaluator in some
// random world.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type * as Package from '@entente/decision'
import type { Question } from '@entente/decision'
import { permittedIn } from './bulk.ts'
import { FAULTS } from './faults.ts'
import { planted } from './planted.ts'
import { linesOf, reference } from './reference.ts'
import { Dice, facts, question } from './worlds.ts'

const { sound, twin } = planted<typeof Package>(import.meta.resolve('../src/'), FAULTS)

/** How many questions it takes until the faulty package answers otherwise; undefined when it never does. */
function questionsUntilFound({ compile }: typeof Package, limit: number, bulk: boolean): number | undefined {
  for (let asked = 0; asked < limit;) {
    const dice = new Dice(asked + 1)
    const world = facts(dice)
    const decider = compile(world)
    const questions = Array.from({ length: 60 }, () => question(dice, world))
    for (const one of questions) {
      if (JSON.stringify(linesOf(decider.decide(one))) !== JSON.stringify(reference(one, world))) return asked
      asked++
    }
    for (const one of bulk ? questions.slice(0, 3) : []) {
      for (const act of ['list', 'open', 'show'] as const) {
        const permitted = permittedIn(decider.reader({ ...one, act }), one.at, questions)
        const differs = ({ item }: Question, place: number): boolean =>
          permitted[place] !== (reference({ ...one, act, item }, world).length === 0)
        if (questions.some(differs)) return asked
      }
    }
  }
  return undefined
}

for (const [number, fault] of FAULTS.entries()) {
  test(`found: ${fault.name}`, async () => {
    assert.notEqual(questionsUntilFound(await twin(number), 24_000, fault.name.startsWith('in bulk')), undefined)
  })
}

test('without a fault nothing is found by the same search', async () => {
  assert.equal(questionsUntilFound(await sound(), 12_000, true), undefined)
})
