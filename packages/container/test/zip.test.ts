import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import { type ContainerError, bytesSource, checkPayloadDigest, open, readContainer, verifyContainer, whole } from '@entente/container'
import { directory, localHeader } from '#src/zip-format.ts'
import { readDirectory } from '#src/zip-read.ts'
import { TRUST, bytesOf, crypto, make, putTogether, takeApart } from './made.ts'

const made = await make([bytesOf(20_000)])
const { payload, manifest } = await takeApart(made.bytes)
const end = made.bytes.length - 22
const view = new DataView(made.bytes.buffer)
const directoryAt = view.getUint32(end + 16, true)
const secondHeader = directoryAt + 46 + '0.payload'.length
const secondLocal = view.getUint32(secondHeader + 42, true)

async function code(bytes: Uint8Array): Promise<string> {
  try {
    const verified = await verifyContainer(crypto, await readContainer(crypto, bytesSource(bytes)), TRUST)
    await checkPayloadDigest(crypto, verified)
    await whole(open(crypto, verified, made.keys.dataKey))
    return 'opened'
  } catch (error) {
    assert.equal((error as Error).name, 'ContainerError', String((error as Error).stack))
    return (error as ContainerError).code
  }
}

function edited(edit: (view: DataView, bytes: Uint8Array) => void): Uint8Array {
  const bytes = Uint8Array.from(made.bytes)
  edit(new DataView(bytes.buffer), bytes)
  return bytes
}

const cases: readonly [name: string, bytes: () => Uint8Array, code: string][] = [
  ['nothing at all', () => new Uint8Array(0), 'container/not-zip'],
  ['no zip', () => bytesOf(1_000), 'container/not-zip'],
  ['cut off at the end', () => made.bytes.subarray(0, -1), 'container/not-zip'],
  ['cut off in the middle', () => made.bytes.subarray(0, 9_000), 'container/not-zip'],
  ['cut off in front', () => made.bytes.subarray(1), 'container/zip-directory'],
  ['bytes after the end', () => Buffer.concat([made.bytes, new Uint8Array(3)]), 'container/zip-trailing-bytes'],
  ['a comment', () => Buffer.concat([edited((v) => v.setUint16(end + 20, 3, true)), new Uint8Array(3)]), 'container/zip-not-as-written'],
  [
    'bytes in front',
    () => Buffer.concat([new Uint8Array(3), edited((v) => v.setUint32(end + 16, directoryAt + 3, true))]),
    'container/zip-local-header',
  ],
  ['another entry count', () => edited((v) => (v.setUint16(end + 8, 1, true), v.setUint16(end + 10, 1, true))), 'container/zip-directory'],
  ['too many entries', () => edited((v) => (v.setUint16(end + 8, 99, true), v.setUint16(end + 10, 99, true))), 'container/zip-entry-count'],
  ['several volumes', () => edited((v) => v.setUint16(end + 4, 1, true)), 'container/zip-directory'],
  ['compressed', () => edited((v) => v.setUint16(directoryAt + 10, 8, true)), 'container/zip-compressed'],
  ['two sizes', () => edited((v) => v.setUint32(directoryAt + 24, 5, true)), 'container/zip-compressed'],
  ['encrypted by zip', () => edited((v) => v.setUint16(directoryAt + 8, 0x0809, true)), 'container/zip-encrypted'],
  ['overlapping entries', () => edited((v) => v.setUint32(secondHeader + 42, 0, true)), 'container/zip-local-header'],
  [
    'payload over the manifest',
    () => edited((v) => (v.setUint32(directoryAt + 20, directoryAt - 60, true), v.setUint32(directoryAt + 24, directoryAt - 60, true))),
    'container/zip-overlap',
  ],
  [
    'hidden bytes',
    () => edited((v) => (v.setUint32(directoryAt + 20, 100, true), v.setUint32(directoryAt + 24, 100, true))),
    'container/zip-hidden-bytes',
  ],
  ['another name in the local header', () => edited((_, b) => (b[30] = 0x31)), 'container/zip-local-header'],
  ['a name that is not utf-8', () => edited((_, b) => (b[directoryAt + 46] = 0xff)), 'container/zip-name'],
  ['another date', () => edited((v) => v.setUint16(directoryAt + 14, 5, true)), 'container/zip-not-as-written'],
  ['another date in the local header', () => edited((v) => v.setUint16(12, 5, true)), 'container/zip-not-as-written'],
  ['another crc of the manifest', () => edited((v) => v.setUint32(secondHeader + 16, 5, true)), 'container/zip-not-as-written'],
  [
    'another crc of the manifest everywhere',
    () => edited((v) => (v.setUint32(secondHeader + 16, 5, true), v.setUint32(secondLocal + 14, 5, true))),
    'container/zip-not-as-written',
  ],
  [
    'another crc of the payload in the directory',
    () => edited((v) => v.setUint32(directoryAt + 16, 5, true)),
    'container/zip-not-as-written',
  ],
  [
    'another crc of the payload everywhere',
    () => edited((v) => (v.setUint32(directoryAt + 16, 5, true), v.setUint32(30 + 9 + 20 + payload.length + 4, 5, true))),
    'container/payload-crc',
  ],
]

for (const [name, bytes, expected] of cases) test(`${name}: ${expected}`, async () => assert.equal(await code(bytes()), expected))

test('two entries of one name, and two manifests, are refused', async () => {
  const known = (name: string, offset: number) => ({ name, mode: 'known' as const, offset, size: 0, crc: 0 })
  const build = (names: string[]): Uint8Array => {
    const entries = names.map((name, index) => known(name, index === 0 ? 0 : localHeader(known(names[0]!, 0)).length * index))
    const locals = Buffer.concat(entries.map((entry) => localHeader(entry)))
    return Buffer.concat([locals, directory(entries, locals.length)])
  }
  await assert.rejects(readDirectory(bytesSource(build(['abc', 'abc'])), 4), { code: 'container/zip-duplicate-name' })
  await assert.rejects(readContainer(crypto, bytesSource(build(['0.payload']))), { code: 'container/manifest-missing' })
})

test('zip64: places beyond 4 GiB are written and read', async () => {
  const big = 5 * 2 ** 32
  const first = { name: '0.payload', mode: 'streamed' as const, offset: 0, size: big, crc: 1 }
  const head = localHeader(first)
  const second = { name: '0.manifest.json', mode: 'known' as const, offset: head.length + big + 24, size: 0, crc: 0 }
  const tail = Buffer.concat([localHeader(second), directory([first, second], second.offset + localHeader(second).length)])
  const source = {
    size: second.offset + tail.length,
    read(offset: number, length: number): Uint8Array {
      const bytes = new Uint8Array(length)
      for (let at = 0; at < length; at++) bytes[at] = head[offset + at] ?? tail[offset + at - second.offset] ?? 0
      return bytes
    },
  }
  const found = await readDirectory(source, 2)
  assert.deepEqual(
    found.entries.map(({ name, size, dataOffset }) => [name, size, dataOffset]),
    [
      ['0.payload', big, head.length],
      ['0.manifest.json', 0, second.offset + 45],
    ],
  )
})

test('a source that gives less than it has is named', async () => {
  await assert.rejects(readContainer(crypto, { size: 100, read: () => new Uint8Array(3) }), { code: 'container/source-short' })
})

test('every byte outside payload and manifest counts: no second set of bytes', async () => {
  const places = [
    ...Array(59).keys(),
    ...Array.from({ length: 24 + 45 }, (_, n) => 59 + payload.length + n),
    ...Array.from({ length: made.bytes.length - directoryAt }, (_, n) => directoryAt + n),
  ]
  for (const at of places) assert.notEqual(await code(edited((_, bytes) => (bytes[at]! ^= 1))), 'opened', `byte ${at}`)
})

test('fuzz: whatever the bytes, only a ContainerError comes out', async () => {
  const flips = fc.array(fc.tuple(fc.nat(made.bytes.length - 1), fc.nat(255)), { minLength: 1, maxLength: 4 })
  await fc.assert(
    fc.asyncProperty(flips, async (changes) => {
      const same = changes.every(([at, value]) => made.bytes[at] === value)
      const got = await code(edited((_, bytes) => changes.forEach(([at, value]) => (bytes[at] = value))))
      assert.equal(got === 'opened', same)
    }),
    { numRuns: 300 },
  )
  const tail = fc.array(fc.tuple(fc.integer({ min: directoryAt, max: made.bytes.length - 1 }), fc.nat(255)), { minLength: 1, maxLength: 3 })
  await fc.assert(
    fc.asyncProperty(
      tail,
      async (changes) => void (await code(edited((_, bytes) => changes.forEach(([at, value]) => (bytes[at] = value))))),
    ),
    { numRuns: 300 },
  )
  await fc.assert(fc.asyncProperty(fc.uint8Array({ maxLength: 200 }), async (bytes) => assert.notEqual(await code(bytes), 'opened')))
})

test('fuzz: whatever the manifest, only a ContainerError comes out', async () => {
  await fc.assert(
    fc.asyncProperty(fc.json(), async (text) =>
      assert.notEqual(await code(putTogether(payload, new TextEncoder().encode(text))), 'opened'),
    ),
    { numRuns: 200 },
  )
  const paths: (readonly (string | number)[])[] = []
  const walk = (value: unknown, path: readonly (string | number)[]): void => {
    if (path.length > 0) paths.push(path)
    if (typeof value === 'object' && value !== null)
      for (const [name, inner] of Object.entries(value)) walk(inner, [...path, Array.isArray(value) ? Number(name) : name])
  }
  walk(manifest, [])
  const values = fc.constantFrom<unknown>(null, 0, -1, 1e300, '', 'GMAC', '=', [], {}, true, [null], 9_007_199_254_740_991)
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(...paths), values, fc.boolean(), async (path, value, statement) => {
      type Open = { [name: string | number]: Open }
      const copy = JSON.parse(JSON.stringify(manifest)) as Open
      let at = copy
      for (const step of path.slice(0, -1)) at = at[step] as Open
      if (JSON.stringify(at[path.at(-1)!]) === JSON.stringify(value)) return
      at[path.at(-1)!] = value as Open
      if (!statement && Array.isArray(copy['assertions'])) copy['assertions'].pop()
      assert.notEqual(await code(putTogether(payload, new TextEncoder().encode(JSON.stringify(copy)))), 'opened')
    }),
    { numRuns: 400 },
  )
})
