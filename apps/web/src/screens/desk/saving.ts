/** Why a draft is not saved yet, though nothing failed. */
export type Hindrance = 'title' | 'unmarked'

/** How the draft stands towards the node. Times in milliseconds since 1970. */
export type SaveState =
  | { readonly state: 'untouched' }
  | { readonly state: 'waiting'; readonly hindrance?: Hindrance }
  | { readonly state: 'saving' }
  | { readonly state: 'saved'; readonly at: number }
  /** `again`: it is tried again by itself. */
  | { readonly state: 'failed'; readonly error: unknown; readonly again: boolean }

export interface Saver {
  readonly state: SaveState
  /** Something was typed. */
  changed(): void
  /** Saves now; true when everything that was typed is at the node. */
  save(): Promise<boolean>
  /** Whether something was typed that the node has not got. */
  readonly unsaved: boolean
  /** Nothing is sent or told any more, until `resume`. */
  stop(): void
  resume(): void
}

/** What a saver needs of its host. */
export interface SaverHost {
  hindrance(): Hindrance | undefined
  /** Sends everything as it is now. */
  send(): Promise<void>
  /** Whether trying again may help, although nothing was changed. */
  isPassing(error: unknown): boolean
  now(): number
  /** Calls back after so many milliseconds; gives what calls it off. */
  after(milliseconds: number, run: () => void): () => void
  told(state: SaveState): void
}

/** A draft is saved this long after the last change. */
export const PAUSE_MILLISECONDS = 1_500
const RETRY_MILLISECONDS = [2_000, 4_000, 8_000, 15_000, 30_000] as const

/**
 * Saves a draft by itself, one request at a time. What changes meanwhile is saved next; what failed for a passing reason is
 * tried again until it succeeds; what was refused waits for a change. It never says that something is saved which is not.
 */
export function makeSaver(host: SaverHost): Saver {
  let version = 0
  let savedVersion = 0
  let tries = 0
  let state: SaveState = { state: 'untouched' }
  let running: Promise<void> | undefined
  let cancel = (): void => {}
  let stopped = false

  const tell = (next: SaveState): void => {
    state = next
    if (!stopped) host.told(next)
  }
  const later = (milliseconds: number): void => {
    cancel()
    cancel = host.after(milliseconds, () => void attempt())
  }
  const waiting = (): SaveState => {
    const hindrance = host.hindrance()
    return hindrance === undefined ? { state: 'waiting' } : { state: 'waiting', hindrance }
  }
  async function attempt(): Promise<void> {
    cancel()
    for (let before = running; before !== undefined; before = running) await before
    if (stopped || version === savedVersion) return
    if (host.hindrance() !== undefined) return tell(waiting())
    running = sendOnce()
    await running
  }
  async function sendOnce(): Promise<void> {
    const sending = version
    tell({ state: 'saving' })
    try {
      await host.send()
      savedVersion = sending
      tries = 0
      tell(version === sending ? { state: 'saved', at: host.now() } : waiting())
      if (version !== sending) later(PAUSE_MILLISECONDS)
    } catch (error) {
      const again = host.isPassing(error)
      tell({ state: 'failed', error, again })
      if (again) later(RETRY_MILLISECONDS[Math.min(tries++, RETRY_MILLISECONDS.length - 1)] ?? 30_000)
      else if (version !== sending) later(PAUSE_MILLISECONDS)
    } finally {
      running = undefined
    }
  }
  return {
    get state() {
      return state
    },
    get unsaved() {
      return version !== savedVersion
    },
    changed() {
      version++
      if (running === undefined && state.state !== 'failed') tell(waiting())
      if (running === undefined) later(PAUSE_MILLISECONDS)
    },
    async save() {
      await attempt()
      return version === savedVersion
    },
    stop() {
      stopped = true
      cancel()
    },
    resume() {
      stopped = false
      if (version !== savedVersion) later(PAUSE_MILLISECONDS)
    },
  }
}
