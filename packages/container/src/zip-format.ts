import { concatBytes, utf8 } from '@entente/canonical'

/**
 * The one way in which Entente writes a ZIP (APPNOTE 6.3.10), as pure functions of what stands in it, so that a reader can
 * write the frame again and compare: a container has one set of bytes, not one per tool.
 */
export interface FrameEntry {
  /** ASCII. */
  readonly name: string
  /** `known`: sizes stand in front. `streamed`: they follow the data in a descriptor. */
  readonly mode: 'known' | 'streamed'
  /** Where the local header starts. */
  readonly offset: number
  readonly size: number
  readonly crc: number
}

export const LOCAL_HEADER = 0x04_03_4b_50
export const DESCRIPTOR = 0x08_07_4b_50
export const DIRECTORY_HEADER = 0x02_01_4b_50
export const END_OF_DIRECTORY = 0x06_05_4b_50
export const ZIP64_END = 0x06_06_4b_50
export const ZIP64_LOCATOR = 0x07_06_4b_50
/** In a 32-bit field: the value stands in the ZIP64 extra field. */
export const IN_ZIP64 = 0xff_ff_ff_ff
export const FLAG_ENCRYPTED = 0x0001
export const FLAG_DESCRIPTOR = 0x0008
export const FLAG_UTF8 = 0x0800
/** 1980-01-01: the first date that ZIP can say. No clock is read, and the file tells nothing of when it was made. */
const DOS_DATE = 0x0021

type Field = readonly [width: 2 | 4 | 8, value: number]

function record(...fields: readonly Field[]): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(fields.reduce((sum, [width]) => sum + width, 0))
  const view = new DataView(bytes.buffer)
  let at = 0
  for (const [width, value] of fields) {
    if (width === 2) view.setUint16(at, value, true)
    else if (width === 4) view.setUint32(at, value, true)
    else view.setBigUint64(at, BigInt(value), true)
    at += width
  }
  return bytes
}

/** The local header. A streamed entry is always ZIP64, since its size is not known yet. */
export function localHeader(entry: FrameEntry): Uint8Array<ArrayBuffer> {
  const name = utf8(entry.name)
  if (entry.mode === 'known') {
    return concatBytes(
      record(
        [4, LOCAL_HEADER],
        [2, 20],
        [2, FLAG_UTF8],
        [2, 0],
        [2, 0],
        [2, DOS_DATE],
        [4, entry.crc],
        [4, entry.size],
        [4, entry.size],
        [2, name.length],
        [2, 0],
      ),
      name,
    )
  }
  return concatBytes(
    record(
      [4, LOCAL_HEADER],
      [2, 45],
      [2, FLAG_UTF8 | FLAG_DESCRIPTOR],
      [2, 0],
      [2, 0],
      [2, DOS_DATE],
      [4, 0],
      [4, IN_ZIP64],
      [4, IN_ZIP64],
      [2, name.length],
      [2, 20],
    ),
    name,
    record([2, 1], [2, 16], [8, 0], [8, 0]),
  )
}

/** What follows the data: nothing for a known entry, the 24-byte ZIP64 descriptor for a streamed one. */
export function descriptor(entry: FrameEntry): Uint8Array<ArrayBuffer> {
  return entry.mode === 'known' ? new Uint8Array(0) : record([4, DESCRIPTOR], [4, entry.crc], [8, entry.size], [8, entry.size])
}

/** Central directory and end records of these entries; `offset` is where they start. ZIP64 only where a value needs it. */
export function directory(entries: readonly FrameEntry[], offset: number): Uint8Array<ArrayBuffer> {
  const headers = concatBytes(...entries.map(directoryHeader))
  const count = entries.length
  const ends: Uint8Array[] = []
  if (offset >= IN_ZIP64) {
    ends.push(
      record([4, ZIP64_END], [8, 44], [2, 45], [2, 45], [4, 0], [4, 0], [8, count], [8, count], [8, headers.length], [8, offset]),
      record([4, ZIP64_LOCATOR], [4, 0], [8, offset + headers.length], [4, 1]),
    )
  }
  ends.push(
    record([4, END_OF_DIRECTORY], [2, 0], [2, 0], [2, count], [2, count], [4, headers.length], [4, Math.min(offset, IN_ZIP64)], [2, 0]),
  )
  return concatBytes(headers, ...ends)
}

function directoryHeader(entry: FrameEntry): Uint8Array<ArrayBuffer> {
  const name = utf8(entry.name)
  const large: Field[] = []
  if (entry.size >= IN_ZIP64) large.push([8, entry.size], [8, entry.size])
  if (entry.offset >= IN_ZIP64) large.push([8, entry.offset])
  const extra = large.length === 0 ? new Uint8Array(0) : record([2, 1], [2, large.length * 8], ...large)
  const streamed = entry.mode === 'streamed'
  const size = Math.min(entry.size, IN_ZIP64)
  return concatBytes(
    record(
      [4, DIRECTORY_HEADER],
      [2, 45],
      [2, streamed || extra.length > 0 ? 45 : 20],
      [2, streamed ? FLAG_UTF8 | FLAG_DESCRIPTOR : FLAG_UTF8],
      [2, 0],
      [2, 0],
      [2, DOS_DATE],
      [4, entry.crc],
      [4, size],
      [4, size],
      [2, name.length],
      [2, extra.length],
      [2, 0],
      [2, 0],
      [2, 0],
      [4, 0],
      [4, Math.min(entry.offset, IN_ZIP64)],
    ),
    name,
    extra,
  )
}
