/** Seconds since 1970-01-01T00:00:00Z: the one place where a process of ours reads the clock. */
export function wallClock(): number {
  return Math.floor(Date.now() / 1000)
}
