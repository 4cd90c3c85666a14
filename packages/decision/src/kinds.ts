import type { CompiledFacts } from './compile.ts'
import type { Condition } from './condition.ts'
import { standingOf, turnsOf } from './course.ts'
import { type Item, type Rules, type Saying, itemOf, rulesOf } from './item.ts'
import type { Asking, Kind } from './model.ts'
import { TIME } from './verdict.ts'

/** How the agreements stand for releases from a second to before another. */
export interface Stretch {
  readonly from: number
  readonly until: number
  /** `TIME`, where that alone stands against them. */
  readonly time: number
  /** Number of the versions that have a say. */
  readonly saying: number
}

/** Rules of a kind under some versions, with their conditions as numbers. */
export interface Interned {
  readonly rules: Rules
}

const EVERYBODY: Condition = { fails: () => true, say: () => undefined }
const MOMENTS = 8

/**
 * Kinds of item as the readers of one nation share them: conditions that stand against the same readers have one number, and
 * what is asked of a kind is a row of such numbers.
 */
export class Kinds {
  readonly #facts: CompiledFacts
  readonly #nation: string
  readonly #byText = new Map<string, number>()
  readonly #items: Item[] = []
  readonly #conditions: Condition[] = [EVERYBODY]
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
  /** By number of kind: who released it under what, by what way. */
  courses: Int32Array = new Int32Array(64)
  /** By number of rules: where their conditions begin; the next begins where they end. */
  begins: Int32Array = new Int32Array(65)
  /** By number of rules: seconds of the shortest life. */
  lives: Float64Array = new Float64Array(64)
  /** Numbers of conditions. */
  numbers: Int32Array = new Int32Array(1024)

  constructor(facts: CompiledFacts, nation: string) {
    this.#facts = facts
    this.#nation = nation
  }

  get conditionCount(): number {
    return this.#conditions.length
  }

  condition(number: number): Condition {
    return this.#conditions[number] ?? EVERYBODY
  }

  item(kind: number): Item {
    const item = this.#items[kind]
    if (item === undefined) throw new RangeError(`no kind has the number ${kind}`)
    return item
  }

  intern(kind: Kind): number {
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
  rules(kind: number, saying: Saying): Rules {
    const interned = this.table[this.rulesNumber(kind, this.#sayingNumber(saying))]
    if (interned === undefined) throw new RangeError(`no rules of the kind ${kind}`)
    return interned.rules
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
    this.table.push({ rules: { ...rules, conditions: kept, general: rules.general - dropped } })
    const begin = this.begins[number] ?? 0
    if (number + 1 >= this.lives.length) this.#growRules()
    while (begin + kept.length > this.numbers.length) this.numbers = grown(this.numbers, new Int32Array(this.numbers.length * 2))
    kept.forEach((condition, index) => (this.numbers[begin + index] = this.#conditionNumber(condition)))
    this.begins[number + 1] = begin + kept.length
    this.lives[number] = Math.min(Infinity, ...kept.map(({ life = Infinity }) => life))
    return number
  }

  #conditionNumber(condition: Condition): number {
    const { key } = condition
    if (key === undefined) return 0
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
    this.lives = grown(this.lives, new Float64Array(size))
    this.begins = grown(this.begins, new Int32Array(size + 1))
  }
}

function grown<T extends Int32Array | Float64Array>(from: T, into: T): T {
  into.set(from)
  return into
}
