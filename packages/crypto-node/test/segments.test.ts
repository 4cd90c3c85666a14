import assert from 'node:assert/strict'
import { availableParallelism } from 'node:os'
import { test } from 'node:test'
import { type SegmentCrypto, toHex } from '@entente/canonical'
import { nodeCrypto } from '@entente/crypto-node'
import { webCrypto } from '@entente/crypto-web'

const KEY = new Uint8Array(32).fill(7)
const OTHER = new Uint8Array(32).fill(8)
const SIZES = [0, 1, 65_537, 131_072, 131_073, 200_000, 262_144]
/** More in a row than are worked on without threads. */
const MANY = 24

/** A segment to be sealed: vector, text, room for the tag. */
function unsealed(size: number, fill: number): Uint8Array<ArrayBuffer> {
  return new Uint8Array(12 + size + 16).fill(fill, 0, 12 + size)
}

async function sealed(on: SegmentCrypto, size: number, fill: number): Promise<string> {
  const { segment, mac, sha384 } = await on.seal(KEY, unsealed(size, fill))
  return [segment, mac, sha384].map(toHex).join(' ')
}

for (const [name, on] of [
  ['threads', nodeCrypto.segments],
  ['webcrypto', webCrypto.segments],
] as const) {
  test(`${name}: a segment is what the passes one by one make of it, however many are worked on`, async () => {
    const found = await Promise.all(Array.from({ length: MANY }, (_, at) => sealed(on, SIZES[at % SIZES.length] ?? 0, at)))
    for (const [at, text] of found.entries()) {
      const size = SIZES[at % SIZES.length] ?? 0
      const [iv, plaintext] = [new Uint8Array(12).fill(at), new Uint8Array(size).fill(at)]
      const whole = Buffer.concat([iv, await nodeCrypto.sealAesGcm(KEY, iv, plaintext)])
      assert.equal(text, [whole, nodeCrypto.hmacSha256(KEY, whole), nodeCrypto.sha384(whole)].map(toHex).join(' '))
    }
  })

  test(`${name}: opens what was sealed, and says which of MAC and tag does not hold`, async () => {
    await Promise.all(
      Array.from({ length: MANY }, async (_, at) => {
        const size = SIZES[at % SIZES.length] ?? 0
        const { segment, mac } = await on.seal(KEY, unsealed(size, at))
        const opened = await on.open(KEY, segment.slice(), mac)
        assert.deepEqual(opened.ok && opened.plaintext.slice(), new Uint8Array(size).fill(at))
        const changed = segment.slice()
        const place = at % changed.length
        changed[place] = (changed[place] ?? 0) ^ 1
        assert.deepEqual(await on.open(KEY, changed.slice(), mac), { ok: false, wrong: 'mac' })
        assert.deepEqual(await on.open(KEY, changed.slice()), { ok: false, wrong: 'tag' })
        assert.deepEqual(await on.open(OTHER, segment.slice(), mac), { ok: false, wrong: 'mac' })
        assert.deepEqual(await on.open(KEY, segment.slice(), mac.subarray(1)), { ok: false, wrong: 'mac' })
        assert.deepEqual(await on.open(KEY, segment.slice(0, 20)), { ok: false, wrong: 'tag' })
      }),
    )
  })

  test(`${name}: digests are those of the bytes, which come back`, async () => {
    await Promise.all(
      Array.from({ length: MANY }, async (_, at) => {
        const bytes = nodeCrypto.random((at % 2 === 0 ? 1_000 : 200_000) + at)
        const copy = bytes.slice()
        const two = await on.digest('SHA-256', bytes as Uint8Array<ArrayBuffer>)
        assert.deepEqual([two.bytes.slice(), two.digest], [copy, nodeCrypto.sha256(copy)])
        assert.deepEqual((await on.digest('SHA-384', two.bytes)).digest, nodeCrypto.sha384(copy))
      }),
    )
  })
}

test('a segment is handed over: on a machine with several cores its memory is gone until it comes back', async () => {
  const segments = Array.from({ length: MANY }, (_, at) => unsealed(200_000, at))
  const working = segments.map((segment) => nodeCrypto.segments.seal(KEY, segment))
  await Promise.all(working)
  if (availableParallelism() > 1) assert.ok(segments.some((segment) => segment.length === 0))
})
