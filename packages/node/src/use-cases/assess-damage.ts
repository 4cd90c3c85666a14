import { type Json, codeOf, fromBase64Url, toHex } from '@entente/canonical'
import type { JoinedReceipt } from '@entente/exchange'
import { type OpenedEntry, openEntry, readOpening } from '@entente/ledger'
import { NodeError } from '../errors.ts'
import type { Nation } from '../nation.ts'
import type { EntryRow } from '../store/database.ts'
import { HOME_LOG } from '../trust.ts'
import { type CouldRead, couldReadItem } from './could-read.ts'
import { entryFor } from './entries.ts'
import { type RegisteredItem, findItem, otherRenditions } from './register.ts'

/** An opening that this nation permitted. */
export interface PermittedOpening {
  readonly at: number
  /** Under which the reader is known here; the reader's own nation can say who it is. */
  readonly pseudonym: string
  readonly articles: readonly string[]
  /** The clearance that the reader showed. */
  readonly level: string
  readonly purpose: string
  /** SHA-256 of the entry's leaf. */
  readonly entry: string
  /** `possible`: the reader's client never said whether it could read; it counts as read. */
  readonly outcome: JoinedReceipt['outcome'] | 'possible'
}

/** A grant that this nation entered for one of its own readers, to whom the originator may have given the item. */
export interface GrantedOpening {
  readonly at: number
  readonly pseudonym: string
  readonly purpose: string
  readonly entry: string
}

/** What became of one item, from this nation's own entries alone. */
export interface ItemDamage {
  readonly couldRead: CouldRead
  readonly permits: readonly PermittedOpening[]
  readonly grants: readonly GrantedOpening[]
  /** How often it was refused, by reason code. */
  readonly refusals: Readonly<Record<string, number>>
  /** Openings entered, those whose client confirmed, those that only may have happened. */
  readonly counts: { readonly entered: number; readonly joined: number; readonly possible: number }
  /** Entries whose opening does not fit its leaf: the database was changed, and they say nothing. */
  readonly unreadable: number
}

export interface DamageAssessment {
  readonly at: number
  /** The item asked about first, then the report's other renditions by uuid, where they were asked for. */
  readonly items: readonly ItemDamage[]
}

type Needs = Pick<Nation, 'crypto' | 'config' | 'db' | 'trust' | 'notice' | 'decider' | 'now' | 'enter'>

/**
 * Assesses what a compromise of an item, or of its whole report, would mean; that somebody asked is an entry at home.
 * Throws `node/absent`.
 */
export async function assessDamage(
  nation: Needs,
  item: string,
  options: { readonly person: string; readonly scope: 'item' | 'report' },
): Promise<DamageAssessment> {
  const named = await findItem(nation, item)
  if (named === undefined) throw new NodeError('node/absent', 'nothing is here')
  const items = [named, ...(options.scope === 'report' ? await otherRenditions(nation, named) : [])]
  const at = nation.now()
  const entry = entryFor(nation, HOME_LOG, at, { act: 'damage', item, scope: options.scope, person: options.person })
  await nation.enter({ at, kind: 'damage', body: {}, entries: [entry], effects: [], conditions: [] })
  const assessed: ItemDamage[] = []
  for (const one of items) assessed.push(await assessItem(nation, one))
  return { at, items: assessed }
}

async function assessItem(nation: Needs, found: RegisteredItem): Promise<ItemDamage> {
  const { item } = found.body
  const rows = await nation.db
    .selectFrom('entries')
    .selectAll()
    .where('item', '=', item)
    .where('act', 'in', ['open', 'refuse', 'grant'])
    .orderBy('n')
    .execute()
  const openings = await nation.db.selectFrom('openings').select(['leaf', 'outcome']).where('item', '=', item).execute()
  const outcomes = new Map(openings.map(({ leaf, outcome }) => [leaf, outcome]))
  const permits: PermittedOpening[] = []
  const grants: GrantedOpening[] = []
  const refusals: Record<string, number> = {}
  let unreadable = 0
  for (const row of rows) {
    const opened = readEntry(nation, row)
    if (opened === undefined) {
      unreadable++
      continue
    }
    const { fields } = opened
    const entry = toHex(nation.crypto.sha256(fromBase64Url(row.leaf)))
    const who = { at: opened.at, pseudonym: textOf(fields['pseudonym']), purpose: textOf(fields['purpose']), entry }
    if (fields['act'] === 'open') {
      permits.push({
        ...who,
        articles: textsOf(fields['articles']),
        level: textOf(fields['level']),
        outcome: outcomes.get(entry) ?? 'possible',
      })
    } else if (fields['act'] === 'grant') {
      grants.push(who)
    } else {
      for (const reason of reasonsOf(fields)) refusals[reason] = (refusals[reason] ?? 0) + 1
    }
  }
  const possible = permits.filter(({ outcome }) => outcome === 'possible').length
  const counts = { entered: permits.length, joined: permits.length - possible, possible }
  return { couldRead: await couldReadItem(nation, found), permits, grants, refusals, counts, unreadable }
}

/** What the entry commits to, and not what the row says. */
function readEntry(nation: Needs, row: EntryRow): OpenedEntry | undefined {
  try {
    return openEntry(nation.crypto, fromBase64Url(row.leaf), readOpening(JSON.parse(row.opening)))
  } catch (error) {
    nation.notice('register/row-does-not-hold', {
      log: row.log,
      index: row.position,
      reason: codeOf(error),
    })
    return undefined
  }
}

/** A refusal's reasons stand where an opening has its articles; one at home has none, because nothing was there for that reader. */
function reasonsOf(fields: OpenedEntry['fields']): readonly string[] {
  const reasons = textsOf(fields['articles'])
  return reasons.length === 0 ? ['node/absent'] : reasons
}

function textOf(value: Json | undefined): string {
  return typeof value === 'string' ? value : ''
}

function textsOf(value: Json | undefined): readonly string[] {
  return Array.isArray(value) ? value.filter((one): one is string => typeof one === 'string') : []
}
