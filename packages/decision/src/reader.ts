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
  #verdicts = new Uint8Array(0)
  #fired = new Uint32Array(2)
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
    if (this.#verdicts.length < kinds.conditionCount || this.#fired.length < kinds.words) this.#grow()
    const { numbers, begins } = kinds
    const verdicts = this.#verdicts
    const fired = this.#fired
    let any = stretch.time | (stopped ? STOPPED : 0) | (at >= expiresAt ? EXPIRED : 0)
    fired[0] = any
    let index = begins[rules] ?? 0
    const end = begins[rules + 1] ?? 0
    for (let word = 1; word < fired.length; word++) {
      let bits = word === 1 ? (kinds.refusals[rules] ?? 0) : 0
      let seen = 0
      const stop = index + 32 < end ? index + 32 : end
      for (let bit = 0; index < stop; index++, bit++) {
        const verdict = verdicts[numbers[index] ?? 0] ?? 0
        seen |= verdict
        bits |= verdict << bit
      }
      // Not asked before: ask, and begin again.
      if (seen > 1) return this.#ask(rules).permits(kind, releasedAt, expiresAt, stopped)
      fired[word] = bits
      any |= bits
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

  #grow(): void {
    const grown = new Uint8Array(Math.ceil(this.#kinds.conditionCount * 1.5)).fill(UNKNOWN)
    grown.set(this.#verdicts.subarray(0, grown.length))
    this.#verdicts = grown
    this.#fired = new Uint32Array(this.#kinds.words)
  }

  /** Asks what was never asked of this reader, and makes room for the bits. */
  #ask(rules: number): this {
    const { begins, numbers } = this.#kinds
    for (let index = begins[rules] ?? 0; index < (begins[rules + 1] ?? 0); index++) {
      const number = numbers[index] ?? 0
      if (this.#verdicts[number] === UNKNOWN) this.#verdicts[number] = this.#kinds.fails(number, this.#asking) ? 1 : 0
    }
    return this
  }

  /** Sets the bits of lives that are over, and of what stands against everybody beyond the first word. */
  #unasked(rules: number, age: number): void {
    for (const { bit, life } of this.#kinds.table[rules]?.unasked ?? []) setBit(this.#fired, bit, age >= life)
  }
}
