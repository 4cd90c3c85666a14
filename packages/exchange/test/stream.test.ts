import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  type InboxRecord,
  type OutboxRecord,
  type VerifiedEnvelope,
  BACKOFF_CEILING_MS,
  FIRST_PREVIOUS,
  Inbox,
  Outbox,
  backoffMilliseconds,
  outgoingState,
  sealEnvelope,
} from '@entente/exchange'
import * as fc from 'fast-check'
import { NOW, code, crypto, envelope, envelopeKey } from './world.ts'

const first = await sealEnvelope(crypto, envelope(), envelopeKey)
const second = await sealEnvelope(crypto, envelope({ seq: 2, prev: first.id }), envelopeKey)
const third = await sealEnvelope(crypto, envelope({ seq: 3, prev: second.id, expires: NOW + 60 }), envelopeKey)
const stream = [first, second, third]

function received(of: VerifiedEnvelope, receipt: string): InboxRecord {
  return { kind: 'received', id: of.id, seq: of.body.seq, prev: of.body.prev, receipt }
}

test('FX-3: a duplicate of any age gets the receipt of the first, byte for byte', () => {
  const inbox = new Inbox()
  for (const [at, one] of stream.entries()) {
    assert.deepEqual(inbox.arrive(one, NOW), { kind: 'new' })
    inbox.apply(received(one, `receipt ${at}`))
  }
  assert.equal(inbox.expected, 4)
  for (const [at, one] of stream.entries())
    assert.deepEqual(inbox.arrive(one, NOW + 1_000), { kind: 'duplicate', receipt: `receipt ${at}` })
})

test('a gap names what is awaited, and nothing is kept of what came early', () => {
  const inbox = new Inbox()
  assert.deepEqual(inbox.arrive(third, NOW), { kind: 'gap', expected: 1 })
  assert.deepEqual(inbox.arrive(second, NOW), { kind: 'gap', expected: 1 })
  assert.deepEqual(inbox.arrive(first, NOW), { kind: 'new' })
})

test('other content at a sequence that is taken, and another chain, are refused', async () => {
  const inbox = new Inbox()
  inbox.apply(received(first, 'r'))
  const forked = await sealEnvelope(crypto, envelope({ at: NOW + 1 }), envelopeKey)
  const onFork = await sealEnvelope(crypto, envelope({ seq: 2, prev: forked.id }), envelopeKey)
  assert.throws(() => inbox.arrive(forked, NOW), code('exchange/replay-differs'))
  assert.throws(() => inbox.arrive(onFork, NOW), code('exchange/wrong-previous'))
  assert.deepEqual(inbox.arrive(second, NOW), { kind: 'new' })
})

test('XR-2: an envelope that has expired takes its place and means nothing; time alone refuses no other', () => {
  const inbox = new Inbox()
  inbox.apply(received(first, 'r'))
  inbox.apply(received(second, 'r'))
  assert.deepEqual(inbox.arrive(third, NOW + 59), { kind: 'new' })
  assert.deepEqual(inbox.arrive(third, NOW + 60), { kind: 'lapsed' })
  assert.deepEqual(new Inbox().arrive(first, NOW - 600), { kind: 'new' })
})

test('an inbox takes no record out of order', () => {
  const inbox = new Inbox()
  assert.throws(() => inbox.apply(received(second, 'r')), code('exchange/journal-order'))
  inbox.apply(received(first, 'r'))
  assert.throws(() => inbox.apply(received(first, 'r')), code('exchange/journal-order'))
  assert.throws(() => inbox.apply({ ...received(second, 'r'), prev: FIRST_PREVIOUS }), code('exchange/journal-order'))
  inbox.apply(received(second, 'r'))
})

const queued = (of: VerifiedEnvelope): OutboxRecord => ({
  kind: 'queued',
  id: of.id,
  seq: of.body.seq,
  prev: of.body.prev,
  text: of.text,
  ...(of.body.expires === undefined ? {} : { expires: of.body.expires }),
})
const never = (): number => Number.POSITIVE_INFINITY
const always = (): number => 0

test('FX-4: what is sent again is what was queued, byte for byte, in order, until its receipt', () => {
  const outbox = new Outbox()
  for (const one of stream) outbox.apply(queued(one))
  assert.deepEqual(outbox.next, { seq: 4, prev: third.id })
  assert.deepEqual(
    outbox.due(0, never, 10).map((one) => one.text),
    stream.map((one) => one.text),
  )
  assert.deepEqual(
    outbox.due(0, never, 2).map((one) => one.seq),
    [1, 2],
  )
  outbox.apply({ kind: 'sent', seq: 1, at: NOW })
  assert.deepEqual(
    outbox.due(0, never, 10).map((one) => one.seq),
    [2, 3],
  )
  assert.deepEqual(
    outbox.due(0, always, 1).map((one) => one.text),
    [first.text],
  )
  outbox.apply({ kind: 'receipted', seq: 2, envelope: second.id, outcome: 'accepted', receipt: 'r2' })
  assert.equal(outbox.head, 1)
  outbox.apply({ kind: 'receipted', seq: 1, envelope: first.id, outcome: 'refused', receipt: 'r1' })
  assert.equal(outbox.head, 3)
  assert.deepEqual(
    [1, 2, 3].map((seq) => outgoingState(outbox.at(seq) ?? assert.fail(), NOW + 60)),
    ['refused', 'accepted', 'overdue'],
  )
  assert.deepEqual(
    outbox.due(0, always, 10).map((one) => one.seq),
    [3],
  )
})

test('FX-2: an envelope has at most one final evidence', () => {
  const outbox = new Outbox()
  outbox.apply(queued(first))
  const receipt = { kind: 'receipted', seq: 1, envelope: first.id, outcome: 'accepted', receipt: 'r1' } as const
  outbox.apply(receipt)
  outbox.apply(receipt)
  assert.throws(() => outbox.apply({ ...receipt, outcome: 'refused', receipt: 'r2' }), code('exchange/journal-order'))
  assert.equal(outbox.at(1)?.receipt?.outcome, 'accepted')
})

test('an outbox takes no record out of order', () => {
  const outbox = new Outbox()
  for (const record of [
    queued(second),
    { kind: 'sent', seq: 1, at: NOW },
    { kind: 'receipted', seq: 1, envelope: first.id, outcome: 'accepted', receipt: 'r' },
  ] as const) {
    assert.throws(() => outbox.apply(record), code('exchange/journal-order'))
  }
  outbox.apply(queued(first))
  assert.throws(() => outbox.apply(queued(first)), code('exchange/journal-order'))
  assert.throws(() => outbox.apply({ ...queued(second), prev: FIRST_PREVIOUS } as OutboxRecord), code('exchange/journal-order'))
  assert.throws(
    () => outbox.apply({ kind: 'receipted', seq: 1, envelope: second.id, outcome: 'accepted', receipt: 'r' }),
    code('exchange/journal-order'),
  )
})

test('the pause between attempts doubles from one second to fifteen minutes, with full jitter', () => {
  assert.equal(backoffMilliseconds(1, 0), 0)
  assert.deepEqual(
    [1, 2, 3, 10, 11, 12, 1_000_000].map((attempt) => backoffMilliseconds(attempt, 0.5)),
    [500, 1_000, 2_000, 256_000, 450_000, 450_000, 450_000],
  )
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 100 }), fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }), (attempt, chance) => {
      const pause = backoffMilliseconds(attempt, chance)
      assert.ok(Number.isInteger(pause) && pause >= 0 && pause < Math.min(1_000 * 2 ** (attempt - 1), BACKOFF_CEILING_MS))
    }),
  )
})

// A sender and a receiver over a wire that loses, doubles, delays and reorders, both of which crash between any two
// steps and fold their journals again.
test('over any wire and through any crash, everything arrives once, in order, with one receipt each', async () => {
  const total = 6
  const chain: VerifiedEnvelope[] = []
  for (let seq = 1; seq <= total; seq++)
    chain.push(await sealEnvelope(crypto, envelope({ seq, prev: chain.at(-1)?.id ?? FIRST_PREVIOUS }), envelopeKey))
  const step = fc.record({
    kind: fc.constantFrom('queue', 'send', 'deliver', 'drop', 'double', 'answer', 'crash-sender', 'crash-receiver'),
    pick: fc.nat(50),
  })
  fc.assert(
    fc.property(fc.array(step, { maxLength: 120 }), (steps) => {
      const sent: OutboxRecord[] = []
      const kept: InboxRecord[] = []
      const handled: number[] = []
      let outbox = new Outbox()
      let inbox = new Inbox()
      const wire: VerifiedEnvelope[] = []
      const answers: { seq: number; receipt: string }[] = []
      const write = (record: OutboxRecord): void => {
        outbox.apply(record)
        sent.push(record)
      }
      const deliver = (one: VerifiedEnvelope): void => {
        const arrival = inbox.arrive(one, NOW)
        if (arrival.kind === 'new') {
          const record = received(one, `receipt of ${one.body.seq} number ${handled.length}`)
          inbox.apply(record)
          kept.push(record)
          handled.push(one.body.seq)
          answers.push({ seq: one.body.seq, receipt: record.receipt })
        } else if (arrival.kind === 'duplicate') answers.push({ seq: one.body.seq, receipt: arrival.receipt })
      }
      const answer = (one: { seq: number; receipt: string }): void =>
        write({ kind: 'receipted', seq: one.seq, envelope: chain[one.seq - 1]?.id ?? '', outcome: 'accepted', receipt: one.receipt })
      const send = (): void => {
        for (const one of outbox.due(0, always, 3)) {
          write({ kind: 'sent', seq: one.seq, at: NOW })
          wire.push(chain.find((candidate) => candidate.text === one.text) ?? assert.fail('other bytes than were queued'))
        }
      }
      const play: Record<(typeof steps)[number]['kind'], (pick: number) => void> = {
        queue: () => {
          const next = chain[outbox.next.seq - 1]
          if (next !== undefined) write(queued(next))
        },
        send,
        deliver: (pick) => wire.splice(pick % Math.max(wire.length, 1), 1).forEach(deliver),
        drop: (pick) => void wire.splice(pick % Math.max(wire.length, 1), 1),
        double: (pick) => void wire.push(...wire.slice(pick % Math.max(wire.length, 1)).slice(0, 1)),
        answer: (pick) => answers.splice(pick % Math.max(answers.length, 1), 1).forEach(answer),
        'crash-sender': () => {
          outbox = new Outbox()
          for (const record of sent) outbox.apply(record)
        },
        'crash-receiver': () => {
          inbox = new Inbox()
          for (const record of kept) inbox.apply(record)
          answers.length = 0
        },
      }
      for (const { kind, pick } of steps) play[kind](pick)
      // Then the wire heals: everything is queued and sent until every receipt is there.
      while (outbox.next.seq <= total) play.queue(0)
      for (let round = 0; round <= total && outbox.head <= total; round++) {
        send()
        wire.splice(0).forEach(deliver)
        answers.splice(0).forEach(answer)
      }
      assert.deepEqual(handled, [1, 2, 3, 4, 5, 6])
      assert.equal(outbox.head, total + 1)
      for (let seq = 1; seq <= total; seq++) assert.equal(outbox.at(seq)?.receipt?.text, kept[seq - 1]?.receipt)
    }),
    { numRuns: 300 },
  )
})
