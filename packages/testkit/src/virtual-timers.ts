import { promises as files } from 'node:fs'
import { syncBuiltinESMExports } from 'node:module'
import threads from 'node:worker_threads'

/** What is always there and never ends by itself: no reason to wait. */
const STANDING = new Set(['TTYWrap', 'PipeWrap', 'TCPSocketWrap', 'ProcessWrap', 'Timeout', 'SignalWrap', 'TCPServerWrap'])
/** Turns of the event loop without anything under way before it counts as idle. */
const CALM_TURNS = 3

/** File operations that the list of active resources does not show. */
const HIDDEN = ['readFile', 'writeFile'] as const

interface Timer {
  readonly due: number
  readonly run: () => void
}

/**
 * Time that passes only when nothing else can happen: while these are in force, `setTimeout` waits in a queue, and the
 * earliest timer fires when the event loop is idle. Hours of retries pass in the time that their work takes. One at a time.
 */
export class VirtualTimers implements Disposable {
  readonly #real = { setTimeout: globalThis.setTimeout, clearTimeout: globalThis.clearTimeout }
  readonly #files = Object.fromEntries(HIDDEN.map((name) => [name, files[name]]))
  readonly #worker = threads.Worker
  #hidden = 0
  readonly #timers = new Map<number, Timer>()
  readonly #passed: (milliseconds: number) => void
  #last = 0
  #driving = false
  #now = 0

  /** `passed` is told of every piece of time, in milliseconds. */
  constructor(passed: (milliseconds: number) => void) {
    this.#passed = passed
    globalThis.setTimeout = ((run: (...given: unknown[]) => void, milliseconds = 0, ...given: unknown[]) => {
      const id = ++this.#last
      this.#timers.set(id, { due: this.#now + Math.max(1, milliseconds), run: () => run(...given) })
      return { id, unref: () => undefined, ref: () => undefined }
    }) as unknown as typeof setTimeout
    globalThis.clearTimeout = ((timer: { readonly id: number } | undefined) => {
      if (timer !== undefined) this.#timers.delete(timer.id)
    }) as typeof clearTimeout
    for (const name of HIDDEN) {
      const real = files[name] as (...given: unknown[]) => Promise<unknown>
      const counted = (...given: unknown[]): Promise<unknown> => {
        this.#hidden++
        return real(...given).finally(() => this.#hidden--)
      }
      Object.assign(files, { [name]: counted })
    }
    threads.Worker = this.#countedWorker()
    syncBuiltinESMExports()
  }

  /** Milliseconds since these came into force. */
  get now(): number {
    return this.#now
  }

  /**
   * Lets time pass until the task ends. Throws after `limit` milliseconds of it, and where nothing is left that could end it.
   * Inside of another such task it only waits: one loop lets time pass.
   */
  async until<T>(task: Promise<T>, limit: number): Promise<T> {
    if (this.#driving) return task
    this.#driving = true
    try {
      return await this.#drive(task, limit)
    } finally {
      this.#driving = false
    }
  }

  async #drive<T>(task: Promise<T>, limit: number): Promise<T> {
    let ended = false
    const seen = task.finally(() => (ended = true))
    seen.catch(() => {})
    const last = this.#now + limit
    for (;;) {
      await this.#idle(() => ended)
      if (ended) return task
      if (!this.#fireNext(last)) throw new Error(`it does not end within ${limit} milliseconds of virtual time`)
    }
  }

  /** Lets so much time pass, with all that falls due in it, and what follows from it at once. */
  async pass(milliseconds: number): Promise<void> {
    const until = this.#now + milliseconds
    do await this.#idle(() => false)
    while (this.#fireNext(until))
    this.#go(until)
  }

  [Symbol.dispose](): void {
    Object.assign(globalThis, this.#real)
    Object.assign(files, this.#files)
    threads.Worker = this.#worker
    syncBuiltinESMExports()
    this.#timers.clear()
  }

  /** A thread that was given its one task works until it ends, and the list of active resources does not show it. */
  #countedWorker(): typeof threads.Worker {
    const begun = (): void => void this.#hidden++
    const ended = (): void => void this.#hidden--
    return class extends this.#worker {
      constructor(file: string | URL, options?: threads.WorkerOptions) {
        super(file, options)
        if (options?.workerData === undefined) return
        begun()
        this.once('exit', ended)
      }
    }
  }

  #fireNext(last: number): boolean {
    let next: number | undefined
    for (const [id, { due }] of this.#timers) if (next === undefined || due < (this.#timers.get(next)?.due ?? 0)) next = id
    const timer = next === undefined ? undefined : this.#timers.get(next)
    if (next === undefined || timer === undefined || timer.due > last) return false
    this.#timers.delete(next)
    this.#go(timer.due)
    timer.run()
    return true
  }

  #go(to: number): void {
    if (to <= this.#now) return
    this.#passed(to - this.#now)
    this.#now = to
  }

  async #idle(ended: () => boolean): Promise<void> {
    for (let calm = 0; calm < CALM_TURNS && !ended();) {
      await new Promise((resolve) => setImmediate(resolve))
      const isCalm = this.#hidden === 0 && process.getActiveResourcesInfo().every((resource) => STANDING.has(resource))
      calm = isCalm ? calm + 1 : 0
    }
  }
}
