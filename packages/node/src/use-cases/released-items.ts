import type { Json } from '@entente/canonical'
import type { Card } from '@entente/container'
import { printMarking } from '@entente/label'
import type { Nation } from '../nation.ts'
import { HOME_LOG } from '../trust.ts'
import { ownPolicy } from './draft-access.ts'
import { entryFor } from './entries.ts'
import { type CardedItem, cardedItem, mayList, wantingOf } from './listable-items.ts'

/** What the nation released, as its officers oversee it: where it went and how it stands; what it says only to those who may know. */
export interface ReleasedItem {
  readonly item: string
  readonly recipient: string
  readonly area: string
  readonly marking: string
  readonly released: number
  readonly expires: number
  readonly state: 'live' | 'stopped' | 'expired'
  /** Seconds; where the state is `stopped`. */
  readonly stoppedAt?: number
  /** The same for the renditions of one report. */
  readonly report: string
  readonly agreement?: string
  readonly article?: string
  /** Of the card; where the caller may list the report's rendition for the own nation. */
  readonly title?: Card['title']
}

type Needs = Pick<Nation, 'crypto' | 'config' | 'trust' | 'decider' | 'policies' | 'db' | 'office' | 'enter' | 'notice' | 'now'>

/** Every item of this nation's own, the latest first, and one entry for the whole list. */
export async function releasedItems(nation: Needs, person: string): Promise<{ readonly items: readonly ReleasedItem[] }> {
  const at = nation.now()
  const rows = await nation.db
    .selectFrom('items')
    .selectAll()
    .where('originator', '=', nation.config.nation)
    .orderBy('released_at', 'desc')
    .orderBy('item')
    .execute()
  const items: CardedItem[] = []
  for (const row of rows) {
    const item = await cardedItem(nation, row)
    if (item !== undefined) items.push(item)
  }
  const own = items.filter(({ row, body }) => body.recipient === nation.config.nation && row.stopped === 0 && body.expires > at)
  const wanting = await wantingOf(nation, person, undefined)
  const titled = new Set(own.filter((item) => mayList(nation, item, wanting, at)).map(reportOf))
  const stops = await stopTimes(nation)
  const policy = ownPolicy(nation)
  const listed = items.map((item): ReleasedItem => {
    const { row, body, card } = item
    const { basis, recipient, area, released, expires } = body
    const stoppedAt = row.stopped === 1 ? stops.get(body.item) : undefined
    return {
      item: body.item,
      recipient,
      area,
      marking: printMarking(body.label, policy, { form: 'banner' }),
      released,
      expires,
      state: row.stopped === 1 ? 'stopped' : expires <= at ? 'expired' : 'live',
      ...(stoppedAt === undefined ? {} : { stoppedAt }),
      report: reportOf(item),
      ...(basis === undefined ? {} : { agreement: basis.agreement, article: basis.article }),
      ...(titled.has(reportOf(item)) ? { title: card.title } : {}),
    }
  })
  const fields = { act: 'list', list: 'register', person, purpose: '', count: listed.length }
  await nation.enter({ at, kind: 'list', body: {}, entries: [entryFor(nation, HOME_LOG, at, fields)], effects: [], conditions: [] })
  return { items: listed }
}

function reportOf({ row }: CardedItem): string {
  return row.report ?? row.item
}

/** When each stop took effect, by item. */
async function stopTimes(nation: Pick<Nation, 'db'>): Promise<ReadonlyMap<string, number>> {
  const prefix = 'stop:'
  const rows = await nation.db.selectFrom('meta').selectAll().where('name', 'like', `${prefix}%`).execute()
  return new Map(rows.map(({ name, value }) => [name.slice(prefix.length), (JSON.parse(value) as { effective: number } & Json).effective]))
}
