import type { CompiledFacts } from './compile.ts'
import { type Kinds, type Moment, NEVER } from './kinds.ts'
import type { Asking, Kind } from './model.ts'

/** Kinds of item that were interned, and when what is of each was released: the oldest and the newest, in seconds. */
export interface Released {
  readonly kinds: Int32Array
  readonly oldest: Float64Array
  readonly newest: Float64Array
}

/**
 * One reader with one act, purpose, use and time, for many items: what `decide` permits while an item is neither stopped nor
 * past its `expiresAt`, without words.
 */
export interface Reader {
  /**
   * A kind of item as a number: the same for every reader of this nation out of one `compile`, and the same kind has the
   * same number. What is given must not change afterwards.
   */
  intern(kind: Kind): number
  /** Between two of these seconds (and before the first, and after the last) only life tells one release from another. */
  readonly turns: readonly number[]
  /**
   * For each kind of which something was released from second `from` to `last`: lowers `since` at its place to the first of
   * these seconds from which on what is released is permitted, and leaves it where nothing is. No turn may lie after `from` and
   * not after `last`. A kind below zero is passed over.
   */
  permittedFrom(released: Released, from: number, last: number, since: Float64Array): void
}

const UNKNOWN = 2
/** No life is as short. */
const UNASKED = -1

/** A reader over the kinds that its nation's readers share. */
export class ReaderOf implements Reader {
  readonly #facts: CompiledFacts
  readonly #kinds: Kinds
  readonly #asking: Asking
  readonly #at: number
  readonly #moment: Moment
  /** By number of condition: whether it stands against this reader. */
  #verdicts: Uint8Array = new Uint8Array(0)
  /** By number of what is asked: for how many seconds after its release an item is permitted; `UNASKED` where nobody asked. */
  #lives: Float64Array = new Float64Array(0)
  /** By number of course: the stretch that was asked about last. */
  #from: Float64Array = new Float64Array(0)
  #until: Float64Array = new Float64Array(0)
  #saying: Int32Array = new Int32Array(0)

  constructor(facts: CompiledFacts, kinds: Kinds, asking: Asking) {
    this.#facts = facts
    this.#kinds = kinds
    this.#asking = asking
    this.#at = asking.at
    this.#moment = kinds.moment(asking)
  }

  get turns(): readonly number[] {
    const points = [...this.#facts.agreements.values()].flatMap(({ turns }) => turns)
    return [...new Set(points.filter((point) => point > -Infinity))].sort((a, b) => a - b)
  }

  intern(kind: Kind): number {
    return this.#kinds.intern(kind)
  }

  permittedFrom({ kinds, oldest, newest }: Released, from: number, last: number, since: Float64Array): void {
    const all = this.#kinds
    const at = this.#at
    this.#fit()
    for (let index = 0; index < kinds.length; index++) {
      const kind = kinds[index] ?? NEVER
      const old = oldest[index] ?? Infinity
      const young = newest[index] ?? -Infinity
      const first = old > from ? old : from
      const end = young < last ? young : last
      if (kind < 0 || first > end) continue
      // What lies ahead of the decider's clock was released now.
      const release = end < at ? end : at
      const course = all.courses[kind] ?? 0
      const known = release >= (this.#from[course] ?? Infinity) && release < (this.#until[course] ?? 0)
      const saying = known ? (this.#saying[course] ?? NEVER) : this.#turn(kind, course, release)
      if (saying === NEVER) continue
      const asked = all.lastSaying[kind] === saying ? (all.lastAsked[kind] ?? 0) : all.askedOf(kind, saying)
      const answer = asked < this.#lives.length ? (this.#lives[asked] ?? UNASKED) : UNASKED
      const life = answer === UNASKED ? this.#ask(asked) : answer
      if (at - end >= life) continue
      const alive = at - life + 1
      const found = alive > first ? alive : first
      if (found < (since[index] ?? -Infinity)) since[index] = found
    }
  }

  /** Room for every course, so that the pass reads nothing beyond an end: such a read makes all of them slow. */
  #fit(): void {
    const { courseCount: count } = this.#kinds
    if (count <= this.#from.length) return
    this.#from = grown(this.#from, new Float64Array(count).fill(Infinity))
    this.#until = grown(this.#until, new Float64Array(count).fill(Infinity))
    this.#saying = grown(this.#saying, new Int32Array(count))
  }

  /** Takes the stretch of a course in which a release lies, and gives its saying. */
  #turn(kind: number, course: number, since: number): number {
    const { from, until, saying } = this.#kinds.stretch(kind, this.#asking, this.#moment, since)
    this.#from[course] = from
    this.#until[course] = until
    this.#saying[course] = saying
    return saying
  }

  /** Asks what was never asked of this reader, each condition once, until one stands against it. */
  #ask(number: number): number {
    const kinds = this.#kinds
    if (number >= this.#lives.length) this.#lives = grown(this.#lives, new Float64Array(kinds.askedCount).fill(UNASKED))
    if (this.#verdicts.length < kinds.conditionCount)
      this.#verdicts = grown(this.#verdicts, new Uint8Array(kinds.conditionCount).fill(UNKNOWN))
    const { conditions, life } = kinds.asked(number)
    const found = conditions.some((condition) => this.#fails(condition)) ? -Infinity : life
    this.#lives[number] = found
    return found
  }

  #fails(condition: number): boolean {
    if (this.#verdicts[condition] === UNKNOWN) this.#verdicts[condition] = this.#kinds.fails(condition, this.#asking) ? 1 : 0
    return this.#verdicts[condition] !== 0
  }
}

function grown<T extends Uint8Array | Int32Array | Float64Array>(from: T, into: T): T {
  into.set(from)
  return into
}
