import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type Json, readJson } from '@entente/canonical'
import { FIRST_PREVIOUS, sealEnvelope } from '@entente/exchange'
import { receiveEnvelope } from '@entente/node'
import { type HostedNation, type World, type WireFault, freshHybrid, twoNations } from '@entente/testkit'
import { endOf } from './codes.ts'

const DAY = 86_400

/** What went out on one side and came in on the other, of each direction. */
async function letters(world: World): Promise<void> {
  for (const [from, to] of [world.nations, [...world.nations].reverse()] as const) {
    if (from === undefined || to === undefined) throw new Error('two nations')
    const rows = (nation: typeof from, direction: 'in' | 'out') =>
      nation.parts.db.selectFrom('envelopes').select(['id', 'seq', 'receipt']).where('direction', '=', direction).orderBy('seq').execute()
    const [sent, came] = [await rows(from, 'out'), await rows(to, 'in')]
    assert.deepEqual(
      came.map(({ id, seq }) => [id, seq]),
      sent.map(({ id }, at) => [id, at + 1]),
      'each once, in order, without a gap',
    )
    assert.deepEqual(
      sent.map(({ receipt }) => receipt !== null),
      sent.map(() => true),
    )
  }
}

/** Started again, and open: each witness was asked, through whatever the wire does. */
async function reopened(nation: HostedNation): Promise<void> {
  await nation.restart()
  while ((await nation.ledger.reconcile({})).closed.length > 0) await new Promise((resolve) => setTimeout(resolve, 5))
}

test('exactly once through loss, repetition, delay and restarts', async () => {
  for (let round = 0; round < 6; round++) {
    await using world = await twoNations({ seed: `exactly-once/${round}`, patienceMilliseconds: 300 })
    const faults: (WireFault | undefined)[] = [undefined, undefined, 'lose', 'lose-answer', 'twice', 'hold', 'hold-answer']
    world.wire.fault = () => faults[world.chance.below(faults.length)]
    // A held call comes later, not never: a node asks its witness before it starts.
    using later = new DisposableStack()
    later.adopt(
      setInterval(() => world.wire.letGo(), 25),
      clearInterval,
    )
    const released: string[] = []
    for (let act = 0; act < 12; act++) {
      const nation = world.nations[world.chance.below(2)] ?? world.originator
      const what = world.chance.below(6)
      if (what === 0) released.push((await world.release()).items[world.recipient.code] ?? '')
      else if (what === 1) await reopened(nation)
      else await world.roster(nation)
    }
    world.wire.fault = () => undefined
    await world.settle()
    await letters(world)
    const { db } = world.recipient.parts
    assert.deepEqual((await db.selectFrom('items').select('item').execute()).map(({ item }) => item).sort(), released.sort())
    assert.equal((await db.selectFrom('entries').select('n').where('act', '=', 'deliver').execute()).length, released.length)
  }
})

test('P8: with the link down own reads live, stops take effect, nothing widens; all is there after the heal', async () => {
  await using world = await twoNations({ seed: 'link-down', patienceMilliseconds: 300 })
  const reader = await world.firstReader()
  const own = await world.reader(world.data.story.cast.ownReader)
  const item = await world.deliver()
  const opening = await reader.prepare(item)
  world.wire.cut = true
  assert.equal(await endOf(reader.send(opening)), 'node/partner-unreachable')
  const second = await world.release({ text: 'EXERCISE two' })
  assert.equal(await endOf(world.open(own, second.own)), 'done')
  await world.revoke(item)
  assert.equal(await endOf(reader.send(opening)), 'node/partner-unreachable')
  world.wire.cut = false
  await world.settle()
  assert.equal(await endOf(world.open(reader, item)), 'node/absent')
  assert.equal(await endOf(world.open(reader, second.items[world.recipient.code] ?? '')), 'done')
  await letters(world)
})

test('a partner that is gone for days gets everything when it is back, and what was stopped meanwhile never opens', async () => {
  await using world = await twoNations({ seed: 'days', patienceMilliseconds: 300 })
  const reader = await world.firstReader()
  const before = await world.deliver()
  await world.recipient.crash()
  const { items } = await world.release({ text: 'EXERCISE while away' })
  await world.revoke(before)
  for (let day = 0; day < 5; day++) {
    world.clock.advance(DAY)
    await world.roster(world.originator)
  }
  await world.recipient.start()
  await world.settle()
  await letters(world)
  assert.equal(await endOf(world.open(reader, before)), 'node/absent')
  assert.equal(await endOf(world.open(reader, items[world.recipient.code] ?? '')), 'done')
})

test('P3: after a stop nothing completes, however long the relay holds a request or an answer', async () => {
  for (const fault of ['hold', 'hold-answer'] as const) {
    await using world = await twoNations({ seed: `stop/${fault}` })
    const reader = await world.firstReader()
    const item = await world.deliver()
    const opening = await reader.prepare(item)
    world.wire.fault = ({ path }) => (path === '/openings' ? fault : path === '/inbox' ? 'lose' : undefined)
    const sent = endOf(reader.send(opening))
    while (world.wire.held === 0) await new Promise((resolve) => setTimeout(resolve, 5))
    await world.revoke(item)
    // An answer that left before the stop is of no use once the grant's life is over.
    if (fault === 'hold-answer') world.clock.advance(120)
    world.wire.letGo()
    assert.notEqual(await sent, 'done')
    world.wire.fault = () => undefined
    await world.settle()
    assert.notEqual(await endOf(reader.send(opening)), 'done')
  }
})

test('P3: openings and a stop at once: whatever was given stands before the stop in the journal', async () => {
  for (let round = 0; round < 4; round++) {
    await using world = await twoNations({ seed: `race/${round}` })
    const reader = await world.firstReader()
    const item = await world.deliver()
    const openings = await Promise.all(Array.from({ length: 6 }, () => reader.prepare(item)))
    const ends = openings.map((opening) => endOf(reader.send(opening)))
    await new Promise((resolve) => setTimeout(resolve, world.chance.below(80)))
    await world.revoke(item)
    const given = (await Promise.all(ends)).filter((end) => end === 'done').length
    const rows = await world.originator.parts.db.selectFrom('entries').select(['act', 'n']).where('item', '=', item).execute()
    const stop = rows.find(({ act }) => act === 'stop')?.n ?? -1
    const opened = rows.filter(({ act }) => act === 'open')
    assert.ok(opened.every(({ n }) => n < stop))
    assert.ok(given <= opened.length)
  }
})

test('envelopes that are replayed, reordered, wrongly addressed or signed by a stranger change nothing', async () => {
  await using world = await twoNations({ seed: 'envelopes' })
  for (let at = 0; at < 3; at++) await world.roster(world.originator)
  await world.settle()
  const { recipient, originator } = world
  const [first] = world.wire.calls.filter(({ path, from }) => path === '/inbox' && from === originator.code)
  if (first === undefined) throw new Error('no envelope went')
  const before = await recipient.ledger.status({})
  const again = await receiveEnvelope(recipient.parts, originator.code, first.body)
  assert.deepEqual('receipt' in again ? again.receipt : '', new TextDecoder().decode(world.wire.answers.get(first.number)?.body))

  const link = world.data.agreement
  const { envelopes } = originator.parts
  const make = async (more: { seq?: number; prev?: string; to?: string; from?: string; type?: 'revoke' }, signer = envelopes) => {
    const body = { item: '00000000-0000-4000-8000-000000000000', serial: 1, reason: 'withdrawn', effective: world.clock.now() } as Json
    const sealed = await sealEnvelope(
      world.crypto,
      {
        realm: 'exercise',
        from: originator.code,
        to: recipient.code,
        link,
        seq: 4,
        prev: 'ab'.repeat(32),
        type: 'revoke',
        at: world.clock.now(),
        body,
        attachments: [],
        ...more,
      },
      signer,
    )
    return new TextEncoder().encode(sealed.text)
  }
  const take = async (bytes: Uint8Array, from = originator.code) => endOf(receiveEnvelope(recipient.parts, from, bytes))
  assert.deepEqual(await receiveEnvelope(recipient.parts, originator.code, await make({ seq: 9 })), { expected: 4 })
  assert.equal(await take(await make({})), 'exchange/wrong-previous')
  assert.equal(await take(await make({ seq: 1, prev: FIRST_PREVIOUS })), 'exchange/replay-differs')
  assert.equal(await take(await make({ from: recipient.code, to: originator.code })), 'exchange/wrong-addressee')
  assert.equal(await take(first.body, 'XXX'), 'exchange/wrong-link')
  assert.equal(await take(await make({}, await freshHybrid(world.crypto))), 'exchange/stranger-key')
  const bent = structuredClone(readJson(first.body)) as { body: { at: number } }
  bent.body.at += 1
  assert.equal(await take(new TextEncoder().encode(JSON.stringify(bent))), 'exchange/signature-invalid')
  const after = await recipient.ledger.status({})
  assert.deepEqual(after, before)
  assert.equal(await endOf(world.roster(originator)), 'done')
  await world.settle()
  await letters(world)
})

test('letters of one moment each take the next number, and none is sealed twice for it', async () => {
  await using world = await twoNations({ seed: 'many-letters', patienceMilliseconds: 5_000 })
  const { ledger } = world.originator.parts
  const call = ledger.call.bind(ledger)
  let numbers = 0
  ledger.call = (operation, body) => {
    if (operation === 'link') numbers++
    return call(operation, body)
  }
  const many = 100
  await Promise.all(Array.from({ length: many }, () => world.roster(world.originator)))
  assert.equal(numbers, many)
  await world.settle()
  await letters(world)
})
