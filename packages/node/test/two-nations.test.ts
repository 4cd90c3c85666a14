import assert from 'node:assert/strict'
import { test } from 'node:test'
import { twoNations } from '@entente/testkit'

test('a report is released, delivered, opened and revoked', async () => {
  await using world = await twoNations({ seed: 'whole-path' })
  const reader = await world.firstReader()
  const item = await world.deliver({ text: 'EXERCISE canary-1' })
  const bytes = await world.open(reader, item)
  assert.ok(bytes !== undefined && new TextDecoder().decode(bytes).includes('canary-1'))
  await world.revoke(item)
  assert.equal(await world.open(reader, item).catch((error: unknown) => (error as { code: string }).code), undefined)
})
