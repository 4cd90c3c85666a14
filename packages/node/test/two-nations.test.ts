import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { inventWorld, twoNations } from '@entente/testkit'
import { endOf } from './codes.ts'

test('a report is released, delivered, opened by the right reader only, and revoked', async () => {
  await using world = await twoNations({ seed: 'whole-path' })
  const reader = await world.firstReader()
  const item = await world.deliver({ text: 'EXERCISE canary-1' })
  const bytes = await world.open(reader, item)
  assert.ok(bytes !== undefined && new TextDecoder().decode(bytes).includes('canary-1'))
  const second = await world.reader(world.data.story.cast.secondReader)
  assert.equal(await endOf(world.open(second, item)), 'node/absent')
  await world.revoke(item)
  await world.settle()
  assert.equal(await endOf(world.open(reader, item)), 'node/absent')
})

test('an own reader opens the own rendition', async () => {
  await using world = await twoNations({ seed: 'own-item' })
  const { own } = await world.release()
  const reader = await world.reader(world.data.story.cast.ownReader)
  assert.equal(await endOf(world.open(reader, own)), 'done')
  const { db } = world.originator.parts
  const entries = await db.selectFrom('entries').select('log').where('act', '=', 'open').where('item', '=', own).execute()
  assert.deepEqual(
    entries.map(({ log }) => log),
    ['home'],
  )
})

test('two nations that exist nowhere do the same', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'entente-invented-'))
  try {
    const data = await inventWorld(folder, { JPN: 'XMO', AUS: 'XKA', AUSTEO: 'XKAEO', AGAO: 'XKGAO' })
    await using world = await twoNations({ seed: 'invented', data })
    assert.deepEqual([world.originator.code, world.recipient.code], ['XKA', 'XMO'])
    const item = await world.deliver()
    assert.equal(await endOf(world.open(await world.firstReader(), item)), 'done')
    await world.revoke(item)
    await world.settle()
    assert.equal(await endOf(world.open(await world.firstReader(), item)), 'node/absent')
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
})
