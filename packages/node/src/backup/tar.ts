import { concatBytes, fromUtf8, utf8 } from '@entente/canonical'
import { NodeError } from '../errors.ts'

const BLOCK = 512
/** Names that a backup has: no dot alone, nothing outside, nothing that a shell would read otherwise. */
const NAME = /^(?!.*(?:^|\/)\.{1,2}(?:\/|$))[A-Za-z0-9._@-]+(?:\/[A-Za-z0-9._@-]+)*$/u
const LONGEST_NAME = 100
const LARGEST_BYTES = 0o77777777777

/** One regular file of an archive. */
export interface Member {
  readonly name: string
  readonly size: number
  readonly content: AsyncIterable<Uint8Array>
}

/** Header of a regular file, mode 0600 (POSIX ustar): what `tar -x` reads, should this program be gone. */
export function tarHeader(name: string, size: number, modified: number): Uint8Array {
  if (!NAME.test(name) || name.length > LONGEST_NAME || size > LARGEST_BYTES) throw damaged('name')
  const header = new Uint8Array(BLOCK)
  const put = (at: number, text: string): void => header.set(utf8(text), at)
  const octal = (at: number, width: number, value: number): void => put(at, `${value.toString(8).padStart(width - 1, '0')}\0`)
  put(0, name)
  octal(100, 8, 0o600)
  octal(108, 8, 0)
  octal(116, 8, 0)
  octal(124, 12, size)
  octal(136, 12, modified)
  put(148, '        ')
  put(156, '0')
  put(257, 'ustar\x0000')
  const sum = header.reduce((total, byte) => total + byte, 0)
  put(148, `${sum.toString(8).padStart(6, '0')}\0 `)
  return header
}

/** What fills a file up to a whole block. */
export function tarPadding(size: number): Uint8Array {
  return new Uint8Array((BLOCK - (size % BLOCK)) % BLOCK)
}

/** Two empty blocks. */
export const TAR_END: Uint8Array = new Uint8Array(2 * BLOCK)

/** Reads the members of an archive in order; each content must be read to its end before the next. Throws `node/backup`. */
export async function* readTar(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<Member & { readonly offset: number }, void, void> {
  const source = reader(bytes)
  for (let offset = 0; ;) {
    const header = await source.take(BLOCK)
    if (header.every((byte) => byte === 0)) return
    const size = Number.parseInt(text(header, 124, 12), 8)
    const name = text(header, 0, LONGEST_NAME)
    const again =
      Number.isSafeInteger(size) && NAME.test(name) ? tarHeader(name, size, Number.parseInt(text(header, 136, 12), 8)) : undefined
    // One spelling: what this project did not write it does not unpack.
    if (again === undefined || again.some((byte, at) => byte !== header[at])) throw damaged('archive')
    let left = size
    yield {
      name,
      size,
      offset,
      content: (async function* () {
        while (left > 0) {
          const piece = await source.some(left)
          left -= piece.length
          yield piece
        }
      })(),
    }
    if (left > 0) throw damaged('archive')
    await source.take(tarPadding(size).length)
    offset += BLOCK + size + tarPadding(size).length
  }
}

function text(header: Uint8Array, at: number, length: number): string {
  const field = header.subarray(at, at + length)
  const end = field.indexOf(0)
  return fromUtf8(end === -1 ? field : field.subarray(0, end))
}

function reader(bytes: AsyncIterable<Uint8Array>): {
  take(length: number): Promise<Uint8Array>
  some(most: number): Promise<Uint8Array>
} {
  const pieces = bytes[Symbol.asyncIterator]()
  let held = new Uint8Array(0)
  const more = async (): Promise<void> => {
    const next = await pieces.next()
    if (next.done === true) throw damaged('archive')
    held = concatBytes(held, next.value)
  }
  const cut = (length: number): Uint8Array => {
    const piece = held.subarray(0, length)
    held = held.subarray(length)
    return piece
  }
  return {
    async take(length) {
      while (held.length < length) await more()
      return cut(length)
    },
    async some(most) {
      while (held.length === 0) await more()
      return cut(Math.min(most, held.length))
    },
  }
}

function damaged(reason: string): NodeError {
  return new NodeError('node/backup', 'the backup is not one, or is damaged', { values: { reason } })
}
