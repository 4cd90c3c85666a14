import type { Question, Reader } from '@entente/decision'

/** Items in the columns that a reader takes, each released in one second. */
export function columnsOf(reader: Reader, items: readonly Question['item'][]): Parameters<Reader['permittedFrom']>[0] {
  const released = Float64Array.from(items, ({ releasedAt }) => releasedAt)
  return { kinds: Int32Array.from(items, (item) => reader.intern(item)), oldest: released, newest: released }
}

/** Which of the questions' items a reader is permitted at a second, in one pass. */
export function permittedIn(reader: Reader, at: number, questions: readonly Pick<Question, 'item'>[]): readonly boolean[] {
  const since = new Float64Array(questions.length).fill(Infinity)
  const items = questions.map(({ item }) => item)
  reader.permittedFrom(columnsOf(reader, items), -Infinity, Infinity, since)
  return items.map(({ stopped, expiresAt = Infinity }, place) => !stopped && at < expiresAt && (since[place] ?? Infinity) < Infinity)
}
