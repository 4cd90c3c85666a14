import { type Crypto, concatBytes, fromUtf8, sameBytes, toHex } from '@entente/canonical'
import { type Crc32, crc32 as ownCrc32 } from './crc32.ts'
import { ContainerError } from './errors.ts'
import { type FilePortion, MAX_REPORT_BYTES, REPORT_NAME, type Report, decodeReport, fileEntryName, filesOf } from './report.ts'
import { checkDigest, checkSize } from './report-write.ts'
import { type FrameEntry, LOCAL_HEADER, descriptor, directory, localHeader } from './zip-format.ts'

const LOCAL_BYTES = 30

/** What `readReport` yields: the report first, then each file in order. */
export type ReportPart =
  | { readonly kind: 'report'; readonly report: Report }
  | {
      readonly kind: 'file'
      readonly portion: FilePortion
      /** To be read before the next part is asked for; what is left unread is read and checked then. */
      readonly content: AsyncGenerator<Uint8Array, void, void>
    }

/**
 * Reads a report payload from front to back, as `open` yields it, with constant memory. Believes nothing but `report.json`:
 * places, names and sizes follow from it, and the ZIP around must be the one that `writeReport` writes, to the byte.
 * A file's last piece is yielded before its digest is known to hold: keep nothing unless the stream ends without an error.
 * Throws `container/report-…`.
 */
export async function* readReport(
  crypto: Crypto,
  source: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  crc32: Crc32 = ownCrc32,
): AsyncGenerator<ReportPart, void, void> {
  const input = new Input(source)
  const entries: FrameEntry[] = []
  const report = await readFirst(input, entries, crc32)
  yield { kind: 'report', report }
  for (const [index, portion] of filesOf(report).entries()) {
    const offset = input.at
    const opening: FrameEntry = { name: fileEntryName(index), mode: 'streamed', offset, size: 0, crc: 0 }
    await expect(input, localHeader(opening))
    const sums = { crc: 0, done: false, reading: false }
    const content = readFile(crypto, input, portion, { index, crc32, sums })
    yield { kind: 'file', portion, content }
    if (!sums.done) for await (const _ of restOf(content, sums)) void _
    const entry: FrameEntry = { ...opening, size: portion.size, crc: sums.crc }
    entries.push(entry)
    await expect(input, descriptor(entry))
  }
  await expect(input, directory(entries, input.at))
  if (!(await input.ended())) throw structure('something follows the report')
}

interface FileSums {
  crc: number
  done: boolean
  reading: boolean
}

async function* readFile(
  crypto: Crypto,
  input: Input,
  portion: FilePortion,
  at: { readonly index: number; readonly crc32: Crc32; readonly sums: FileSums },
): AsyncGenerator<Uint8Array, void, void> {
  const { sums } = at
  sums.reading = true
  const hash = crypto.hashSha256()
  let left = portion.size
  while (left > 0) {
    const bytes = await input.some(left)
    checkSize(bytes.length > 0, at.index)
    left -= bytes.length
    hash.update(bytes)
    sums.crc = at.crc32(bytes, sums.crc)
    yield bytes
  }
  checkDigest(toHex(hash.digest()), portion, at.index)
  sums.done = true
}

/** The unread rest. A reader that broke off in the middle has ended the generator, and with it the check. */
async function* restOf(content: AsyncGenerator<Uint8Array, void, void>, sums: FileSums): AsyncGenerator<Uint8Array, void, void> {
  yield* content
  if (!sums.done) throw new ContainerError('container/report-order', 'a file was left before its end')
}

async function readFirst(input: Input, entries: FrameEntry[], crc32: Crc32): Promise<Report> {
  const head = await input.exactly(LOCAL_BYTES + REPORT_NAME.length)
  const view = new DataView(head.buffer, head.byteOffset, head.byteLength)
  if (view.getUint32(0, true) !== LOCAL_HEADER || nameIn(head) !== REPORT_NAME) throw structure('the first entry is not the report')
  const size = view.getUint32(22, true)
  if (size > MAX_REPORT_BYTES) throw new ContainerError('container/report-malformed', 'the report is too large', { values: { where: '' } })
  const bytes = await input.exactly(size)
  const entry: FrameEntry = { name: REPORT_NAME, mode: 'known', offset: 0, size, crc: crc32(bytes) }
  if (!sameBytes(head, localHeader(entry))) throw structure('the first entry is not as entente writes it')
  entries.push(entry)
  return decodeReport(bytes)
}

function nameIn(head: Uint8Array): string {
  try {
    return fromUtf8(head.subarray(LOCAL_BYTES))
  } catch {
    return ''
  }
}

async function expect(input: Input, expected: Uint8Array): Promise<void> {
  if (!sameBytes(await input.exactly(expected.length), expected)) throw structure('the zip around the files is not as entente writes it')
}

function structure(message: string): ContainerError {
  return new ContainerError('container/report-structure', message)
}

/** A stream of pieces, taken in the lengths that are asked for. */
class Input {
  readonly #pieces: AsyncIterator<Uint8Array> | Iterator<Uint8Array>
  #piece: Uint8Array = new Uint8Array(0)
  /** How many bytes have been taken. */
  at = 0

  constructor(source: AsyncIterable<Uint8Array> | Iterable<Uint8Array>) {
    this.#pieces = Symbol.asyncIterator in source ? source[Symbol.asyncIterator]() : source[Symbol.iterator]()
  }

  /** 1 to `most` bytes; none only at the end. */
  async some(most: number): Promise<Uint8Array> {
    if (await this.ended()) return this.#piece
    const taken = this.#piece.subarray(0, most)
    this.#piece = this.#piece.subarray(taken.length)
    this.at += taken.length
    return taken
  }

  async exactly(length: number): Promise<Uint8Array> {
    const parts: Uint8Array[] = []
    for (let left = length; left > 0;) {
      const part = await this.some(left)
      if (part.length === 0) throw structure('the report ends too early')
      parts.push(part)
      left -= part.length
    }
    return parts.length === 1 && parts[0] !== undefined ? parts[0] : concatBytes(...parts)
  }

  async ended(): Promise<boolean> {
    while (this.#piece.length === 0) {
      const next = await this.#pieces.next()
      if (next.done === true) return true
      this.#piece = next.value
    }
    return false
  }
}
