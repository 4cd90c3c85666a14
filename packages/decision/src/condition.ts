import type { MessageValues } from '@entente/canonical'
import type { Asking, MarkedAs, NearestCode, Reason, ReasonCode } from './model.ts'
import { type Place, type Reasons, reasonOf } from './reason.ts'

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
  readonly #reason: Reason

  constructor(code: ReasonCode, values: MessageValues, place?: Place, nearest?: NearestCode) {
    this.#reason = reasonOf(code, values, place, nearest)
  }

  fails(): boolean {
    return true
  }

  say(reasons: Reasons): void {
    reasons.take(this.#reason)
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
