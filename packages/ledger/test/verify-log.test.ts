import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import { utf8 } from '@entente/canonical'
import { nodeCrypto as crypto } from '@entente/crypto-node'
import { type Disclosure, type LogReport, type LogToVerify, redact, verifyLog } from '@entente/ledger'
import { ORIGIN, TestLog, policy } from './world.ts'

async function verify(log: TestLog, more: Partial<LogToVerify> = {}): Promise<LogReport> {
  return await verifyLog(crypto, { reader: log.reader, policy, origin: ORIGIN, paths: log.files.keys(), realm: 'exercise', ...more })
}

function codes(report: LogReport): string[] {
  return report.findings.map(({ code, values }) => [code, ...Object.values(values)].join(' '))
}

function flip(log: TestLog, path: string, at: number): void {
  const bytes = log.files.get(path)
  assert.ok(bytes, path)
  log.files.set(
    path,
    bytes.map((byte, index) => (index === at ? byte ^ 1 : byte)),
  )
}

/** 70 entries, then 530, then 25: with partial tiles of sizes before. */
async function threeSteps(): Promise<{ log: TestLog; earlierCheckpoints: Uint8Array[] }> {
  const log = new TestLog()
  const earlierCheckpoints = [await log.grow(0), await log.grow(70), await log.grow(530)]
  await log.grow(25)
  return { log, earlierCheckpoints }
}

test('a good log has no finding, and its disclosed entries open', async () => {
  const { log, earlierCheckpoints } = await threeSteps()
  const entries = [0, 69, 300, 624].map((index) => ({
    index,
    opening: redact(crypto, log.openings[index]!, index === 300 ? ['serial'] : []),
  }))
  const report = await verify(log, { earlierCheckpoints, disclosure: { log: ORIGIN, entries } })
  assert.deepEqual(codes(report), [])
  assert.ok(report.ok)
  assert.equal(report.checkpoint?.size, 625)
  assert.deepEqual(
    report.entries.map(({ index, fields, hidden }) => [index, fields['serial'], hidden]),
    [
      [0, 0, 0],
      [69, 69, 0],
      [300, undefined, 1],
      [624, 624, 0],
    ],
  )
})

test('what is changed is named: tile, entry, left-over tile, left-over bundle', async () => {
  const cases: [string, number, string][] = [
    ['tile/0/001', 100, 'ledger/tile-wrong tile/0/001'],
    ['tile/0/002.p/113', 3_000, 'ledger/tile-wrong tile/0/002.p/113'],
    ['tile/1/000.p/2', 40, 'ledger/tile-wrong tile/1/000.p/2'],
    ['tile/0/000.p/70', 5, 'ledger/tile-wrong tile/0/000.p/70'],
    ['tile/entries/000.p/70', 40, 'ledger/entry-wrong 0 tile/entries/000.p/70'],
    ['tile/entries/001', 40, 'ledger/entry-wrong 256 tile/entries/001'],
  ]
  for (const [path, at, expected] of cases) {
    const { log } = await threeSteps()
    flip(log, path, at)
    assert.deepEqual(
      codes(await verify(log, { realm: 'exercise' })).filter((code) => !code.startsWith('ledger/entry-malformed')),
      [expected],
    )
  }
})

test('a missing or malformed file is named, and the rest is still judged', async () => {
  const { log } = await threeSteps()
  log.files.delete('tile/entries/001')
  log.files.set('tile/0/000', new Uint8Array(31))
  flip(log, 'tile/1/000.p/2', 0)
  assert.deepEqual(codes(await verify(log)).slice(0, 2), ['ledger/tile-malformed tile/0/000', 'ledger/bundle-missing tile/entries/001'])
  const none = await verifyLog(crypto, { reader: () => undefined, policy })
  assert.deepEqual(codes(none), ['ledger/checkpoint-missing'])
  const broken = await verifyLog(crypto, {
    reader: () => {
      throw new Error('disk')
    },
    policy,
  })
  assert.deepEqual(codes(broken), ['ledger/unreadable checkpoint'])
})

test('a tile and an entry elsewhere changed at once are both found', async () => {
  const { log } = await threeSteps()
  flip(log, 'tile/0/001', 100)
  flip(log, 'tile/entries/000', 40)
  const report = await verify(log)
  assert.ok(codes(report).some((code) => code.startsWith('ledger/entry-tile-differ 0')))
  assert.ok(codes(report).some((code) => code.startsWith('ledger/root-wrong')))
})

test('a log that was cut back or written anew is found by what it signed before', async () => {
  const { log, earlierCheckpoints } = await threeSteps()
  const short = new TestLog()
  await short.grow(70)
  const report = await verify(short, { earlierCheckpoints })
  assert.deepEqual(codes(report), ['ledger/rolled-back 70 600', 'ledger/fork 70'])
  const anew = new TestLog()
  await anew.grow(700)
  assert.deepEqual(codes(await verify(anew, { earlierCheckpoints })), ['ledger/fork 70', 'ledger/fork 600'])
  const forged = earlierCheckpoints.map((bytes) => bytes.map((byte, at) => (at === 50 ? byte ^ 1 : byte)))
  const [, , bad] = forged
  assert.deepEqual(
    (await verify(log, { earlierCheckpoints: [bad!, utf8('x')] })).findings.map(({ values }) => values['earlier']),
    [0, 1],
  )
})

test('a disclosure of another log, of no entry, or that does not open is named, and opens nothing', async () => {
  const { log } = await threeSteps()
  const opening = log.openings[3]!
  const disclosure: Disclosure = {
    log: 'other',
    entries: [
      { index: 3, opening: log.openings[4]! },
      { index: 9_999, opening },
    ],
  }
  const report = await verify(log, { disclosure })
  assert.deepEqual(codes(report), [
    'ledger/other-log other log.aaa.entente.example/exercise/home',
    'ledger/disclosure-beyond 9999 625',
    'ledger/opening-wrong 3',
  ])
  assert.deepEqual(report.entries, [])
  // An entry whose signatures do not hold proves nothing, even though it opens.
  const unsigned = await verify(log, { policy: { ...policy, logs: [] }, disclosure: { log: ORIGIN, entries: [{ index: 3, opening }] } })
  assert.deepEqual(unsigned.entries, [])
  assert.equal(unsigned.findings[0]?.code, 'ledger/log-unknown')
})

test('an entry of the other realm is found', async () => {
  const log = new TestLog()
  await log.grow(2)
  await log.grow(1, 'operational')
  assert.deepEqual(codes(await verify(log)), ['ledger/entry-realm 2 operational'])
})

test('any changed byte of any file that counts is found, and nothing is thrown', async () => {
  const { log, earlierCheckpoints } = await threeSteps()
  const paths = [...log.files.keys()]
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(...paths), fc.nat(), fc.integer({ min: 1, max: 255 }), async (path, position, change) => {
      const bytes = log.files.get(path)!
      const at = position % bytes.length
      const changed = new Map(log.files).set(
        path,
        bytes.map((byte, index) => (index === at ? byte ^ change : byte)),
      )
      const report = await verify(log, { reader: (wanted) => changed.get(wanted), earlierCheckpoints })
      assert.ok(!report.ok, `${path} byte ${at}`)
    }),
    { numRuns: 60 },
  )
})
