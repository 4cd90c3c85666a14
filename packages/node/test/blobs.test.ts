import assert from 'node:assert/strict'
import { mkdtemp, readdir, rm, utimes } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { buffer } from 'node:stream/consumers'
import { test } from 'node:test'
import { toHex, utf8 } from '@entente/canonical'
import { nodeCrypto } from '@entente/crypto-node'
import { NodeError } from '#src/errors.ts'
import { type Blobs, openBlobs } from '#src/store/blobs.ts'

const FIRST = 'aa'.repeat(16)
const SECOND = 'bb'.repeat(16)
const bytes = utf8('EXERCISE: the file as it was shown')
const digest = (of: Uint8Array): string => toHex(nodeCrypto.sha256(of))
const whole = { size: bytes.length, sha256: digest(bytes) }

async function withBlobs(use: (blobs: Blobs, folder: string) => Promise<void>): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'entente-test-'))
  try {
    await use(await openBlobs(nodeCrypto, folder), folder)
  } finally {
    await rm(folder, { recursive: true })
  }
}

test('what is complete is never written again: not through its upload, not in the moment of its completion', async () => {
  await withBlobs(async (blobs) => {
    const other = utf8('EXERCISE: the file as somebody wi')
    const write = (): Promise<void> => blobs.writePart(FIRST, 0, other, digest(other))
    await blobs.beginUpload(FIRST)
    await blobs.writePart(FIRST, 0, bytes, whole.sha256)
    // Once before, in the queue with and after the completion: whatever order they take, a blob has the bytes of its name.
    const outcomes = await Promise.allSettled([blobs.completeUpload(FIRST, whole), write()])
    await write().catch(() => {})
    assert.equal(outcomes[0]?.status, 'fulfilled')
    assert.deepEqual(new Uint8Array(await buffer(blobs.read(whole.sha256))), bytes)
    await blobs.completeUpload(FIRST, whole)
    await blobs.endUpload(FIRST)
    await assert.rejects(write(), (error) => error instanceof NodeError && error.code === 'node/absent')
    assert.equal(digest(await buffer(blobs.read(whole.sha256))), whole.sha256)
  })
})

test('what comes in goes on from what an earlier transfer left, and counts only as the bytes of its name', async () => {
  await withBlobs(async (blobs, folder) => {
    const large = nodeCrypto.random(1_500_000)
    const sha256 = digest(large)
    const from = async function* (start: number, end: number, piece: number, breaks = false): AsyncGenerator<Uint8Array> {
      const memory = new Uint8Array(piece)
      for (let at = start; at < end; at += piece) {
        // A sender's memory may be used again: whoever keeps it without a copy keeps other bytes.
        memory.set(large.subarray(at, Math.min(at + piece, end)))
        yield memory.subarray(0, Math.min(piece, end - at))
      }
      if (breaks) throw new Error('the line is cut')
    }
    await assert.rejects(blobs.receive(sha256, large.length, from(0, 700_001, 16_384, true)), /cut/u)
    assert.equal(await blobs.partialSize(sha256), 700_001)
    await blobs.receive(sha256, large.length, from(700_001, 900_000, 1_000))
    assert.equal(await blobs.has(sha256), false)
    await blobs.receive(sha256, large.length, from(900_000, large.length, 400_000))
    assert.deepEqual(new Uint8Array(await buffer(blobs.read(sha256))), large)
    assert.deepEqual(new Uint8Array(await buffer(blobs.read(sha256, 1_100_000, 1_200_007))), large.slice(1_100_000, 1_200_007))
    const isBad = (error: unknown): boolean => error instanceof NodeError && error.code === 'node/bad-request'
    const other = digest(bytes)
    await assert.rejects(blobs.receive(other, large.length, from(0, large.length, 65_536)), isBad)
    await assert.rejects(blobs.receive(other, 10, from(0, 20, 20)), isBad)
    assert.equal(await blobs.partialSize(other), 0)
    assert.deepEqual(await readdir(join(folder, 'incoming')), [`${other}.partial`])
  })
})

test('an upload that nobody went on with is swept, a recent one and what is complete stay', async () => {
  await withBlobs(async (blobs, folder) => {
    for (const upload of [FIRST, SECOND]) {
      await blobs.beginUpload(upload)
      await blobs.writePart(upload, 0, bytes, whole.sha256)
    }
    await blobs.completeUpload(SECOND, whole)
    await blobs.endUpload(SECOND)
    await blobs.beginUpload(SECOND)
    await utimes(join(folder, 'incoming', FIRST), 1_000, 1_000)
    await blobs.sweep(2_000)
    assert.deepEqual(await readdir(join(folder, 'incoming')), [SECOND])
    assert.equal(await blobs.has(whole.sha256), true)
  })
})
