import { fromHex, toHex } from '@entente/canonical'
import type { Likeness } from './likeness.ts'

/** One item as lists start from it. */
export interface ListedRow {
  /** Number of the row. */
  readonly id: number
  readonly item: string
  /** Number of its likeness. */
  readonly likeness: number
  /** Seconds. */
  readonly released: number
  readonly expires: number
}

/** The place of an item in the order of lists. */
export interface Place {
  readonly released: number
  readonly item: string
}

/** What may be listed, decided for this request and for no other. */
export interface Choice {
  /** Seconds; what expires by then is left out. */
  readonly at: number
  /**
   * Stretches of release times, the newest first: each from `from` to before the one above it, and by number of likeness
   * the first second from which on an item may be listed; infinite where none may be.
   */
  readonly stretches: readonly { readonly from: number; readonly since: Float64Array }[]
  /** For a search: bits by row and bits by likeness, which together must be `all`. */
  readonly sought?: { readonly all: number; readonly rows: Uint8Array; readonly likenesses: Uint8Array }
}

/** What a scan found. */
export interface Picked {
  /** All that fit. */
  readonly count: number
  /** What comes after the place that was asked for, the newest first; one more than the page where there is more. */
  readonly rows: readonly PickedRow[]
}

/** An item as the listing knows it. */
export interface PickedRow {
  readonly id: number
  readonly item: string
  readonly likeness: Likeness
}

const UUID_BYTES = 16
const FIRST_CAPACITY = 1_024

/**
 * What this nation's people might list, in memory: 40 bytes an item, ordered by release and item. No permission is in it: a
 * request decides once per likeness and then reads the columns. A row changed in the database afterwards changes nothing here.
 */
export class Listing {
  readonly #likenesses: (Likeness | undefined)[] = []
  /** By number of likeness: the oldest and the newest release ever, in seconds; never narrowed. */
  #oldest: Float64Array = new Float64Array(FIRST_CAPACITY).fill(Infinity)
  #newest: Float64Array = new Float64Array(FIRST_CAPACITY).fill(-Infinity)
  #size = 0
  #ids = new Uint32Array(FIRST_CAPACITY)
  #kinds = new Uint32Array(FIRST_CAPACITY)
  #released = new Float64Array(FIRST_CAPACITY)
  #expires = new Float64Array(FIRST_CAPACITY)
  #items = new Uint8Array(FIRST_CAPACITY * UUID_BYTES)

  /** How many items it holds. */
  get size(): number {
    return this.#size
  }

  /** Names a likeness by its number. */
  know(number: number, likeness: Likeness): void {
    this.#likenesses[number] ??= likeness
    if (number < this.#oldest.length) return
    const capacity = 2 * number
    this.#oldest = grown(this.#oldest, new Float64Array(capacity).fill(Infinity))
    this.#newest = grown(this.#newest, new Float64Array(capacity).fill(-Infinity))
  }

  /** The likeness of a number. */
  likeness(number: number): Likeness | undefined {
    return this.#likenesses[number]
  }

  /** By number of likeness: when the oldest and the newest of its items were released, in seconds. */
  get releases(): { readonly oldest: Float64Array; readonly newest: Float64Array } {
    return { oldest: this.#oldest, newest: this.#newest }
  }

  /** One more than the highest number of a likeness. */
  get likenessEnd(): number {
    return this.#likenesses.length
  }

  /** Takes an item in; one that it has already is not taken twice. */
  add({ id, item, likeness, released, expires }: ListedRow): void {
    const bytes = bytesOf(item)
    const at = this.#firstFrom(released, bytes)
    if (at < this.#size && this.#compare(at, released, bytes) === 0) return
    if (this.#size === this.#ids.length) this.#grow()
    this.#shift(at, at + 1)
    this.#size++
    this.#ids[at] = id
    this.#kinds[at] = likeness
    this.#released[at] = released
    this.#expires[at] = expires
    this.#items.set(bytes, at * UUID_BYTES)
    if (this.#likenesses[likeness] === undefined) throw new Error(`likeness ${likeness} was never named`)
    this.#oldest[likeness] = Math.min(this.#oldest[likeness] ?? Infinity, released)
    this.#newest[likeness] = Math.max(this.#newest[likeness] ?? -Infinity, released)
  }

  /** Forgets an item, if it has it. */
  remove(item: string): void {
    const bytes = bytesOf(item)
    const all = Buffer.from(this.#items.buffer, 0, this.#size * UUID_BYTES)
    let found = all.indexOf(bytes)
    while (found >= 0 && found % UUID_BYTES !== 0) found = all.indexOf(bytes, found + 1)
    if (found >= 0) this.#removeAt(found / UUID_BYTES)
  }

  /** One pass over all: counts what fits, and takes the page after a place. */
  pick({ at, stretches, sought }: Choice, page: { readonly after?: Place; readonly limit: number }): Picked {
    const below = page.after === undefined ? this.#size : this.#firstFrom(page.after.released, bytesOf(page.after.item))
    const rows: PickedRow[] = []
    let count = 0
    let end = this.#size
    for (const { from, since } of stretches) {
      const start = Math.min(end, this.#firstFrom(from, EARLIEST))
      for (let index = end - 1; index >= start; index--) {
        const kind = this.#kinds[index] ?? 0
        // A likeness that came while this request was being answered was decided by nobody.
        if ((this.#released[index] ?? 0) < (since[kind] ?? Infinity) || (this.#expires[index] ?? 0) <= at) continue
        const id = this.#ids[index] ?? 0
        if (sought !== undefined && ((sought.rows[id] ?? 0) | (sought.likenesses[kind] ?? 0)) !== sought.all) continue
        count++
        if (index < below && rows.length <= page.limit) rows.push(this.#rowAt(index, id, kind))
      }
      end = start
    }
    return { count, rows }
  }

  #rowAt(index: number, id: number, kind: number): PickedRow {
    const likeness = this.#likenesses[kind]
    if (likeness === undefined) throw new Error(`likeness ${kind} was never named`)
    return { id, item: uuidOf(this.#items.subarray(index * UUID_BYTES, (index + 1) * UUID_BYTES)), likeness }
  }

  /** The first index whose item stands at or after a place. */
  #firstFrom(released: number, item: Uint8Array): number {
    let low = 0
    let high = this.#size
    while (low < high) {
      const middle = (low + high) >>> 1
      if (this.#compare(middle, released, item) < 0) low = middle + 1
      else high = middle
    }
    return low
  }

  #compare(index: number, released: number, item: Uint8Array): number {
    const difference = (this.#released[index] ?? 0) - released
    if (difference !== 0) return difference
    return Buffer.compare(this.#items.subarray(index * UUID_BYTES, (index + 1) * UUID_BYTES), item)
  }

  #removeAt(index: number): void {
    this.#shift(index + 1, index)
    this.#size--
  }

  /** Moves everything from one index on to another. */
  #shift(from: number, to: number): void {
    if (from === this.#size && to > from) return
    for (const column of [this.#ids, this.#kinds, this.#released, this.#expires]) column.copyWithin(to, from, this.#size)
    this.#items.copyWithin(to * UUID_BYTES, from * UUID_BYTES, this.#size * UUID_BYTES)
  }

  #grow(): void {
    const capacity = this.#ids.length * 2
    this.#ids = grown(this.#ids, new Uint32Array(capacity))
    this.#kinds = grown(this.#kinds, new Uint32Array(capacity))
    this.#released = grown(this.#released, new Float64Array(capacity))
    this.#expires = grown(this.#expires, new Float64Array(capacity))
    this.#items = grown(this.#items, new Uint8Array(capacity * UUID_BYTES))
  }
}

function grown<T extends Uint8Array | Uint32Array | Float64Array>(column: T, to: T): T {
  to.set(column)
  return to
}

const EARLIEST = new Uint8Array(UUID_BYTES)

function bytesOf(uuid: string): Uint8Array {
  return fromHex(uuid.replaceAll('-', ''))
}

function uuidOf(bytes: Uint8Array): string {
  const hex = toHex(bytes)
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-')
}
