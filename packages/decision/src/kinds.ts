import type { CompiledFacts } from './compile.ts'
import type { Condition } from './condition.ts'
import { standingOf, turnsOf } from './course.ts'
import { type Item, type Rules, type Saying, itemOf, rulesOf } from './item.ts'
import type { Asking, Kind } from './model.ts'
import { TIME, wordsFor } from './verdict.ts'

/** How the agreements stand for releases from a second to before another. */
export interface Stretch {
  readonly from: number
  readonly until: number
  /** `TIME`, where that alone stands against them. */
  readonly time: number
  /** Number of the versions that have a say. */
  readonly saying: number
}

/**
 * Rules of a kind under some versions. Bits are for the conditions that are asked, then for those that ask nobody: lives, and
 * what stands against everybody.
 */
export interface Interned {
  readonly rules: Rules
  /** The bit of each condition. */
  readonly bits: readonly number[]
  /** Bits of those that ask nobody, with the seconds of life after which they are set. */
  readonly unasked: readonly { readonly bit: number; readonly life: number }[]
}

const MOMENTS = 8

/**
 * Kinds of item as the readers of one nation share them: conditions that stand against the same readers have one number, and
 * what is asked of a kind is a row of such numbers, which it shares with others.
 */
export class Kinds {
  readonly #facts: CompiledFacts
  readonly #nation: string
  readonly #byText = new Map<string, number>()
  /** The same object is the same kind without being read again: what is interned does not change. */
  readonly #byObject = new WeakMap<Kind, number>()
  readonly #items: Item[] = []
  readonly #conditions: Condition[] = []
  readonly #conditionNumbers = new Map<string, number>()
  readonly #sayings: Saying[] = []
  readonly #sayingNumbers = new Map<string, number>()
  readonly #courseNumbers = new Map<string, number>()
  readonly #turns: (readonly number[])[] = []
  readonly #moments = new Map<string, (Stretch | undefined)[][]>()
  /** Under which versions the rules of a kind were asked for last, and which these are; others stand in the map. */
  #lastSaying = new Int32Array(64).fill(-1)
  #lastRules = new Int32Array(64)
  readonly #otherRules = new Map<string, number>()
  readonly table: Interned[] = []
  /** Words that the bits of the longest rules take. */
  longest = 2
  /** By number of kind: who released it under what, by what way. */
  courses: Int32Array = new Int32Array(64)
  /** By number of rules: the row of what is asked; many kinds share one. */
  rows: Int32Array = new Int32Array(64)
  /** By number of rules: bits of the first word of what stands against everybody. */
  refusals: Int32Array = new Int32Array(64)
  /** By number of rules: seconds of the shortest life; none where something beyond the first word stands against everybody. */
  lives: Float64Array = new Float64Array(64)
  readonly #rowNumbers = new Map<string, number>()
  /** By row: numbers of conditions. */
  readonly asked: (readonly number[])[] = []
  /** By row: where its words begin among the words of all rows; the next begin where they end. */
  words: Int32Array = new Int32Array(65)

  constructor(facts: CompiledFacts, nation: string) {
    this.#facts = facts
    this.#nation = nation
  }

  get conditionCount(): number {
    return this.#conditions.length
  }

  fails(number: number, asking: Asking): boolean {
    return this.#conditions[number]?.fails(asking) !== false
  }

  item(kind: number): Item {
    const item = this.#items[kind]
    if (item === undefined) throw new RangeError(`no kind has the number ${kind}`)
    return item
  }

  intern(kind: Kind): number {
    const before = this.#byObject.get(kind)
    if (before !== undefined) return before
    const number = this.#internText(kind)
    this.#byObject.set(kind, number)
    return number
  }

  #internText(kind: Kind): number {
    const { originator, basis, area, via, label } = kind
    const { policy, classification, categories, personRules, originators } = label
    const text = JSON.stringify([originator, basis, area, via, policy, classification, categories, personRules, originators])
    const known = this.#byText.get(text)
    if (known !== undefined) return known
    const number = this.#items.length
    const item = itemOf(this.#facts, kind, this.#nation)
    this.#items.push(item)
    this.#byText.set(text, number)
    if (number >= this.courses.length) this.#growKinds()
    this.courses[number] = this.#courseOf(item)
    return number
  }

  /** The stretch of a release in the course of a kind. */
  stretch(kind: number, asking: Pick<Asking, 'act' | 'at'>, since: number): Stretch {
    const course = this.courses[kind] ?? 0
    const turns = this.#turns[course] ?? []
    const index = turns.findLastIndex((turn) => turn <= since)
    const moment = this.#moment(asking)
    const stretches = (moment[course] ??= [])
    return (stretches[index] ??= this.#newStretch(kind, asking, turns[index] ?? -Infinity, turns[index + 1] ?? Infinity, since))
  }

  /** The number of the rules of a kind under some versions. */
  rulesNumber(kind: number, saying: number): number {
    if (this.#lastSaying[kind] === saying) return this.#lastRules[kind] ?? 0
    const key = `${kind} ${saying}`
    let number = this.#otherRules.get(key)
    if (number === undefined) {
      number = this.#internRules(rulesOf(this.item(kind), this.#sayings[saying] ?? { asked: [], others: [] }))
      this.#otherRules.set(key, number)
    }
    this.#lastSaying[kind] = saying
    this.#lastRules[kind] = number
    return number
  }

  /** The rules of a kind under some versions. */
  rules(kind: number, saying: Saying): Interned {
    const interned = this.table[this.rulesNumber(kind, this.#sayingNumber(saying))]
    if (interned === undefined) throw new RangeError(`no rules of the kind ${kind}`)
    return interned
  }

  #courseOf({ agreement, basis, originator, via }: Item): number {
    const key = `${originator} ${via ?? ''} ${agreement === undefined ? '' : (basis?.version ?? '')} ${basis?.agreement ?? ''}`
    const known = this.#courseNumbers.get(key)
    if (known !== undefined) return known
    const number = this.#turns.length
    this.#courseNumbers.set(key, number)
    this.#turns.push(turnsOf(this.#facts, agreement?.name))
    return number
  }

  #moment({ act, at }: Pick<Asking, 'act' | 'at'>): (Stretch | undefined)[][] {
    const key = `${act} ${at}`
    const known = this.#moments.get(key)
    if (known !== undefined) return known
    if (this.#moments.size >= MOMENTS) this.#moments.clear()
    const moment: (Stretch | undefined)[][] = []
    this.#moments.set(key, moment)
    return moment
  }

  #newStretch(kind: number, asking: Pick<Asking, 'act' | 'at'>, from: number, until: number, since: number): Stretch {
    const standing = standingOf(this.#facts, this.item(kind), asking, since)
    return { from, until, time: standing.reasons.all.length > 0 ? TIME : 0, saying: this.#sayingNumber(standing) }
  }

  #sayingNumber({ asked, others }: Saying): number {
    const key = [...asked.map(({ id }) => id), '', ...others.map(({ id }) => id)].join(' ')
    const known = this.#sayingNumbers.get(key)
    if (known !== undefined) return known
    const number = this.#sayings.length
    this.#sayingNumbers.set(key, number)
    this.#sayings.push({ asked, others })
    return number
  }

  /** Rules in which nothing that stands against the same readers for the same words stands twice. */
  #internRules({ conditions, ...rules }: Rules): number {
    const number = this.table.length
    const seen = new Set<string>()
    const kept = conditions.filter(({ key }) => key === undefined || (!seen.has(key) && seen.add(key)))
    const dropped = conditions.slice(0, rules.general).filter((condition) => !kept.includes(condition)).length
    const asked = kept.filter(({ key, life }) => key !== undefined && life === undefined)
    const refusals = kept.filter(({ key }) => key === undefined)
    const order = [...asked, ...refusals, ...kept.filter(({ life }) => life !== undefined)]
    const bits = kept.map((condition) => order.indexOf(condition))
    const unasked = order.slice(asked.length).map(({ life = -Infinity }, index) => ({ bit: asked.length + index, life }))
    this.table.push({ rules: { ...rules, conditions: kept, general: rules.general - dropped }, bits, unasked })
    this.longest = Math.max(this.longest, wordsFor(kept.length))
    if (number >= this.lives.length) this.#growRules()
    this.rows[number] = this.#rowOf(asked)
    const [first, last] = [asked.length, asked.length + refusals.length]
    for (let bit = first; bit < Math.min(last, 32); bit++) this.refusals[number] = (this.refusals[number] ?? 0) | (1 << bit)
    this.lives[number] = last > Math.max(first, 32) ? -Infinity : Math.min(Infinity, ...kept.map(({ life = Infinity }) => life))
    return number
  }

  #rowOf(conditions: readonly Condition[]): number {
    const numbers = conditions.map((condition) => this.#conditionNumber(condition))
    const key = numbers.join()
    const known = this.#rowNumbers.get(key)
    if (known !== undefined) return known
    const row = this.asked.length
    this.#rowNumbers.set(key, row)
    this.asked.push(numbers)
    if (row + 1 >= this.words.length) this.words = grown(this.words, new Int32Array(this.words.length * 2))
    this.words[row + 1] = (this.words[row] ?? 0) + Math.max(1, Math.ceil(numbers.length / 32))
    return row
  }

  #conditionNumber(condition: Condition): number {
    const { key = '' } = condition
    const known = this.#conditionNumbers.get(key)
    if (known !== undefined) return known
    const number = this.#conditions.length
    this.#conditionNumbers.set(key, number)
    this.#conditions.push(condition)
    return number
  }

  #growKinds(): void {
    const size = this.courses.length * 2
    this.courses = grown(this.courses, new Int32Array(size))
    this.#lastSaying = grown(this.#lastSaying, new Int32Array(size).fill(-1))
    this.#lastRules = grown(this.#lastRules, new Int32Array(size))
  }

  #growRules(): void {
    const size = this.lives.length * 2
    this.refusals = grown(this.refusals, new Int32Array(size))
    this.lives = grown(this.lives, new Float64Array(size))
    this.rows = grown(this.rows, new Int32Array(size))
  }
}

function grown<T extends Int32Array | Float64Array>(from: T, into: T): T {
  into.set(from)
  return into
}
