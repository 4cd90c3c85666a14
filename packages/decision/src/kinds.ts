import type { CompiledFacts } from './compile.ts'
import type { Condition } from './condition.ts'
import { standingOf } from './course.ts'
import { type Item, type Rules, type Saying, itemOf, rulesOf } from './item.ts'
import type { Asking, Kind } from './model.ts'
import { indexIn } from './path.ts'

/** How the agreements stand for releases from a second to before another. */
export interface Stretch {
  readonly from: number
  readonly until: number
  /** Number of the versions that have a say; `NEVER` where time alone stands against them. */
  readonly saying: number
}

/** Stretches that are known at one moment, by course and by turn. */
export type Moment = (Stretch | undefined)[][]

/** The number of a saying under which nothing is permitted, whatever the kind. */
export const NEVER = -1

/** What is asked of many kinds alike: numbers of conditions, and the seconds of the shortest life. */
interface Asked {
  readonly conditions: readonly number[]
  readonly life: number
}

const MOMENTS = 8

/**
 * Kinds of item as the readers of one nation share them: conditions that stand against the same readers have one number, and
 * kinds of which the same is asked share its number.
 */
export class Kinds {
  readonly #facts: CompiledFacts
  readonly #nation: string
  readonly #byText = new Map<string, number>()
  /** The same object is the same kind without being read again: what is interned does not change. */
  readonly #byObject = new WeakMap<Kind, number>()
  readonly #kinds: Kind[] = []
  readonly #conditions: Condition[] = []
  readonly #conditionNumbers = new Map<string, number>()
  readonly #sayings: Saying[] = []
  readonly #sayingNumbers = new Map<string, number>()
  readonly #courseNumbers = new Map<string, number>()
  readonly #turns: (readonly number[])[] = []
  readonly #moments = new Map<string, Moment>()
  readonly #asked: Asked[] = []
  readonly #askedNumbers = new Map<string, number>()
  /** By kind and saying, where it is not the last one. */
  readonly #otherAsked = new Map<string, number>()
  /** By number of kind: who released it under what, by what way. */
  courses: Int32Array = new Int32Array(64)
  /** By number of kind: under which versions it was asked for last, and the number of what these ask. */
  lastSaying: Int32Array = new Int32Array(64).fill(NEVER)
  lastAsked: Int32Array = new Int32Array(64)

  constructor(facts: CompiledFacts, nation: string) {
    this.#facts = facts
    this.#nation = nation
  }

  get courseCount(): number {
    return this.#turns.length
  }

  get askedCount(): number {
    return this.#asked.length
  }

  get conditionCount(): number {
    return this.#conditions.length
  }

  /** What has this number. */
  asked(number: number): Asked {
    return this.#asked[number] ?? absent(number)
  }

  fails(condition: number, asking: Asking): boolean {
    return this.#conditions[condition]?.fails(asking) !== false
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
    const number = this.#kinds.length
    this.#kinds.push(kind)
    this.#byText.set(text, number)
    if (number >= this.courses.length) this.#grow()
    this.courses[number] = this.#courseOf(this.#item(number))
    return number
  }

  /** The stretch of a release in the course of a kind; `moment` is that of who asks. */
  stretch(kind: number, asking: Pick<Asking, 'act' | 'at'>, moment: Moment, since: number): Stretch {
    const course = this.courses[kind] ?? 0
    const turns = this.#turns[course] ?? []
    const index = indexIn(turns, since)
    const stretches = (moment[course] ??= [])
    return (stretches[index] ??= this.#newStretch(kind, asking, turns[index] ?? -Infinity, turns[index + 1] ?? Infinity, since))
  }

  /** The number of what is asked of a kind under some versions; it is kept as the last. */
  askedOf(kind: number, saying: number): number {
    const key = `${kind} ${saying}`
    let number = this.#otherAsked.get(key)
    if (number === undefined) {
      number = this.#internAsked(rulesOf(this.#item(kind), this.#sayings[saying] ?? absent(saying)))
      this.#otherAsked.set(key, number)
    }
    this.lastSaying[kind] = saying
    this.lastAsked[kind] = number
    return number
  }

  /** Made anew each time: what is looked up for one question outlives none, and memory stays cheap. */
  #item(kind: number): Item {
    return itemOf(this.#facts, this.#kinds[kind] ?? absent(kind), this.#nation)
  }

  #courseOf({ agreement, basis, originator, via }: Item): number {
    const key = `${originator} ${via ?? ''} ${agreement === undefined ? '' : (basis?.version ?? '')} ${basis?.agreement ?? ''}`
    const known = this.#courseNumbers.get(key)
    if (known !== undefined) return known
    const number = this.#turns.length
    this.#courseNumbers.set(key, number)
    this.#turns.push(agreement?.turns ?? [-Infinity])
    return number
  }

  /** What readers with one act and time share. */
  moment({ act, at }: Pick<Asking, 'act' | 'at'>): Moment {
    const key = `${act} ${at}`
    const known = this.#moments.get(key)
    if (known !== undefined) return known
    if (this.#moments.size >= MOMENTS) this.#moments.clear()
    const moment: Moment = []
    this.#moments.set(key, moment)
    return moment
  }

  #newStretch(kind: number, asking: Pick<Asking, 'act' | 'at'>, from: number, until: number, since: number): Stretch {
    const standing = standingOf(this.#facts, this.#item(kind), asking, since)
    return { from, until, saying: standing.reasons.all.length > 0 ? NEVER : this.#sayingNumber(standing) }
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

  /** Each thing once that stands against the same readers; and no life at all where something stands against everybody. */
  #internAsked({ conditions }: Rules): number {
    const refused = conditions.some(({ key }) => key === undefined)
    const numbers = conditions.filter(({ life }) => life === undefined).map((condition) => this.#conditionNumber(condition))
    const asked: Asked = refused
      ? { conditions: [], life: -Infinity }
      : { conditions: [...new Set(numbers)], life: Math.min(Infinity, ...conditions.map(({ life = Infinity }) => life)) }
    const key = `${asked.life} ${asked.conditions.join(' ')}`
    const known = this.#askedNumbers.get(key)
    if (known !== undefined) return known
    const number = this.#asked.length
    this.#askedNumbers.set(key, number)
    this.#asked.push(asked)
    return number
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

  #grow(): void {
    const size = this.courses.length * 2
    this.courses = grown(this.courses, new Int32Array(size))
    this.lastSaying = grown(this.lastSaying, new Int32Array(size).fill(NEVER))
    this.lastAsked = grown(this.lastAsked, new Int32Array(size))
  }
}

function grown(from: Int32Array, into: Int32Array): Int32Array {
  into.set(from)
  return into
}

function absent(number: number): never {
  throw new RangeError(`nothing has the number ${number}`)
}
