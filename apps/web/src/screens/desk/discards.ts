import { useSyncExternalStore } from 'react'

/** A draft that will be discarded unless its author thinks better of it. */
export interface Discard {
  readonly id: string
  readonly title: string
  /** What the node said, where it did not discard it. */
  readonly error?: unknown
}

/** A draft can be pulled back this long. */
export const DISCARD_SECONDS = 10

let discards: readonly Discard[] = []
const timers = new Map<string, ReturnType<typeof setTimeout>>()
const watchers = new Set<() => void>()

function change(next: readonly Discard[]): void {
  discards = next
  for (const watcher of watchers) watcher()
}

/** Discards a draft after the time in which it can be pulled back; when the tab closes before, the draft stays. */
export function discardLater(discard: Discard, run: (id: string) => Promise<void>): void {
  change([...discards.filter(({ id }) => id !== discard.id), discard])
  const finish = (): void => {
    timers.delete(discard.id)
    run(discard.id).then(
      () => change(discards.filter(({ id }) => id !== discard.id)),
      (error: unknown) => change(discards.map((one) => (one.id === discard.id ? { ...one, error } : one))),
    )
  }
  timers.set(discard.id, setTimeout(finish, DISCARD_SECONDS * 1_000))
}

/** Pulls a draft back; also puts away what was said of one that could not be discarded. */
export function keepDraft(id: string): void {
  clearTimeout(timers.get(id))
  timers.delete(id)
  change(discards.filter((one) => one.id !== id))
}

/** Every draft that waits to be discarded. */
export function useDiscards(): readonly Discard[] {
  return useSyncExternalStore(
    (watcher) => {
      watchers.add(watcher)
      return () => watchers.delete(watcher)
    },
    () => discards,
  )
}
