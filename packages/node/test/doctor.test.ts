import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type Check, versionCheck } from '#src/use-cases/examine-node.ts'
import { DAY, LINK_LOG, OversightWorld } from './oversight-world.ts'

const ITEM = '5c9e0f3a-1c1b-4a5e-9f57-0c3a9d1b2e4f'

test('the doctor speaks to officers: to a reader, sizes of logs would tell what others do', async () => {
  await using world = await OversightWorld.make()
  const [doctor, nothing] = [await world.ask('morgan', 'GET', '/api/doctor'), await world.ask('morgan', 'GET', '/api/nothing')]
  assert.equal(doctor.status, 404)
  assert.deepEqual(doctor.body, nothing.body)
})

test('the doctor finds a well node well', async () => {
  await using world = await OversightWorld.make()
  await world.release(ITEM, { recipient: 'JPN' })
  await world.nation.ledger.call('proof', { log: LINK_LOG, index: 0, by: '', withinMilliseconds: 5_000 })
  const { body } = await world.ask<{ checks: Check[] }>('singh', 'GET', '/api/doctor')
  const unwell = body.checks.filter(({ state, code }) => state !== 'ok' && code !== 'doctor/disk-free')
  const codes = unwell.map(({ code }) => code)
  assert.deepEqual(codes, ['doctor/no-backup', 'doctor/authority-key'], 'as an exercise is')
  assert.deepEqual(
    new Set(body.checks.map(({ code }) => code)),
    new Set([
      'doctor/agreement',
      'doctor/authority-key',
      'doctor/certificate',
      'doctor/clock-skew',
      'doctor/delegation',
      'doctor/disk-free',
      'doctor/key-files',
      'doctor/key-statement-age',
      'doctor/ledger-closed',
      'doctor/ledger-files',
      'doctor/ledger-uncosigned',
      'doctor/no-backup',
      'doctor/no-quarantine',
      'doctor/node-version',
      'doctor/partner-reachable',
      'doctor/projection',
    ]),
  )
})

test('the doctor finds a clock that is off, a cut link, an uncosigned tail, and a delegation that ends', async () => {
  await using world = await OversightWorld.make()
  const find = async (code: string): Promise<Check> => {
    const { body } = await world.ask<{ checks: Check[] }>('singh', 'GET', '/api/doctor')
    const check = body.checks.find((one) => one.code === code && one.name !== 'home')
    assert.ok(check !== undefined)
    return check
  }
  world.partnerAhead = 20
  assert.equal((await find('doctor/clock-skew')).state, 'warn')
  world.partnerAhead = -300
  assert.equal((await find('doctor/clock-skew')).state, 'fail')
  world.linked = false
  await world.release(ITEM, { recipient: 'JPN' })
  assert.deepEqual((await find('doctor/partner-reachable')).values, { nation: 'JPN', reason: 'node/partner-unreachable' })
  const tail = await find('doctor/ledger-uncosigned')
  assert.deepEqual([tail.state, tail.values['uncosigned']], ['warn', 1])
  world.ahead = 80 * DAY
  assert.equal((await find('doctor/delegation')).state, 'warn')
  world.ahead = 91 * DAY
  assert.equal((await find('doctor/delegation')).state, 'fail')
  assert.deepEqual([versionCheck('24.9.0').state, versionCheck('26.0.0').state], ['fail', 'ok'])
})
