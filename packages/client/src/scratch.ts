import { concatBytes } from '@entente/canonical'
import type { RandomAccess, Sink } from '@entente/container'

/** A place for one container, ciphertext only, while it is made or checked: a temporary file, or memory. */
export interface Scratch extends RandomAccess {
  /** Takes the next bytes; nothing is read before all are written. */
  write: Sink
  remove(): Promise<void>
}

/** Makes an empty place. */
export type MakeScratch = () => Promise<Scratch>

const READ_BYTES = 1_048_576

/** A scratch in memory, for small containers and for hosts without files. */
export function memoryScratch(): Scratch {
  let parts: Uint8Array[] = []
  let all: Uint8Array | undefined
  let size = 0
  return {
    get size() {
      return size
    },
    write(bytes) {
      // The writer may use its buffer again.
      parts.push(bytes.slice())
      size += bytes.length
    },
    read(offset, length) {
      all ??= concatBytes(...parts)
      return all.subarray(offset, offset + length)
    },
    async remove() {
      parts = []
      all = undefined
      size = 0
    },
  }
}

/** Everything in a source, front to back. */
export async function* streamOf(source: RandomAccess): AsyncGenerator<Uint8Array, void, void> {
  for (let offset = 0; offset < source.size; offset += READ_BYTES)
    yield await source.read(offset, Math.min(READ_BYTES, source.size - offset))
}

interface Waiting {
  readonly bytes: Uint8Array
  taken(): void
  refused(error: unknown): void
}

/** What a writer writes, as a stream: each piece is taken before the next is written, so that nothing piles up. */
export async function* piped(write: (sink: Sink) => Promise<void>): AsyncGenerator<Uint8Array, void, void> {
  let waiting: Waiting | undefined
  let ended = false
  let arrived = Promise.withResolvers<void>()
  const sink: Sink = (bytes) =>
    new Promise<void>((taken, refused) => {
      waiting = { bytes, taken, refused }
      arrived.resolve()
    })
  const writing = write(sink).finally(() => {
    ended = true
    arrived.resolve()
  })
  // Awaited below; until then a failure must not count as one that nobody looks at.
  writing.catch(() => {})
  try {
    for (;;) {
      await arrived.promise
      arrived = Promise.withResolvers<void>()
      const piece = waiting as Waiting | undefined
      waiting = undefined
      if (piece !== undefined) {
        yield piece.bytes
        piece.taken()
      } else if (ended) break
    }
    await writing
  } finally {
    const left = waiting as Waiting | undefined
    left?.refused(new TypeError('nobody reads any more'))
  }
}
