/**
 * Opening: how fast a container becomes its report again, how much memory that takes, and what limits it. `--smoke` takes 1 and
 * 16 MiB, `--full` adds 8 GiB. In the same process, in turns with the product:
 * - `AES + SHA`: AES-256-GCM decryption and one SHA-256 pass over the same bytes, read from the same file.
 * - `demanded`: the passes that format and protocol ask for, bare. The payload is read twice: its digest is checked before
 *   anything is signed, its segments when the key has come.
 * - `copy`: the file copied with a SHA-256 on the way; for the client's whole path, which also writes a file.
 */
import { createDecipheriv, createCipheriv, createHash, createHmac } from 'node:crypto'
import { mkdtemp, open as openFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { crc32 } from 'node:zlib'
import { sameBytes } from '@entente/canonical'
import { verifyReleased } from '@entente/client'
import { REPORT_MEDIA_TYPE, open, readReport, writeReport } from '@entente/container'
import { nodeCrypto as crypto } from '@entente/crypto-node'
import { bulkTable, roundsFor, sizesOf } from './measure/bulk.ts'
import { machineLine } from './measure/machine.ts'
import { PreparedReport, bytesOf, randomAccess, sha256Of, writeChance } from './measure/rendition.ts'
import { inTurns } from './measure/rounds.ts'

const KEY = crypto.random(32)
const IV = crypto.random(12)
const SEGMENT_BYTES = 1_048_576
const TAG_BYTES = 16

/** Runs the benchmark and prints its figures. */
export async function bench(args: readonly string[]): Promise<void> {
  console.log(machineLine())
  const folder = await mkdtemp(join(tmpdir(), 'entente bench-'))
  await using report = await PreparedReport.make()
  try {
    for (const { name, bytes } of sizesOf(args)) {
      const [source, inner, container, target, segments] = ['source', 'inner', 'container', 'target', 'segments'].map((one) =>
        join(folder, one),
      ) as [string, string, string, string, string]
      await writeChance(source, bytes)
      await writeInner(source, bytes, inner)
      const dataKey = await writeContainer(report, inner, container)
      await writeSegments(source, segments)
      const { rounds, repeat } = roundsFor(bytes, args)
      const times = (run: () => Promise<void>) => async (): Promise<void> => {
        for (let at = 0; at < repeat; at++) await run()
      }
      const timings = await inTurns(rounds, {
        container: times(() => decrypted(report, container, dataKey)),
        'AES + SHA': times(() => bare(segments)),
        'demanded by the container': times(() => demanded(segments)),
        client: times(() => clientOpen(report, container, dataKey, target)),
        copy: times(() => copied(source, target)),
        'demanded of the client': times(() => demanded(segments, target)),
      })
      console.log(`\n${name}: ${rounds} rounds${repeat > 1 ? ` of ${repeat}` : ''}`)
      bulkTable(bytes * repeat, timings, [
        { product: 'container', limits: ['AES + SHA', 'demanded by the container'] },
        { product: 'client', limits: ['AES + SHA', 'copy', 'demanded of the client'] },
      ])
      await clientOpen(report, container, dataKey, target)
      if ((await sha256Of(target)) !== (await sha256Of(source))) throw new Error('what was opened is not what was sealed')
      for (const one of [source, inner, container, target, segments]) await rm(one)
    }
    console.log(`\n${machineLine()}`)
  } finally {
    await rm(folder, { recursive: true, force: true, maxRetries: 5 })
  }
}

async function writeInner(source: string, size: number, inner: string): Promise<void> {
  const into = await openFile(inner, 'w')
  const portion = {
    kind: 'file',
    id: 'f1',
    name: 'recording.bin',
    mediaType: 'application/octet-stream',
    size,
    sha256: await sha256Of(source),
  } as const
  const report = { title: { en: 'EXERCISE report' }, area: 'maritime', portions: [{ ...portion, label: LABEL }] }
  await writeReport({ crypto, report, crc32: (bytes, before) => crc32(bytes, before), content: () => bytesOf(source) }, (bytes) =>
    into.writeFile(bytes),
  )
  await into.close()
}

/** A portion's label; nothing here decides anything on it. */
const LABEL = {
  policy: 'EXERCISE',
  classification: 'OPEN',
  categories: [],
  personRules: [],
  originators: [{ nation: 'XXA', releasableTo: 'neutral' }],
  created: 1_790_000_000,
} as const

async function writeContainer(report: PreparedReport, inner: string, container: string): Promise<Uint8Array> {
  const into = await openFile(container, 'w')
  try {
    return await report.sealBytes(bytesOf(inner), (bytes) => into.writeFile(bytes), REPORT_MEDIA_TYPE)
  } finally {
    await into.close()
  }
}

/** The same bytes as bare encrypted segments with their tags, all under one key and IV: of no use but to be decrypted again. */
async function writeSegments(source: string, segments: string): Promise<void> {
  const into = await openFile(segments, 'w')
  for await (const piece of bytesOf(source)) {
    const cipher = createCipheriv('aes-256-gcm', KEY, IV)
    await into.writeFile(cipher.update(piece))
    cipher.final()
    await into.writeFile(cipher.getAuthTag())
  }
  await into.close()
}

/** The payload alone: checked, decrypted, thrown away. */
async function decrypted(report: PreparedReport, path: string, dataKey: Uint8Array): Promise<void> {
  const source = await randomAccess(path)
  const verified = await verifyReleased(report.reader, source)
  for await (const piece of open(crypto, verified, dataKey)) void piece
  await source.close()
}

/** What a reader's client does once the container is here: verify, decrypt, check the report, write. */
async function clientOpen(report: PreparedReport, path: string, dataKey: Uint8Array, target: string): Promise<void> {
  const source = await randomAccess(path)
  const verified = await verifyReleased(report.reader, source)
  const into = await openFile(target, 'w')
  for await (const part of readReport(crypto, open(crypto, verified, dataKey), report.reader.crc32)) {
    if (part.kind === 'report') continue
    for await (const piece of part.content) await into.writeFile(piece)
  }
  await into.close()
  await source.close()
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

async function* segmentsOf(path: string): AsyncGenerator<Uint8Array> {
  const file = await openFile(path, 'r')
  const segment = new Uint8Array(SEGMENT_BYTES + TAG_BYTES)
  for (;;) {
    const { bytesRead } = await file.read(segment, 0, segment.length)
    if (bytesRead === 0) break
    yield segment.subarray(0, bytesRead)
  }
  await file.close()
}

function decrypt(segment: Uint8Array): Uint8Array {
  const decipher = createDecipheriv('aes-256-gcm', KEY, IV)
  decipher.setAuthTag(segment.subarray(segment.length - TAG_BYTES))
  const plaintext = decipher.update(segment.subarray(0, segment.length - TAG_BYTES))
  decipher.final()
  return plaintext
}

async function bare(segments: string): Promise<void> {
  const whole = createHash('sha256')
  for await (const segment of segmentsOf(segments)) {
    whole.update(segment)
    decrypt(segment)
  }
  whole.digest()
}

/**
 * First reading: SHA-384 and CRC-32 of every segment. Second: HMAC-SHA-256, then decryption. A client also checks the inner
 * ZIP's CRC-32 and the file's SHA-256, and writes the file down.
 */
async function demanded(segments: string, target?: string): Promise<void> {
  const digest = createHash('sha384')
  let sums = 0
  for await (const segment of segmentsOf(segments)) {
    digest.update(createHash('sha384').update(segment).digest())
    sums ^= crc32(segment)
  }
  digest.digest()
  const into = target === undefined ? undefined : await openFile(target, 'w')
  const file = createHash('sha256')
  for await (const segment of segmentsOf(segments)) {
    const mac = createHmac('sha256', KEY).update(segment).digest()
    if (sameBytes(mac, KEY)) throw new Error('a MAC that is its key')
    const plaintext = decrypt(segment)
    if (into === undefined) continue
    file.update(plaintext)
    sums ^= crc32(plaintext)
    await into.writeFile(plaintext)
  }
  file.digest()
  void sums
  await into?.close()
}
