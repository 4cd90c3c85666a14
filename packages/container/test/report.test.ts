import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { test } from 'node:test'
import * as fc from 'fast-check'
import {
  type ContainerError,
  type FilePortion,
  type Report,
  collect,
  isFileName,
  readCard,
  readReport,
  whole,
  writeReport,
} from '@entente/container'
import { CARD, LABEL, bytesOf, crypto } from './made.ts'

const FILES = [bytesOf(5), bytesOf(0), bytesOf(70_000)]
const NAMES = ['海図 (1).png', 'empty.bin', 'track.geojson']

function filePortion(index: number, change: Partial<FilePortion> = {}): FilePortion {
  const content = FILES[index] ?? new Uint8Array(0)
  const sha256 = createHash('sha256').update(content).digest('hex')
  return {
    id: `f${index}`,
    label: LABEL,
    kind: 'file',
    name: NAMES[index] ?? '',
    mediaType: 'image/png',
    size: content.length,
    sha256,
    ...change,
  }
}

function report(...files: FilePortion[]): Report {
  return {
    title: { en: 'EXERCISE Sea lane', ja: '演習 航路' },
    area: 'maritime',
    place: { latitudeMicrodegrees: 24_500_000, longitudeMicrodegrees: -124_000_000, name: { ja: '演習海域' } },
    at: 1_790_000_000,
    portions: [{ id: 'p1', label: LABEL, kind: 'text', texts: [{ lang: 'ja', text: '本文\n' }] }, ...files],
  }
}

const whole3 = report(filePortion(0), filePortion(1), filePortion(2))

async function written(
  given: Report = whole3,
  content = (portion: FilePortion): Uint8Array => FILES[Number(portion.id.slice(1))]!,
): Promise<Uint8Array> {
  const out = collect()
  await writeReport({ crypto, report: given, content: (portion) => [content(portion)] }, out.sink)
  return out.bytes()
}

async function readAll(source: Iterable<Uint8Array>): Promise<{ report?: Report; files: [string, Uint8Array][] }> {
  const files: [string, Uint8Array][] = []
  let found: Report | undefined
  for await (const part of readReport(crypto, source)) {
    if (part.kind === 'report') found = part.report
    else files.push([part.portion.name, await whole(part.content)])
  }
  return { ...(found === undefined ? {} : { report: found }), files }
}

test('a report with files comes back, whatever the pieces', async () => {
  const bytes = await written()
  for (const size of [1, 7, 1_000, 1_000_000]) {
    const pieces = Array.from({ length: Math.ceil(bytes.length / size) }, (_, index) => bytes.subarray(index * size, (index + 1) * size))
    assert.deepEqual(await readAll(pieces), { report: whole3, files: NAMES.map((name, index) => [name, FILES[index]]) })
  }
  assert.deepEqual((await readAll([await written(report())])).files, [])
})

test('unread files are checked all the same; a file left in the middle is an error', async () => {
  const bytes = await written()
  let parts = 0
  for await (const _ of readReport(crypto, [bytes])) parts++
  assert.equal(parts, 4)
  const bad = Uint8Array.from(bytes)
  bad[bad.length - 1_000]! ^= 1
  await assert.rejects(
    async () => {
      for await (const _ of readReport(crypto, [bad])) void _
    },
    { code: 'container/report-file-digest', values: { file: 3 } },
  )
  await assert.rejects(
    async () => {
      for await (const part of readReport(crypto, [bytes.subarray(0, 65_000), bytes.subarray(65_000)])) {
        if (part.kind === 'file') for await (const _ of part.content) break
      }
    },
    { code: 'container/report-order' },
  )
})

test('a file that is not what the report says is neither written nor read', async () => {
  await assert.rejects(
    written(whole3, () => bytesOf(4)),
    { code: 'container/report-file-size' },
  )
  await assert.rejects(
    written(whole3, () => bytesOf(5, 1)),
    { code: 'container/report-file-digest', values: { file: 1 } },
  )
  await assert.rejects(
    written(whole3, () => bytesOf(500)),
    { code: 'container/report-file-size' },
  )
})

test('names: any script, no path, nothing that a system would bend, none twice', async () => {
  for (const name of ['報告書.pdf', 'レポート（最終）.docx', 'a b.txt', '.profile', 'é.txt']) assert.ok(isFileName(name), name)
  const refused = [
    '',
    '.',
    '..',
    '../a',
    'a/b',
    'a\\b',
    'C:x',
    'a\u0000b',
    'a\nb',
    'exe\u202Egpj.',
    'NUL',
    'con.txt',
    'a.',
    ' a',
    'a ',
    'e\u0301.txt',
    '\ud800',
    'あ'.repeat(86),
  ]
  for (const name of refused) {
    assert.ok(!isFileName(name), name)
    await assert.rejects(
      written(report(filePortion(0, { name }))),
      (error: ContainerError) => error.code === 'container/report-file-name' || error.code === 'container/report-malformed',
    )
  }
  await assert.rejects(written(report(filePortion(0, { name: 'a.txt' }), filePortion(1, { name: 'A.TXT' }))), {
    code: 'container/report-file-name',
  })
})

test('changed, cut, extended: every single byte counts', async () => {
  const bytes = await written(report(filePortion(0), filePortion(1)))
  const fails = async (bad: Uint8Array): Promise<void> => assert.rejects(readAll([bad]), { name: 'ContainerError' })
  for (let at = 0; at < bytes.length; at++) await fails(Uint8Array.from(bytes, (byte, index) => (index === at ? byte ^ 1 : byte)))
  for (let length = 0; length < bytes.length; length += 11) await fails(bytes.subarray(0, length))
  await assert.rejects(readAll([bytes, new Uint8Array(1)]), { code: 'container/report-structure' })
  await fc.assert(fc.asyncProperty(fc.uint8Array({ maxLength: 300 }), fails))
})

test('a card has a shape: title in one language, microdegrees, no controls', () => {
  assert.deepEqual(readCard(CARD), CARD)
  const bad = [
    { ...CARD, title: {} },
    { ...CARD, title: { en: 'a\nb' } },
    { ...CARD, extra: 1 },
    { ...CARD, place: { latitudeMicrodegrees: 91_000_000, longitudeMicrodegrees: 0 } },
  ]
  for (const card of bad) assert.throws(() => readCard(card), { code: 'container/card-malformed' })
})
