import { useEffect, useRef, useState } from 'react'

/** As long as something signed can be pulled back before it happens, in seconds. */
export const OUTBOX_SECONDS = 10

/** An act that waits a little so that it can be taken back: undo in place of a question. */
export interface Outbox {
  /** Seconds left; undefined when nothing waits. */
  readonly left: number | undefined
  put(): void
  takeBack(): void
  /** Does it now. */
  hurry(): void
}

/** Runs `act` ten seconds after `put`, unless it is taken back or the screen is left before. */
export function useOutbox(act: () => void): Outbox {
  const [left, setLeft] = useState<number>()
  const latest = useRef(act)
  latest.current = act
  useEffect(() => {
    if (left === undefined) return undefined
    if (left === 0) {
      setLeft(undefined)
      latest.current()
      return undefined
    }
    const timer = setTimeout(() => setLeft(left - 1), 1_000)
    return () => clearTimeout(timer)
  }, [left])
  return {
    left,
    put: () => setLeft((now) => now ?? OUTBOX_SECONDS),
    takeBack: () => setLeft(undefined),
    hurry: () => setLeft((now) => (now === undefined ? undefined : 0)),
  }
}
