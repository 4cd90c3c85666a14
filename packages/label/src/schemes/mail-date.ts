/** A date, or a date with a time, and an offset; seconds may have a fraction. */
const DATE = /^(?<day>\d{4}-\d{2}-\d{2})(?:T(?<time>\d{2}:\d{2}(?::\d{2})?)(?:\.\d{1,7})?)?(?<zone>Z|[+-]\d{2}(?::?\d{2})?)?$/u

/** Seconds since 1970 of a date of `EXPIRES`; without an offset it is UTC, without a time the day's beginning. Undefined: an event. */
export function instantOf(text: string): number | undefined {
  const groups = DATE.exec(text)?.groups
  if (groups === undefined) return undefined
  const { day = '', time = '00:00', zone = 'Z' } = groups
  const offset = zone === 'Z' ? 'Z' : `${zone.slice(0, 3)}:${zone.slice(3).replace(':', '') || '00'}`
  const milliseconds = Date.parse(`${day}T${time.length === 5 ? `${time}:00` : time}${offset}`)
  // A day that no calendar has (30 February) is carried over by some readers: it is none.
  const real = new Date(`${day}T00:00:00Z`)
  if (Number.isNaN(milliseconds) || Number.isNaN(real.getTime()) || !real.toISOString().startsWith(day)) return undefined
  const seconds = Math.floor(milliseconds / 1000)
  return seconds < 0 ? undefined : seconds
}

/** An instant as `EXPIRES` writes it: the day alone where it is its beginning in UTC. */
export function dayOf(instant: number): string {
  const text = new Date(instant * 1000).toISOString()
  return text.endsWith('T00:00:00.000Z') ? text.slice(0, 10) : `${text.slice(0, 19)}Z`
}
