import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Condition, Effect, JournalRecord } from '#src/ledger/record.ts'
import { NO_PREVIOUS, Sequencer } from '#src/ledger/sequencer.ts'
import { AT, entry } from './ledger-world.ts'

const ITEM = '5c9e0f3a-1c1b-4a5e-9f57-0c3a9d1b2e4f'
const STATEMENT = 'ab'.repeat(32)
const live: Condition = { condition: 'live', item: ITEM, serial: 1, statement: STATEMENT }
const released: Effect = { effect: 'item', item: ITEM, serial: 1, statement: STATEMENT, state: 'released' }
const stopped: Effect = { ...released, state: 'stopped' }

function record(n: number, effects: readonly Effect[], change: Partial<JournalRecord> = {}): JournalRecord {
  return { n, at: AT, kind: 'test', body: {}, entries: [], effects, ...change }
}

function folded(...effects: readonly (readonly Effect[])[]): Sequencer {
  const sequencer = new Sequencer()
  for (const [n, some] of effects.entries()) sequencer.fold(record(n, some))
  return sequencer
}

test('records are numbered without a gap: any other number is a corrupt journal', () => {
  const sequencer = folded([])
  for (const n of [0, 2]) assert.throws(() => sequencer.fold(record(n, [])), { code: 'node/journal-corrupt' })
  assert.equal(sequencer.next, 1)
})

test('entries of one record get following indices in each log', () => {
  const sequencer = new Sequencer()
  const entries = [entry({ act: 'a' }, 'one'), entry({ act: 'b' }, 'two'), entry({ act: 'c' }, 'one')]
  sequencer.fold(record(0, [], { entries }))
  const positions = sequencer.fold(record(1, [], { entries }))
  assert.deepEqual(positions, [
    { log: 'one', index: 2 },
    { log: 'two', index: 1 },
    { log: 'one', index: 3 },
  ])
})

test('only an item exactly as released is live', () => {
  assert.throws(() => folded().check([live]), { code: 'node/item-stopped' })
  const sequencer = folded([released])
  sequencer.check([live])
  assert.throws(() => sequencer.check([{ ...live, serial: 2 }]), { code: 'node/item-stopped' })
  assert.throws(() => sequencer.check([{ ...live, statement: 'cd'.repeat(32) }]), { code: 'node/item-stopped' })
})

test('a stopped item never comes back, whatever is released over it', () => {
  const sequencer = folded([released], [stopped], [released])
  assert.throws(() => sequencer.check([live]), { code: 'node/item-stopped' })
  assert.equal(sequencer.item(ITEM)?.stopped, true)
})

test('a stop that comes before its item holds', () => {
  assert.throws(() => folded([stopped], [released]).check([live]), { code: 'node/item-stopped' })
})

test('a nonce is used once', () => {
  const sequencer = folded([{ effect: 'spend', nonce: 'n1', until: AT + 60 }])
  sequencer.check([{ condition: 'unspent', nonce: 'n2' }])
  assert.throws(() => sequencer.check([{ condition: 'unspent', nonce: 'n1' }]), { code: 'node/nonce-spent' })
})

test('a link takes the next number on its last letter and nothing else', () => {
  const sequencer = new Sequencer()
  sequencer.check([{ condition: 'next', link: 'l', seq: 1, previous: NO_PREVIOUS }])
  sequencer.fold(record(0, [{ effect: 'link', link: 'l', seq: 1, id: 'id1' }]))
  sequencer.check([{ condition: 'next', link: 'l', seq: 2, previous: 'id1' }])
  for (const [seq, previous] of [
    [1, NO_PREVIOUS],
    [2, NO_PREVIOUS],
    [3, 'id1'],
  ] as const) {
    assert.throws(() => sequencer.check([{ condition: 'next', link: 'l', seq, previous }]), {
      code: 'node/sequence',
      values: { expected: 2 },
    })
  }
})

test('a limit of a day counts that day only', () => {
  const day = Math.floor(AT / 86_400)
  const count: Effect = { effect: 'count', key: 'k', day }
  const sequencer = folded([count], [count])
  sequencer.check([{ condition: 'below', key: 'k', day, limit: 3 }])
  assert.throws(() => sequencer.check([{ condition: 'below', key: 'k', day, limit: 2 }]), { code: 'node/limit', values: { limit: 2 } })
  sequencer.check([{ condition: 'below', key: 'k', day: day + 1, limit: 2 }])
})

test('the same request finds the entry that stands', () => {
  const sequencer = new Sequencer()
  sequencer.fold(record(0, [{ effect: 'request', request: 'r', until: AT + 60 }], { entries: [entry({ act: 'open' }, 'one')] }))
  assert.deepEqual(sequencer.answered('r')?.positions, [{ log: 'one', index: 0 }])
  assert.equal(sequencer.answered('s'), undefined)
})

test('what is past its time is forgotten, what is not and every stop is kept', () => {
  const sequencer = folded([
    stopped,
    { effect: 'spend', nonce: 'old', until: AT - 1 },
    { effect: 'spend', nonce: 'young', until: AT + 3_600 },
  ])
  for (let n = 1; n <= 1_024; n++) sequencer.fold(record(n, []))
  sequencer.check([{ condition: 'unspent', nonce: 'old' }])
  assert.throws(() => sequencer.check([{ condition: 'unspent', nonce: 'young' }]), { code: 'node/nonce-spent' })
  assert.equal(sequencer.item(ITEM)?.stopped, true)
})
