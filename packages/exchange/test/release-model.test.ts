import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type Property, type Twin, visitAll } from './release-model.ts'

test('P1, P3, P4 and P8 hold in every state, whatever crashes and whenever the link fails, and a key can be opened', () => {
  const { broken, opens, states } = visitAll('none')
  assert.deepEqual(Object.fromEntries(broken), {})
  assert.ok(opens)
  assert.ok(states > 300, `${states} states`)
})

// A model that no broken twin can fail proves nothing: each must break exactly what it is said to break.
const twins: readonly (readonly [Exclude<Twin, 'none'>, readonly Property[]])[] = [
  ['unwrap-then-write', ['P1', 'P4']],
  ['originator-first', ['P3', 'P4']],
  ['stop-waits-for-cosignature', ['P3', 'P8']],
  ['originator-without-grant', ['P3', 'P4']],
  ['recipient-without-originator', ['P4']],
  ['no-second-look', ['P3']],
  ['answers-from-memory', ['P3']],
]
for (const [twin, expected] of twins) {
  test(`the twin ${twin} breaks ${expected.join(' and ')}`, () => {
    const { broken } = visitAll(twin)
    assert.deepEqual([...broken.keys()].sort(), expected)
    for (const way of broken.values()) assert.ok(way.length < 16)
  })
}
