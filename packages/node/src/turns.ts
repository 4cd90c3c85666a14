/** Turns of each running node, by something that a start makes anew: what a start left unfinished holds up no later one. */
export class TurnsOf<Start extends object> {
  readonly #turns = new WeakMap<Start, Turns>()

  /** The turns of this start. */
  of(start: Start): Turns {
    const known = this.#turns.get(start) ?? new Turns()
    this.#turns.set(start, known)
    return known
  }
}

/** Work in turns: what has the same key runs one after the other, in the order of the calls; what has another runs beside it. */
export class Turns {
  readonly #last = new Map<string, Promise<void>>()

  /** Runs `work` when everything before it under this key has ended, well or not; gives what it gives. */
  take<T>(key: string, work: () => Promise<T>): Promise<T> {
    const turn = (this.#last.get(key) ?? Promise.resolve()).then(work)
    const settled = turn.then(
      () => {},
      () => {},
    )
    this.#last.set(key, settled)
    void settled.then(() => {
      if (this.#last.get(key) === settled) this.#last.delete(key)
    })
    return turn
  }
}
