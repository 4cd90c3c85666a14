/** Upper bounds of the cells that times are counted in, in milliseconds; what is longer has a cell of its own. */
export const BOUNDS_MILLISECONDS: readonly number[] = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000, 2_000, 5_000]

/** Times, counted: `cells` has one more than there are bounds. */
export interface TimesTaken {
  readonly count: number
  readonly sumMilliseconds: number
  readonly cells: readonly number[]
}

/** Counts how long something took, since the process began. */
export class Times {
  #count = 0
  #sum = 0
  readonly #cells: number[] = Array.from({ length: BOUNDS_MILLISECONDS.length + 1 }, () => 0)

  /** Waits for the work, and counts how long it took, whether it ended well or not. */
  async of<T>(work: Promise<T>): Promise<T> {
    const began = performance.now()
    try {
      return await work
    } finally {
      this.take(performance.now() - began)
    }
  }

  take(milliseconds: number): void {
    const cell = BOUNDS_MILLISECONDS.findIndex((bound) => milliseconds <= bound)
    const at = cell === -1 ? BOUNDS_MILLISECONDS.length : cell
    this.#count++
    this.#sum += milliseconds
    this.#cells[at] = (this.#cells[at] ?? 0) + 1
  }

  get taken(): TimesTaken {
    return { count: this.#count, sumMilliseconds: this.#sum, cells: [...this.#cells] }
  }
}

/** Counts events by one word of a closed set. */
export class Counts<Word extends string | number> {
  readonly #counts = new Map<Word, number>()

  add(word: Word): void {
    this.#counts.set(word, (this.#counts.get(word) ?? 0) + 1)
  }

  get counted(): readonly (readonly [Word, number])[] {
    return [...this.#counts]
  }
}
