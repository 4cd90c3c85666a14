/** The world's time: it moves only when a test moves it. A nation's own clock may be off. */
export class VirtualClock {
  #now: number
  readonly #skews = new Map<string, number>()

  /** `start` in seconds since 1970-01-01T00:00:00Z. */
  constructor(start: number) {
    this.#now = start
  }

  /** Time as this nation's clock shows it, or true time; whole seconds. */
  now(nation?: string): number {
    return Math.floor(this.#now) + (nation === undefined ? 0 : (this.#skews.get(nation) ?? 0))
  }

  /** `seconds` may be a fraction. */
  advance(seconds: number): void {
    this.#now += seconds
  }

  /** Sets how far a nation's clock is off, in seconds. */
  skew(nation: string, seconds: number): void {
    this.#skews.set(nation, seconds)
  }
}
