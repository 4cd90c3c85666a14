import { SEGMENT_OVERHEAD } from './manifest.ts'

export const IV_BYTES = 12
export const TAG_BYTES = 16

/** How many segments are worked on at a time; so many megabytes more of memory, whatever the size of the payload. */
const AT_A_TIME = 6

/** Memory of segments that is used again. */
export class SegmentRoom {
  readonly #spare: ArrayBuffer[] = []
  readonly #bytes: number

  /** `plaintextBytes`: of a full segment. */
  constructor(plaintextBytes: number) {
    this.#bytes = plaintextBytes + SEGMENT_OVERHEAD
  }

  /** A segment, with whatever stood in its memory before. */
  take(length: number = this.#bytes): Uint8Array<ArrayBuffer> {
    return new Uint8Array(this.#spare.pop() ?? new ArrayBuffer(this.#bytes), 0, length)
  }

  /** Nobody may use the segment any more. */
  giveBack(segment: Uint8Array<ArrayBuffer>): void {
    this.#spare.push(segment.buffer)
  }
}

/**
 * Regroups bytes into segments that are still to be sealed: text of exactly `size` bytes, the last one shorter, with room for
 * vector and tag around it. Nothing at all gives one empty segment.
 */
export async function* segmentsOf(
  source: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  size: number,
  room: SegmentRoom,
): AsyncGenerator<Uint8Array<ArrayBuffer>> {
  let segment = room.take()
  let filled = 0
  let given = false
  for await (const piece of source) {
    for (let at = 0; at < piece.length;) {
      const taken = piece.subarray(at, at + size - filled)
      segment.set(taken, IV_BYTES + filled)
      filled += taken.length
      at += taken.length
      if (filled < size) continue
      yield segment
      segment = room.take()
      filled = 0
      given = true
    }
  }
  if (filled > 0 || !given) yield segment.subarray(0, filled + SEGMENT_OVERHEAD)
}

/** Begins `work` on a few of what comes, and gives what came of it in order. A failure comes in its turn, after what was before it. */
export async function* inOrder<In, Out>(
  source: AsyncIterable<In> | Iterable<In>,
  work: (one: In) => Promise<Out>,
): AsyncGenerator<Out, void, void> {
  const begun: Promise<Out>[] = []
  const next = (): Promise<Out> => begun.shift() as Promise<Out>
  try {
    for await (const one of source) {
      const working = work(one)
      // Awaited in its turn; until then a failure must not count as one that nobody looks at.
      working.catch(() => {})
      begun.push(working)
      if (begun.length === AT_A_TIME) yield await next()
    }
    while (begun.length > 0) yield await next()
  } finally {
    // Whoever leaves early may close what is being read.
    await Promise.allSettled(begun)
  }
}
