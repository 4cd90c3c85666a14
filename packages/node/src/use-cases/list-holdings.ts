import type { Card } from '@entente/container'
import type { Basis } from '@entente/decision'
import type { Label } from '@entente/label'
import type { Nation } from '../nation.ts'
import { HOME_LOG } from '../trust.ts'
import { entryFor } from './entries.ts'
import { cardedItem, mayList, wantingOf } from './listable-items.ts'

/** An item as far as a difference between agreements asks about it. */
export interface Holding {
  readonly item: string
  /** As its card says. */
  readonly title: Card['title']
  /** Originator, and the nation whose people it was sealed for. */
  readonly from: string
  readonly to: string
  readonly area: string
  readonly label: Label
  readonly released: number
  readonly basis?: Basis
}

type Needs = Pick<Nation, 'crypto' | 'config' | 'trust' | 'decider' | 'db' | 'office' | 'notice' | 'enter' | 'now'>

/**
 * What the caller may list now, as rows that a difference can place, and nothing else: an own item that went to a partner counts where the
 * caller may list its report's rendition for the own nation. One entry for the whole list.
 */
export async function listHoldings(nation: Needs, person: string): Promise<{ readonly holdings: readonly Holding[] }> {
  const at = nation.now()
  const wanting = await wantingOf(nation, person, undefined)
  const rows = await nation.db
    .selectFrom('items')
    .selectAll()
    .where('stopped', '=', 0)
    .where('expires_at', '>', at)
    .orderBy('item')
    .execute()
  const items = (await Promise.all(rows.map((row) => cardedItem(nation, row)))).filter((item) => item !== undefined)
  const listed = items.filter((item) => mayList(nation, item, wanting, at))
  const reports = new Set(listed.flatMap(({ row }) => (row.report === null ? [] : [row.report])))
  const shown = items.filter((item) => listed.includes(item) || (item.row.report !== null && reports.has(item.row.report)))
  const fields = { act: 'list', list: 'holdings', person, purpose: '', count: shown.length }
  await nation.enter({ at, kind: 'list', body: {}, entries: [entryFor(nation, HOME_LOG, at, fields)], effects: [], conditions: [] })
  return {
    holdings: shown.map(({ body, card }) => ({
      item: body.item,
      title: card.title,
      from: body.originator,
      to: body.recipient,
      area: body.area,
      label: body.label,
      released: body.released,
      ...(body.basis === undefined ? {} : { basis: body.basis }),
    })),
  }
}
