import { fromUtf8, sameBytes } from '@entente/canonical'
import { ContainerError } from './errors.ts'
import { type RandomAccess, readExactly } from './source.ts'
import {
  DIRECTORY_HEADER,
  END_OF_DIRECTORY,
  FLAG_DESCRIPTOR,
  FLAG_ENCRYPTED,
  type FrameEntry,
  IN_ZIP64,
  LOCAL_HEADER,
  ZIP64_END,
  ZIP64_LOCATOR,
  descriptor,
  directory,
  localHeader,
} from './zip-format.ts'

/** One entry as the central directory tells it, its data found through its local header. */
export interface ZipEntry {
  readonly name: string
  /** Where the local header starts. */
  readonly offset: number
  /** Where the data starts. */
  readonly dataOffset: number
  readonly size: number
  readonly crc: number
  readonly streamed: boolean
}

export interface ZipDirectory {
  /** In the order in which they stand in the file. */
  readonly entries: readonly ZipEntry[]
  /** Where the central directory starts. */
  readonly offset: number
}

const MAX_COMMENT = 65_535
const END_BYTES = 22
const LOCATOR_BYTES = 20
const ZIP64_END_BYTES = 56
const LOCAL_BYTES = 30
const DIRECTORY_BYTES = 46
/** No entry needs more: name, ZIP64 field, and what other tools put in. */
const MAX_DIRECTORY_BYTES_PER_ENTRY = DIRECTORY_BYTES + 3 * 4_096

/**
 * Reads the directory of a STORE ZIP from its end. Refuses compression, encryption, doubled names, overlaps, bytes that
 * belong to no entry, anything after the end record, and more than `maxEntries`. Local headers only give the place of the
 * data: upstream writers set other flags there.
 */
export async function readDirectory(source: RandomAccess, maxEntries: number): Promise<ZipDirectory> {
  const end = await findEnd(source)
  if (end.count > maxEntries) {
    throw new ContainerError('container/zip-entry-count', `more than ${maxEntries} entries`, {
      values: { count: end.count, limit: maxEntries },
    })
  }
  if (end.offset + end.size !== end.at || end.size > end.count * MAX_DIRECTORY_BYTES_PER_ENTRY) {
    throw new ContainerError('container/zip-directory', 'the central directory does not end where the end record starts')
  }
  const headers = readHeaders(await readExactly(source, end.offset, end.size), end.count)
  headers.sort((a, b) => a.offset - b.offset)
  const entries: ZipEntry[] = []
  for (const header of headers) entries.push({ ...header, dataOffset: await dataOffset(source, header) })
  checkPlaces(entries, end.offset)
  return { entries, offset: end.offset }
}

interface End {
  readonly count: number
  readonly size: number
  readonly offset: number
  /** Where the end records start. */
  readonly at: number
}

async function findEnd(source: RandomAccess): Promise<End> {
  const length = Math.min(source.size, END_BYTES + MAX_COMMENT)
  const tail = await readExactly(source, source.size - length, length)
  const view = viewOf(tail)
  let seen = false
  for (let at = length - END_BYTES; at >= 0; at--) {
    if (view.getUint32(at, true) !== END_OF_DIRECTORY) continue
    seen = true
    if (at + END_BYTES + view.getUint16(at + 20, true) !== length) continue
    const from = source.size - length + at
    if (view.getUint16(at + 4, true) !== 0 || view.getUint16(at + 6, true) !== 0) {
      throw new ContainerError('container/zip-directory', 'a zip in several volumes')
    }
    const count = view.getUint16(at + 10, true)
    if (view.getUint16(at + 8, true) !== count) throw new ContainerError('container/zip-directory', 'the end record gives two entry counts')
    const size = view.getUint32(at + 12, true)
    const offset = view.getUint32(at + 16, true)
    if (count !== 0xff_ff && size !== IN_ZIP64 && offset !== IN_ZIP64) return { count, size, offset, at: from }
    return zip64End(source, from)
  }
  if (seen) throw new ContainerError('container/zip-trailing-bytes', 'something follows the end record')
  throw new ContainerError('container/not-zip', 'no end record: not a zip, or cut off')
}

async function zip64End(source: RandomAccess, from: number): Promise<End> {
  if (from < LOCATOR_BYTES + ZIP64_END_BYTES) throw new ContainerError('container/zip-directory', 'no room for the zip64 end record')
  const locator = viewOf(await readExactly(source, from - LOCATOR_BYTES, LOCATOR_BYTES))
  if (locator.getUint32(0, true) !== ZIP64_LOCATOR) throw new ContainerError('container/zip-directory', 'no zip64 locator')
  const at = uint64(locator, 8)
  if (at + ZIP64_END_BYTES !== from - LOCATOR_BYTES)
    throw new ContainerError('container/zip-directory', 'the zip64 end record is elsewhere')
  const record = viewOf(await readExactly(source, at, ZIP64_END_BYTES))
  const count = uint64(record, 32)
  if (record.getUint32(0, true) !== ZIP64_END || uint64(record, 4) !== 44 || uint64(record, 24) !== count) {
    throw new ContainerError('container/zip-directory', 'malformed zip64 end record')
  }
  return { count, size: uint64(record, 40), offset: uint64(record, 48), at }
}

type Header = Omit<ZipEntry, 'dataOffset'>

function readHeaders(bytes: Uint8Array, count: number): Header[] {
  const view = viewOf(bytes)
  const headers: Header[] = []
  const names = new Set<string>()
  let at = 0
  for (let index = 0; index < count; index++) {
    if (at + DIRECTORY_BYTES > bytes.length || view.getUint32(at, true) !== DIRECTORY_HEADER) {
      throw new ContainerError('container/zip-directory', 'malformed directory header')
    }
    const flags = view.getUint16(at + 8, true)
    if ((flags & FLAG_ENCRYPTED) !== 0) throw new ContainerError('container/zip-encrypted', 'an entry is encrypted by zip')
    if (view.getUint16(at + 10, true) !== 0) throw new ContainerError('container/zip-compressed', 'an entry is compressed')
    const nameLength = view.getUint16(at + 28, true)
    const extraLength = view.getUint16(at + 30, true)
    const next = at + DIRECTORY_BYTES + nameLength + extraLength + view.getUint16(at + 32, true)
    if (next > bytes.length) throw new ContainerError('container/zip-directory', 'a directory header runs over the end')
    const extraAt = at + DIRECTORY_BYTES + nameLength
    const name = entryName(bytes.subarray(at + DIRECTORY_BYTES, extraAt))
    if (names.has(name)) throw new ContainerError('container/zip-duplicate-name', 'two entries have one name')
    names.add(name)
    const { size, packed, offset } = wideFields(view, at, extraAt, extraLength)
    if (size !== packed) throw new ContainerError('container/zip-compressed', 'an entry gives two sizes')
    headers.push({ name, offset, size, crc: view.getUint32(at + 16, true), streamed: (flags & FLAG_DESCRIPTOR) !== 0 })
    at = next
  }
  if (at !== bytes.length) throw new ContainerError('container/zip-directory', 'bytes in the directory that belong to no entry')
  return headers
}

function entryName(bytes: Uint8Array): string {
  let name: string
  try {
    name = fromUtf8(bytes)
  } catch (cause) {
    throw new ContainerError('container/zip-name', 'an entry name is not utf-8', { cause })
  }
  if (name === '' || name.includes('\0')) throw new ContainerError('container/zip-name', 'an entry has no usable name')
  return name
}

/** Sizes and offset, from the ZIP64 extra field where the 32-bit field says so (APPNOTE 4.5.3: only those, in this order). */
function wideFields(view: DataView, at: number, extraAt: number, extraLength: number): { size: number; packed: number; offset: number } {
  let packed = view.getUint32(at + 20, true)
  let size = view.getUint32(at + 24, true)
  let offset = view.getUint32(at + 42, true)
  if (packed !== IN_ZIP64 && size !== IN_ZIP64 && offset !== IN_ZIP64) return { size, packed, offset }
  let field = extraAt
  const end = extraAt + extraLength
  while (field + 4 <= end) {
    const length = view.getUint16(field + 2, true)
    const fieldEnd = field + 4 + length
    if (fieldEnd > end) break
    if (view.getUint16(field, true) === 1) {
      let value = field + 4
      const take = (): number => {
        if (value + 8 > fieldEnd) throw new ContainerError('container/zip-directory', 'zip64 field too short')
        value += 8
        return uint64(view, value - 8)
      }
      if (size === IN_ZIP64) size = take()
      if (packed === IN_ZIP64) packed = take()
      if (offset === IN_ZIP64) offset = take()
      return { size, packed, offset }
    }
    field = fieldEnd
  }
  throw new ContainerError('container/zip-directory', 'a zip64 field is missing')
}

async function dataOffset(source: RandomAccess, header: Header): Promise<number> {
  const bytes = await readExactly(source, header.offset, LOCAL_BYTES)
  const view = viewOf(bytes)
  if (view.getUint32(0, true) !== LOCAL_HEADER)
    throw new ContainerError('container/zip-local-header', 'no local header where the directory points')
  const nameLength = view.getUint16(26, true)
  const name = await readExactly(source, header.offset + LOCAL_BYTES, nameLength)
  if (entryName(name) !== header.name) throw new ContainerError('container/zip-local-header', 'local header and directory give two names')
  if (view.getUint16(8, true) !== 0) throw new ContainerError('container/zip-compressed', 'a local header says compressed')
  return header.offset + LOCAL_BYTES + nameLength + view.getUint16(28, true)
}

/** Entries stand one after the other from the first byte to the directory, with a descriptor between where one is said. */
function checkPlaces(entries: readonly ZipEntry[], directoryOffset: number): void {
  let at = 0
  for (const [index, entry] of entries.entries()) {
    const end = entry.dataOffset + entry.size
    const next = entries[index + 1]?.offset ?? directoryOffset
    if (entry.offset < at || end > next) throw new ContainerError('container/zip-overlap', 'entries overlap')
    if (entry.offset !== at) throw new ContainerError('container/zip-hidden-bytes', 'bytes before an entry that belong to none')
    const gap = next - end
    const fits = entry.streamed ? [12, 16, 20, 24].includes(gap) : gap === 0
    if (!fits)
      throw new ContainerError('container/zip-hidden-bytes', 'bytes after an entry that belong to none', { values: { bytes: gap } })
    at = next
  }
  if (entries.length === 0 && directoryOffset !== 0) throw new ContainerError('container/zip-hidden-bytes', 'bytes that belong to no entry')
}

/** Writes the frame again and compares: throws `container/zip-not-as-written` if any byte outside the data differs from ours. */
export async function checkFrame(source: RandomAccess, found: ZipDirectory, modes: readonly FrameEntry['mode'][]): Promise<void> {
  const entries: FrameEntry[] = []
  for (const [index, entry] of found.entries.entries()) {
    const frame: FrameEntry = { name: entry.name, mode: modes[index] ?? 'known', offset: entry.offset, size: entry.size, crc: entry.crc }
    entries.push(frame)
    await compare(source, entry.offset, localHeader(frame), entry.dataOffset - entry.offset)
    await compare(source, entry.dataOffset + entry.size, descriptor(frame))
  }
  const expected = directory(entries, found.offset)
  await compare(source, found.offset, expected, source.size - found.offset)
}

async function compare(source: RandomAccess, at: number, expected: Uint8Array, length: number = expected.length): Promise<void> {
  if (length !== expected.length || !sameBytes(await readExactly(source, at, length), expected)) {
    throw new ContainerError('container/zip-not-as-written', 'the zip around the contents is not as entente writes it', { values: { at } })
  }
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
}

function uint64(view: DataView, at: number): number {
  const value = view.getBigUint64(at, true)
  if (value > BigInt(Number.MAX_SAFE_INTEGER)) throw new ContainerError('container/zip-directory', 'a size beyond 2^53')
  return Number(value)
}
