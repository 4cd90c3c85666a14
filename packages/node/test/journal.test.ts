import assert from 'node:assert/strict'
import { appendFile, mkdtemp, readFile, rm, stat, truncate, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import * as fc from 'fast-check'
import { type JournalDisk, MAX_RECORD_BYTES, openJournal, openJournalFile } from '#src/journal/journal.ts'
import { codeOf } from './ledger-world.ts'

const text = (payload: Uint8Array): string => new TextDecoder().decode(payload)
const bytes = (value: string): Uint8Array => new TextEncoder().encode(value)

async function folder(): Promise<{ path: string } & AsyncDisposable> {
  const dir = await mkdtemp(join(tmpdir(), 'entente-journal-'))
  return { path: join(dir, 'journal'), [Symbol.asyncDispose]: () => rm(dir, { recursive: true, force: true }) }
}

async function readAll(path: string): Promise<string[]> {
  const read: string[] = []
  const journal = await openJournal(await openJournalFile(path), (payload) => void read.push(text(payload)))
  await journal.close()
  return read
}

async function write(path: string, ...payloads: readonly string[]): Promise<void> {
  const journal = await openJournal(await openJournalFile(path), () => {})
  for (const payload of payloads) await journal.append(bytes(payload))
  await journal.close()
}

test('what was acknowledged is read back in order, also over several openings', async () => {
  await using dir = await folder()
  await write(dir.path, 'one', 'two')
  await write(dir.path, 'three')
  assert.deepEqual(await readAll(dir.path), ['one', 'two', 'three'])
})

test('calls that wait together share one write, in the order of the calls', async () => {
  await using dir = await folder()
  const disk = await openJournalFile(dir.path)
  const writes: number[] = []
  const counting: JournalDisk = {
    ...disk,
    append(buffers) {
      writes.push(buffers.length)
      return disk.append(buffers)
    },
  }
  const journal = await openJournal(counting, () => {})
  await Promise.all(Array.from({ length: 50 }, (_, at) => journal.append(bytes(`record ${at}`))))
  await journal.close()
  assert.deepEqual(writes, [1, 49])
  assert.deepEqual(
    await readAll(dir.path),
    Array.from({ length: 50 }, (_, at) => `record ${at}`),
  )
})

test('a tail torn at any byte is cut, and nothing before it is lost', async () => {
  await using dir = await folder()
  await write(dir.path, 'the first record', 'the second record')
  const whole = await readFile(dir.path)
  const firstEnds = 8 + 'the first record'.length
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: firstEnds, max: whole.length - 1 }), async (length) => {
      await writeFile(dir.path, whole.subarray(0, length))
      assert.deepEqual(await readAll(dir.path), ['the first record'])
      assert.equal((await stat(dir.path)).size, firstEnds)
      await write(dir.path, 'a later record')
      assert.deepEqual(await readAll(dir.path), ['the first record', 'a later record'])
    }),
    { numRuns: 30 },
  )
})

test('a last record with other bytes than were written is a torn tail', async () => {
  await using dir = await folder()
  await write(dir.path, 'one', 'two')
  const whole = await readFile(dir.path)
  whole[whole.length - 1] = (whole.at(-1) ?? 0) ^ 1
  await writeFile(dir.path, whole)
  assert.deepEqual(await readAll(dir.path), ['one'])
})

test('zeros behind the last record are a torn tail', async () => {
  await using dir = await folder()
  await write(dir.path, 'one')
  await appendFile(dir.path, new Uint8Array(4_096))
  assert.deepEqual(await readAll(dir.path), ['one'])
})

test('damage before the tail is refused with its position, and nothing is cut', async () => {
  await using dir = await folder()
  await write(dir.path, 'one', 'two', 'three')
  const whole = await readFile(dir.path)
  const at = 8 + 3
  for (const position of [at, at + 4, at + 8]) {
    const damaged = Uint8Array.from(whole)
    damaged[position] = (damaged[position] ?? 0) ^ 0x40
    await writeFile(dir.path, damaged)
    await assert.rejects(readAll(dir.path), { code: 'node/journal-corrupt', values: { at } })
    assert.deepEqual(await readFile(dir.path), Buffer.from(damaged))
  }
})

test('a hole in the middle is refused', async () => {
  await using dir = await folder()
  await write(dir.path, 'one', 'two', 'three')
  const whole = await readFile(dir.path)
  await writeFile(dir.path, Buffer.concat([whole.subarray(0, 11 + 5), whole.subarray(11 + 7)]))
  assert.equal(await codeOf(readAll(dir.path)), 'node/journal-corrupt')
})

test('a full disk rejects what waits and all that follows; what was acknowledged stands', async () => {
  await using dir = await folder()
  const disk = await openJournalFile(dir.path)
  let isFull = false
  const faulty: JournalDisk = {
    ...disk,
    async append(buffers) {
      if (!isFull) return disk.append(buffers)
      // Half of it reaches the file, as it does when the last free block is used up.
      await appendFile(dir.path, buffers[0]?.subarray(0, 5) ?? '')
      throw Object.assign(new Error('no space left on device'), { code: 'ENOSPC' })
    },
  }
  const journal = await openJournal(faulty, () => {})
  await journal.append(bytes('before'))
  isFull = true
  const refused = await Promise.all([codeOf(journal.append(bytes('x'))), codeOf(journal.append(bytes('y')))])
  assert.deepEqual(refused, ['ENOSPC', 'ENOSPC'])
  isFull = false
  assert.equal(await codeOf(journal.append(bytes('after'))), 'ENOSPC')
  await journal.close()
  assert.deepEqual(await readAll(dir.path), ['before'])
  await write(dir.path, 'again')
  assert.deepEqual(await readAll(dir.path), ['before', 'again'])
})

test("the system's word for a full disk becomes ours", { skip: process.platform !== 'linux' }, async () => {
  const disk = await openJournalFile('/dev/full')
  await assert.rejects(disk.append([bytes('x')]), { code: 'node/disk-full', values: { what: 'the journal' } })
  await disk.close()
})

test('an empty record and one that is too large are refused, and the journal goes on', async () => {
  await using dir = await folder()
  const journal = await openJournal(await openJournalFile(dir.path), () => {})
  assert.equal(await codeOf(journal.append(new Uint8Array(0))), 'node/too-large')
  assert.equal(await codeOf(journal.append(new Uint8Array(MAX_RECORD_BYTES + 1))), 'node/too-large')
  await journal.append(bytes('fine'))
  await journal.close()
  assert.deepEqual(await readAll(dir.path), ['fine'])
})

test("an older copy of the file is a journal too: telling that it is old is the witness's part", async () => {
  await using dir = await folder()
  await write(dir.path, 'one', 'two')
  await truncate(dir.path, 8 + 3)
  assert.deepEqual(await readAll(dir.path), ['one'])
})
