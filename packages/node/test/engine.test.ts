import assert from 'node:assert/strict'
import { cp, mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import { nodeCrypto as crypto } from '@entente/crypto-node'
import { readCheckpoint, rootHash } from '@entente/ledger'
import { NodeError } from '#src/errors.ts'
import { type JournalDisk, openJournalFile } from '#src/journal/journal.ts'
import { type Engine, readRecords } from '#src/ledger/engine.ts'
import { claimFence } from '#src/ledger/fence.ts'
import type { CrashPoint } from '#src/ledger/log.ts'
import type { Condition, Effect } from '#src/ledger/record.ts'
import { LOG, LedgerWorld, ORIGIN, act, codeOf, cosignedAct, entry, proven } from './ledger-world.ts'

const ITEM = '5c9e0f3a-1c1b-4a5e-9f57-0c3a9d1b2e4f'
const STATEMENT = 'ab'.repeat(32)
const released: Effect = { effect: 'item', item: ITEM, serial: 1, statement: STATEMENT, state: 'released' }
const stopped: Effect = { ...released, state: 'stopped' }
const live: Condition = { condition: 'live', item: ITEM, serial: 1, statement: STATEMENT }

/** Size and root of the log's tree as its tiles stand on the disk. */
async function treeOf(world: LedgerWorld, size: number): Promise<Uint8Array> {
  return rootHash(crypto, (path) => readFile(join(world.ledger, 'logs', LOG, path)).catch(() => undefined), size)
}

async function opened(world: LedgerWorld, ...options: Parameters<LedgerWorld['open']>): Promise<Engine> {
  const engine = await world.open(...options)
  await engine.reconcile()
  return engine
}

async function recordsIn(world: LedgerWorld): Promise<string[]> {
  const kinds: string[] = []
  await readRecords(world.ledger, 0, (record) => void kinds.push(record.kind))
  return kinds
}

test('an act is durable, numbered, cosigned and proven', async () => {
  await using world = await LedgerWorld.make()
  const engine = await opened(world)
  const one = entry({ act: 'open', serial: 1 })
  const appended = await engine.append(cosignedAct('open', { entries: [one] }))
  assert.deepEqual(
    { n: appended.n, positions: appended.positions, repeated: appended.repeated },
    { n: 0, positions: [{ log: LOG, index: 0 }], repeated: false },
  )
  assert.equal((await proven(appended.proof, one)).index, 0)
  assert.equal(world.durable.length, 1)
  await engine.close()
  assert.deepEqual(await recordsIn(world), ['open'])
})

test('many acts at once keep their order and share writes and checkpoints', async () => {
  await using world = await LedgerWorld.make()
  let writes = 0
  const disk = await openJournalFileIn(world)
  const engine = await opened(world, {
    disk: {
      ...disk,
      append(buffers) {
        writes++
        return disk.append(buffers)
      },
    },
  })
  const entries = Array.from({ length: 300 }, (_, at) => entry({ act: 'open', number: at }))
  const appended = await Promise.all(entries.map((one) => engine.append(cosignedAct('open', { entries: [one] }))))
  assert.deepEqual(
    appended.map(({ n }) => n),
    entries.map((_, at) => at),
  )
  assert.ok(writes < 10, `${writes} writes`)
  for (const at of [0, 255, 256, 299]) {
    const one = entries[at]
    assert.ok(one !== undefined)
    assert.equal((await proven(appended[at]?.proof, one)).index, at)
  }
  await engine.close()
})

test('without its witness an act is durable and counts, and nothing is proven; with it again the proof is to be had', async () => {
  await using world = await LedgerWorld.make()
  const engine = await opened(world)
  world.reachable = false
  const stop = await engine.append(act('stop'))
  assert.equal(stop.n, 0)
  assert.equal(await codeOf(engine.append(cosignedAct('open', {}, 50))), 'node/not-cosigned')
  assert.equal(await codeOf(engine.proof({ log: LOG, index: 0, withinMilliseconds: 0 })), 'node/not-cosigned')
  assert.equal(engine.status()[0]?.size, 2)
  world.reachable = true
  await engine.proof({ log: LOG, index: 1, withinMilliseconds: 5_000 })
  await engine.close()
})

for (const point of ['journal-written', 'tile-written', 'checkpoint-signed', 'cosigned'] satisfies CrashPoint[]) {
  test(`a crash after ${point} loses nothing acknowledged, forks nothing, and proves nothing uncosigned`, async () => {
    await using world = await LedgerWorld.make()
    let crashes = false
    const crashed = await opened(world, {
      crashPoint(at) {
        if (crashes && at === point) throw new Error('the process ends here')
      },
    })
    const before = Array.from({ length: 3 }, (_, at) => entry({ act: 'open', number: at }))
    for (const one of before) await crashed.append(cosignedAct('open', { entries: [one] }))
    crashed.flush()
    const root = await treeOf(world, 3)
    crashes = true
    const hit = entry({ act: 'open', number: 3 })
    const outcome = await crashed.append(cosignedAct('open', { entries: [hit] }, 300)).catch(() => undefined)
    // Cosigned and recorded is cosigned: from there on the answer may have gone out before the end.
    if (point === 'tile-written') crashed.flush()
    else if (point !== 'cosigned') assert.equal(outcome, undefined)
    await crashed.close(true)

    const engine = await world.open()
    assert.equal(engine.next, 4)
    assert.equal(engine.status()[0]?.size, 4)
    // The checkpoint was not on this disk yet; after `cosigned` it may be.
    if (point !== 'cosigned') assert.equal(await codeOf(engine.proof({ log: LOG, index: 3, withinMilliseconds: 0 })), 'node/not-cosigned')
    assert.deepEqual(await engine.reconcile(), [])
    for (const [at, one] of [...before, hit].entries()) {
      assert.equal((await proven(await engine.proof({ log: LOG, index: at, withinMilliseconds: 5_000 }), one)).index, at)
    }
    assert.deepEqual(await treeOf(world, 3).catch(() => root), root)
    const next = entry({ act: 'open', number: 4 })
    const { positions, proof } = await engine.append(cosignedAct('open', { entries: [next] }))
    assert.deepEqual(positions, [{ log: LOG, index: 4 }])
    assert.equal((await proven(proof, next)).size, 5)
    assert.equal(
      world.notices.some(({ values: { reason } }) => reason === 'ledger/fork' || reason === 'ledger/consistency-wrong'),
      false,
    )
    await engine.close()
  })
}

test('tiles that are missing or wrong after a crash are made again from the journal', async () => {
  await using world = await LedgerWorld.make()
  const first = await opened(world)
  const entries = Array.from({ length: 5 }, (_, at) => entry({ act: 'open', number: at }))
  for (const one of entries) await first.append(cosignedAct('open', { entries: [one] }))
  await first.close()
  const tile = join(world.ledger, 'logs', LOG, 'tile/0/000.p/5')
  const bytes = await readFile(tile)
  await writeFile(tile, new Uint8Array(bytes.length))
  const second = await opened(world)
  assert.deepEqual(await readFile(tile), bytes)
  assert.ok(world.notices.some(({ code }) => code === 'tiles/rewritten'))
  await second.close()
  await rm(join(world.ledger, 'logs'), { recursive: true })
  const third = await opened(world)
  assert.equal(
    (await proven(await third.proof({ log: LOG, index: 2, withinMilliseconds: 5_000 }), entries[2] ?? entry({ act: 'x' }))).index,
    2,
  )
  await third.close()
})

test('a full disk: the act is refused, nothing of it is done, and after opening anew all goes on', async () => {
  await using world = await LedgerWorld.make()
  const disk = await openJournalFileIn(world)
  let isFull = false
  const faulty: JournalDisk = {
    ...disk,
    async append(buffers) {
      if (isFull) throw new NodeError('node/disk-full', 'no space left while writing the journal', { values: { what: 'the journal' } })
      return disk.append(buffers)
    },
  }
  const engine = await opened(world, { disk: faulty })
  await engine.append(act('release', { effects: [released] }))
  isFull = true
  const codes = await Promise.all([
    codeOf(engine.append(cosignedAct('open', { conditions: [live], effects: [{ effect: 'spend', nonce: 'n1', until: 9_999_999_999 }] }))),
    codeOf(engine.append(act('stop', { effects: [stopped] }))),
  ])
  assert.deepEqual(codes, ['node/disk-full', 'node/disk-full'])
  isFull = false
  assert.equal(await codeOf(engine.append(act('list'))), 'node/disk-full', 'what was assigned meanwhile is void, so nothing follows')
  assert.equal(engine.broken?.code, 'node/disk-full')
  assert.equal(world.durable.length, 1)
  await engine.close()
  assert.deepEqual(await recordsIn(world), ['release'])

  const again = await opened(world)
  assert.equal(again.next, 1)
  assert.equal(again.sequencer.item(ITEM)?.stopped, false)
  const { n, positions } = await again.append(cosignedAct('open', { conditions: [live, { condition: 'unspent', nonce: 'n1' }] }))
  assert.deepEqual({ n, positions }, { n: 1, positions: [{ log: LOG, index: 1 }] })
  await again.close()
})

test('a stop and many openings at once: none is entered with an index after the stop', async () => {
  await using world = await LedgerWorld.make()
  const engine = await opened(world)
  await engine.append(act('release', { effects: [released] }))
  const opening = (): Promise<number> =>
    engine.append(cosignedAct('open', { conditions: [live] })).then(({ positions }) => positions[0]?.index ?? -1)
  const racers = Array.from({ length: 40 }, (_, at) =>
    at === 17
      ? engine.append(act('stop', { effects: [stopped] })).then(({ positions }) => ({ stop: positions[0]?.index ?? -1 }))
      : opening(),
  )
  const results = await Promise.allSettled(racers)
  const indices = results.flatMap((one) => (one.status === 'fulfilled' && typeof one.value === 'number' ? [one.value] : []))
  const stop = results.flatMap((one) => (one.status === 'fulfilled' && typeof one.value === 'object' ? [one.value.stop] : []))[0] ?? -1
  assert.equal(indices.length, 17)
  assert.ok(indices.every((index) => index < stop))
  assert.ok(
    results
      .filter(({ status }) => status === 'rejected')
      .every((one) => ((one as PromiseRejectedResult).reason as NodeError).code === 'node/item-stopped'),
  )
  await engine.close()
  const again = await opened(world)
  assert.equal(await codeOf(again.append(cosignedAct('open', { conditions: [live] }))), 'node/item-stopped')
  await again.close()
})

test('the same request again gets the entry that stands, and none once its item is stopped', async () => {
  await using world = await LedgerWorld.make()
  const engine = await opened(world)
  await engine.append(act('release', { effects: [released] }))
  const ask = (): Parameters<Engine['append']>[0] =>
    cosignedAct('open', {
      request: 'open:r1',
      conditions: [live, { condition: 'unspent', nonce: 'n1' }],
      effects: [
        { effect: 'spend', nonce: 'n1', until: 9_999_999_999 },
        { effect: 'request', request: 'open:r1', until: 9_999_999_999 },
      ],
    })
  const first = await engine.append(ask())
  const second = await engine.append(ask())
  assert.deepEqual([first.repeated, second.repeated], [false, true])
  assert.deepEqual(second.positions, first.positions)
  await engine.append(act('stop', { effects: [stopped] }))
  assert.equal(await codeOf(engine.append(ask())), 'node/item-stopped')
  await engine.close()
})

test('an older copy of the journal stays closed for openings, takes stops, and never becomes the witnessed log again', async () => {
  await using world = await LedgerWorld.make()
  const engine = await opened(world)
  for (let at = 0; at < 2; at++) await engine.append(cosignedAct('open'))
  await cp(join(world.ledger, 'journal'), join(world.folder, 'backup'))
  for (let at = 0; at < 3; at++) await engine.append(cosignedAct('open'))
  await engine.close()
  await cp(join(world.folder, 'backup'), join(world.ledger, 'journal'))

  const old = await world.open()
  assert.deepEqual(await old.reconcile(), [LOG])
  assert.ok(world.notices.some(({ code, values }) => code === 'log/behind' && values['own'] === 2 && values['witness'] === 5))
  assert.equal(await codeOf(old.append(cosignedAct('open', {}, 50))), 'node/behind')
  for (let at = 0; at < 4; at++) await old.append(act('stop'))
  assert.equal(old.status()[0]?.size, 6)
  assert.equal(
    await codeOf(old.proof({ log: LOG, index: 2, withinMilliseconds: 50 })),
    'node/not-cosigned',
    'the checkpoint beside the older journal proves nothing of it',
  )
  await old.close()

  const grown = await world.open()
  await grown.reconcile()
  assert.equal((await codeOf(grown.append(cosignedAct('open', {}, 500)))) === 'ok', false)
  assert.deepEqual(await grown.reconcile(), [LOG], 'a fork stays closed however much it grows')
  assert.equal(await codeOf(grown.append(cosignedAct('open', {}, 50))), 'node/behind')
  await grown.close()
})

test('a log that cannot ask its witness stays closed for openings and open for stops', async () => {
  await using world = await LedgerWorld.make()
  world.reachable = false
  const engine = await world.open()
  assert.deepEqual(await engine.reconcile(), [LOG])
  assert.equal(await codeOf(engine.append(cosignedAct('open', {}, 50))), 'node/behind')
  await engine.append(act('stop'))
  world.reachable = true
  assert.deepEqual(await engine.reconcile(), [])
  await engine.append(cosignedAct('open'))
  await engine.close()
})

test('the witness refuses a fork with 422, shouts, and the log closes itself', async () => {
  await using world = await LedgerWorld.make()
  const engine = await opened(world)
  for (let at = 0; at < 3; at++) await engine.append(cosignedAct('open'))
  await engine.close()
  await rm(join(world.ledger, 'journal'))
  await rm(join(world.ledger, 'logs'), { recursive: true })
  const fork = await world.open()
  for (let at = 0; at < 4; at++) await fork.append(act('stop'))
  assert.deepEqual(await fork.reconcile(), [])
  assert.equal((await codeOf(fork.append(cosignedAct('open', {}, 500)))) === 'ok', false)
  assert.deepEqual(fork.closed(), [LOG])
  assert.ok(world.notices.some(({ values: { reason } }) => reason === 'ledger/consistency-wrong'))
  await fork.close()
})

test('a witness answers another old size with 409 and what it recorded, which outlives its restart', async () => {
  await using world = await LedgerWorld.make()
  let body = ''
  const engine = await opened(world, {
    cosign(_, text) {
      body = text
      return world.witness.add(text)
    },
  })
  await engine.append(cosignedAct('open'))
  await engine.append(cosignedAct('open'))
  await engine.close()
  const replayed = await world.witness.add(body)
  assert.deepEqual({ status: replayed.status, body: replayed.body }, { status: 409, body: '2\n' })
  await world.restartWitness()
  assert.equal((await world.witness.add(body)).body, '2\n')
})

test('a witness that lost its memory is brought up to date, and the log stays open', async () => {
  await using world = await LedgerWorld.make()
  const engine = await opened(world)
  await engine.append(cosignedAct('open'))
  await world.restartWitness('another-folder')
  const { proof } = await engine.append(cosignedAct('open'))
  assert.notEqual(proof, undefined)
  assert.deepEqual(engine.closed(), [])
  await engine.close()
})

test('the checkpoint on disk is the newest that was cosigned, of this log', async () => {
  await using world = await LedgerWorld.make()
  const engine = await opened(world)
  await engine.append(cosignedAct('open'))
  await engine.append(cosignedAct('open'))
  await engine.close()
  const { checkpoint } = readCheckpoint(await readFile(join(world.ledger, 'logs', LOG, 'checkpoint')))
  assert.deepEqual({ origin: checkpoint.origin, size: checkpoint.size }, { origin: ORIGIN, size: 2 })
})

test('entries for a log that is not planned yet wait in the journal and stand in it once it is', async () => {
  await using world = await LedgerWorld.make()
  const engine = await opened(world)
  await engine.append(act('release'))
  await engine.close()
  const without = await world.open({ plans: [] })
  assert.deepEqual(without.status(), [])
  assert.equal(without.next, 1)
  await without.close()
  const planned = await world.open()
  assert.equal(planned.status()[0]?.size, 1)
  await planned.close()
})

test('a corrupt journal does not open', async () => {
  await using world = await LedgerWorld.make()
  const engine = await opened(world)
  for (let at = 0; at < 3; at++) await engine.append(act('stop'))
  await engine.close()
  const path = join(world.ledger, 'journal')
  const bytes = await readFile(path)
  bytes[20] = (bytes[20] ?? 0) ^ 1
  await writeFile(path, bytes)
  assert.equal(await codeOf(world.open()), 'node/journal-corrupt')
})

test('whoever claimed the logs last has them; a claim of a process that is gone is taken over', async () => {
  await using world = await LedgerWorld.make()
  const first = await claimFence(world.ledger)
  await first.check()
  const second = await claimFence(world.ledger)
  assert.equal(await codeOf(first.check()), 'node/fenced')
  await first.release()
  await second.check()
  const fence = join(world.ledger, 'fence')
  await writeFile(fence, JSON.stringify({ pid: process.ppid, started: await startedOf(process.ppid), token: 'x' }))
  assert.equal(await codeOf(claimFence(world.ledger)), 'node/fenced', 'its process is alive')
  await writeFile(fence, JSON.stringify({ pid: process.ppid, started: 'another start', token: 'x' }))
  const third = await claimFence(world.ledger)
  await third.release()
  assert.equal(await codeOf(third.check()), 'node/fenced')
})

async function startedOf(pid: number): Promise<string> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '')
  return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? ''
}

async function openJournalFileIn(world: LedgerWorld): Promise<JournalDisk> {
  await mkdir(world.ledger, { recursive: true })
  return openJournalFile(join(world.ledger, 'journal'))
}
