import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Invariant, Region } from '@entente/agreement'
import { compile } from '@entente/decision'
import { type Proof, prove } from '@entente/difference'
import { assert as holds, integer, property } from 'fast-check'
import { Asked, chooser, comparisons, member, randomClass } from './asking.ts'
import { Dice, body, prohibition, sideOf } from './worlds.ts'

const text = { en: 'x', ja: 'x' }

test('an invariant is refuted with a question that decide permits, and proved only where a prohibition of it changes nothing', () => {
  const counts = { proved: 0, refuted: 0, asked: 0 }
  holds(
    property(integer(), (seed) => {
      const dice = new Dice(seed)
      const version = { id: 'pair@1', body: body(dice, 'pair', 'all') }
      const { id: _id, article: _article, ...never } = prohibition(dice, 'i', 'all')
      const invariant: Invariant = { id: 'i', text, never: never satisfies Region }
      const side = sideOf([version.body])
      const proof = prove(side, version, invariant)
      if (proof.proved) {
        counts.proved++
        counts.asked += unchanged(dice, version.body, never)
      } else {
        counts.refuted++
        refutes(side, version, never, proof)
      }
    }),
    { numRuns: 300 },
  )
  assert.ok(counts.proved > 60 && counts.refuted > 60 && counts.asked > 1_000, JSON.stringify(counts))
})

/** The example is permitted, and no longer so once what it is an example of is forbidden. */
function refutes(
  side: ReturnType<typeof sideOf>,
  version: { readonly id: string; readonly body: ReturnType<typeof body> },
  never: Region,
  proof: Proof,
): void {
  assert.equal(proof.proved, false)
  if (proof.proved) return
  const facts = { deciding: proof.example.direction.from, policies: side.policies }
  const told = JSON.stringify(proof.example)
  assert.equal(compile({ ...facts, agreements: [version] }).decide(proof.question).permit, true, told)
  const forbidding = { ...version.body, prohibitions: [...version.body.prohibitions, { id: 'i', article: '1', ...never }] }
  assert.equal(compile({ ...facts, agreements: [{ id: version.id, body: forbidding }] }).decide(proof.question).permit, false, told)
}

/** Random points that are permitted are permitted still once the region is forbidden; gives how many were asked. */
function unchanged(dice: Dice, before: ReturnType<typeof body>, never: Region): number {
  const [side, stricter] = [
    sideOf([before]),
    sideOf([{ ...before, prohibitions: [...before.prohibitions, { id: 'i', article: '1', ...never }] }]),
  ]
  const [was, becomes] = [new Asked(side), new Asked(stricter)]
  let asked = 0
  for (const comparison of comparisons(side, stricter)) {
    for (let n = 0; n < 30 && comparison.before.permitted.length > 0; n++) {
      const box = randomClass(dice, comparison, dice.one(comparison.before.permitted))
      if (box === undefined) continue
      const point = member(comparison, box, chooser(dice))
      assert.equal(was.permits(point), true)
      assert.equal(becomes.permits(point), true, JSON.stringify(point))
      asked++
    }
  }
  return asked
}
