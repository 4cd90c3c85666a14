import { equivalentMarking } from '@entente/agreement'
import { type Signed, fromBase64Url, fromUtf8, toBase64Url, utf8 } from '@entente/canonical'
import type { Card, ReleaseStatement } from '@entente/container'
import { printMarking } from '@entente/label'
import { sql } from 'kysely'
import { lastBegun } from '@entente/exchange'
import { NodeError } from '../errors.ts'
import type { Nation } from '../nation.ts'
import { findTitles } from '../store/card-index.ts'
import type { Likeness } from '../store/likeness.ts'
import type { Choice, Place } from '../store/listing.ts'
import { HOME_LOG } from '../trust.ts'
import { entryFor } from './entries.ts'
import { type CardedItem, type Wanting, cardedItem, choose, mayList, shownItems, wantingOf } from './listable-items.ts'
import { enterAbsence } from './open-item.ts'
import { type Search, commonTerms, fitsChips, readSearch } from './search-query.ts'

type Needs = Pick<
  Nation,
  'crypto' | 'config' | 'trust' | 'decider' | 'policies' | 'db' | 'listing' | 'blobs' | 'office' | 'enter' | 'notice' | 'now'
>

/** What a list shows of an item. */
export interface ItemLine {
  readonly item: string
  readonly card: Card
  /** The originator's marking, as it writes it. */
  readonly marking: string
  /** Of a received item: the own classification that the agreement's table gives for its own, by code, or `person-decides`. */
  readonly equivalent?: string
  readonly originator: string
  readonly agreement?: string
  readonly released: number
  readonly expires: number
  readonly containerSize: number
}

/** One item as its reader's client needs it before it asks to open it. */
export interface ItemView extends ItemLine {
  readonly signed: Signed<ReleaseStatement>
  /** Id of the release statement. */
  readonly statement: string
  readonly container: { readonly sha256: string; readonly size: number }
  readonly serial: number
}

/** What a reader asks a list for. */
export interface ListQuestion {
  readonly purpose?: string
  /** A search (`readSearch`). */
  readonly q?: string
  /** Lines of a page, 1 to 200; 100 if absent. */
  readonly limit?: number
  /** `next` of the page before. */
  readonly after?: string
}

/** One page of what a person may know of. */
export interface ItemPage {
  readonly items: readonly ListedLine[]
  /** How many the person may list; of a search, how many of them fit it. */
  readonly count: number
  /** Where the next page goes on; absent on the last one. */
  readonly next?: string
  /** What a search looked at, and what it did not. */
  readonly searched?: { readonly fields: readonly string[]; readonly notSearched: readonly string[] }
}

/** A line of a list, with what this person did with the item. */
export interface ListedLine extends ItemLine {
  /** Seconds: when the first opening was granted that the person's client said it made. */
  readonly opened?: number
  /** Seconds: when the person first acknowledged it. */
  readonly acknowledged?: number
}

const DEFAULT_LIMIT = 100
const SEARCHED = { fields: ['title', 'area', 'originator', 'marking'], notSearched: ['text', 'files'] } as const

/**
 * A page of what a person may know of, the latest release first, and one entry for it. Decides once per likeness, searches
 * the index, and lets the one narrow the other; what is shown was verified against its statement and decided upon from it.
 * Throws `node/bad-search`, and `node/bad-request` for a cursor that no list ever gave.
 */
export async function listItems(nation: Needs, person: string, asked: ListQuestion): Promise<ItemPage> {
  const { purpose, limit = DEFAULT_LIMIT } = asked
  const after = asked.after === undefined ? undefined : readCursor(asked.after)
  const search = asked.q === undefined ? undefined : readSearch(asked.q)
  const rows = search === undefined ? undefined : await searchedRows(nation, search)
  // After the search, which takes time: who may know is asked last.
  const wanting = await wantingOf(nation, person, purpose)
  const at = nation.now()
  const choice = choiceOf(nation, wanting, at, search, rows)
  const { count, items, more } = await pageOf(nation, choice, { limit, ...(after === undefined ? {} : { after }) }, wanting)
  const fields = { act: 'list', person, purpose: purpose ?? '', count: items.length }
  await nation.enter({ at, kind: 'list', body: {}, entries: [entryFor(nation, HOME_LOG, at, fields)], effects: [], conditions: [] })
  const readings = await readingsOf(nation, person, items)
  const last = items.at(-1)
  return {
    items: items.map((item) => ({ ...lineOf(nation, item), ...readings.get(item.body.item) })),
    count,
    ...(more && last !== undefined ? { next: writeCursor({ released: last.body.released, item: last.body.item }) } : {}),
    ...(search === undefined ? {} : { searched: SEARCHED }),
  }
}

async function searchedRows(nation: Needs, { terms }: Search): Promise<Uint8Array> {
  const { end } = await nation.db
    .selectFrom('items')
    .select((select) => select.fn.coalesce(select.fn.max('id'), sql<number>`0`).as('end'))
    .executeTakeFirstOrThrow()
  const rows = new Uint8Array(end + 1)
  await findTitles(nation.db, terms, rows)
  return rows
}

function choiceOf(nation: Needs, wanting: Wanting, at: number, search: Search | undefined, rows: Uint8Array | undefined): Choice {
  if (search === undefined || rows === undefined) return choose(nation, wanting, at)
  const { policies, listing } = nation
  const { agreements } = nation.trust()
  const takes = (likeness: Likeness): boolean => fitsChips(search, likeness, policies, agreements)
  const choice = choose(nation, wanting, at, { since: search.since, takes })
  const likenesses = Uint8Array.from({ length: listing.likenessEnd }, (_, number) => {
    const likeness = listing.likeness(number)
    return likeness === undefined ? 0 : commonTerms(search, likeness, policies)
  })
  return { ...choice, sought: { all: (1 << search.terms.length) - 1, rows, likenesses } }
}

/** A page whose every item holds: a row that is not what the table says is forgotten until the next start, and the page made anew. */
async function pageOf(
  nation: Needs,
  choice: Choice,
  page: { readonly after?: Place; readonly limit: number },
  wanting: Wanting,
): Promise<{ readonly count: number; readonly items: readonly CardedItem[]; readonly more: boolean }> {
  for (;;) {
    const { count, rows } = nation.listing.pick(choice, page)
    const { items, failed } = await shownItems(nation, rows.slice(0, page.limit), wanting, choice.at)
    if (failed.length === 0) return { count, items, more: rows.length > page.limit }
    for (const { item } of failed) nation.listing.remove(item)
  }
}

async function readingsOf(
  nation: Needs,
  person: string,
  items: readonly CardedItem[],
): Promise<ReadonlyMap<string, { readonly opened?: number; readonly acknowledged?: number }>> {
  if (items.length === 0) return new Map()
  const rows = await nation.db
    .selectFrom('readings')
    .select((select) => ['item', select.fn.min('opened').as('opened'), select.fn.min('acknowledged').as('acknowledged')])
    .where('person', '=', person)
    .where(
      'item',
      'in',
      items.map(({ body }) => body.item),
    )
    .groupBy('item')
    .execute()
  return new Map(
    rows.map(({ item, opened, acknowledged }) => [
      item,
      { ...(opened === null ? {} : { opened }), ...(acknowledged === null ? {} : { acknowledged }) },
    ]),
  )
}

/** Says nothing but what the line before it said: when it was released, and its item. */
function writeCursor({ released, item }: Place): string {
  return toBase64Url(utf8(`${released} ${item}`))
}

/** A cursor that somebody made up moves the window and nothing else. */
function readCursor(cursor: string): Place {
  const parts = /^(?<released>\d{1,15}) (?<item>[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})$/u.exec(textOf(cursor))?.groups
  if (parts === undefined) throw new NodeError('node/bad-request', 'no cursor of a list', { values: { what: 'after' } })
  return { released: Number(parts['released']), item: parts['item'] ?? '' }
}

function textOf(cursor: string): string {
  try {
    return fromUtf8(fromBase64Url(cursor))
  } catch {
    return ''
  }
}

/** One item for its reader. Whatever may not be listed is `node/absent`, as is what is not there, and both have an entry. */
export async function readItem(nation: Needs, person: string, id: string, purpose: string | undefined): Promise<ItemView> {
  const item = await listedItem(nation, person, id, purpose)
  const { row, body, signed, statement } = item
  return { ...lineOf(nation, item), signed, statement, serial: body.serial, container: { sha256: row.container, size: row.container_size } }
}

/** An item's container for its reader: ciphertext, from the first byte to the last. As `readItem`. */
export async function readItemContainer(
  nation: Needs,
  person: string,
  id: string,
): Promise<{ readonly size: number; readonly bytes: AsyncIterable<Uint8Array> }> {
  const { row } = await listedItem(nation, person, id, undefined)
  return { size: await nation.blobs.size(row.container), bytes: nation.blobs.read(row.container) }
}

/** An item that the person may list; throws `node/absent` after an entry for anything else. */
export async function listedItem(nation: Needs, person: string, id: string, purpose: string | undefined): Promise<CardedItem> {
  const row = await nation.db.selectFrom('items').selectAll().where('item', '=', id).executeTakeFirst()
  const item = row === undefined ? undefined : await cardedItem(nation, row)
  const wanting = await wantingOf(nation, person, purpose)
  if (item === undefined || !mayList(nation, item, wanting, nation.now())) {
    await enterAbsence(nation, id, person)
    throw new NodeError('node/absent', 'nothing is here')
  }
  return item
}

function lineOf(nation: Needs, item: CardedItem): ItemLine {
  const { body, row, card } = item
  const policy = nation.policies.get(body.label.policy)
  if (policy === undefined) throw new NodeError('node/config', 'a label of an unknown policy', { values: { what: 'nations' } })
  const { basis, originator, recipient } = body
  const version = basis === undefined ? undefined : lastBegun(nation.trust(), basis.agreement, nation.now())
  return {
    item: body.item,
    card,
    marking: printMarking(body.label, policy, { form: 'banner' }),
    ...(version === undefined
      ? {}
      : { equivalent: equivalentMarking(version.body, originator, recipient, body.label.classification, nation.now()) }),
    originator,
    ...(basis === undefined ? {} : { agreement: basis.agreement }),
    released: body.released,
    expires: body.expires,
    containerSize: row.container_size,
  }
}
