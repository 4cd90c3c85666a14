import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { CheckedEntry, EvidenceEntry } from '@entente/client'
import { actorsOf, partnerOfLog, wordsOfAct } from '../src/screens/ledger/acts.ts'
import { type Checking, type Sweep, checkEntries, checkItems, readingOf, tallyOf } from '../src/screens/ledger/checking.ts'

const entry = (index: number, act = 'release', log = 'home'): EvidenceEntry => ({ log, index, act, at: 1, leaf: '', opening: {} })

/** What a sound entry about `item` comes to; its index is its quorum's time as well. */
function proven(one: EvidenceEntry, item: string, outcome?: string): CheckedEntry {
  const place = { index: one.index, size: 9, time: one.index }
  const fields = { act: one.act, item, ...(outcome === undefined ? {} : { outcome }) }
  return { entry: one, state: 'proven', proven: { realm: 'exercise', at: 1, leafHash: '', fields, place } }
}

const checkingWith = (verify: (one: EvidenceEntry) => CheckedEntry, ended = () => false): Checking => ({
  verify: async (one) => verify(one),
  breathe: async () => {},
  ended,
})

test('entries are verified one after the other, and each step is shown', async () => {
  const steps: string[][] = []
  const verify = (one: EvidenceEntry): CheckedEntry => (one.index === 2 ? { entry: one, state: 'pending' } : proven(one, 'a'))
  const checked = await checkEntries('a', [entry(1), entry(2), entry(3)], checkingWith(verify), (now) => {
    steps.push(now.map(({ state }) => state))
  })
  assert.deepEqual(steps, [['proven'], ['proven', 'pending'], ['proven', 'pending', 'proven']])
  assert.deepEqual(tallyOf(checked), { proven: 2, pending: 1, wrong: 0, newest: 3 })
  assert.deepEqual(tallyOf([]), { proven: 0, pending: 0, wrong: 0 })
})

test('a sound entry about another item, and the same entry twice, do not hold', async () => {
  const verify = (one: EvidenceEntry): CheckedEntry => proven(one, one.index === 5 ? 'b' : 'a')
  const given = [entry(4), entry(5), entry(4), entry(4, 'release', 'jpn-aus.jpn')]
  const checked = await checkEntries('a', given, checkingWith(verify), () => {})
  assert.deepEqual(
    checked.map(({ state }) => state),
    ['proven', 'wrong', 'wrong', 'proven'],
  )
  assert.deepEqual(
    checked.map((one) => (one.state === 'wrong' ? one.code : '')),
    ['', 'client/entry-log', 'client/entry-log', ''],
  )
})

test('only what is proven counts as read', () => {
  const acts = [entry(1, 'joined'), entry(2, 'joined'), entry(3, 'joined'), entry(4, 'refuse'), entry(5, 'refuse')]
  const [first, second, third, fourth, fifth] = acts as [EvidenceEntry, EvidenceEntry, EvidenceEntry, EvidenceEntry, EvidenceEntry]
  const checked: CheckedEntry[] = [
    proven(first, 'a', 'opened'),
    proven(second, 'a', 'acknowledged'),
    { entry: third, state: 'wrong', code: 'client/entry-log' },
    proven(fourth, 'a'),
    { entry: fifth, state: 'pending' },
  ]
  assert.deepEqual(readingOf(checked), { opened: 1, acknowledged: 1, refused: 1 })
})

test('verifying everything names the items that do not hold and those that could not be read, and goes on', async () => {
  const seen: Sweep[] = []
  const entries: Readonly<Record<string, readonly EvidenceEntry[]>> = { a: [entry(1), entry(2)], b: [entry(3)], d: [entry(4)] }
  const verify = (one: EvidenceEntry): CheckedEntry =>
    one.index === 3 ? { entry: one, state: 'wrong', code: 'exchange/proof-invalid' } : proven(one, one.index === 4 ? 'd' : 'a')
  const read = async (item: string): Promise<readonly EvidenceEntry[]> => entries[item] ?? assert.fail('not there')
  const last = await checkItems(['a', 'b', 'c', 'd'], read, checkingWith(verify), (now) => seen.push(now))
  assert.deepEqual(last, {
    count: 4,
    done: 4,
    tally: { proven: 3, pending: 0, wrong: 1, newest: 4 },
    wrong: ['b'],
    unread: ['c'],
    running: false,
  })
  assert.equal(seen.at(-1), last)
  assert.deepEqual(
    seen.map(({ running, tally }) => [running, tally.proven + tally.wrong]),
    [
      [true, 0],
      [true, 1],
      [true, 2],
      [true, 3],
      [true, 4],
      [false, 4],
    ],
  )
})

test('verifying everything ends early where it is told to, and says how far it came', async () => {
  let left = 2
  const verify = (one: EvidenceEntry): CheckedEntry => {
    left--
    return proven(one, 'a')
  }
  const checking = checkingWith(verify, () => left === 0)
  const last = await checkItems(
    ['a', 'a2'],
    async () => [entry(1), entry(2), entry(3)],
    checking,
    () => {},
  )
  assert.deepEqual([last.done, last.count, last.running, last.tally.proven], [0, 2, false, 2])
})

test('an entry names who acted: people at home, a pseudonym or the nation where a partner may look', () => {
  assert.deepEqual(actorsOf({ act: 'release', officer: 'walker', author: 'chen' }), [
    { kind: 'officer', name: 'walker' },
    { kind: 'author', name: 'chen' },
  ])
  assert.deepEqual(actorsOf({ act: 'open', pseudonym: 'p' }), [{ kind: 'reader', name: 'p' }])
  assert.deepEqual(actorsOf({ act: 'deliver' }), [{ kind: 'nation', name: '' }])
  assert.deepEqual(actorsOf({ act: 'joined', outcome: 'opened' }), [])
  assert.equal(partnerOfLog('jpn-aus.jpn'), 'JPN')
})

test('an act has its words, a confirmation by its outcome; an act that is unknown has none', () => {
  assert.equal(wordsOfAct({ act: 'stop' }), 'act/stop')
  assert.equal(wordsOfAct({ act: 'joined', outcome: 'acknowledged' }), 'act/joined-acknowledged')
  assert.equal(wordsOfAct({ act: 'joined', outcome: 'later' }), 'act/joined')
  assert.equal(wordsOfAct({ act: 'constructor' }), undefined)
})
