/**
 * Sealing: how fast a file becomes a container, how much memory that takes, and what limits it. `--smoke` takes 1 and 16 MiB,
 * `--full` adds 8 GiB. In the same process, in turns with the product:
 * - `AES + SHA`: AES-256-GCM and one SHA-256 pass over the same bytes, read from the same file. No format does with less.
 * - `demanded`: the passes that the format asks for, bare, one after the other on one thread.
 * - `copy`: the file copied with a SHA-256 on the way; for the client's whole path, which also writes a file.
 */
import { createCipheriv, createHash, createHmac } from 'node:crypto'
import { mkdtemp, open as openFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { crc32 } from 'node:zlib'
import { nodeCrypto as crypto } from '@entente/crypto-node'
import { machineLine } from './measure/machine.ts'
import { PreparedReport, bytesOf, sha256Of, writeChance } from './measure/rendition.ts'
import { inTurns } from './measure/rounds.ts'
import { bulkTable, roundsFor, sizesOf } from './measure/bulk.ts'

const KEY = crypto.random(32)

/** Runs the benchmark and prints its figures. */
export async function bench(args: readonly string[]): Promise<void> {
  console.log(machineLine())
  const folder = await mkdtemp(join(tmpdir(), 'entente bench-'))
  await using report = await PreparedReport.make()
  try {
    for (const { name, bytes } of sizesOf(args)) {
      const source = join(folder, 'source')
      const target = join(folder, 'target')
      await writeChance(source, bytes)
      const file = { path: source, size: bytes, sha256: await sha256Of(source) }
      const { rounds, repeat } = roundsFor(bytes, args)
      const times = (run: () => Promise<void>) => async (): Promise<void> => {
        for (let at = 0; at < repeat; at++) await run()
      }
      const timings = await inTurns(rounds, {
        container: times(async () => void (await report.sealBytes(bytesOf(source), () => {}))),
        'AES + SHA': times(() => encrypted(source)),
        'demanded by the container': times(() => demanded(source, false)),
        client: times(() => clientSeal(report, file, target)),
        copy: times(() => copied(source, target)),
        'demanded of the client': times(() => demanded(source, true, target)),
      })
      console.log(`\n${name}: ${rounds} rounds${repeat > 1 ? ` of ${repeat}` : ''}`)
      bulkTable(bytes * repeat, timings, [
        { product: 'container', limits: ['AES + SHA', 'demanded by the container'] },
        { product: 'client', limits: ['AES + SHA', 'copy', 'demanded of the client'] },
      ])
      await rm(source)
      await rm(target)
    }
    console.log(`\n${machineLine()}`)
  } finally {
    await rm(folder, { recursive: true, force: true, maxRetries: 5 })
  }
}

/** What a release does before it sends anything: the sealed file, into a scratch file. Each part is hashed when it is sent. */
async function clientSeal(
  report: PreparedReport,
  file: { readonly path: string; readonly size: number; readonly sha256: string },
  target: string,
): Promise<void> {
  const into = await openFile(target, 'w')
  await report.sealAsClient(file, (bytes) => into.writeFile(bytes))
  await into.close()
}

async function encrypted(source: string): Promise<void> {
  const whole = createHash('sha256')
  for await (const piece of bytesOf(source)) {
    const cipher = createCipheriv('aes-256-gcm', KEY, crypto.random(12))
    whole.update(cipher.update(piece))
    cipher.final()
    cipher.getAuthTag()
  }
  whole.digest()
}

async function copied(source: string, target: string): Promise<void> {
  const into = await openFile(target, 'w')
  const whole = createHash('sha256')
  for await (const piece of bytesOf(source)) {
    whole.update(piece)
    await into.writeFile(piece)
  }
  whole.digest()
  await into.close()
}

/**
 * A segment is encrypted once, and hashed by HMAC-SHA-256 (OpenTDF), SHA-384 (`payloadDigest`) and CRC-32 (ZIP). A client also
 * checks the file's SHA-256 and makes the inner ZIP's CRC-32, and writes the container down.
 */
async function demanded(source: string, asClient: boolean, target?: string): Promise<void> {
  const into = target === undefined ? undefined : await openFile(target, 'w')
  const file = createHash('sha256')
  const digest = createHash('sha384')
  let sums = 0
  for await (const piece of bytesOf(source)) {
    if (asClient) {
      file.update(piece)
      sums ^= crc32(piece)
    }
    const cipher = createCipheriv('aes-256-gcm', KEY, crypto.random(12))
    const sealed = cipher.update(piece)
    cipher.final()
    cipher.getAuthTag()
    createHmac('sha256', KEY).update(sealed).digest()
    digest.update(createHash('sha384').update(sealed).digest())
    sums ^= crc32(sealed)
    await into?.writeFile(sealed)
  }
  void sums
  for (const hash of [file, digest]) hash.digest()
  await into?.close()
}
