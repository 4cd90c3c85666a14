import assert from 'node:assert/strict'
import { test } from 'node:test'
import { EntenteError } from '@entente/canonical'
import { openItem } from '@entente/node'
import { type HostedNation, type World, twoNations } from '@entente/testkit'
import { endOf } from './codes.ts'

/** Every way that this test bends a row of the register. */
const CHANGES: readonly Readonly<Record<string, string | number>>[] = [
  { serial: 2 },
  { originator: 'XXX' },
  { recipient: 'XXX' },
  { area: 'air' },
  { statement: 'ab'.repeat(32) },
  { expires_at: 4_000_000_000 },
  { released_at: 1 },
  { agreement: 'other' },
  { container: 'ab'.repeat(32) },
  { signed: '{}' },
  { stopped: 0 },
  { likeness: 7 },
  { mac: 'ab'.repeat(16) },
]

async function bend(nation: HostedNation, item: string, change: Readonly<Record<string, string | number>>): Promise<() => Promise<void>> {
  const { db } = nation.parts
  const before = await db.selectFrom('items').selectAll().where('item', '=', item).executeTakeFirstOrThrow()
  await db.updateTable('items').set(change).where('item', '=', item).execute()
  return async () => void (await db.updateTable('items').set(before).where('item', '=', item).execute())
}

test('P6: changed rows change no decision except to a refusal', async () => {
  await using world = await twoNations({ seed: 'rows' })
  const reader = await world.firstReader()
  const item = await world.deliver()
  const opening = await reader.prepare(item)
  assert.equal(await endOf(reader.send(opening)), 'done')
  const uncleared = await world.reader(world.data.story.cast.secondReader)
  for (const nation of world.nations) {
    for (const change of CHANGES) {
      const mend = await bend(nation, item, change)
      const fresh = await reader.prepare(item).then(
        (made) => endOf(reader.send(made)),
        () => 'refused',
      )
      assert.ok(
        ['done', 'refused', 'node/absent', 'node/refused', 'node/partner-unreachable'].includes(fresh),
        `${nation.code} ${JSON.stringify(change)}: ${fresh}`,
      )
      assert.notEqual(await endOf(uncleared.send({ ...opening })), 'done')
      await mend()
    }
  }
  await world.revoke(item)
  await world.settle()
  for (const nation of world.nations)
    await nation.parts.db.updateTable('items').set({ stopped: 0, stopped_by: null }).where('item', '=', item).execute()
  assert.notEqual(await endOf(world.open(reader, item)), 'done')
})

test('P6: a restored backup of the journal un-revokes nothing and stays closed, and says so', async () => {
  await using world = await twoNations({ seed: 'backup', patienceMilliseconds: 1_000 })
  const reader = await world.firstReader()
  const item = await world.deliver()
  const backup = world.originator.journal.content
  await world.revoke(item)
  await world.settle()
  await world.originator.crash()
  world.originator.journal.restore(backup)
  await world.originator.start()
  const { closed } = await world.originator.ledger.reconcile({})
  assert.ok(closed.length > 0)
  assert.ok(world.originator.noticed.some(({ code }) => code === 'log/behind'))
  assert.notEqual(await endOf(world.open(reader, item)), 'done')
  assert.equal(await endOf(world.release()), 'node/behind')
  // The partner's own copy of the stop is older than nothing: it refuses by itself.
  const row = await world.recipient.parts.db.selectFrom('items').select('stopped').where('item', '=', item).executeTakeFirstOrThrow()
  assert.equal(row.stopped, 1)
})

test('a database that is lost is made again from the journal', async () => {
  await using world = await twoNations({ seed: 'lost-database' })
  const reader = await world.firstReader()
  const item = await world.deliver()
  const rows = (world_: World) => world_.recipient.parts.db.selectFrom('entries').selectAll().orderBy('n').execute()
  const before = await rows(world)
  await world.recipient.restart()
  assert.deepEqual(await rows(world), before)
  await world.settle()
  assert.equal(await endOf(world.open(reader, item)), 'done')
})

test('P7: what is not there and what is not for this reader end alike', async () => {
  await using world = await twoNations({ seed: 'alike' })
  const reader = await world.firstReader()
  const item = await world.deliver()
  const { request } = await reader.prepare(item)
  const error = async (person: string, bytes: string): Promise<unknown> => {
    try {
      await openItem(world.recipient.parts, person, bytes)
      return 'opened'
    } catch (thrown) {
      if (!(thrown instanceof EntenteError)) throw thrown
      return { code: String(thrown.code), message: thrown.message, values: thrown.values }
    }
  }
  const { cast } = world.data.story
  const denied = [await error(cast.secondReader, request), await error(cast.thirdReader, request)]
  // The same for an item that never was: the register is asked before the request is believed.
  await world.recipient.parts.db.deleteFrom('items').where('item', '=', item).execute()
  const absent = await error(reader.id, request)
  assert.deepEqual(denied, [absent, absent])
  assert.deepEqual(absent, { code: 'node/absent', message: 'nothing is here', values: {} })
})
