import type { CheckedEntry, EvidenceEntry } from '@entente/client'

/** How many entries hold, wait, or do not hold. */
export interface Tally {
  readonly proven: number
  readonly pending: number
  readonly wrong: number
  /** Time of the newest quorum among the proofs, seconds; absent where nothing is proven. */
  readonly newest?: number
}

/** Counts what was found. */
export function tallyOf(checked: readonly CheckedEntry[]): Tally {
  const count = (state: CheckedEntry['state']): number => checked.filter((one) => one.state === state).length
  const times = checked.flatMap((one) => (one.state === 'proven' ? [one.proven.place.time] : []))
  return {
    proven: count('proven'),
    pending: count('pending'),
    wrong: count('wrong'),
    ...(times.length === 0 ? {} : { newest: Math.max(...times) }),
  }
}

/** Two tallies as one. */
export function tallySum(one: Tally, other: Tally): Tally {
  const newest = Math.max(one.newest ?? 0, other.newest ?? 0)
  return {
    proven: one.proven + other.proven,
    pending: one.pending + other.pending,
    wrong: one.wrong + other.wrong,
    ...(newest === 0 ? {} : { newest }),
  }
}

/** What proven entries say that readers did; what is not proven is not counted. */
export function readingOf(checked: readonly CheckedEntry[]): {
  readonly opened: number
  readonly acknowledged: number
  readonly refused: number
} {
  const fields = checked.flatMap((one) => (one.state === 'proven' ? [one.proven.fields] : []))
  const joined = (outcome: string): number => fields.filter((one) => one['act'] === 'joined' && one['outcome'] === outcome).length
  return { opened: joined('opened'), acknowledged: joined('acknowledged'), refused: fields.filter((one) => one['act'] === 'refuse').length }
}

/** One entry's name within a nation. */
export function placeOf({ log, index }: Pick<EvidenceEntry, 'log' | 'index'>): string {
  return `${log} ${index}`
}

/** What checking works with: the host verifies one entry, and takes a breath between two so that the page stays alive. */
export interface Checking {
  verify(entry: EvidenceEntry): Promise<CheckedEntry>
  breathe(): Promise<void>
  /** Whether to end early. */
  ended(): boolean
}

/**
 * Verifies entries one after the other, `each` after every one, and that each is about the item: a sound entry about
 * something else, or the same one twice, is as wrong as a forged one. Ends early without a word where it is told to.
 */
export async function checkEntries(
  item: string,
  entries: readonly EvidenceEntry[],
  checking: Checking,
  each: (checked: readonly CheckedEntry[]) => void,
): Promise<readonly CheckedEntry[]> {
  const checked: CheckedEntry[] = []
  const seen = new Set<string>()
  for (const entry of entries) {
    if (checking.ended()) break
    const found = await checking.verify(entry)
    const place = placeOf(entry)
    const elsewhere = found.state === 'proven' && found.proven.fields['item'] !== item
    checked.push(elsewhere || seen.has(place) ? { entry, state: 'wrong', code: 'client/entry-log' } : found)
    seen.add(place)
    each([...checked])
    await checking.breathe()
  }
  return checked
}

/** How far verifying everything is, or what came of it. */
export interface Sweep {
  readonly count: number
  /** Items that were looked at. */
  readonly done: number
  readonly tally: Tally
  /** Items with entries that do not hold. */
  readonly wrong: readonly string[]
  /** Items whose entries could not be read. */
  readonly unread: readonly string[]
  /** Whether it goes on. */
  readonly running: boolean
}

/** Reads and verifies every entry about every item, in order, `progress` after each entry; one that cannot be read does not stop it. */
export async function checkItems(
  items: readonly string[],
  read: (item: string) => Promise<readonly EvidenceEntry[]>,
  checking: Checking,
  progress: (sweep: Sweep) => void,
): Promise<Sweep> {
  let all = tallyOf([])
  const wrong: string[] = []
  const unread: string[] = []
  let done = 0
  const sweep = (running: boolean, now: readonly CheckedEntry[] = []): Sweep => ({
    count: items.length,
    done,
    tally: tallySum(all, tallyOf(now)),
    wrong: [...wrong],
    unread: [...unread],
    running,
  })
  progress(sweep(true))
  for (const item of items) {
    if (checking.ended()) break
    try {
      const entries = await read(item)
      const checked = await checkEntries(item, entries, checking, (now) => progress(sweep(true, now)))
      all = tallySum(all, tallyOf(checked))
      if (checked.some(({ state }) => state === 'wrong')) wrong.push(item)
      if (checked.length < entries.length) break
    } catch {
      // Whatever kept it from being read or checked: it counts as not verified, and is named.
      unread.push(item)
    }
    done++
  }
  const last = sweep(false)
  progress(last)
  return last
}
