/**
 * Boxes in a product of finite axes: for each axis the set of its classes, as bits of one or more 32-bit words. Everything that
 * an agreement permits is a union of boxes; whatever is computed with them is exact.
 */

/** Words of all axes, one axis after the other. No axis of a box is empty. */
export type Box = readonly number[]

/** How a box's words are divided among the axes: axis *n* has the words from `starts[n]` to before `starts[n + 1]`. */
export interface Frame {
  readonly starts: readonly number[]
  /** Every class on every axis. */
  readonly full: Box
  /** Whether every axis has one word only. */
  readonly flat: boolean
}

/** A frame of axes with so many classes each. */
export function frameOf(sizes: readonly number[]): Frame {
  const starts = [0]
  const full: number[] = []
  for (const size of sizes) {
    for (let left = size; left > 0; left -= 32) full.push(left >= 32 ? -1 : (1 << left) - 1)
    starts.push(full.length)
  }
  return { starts, full, flat: full.length === sizes.length }
}

/** How many axes a frame has. */
export function axesOf(frame: Frame): number {
  return frame.starts.length - 1
}

/** The box whose axis holds these classes and whose other axes are as in `box`; undefined where the axis would be empty. */
export function narrowed(frame: Frame, box: Box, axis: number, classes: Iterable<number>): Box | undefined {
  const start = frame.starts[axis] ?? 0
  const wanted = box.map(() => 0)
  for (const one of classes) wanted[start + (one >> 5)] = (wanted[start + (one >> 5)] ?? 0) | (1 << (one & 31))
  const words = [...box]
  let any = 0
  for (let at = start; at < (frame.starts[axis + 1] ?? 0); at++) any |= words[at] = (words[at] ?? 0) & (wanted[at] ?? 0)
  return any === 0 ? undefined : words
}

/** Classes of a box on one axis, rising. */
export function classesOn(frame: Frame, box: Box, axis: number): readonly number[] {
  const start = frame.starts[axis] ?? 0
  const found: number[] = []
  for (let at = start; at < (frame.starts[axis + 1] ?? 0); at++) {
    for (let bit = 0; bit < 32; bit++) if (((box[at] ?? 0) & (1 << bit)) !== 0) found.push(((at - start) << 5) + bit)
  }
  return found
}

/** What both boxes hold; undefined where that is nothing. */
export function meet(frame: Frame, a: Box, b: Box): Box | undefined {
  return meets(frame, a, b) ? a.map((word, at) => word & (b[at] ?? 0)) : undefined
}

/** Whether two boxes have a point in common. */
export function meets(frame: Frame, a: Box, b: Box): boolean {
  if (frame.flat) {
    for (let at = 0; at < a.length; at++) if (((a[at] ?? 0) & (b[at] ?? 0)) === 0) return false
    return true
  }
  const { starts } = frame
  for (let axis = 0; axis + 1 < starts.length; axis++) {
    let any = 0
    for (let at = starts[axis] ?? 0; at < (starts[axis + 1] ?? 0); at++) any |= (a[at] ?? 0) & (b[at] ?? 0)
    if (any === 0) return false
  }
  return true
}

/** Whether `outer` holds every point of `inner`. */
export function holds(outer: Box, inner: Box): boolean {
  for (let at = 0; at < inner.length; at++) if (((inner[at] ?? 0) & ~(outer[at] ?? 0)) !== 0) return false
  return true
}

/** The points of `a` that are not in `b`, as disjoint boxes: at most one an axis. */
export function subtract(frame: Frame, a: Box, b: Box): readonly Box[] {
  if (!meets(frame, a, b)) return [a]
  const pieces: Box[] = []
  const { starts } = frame
  let rest = a
  for (let axis = 0; axis + 1 < starts.length; axis++) {
    const from = starts[axis] ?? 0
    const to = starts[axis + 1] ?? 0
    let outside = 0
    for (let at = from; at < to; at++) outside |= (rest[at] ?? 0) & ~(b[at] ?? 0)
    if (outside === 0) continue
    const piece = [...rest]
    const next = [...rest]
    for (let at = from; at < to; at++) {
      piece[at] = (rest[at] ?? 0) & ~(b[at] ?? 0)
      next[at] = (rest[at] ?? 0) & (b[at] ?? 0)
    }
    pieces.push(piece)
    rest = next
  }
  return pieces
}

/** The points of any of `boxes` that are in none of `minus`; disjoint where `boxes` are. */
export function subtractAll(frame: Frame, boxes: readonly Box[], minus: readonly Box[]): readonly Box[] {
  // Most often one of them holds the whole.
  let left = boxes.filter((box) => !minus.some((one) => holds(one, box)))
  for (const one of minus) {
    if (left.length === 0) return left
    if (left.some((box) => meets(frame, box, one))) left = left.flatMap((box) => subtract(frame, box, one))
  }
  return left
}

/** A box, or none, as a list: a box is a list itself, and must not be taken apart. */
export function listOf(box: Box | undefined): readonly Box[] {
  return box === undefined ? [] : [box]
}

/** The points of any of `boxes` that are in any of `others`. */
export function meetAll(frame: Frame, boxes: readonly Box[], others: readonly Box[]): readonly Box[] {
  return boxes.flatMap((box) => others.flatMap((other) => listOf(meet(frame, box, other))))
}

/** The same points as disjoint boxes. */
export function disjoint(frame: Frame, boxes: readonly Box[]): readonly Box[] {
  const apart: Box[] = []
  for (const box of maximal(boxes)) apart.push(...subtractAll(frame, [box], apart))
  return apart
}

/** Those that lie in no other one, each once. */
export function maximal(boxes: readonly Box[]): readonly Box[] {
  const kept: Box[] = []
  for (const box of boxes) {
    if (kept.some((other) => holds(other, box))) continue
    for (let at = kept.length - 1; at >= 0; at--) if (holds(box, kept[at] ?? [])) kept.splice(at, 1)
    kept.push(box)
  }
  return kept
}

/** How many points a box holds. */
export function sizeOf(frame: Frame, box: Box): number {
  const { starts } = frame
  let size = 1
  for (let axis = 0; axis + 1 < starts.length; axis++) {
    let classes = 0
    for (let at = starts[axis] ?? 0; at < (starts[axis + 1] ?? 0); at++) classes += bits(box[at] ?? 0)
    size *= classes
  }
  return size
}

/** How many points boxes hold together, each once, the impossible left out. */
export function countOf(frame: Frame, boxes: readonly Box[], impossible: readonly Box[]): number {
  return subtractAll(frame, disjoint(frame, boxes), impossible).reduce((sum, box) => sum + sizeOf(frame, box), 0)
}

function bits(word: number): number {
  let left = word - ((word >>> 1) & 0x55555555)
  left = (left & 0x33333333) + ((left >>> 2) & 0x33333333)
  return (((left + (left >>> 4)) & 0x0f0f0f0f) * 0x01010101) >>> 24
}

/** A fixed order: by the lowest class on the first axis on which they differ, then the larger first. */
export function compareBoxes(a: Box, b: Box): number {
  for (let at = 0; at < a.length; at++) {
    const x = a[at] ?? 0
    const y = b[at] ?? 0
    if (x === y) continue
    const differing = x ^ y
    return (x & (differing & -differing)) === 0 ? 1 : -1
  }
  return 0
}
