import assert from 'node:assert/strict'
import { test } from 'node:test'
import { crc32 as zlibCrc32 } from 'node:zlib'
import * as fc from 'fast-check'
import {
  bytesSource,
  checkCard,
  checkPayloadDigest,
  checkPolicyBinding,
  crc32,
  joinShares,
  open,
  readContainer,
  unwrapShare,
  verifyContainer,
  whole,
  wrapShare,
  wrappedKeyOf,
} from '@entente/container'
import { IV_BYTES, SegmentRoom, TAG_BYTES, inOrder, segmentsOf } from '#src/segments.ts'
import { CARD, LABEL, LABEL_XML, TRUST, attributesOf, bytesOf, crypto, keysFor, make, originatorKem, recipientKem } from './made.ts'

function* pieces(bytes: Uint8Array, length: number): Generator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += length) yield bytes.subarray(at, at + length)
}

for (const [length, segments] of [
  [0, 1],
  [1, 1],
  [16_383, 1],
  [16_384, 1],
  [16_385, 2],
  [32_768, 2],
  [100_001, 7],
] as const) {
  test(`${length} bytes come back from ${segments} segments, in pieces of any size`, async () => {
    const plain = bytesOf(length)
    for (const piece of [7_001, 16_384, 40_000]) {
      const { bytes, keys, sealed } = await make(pieces(plain, piece))
      const container = await readContainer(crypto, bytesSource(bytes))
      assert.equal(container.kind, 'released')
      assert.equal(container.segments.length, segments)
      assert.equal(container.plaintextBytes, length)
      assert.equal(sealed.containerBytes, bytes.length)
      const verified = await verifyContainer(crypto, container, { ...TRUST, labelXmlOf: () => LABEL_XML })
      await checkPayloadDigest(crypto, verified, zlibCrc32)
      assert.deepEqual(await whole(open(crypto, verified, keys.dataKey)), plain)
    }
  })
}

test('any bytes in any pieces come back', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.uint8Array({ maxLength: 20_000 }), { maxLength: 6 }), async (parts) => {
      const { bytes, keys } = await make(parts)
      const verified = await verifyContainer(crypto, await readContainer(crypto, bytesSource(bytes)), TRUST)
      assert.deepEqual(Buffer.from(await whole(open(crypto, verified, keys.dataKey))), Buffer.concat(parts))
    }),
    { numRuns: 15 },
  )
})

test('inspection without a key tells label, policy, statement and where the payload stands', async () => {
  const { bytes, sealed } = await make([bytesOf(10)])
  const container = await readContainer(crypto, bytesSource(bytes))
  assert.deepEqual(container.label, LABEL)
  assert.equal(container.labelXml, LABEL_XML)
  assert.deepEqual(container.policy.attributes, attributesOf(LABEL))
  assert.deepEqual(container.statement, sealed.statement)
  assert.equal(container.payload.length, 38)
  const { statement } = await verifyContainer(crypto, container, TRUST)
  assert.match(statement.id, /^[0-9a-f]{64}$/u)
  checkCard(crypto, CARD, statement.body.cardDigest)
  assert.throws(() => checkCard(crypto, { ...CARD, area: 'air' }, statement.body.cardDigest), { code: 'container/card-digest' })
})

test('both: the data key takes both shares; each is bound to the policy; neither alone opens', async () => {
  const { bytes, keys } = await make([bytesOf(10)])
  const container = await readContainer(crypto, bytesSource(bytes))
  const verified = await verifyContainer(crypto, container, TRUST)
  const [first, second] = container.manifest.encryptionInformation.keyAccess
  assert.ok(first !== undefined && second !== undefined && first.sid !== second.sid)
  assert.equal(wrappedKeyOf(first).length, 1_190)
  const ours = await unwrapShare(crypto, originatorKem, wrappedKeyOf(first))
  const theirs = await unwrapShare(crypto, recipientKem, wrappedKeyOf(second))
  assert.ok(checkPolicyBinding(crypto, ours, container.manifest.encryptionInformation.policy, first.policyBinding))
  assert.ok(!checkPolicyBinding(crypto, theirs, container.manifest.encryptionInformation.policy, first.policyBinding))
  assert.ok(!checkPolicyBinding(crypto, ours, `${container.manifest.encryptionInformation.policy}=`, first.policyBinding))
  assert.deepEqual(joinShares([ours, theirs]), keys.dataKey)
  for (const share of [ours, theirs]) await assert.rejects(whole(open(crypto, verified, share)), { code: 'container/root-signature' })
  await assert.rejects(unwrapShare(crypto, recipientKem, wrappedKeyOf(first)), { code: 'container/wrapped-key' })
})

test('either: one share, two ways to it; originator: one way', async () => {
  const either = await make([bytesOf(10)], { control: 'either' })
  const { manifest } = await readContainer(crypto, bytesSource(either.bytes))
  const [first, second] = manifest.encryptionInformation.keyAccess
  assert.ok(first !== undefined && second !== undefined)
  assert.deepEqual(await unwrapShare(crypto, originatorKem, wrappedKeyOf(first)), either.keys.dataKey)
  assert.deepEqual(await unwrapShare(crypto, recipientKem, wrappedKeyOf(second)), either.keys.dataKey)
  const alone = await make([bytesOf(10)], { control: 'originator' })
  const container = await readContainer(crypto, bytesSource(alone.bytes))
  assert.equal(container.manifest.encryptionInformation.keyAccess.length, 1)
  await verifyContainer(crypto, container, TRUST)
})

test('a wrapped share with any byte changed does not unwrap', async () => {
  const share = bytesOf(32)
  const wrapped = await wrapShare(crypto, originatorKem.publicKey, share)
  assert.deepEqual(await unwrapShare(crypto, originatorKem, wrapped), share)
  for (let at = 0; at < wrapped.length; at += 13) {
    const bad = Uint8Array.from(wrapped, (byte, index) => (index === at ? byte ^ 1 : byte))
    await assert.rejects(unwrapShare(crypto, originatorKem, bad), { code: 'container/wrapped-key' })
  }
  await assert.rejects(unwrapShare(crypto, originatorKem, wrapped.subarray(1)), { code: 'container/wrapped-key' })
})

test('crc-32 is that of zlib, whole and in parts', () => {
  assert.equal(crc32(new TextEncoder().encode('123456789')), 0xcbf43926)
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 300 }), fc.nat(300), (bytes, cut) => {
      assert.equal(crc32(bytes), zlibCrc32(bytes))
      assert.equal(crc32(bytes.subarray(cut), crc32(bytes.subarray(0, cut))), zlibCrc32(bytes))
    }),
  )
})

test('segments have the size asked for, the last one the rest, in memory that is used again', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.uint8Array({ maxLength: 50 })), fc.integer({ min: 1, max: 40 }), async (parts, size) => {
      const texts: Uint8Array[] = []
      const room = new SegmentRoom(size)
      for await (const segment of segmentsOf(parts, size, room)) {
        texts.push(segment.slice(IV_BYTES, segment.length - TAG_BYTES))
        segment.fill(0xff)
        room.giveBack(segment)
      }
      assert.deepEqual(Buffer.concat(texts), Buffer.concat(parts))
      assert.ok(texts.length > 0 && texts.every((text, index) => text.length === size || index === texts.length - 1))
    }),
  )
})

test('what is worked on a few at a time comes in order, and a failure after all that was before it', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.nat(5), { maxLength: 30 }), fc.nat(40), async (turns, fails) => {
      const given: number[] = []
      let ended = 0
      const working = inOrder(turns.entries(), async ([index, turn]) => {
        for (let at = 0; at < turn; at++) await Promise.resolve()
        ended++
        if (index === fails) throw new Error('as planned')
        return index
      })
      const all = (async () => {
        for await (const index of working) given.push(index)
      })()
      if (fails < turns.length) await assert.rejects(all, /as planned/u)
      else await all
      assert.deepEqual(given, [...turns.keys()].slice(0, fails))
      assert.ok(ended >= given.length && (fails < turns.length || ended === turns.length))
    }),
  )
})

test('seal refuses segment sizes out of range and a statement over something else', async () => {
  await assert.rejects(make([], { options: { segmentBytes: 100 } }), { code: 'container/segment-size' })
  const changes = { payloadDigest: '0'.repeat(96), manifestDigest: '1'.repeat(96), labelXmlDigest: '2'.repeat(96) }
  for (const [name, value] of Object.entries(changes)) {
    await assert.rejects(make([], { change: (body) => ({ ...body, [name]: value }) }), { code: 'container/statement-digests' })
  }
})

test('memory stays flat for 256 MiB', { skip: process.env['ENTENTE_LONG'] === undefined }, async () => {
  const block = bytesOf(1_048_576)
  let written = 0
  let most = 0
  const keys = await keysFor()
  const before = process.memoryUsage().arrayBuffers
  await make(
    (function* (): Generator<Uint8Array> {
      for (let index = 0; index < 256; index++) {
        most = Math.max(most, process.memoryUsage().arrayBuffers)
        yield block
      }
    })(),
    {
      keys,
      sink: (bytes) => {
        written += bytes.length
      },
      options: { segmentBytes: 1_048_576 },
    },
  )
  assert.ok(written > 256 * 1_048_576)
  assert.ok(most - before < 96 * 1_048_576, `buffers grew by ${most - before} bytes`)
})
