import assert from 'node:assert/strict'
import { mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { utf8 } from '@entente/canonical'
import { nodeCrypto as crypto } from '@entente/crypto-node'
import { LogBuilder, inclusionProof, leafHash, readBundle, rootHash, verifyInclusion } from '@entente/ledger'
import * as fc from 'fast-check'
import { LogFiles } from '#src/ledger/log-files.ts'

const leaf = (at: number): Uint8Array => utf8(`entry ${at}`)

/** A log that grows as it likes, its files in a folder, and what the folder alone shows. */
class Growing implements AsyncDisposable {
  readonly folder: string
  readonly failures: unknown[] = []
  files: LogFiles
  builder: LogBuilder = LogBuilder.empty(crypto)
  readonly roots: Uint8Array[] = []

  private constructor(folder: string) {
    this.folder = folder
    this.files = this.opened()
  }

  static async make(): Promise<Growing> {
    return new Growing(await mkdtemp(join(tmpdir(), 'entente-files-')))
  }

  opened(): LogFiles {
    return new LogFiles({ folder: this.folder, tilesWritten: () => {}, failed: (error) => void this.failures.push(error) })
  }

  grow(many: number): void {
    for (let at = 0; at < many; at++) {
      this.roots[this.builder.size] = this.builder.root()
      this.files.put(this.builder.append([leaf(this.builder.size)]).files)
    }
    this.roots[this.builder.size] = this.builder.root()
  }

  /** What somebody finds who has the folder and nothing else. */
  async found(size: number): Promise<boolean> {
    const reader = (path: string): Promise<Uint8Array | undefined> => readFile(join(this.folder, path)).catch(() => undefined)
    assert.equal(Buffer.compare(await rootHash(crypto, reader, size), this.roots[size] ?? new Uint8Array(0)), 0)
    for (let index = 0; index * 256 < size; index++) {
      const width = Math.min(256, size - index * 256)
      const bundle = await readBundle(reader, index, width)
      assert.deepEqual(
        bundle.map((entry) => Buffer.from(entry).toString()),
        Array.from({ length: width }, (_, at) => `entry ${index * 256 + at}`),
      )
    }
    return (await readFile(join(this.folder, 'checkpoint'), 'utf8')) === `size ${size}`
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.files.close()
    await rm(this.folder, { recursive: true, force: true, maxRetries: 5 })
  }
}

test('whenever files are written, all of a checkpoint’s size stand, however far the log has grown on', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.record({ before: fc.integer({ min: 0, max: 300 }), after: fc.integer({ min: 0, max: 300 }) }), {
        minLength: 1,
        maxLength: 5,
      }),
      async (steps) => {
        await using log = await Growing.make()
        for (const { before, after } of steps) {
          log.grow(before)
          const { size } = log.builder
          if (size === 0) continue
          log.files.checkpoint(size, utf8(`size ${size}`))
          log.grow(after)
          log.files.flush()
          assert.ok(await log.found(size))
          assert.deepEqual(log.failures, [])
        }
      },
    ),
    { numRuns: 25 },
  )
})

test('proofs come from memory before anything is written, and from the disk after a start', async () => {
  await using log = await Growing.make()
  log.grow(600)
  const check = async (size: number): Promise<void> => {
    for (const index of [0, 255, 256, size - 1]) {
      const proof = await inclusionProof(crypto, (path) => log.files.read(path), index, size)
      const root = log.roots[size]
      assert.ok(root !== undefined)
      assert.ok(verifyInclusion(crypto, { leafHash: leafHash(crypto, leaf(index)), index, size, root, proof }))
    }
  }
  await check(400)
  await check(600)
  log.files.checkpoint(600, utf8('size 600'))
  log.files.flush()
  await check(600)
  log.files.close()
  log.files = log.opened()
  await check(600)
})

test('a start finds what stands, and mends what does not', async () => {
  await using log = await Growing.make()
  log.grow(300)
  log.files.checkpoint(300, utf8('size 300'))
  log.files.close()
  await rm(join(log.folder, 'tile/0/000'))
  await writeFile(join(log.folder, 'tile/entries/000'), 'other bytes')
  const partial = join(log.folder, 'tile/entries/001.p/44')
  await rm(partial)
  const other = join(log.folder, 'tile/0/001.p/44')
  await writeFile(other, 'other bytes')
  log.files = log.opened()
  const builder = LogBuilder.empty(crypto)
  const { files } = builder.append(Array.from({ length: 300 }, (_, at) => leaf(at)))
  assert.deepEqual(await log.files.compare(files), ['tile/entries/000'])
  assert.deepEqual(await log.files.repair(300), ['tile/0/001.p/44'])
  assert.ok(await log.found(300))
})

test('partial files go when a full one and the next have taken their place', async () => {
  await using log = await Growing.make()
  for (let size = 100; size <= 800; size += 100) {
    log.grow(100)
    log.files.checkpoint(size, utf8(`size ${size}`))
    log.files.flush()
    assert.ok(await log.found(size))
  }
  for (const row of ['0', 'entries'])
    assert.deepEqual((await readdir(join(log.folder, 'tile', row))).sort(), ['000', '001', '002', '002.p', '003.p'])
})
