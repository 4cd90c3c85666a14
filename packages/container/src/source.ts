import { type MaybePromise, concatBytes } from '@entente/canonical'
import { ContainerError } from './errors.ts'

/** A file, a blob or an array that can be read at any place. */
export interface RandomAccess {
  readonly size: number
  /** Gives exactly `length` bytes; in `into`, which has room for just so many, if the host can put them there. */
  read(offset: number, length: number, into?: Uint8Array<ArrayBuffer>): MaybePromise<Uint8Array>
}

/** Takes bytes in order. They are good until it has taken them: their memory may be used again. */
export type Sink = (bytes: Uint8Array) => MaybePromise<void>

/** Bytes in memory as a source. */
export function bytesSource(bytes: Uint8Array): RandomAccess {
  return { size: bytes.length, read: (offset, length) => bytes.subarray(offset, offset + length) }
}

/** Reads exactly; throws `container/zip-truncated` beyond the end and `container/source-short` when the source gives less. */
export async function readExactly(
  source: RandomAccess,
  offset: number,
  length: number,
  into?: Uint8Array<ArrayBuffer>,
): Promise<Uint8Array> {
  if (!Number.isSafeInteger(offset) || offset < 0 || length < 0 || offset + length > source.size) {
    throw new ContainerError('container/zip-truncated', 'the file ends before the place that it names')
  }
  const bytes = await source.read(offset, length, into)
  if (bytes.length !== length) throw new ContainerError('container/source-short', 'the source gave fewer bytes than it has')
  return bytes
}

/** Reads exactly, into memory of the caller's own. Throws as `readExactly`. */
export async function fillFrom(source: RandomAccess, offset: number, own: Uint8Array<ArrayBuffer>): Promise<void> {
  const bytes = await readExactly(source, offset, own.length, own)
  if (bytes.buffer !== own.buffer) own.set(bytes)
}

/** A sink into memory. */
export function collect(): { readonly sink: Sink; bytes(): Uint8Array<ArrayBuffer> } {
  const parts: Uint8Array[] = []
  return { sink: (bytes) => void parts.push(bytes.slice()), bytes: () => concatBytes(...parts) }
}
