/** Backups: sealed for a key that is kept elsewhere, whole or refused, and closed after they were restored. */
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { cp, mkdtemp, readFile, readdir, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { concatBytes, utf8 } from '@entente/canonical'
import { nodeCrypto } from '@entente/crypto-node'
import { makeBackup } from '#src/backup/backup.ts'
import { bringNewer } from '#src/backup/bring-newer.ts'
import { makeRecoveryKey, recoveryKeyOf } from '#src/backup/recovery-key.ts'
import { readRestoredMark, restoreBackup } from '#src/backup/restore.ts'
import { openStream, sealStream } from '#src/backup/seal.ts'
import { TAR_END, readTar, tarHeader, tarPadding } from '#src/backup/tar.ts'
import { startNation } from '#src/start.ts'
import { endOf } from './codes.ts'
import { LedgerWorld, act, cosignedAct } from './ledger-world.ts'
import { enterActs, getJson, keepFolder, makeLoneNation } from './lone-nation.ts'

const NOW = 1_790_000_000

async function scratch(): Promise<{ readonly path: string } & AsyncDisposable> {
  const path = await mkdtemp(join(tmpdir(), 'entente-backup-'))
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true }) }
}

async function* pieces(bytes: Uint8Array, size = bytes.length): AsyncGenerator<Uint8Array, void, void> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size)
}

async function collect(stream: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  const all: Uint8Array[] = []
  for await (const piece of stream) all.push(piece)
  return concatBytes(...all)
}

test('a sealed stream opens with its key to the same bytes, at every length around a segment; any change, cut or addition does not', async () => {
  const key = await nodeCrypto.kemKey()
  for (const length of [0, 1, 65_535, 65_536, 65_537, 131_072]) {
    const plain = nodeCrypto.random(length)
    const sealed = await collect(sealStream(nodeCrypto, key.publicKey, pieces(plain, 10_000)))
    assert.deepEqual(await collect(openStream(nodeCrypto, key, pieces(sealed, 7_777))), plain, `${length}`)
  }
  const sealed = await collect(sealStream(nodeCrypto, key.publicKey, pieces(new Uint8Array(70_000))))
  const head = sealed.indexOf(0x0a) + 1
  for (const at of [5, 40, head, head + 65_551, head + 65_552, sealed.length - 1]) {
    const bad = sealed.slice()
    bad[at] = (bad[at] ?? 0) ^ 1
    assert.equal(await endOf(collect(openStream(nodeCrypto, key, pieces(bad)))), 'node/backup', `${at}`)
  }
  const segment = 65_552
  const swapped = concatBytes(sealed.subarray(0, head), sealed.subarray(head + segment), sealed.subarray(head, head + segment))
  for (const bad of [sealed.subarray(0, head + segment), sealed.subarray(0, 10), concatBytes(sealed, new Uint8Array(1)), swapped])
    assert.equal(await endOf(collect(openStream(nodeCrypto, key, pieces(bad)))), 'node/backup')
  assert.equal(await endOf(collect(openStream(nodeCrypto, await nodeCrypto.kemKey(), pieces(sealed)))), 'node/backup')
})

test('an archive is one that tar reads, and nothing outside of the directory has a name in it', async () => {
  await using folder = await scratch()
  const content = utf8('EXERCISE')
  const archive = concatBytes(tarHeader('node/a.json', content.length, NOW), content, tarPadding(content.length), TAR_END)
  const file = join(folder.path, 'a.tar')
  await writeFile(file, archive)
  assert.equal(spawnSync('tar', ['-xOf', file, 'node/a.json'], { encoding: 'utf8' }).stdout, 'EXERCISE')
  for (const name of ['../a', '/etc/a', 'a/../../b', './a', 'a//b', 'a\\b', 'a b', '..', ''])
    assert.throws(() => tarHeader(name, 0, NOW), { code: 'node/backup' }, name)
  const bad = archive.slice()
  bad.set(utf8('../../../a'), 0)
  const names = async (): Promise<void> => {
    for await (const { content: bytes } of readTar(pieces(bad))) await collect(bytes)
  }
  assert.equal(await endOf(names()), 'node/backup')
})

test('a nation comes back as it was but for its authority, and stays closed; another key, a changed byte and a false author do not restore', async () => {
  await using made = await makeLoneNation()
  await using folder = await scratch()
  const at = (name: string): string => join(folder.path, name)
  assert.equal(await endOf(makeBackup(nodeCrypto, made.dir, at('none'), NOW)), 'node/backup', 'no key yet')
  await enterActs(made.dir, 2)
  await makeRecoveryKey(nodeCrypto, made.dir, at('key'))
  const { records } = await makeBackup(nodeCrypto, made.dir, at('backup'), NOW)
  assert.equal(records, 2)
  for (const secret of ['keys/keys.json', 'node/tls-key.pem'])
    assert.ok(!(await readFile(at('backup'))).includes((await readFile(join(made.dir, secret))).subarray(10, 40)))
  const said = await restoreBackup(nodeCrypto, { from: at('backup'), to: at('back'), key: at('key'), now: NOW + 60 })
  assert.deepEqual([said.records, said.at, said.nation], [2, NOW, 'AAA'])
  assert.deepEqual(await readRestoredMark(at('back')), { made: NOW, restored: NOW + 60, records: 2 })
  for (const same of [
    'ledger/journal',
    'keys/keys.json',
    'office/keys.json',
    'node/people.json',
    'trust/statements/AAA.json',
    'config.json',
  ])
    assert.deepEqual(await readFile(join(at('back'), same)), await readFile(join(made.dir, same)), same)
  assert.ok(!(await readdir(at('back'))).includes('authority'))
  assert.equal((await stat(join(at('back'), 'keys/keys.json'))).mode & 0o777, 0o600)
  assert.equal(await endOf(restoreBackup(nodeCrypto, { from: at('backup'), to: at('back'), key: at('key'), now: NOW })), 'node/conflict')

  await cp(made.dir, at('other'), { recursive: true })
  await makeRecoveryKey(nodeCrypto, at('other'), at('other-key'))
  const wrong = (from: string, key: string): Promise<string> =>
    endOf(restoreBackup(nodeCrypto, { from: at(from), to: at('never'), key: at(key), now: NOW }))
  assert.equal(await wrong('backup', 'other-key'), 'node/backup')
  const bytes = await readFile(at('backup'))
  bytes[bytes.length - 40_000] = (bytes[bytes.length - 40_000] ?? 0) ^ 1
  await writeFile(at('changed'), bytes)
  assert.equal(await wrong('changed', 'key'), 'node/backup')
  // Whoever has the public half can seal, and yet not speak for the nation: another nation's archive, and one without a statement.
  const recipient = await recoveryKeyOf(made.dir)
  await using stranger = await makeLoneNation()
  await writeFile(join(stranger.dir, 'recovery.json'), await readFile(join(made.dir, 'recovery.json')))
  await makeBackup(nodeCrypto, stranger.dir, at('stranger'), NOW)
  assert.equal(await wrong('stranger', 'key'), 'node/backup')
  await writeFile(at('unsigned'), await collect(sealStream(nodeCrypto, recipient, pieces(TAR_END))))
  assert.equal(await wrong('unsigned', 'key'), 'node/backup')
  assert.ok(!(await readdir(folder.path)).some((name) => name.startsWith('never')), 'nothing half restored stays')

  const running = await startNation(at('back'))
  try {
    const until = performance.now() + 10_000
    let codes: unknown
    do {
      codes = (await getJson(running.peopleUrl, '/api/health')).body['codes']
    } while (JSON.stringify(codes) !== '["health/quarantine"]' && performance.now() < until)
    assert.deepEqual(codes, ['health/quarantine'])
  } finally {
    await running.stop()
  }
})

test('in quarantine nothing is entered before the witnesses were asked, then stops alone; lifted, all of it', async () => {
  await using world = await LedgerWorld.make()
  const engine = await world.open({ quarantined: true })
  try {
    assert.equal(await endOf(engine.append(act('stop'))), 'node/quarantined', 'no witness was asked')
    await engine.reconcile()
    assert.deepEqual(Object.values(engine.closures()), ['quarantine'])
    assert.equal(await endOf(engine.append(act('list'))), 'node/quarantined')
    assert.equal(await endOf(engine.append(cosignedAct('stop', {}, 50))), 'node/quarantined')
    assert.equal(await endOf(engine.append(act('agreement-part'))), 'node/quarantined')
    assert.equal((await engine.append(act('stop'))).n, 0)
    assert.equal(await endOf(engine.append(act('agreement-stop-part'))), 'done')
    engine.lift()
    assert.deepEqual(engine.closed(), [])
    assert.equal((await engine.append(cosignedAct('open'))).n, 2)
  } finally {
    await engine.close()
  }
})

test('a newer copy is brought where this journal is its beginning, and refused where it is not', async () => {
  await using made = await makeLoneNation()
  await using folder = await scratch()
  await writeFile(join(made.dir, 'office', 'journal'), '')
  await enterActs(made.dir, 1)
  await cp(made.dir, join(folder.path, 'old'), { recursive: true })
  const putBack = await keepFolder(made.dir)
  await enterActs(made.dir, 2)
  await cp(made.dir, join(folder.path, 'newer'), { recursive: true })
  // The machine broke inside a write.
  await writeFile(join(folder.path, 'newer/ledger/journal'), new Uint8Array([0, 0, 1, 0, 9, 9]), { flag: 'a' })
  const torn = await readFile(join(folder.path, 'newer/ledger/journal'))
  await putBack()
  assert.deepEqual(await bringNewer(made.dir, join(folder.path, 'newer')), { before: 1, records: 3, files: 0 })
  assert.deepEqual(await readFile(join(folder.path, 'newer/ledger/journal')), torn, 'the copy is only read')
  assert.deepEqual(await readFile(join(made.dir, 'ledger/journal')), torn.subarray(0, torn.length - 6))
  assert.equal(await endOf(bringNewer(made.dir, join(folder.path, 'old'))), 'node/journal-other', 'an older one')
  await enterActs(join(folder.path, 'old'), 4)
  const before = await readFile(join(made.dir, 'ledger/journal'))
  assert.equal(await endOf(bringNewer(made.dir, join(folder.path, 'old'))), 'node/journal-other', 'one that went on by itself')
  assert.deepEqual(await readFile(join(made.dir, 'ledger/journal')), before)
})
