import { equivalentMarking, inForce } from '@entente/agreement'
import type { Signed } from '@entente/canonical'
import type { Card, ReleaseStatement } from '@entente/container'
import { printMarking } from '@entente/label'
import { NodeError } from '../errors.ts'
import type { Nation } from '../nation.ts'
import { HOME_LOG } from '../trust.ts'
import { entryFor } from './entries.ts'
import { type CardedItem, cardedItem, listableAmong, mayList, wantingOf } from './listable-items.ts'
import { enterAbsence } from './open-item.ts'

type Needs = Pick<Nation, 'crypto' | 'config' | 'trust' | 'decider' | 'policies' | 'db' | 'blobs' | 'office' | 'enter' | 'notice' | 'now'>

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

/** What a person may know of, the latest first, and one entry for the whole list. */
export async function listItems(
  nation: Needs,
  person: string,
  purpose: string | undefined,
): Promise<{ readonly items: readonly ItemLine[]; readonly count: number }> {
  const at = nation.now()
  const rows = await nation.db
    .selectFrom('items')
    .selectAll()
    .where('recipient', '=', nation.config.nation)
    .where('stopped', '=', 0)
    .where('expires_at', '>', at)
    .orderBy('released_at', 'desc')
    .orderBy('item')
    .execute()
  const items: CardedItem[] = []
  for (const row of rows) {
    const item = await cardedItem(nation, row)
    if (item !== undefined) items.push(item)
  }
  const listed = listableAmong(nation, items, await wantingOf(nation, person, purpose))
  const fields = { act: 'list', person, purpose: purpose ?? '', count: listed.length }
  await nation.enter({ at, kind: 'list', body: {}, entries: [entryFor(nation, HOME_LOG, at, fields)], effects: [], conditions: [] })
  return { items: listed.map((item) => lineOf(nation, item)), count: listed.length }
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
  if (item === undefined || !mayList(nation, item, wanting)) {
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
  const version = basis === undefined ? undefined : inForce(nation.trust().agreements.get(basis.agreement) ?? [], nation.now())
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
