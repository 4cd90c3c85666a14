import assert from 'node:assert/strict'
import { test } from 'node:test'
import { readJson } from '@entente/canonical'
import { type Decision, type Facts, type Question, compile } from '@entente/decision'
import { linesOf, reference } from './reference.ts'
import { bytesOf } from './specimen.ts'

interface Vectors {
  readonly cases: readonly { readonly name: string; readonly question: Question; readonly decision: Decision }[]
}

function read<T>(name: string): T {
  return readJson(bytesOf(`spec/vectors/decision/${name}.json`)) as unknown as T
}

for (const set of ['', 'community-']) {
  const { facts } = read<{ readonly facts: Facts }>(`${set}facts`)
  const decider = compile(facts)
  const permits = read<Vectors>(`${set}permits`).cases
  const refusals = read<Vectors>(`${set}refusals`).cases

  test(`${set}permits and ${set}refusals are equal in number`, () => {
    assert.equal(permits.length, refusals.length)
    assert.ok(permits.every(({ decision }) => decision.permit))
    assert.ok(refusals.every(({ decision }) => !decision.permit))
  })

  for (const { name, question, decision } of [...permits, ...refusals]) {
    test(`${decision.permit ? 'permitted' : 'refused'}: ${name}`, () => {
      assert.deepEqual(decider.decide(question), decision)
      assert.deepEqual(reference(question, facts), linesOf(decision))
    })
  }
}
