import type { MessageValues } from '@entente/canonical'
import type { Asking, MarkedAs, NearestCode, ReasonCode } from './model.ts'
import type { Place, Reasons } from './reason.ts'

/** The item of which reasons are given. */
export interface Subject {
  readonly label: MarkedAs
  readonly releasedAt: number
}

/**
 * One thing that is asked of whoever asks. The same object decides in bulk and gives the reasons in words, so that the two
 * cannot differ.
 */
export interface Condition {
  /** Conditions of one key stand against the same askers. Absent: it stands against all of them. */
  readonly key?: string
  /** Seconds of life: it stands against nobody until so long after the release. */
  readonly life?: number
  /** Whether it stands against who asks. */
  fails(asking: Asking): boolean
  /** Adds its reasons, where it does. */
  say(reasons: Reasons, asking: Asking, subject: Subject): void
}

/** What stands against everybody: the item, the agreement or the label itself says so. */
export class Refusal implements Condition {
  readonly #code: ReasonCode
  readonly #values: MessageValues
  readonly #place: Place
  readonly #nearest: NearestCode | undefined

  constructor(code: ReasonCode, values: MessageValues, place: Place = {}, nearest?: NearestCode) {
    this.#code = code
    this.#values = values
    this.#place = place
    this.#nearest = nearest
  }

  fails(): boolean {
    return true
  }

  say(reasons: Reasons): void {
    reasons.add(this.#code, this.#values, this.#place, this.#nearest)
  }
}

/** Where refusals are added. */
export interface Refusals {
  readonly length: number
  push(refusal: Refusal): number
}

/** A key that no other parts can make. */
export function keyOf(...parts: readonly (string | number | readonly string[])[]): string {
  return JSON.stringify(parts)
}
