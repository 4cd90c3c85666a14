import type { CompiledFacts } from './compile.ts'
import { standingOf, turnsOf } from './course.ts'
import type { Kinds, Stretch } from './kinds.ts'
import type { Asking, Decision, Kind } from './model.ts'
import { EXPIRED, STOPPED, decisionOf, setBit } from './verdict.ts'

/** One reader with one act, purpose, use and time, for many items. */
export interface Reader {
  /**
   * A kind of item as a number: the same for every reader of this nation out of one `compile`, and the same kind has the
   * same number. What is given must not change afterwards.
   */
  intern(kind: Kind): number
  /** Whether `decide` would permit an item of a kind that was interned; `fired` then says what stands against it. */
  permits(kind: number, releasedAt: number, expiresAt?: number, stopped?: boolean): boolean
  /** Bits of the last `permits`: the first word for dates and standing, then one for each thing that was asked. */
  readonly fired: Uint32Array
  /** As `permits`, in words: what `decide` answers. */
  decide(kind: number, releasedAt: number, expiresAt?: number, stopped?: boolean): Decision
  /** Between two of these seconds (and before the first, and after the last) only life tells one release from another. */
  readonly turns: readonly number[]
  /**
   * The first second from `from` to `last` from which on what is released is permitted; infinite where nothing is. No turn
   * may lie after `from` and not after `last`.
   */
  permittedFrom(kind: number, from: number, last: number): number
}

const UNKNOWN = 2

/** A reader over the kinds that its nation's readers share. */
export class ReaderOf implements Reader {
  readonly #facts: CompiledFacts
  readonly #kinds: Kinds
  readonly #asking: Asking
  /** By number of condition: whether it stands against this reader. */
  #verdicts: Uint8Array = new Uint8Array(0)
  /** By row: whether its words are known, and the words of all rows. */
  #known: Uint8Array = new Uint8Array(0)
  #words: Uint32Array = new Uint32Array(0)
  #fired: Uint32Array = new Uint32Array(2)
  /** By number of course: the stretch that was asked about last. */
  readonly #stretches: (Stretch | undefined)[] = []

  constructor(facts: CompiledFacts, kinds: Kinds, asking: Asking) {
    this.#facts = facts
    this.#kinds = kinds
    this.#asking = asking
  }

  get fired(): Uint32Array {
    return this.#fired
  }

  get turns(): readonly number[] {
    const points = [...this.#facts.agreements.keys()].flatMap((name) => turnsOf(this.#facts, name))
    return [...new Set(points.filter((point) => point > -Infinity))].sort((a, b) => a - b)
  }

  intern(kind: Kind): number {
    return this.#kinds.intern(kind)
  }

  permits(kind: number, releasedAt: number, expiresAt: number = Infinity, stopped: boolean = false): boolean {
    const kinds = this.#kinds
    const { at } = this.#asking
    const stretch = this.#stretchOf(kind, releasedAt < at ? releasedAt : at)
    const rules = kinds.rulesNumber(kind, stretch.saying)
    const row = kinds.rows[rules] ?? 0
    if (this.#known[row] !== 1) this.#askRow(row)
    if (this.#fired.length < kinds.longest) this.#fired = new Uint32Array(kinds.longest)
    const { words } = kinds
    const fired = this.#fired
    const time = stretch.time | (stopped ? STOPPED : 0) | (at >= expiresAt ? EXPIRED : 0)
    const begin = words[row] ?? 0
    const end = words[row + 1] ?? 0
    const first = (this.#words[begin] ?? 0) | (kinds.refusals[rules] ?? 0)
    let any = time | first
    fired[0] = time
    fired[1] = first
    for (let word = 2; word < fired.length; word++) {
      const more = begin + word - 1 < end ? (this.#words[begin + word - 1] ?? 0) : 0
      fired[word] = more
      any |= more
    }
    if (at - releasedAt < (kinds.lives[rules] ?? 0)) return any === 0
    this.#unasked(rules, at - releasedAt)
    return false
  }

  decide(kind: number, releasedAt: number, expiresAt: number = Infinity, stopped: boolean = false): Decision {
    this.permits(kind, releasedAt, expiresAt, stopped)
    const item = this.#kinds.item(kind)
    const standing = standingOf(this.#facts, item, this.#asking, releasedAt)
    const { rules, bits } = this.#kinds.rules(kind, standing)
    const fired = new Uint32Array(this.#fired.length)
    fired[0] = this.#fired[0] ?? 0
    bits.forEach((bit, index) => setBit(fired, index, (((this.#fired[1 + (bit >>> 5)] ?? 0) >>> (bit & 31)) & 1) !== 0))
    return decisionOf(item, rules, standing, this.#asking, { releasedAt, expiresAt, stopped }, fired)
  }

  permittedFrom(kind: number, from: number, last: number): number {
    if (!this.permits(kind, last)) return Infinity
    const { at } = this.#asking
    const stretch = this.#stretchOf(kind, Math.min(last, at))
    const life = this.#kinds.lives[this.#kinds.rulesNumber(kind, stretch.saying)] ?? 0
    return Math.max(from, at - life + 1)
  }

  #stretchOf(kind: number, since: number): Stretch {
    const course = this.#kinds.courses[kind] ?? 0
    const last = this.#stretches[course]
    if (last !== undefined && since >= last.from && since < last.until) return last
    const found = this.#kinds.stretch(kind, this.#asking, since)
    this.#stretches[course] = found
    return found
  }

  /** Asks what a row asks, as far as it was never asked of this reader, and keeps the bits. */
  #askRow(row: number): void {
    const kinds = this.#kinds
    const begin = kinds.words[row] ?? 0
    const end = kinds.words[row + 1] ?? 0
    if (this.#known.length <= row) this.#known = grown(this.#known, new Uint8Array(kinds.asked.length * 2))
    if (this.#words.length < end) this.#words = grown(this.#words, new Uint32Array(end * 2))
    if (this.#verdicts.length < kinds.conditionCount)
      this.#verdicts = grown(this.#verdicts, new Uint8Array(kinds.conditionCount * 2).fill(UNKNOWN))
    kinds.asked[row]?.forEach((number, index) => {
      if (this.#verdicts[number] === UNKNOWN) this.#verdicts[number] = kinds.fails(number, this.#asking) ? 1 : 0
      const word = begin + (index >>> 5)
      this.#words[word] = (this.#words[word] ?? 0) | ((this.#verdicts[number] ?? 1) << (index & 31))
    })
    this.#known[row] = 1
  }

  /** Sets the bits of lives that are over, and of what stands against everybody beyond the first word. */
  #unasked(rules: number, age: number): void {
    for (const { bit, life } of this.#kinds.table[rules]?.unasked ?? []) setBit(this.#fired, bit, age >= life)
  }
}

function grown<T extends Uint8Array | Uint32Array>(from: T, into: T): T {
  into.set(from)
  return into
}
