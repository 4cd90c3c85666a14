/** What the doctor finds wrong in a directory, each by making it so. */
import assert from 'node:assert/strict'
import { chmod, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import { message } from '@entente/words'
import { pathsOf } from '#src/config.ts'
import { examineDirectory } from '#src/use-cases/examine-directory.ts'
import type { Check } from '#src/use-cases/examine-node.ts'
import { OversightWorld } from './oversight-world.ts'

const ITEM = '00000000-0000-4000-8000-000000000001'

test('quarantine, an old backup, open key files, a port that gave way, an old certificate, a changed tile: found, and worded', async () => {
  await using world = await OversightWorld.make()
  const { nation } = world
  const paths = pathsOf(nation.dir)
  await world.release(ITEM, { recipient: 'JPN' })
  await nation.ledger.call('proof', { log: 'jpn-aus.jpn', index: 0, by: '', withinMilliseconds: 5_000 })
  const state = async (code: string, at: number = nation.now()): Promise<string> => {
    const checks = await examineDirectory({ ...nation, now: () => at }, (await nation.ledger.call('status', {})).logs)
    const worst = (one: Check): number => ['ok', 'warn', 'fail'].indexOf(one.state)
    const check = checks.filter((one) => one.code === code).sort((a, b) => worst(b) - worst(a))[0]
    if (check === undefined) return 'none'
    for (const lang of ['en', 'ja'] as const) assert.doesNotMatch(message(lang, check.code, check.values), /[{}[\]]|no words|説明のない/u)
    return check.state
  }
  assert.deepEqual([await state('doctor/quarantine'), await state('doctor/no-quarantine')], ['none', 'ok'])
  await writeFile(paths.restored, '{"made":1790000000,"records":2,"restored":1790000000}')
  assert.equal(await state('doctor/quarantine'), 'fail')

  assert.equal(await state('doctor/no-backup'), 'warn')
  await writeFile(paths.lastBackup, JSON.stringify({ at: nation.now() - 3_600, records: 1 }))
  assert.equal(await state('doctor/backup-age'), 'ok')
  assert.equal(await state('doctor/backup-age', nation.now() + 3 * 86_400), 'warn')

  assert.equal(await state('doctor/key-files'), 'ok')
  await chmod(join(paths.keys, 'keys.json'), 0o640)
  assert.equal(await state('doctor/key-files-open'), 'fail')

  assert.equal(await state('doctor/authority-key'), 'warn')
  await rm(paths.authority, { recursive: true })
  assert.equal(await state('doctor/authority-away'), 'ok')

  const asked = { ...nation.config, people: { ...nation.config.people, port: 4801 } }
  await writeFile(paths.running, JSON.stringify({ pid: 1, peopleUrl: 'http://aus.localhost:4802', partnerPort: 4902 }))
  const ports = (await examineDirectory({ ...nation, config: asked }, [])).filter(({ code }) => code === 'doctor/port')
  assert.deepEqual(ports.find(({ name }) => name === 'people')?.values, { port: 4802, asked: 4801 })

  assert.equal(await state('doctor/certificate'), 'ok')
  const year = 31_557_600
  assert.equal(await state('doctor/certificate', nation.now() + 10 * year - 30 * 86_400), 'warn')
  assert.equal(await state('doctor/certificate', nation.now() + 11 * year), 'fail')

  assert.equal(await state('doctor/ledger-files'), 'ok')
  await writeFile(join(paths.ledger, 'logs', 'jpn-aus.jpn', 'tile', '0', '000.p', '1'), new Uint8Array(32))
  assert.equal(await state('doctor/ledger-files-wrong'), 'fail')
})
