import {
  type Box,
  type Frame,
  axesOf,
  classesOn,
  compareBoxes,
  disjoint,
  holds,
  listOf,
  maximal,
  meet,
  meets,
  sizeOf,
  subtract,
  subtractAll,
} from './boxes.ts'

/** How much searching a list of regions may cost; what it stops is only the proof that no shorter list exists. */
export interface Budget {
  /** Boxes that may be looked at while maximal ones are sought and told apart. */
  readonly boxes: number
  /** Steps of the search for the shortest cover. */
  readonly steps: number
}

export const USUAL_BUDGET: Budget = { boxes: 20_000, steps: 50_000 }

/** Boxes that together hold exactly the points that were given. */
export interface Cover {
  readonly boxes: readonly Box[]
  /** Whether no cover by fewer boxes exists; false also where the search was broken off. */
  readonly shortest: boolean
}

/**
 * As few boxes as can be found that cover `wanted` and nothing else; points of `impossible` may be covered or not. Exact set
 * cover by maximal boxes: some shortest cover by boxes is always one by maximal boxes. Deterministic.
 */
export function cover(frame: Frame, wanted: readonly Box[], impossible: readonly Box[], budget: Budget = USUAL_BUDGET): Cover {
  const care = subtractAll(frame, disjoint(frame, wanted), impossible)
  if (care.length === 0) return { boxes: [], shortest: true }
  const { boxes: all, complete } = maximalBoxes(frame, [...maximal(wanted), ...impossible], budget)
  const useful = all.filter((box) => care.some((piece) => meets(frame, piece, box))).sort((a, b) => order(frame, a, b))
  const rows = complete ? rowsOf(frame, care, useful, budget) : undefined
  if (rows === undefined) return { boxes: greedy(frame, care, useful).sort(compareBoxes), shortest: false }
  const { chosen, shortest } = fewest(rows, useful.length, budget.steps)
  return { boxes: chosen.flatMap((at) => listOf(useful[at])).sort(compareBoxes), shortest }
}

function order(frame: Frame, a: Box, b: Box): number {
  return sizeOf(frame, b) - sizeOf(frame, a) || compareBoxes(a, b)
}

/**
 * All boxes that lie in the union of these and in no larger such box: closed under consensus (two boxes that meet on every axis
 * but one also give what they share there and unite on that one). Whatever is found is enlarged at once as far as it goes.
 */
function maximalBoxes(frame: Frame, boxes: readonly Box[], budget: Budget): { readonly boxes: readonly Box[]; readonly complete: boolean } {
  const union = maximal(boxes)
  const found: Box[] = []
  let seen = 0
  const add = (box: Box): void => {
    if (!found.some((other) => holds(other, box))) found.push(enlarged(frame, box, union))
  }
  for (const box of union) add(box)
  for (let next = 1; next < found.length; next++) {
    for (let before = 0; before < next; before++) {
      for (let axis = 0; axis < axesOf(frame); axis++) {
        const joined = consensus(frame, found[next] ?? [], found[before] ?? [], axis)
        if (joined !== undefined) add(joined)
      }
      if (++seen > budget.boxes) return { boxes: found, complete: false }
    }
  }
  return { boxes: found, complete: true }
}

/** The box, and on each axis in turn every further class with which it still lies in the union: then no larger box does. */
function enlarged(frame: Frame, box: Box, union: readonly Box[]): Box {
  let large = box
  for (let axis = 0; axis < axesOf(frame); axis++) {
    const held = new Set(classesOn(frame, large, axis))
    for (const one of classesOn(frame, frame.full, axis)) {
      if (held.has(one)) continue
      const slice = onAxis(frame, large, axis, one)
      if (subtractAll(frame, [slice], union).length > 0) continue
      large = large.map((word, at) => word | (slice[at] ?? 0))
    }
  }
  return large
}

/** The box with one class alone on an axis. */
function onAxis(frame: Frame, box: Box, axis: number, one: number): Box {
  const words = [...box]
  const start = frame.starts[axis] ?? 0
  for (let at = start; at < (frame.starts[axis + 1] ?? 0); at++) words[at] = at === start + (one >> 5) ? 1 << (one & 31) : 0
  return words
}

/** What two boxes share on all axes but one, and unite on that one; undefined where they share nothing on another. */
function consensus(frame: Frame, a: Box, b: Box, axis: number): Box | undefined {
  const { starts } = frame
  const from = starts[axis] ?? 0
  const to = starts[axis + 1] ?? 0
  const alike = b.map((word, at) => (at >= from && at < to ? (a[at] ?? 0) : word))
  return meet(frame, a, alike)?.map((word, at) => (at >= from && at < to ? word | (b[at] ?? 0) : word))
}

/**
 * Which of the boxes hold each wanted point: one row of columns for all points that are held by the same boxes, and only rows
 * that no other row implies. Undefined beyond the budget.
 */
function rowsOf(frame: Frame, care: readonly Box[], boxes: readonly Box[], budget: Budget): readonly (readonly number[])[] | undefined {
  let groups = new Map<string, { readonly columns: readonly number[]; readonly pieces: readonly Box[] }>([
    ['', { columns: [], pieces: care }],
  ])
  for (const [column, box] of boxes.entries()) {
    const next: typeof groups = new Map()
    let pieces = 0
    for (const [key, group] of groups) {
      const inside = group.pieces.flatMap((piece) => listOf(meet(frame, piece, box)))
      const outside = inside.length === 0 ? group.pieces : group.pieces.flatMap((piece) => subtract(frame, piece, box))
      if (inside.length > 0) next.set(`${key},${column}`, { columns: [...group.columns, column], pieces: inside })
      if (outside.length > 0) next.set(key, { columns: group.columns, pieces: outside })
      pieces += inside.length + outside.length
      if (pieces > budget.boxes) return undefined
    }
    groups = next
  }
  // In an order that does not depend on how the points were given.
  const rows = [...groups]
    .sort(([x, a], [y, b]) => a.columns.length - b.columns.length || (x < y ? -1 : 1))
    .map(([, group]) => group.columns)
  const kept: (readonly number[])[] = []
  for (const row of rows) {
    const columns = new Set(row)
    if (!kept.some((shorter) => shorter.every((column) => columns.has(column)))) kept.push(row)
  }
  return kept
}

/** The smallest set of columns that has one of every row: branch and bound, from the greedy answer downwards. */
function fewest(rows: readonly (readonly number[])[], columns: number, steps: number): { chosen: readonly number[]; shortest: boolean } {
  let best = greedyColumns(rows, columns)
  let left = steps
  const search = (open: readonly (readonly number[])[], chosen: readonly number[]): void => {
    if (left-- <= 0) return
    const [first] = open
    if (first === undefined) {
      if (chosen.length < best.length) best = chosen
      return
    }
    if (chosen.length + apart(open) >= best.length) return
    let row = first
    for (const other of open) if (other.length < row.length) row = other
    const banned = new Set<number>()
    for (const column of row) {
      // A column that an earlier branch took is not taken again: that branch had every answer with it.
      const rest = open.filter((other) => !other.includes(column)).map((other) => other.filter((one) => !banned.has(one)))
      banned.add(column)
      if (rest.every((other) => other.length > 0)) search(rest, [...chosen, column])
    }
  }
  search(rows, [])
  return { chosen: best, shortest: left > 0 || best.length === apart(rows) }
}

/** So many rows at least have no column in common, pairwise: each needs a column of its own. */
function apart(rows: readonly (readonly number[])[]): number {
  const used = new Set<number>()
  let count = 0
  for (const row of rows.toSorted((a, b) => a.length - b.length)) {
    if (row.some((column) => used.has(column))) continue
    for (const column of row) used.add(column)
    count++
  }
  return count
}

function greedyColumns(rows: readonly (readonly number[])[], columns: number): readonly number[] {
  const chosen: number[] = []
  let open = rows
  while (open.length > 0) {
    const hits = Array.from({ length: columns }, () => 0)
    for (const row of open) for (const column of row) hits[column] = (hits[column] ?? 0) + 1
    const most = hits.indexOf(Math.max(...hits))
    chosen.push(most)
    open = open.filter((row) => !row.includes(most))
  }
  return chosen
}

/** A cover without proof: the box that holds most of what is left, again and again. */
function greedy(frame: Frame, care: readonly Box[], boxes: readonly Box[]): Box[] {
  const chosen: Box[] = []
  let left = care
  while (left.length > 0) {
    let best: Box | undefined
    let most = 0
    for (const box of boxes) {
      let size = 0
      for (const piece of left) {
        const shared = meet(frame, piece, box)
        if (shared !== undefined) size += sizeOf(frame, shared)
      }
      if (size > most) [best, most] = [box, size]
    }
    if (best === undefined) return [...chosen, ...left]
    chosen.push(best)
    left = subtractAll(frame, left, [best])
  }
  return chosen
}
