import assert from 'node:assert/strict'
import { test } from 'node:test'
import { answerRelayedOpening } from '@entente/node'
import { type World, twoNations } from '@entente/testkit'
import { endOf } from './codes.ts'

const HOUR = 3_600

async function count(world: World, act: string, item: string): Promise<number> {
  return (await world.originator.parts.db.selectFrom('entries').select('n').where('act', '=', act).where('item', '=', item).execute())
    .length
}

test('the same request bytes twice make one entry; a nonce serves one request', async () => {
  await using world = await twoNations({ seed: 'twice' })
  const reader = await world.firstReader()
  const item = await world.deliver()
  const opening = await reader.prepare(item)
  assert.deepEqual(await Promise.all([endOf(reader.send(opening)), endOf(reader.send(opening))]), ['done', 'done'])
  assert.equal(await count(world, 'open', item), 1)
  const nonce = await reader.nonce(world.originator.code)
  const [first, second] = [await reader.prepare(item, { nonce }), await reader.prepare(item, { nonce })]
  assert.equal(await endOf(reader.send(first)), 'done')
  assert.equal(await endOf(reader.send(second)), 'refused')
  assert.deepEqual([await count(world, 'open', item), await count(world, 'refuse', item)], [2, 1])
})

test('a request that another nation brings, or for another item, opens nothing', async () => {
  await using world = await twoNations({ seed: 'stranger' })
  const reader = await world.firstReader()
  const item = await world.deliver()
  const opening = await reader.prepare(item)
  assert.equal(await endOf(reader.send(opening)), 'done')
  const call = world.wire.calls.find(({ path }) => path === '/openings')
  if (call === undefined) throw new Error('nothing was relayed')
  const end = (from: string, bytes: Uint8Array) => endOf(answerRelayedOpening(world.originator.parts, from, bytes))
  assert.equal(await end('XXX', call.body), 'node/refused')
  assert.equal(await end(world.originator.code, call.body), 'node/refused')
  assert.equal(await end(world.recipient.code, call.body.subarray(0, -2)), 'exchange/malformed')
  // The relayed request of one reader with the grant of another request.
  const other = await reader.prepare(item)
  assert.equal(await endOf(reader.send(other)), 'done')
  const [first, last] = world.wire.calls
    .filter(({ path }) => path === '/openings')
    .map(({ body }) => JSON.parse(new TextDecoder().decode(body)) as { request: string; staple: unknown; grant: unknown })
  const mixed = new TextEncoder().encode(JSON.stringify({ ...first, grant: last?.grant }))
  assert.equal(await end(world.recipient.code, mixed), 'exchange/counter-entry-mismatch')
  assert.equal(await count(world, 'open', item), 2)
})

test('an expired credential and an old request are refused by code and cost nothing', async () => {
  await using world = await twoNations({ seed: 'expired' })
  const reader = await world.firstReader()
  const item = await world.deliver()
  const credential = await reader.credential(world.originator.code, world.data.agreement, item)
  const old = await reader.prepare(item)
  world.clock.advance(9 * HOUR)
  assert.equal(await endOf(reader.send(old)), 'clearance/stale')
  assert.equal(await endOf(reader.prepare(item, { credential }).then((opening) => reader.send(opening))), 'clearance/expired')
  assert.equal(await endOf(world.open(reader, item)), 'done')
})

test('clocks ten minutes off, either side, either way: refused by code, nothing lost, right again after', async () => {
  await using world = await twoNations({ seed: 'clocks', patienceMilliseconds: 1_000 })
  const reader = await world.firstReader()
  const item = await world.deliver()
  for (const nation of world.nations) {
    for (const seconds of [-600, 600]) {
      world.clock.skew(nation.code, seconds)
      const end = await endOf(world.open(reader, item))
      assert.ok(/^(?:node\/clock|node\/refused|clearance\/|exchange\/nonce)/u.test(end), `${nation.code} ${seconds}: ${end}`)
      world.clock.skew(nation.code, 0)
      // Its own log may carry a time that is not yet; the next openings are none the worse for it.
      assert.equal(await endOf(world.open(reader, item)), 'done', `${nation.code} ${seconds} after`)
    }
  }
})

test('P4 and withdrawal: without a status that says so, or the other nation, nothing opens', async () => {
  await using world = await twoNations({ seed: 'withdrawn', patienceMilliseconds: 300 })
  const reader = await world.firstReader()
  const item = await world.deliver()
  const opening = await reader.prepare(item)
  await world.originator.crash()
  assert.equal(await endOf(reader.send(opening)), 'node/partner-unreachable')
  await world.originator.start()
  await world.settle()
  await world.desk(world.recipient).act(reader.id, { act: 'withdraw' })
  assert.equal(await endOf(reader.send(opening)), 'node/absent')
})
