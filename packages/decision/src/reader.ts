import type { CompiledFacts } from './compile.ts'
import { standingOf, turnsOf } from './course.ts'
import { type Interned, Kinds, type Stretch } from './kinds.ts'
import type { Asking, Decision, Kind } from './model.ts'
import { EXPIRED, STOPPED, decisionOf } from './verdict.ts'

/** One reader with one act, purpose, use and time, for many items. */
export interface Reader {
  /**
   * A kind of item as a number: the same for every reader of this nation out of one `compile`, and the same kind has the
   * same number.
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
  #fired = new Uint32Array(4)
  #stretch: Stretch | undefined
  #course = -1

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
    const begin = kinds.begins[rules] ?? 0
    const length = (kinds.begins[rules + 1] ?? 0) - begin
    if (this.#verdicts.length < kinds.conditionCount) this.#grow()
    if (this.#fired.length < 1 + ((length + 31) >>> 5)) this.#fired = new Uint32Array(2 + ((length + 31) >>> 5))
    const verdicts = this.#verdicts
    const fired = this.#fired
    const numbers = kinds.numbers
    let any = stretch.time | (stopped ? STOPPED : 0) | (at >= expiresAt ? EXPIRED : 0)
    fired[0] = any
    for (let word = 1, start = 0; word < fired.length; word++, start += 32) {
      let bits = 0
      const end = start + 32 < length ? start + 32 : length
      for (let index = start; index < end; index++) {
        const number = numbers[begin + index] ?? 0
        let verdict = verdicts[number] ?? 0
        if (verdict === UNKNOWN) verdict = this.#ask(number)
        bits |= verdict << (index & 31)
      }
      fired[word] = bits
      any |= bits
    }
    if (at - releasedAt >= (kinds.lives[rules] ?? 0)) {
      this.#age(kinds.table[rules], at - releasedAt)
      return false
    }
    return any === 0
  }

  decide(kind: number, releasedAt: number, expiresAt: number = Infinity, stopped: boolean = false): Decision {
    this.permits(kind, releasedAt, expiresAt, stopped)
    const item = this.#kinds.item(kind)
    const standing = standingOf(this.#facts, item, this.#asking, releasedAt)
    const rules = this.#kinds.rules(kind, standing)
    return decisionOf(item, rules, standing, this.#asking, { releasedAt, expiresAt, stopped }, this.#fired)
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
    const last = this.#stretch
    if (last !== undefined && course === this.#course && since >= last.from && since < last.until) return last
    const found = this.#kinds.stretch(kind, this.#asking, since)
    this.#stretch = found
    this.#course = course
    return found
  }

  #grow(): void {
    const grown = new Uint8Array(this.#kinds.conditionCount * 2).fill(UNKNOWN)
    grown.set(this.#verdicts)
    this.#verdicts = grown
  }

  #ask(number: number): number {
    const verdict = this.#kinds.condition(number).fails(this.#asking) ? 1 : 0
    this.#verdicts[number] = verdict
    return verdict
  }

  /** Sets the bits of lives that are over. */
  #age(interned: Interned | undefined, age: number): void {
    interned?.rules.conditions.forEach(({ life }, index) => {
      if (life !== undefined && age >= life) this.#fired[1 + (index >>> 5)] = (this.#fired[1 + (index >>> 5)] ?? 0) | (1 << (index & 31))
    })
  }
}
