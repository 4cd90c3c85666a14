/** Every place that writes, on a disk that is full: one clear code, nothing lost, nothing half done, and on when there is room. */
import assert from 'node:assert/strict'
import { mkdtemp, readFile, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { EntenteError, toHex } from '@entente/canonical'
import { nodeCrypto as crypto } from '@entente/crypto-node'
import { readBundle, readCheckpoint, rootHash } from '@entente/ledger'
import { twoNations } from '@entente/testkit'
import { message } from '@entente/words'
import { openJournalFile } from '#src/journal/journal.ts'
import type { EngineOptions } from '#src/ledger/engine.ts'
import { encodeRecord } from '#src/ledger/record.ts'
import { type LedgerService, openLedger } from '#src/ledger/service.ts'
import { openBlobs } from '#src/store/blobs.ts'
import { openDatabase } from '#src/store/database.ts'
import { type Draft, openDrafts } from '#src/store/drafts.ts'
import { openItemKeys } from '#src/store/item-keys.ts'
import { Projection } from '#src/store/projection.ts'
import { announceDraftFile, completeUpload, readDraftFile, takePart } from '#src/use-cases/upload.ts'
import { endOf } from './codes.ts'
import { AT, LOG, LedgerWorld, cosignedAct, entry, plan, proven } from './ledger-world.ts'
import { SmallDisk, noSmallDisk } from './small-disk.ts'

const skip = noSmallDisk
const ID = '018f0000-0000-7000-8000-00000000d15c'

/** Runs what must end for want of space, in words of both languages that name what could not be written. */
async function full(task: Promise<unknown>): Promise<void> {
  const error = await task.then(
    () => undefined,
    (thrown: unknown) => thrown,
  )
  assert.ok(error instanceof EntenteError, String(error))
  assert.equal(error.code, 'node/disk-full')
  const what = String(error.values['what'])
  const [en, ja] = [message('en', error.code, error.values), message('ja', error.code, error.values)]
  assert.ok(en.includes('no space left') && en.includes(what))
  assert.ok(ja.includes('空き') && ja.includes(what))
}

async function elsewhere(): Promise<{ readonly path: string } & AsyncDisposable> {
  const path = await mkdtemp(join(tmpdir(), 'entente-roomy-'))
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true, maxRetries: 5 }) }
}

/** The ledger of a world with its journal where there is room. */
function ledgerOf(world: LedgerWorld, roomy: string, change: Partial<EngineOptions> = {}): Promise<LedgerService> {
  const options = async (): Promise<EngineOptions> => ({
    crypto,
    folder: world.ledger,
    plans: [plan],
    cosign: (_, body) => world.witness.add(body),
    now: () => AT,
    durable: (records) => void world.durable.push(...records),
    notice: (code, values) => void world.notices.push({ code, values }),
    disk: await openJournalFile(join(roomy, 'journal')),
    ...change,
  })
  return openLedger(options, world.witness)
}

test('a log’s files: acts and proofs rest on the journal, and the files follow when there is room', { skip }, async () => {
  using disk = new SmallDisk()
  await using roomy = await elsewhere()
  await using world = await LedgerWorld.make(disk.path)
  await world.restartWitness(join(roomy.path, 'witness'))
  const ledger = await ledgerOf(world, roomy.path)
  await ledger.api.reconcile({})
  const first = entry({ act: 'first' })
  await ledger.api.append(cosignedAct('first', { entries: [first] }))
  await ledger.api.status({})
  const checkpoint = join(world.ledger, 'logs', LOG, 'checkpoint')
  const before = await readFile(checkpoint)
  disk.fill()
  const told = (): number =>
    world.notices.filter(({ code, values }) => code === 'tiles/not-written' && values['reason'] === 'node/disk-full').length
  const held = entry({ act: 'held' })
  const { proof } = await ledger.api.append(cosignedAct('held', { entries: [held] }))
  assert.equal((await proven(proof, held)).index, 1)
  await ledger.api.status({})
  await ledger.api.status({})
  assert.equal(told(), 1, 'once, however often it fails')
  assert.deepEqual(await readFile(checkpoint), before, 'the old one stands, whole')
  const refused = await verifyFiles(world)
  assert.equal(refused.size, 1, 'and all that it speaks of')
  disk.free()
  const last = entry({ act: 'last' })
  await ledger.api.append(cosignedAct('last', { entries: [last] }))
  await ledger.api.status({})
  assert.deepEqual(await verifyFiles(world), { size: 3, ok: true })
  disk.fill()
  await ledger.api.append(cosignedAct('more'))
  await ledger.api.status({})
  assert.equal(told(), 2)
  disk.free()
  // Nobody has to ask: it is tried again by itself.
  while ((await verifyFiles(world)).size < 4) await new Promise((resolve) => setTimeout(resolve, 50))
  assert.equal(world.durable.length, 4)
  await ledger.close()
})

/** What the log's folder alone shows: size of the checkpoint, and whether every tile and entry up to its root holds. */
async function verifyFiles(world: LedgerWorld): Promise<{ readonly size: number; readonly ok: boolean }> {
  const folder = join(world.ledger, 'logs', LOG)
  const { size, root } = readCheckpoint(await readFile(join(folder, 'checkpoint'))).checkpoint
  const reader = (path: string): Promise<Uint8Array | undefined> => readFile(join(folder, path)).catch(() => undefined)
  const entries = await readBundle(reader, 0, size)
  return { size, ok: entries.length === size && Buffer.compare(await rootHash(crypto, reader, size), root) === 0 }
}

test('a witness signs nothing that it could not write down, and then signs it', { skip }, async () => {
  using disk = new SmallDisk()
  await using world = await LedgerWorld.make()
  const folder = join(disk.path, 'witness')
  await world.restartWitness(folder)
  const asked: string[] = []
  const engine = await world.open({
    cosign: (_, body) => {
      asked.push(body)
      return world.witness.add(body)
    },
  })
  await engine.reconcile()
  await engine.append(cosignedAct('first'))
  const files = async (): Promise<unknown> =>
    Promise.all((await readdir(folder)).sort().map(async (name) => [name, await readFile(join(folder, name))]))
  const before = await files()
  disk.fill()
  await full(engine.append(cosignedAct('held')))
  assert.deepEqual(await files(), before)
  await full(world.witness.add(asked.at(-1) ?? ''))
  disk.free()
  await world.restartWitness(folder)
  assert.ok((await engine.proof({ log: LOG, index: 1, withinMilliseconds: 10_000 })).length > 0)
  assert.notDeepEqual(await files(), before)
  await engine.close()
})

const LABEL = {
  policy: 'EXERCISE-XKA',
  classification: 'SECRET',
  categories: [],
  personRules: [],
  originators: [{ nation: 'XKA', releasableTo: ['XKA'] }],
  created: 1,
}
const draft: Draft = {
  id: ID,
  author: 'chen',
  title: { en: 'EXERCISE' },
  area: 'maritime',
  portions: [],
  state: 'draft',
  created: AT,
  updated: AT,
}

test('drafts, and what is prepared for them: the old one stays whole, and no half of the new one stays behind', { skip }, async () => {
  using disk = new SmallDisk()
  const folder = join(disk.path, 'drafts')
  const drafts = await openDrafts(folder)
  await drafts.save(draft)
  await drafts.keepSealing(ID, { plans: 1 })
  const names = await readdir(folder)
  disk.fill()
  await full(drafts.save({ ...draft, title: { en: 'EXERCISE, changed' } }))
  await full(drafts.keepSealing(ID, { plans: 2 }))
  await full(drafts.save({ ...draft, id: ID.replace('d15c', 'd15d') }))
  assert.deepEqual(await drafts.all(), [draft])
  assert.deepEqual(await drafts.findSealing(ID), { plans: 1 })
  assert.deepEqual(await readdir(folder), names)
  disk.free()
  await drafts.save({ ...draft, state: 'review' })
  assert.equal((await drafts.find(ID))?.state, 'review')
})

const bytes = crypto.random(300_000)
const sha256 = toHex(crypto.sha256(bytes))
const file = { size: bytes.length, sha256 }

test(
  'a file of a draft: a part that found no room is sent again, and an upload that could not be noted is ended again',
  { skip },
  async () => {
    using disk = new SmallDisk()
    const nation = {
      crypto,
      nonceKey: crypto.random(32),
      drafts: await openDrafts(join(disk.path, 'drafts')),
      draftFiles: await openBlobs(crypto, join(disk.path, 'files')),
      blobs: await openBlobs(crypto, join(disk.path, 'containers')),
    }
    await nation.drafts.save({
      ...draft,
      portions: [{ kind: 'file', id: ID, label: LABEL, name: 'EXERCISE.png', mediaType: 'image/png', ...file }],
    })
    const upload = await announceDraftFile(nation, 'chen', ID, file)
    const part = { number: 0, bytes, sha256 }
    disk.fill()
    await full(takePart(nation, 'chen', upload, part))
    disk.free()
    assert.equal(await endOf(completeUpload(nation, 'chen', upload, file)), 'node/bad-request', 'half of it is not it')
    await takePart(nation, 'chen', upload, part)
    disk.fill()
    await full(completeUpload(nation, 'chen', upload, file))
    assert.equal(await endOf(readDraftFile(nation, { person: 'chen', roles: ['author'] }, ID, sha256)), 'node/absent')
    disk.free()
    await completeUpload(nation, 'chen', upload, file)
    await completeUpload(nation, 'chen', upload, file)
    const read = await readDraftFile(nation, { person: 'chen', roles: ['author'] }, ID, sha256)
    assert.equal(read.size, bytes.length)
    assert.deepEqual(await readdir(join(disk.path, 'files', 'incoming')), [])
  },
)

test('a container that comes in goes on where it stopped', { skip }, async () => {
  using disk = new SmallDisk()
  const blobs = await openBlobs(crypto, join(disk.path, 'containers'))
  const bytes = crypto.random(1_000_000)
  const sha256 = toHex(crypto.sha256(bytes))
  const from = async function* (start: number, fills: boolean): AsyncGenerator<Uint8Array> {
    for (let at = start; at < bytes.length; at += 50_000) {
      if (fills && at >= 600_000) disk.fill()
      yield bytes.subarray(at, at + 50_000)
    }
  }
  await full(blobs.receive(sha256, bytes.length, from(0, true)))
  assert.equal(await blobs.has(sha256), false)
  const held = await blobs.partialSize(sha256)
  assert.ok(held >= 262_144 && held < bytes.length, String(held))
  disk.free()
  await blobs.receive(sha256, bytes.length, from(held, false))
  assert.equal(await blobs.size(sha256), bytes.length)
})

test('an item’s key is there whole or not at all', { skip }, async () => {
  using disk = new SmallDisk()
  const folder = join(disk.path, 'item-keys')
  const keys = await openItemKeys(folder)
  disk.fill()
  await full(keys.keep(ID, new Uint8Array(60).fill(1)))
  assert.equal(await keys.find(ID), undefined)
  assert.deepEqual(await readdir(folder), [])
  disk.free()
  await keys.keep(ID, new Uint8Array(60).fill(2))
  assert.deepEqual(Uint8Array.from((await keys.find(ID)) ?? []), new Uint8Array(60).fill(2))
})

test('the projection: nothing new is entered while a record waits for room, and then it follows', { skip }, async () => {
  using disk = new SmallDisk()
  const database = openDatabase(join(disk.path, 'projection.sqlite'))
  const { db } = database
  const projection = await Projection.open(crypto, db, { nation: 'XKA', rowKey: new Uint8Array(32), notice: () => {} })
  const record = (n: number): Uint8Array =>
    encodeRecord({
      n,
      at: AT,
      kind: 'fact',
      body: { facts: [{ name: `fact-${n}`, value: 'x'.repeat(40_000) }] },
      entries: [entry({ act: `act-${n}` })],
      effects: [],
    })
  projection.take([record(0)])
  await projection.applied(0)
  disk.fill()
  projection.take([record(1), record(2)])
  await full(projection.applied(1))
  await full(projection.applied(2))
  await full(projection.ready())
  assert.equal(projection.next, 1)
  const facts = async (): Promise<readonly string[]> => {
    const rows = await db.selectFrom('meta').select('name').where('name', 'like', 'fact-%').orderBy('name').execute()
    return rows.map(({ name }) => name)
  }
  assert.deepEqual(await facts(), ['fact-0'], 'nothing of the record that found no room')
  disk.free()
  await projection.ready()
  await projection.applied(2)
  assert.deepEqual(await facts(), ['fact-0', 'fact-1', 'fact-2'])
  assert.equal((await db.selectFrom('entries').select('n').execute()).length, 3)
  database.close()
  disk.fill()
  await full(Promise.resolve().then(() => openDatabase(join(disk.path, 'other.sqlite'))))
})

test('the office’s journal: what was refused was not done, and the office goes on by itself', async () => {
  await using world = await twoNations({ seed: 'full-office' })
  const { author } = world.data.story.cast
  const { originator } = world
  const desk = world.desk(originator)
  const stateOf = async (): Promise<string> => (await originator.parts.office.call('person', { person: author })).state
  originator.officeJournal.mood = 'full'
  await full(desk.act(author, { act: 'suspend' }))
  assert.equal(await stateOf(), 'cleared')
  await full(desk.act(author, { act: 'suspend' }))
  originator.officeJournal.mood = 'sound'
  await desk.act(author, { act: 'suspend' })
  assert.notEqual(await stateOf(), 'cleared')
})

test('an enrolment for which there is no room leaves its code as good as before', async () => {
  await using world = await twoNations({ seed: 'full-enrolment' })
  const reader = await world.firstReader()
  const desk = world.desk(reader.host)
  const code = await desk.code(reader.id)
  reader.host.officeJournal.mood = 'full'
  await full(reader.enrol(world.originator.code, code))
  reader.host.officeJournal.mood = 'sound'
  await reader.enrol(world.originator.code, code)
  assert.equal(await endOf(reader.enrol(world.originator.code, code)), 'node/not-enrolled')
})
