/** As long as an act can be pulled back before anything happens, in seconds. */
export const OUTBOX_SECONDS = 10

/** Where an act is: it waits (seconds left), it happens, it has happened, or it was refused. */
export type ActStep<P, O> =
  | { readonly step: 'waiting'; readonly left: number }
  | { readonly step: 'acting'; readonly progress?: P }
  | { readonly step: 'done'; readonly outcome: O }
  | { readonly step: 'failed'; readonly error: unknown }

/** An act in an outbox: on what (`id`), and what a screen says of it. */
export interface Posted<S, P, O> {
  readonly id: string
  readonly subject: S
  readonly now: ActStep<P, O>
}

/** The host's timers; milliseconds. */
export interface Timers {
  set(run: () => void, milliseconds: number): unknown
  clear(timer: unknown): void
}

const HOST_TIMERS: Timers = {
  set: (run, milliseconds) => setTimeout(run, milliseconds),
  clear: (timer) => clearTimeout(timer as ReturnType<typeof setTimeout>),
}

/**
 * Acts that wait `OUTBOX_SECONDS` before they happen, so that they can be taken back: undo in place of a question. What is
 * posted here goes on when the person turns to something else; when the tab closes, nothing that waited happens.
 */
export class Outbox<S, P, O> {
  readonly #timers: Timers
  readonly #watchers = new Set<() => void>()
  readonly #acts = new Map<string, { readonly act: (progress: (at: P) => void) => Promise<O>; timer?: unknown }>()
  #all: readonly Posted<S, P, O>[] = []

  constructor(timers: Timers = HOST_TIMERS) {
    this.#timers = timers
  }

  /** Everything here, in the order in which it was put; a new array after each change. */
  readonly all = (): readonly Posted<S, P, O>[] => this.#all

  /** Calls `watcher` after each change, until the function that it returns is called. */
  readonly watch = (watcher: () => void): (() => void) => {
    this.#watchers.add(watcher)
    return () => void this.#watchers.delete(watcher)
  }

  /** Puts an act that happens once its time is over. One that waits or happens already for this id stays as it is. */
  put(id: string, subject: S, act: (progress: (at: P) => void) => Promise<O>): void {
    const before = this.#step(id)
    if (before === 'waiting' || before === 'acting') return
    this.#acts.set(id, { act })
    this.#change([...this.#all.filter((one) => one.id !== id), { id, subject, now: { step: 'waiting', left: OUTBOX_SECONDS } }])
    this.#count(id, OUTBOX_SECONDS)
  }

  /** Takes back what still waits; says whether it did. */
  takeBack(id: string): boolean {
    if (this.#step(id) !== 'waiting') return false
    this.#stop(id)
    this.#acts.delete(id)
    this.#change(this.#all.filter((one) => one.id !== id))
    return true
  }

  /** Does now what waits. */
  hurry(id: string): void {
    if (this.#step(id) !== 'waiting') return
    this.#stop(id)
    this.#begin(id)
  }

  /** Puts away what is over: done or refused. */
  putAway(id: string): void {
    const step = this.#step(id)
    if (step === 'done' || step === 'failed') this.#change(this.#all.filter((one) => one.id !== id))
  }

  #step(id: string): ActStep<P, O>['step'] | undefined {
    return this.#all.find((one) => one.id === id)?.now.step
  }

  #count(id: string, left: number): void {
    const held = this.#acts.get(id)
    if (held === undefined) return
    held.timer = this.#timers.set(() => {
      if (left <= 1) {
        this.#begin(id)
        return
      }
      this.#move(id, { step: 'waiting', left: left - 1 })
      this.#count(id, left - 1)
    }, 1_000)
  }

  #stop(id: string): void {
    this.#timers.clear(this.#acts.get(id)?.timer)
  }

  #begin(id: string): void {
    const held = this.#acts.get(id)
    if (held === undefined) return
    this.#acts.delete(id)
    this.#move(id, { step: 'acting' })
    held
      .act((progress) => this.#move(id, { step: 'acting', progress }))
      .then(
        (outcome) => this.#move(id, { step: 'done', outcome }),
        (error: unknown) => this.#move(id, { step: 'failed', error }),
      )
  }

  #move(id: string, now: ActStep<P, O>): void {
    this.#change(this.#all.map((one) => (one.id === id ? { ...one, now } : one)))
  }

  #change(next: readonly Posted<S, P, O>[]): void {
    this.#all = next
    for (const watcher of this.#watchers) watcher()
  }
}
