import type { Agreement } from '@entente/agreement'
import type { Standing } from './encode.ts'
import type { KnownNotice, KnownVersion, World } from './model.ts'

/** A version in its chain: when it begins here, and the notices on its agreement. */
export interface Link {
  readonly id: string
  readonly body: Agreement
  readonly here: Standing
  readonly notices: readonly KnownNotice[]
  readonly withdrawals: readonly KnownNotice[]
  /** Whether it puts a clearance in the place of one that an older version names. */
  readonly readsLater: boolean
}

/** Every version of every agreement, oldest first. */
export function linksOf({ agreements, notices = [] }: World): readonly Link[] {
  const chains = Map.groupBy(agreements, ({ body }) => body.agreement)
  return [...chains].flatMap(([name, unsorted]) => {
    const chain = unsorted.toSorted((a, b) => a.body.version - b.body.version)
    const own = notices.filter(({ body }) => body.agreement === name)
    const standings = standingsOf(chain, own)
    return chain.map(({ id, body }, index) => ({
      id,
      body,
      here: standings[index] ?? {},
      notices: own,
      withdrawals: own.filter((notice) => notice.body.notice === 'withdraw'),
      readsLater: body.successions?.some(({ kind }) => kind === 'clearance') === true,
    }))
  })
}

/**
 * The dates of a node's record (spec/agreement.md 8): a version narrows from its own date, or the last note that it waits for,
 * and not before the one before it; it is in force from then, or from later where the logs say so.
 */
function standingsOf(chain: readonly KnownVersion[], notices: readonly KnownNotice[]): readonly Standing[] {
  let earliest = 0
  const begins = chain.map((version) => {
    const narrowsFrom = Math.max(earliest, version.body.inForceFrom, notedFrom(version, notices))
    earliest = narrowsFrom
    return { narrowsFrom, inForceFrom: version.narrowingOnly === true ? Infinity : Math.max(narrowsFrom, version.inForceSince ?? 0) }
  })
  return begins.map((one, index) => ({
    ...finite('narrowsFrom', one.narrowsFrom),
    ...finite('inForceFrom', one.inForceFrom),
    ...finite('supersededAt', Math.min(...begins.slice(index + 1).map(({ inForceFrom }) => inForceFrom))),
  }))
}

/** When the last note takes effect that a version waits for; never while one is missing. */
function notedFrom({ id, body }: KnownVersion, notices: readonly KnownNotice[]): number {
  if (body.entry?.by !== 'notes') return 0
  const notes = notices.filter((notice) => notice.body.notice === 'note' && notice.body.version === id)
  return Math.max(
    ...body.parties.map(({ nation }) => Math.min(...notes.filter((note) => note.body.nation === nation).map(({ effect }) => effect))),
  )
}

function finite<Name extends string>(name: Name, second: number): { readonly [Key in Name]?: number } {
  return (second === Infinity ? {} : { [name]: second }) as { readonly [Key in Name]?: number }
}
