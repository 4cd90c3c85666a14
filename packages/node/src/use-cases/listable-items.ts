import { type Crypto, canonicalText, type Json, toHex, utf8 } from '@entente/canonical'
import type { PersonFacts } from '@entente/clearance'
import { type Card, checkCard, readCard } from '@entente/container'
import type { Nation } from '../nation.ts'
import type { ItemRow } from '../store/database.ts'
import type { Trust } from '../trust.ts'
import { factsOf } from './own-person.ts'
import { type RegisteredItem, questionOf, verifiedItem } from './register.ts'

type Needs = Pick<Nation, 'crypto' | 'config' | 'trust' | 'decider' | 'db' | 'office' | 'notice' | 'now'>

/** An item whose statement and card hold. */
export interface CardedItem extends RegisteredItem {
  readonly card: Card
}

/** A person as the office knows them now, once for each purpose that is asked about. */
export type Wanting = readonly { readonly facts: PersonFacts; readonly purpose: string }[]

/** The person's facts for one purpose, or without one for every purpose that the person is assigned. */
export async function wantingOf(nation: Pick<Nation, 'office' | 'config'>, person: string, purpose: string | undefined): Promise<Wanting> {
  const status = purpose === undefined ? await nation.office.call('person', { person }) : undefined
  const assigned = status?.state === 'cleared' ? status.assignments.flatMap((assignment) => assignment.purposes) : []
  const purposes = purpose === undefined ? [...new Set(['', ...assigned])] : [purpose]
  return Promise.all(purposes.map(async (one) => ({ facts: await factsOf(nation, person, one), purpose: one })))
}

/** Whether the person may see in a list that the item is there. */
export function mayList(nation: Pick<Nation, 'config' | 'decider' | 'now'>, item: RegisteredItem, wanting: Wanting): boolean {
  if (item.body.recipient !== nation.config.nation) return false
  return wanting.some(({ facts, purpose }) => nation.decider().decide(questionOf(item, facts, 'list', purpose, nation.now())).permit)
}

/** Items whose rows were verified under the present trust, by the digest of their rows. A new trust forgets them all. */
const verified = new WeakMap<Trust, Map<string, CardedItem>>()
const MAX_REMEMBERED = 20_000

/** As `verifiedItem`, with its card; a row that was verified before and is still the same bytes is not verified again. */
export async function cardedItem(nation: Needs, row: ItemRow): Promise<CardedItem | undefined> {
  const trust = nation.trust()
  const known = verified.get(trust) ?? new Map<string, CardedItem>()
  verified.set(trust, known)
  const digest = rowDigest(nation.crypto, row)
  const before = known.get(digest)
  if (before !== undefined) return before
  const item = await verifiedItem(nation, row)
  if (item === undefined) return undefined
  const card = readCard(JSON.parse(row.card))
  checkCard(nation.crypto, card, item.body.cardDigest)
  if (known.size >= MAX_REMEMBERED) known.clear()
  const carded = { ...item, card }
  known.set(digest, carded)
  return carded
}

function rowDigest(crypto: Crypto, row: ItemRow): string {
  return toHex(crypto.sha256(utf8(JSON.stringify(row))))
}

/**
 * The items among these that the person may list, decided once for all that are alike: label (but for its dates), area,
 * parties, basis, and the versions in force since the release. Among those only the time of release is left, and an
 * earlier one never permits what a later one refuses: whatever is older than a permitted one needs its own decision.
 */
export function listableAmong(
  nation: Pick<Nation, 'config' | 'decider' | 'trust' | 'now'>,
  items: readonly CardedItem[],
  wanting: Wanting,
): readonly CardedItem[] {
  const turns = turningPoints(nation.trust())
  const listable = new Set<CardedItem>()
  for (const alike of Map.groupBy(items, (item) => likeness(item, turns)).values()) {
    const oldestFirst = alike.toSorted((a, b) => a.body.released - b.body.released)
    for (const item of oldestFirst.slice(firstPermitted(oldestFirst, (one) => mayList(nation, one, wanting)))) listable.add(item)
  }
  return items.filter((item) => listable.has(item))
}

/** Index of the first item that is permitted, where all after a permitted one are; by halving. */
function firstPermitted(items: readonly CardedItem[], permitted: (item: CardedItem) => boolean): number {
  const [oldest] = items
  if (oldest !== undefined && permitted(oldest)) return 0
  let refused = 0
  let end = items.length
  const newest = items.at(-1)
  if (newest === undefined || items.length === 1 || !permitted(newest)) return items.length
  end--
  while (end - refused > 1) {
    const middle = (refused + end) >> 1
    const item = items[middle]
    if (item !== undefined && permitted(item)) end = middle
    else refused = middle
  }
  return end
}

function likeness({ body, row }: CardedItem, turns: readonly number[]): string {
  const { created: _, review: __, ...label } = body.label
  const since = turns.filter((turn) => turn <= body.released).length
  const { originator, recipient, area, basis } = body
  return canonicalText({
    label,
    originator,
    recipient,
    area,
    since,
    stopped: row.stopped,
    ...(basis === undefined ? {} : { basis }),
  } as unknown as Json)
}

/** Moments at which some agreement began or ended. */
function turningPoints(trust: Trust): readonly number[] {
  return [...trust.agreements.values()]
    .flat()
    .flatMap(({ body }) => [body.inForceFrom, ...(body.inForceUntil === undefined ? [] : [body.inForceUntil])])
}
