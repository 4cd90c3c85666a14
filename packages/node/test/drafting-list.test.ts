import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Decision, Question } from '@entente/decision'
import * as fc from 'fast-check'
import { type CardedItem, type Wanting, listableAmong, mayList } from '#src/use-cases/listable-items.ts'

const NOW = 1_000_000
const LABEL = {
  policy: 'EXERCISE-XKA',
  classification: 'SECRET',
  categories: [],
  personRules: [],
  originators: [{ nation: 'XKA', releasableTo: ['XKA', 'XLO'] }],
  created: 1,
}
const WANTING: Wanting = [{ facts: { nation: 'XLO', pseudonym: 'home' }, purpose: '' }]

/** A stand-in whose answer depends on area, class and life only, as a grant's does; it counts what it is asked. */
function worldOf(lifeSeconds: number, areas: readonly string[]) {
  const asked: Question[] = []
  const decide = (question: Question): Decision => {
    asked.push(question)
    const permit = areas.includes(question.item.area) && NOW < question.item.releasedAt + lifeSeconds
    return permit
      ? { permit, articles: [], duties: [], keyControl: 'both', mode: 'give' }
      : { permit: false, reasons: [{ code: 'decision/expired', values: {} }] }
  }
  const agreements = new Map([['a', [{ id: '', body: { inForceFrom: 300_000, inForceUntil: 900_000 } }]]])
  const nation = { config: { nation: 'XLO' }, decider: () => ({ decide }), trust: () => ({ agreements }), now: () => NOW } as never
  return { nation, asked }
}

function item(area: string, released: number, created: number): CardedItem {
  const body = { originator: 'XKA', recipient: 'XLO', label: { ...LABEL, created }, area, released, expires: NOW * 2 }
  return { row: { stopped: 0 }, body, signed: { body, signatures: [] }, statement: '', card: {} } as never
}

test('what a list shows is what deciding item by item would permit, in the same order', () => {
  const items = fc.array(
    fc.record({ area: fc.constantFrom('air', 'sea', 'cyber'), released: fc.integer({ min: 0, max: NOW }), created: fc.nat(9) }),
    { maxLength: 40 },
  )
  fc.assert(
    fc.property(items, fc.integer({ min: 0, max: NOW }), (given, life) => {
      const { nation } = worldOf(life, ['air', 'sea'])
      const all = given.map(({ area, released, created }) => item(area, released, created))
      assert.deepEqual(
        listableAmong(nation, all, WANTING),
        all.filter((one) => mayList(nation, one, WANTING)),
      )
    }),
  )
})

test('ten thousand items of two labels need a handful of decisions', () => {
  const { nation, asked } = worldOf(NOW * 2, ['air'])
  const all = Array.from({ length: 10_000 }, (_, index) => item(index % 2 === 0 ? 'air' : 'sea', 400_000 + index, index))
  assert.equal(listableAmong(nation, all, WANTING).length, 5_000)
  assert.ok(asked.length <= 4, String(asked.length))
})
