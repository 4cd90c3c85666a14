/**
 * Remembers ids for at least `seconds`, at most twice that, in two generations: no timer, no list to walk, and memory is
 * bounded by what was admitted within two windows.
 */
export class ReplayWindow {
  readonly #seconds: number
  #young = new Set<string>()
  #old = new Set<string>()
  #since = 0

  constructor(seconds: number) {
    this.#seconds = seconds
  }

  /** Whether `id` is new; remembers it. `now` in seconds. */
  admit(id: string, now: number): boolean {
    if (now - this.#since >= this.#seconds) {
      this.#old = now - this.#since >= 2 * this.#seconds ? new Set() : this.#young
      this.#young = new Set()
      this.#since = now
    }
    if (this.#young.has(id) || this.#old.has(id)) return false
    this.#young.add(id)
    return true
  }
}
