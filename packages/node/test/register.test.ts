import assert from 'node:assert/strict'
import { test } from 'node:test'
import { nodeCrypto as crypto } from '@entente/crypto-node'
import { signStop } from '@entente/exchange'
import { ABSENT_BODY } from '#src/http/index.ts'
import type { ReleasedItem } from '#src/use-cases/released-items.ts'
import { DAY, OversightWorld, officer } from './oversight-world.ts'

const uuid = (n: number): string => `0000000${n}-0000-4000-8000-000000000000`
const [REPORT, OTHER] = [uuid(8), uuid(9)]

/** One report for both nations, and one that only the partner's rendition is known of. */
async function releasedWorld(): Promise<OversightWorld> {
  const world = await OversightWorld.make()
  await world.release(uuid(1), { recipient: 'AUS', report: REPORT })
  await world.release(uuid(2), { recipient: 'JPN', report: REPORT })
  await world.release(uuid(3), { recipient: 'JPN', report: OTHER })
  return world
}

async function clear(world: OversightWorld, person: string, number: number): Promise<void> {
  const now = world.nation.now()
  const until = now + 90 * DAY
  const acts = [
    { number, person, act: 'grant', clearance: 'NV1', citizenships: ['AUS'], validFrom: now - 10, validUntil: until },
    { number: number + 1, person, act: 'assign', area: 'maritime', role: 'reader', purposes: ['assessment'], until },
  ] as const
  for (const act of acts) await world.nation.office.call('act', { signed: await world.signedAct(act) })
}

async function register(world: OversightWorld, person: string): Promise<readonly ReleasedItem[]> {
  const { status, body } = await world.ask<{ items: ReleasedItem[] }>(person, 'GET', '/api/register')
  assert.equal(status, 200)
  return body.items
}

/** By item: what was released within one second has no other order that a test could know. */
function byItem(items: readonly ReleasedItem[]): readonly ReleasedItem[] {
  return items.toSorted((a, b) => (a.item < b.item ? -1 : 1))
}

async function stop(world: OversightWorld, item: string): Promise<number> {
  const order = { realm: 'exercise', item, serial: 1, reason: 'withdrawn', at: world.nation.now() } as const
  const signed = await signStop(crypto, order, officer)
  const { body } = await world.ask<{ effective: number }>('singh', 'POST', `/api/items/${item}/revoke`, { reason: order.reason, signed })
  return body.effective
}

test('officers see what was released, where it went and how it stands', async () => {
  await using world = await releasedWorld()
  const before = byItem(await register(world, 'singh'))
  assert.deepEqual(
    before.map(({ item, recipient, report, state, agreement, article, marking, area }) => ({
      item,
      recipient,
      report,
      state,
      basis: [agreement, article],
      marking,
      area,
    })),
    [
      [1, 'AUS', REPORT, [undefined, undefined], 'SECRET//AUSTEO'],
      [2, 'JPN', REPORT, ['jpn-aus', '5'], 'SECRET//REL AUS, JPN'],
      [3, 'JPN', OTHER, ['jpn-aus', '5'], 'SECRET//REL AUS, JPN'],
    ].map(([n, recipient, report, basis, marking]) => ({
      item: uuid(Number(n)),
      recipient,
      report,
      state: 'live',
      basis,
      marking,
      area: 'maritime',
    })),
  )
  world.ahead = 5
  const at = await stop(world, uuid(3))
  await world.release(uuid(4), { recipient: 'AUS' })
  const stopped = await register(world, 'walker')
  assert.equal(stopped[0]?.item, uuid(4), 'the latest first')
  assert.deepEqual(
    byItem(stopped).map(({ state, stoppedAt }) => [state, stoppedAt]),
    [
      ['live', undefined],
      ['live', undefined],
      ['stopped', at],
      ['live', undefined],
    ],
  )
  world.ahead = 31 * DAY
  assert.deepEqual(
    byItem(await register(world, 'singh')).map(({ state }) => state),
    ['expired', 'expired', 'stopped', 'expired'],
  )
})

test('a title shows to who may list the own rendition of its report, and to nobody else', async () => {
  await using world = await releasedWorld()
  const titled = async (person: string): Promise<string[]> =>
    byItem(await register(world, person))
      .filter(({ title }) => title !== undefined)
      .map(({ item }) => item)
  assert.deepEqual(await titled('walker'), [], 'an office is no clearance')
  await clear(world, 'walker', 1)
  assert.deepEqual(await titled('walker'), [uuid(1), uuid(2)])
  assert.deepEqual(await titled('singh'), [])
  await stop(world, uuid(1))
  assert.deepEqual(await titled('walker'), [], 'nobody may list what is stopped')
})

test('a list of the register is one entry at home; for anybody else there is none', async () => {
  await using world = await releasedWorld()
  await register(world, 'singh')
  const entries = await world.nation.db.selectFrom('entries').select(['log', 'opening']).where('act', '=', 'list').execute()
  const fields = entries.map(({ opening }) =>
    Object.fromEntries((JSON.parse(opening) as { fields: { name: string; value: unknown }[] }).fields.map((one) => [one.name, one.value])),
  )
  assert.deepEqual(
    [entries.map(({ log }) => log), fields],
    [['home'], [{ act: 'list', list: 'register', person: 'singh', purpose: '', count: 3 }]],
  )
  for (const person of ['morgan', 'taylor']) {
    const { status, text } = await world.ask(person, 'GET', '/api/register')
    assert.deepEqual([status, text], [404, ABSENT_BODY])
  }
})

test('a row that somebody changed is not shown as released', async () => {
  await using world = await releasedWorld()
  await world.nation.db.updateTable('items').set({ expires_at: 1 }).where('item', '=', uuid(2)).execute()
  assert.deepEqual(
    byItem(await register(world, 'singh')).map(({ item }) => item),
    [uuid(1), uuid(3)],
  )
})
