/** What goes and what stays, who gets something, and how much of a release is done. */
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { MarkedPortion, ReleaseProgress } from '@entente/client'
import { bytesToSeal, nationsThatGet, shareDone, tallyOf } from '../src/screens/queue/going.ts'

const LABEL = { policy: 'urn:x', classification: 'SECRET' }
const portions = [
  { id: 'p1', kind: 'text', marking: '(S)', label: LABEL, texts: [{ lang: 'ja', text: '演習' }] },
  { id: 'p2', kind: 'file', marking: '(S)', label: LABEL, name: 'a.bin', mediaType: 'application/octet-stream', size: 1_000, sha256: '' },
] as unknown as readonly MarkedPortion[]

const at = (rendition: number, recipient: string, rest: Partial<ReleaseProgress>): ReleaseProgress => ({
  rendition,
  renditions: 2,
  recipient,
  step: 'sealing',
  ...rest,
})

describe('what goes', () => {
  test('is counted, and what stays too', () => {
    assert.deepEqual(tallyOf([{ goes: true }, { goes: false }, { goes: true }]), { goes: 2, stays: 1 })
    assert.deepEqual(tallyOf([]), { goes: 0, stays: 0 })
  })

  test('only a wanted partner for whom something goes gets anything', () => {
    const answers = new Map([
      ['JPN', { tearLine: ['p1'] }],
      ['NZL', { tearLine: [] }],
      ['CAN', { tearLine: ['p1', 'p2'] }],
    ])
    assert.deepEqual(nationsThatGet(['CAN', 'GBR', 'JPN', 'NZL'], new Set(), answers), ['CAN', 'JPN'])
    assert.deepEqual(nationsThatGet(['CAN', 'GBR', 'JPN', 'NZL'], new Set(['CAN']), answers), ['JPN'])
  })

  test('texts weigh their UTF-8, files their size; of the chosen portions or of all', () => {
    assert.equal(bytesToSeal(portions), 1_006)
    assert.equal(bytesToSeal(portions, ['p1']), 6)
    assert.equal(bytesToSeal(portions, []), 0)
  })
})

describe('share of a release', () => {
  const order = ['AUS', 'JPN']
  const sizes = new Map([
    ['AUS', 3_000],
    ['JPN', 1_000],
  ])
  const share = (progress: ReleaseProgress, sealed = 0): number => shareDone(progress, order, sizes, sealed)

  test('each rendition counts by its bytes, half for sealing and half for sending', () => {
    assert.equal(share(at(1, 'AUS', {})), 0)
    assert.equal(share(at(1, 'AUS', {}), 1_500), 0.1875)
    assert.equal(share(at(1, 'AUS', { step: 'sending', bytes: 0, size: 3_100 })), 0.375)
    assert.equal(share(at(1, 'AUS', { step: 'sending', bytes: 3_100, size: 3_100 })), 0.75)
    assert.equal(share(at(1, 'AUS', { step: 'sent' })), 0.75)
    assert.equal(share(at(2, 'JPN', {}), 500), 0.8125)
    assert.equal(share(at(2, 'JPN', { step: 'sent' })), 1)
  })

  test('a container that is longer than what is in it goes no further than its half', () => {
    assert.equal(share(at(1, 'AUS', {}), 9_000), 0.375)
  })

  test('renditions without bytes divide nothing by zero', () => {
    assert.equal(shareDone(at(2, 'JPN', { step: 'sending', bytes: 0, size: 0 }), order, new Map(), 0), 0.75)
  })
})
