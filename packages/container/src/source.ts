import { type MaybePromise, concatBytes } from '@entente/canonical'
import { ContainerError } from './errors.ts'

/** A file, a blob or an array that can be read at any place. `read` gives exactly `length` bytes. */
export interface RandomAccess {
  readonly size: number
  read(offset: number, length: number): MaybePromise<Uint8Array>
}

/** Takes bytes in order; they are the sink's to keep. */
export type Sink = (bytes: Uint8Array) => MaybePromise<void>

/** Bytes in memory as a source. */
export function bytesSource(bytes: Uint8Array): RandomAccess {
  return { size: bytes.length, read: (offset, length) => bytes.subarray(offset, offset + length) }
}

/** Reads exactly; throws `container/zip-truncated` beyond the end and `container/source-short` when the source gives less. */
export async function readExactly(source: RandomAccess, offset: number, length: number): Promise<Uint8Array> {
  if (!Number.isSafeInteger(offset) || offset < 0 || length < 0 || offset + length > source.size) {
    throw new ContainerError('container/zip-truncated', 'the file ends before the place that it names')
  }
  const bytes = await source.read(offset, length)
  if (bytes.length !== length) throw new ContainerError('container/source-short', 'the source gave fewer bytes than it has')
  return bytes
}

/** A sink into memory. */
export function collect(): { readonly sink: Sink; bytes(): Uint8Array<ArrayBuffer> } {
  const parts: Uint8Array[] = []
  return { sink: (bytes) => void parts.push(bytes), bytes: () => concatBytes(...parts) }
}

/**
 * Regroups bytes into blocks of exactly `size`, the last one shorter; nothing at all gives one empty block. A block is good
 * until the next one is asked for: its memory is used again.
 */
export async function* blocksOf(source: AsyncIterable<Uint8Array> | Iterable<Uint8Array>, size: number): AsyncGenerator<Uint8Array> {
  let block = new Uint8Array(0)
  let filled = 0
  let given = false
  for await (const piece of source) {
    let at = 0
    while (at < piece.length) {
      if (filled === 0 && piece.length - at >= size) {
        yield piece.subarray(at, at + size)
        given = true
        at += size
        continue
      }
      if (block.length === 0) block = new Uint8Array(size)
      const take = Math.min(size - filled, piece.length - at)
      block.set(piece.subarray(at, at + take), filled)
      filled += take
      at += take
      if (filled === size) {
        yield block
        given = true
        filled = 0
      }
    }
  }
  if (filled > 0 || !given) yield block.subarray(0, filled)
}
