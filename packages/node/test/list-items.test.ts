import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { DatabaseSync } from 'node:sqlite'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { toBase64Url, utf8 } from '@entente/canonical'
import { nodeCrypto as crypto } from '@entente/crypto-node'
import { openDatabase } from '#src/store/database.ts'
import { Projection } from '#src/store/projection.ts'
import { entryFor } from '#src/use-cases/entries.ts'
import { codeOf } from './drafting-world.ts'
import { ListingWorld, uuid } from './listing-world.ts'

/** Above what `morgan` is cleared for. */
const HIDDEN = 'TOP SECRET//AUSTEO'

function cards(count: number) {
  return Array.from({ length: count }, (_, index) => ({ title: { en: `EXERCISE notice ${index}` }, ago: Math.floor(index / 3) }))
}

/** A projection of the same rows, as after a start of the node. */
function reopened({ world: { nation, notices } }: ListingWorld): Promise<Projection> {
  const notice = (code: string): void => void notices.push(code)
  return Projection.open(crypto, nation.db, { nation: 'AUS', rowKey: new Uint8Array(32), notice })
}

test('pages follow each other without gap or repetition, whatever is released meanwhile', async () => {
  await using world = await ListingWorld.make()
  await world.enter(cards(25))
  const whole = await world.list()
  assert.deepEqual([whole.items.length, whole.count, whole.next], [25, 25, undefined])
  const seen: string[] = []
  let next: string | undefined
  do {
    const page = await world.list({ limit: 4, ...(next === undefined ? {} : { after: next }) })
    seen.push(...page.items.map(({ item }) => item))
    next = page.next
    if (seen.length === 8) await world.enter([{ title: { en: 'EXERCISE, new' }, ago: -1 }])
  } while (next !== undefined)
  assert.deepEqual(
    seen,
    whole.items.map(({ item }) => item),
  )
  const released = whole.items.map((line) => line.released)
  assert.deepEqual(
    released,
    released.toSorted((a, b) => b - a),
  )
})

test('a made-up cursor moves the window and nothing else; what is none is refused', async () => {
  await using world = await ListingWorld.make()
  await world.enter([...cards(5), { title: { en: 'EXERCISE hidden' }, marking: HIDDEN }])
  const forged = toBase64Url(utf8(`${world.world.now} ffffffff-ffff-4fff-8fff-ffffffffffff`))
  assert.deepEqual((await world.list({ after: forged })).items, (await world.list()).items)
  const early = toBase64Url(utf8(`0 ${uuid(0)}`))
  assert.deepEqual(await world.list({ after: early }), { items: [], count: 5 })
  for (const after of ['x', toBase64Url(utf8('1 2')), toBase64Url(utf8(`-1 ${uuid(0)}`))])
    assert.equal(await codeOf(world.list({ after })), 'node/bad-request')
})

test('two worlds that differ by a hidden item answer with the same bytes: lists, counts, cursors, every search', async () => {
  await using world = await ListingWorld.make()
  const title = 'EXERCISE Kestrel 海上演習'
  await world.enter([...cards(12), { title: { en: 'EXERCISE Kestle', ja: '訓練 海峡' }, ago: 2 }])
  const prefixes = Array.from(title)
    .flatMap((_, end) => [title.slice(0, end + 1), title.slice(end)])
    .filter((text) => text.trim() !== '')
  const searches = [...prefixes, 'level:"top secret"', 'top secret', 'area:maritime kestrel', 'origin:aus kestrel']
  const answers = async (): Promise<string> => {
    const all: unknown[] = []
    for (const limit of [1, 2, 5, 200]) {
      let after: string | undefined
      do {
        const page = await world.list({ limit, ...(after === undefined ? {} : { after }) })
        all.push(page)
        after = page.next
      } while (after !== undefined)
    }
    for (const q of searches) all.push(await world.list({ q, limit: 2 }))
    return JSON.stringify(all)
  }
  const without = await answers()
  await world.enter([
    { title: { en: title }, marking: HIDDEN, ago: 2 },
    { title: { en: title }, area: 'air', ago: 1 },
  ])
  assert.equal(await answers(), without)
  world.clear('PV')
  assert.notEqual(await answers(), without, 'with the clearance it is there: the comparison sees a difference where there is one')
})

test('a clearance that goes, and an item that stops, are gone from the next list', async () => {
  await using world = await ListingWorld.make()
  await world.enter(cards(3))
  const { nation, office } = world.world
  assert.equal((await world.list()).count, 3)
  await nation.enter({ at: world.world.now, kind: 'stop', body: { stops: [uuid(1)] }, entries: [], effects: [], conditions: [] })
  assert.equal((await world.list({ limit: 1 })).count, 2, 'also where no page shows it')
  const left = await world.list()
  assert.deepEqual([left.count, left.items.some(({ item }) => item === uuid(1))], [2, false])
  assert.equal((await reopened(world)).listing.size, 2)
  office.set('morgan', { state: 'suspended' } as never)
  assert.deepEqual(await world.list(), { items: [], count: 0 })
})

test('P6: rows that somebody changed make lists and counts shorter and never longer, at once and after a start', async () => {
  await using world = await ListingWorld.make()
  const { nation, notices } = world.world
  await world.enter([...cards(2), { title: { en: 'EXERCISE hidden' }, marking: HIDDEN }, { title: { en: 'EXERCISE later' }, ago: 5 }])
  const row = (number: number) => nation.db.selectFrom('items').selectAll().where('item', '=', uuid(number)).executeTakeFirstOrThrow()
  const [listed, hidden] = [await row(0), await row(2)]
  const bend = (number: number, change: object) => nation.db.updateTable('items').set(change).where('item', '=', uuid(number)).execute()
  const shown = async () => (await world.list()).items.map(({ item }) => item)
  assert.deepEqual([(await shown()).length, (await world.list()).count, listed.likeness === hidden.likeness], [3, 3, false])
  // The hidden item, given what a listed one has.
  for (const change of [
    { likeness: listed.likeness },
    { likeness: listed.likeness, mac: listed.mac },
    { likeness: listed.likeness, mac: listed.mac, signed: listed.signed, card: listed.card, statement: listed.statement },
    { expires_at: 4_000_000_000, mac: listed.mac },
  ]) {
    await bend(2, change)
    assert.ok(!(await shown()).includes(uuid(2)))
    assert.equal((await reopened(world)).listing.size, 3, JSON.stringify(change).slice(0, 60))
    await bend(2, hidden)
  }
  // A likeness itself: every MAC that covers it falls.
  const { likeness } = await nation.db
    .selectFrom('likenesses')
    .select('likeness')
    .where('id', '=', hidden.likeness)
    .executeTakeFirstOrThrow()
  const lowered = likeness.replace('TOP-SECRET', 'SECRET')
  assert.notEqual(lowered, likeness)
  await nation.db.updateTable('likenesses').set({ likeness: lowered }).where('id', '=', hidden.likeness).execute()
  assert.equal((await reopened(world)).listing.size, 3)
  // A listed one, bent in each column: it goes, and the count with it.
  assert.equal((await world.list()).count, 3)
  await bend(0, { card: hidden.card })
  assert.deepEqual([await shown(), (await world.list()).count], [[uuid(1), uuid(3)], 2])
  await nation.db.deleteFrom('items').where('item', '=', uuid(1)).execute()
  assert.deepEqual([await shown(), (await world.list()).count], [[uuid(3)], 1])
  assert.ok(notices.includes('register/row-does-not-hold'))
})

test('each line says when this person opened and acknowledged it, and nothing of what others did', async () => {
  await using world = await ListingWorld.make()
  const { nation, now } = world.world
  await world.enter(cards(4))
  const enter = (at: number, kind: string, body: object, fields: Record<string, string> | undefined) =>
    nation.enter({
      at,
      kind,
      body: body as never,
      entries: fields === undefined ? [] : [entryFor(nation, 'home', at, fields)],
      effects: [],
      conditions: [],
    })
  const reading = (item: number, person: string, request: string) => ({ readings: [{ request, item: uuid(item), person }] })
  await enter(now + 1, 'grant', reading(0, 'morgan', 'a'), undefined)
  await enter(now + 2, 'grant', reading(1, 'morgan', 'b'), undefined)
  await enter(now + 3, 'grant', reading(2, 'chen', 'c'), undefined)
  await enter(now + 4, 'grant', reading(0, 'morgan', 'd'), undefined)
  for (const request of ['d', 'a', 'c']) await enter(now + 5, 'joined', {}, { act: 'joined', item: uuid(0), request, outcome: 'opened' })
  await enter(now + 6, 'joined', {}, { act: 'joined', item: uuid(1), request: 'b', outcome: 'failed' })
  for (const later of [7, 8])
    await enter(now + later, 'joined', {}, { act: 'joined', item: uuid(0), request: 'a', outcome: 'acknowledged' })
  const lines = new Map((await world.list()).items.map((line) => [line.item, [line.opened, line.acknowledged]]))
  assert.deepEqual(
    [0, 1, 2, 3].map((number) => lines.get(uuid(number))),
    [
      [now + 1, now + 7],
      [undefined, undefined],
      [undefined, undefined],
      [undefined, undefined],
    ],
  )
})

test('tables of another schema are dropped, so that the journal makes them anew', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'entente-schema-'))
  try {
    const path = join(folder, 'projection.sqlite')
    const old = new DatabaseSync(path)
    old.exec("CREATE TABLE meta (name TEXT PRIMARY KEY, value TEXT NOT NULL); INSERT INTO meta VALUES ('applied', '7')")
    old.exec('CREATE TABLE items (item TEXT PRIMARY KEY, label INTEGER); CREATE VIRTUAL TABLE card_titles USING fts5(other)')
    old.close()
    const first = openDatabase(path)
    const owner = { nation: 'AUS', rowKey: new Uint8Array(32), notice: () => {} }
    const projection = await Projection.open(crypto, first.db, owner)
    assert.equal(projection.next, 0)
    await projection.apply({ n: 0, at: 1, kind: 'none', body: {}, entries: [], effects: [] } as never)
    first.close()
    const second = openDatabase(path)
    assert.equal((await Projection.open(crypto, second.db, owner)).next, 1, 'of the same schema they stay')
    second.close()
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
})
