import assert from 'node:assert/strict'
import { mkdtempDisposable, readFile, readdir, rm, truncate, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { nodeCrypto as crypto } from '@entente/crypto-node'
import { type WitnessState, readCheckpoint, signCheckpoint } from '@entente/ledger'
import type { Engine } from '#src/ledger/engine.ts'
import { WitnessRecords } from '#src/ledger/witness-records.ts'
import { AT, LOG, LedgerWorld, ORIGIN, cosignedAct, plan } from './ledger-world.ts'

const OTHER = 'log.aaa.entente.example/exercise/other'

async function stateOf(size: number, origin: string = ORIGIN): Promise<WitnessState> {
  const root = crypto.sha256(new Uint8Array([size % 256, size >> 8]))
  return { size, root, checkpoint: await signCheckpoint({ origin, size, root, extensions: [] }, plan.signers, AT) }
}

function room(): ReturnType<typeof mkdtempDisposable> {
  return mkdtempDisposable(join(tmpdir(), 'entente-witness-'))
}

/** What a witness that is started now knows. */
async function known(folder: string): Promise<Record<string, number>> {
  const { states } = await WitnessRecords.open(crypto, folder)
  return Object.fromEntries([...states].map(([origin, { size }]) => [origin, size]))
}

async function write(records: WitnessRecords, sizes: readonly number[]): Promise<void> {
  for (const size of sizes) await records.write(ORIGIN, await stateOf(size))
}

test('the newest record of each log counts after a start, and its bytes are those that were written', async () => {
  await using folder = await room()
  const records = await WitnessRecords.open(crypto, folder.path)
  await write(records, [1, 2, 5])
  await records.write(OTHER, await stateOf(3, OTHER))
  assert.deepEqual(await known(folder.path), { [ORIGIN]: 5, [OTHER]: 3 })
  const { states } = await WitnessRecords.open(crypto, folder.path)
  assert.deepEqual(states.get(ORIGIN)?.checkpoint, records.states.get(ORIGIN)?.checkpoint)
})

test('a record that was cut off was never answered for; what was before it stays, and what follows is not behind rubbish', async () => {
  await using folder = await room()
  await write(await WitnessRecords.open(crypto, folder.path), [1, 2, 3])
  const newer = join(folder.path, (await readdir(folder.path)).find((name) => name.endsWith('.newer')) ?? '')
  const whole = await readFile(newer)
  for (const length of [whole.length - 1, whole.length / 2 + 4, whole.length / 2 + 100]) {
    await writeFile(newer, whole)
    await truncate(newer, length)
    assert.deepEqual(await known(folder.path), { [ORIGIN]: 2 })
  }
  const damaged = whole.slice()
  damaged[damaged.length - 20] = (damaged.at(-20) ?? 0) ^ 1
  await writeFile(newer, damaged)
  const records = await WitnessRecords.open(crypto, folder.path)
  assert.equal(records.states.get(ORIGIN)?.size, 2)
  await write(records, [4, 6])
  assert.deepEqual(await known(folder.path), { [ORIGIN]: 6 })
})

test('a crash between putting the records into one file and emptying the other brings nothing old back', async () => {
  await using folder = await room()
  const records = await WitnessRecords.open(crypto, folder.path)
  await write(records, [1, 2, 3])
  const names = await readdir(folder.path)
  const newer = join(folder.path, names.find((name) => name.endsWith('.newer')) ?? '')
  const old = await readFile(newer)
  await write(await WitnessRecords.open(crypto, folder.path), [9])
  assert.equal((await readFile(newer)).length, 0)
  await writeFile(newer, old)
  assert.deepEqual(await known(folder.path), { [ORIGIN]: 9 })
})

test('a folder of the version before, with one checkpoint a log, is read and gone on with', async () => {
  await using folder = await room()
  await write(await WitnessRecords.open(crypto, folder.path), [7])
  const newer = (await readdir(folder.path)).find((name) => name.endsWith('.newer')) ?? ''
  await rm(join(folder.path, newer))
  const records = await WitnessRecords.open(crypto, folder.path)
  assert.equal(records.states.get(ORIGIN)?.size, 7)
  await write(records, [8])
  assert.deepEqual(await known(folder.path), { [ORIGIN]: 8 })
})

test('the file of newer records does not grow for ever', async () => {
  await using folder = await room()
  const records = await WitnessRecords.open(crypto, folder.path)
  const { checkpoint } = await stateOf(1)
  const many = Math.ceil(1_048_576 / checkpoint.length) + 20
  for (let size = 1; size <= many; size++) await records.write(ORIGIN, await stateOf(size))
  const newer = (await readdir(folder.path)).find((name) => name.endsWith('.newer')) ?? ''
  assert.ok((await readFile(join(folder.path, newer))).length < 30 * checkpoint.length)
  assert.deepEqual(await known(folder.path), { [ORIGIN]: many })
})

/** An engine whose witness has been asked. */
async function started(world: LedgerWorld): Promise<Engine> {
  const engine = await world.open()
  await engine.reconcile()
  return engine
}

test('a checkpoint that a power cut made rubbish is noticed and cosigned anew', async () => {
  await using world = await LedgerWorld.make()
  const path = join(world.ledger, 'logs', LOG, 'checkpoint')
  for (const rubbish of ['', '\0'.repeat(512), 'half\n']) {
    const engine = await started(world)
    await engine.append(cosignedAct('open'))
    await engine.close()
    const { checkpoint } = readCheckpoint(await readFile(path))
    await writeFile(path, rubbish)
    world.notices.length = 0
    const again = await started(world)
    assert.deepEqual(world.notices, [{ code: 'tiles/rewritten', values: { log: ORIGIN, path: 'checkpoint' } }])
    assert.notEqual(await again.proof({ log: LOG, index: checkpoint.size - 1, withinMilliseconds: 5_000 }), undefined)
    again.flush()
    assert.equal(readCheckpoint(await readFile(path)).checkpoint.size, checkpoint.size)
    await again.close()
  }
})
