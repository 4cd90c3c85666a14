import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type Json, fromBase64, utf8 } from '@entente/canonical'
import type { PersonStatus, RosterStatement } from '@entente/clearance'
import { nodeCrypto as crypto } from '@entente/crypto-node'
import { type StopOrder, signStop } from '@entente/exchange'
import { openEntry, parseDisclosure, parsePolicy, readOpening, verifyLogProof } from '@entente/ledger'
import { ABSENT_BODY } from '#src/http/index.ts'
import { entryFor, leafHashOf } from '#src/use-cases/entries.ts'
import type { LogStatus } from '#src/processes/apis.ts'
import type { DamageAssessment } from '#src/use-cases/assess-damage.ts'
import type { CouldRead } from '#src/use-cases/could-read.ts'
import type { ItemEvidence } from '#src/use-cases/item-evidence.ts'
import { type Stopped, destroyStoppedKeys } from '#src/use-cases/stop-item.ts'
import { DAY, LINK_LOG, OversightWorld, officer, stranger } from './oversight-world.ts'

const ITEM = '5c9e0f3a-1c1b-4a5e-9f57-0c3a9d1b2e4f'
const OWN = '6c9e0f3a-1c1b-4a5e-9f57-0c3a9d1b2e4f'
const REPORT = '7c9e0f3a-1c1b-4a5e-9f57-0c3a9d1b2e4f'

/** Rows of the database as ordinary objects. */
function plain(rows: readonly object[]): object[] {
  return rows.map((row) => ({ ...row }))
}

async function stopBody(
  world: OversightWorld,
  item: string,
  change: Partial<StopOrder> = {},
  signer = officer,
): Promise<{ reason: string; signed: unknown }> {
  const order: StopOrder = { realm: 'exercise', item, serial: 1, reason: 'compromised', at: world.nation.now(), ...change }
  return { reason: order.reason, signed: await signStop(crypto, order, signer) }
}

function enterOpening(world: OversightWorld, act: 'open' | 'refuse', articles: readonly string[], statement: string): Promise<string> {
  const { nation } = world
  const at = nation.now()
  const entry = entryFor(nation, LINK_LOG, at, {
    act,
    item: ITEM,
    serial: 1,
    statement,
    pseudonym: `p-${articles.length}`,
    articles: [...articles],
    level: 'TEKIKAKU-TOKUTEI',
    purpose: 'assessment',
  })
  const leaf = leafHashOf(nation, entry)
  const body: Json = act === 'open' ? { openings: [{ leaf, request: 'r', item: ITEM, holderKey: 'k' }] } : {}
  return nation.enter({ at, kind: act, body, entries: [entry], effects: [], conditions: [] }).then(() => leaf)
}

test("a stop acts with the link cut: durable, in the partner's log, with its letter, and the key is gone", async () => {
  await using world = await OversightWorld.make()
  await world.release(ITEM, { recipient: 'JPN' })
  world.linked = false
  const { status, body } = await world.ask<Stopped>('singh', 'POST', `/api/items/${ITEM}/revoke`, await stopBody(world, ITEM))
  assert.equal(status, 200)
  assert.deepEqual(body.items, [ITEM])
  assert.equal((await world.nation.ledger.call('item', { item: ITEM }))?.stopped, true)
  assert.equal(await world.itemKeys.find(ITEM), undefined)
  const entries = await world.nation.db.selectFrom('entries').select(['log', 'act', 'n']).where('item', '=', ITEM).orderBy('n').execute()
  assert.deepEqual(plain(entries), [
    { log: LINK_LOG, act: 'release', n: 0 },
    { log: LINK_LOG, act: 'stop', n: body.n },
  ])
  const letters = await world.nation.db.selectFrom('envelopes').select(['type', 'direction', 'seq', 'bytes']).execute()
  assert.deepEqual(
    letters.map(({ type, direction, seq }) => ({ type, direction, seq })),
    [{ type: 'revoke', direction: 'out', seq: 1 }],
  )
  const letter = JSON.parse(new TextDecoder().decode(letters[0]?.bytes)) as { body: { body: Json } }
  assert.deepEqual(letter.body.body, { item: ITEM, serial: 1, reason: 'compromised', effective: body.effective })
})

test('an own item is stopped at home and nobody is written to', async () => {
  await using world = await OversightWorld.make()
  await world.release(OWN, { recipient: 'AUS' })
  const { status } = await world.ask('walker', 'POST', `/api/items/${OWN}/revoke`, await stopBody(world, OWN))
  assert.equal(status, 200)
  const stop = await world.nation.db.selectFrom('entries').select('log').where('act', '=', 'stop').execute()
  assert.deepEqual(plain(stop), [{ log: 'home' }])
  assert.deepEqual(await world.nation.db.selectFrom('envelopes').selectAll().execute(), [])
})

test('stopping again changes nothing and gives the same answer, also long after', async () => {
  await using world = await OversightWorld.make()
  await world.release(ITEM, { recipient: 'JPN' })
  const ask = await stopBody(world, ITEM)
  const first = await world.ask<Stopped>('singh', 'POST', `/api/items/${ITEM}/revoke`, ask)
  world.ahead = 10_000
  const second = await world.ask<Stopped>('singh', 'POST', `/api/items/${ITEM}/revoke`, ask)
  assert.deepEqual(second.body, first.body)
  assert.equal((await world.nation.ledger.call('status', {})).next, 2)
})

test('a stop stops the item; the whole report only where the officer signed for it', async () => {
  await using world = await OversightWorld.make()
  for (const wholeReport of [false, true]) {
    const [given, own] = wholeReport ? [ITEM, OWN] : [ITEM.replace('5', '8'), OWN.replace('6', '9')]
    const report = wholeReport ? REPORT : REPORT.replace('7', '1')
    await world.release(given, { recipient: 'JPN', report })
    await world.release(own, { recipient: 'AUS', report })
    const { body } = await world.ask<Stopped>(
      'singh',
      'POST',
      `/api/items/${given}/revoke`,
      await stopBody(world, given, wholeReport ? { wholeReport } : {}),
    )
    assert.deepEqual(body.items, wholeReport ? [given, own] : [given])
    assert.equal((await world.nation.ledger.call('item', { item: own }))?.stopped, wholeReport)
    assert.equal((await world.itemKeys.find(own)) === undefined, wholeReport)
  }
})

test("a stop needs an officer's device, the right item and reason, and a clock that is right", async () => {
  await using world = await OversightWorld.make()
  await world.release(ITEM, { recipient: 'JPN' })
  const post = async (payload: object): Promise<string> =>
    (await world.ask('singh', 'POST', `/api/items/${ITEM}/revoke`, payload)).body.code
  assert.equal(await post(await stopBody(world, ITEM, {}, stranger)), 'exchange/stranger-key')
  assert.equal(await post(await stopBody(world, OWN)), 'node/refused')
  assert.equal(await post(await stopBody(world, ITEM, { serial: 2 })), 'node/refused')
  assert.equal(await post({ ...(await stopBody(world, ITEM)), reason: 'mistake' }), 'node/refused')
  assert.equal(await post(await stopBody(world, ITEM, { realm: 'operational' })), 'exchange/wrong-realm')
  assert.equal(await post(await stopBody(world, ITEM, { at: world.nation.now() - 200 })), 'node/clock')
  const forged = await stopBody(world, ITEM)
  const { body, signatures } = forged.signed as { body: object; signatures: object }
  assert.equal(
    await post({ reason: 'compromised', signed: { body: { ...body, wholeReport: true }, signatures } }),
    'exchange/signature-invalid',
  )
  assert.equal(await post({ reason: 'compromised', signed: {} }), 'exchange/malformed')
  world.ahead = 91 * DAY
  assert.equal(await post(await stopBody(world, ITEM)), 'exchange/stranger-key', 'the delegation is over')
  assert.equal((await world.nation.ledger.call('item', { item: ITEM }))?.stopped, false)
})

test('a crash between a stop and the end of its key is made good', async () => {
  await using world = await OversightWorld.make()
  await world.release(ITEM, { recipient: 'JPN' })
  await world.ask('singh', 'POST', `/api/items/${ITEM}/revoke`, await stopBody(world, ITEM))
  await world.itemKeys.keep(ITEM, new Uint8Array(32))
  await destroyStoppedKeys(world.nation)
  assert.equal(await world.itemKeys.find(ITEM), undefined)
})

test('who has no role, and what is not there, get the same bytes on every route', async () => {
  await using world = await OversightWorld.make()
  await world.release(ITEM, { recipient: 'JPN' })
  const calls: readonly [string, 'GET' | 'POST', string, object?][] = [
    ['morgan', 'POST', `/api/items/${ITEM}/revoke`, await stopBody(world, ITEM)],
    ['morgan', 'GET', `/api/items/${ITEM}/readers`],
    ['walker', 'GET', `/api/items/${ITEM}/evidence`],
    ['walker', 'GET', `/api/items/${ITEM}/damage`],
    ['singh', 'GET', '/api/clearance/next'],
    ['singh', 'POST', '/api/clearance/acts', { anything: 1 }],
    ['singh', 'POST', '/api/clearance/codes', { signed: {} }],
    ['singh', 'GET', '/api/clearance/people/morgan'],
    ['morgan', 'POST', '/api/rosters', { agreement: 'jpn-aus', to: 'JPN' }],
    ['morgan', 'GET', '/api/rosters'],
    ['taylor', 'GET', '/api/ledger'],
    ['taylor', 'GET', '/api/ledger/policy?log=home'],
    ['taylor', 'GET', '/api/ledger/disclosure?log=home'],
    ['singh', 'POST', `/api/items/${OWN}/revoke`, await stopBody(world, OWN)],
    ['singh', 'GET', `/api/items/${OWN}/readers`],
    ['singh', 'GET', `/api/items/${OWN}/evidence`],
    ['singh', 'GET', `/api/items/${OWN}/damage`],
    ['singh', 'GET', '/api/ledger/policy?log=xxx'],
    ['singh', 'GET', '/api/ledger/disclosure?log=xxx'],
  ]
  for (const [person, method, url, payload] of calls) {
    const { status, text } = await world.ask(person, method, url, payload)
    assert.deepEqual({ url, status, text }, { url, status: 404, text: ABSENT_BODY })
  }
})

test('who could read an item: the grant, its conditions, the counts of the newest roster', async () => {
  await using world = await OversightWorld.make()
  const { expires } = await world.release(ITEM, { recipient: 'JPN' })
  await world.release(OWN, { recipient: 'AUS' })
  const before = await world.ask<CouldRead>('walker', 'GET', `/api/items/${ITEM}/readers`)
  assert.equal(before.body.readers, undefined)
  await world.receiveRoster(4)
  const { body } = await world.ask<CouldRead>('walker', 'GET', `/api/items/${ITEM}/readers`)
  assert.deepEqual(
    { grant: body.basis?.grant, until: body.until, atMost: body.readers?.atMost },
    { grant: 'aus-jpn-classified', until: expires, atMost: 4 },
  )
  assert.ok(body.conditions.some(({ code }) => code === 'condition/clearance'))
  const own = await world.ask<CouldRead>('walker', 'GET', `/api/items/${OWN}/readers`)
  assert.deepEqual([own.body.basis, own.body.readers], [undefined, undefined])
  const rosters = await world.ask<{ rosters: RosterStatement[] }>('singh', 'GET', '/api/rosters')
  assert.deepEqual(
    rosters.body.rosters.map(({ nation, number }) => [nation, number]),
    [['JPN', 1]],
  )
})

test("evidence holds offline under the log's policy; what the partner has not cosigned is said to be pending", async () => {
  await using world = await OversightWorld.make()
  await world.release(ITEM, { recipient: 'JPN' })
  await world.nation.ledger.call('proof', { log: LINK_LOG, index: 0, by: '', withinMilliseconds: 5_000 })
  world.linked = false
  await world.ask('singh', 'POST', `/api/items/${ITEM}/revoke`, await stopBody(world, ITEM))
  const { body } = await world.ask<{ entries: ItemEvidence[] }>('singh', 'GET', `/api/items/${ITEM}/evidence`)
  const [release, stop] = body.entries
  assert.deepEqual([release?.state, stop?.state, stop?.proof], ['cosigned', 'partner-pending', undefined])
  // A log that the partner may be shown names nobody; the home log names its officers, and the node says what they are called.
  assert.ok(body.entries.every(({ names }) => names === undefined))
  const { text, type } = await world.ask('singh', 'GET', `/api/ledger/policy?log=${LINK_LOG}`)
  assert.match(type, /^text\/plain/u)
  const { index } = await verifyLogProof(
    crypto,
    parsePolicy(crypto, utf8(text)),
    utf8(release?.proof ?? ''),
    fromBase64(release?.leaf ?? ''),
  )
  assert.equal(index, release?.index)
  const opened = openEntry(crypto, fromBase64(stop?.leaf ?? ''), readOpening(stop?.opening))
  assert.deepEqual([opened.fields['act'], opened.fields['item'], opened.fields['reason'], opened.hidden], ['stop', ITEM, 'compromised', 0])
})

test('a damage assessment tells permits, possible openings and refusals, from the entries and not from their rows', async () => {
  await using world = await OversightWorld.make()
  await world.release(ITEM, { recipient: 'JPN', report: REPORT })
  await world.release(OWN, { recipient: 'AUS', report: REPORT })
  const joined = await enterOpening(world, 'open', ['jpn-aus 5 aus-jpn-classified'], 'ab'.repeat(32))
  const silent = await enterOpening(world, 'open', ['jpn-aus 5 aus-jpn-classified', 'more'], 'ab'.repeat(32))
  await enterOpening(world, 'refuse', ['decision/need-to-know', 'decision/purpose'], 'ab'.repeat(32))
  await enterOpening(world, 'refuse', ['decision/need-to-know'], 'ab'.repeat(32))
  await world.nation.enter({
    at: world.nation.now(),
    kind: 'joined',
    body: { joined: [{ leaf: joined, outcome: 'opened' }] },
    entries: [],
    effects: [],
    conditions: [],
  })
  const { body } = await world.ask<DamageAssessment>('singh', 'GET', `/api/items/${ITEM}/damage`)
  assert.equal(body.items.length, 1)
  const [damage] = body.items
  assert.deepEqual(damage?.counts, { entered: 2, joined: 1, possible: 1 })
  assert.deepEqual(damage?.refusals, { 'decision/need-to-know': 2, 'decision/purpose': 1 })
  assert.deepEqual(
    damage?.permits.map(({ entry, outcome, pseudonym, level }) => ({ entry, outcome, pseudonym, level })),
    [
      { entry: joined, outcome: 'opened', pseudonym: 'p-1', level: 'TEKIKAKU-TOKUTEI' },
      { entry: silent, outcome: 'possible', pseudonym: 'p-2', level: 'TEKIKAKU-TOKUTEI' },
    ],
  )
  assert.equal(damage?.couldRead.basis?.grant, 'aus-jpn-classified')
  const whole = await world.ask<DamageAssessment>('singh', 'GET', `/api/items/${ITEM}/damage?scope=report`)
  assert.deepEqual(
    whole.body.items.map((one) => one.couldRead.item),
    [ITEM, OWN],
  )
  const asked = await world.nation.db.selectFrom('entries').select('log').where('act', '=', 'damage').execute()
  assert.deepEqual(plain(asked), [{ log: 'home' }, { log: 'home' }])

  const row = await world.nation.db.selectFrom('entries').select('opening').where('act', '=', 'open').executeTakeFirstOrThrow()
  await world.nation.db
    .updateTable('entries')
    .set({ opening: row.opening.replace('p-1', 'p-9') })
    .where('act', '=', 'open')
    .where('opening', 'like', '%p-1"%')
    .execute()
  const changed = await world.ask<DamageAssessment>('singh', 'GET', `/api/items/${ITEM}/damage`)
  assert.deepEqual([changed.body.items[0]?.unreadable, changed.body.items[0]?.counts.entered], [1, 1])
})

test("a clearance officer's acts reach the office, which alone judges them, and are entries at home", async () => {
  await using world = await OversightWorld.make()
  assert.deepEqual((await world.ask('taylor', 'GET', '/api/clearance/next')).body, { number: 1 })
  const now = world.nation.now()
  const grant = {
    number: 1,
    person: 'morgan',
    act: 'grant',
    clearance: 'NV2',
    citizenships: ['AUS'],
    validFrom: now - 10,
    validUntil: now + DAY,
  } as const
  const signed = await world.signedAct(grant)
  assert.deepEqual((await world.ask('taylor', 'POST', '/api/clearance/acts', { signed })).body, { number: 1 })
  const again = await world.ask('taylor', 'POST', '/api/clearance/acts', { signed })
  assert.deepEqual([again.status, again.body.code], [409, 'clearance/act-order'])
  const { body } = await world.ask<PersonStatus>('taylor', 'GET', '/api/clearance/people/morgan')
  assert.deepEqual([body.state, 'clearance' in body && body.clearance], ['cleared', 'NV2'])
  assert.equal((await world.ask<PersonStatus>('taylor', 'GET', '/api/clearance/people/nobody')).body.state, 'unknown')
  const entries = await world.nation.db.selectFrom('entries').select(['log', 'act']).execute()
  assert.deepEqual(plain(entries), [{ log: 'home', act: 'attest' }])
})

test("a roster goes out as counts in the agreement's frame, and says nothing of other areas", async () => {
  await using world = await OversightWorld.make()
  const now = world.nation.now()
  const acts = [
    { number: 1, person: 'morgan', act: 'grant', clearance: 'NV2', citizenships: ['AUS'], validFrom: now - 10, validUntil: now + DAY },
    { number: 2, person: 'morgan', act: 'assign', area: 'maritime', role: 'reader', purposes: ['assessment'], until: now + DAY },
  ] as const
  for (const act of acts)
    assert.equal((await world.ask('taylor', 'POST', '/api/clearance/acts', { signed: await world.signedAct(act) })).status, 200)
  const { status, body } = await world.ask('taylor', 'POST', '/api/rosters', { agreement: 'jpn-aus', to: 'JPN' })
  assert.deepEqual([status, body], [200, { number: 1 }])
  const letter = await world.nation.db.selectFrom('envelopes').select(['type', 'bytes']).executeTakeFirstOrThrow()
  assert.equal(letter.type, 'roster')
  const text = new TextDecoder().decode(letter.bytes)
  assert.equal(text.includes('morgan'), false)
  assert.ok(text.includes('"fewerThan":3'))
  assert.equal((await world.ask('taylor', 'POST', '/api/rosters', { agreement: 'jpn-aus', to: 'AUS' })).status, 404)
  const outside = { number: 3, person: 'morgan', act: 'assign', area: 'own-only', role: 'reader', purposes: [], until: now + DAY } as const
  assert.equal((await world.ask('taylor', 'POST', '/api/clearance/acts', { signed: await world.signedAct(outside) })).status, 400)
  // An area of an agreement that ended, say: the office has it in its books.
  await world.nation.office.call('act', { signed: await world.signedAct(outside) })
  const next = await world.ask('taylor', 'POST', '/api/rosters', { agreement: 'jpn-aus', to: 'JPN' })
  assert.deepEqual(next.body, { number: 2 })
  const letters = await world.nation.db.selectFrom('envelopes').select('bytes').orderBy('seq').execute()
  assert.equal(letters.length, 2)
  for (const one of letters) assert.equal(new TextDecoder().decode(one.bytes).includes('own-only'), false, 'no area of another agreement')
})

test('an auditor gets every entry of a log with its full opening, and that is an entry too', async () => {
  await using world = await OversightWorld.make()
  await world.release(ITEM, { recipient: 'JPN' })
  await world.release(OWN, { recipient: 'AUS' })
  for (const log of [LINK_LOG, 'home']) {
    const { text } = await world.ask('singh', 'GET', `/api/ledger/disclosure?log=${log}`)
    const { entries } = parseDisclosure(utf8(text))
    const status = await world.ask<{ logs: LogStatus[] }>('singh', 'GET', '/api/ledger')
    const size = status.body.logs.find((one) => one.log === log)?.size ?? 0
    assert.deepEqual(
      entries.map(({ index }) => index),
      Array.from({ length: size }, (_, at): number => at),
    )
    const rows = await world.nation.db.selectFrom('entries').select('leaf').where('log', '=', log).orderBy('position').execute()
    for (const [at, { opening }] of entries.entries())
      openEntry(crypto, Uint8Array.fromBase64(rows[at]?.leaf ?? '', { alphabet: 'base64url' }), opening)
  }
  const acts = await world.nation.db.selectFrom('entries').select('act').where('log', '=', 'home').orderBy('position').execute()
  assert.deepEqual(
    acts.map(({ act }) => act),
    ['release', 'disclose', 'disclose'],
  )
})
