/** Which marking policies a node works with. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { loadPolicies, policyOf } from '#src/policies.ts'

const NATIONS = fileURLToPath(new URL('../../../nations/', import.meta.url))

test('the policies of nations are read, and the published schemes of nobody’s node are passed over', async () => {
  const policies = await loadPolicies(NATIONS)
  assert.equal(policyOf(policies, 'JPN')?.id, 'EXERCISE-JPN')
  assert.ok([...policies.values()].every(({ realm }) => realm === 'exercise'))
  assert.equal(policies.has('NATO') || policies.has('TLP'), false)
})
