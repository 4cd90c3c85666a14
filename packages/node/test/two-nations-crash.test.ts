import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type HostedNation, type World, twoNations } from '@entente/testkit'
import { endOf } from './codes.ts'

const POINTS = ['journal-written', 'tile-written', 'checkpoint-signed', 'cosigned'] as const

/** Entries of an act, as the projection that was made anew from the journal has them. */
async function entries(nation: HostedNation, act: string, item: string): Promise<number> {
  return (await nation.parts.db.selectFrom('entries').select('n').where('act', '=', act).where('item', '=', item).execute()).length
}

/** Whether the entry of a request stands in its log below what the witness cosigned. */
async function cosignedEntry(nation: HostedNation, act: string, item: string): Promise<boolean> {
  const row = await nation.parts.db
    .selectFrom('entries')
    .select(['log', 'position'])
    .where('act', '=', act)
    .where('item', '=', item)
    .executeTakeFirst()
  if (row === undefined) return false
  const { logs } = await nation.ledger.status({})
  return Object.values(logs.find(({ log }) => log === row.log)?.cosigned ?? {}).every((size) => size > row.position)
}

async function crashOnce(world: World, who: HostedNation, point: (typeof POINTS)[number]): Promise<void> {
  const reader = await world.firstReader()
  const item = await world.deliver()
  const opening = await reader.prepare(item)
  const shares: string[] = []
  for (const nation of world.nations) nation.onShare = () => void shares.push(nation.code)
  who.crashAfter = point
  const end = await endOf(reader.send(opening))
  if (point === 'tile-written') {
    // The log's files rest on what was answered, and not the other way round.
    while (who.isUp) await new Promise((resolve) => setTimeout(resolve, 10))
  } else {
    assert.notEqual(end, 'done')
    assert.equal(who.isUp, false, 'the crash came')
    // P1: the nation that crashed had given no share, for its entry was not durable and cosigned yet.
    assert.ok(!shares.includes(who.code))
  }
  await who.start()
  await world.settle()
  // The client sends the same bytes again.
  world.originator.onShare = () => void shares.push('again')
  assert.equal(await endOf(reader.send(opening)), 'done')
  assert.ok(await cosignedEntry(world.originator, 'open', item))
  assert.ok(await cosignedEntry(world.recipient, 'grant', item))
  assert.deepEqual([await entries(world.originator, 'open', item), await entries(world.recipient, 'grant', item)], [1, 1])
}

for (const side of ['originator', 'recipient'] as const) {
  for (const point of POINTS) {
    test(`P1: ${side} crashes after ${point}`, async () => {
      await using world = await twoNations({ seed: `crash/${side}/${point}`, patienceMilliseconds: 1_500 })
      await crashOnce(world, world[side], point)
    })
  }
}

test('P1: originator crashes after the share was sent: the same request gets the same entry', async () => {
  await using world = await twoNations({ seed: 'crash/sent' })
  const reader = await world.firstReader()
  const item = await world.deliver()
  const opening = await reader.prepare(item)
  world.wire.fault = ({ path }) => (path === '/openings' ? 'lose-answer' : undefined)
  world.wire.onAnswer = ({ path }) => void (path === '/openings' && world.originator.crash())
  assert.equal(await endOf(reader.send(opening)), 'node/partner-unreachable')
  // It left, so it must stand: durable and cosigned.
  world.wire.fault = () => undefined
  world.wire.onAnswer = () => {}
  await world.originator.start()
  await world.settle()
  assert.ok(await cosignedEntry(world.originator, 'open', item))
  assert.equal(await endOf(reader.send(opening)), 'done')
  assert.equal(await entries(world.originator, 'open', item), 1)
})

test('broken twin: on a disk that lies about its sync, an acknowledged act is lost', async () => {
  await using world = await twoNations({ seed: 'lying' })
  const { journal } = world.originator
  const before = journal.content.length
  journal.mood = 'lying'
  await world.roster(world.originator)
  await world.originator.crash()
  assert.equal(journal.content.length, before, 'the checks above would see this')
})

test('a crash in the middle of writing leaves every acknowledged act and whole logs, twenty times', async () => {
  await using world = await twoNations({ seed: 'torn' })
  const acknowledged: number[] = []
  for (let round = 0; round < 20; round++) {
    const acts = Array.from({ length: 1 + world.chance.below(12) }, () =>
      world.roster(world.originator).then(
        (number) => acknowledged.push(number),
        () => {},
      ),
    )
    const turns = world.chance.below(12)
    for (let turn = 0; turn < turns; turn++) await new Promise((resolve) => setImmediate(resolve))
    await world.originator.restart()
    await Promise.all(acts)
  }
  await world.settle()
  const { db } = world.originator.parts
  const rows = await db.selectFrom('entries').select(['log', 'position', 'opening', 'act']).orderBy('position').execute()
  const numbers = rows
    .filter(({ act }) => act === 'roster')
    .map(
      ({ opening }) =>
        (JSON.parse(opening) as { fields: { name: string; value: number }[] }).fields.find(({ name }) => name === 'number')?.value,
    )
  for (const number of acknowledged) assert.ok(numbers.includes(number), `act ${number} was acknowledged`)
  for (const log of new Set(rows.map((row) => row.log))) {
    const positions = rows.filter((row) => row.log === log).map(({ position }) => position)
    assert.deepEqual(
      positions,
      positions.map((_, at) => at),
    )
  }
  const received = await world.recipient.parts.db.selectFrom('entries').select('n').where('act', '=', 'roster-received').execute()
  assert.equal(received.length, numbers.length, 'each once')
})

test('a journal disk that is full loses nothing, and goes on when there is room', async () => {
  await using world = await twoNations({ seed: 'full' })
  const reader = await world.firstReader()
  const item = await world.deliver()
  for (const nation of world.nations) {
    nation.journal.mood = 'full'
    assert.equal(await endOf(world.roster(nation)), 'node/disk-full')
    nation.journal.mood = 'sound'
    assert.equal(await endOf(world.roster(nation)), 'done')
  }
  await world.settle()
  assert.equal(await endOf(world.open(reader, item)), 'done')
})
