import { type Crypto, type Json, canonicalText, codeOf, toHex, utf8 } from '@entente/canonical'
import type { PersonFacts } from '@entente/clearance'
import { type Card, checkCard, readCard } from '@entente/container'
import type { Decider, Reader } from '@entente/decision'
import type { Nation } from '../nation.ts'
import { itemTag } from '../processes/notice.ts'
import type { ItemRow } from '../store/database.ts'
import { type Likeness, likenessText } from '../store/likeness.ts'
import type { Choice, Listing, PickedRow } from '../store/listing.ts'
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
export function mayList(nation: Pick<Nation, 'config' | 'decider'>, item: RegisteredItem, wanting: Wanting, at: number): boolean {
  if (item.body.recipient !== nation.config.nation) return false
  return wanting.some(({ facts, purpose }) => nation.decider().decide(questionOf(item, facts, 'list', purpose, at)).permit)
}

/** Items whose rows were verified under the present trust, by the digest of their rows. A new trust forgets them all. */
const verified = new WeakMap<Trust, Map<string, CardedItem>>()
const MAX_REMEMBERED = 2_000

/** As `verifiedItem`, with its card; a row that was verified before and is still the same bytes is not verified again. */
export async function cardedItem(nation: Needs, row: ItemRow): Promise<CardedItem | undefined> {
  const trust = nation.trust()
  const known = verified.get(trust) ?? new Map<string, CardedItem>()
  verified.set(trust, known)
  const digest = rowDigest(nation.crypto, row)
  const before = known.get(digest)
  if (before !== undefined) return before
  const item = await verifiedItem(nation, row)
  const card = item === undefined ? undefined : cardIn(nation, item)
  if (item === undefined || card === undefined) return undefined
  if (known.size >= MAX_REMEMBERED) known.clear()
  const carded = { ...item, card }
  known.set(digest, carded)
  return carded
}

function cardIn(nation: Needs, { row, body }: RegisteredItem): Card | undefined {
  try {
    const card = readCard(JSON.parse(row.card))
    checkCard(nation.crypto, card, body.cardDigest)
    return card
  } catch (error) {
    nation.notice('register/row-does-not-hold', { item: itemTag(nation.crypto, row.item), reason: codeOf(error) })
    return undefined
  }
}

function rowDigest(crypto: Crypto, row: ItemRow): string {
  return toHex(crypto.sha256(utf8(JSON.stringify(row))))
}

/** What narrows a list before anything is decided: likenesses by a test, releases by the second from which they count. */
export interface Narrowing {
  readonly takes: (likeness: Likeness) => boolean
  /** Seconds. */
  readonly since: number
}

/**
 * Decides what the person may list now, once for each likeness and for each stretch between two turns of the agreements: in
 * it only life tells one time of release from another.
 */
export function choose(
  nation: Pick<Nation, 'config' | 'decider'> & { readonly listing: Known },
  wanting: Wanting,
  at: number,
  narrowing: Narrowing = { takes: () => true, since: 0 },
): Choice {
  const { listing, config } = nation
  const decider = nation.decider()
  const readers = wanting.map(({ facts, purpose }) => decider.reader({ act: 'list', person: facts, purpose, at }))
  const [one] = readers
  if (one === undefined) return { at, stretches: [] }
  const takes = (likeness: Likeness | undefined): boolean => likeness !== undefined && narrowing.takes(likeness)
  const kinds = kindsOf(decider, one, listing, config.nation).map((kind, number) =>
    kind >= 0 && takes(listing.likeness(number)) ? kind : FOREIGN,
  )
  const released = { kinds, ...listing.releases }
  const starts = [narrowing.since, ...one.turns.filter((turn) => turn > narrowing.since)]
  const stretches = starts.map((from, index) => {
    const since = new Float64Array(kinds.length).fill(Infinity)
    for (const reader of readers) reader.permittedFrom(released, from, (starts[index + 1] ?? Infinity) - 1, since)
    return { from, since }
  })
  return { at, stretches: stretches.reverse() }
}

/** No kind: a likeness of items that are for others' readers, and a number that no likeness has yet. */
const FOREIGN = -1
const UNNAMED = -2

type Known = Pick<Listing, 'likeness' | 'likenessEnd' | 'releases'>

/** What each likeness is to the deciders of a trust, read once: every reader of a nation has the same numbers. */
const kindsKnown = new WeakMap<Decider, { readonly listing: Known; readonly kinds: Int32Array }>()

/** By number of likeness: its kind, or less than zero where it is not for this nation's readers. */
function kindsOf(decider: Decider, reader: Reader, listing: Known, nation: string): Int32Array {
  const before = kindsKnown.get(decider)
  const known = before?.listing === listing ? before.kinds : new Int32Array(0)
  if (known.length === listing.likenessEnd && !known.includes(UNNAMED)) return known
  const kinds = Int32Array.from({ length: listing.likenessEnd }, (_, number) => {
    const before = known[number] ?? UNNAMED
    const likeness = before === UNNAMED ? listing.likeness(number) : undefined
    if (likeness === undefined) return before
    return likeness.recipient === nation ? reader.intern(likeness) : FOREIGN
  })
  kindsKnown.set(decider, { listing, kinds })
  return kinds
}

/**
 * The items of picked rows, in this order, each verified against its statement and decided upon anew from it: what lists show
 * rests on what was signed and never on the table. `failed` are the rows that are not what the table says of them.
 */
export async function shownItems(
  nation: Needs,
  picked: readonly PickedRow[],
  wanting: Wanting,
  at: number,
): Promise<{ readonly items: readonly CardedItem[]; readonly failed: readonly PickedRow[] }> {
  const ids = picked.map(({ id }) => id)
  const rows = ids.length === 0 ? [] : await nation.db.selectFrom('items').selectAll().where('id', 'in', ids).execute()
  const byId = new Map(rows.map((row) => [row.id, row]))
  const items: CardedItem[] = []
  const failed: PickedRow[] = []
  for (const expected of picked) {
    const row = byId.get(expected.id)
    const item = row === undefined ? undefined : await cardedItem(nation, row)
    const same =
      item !== undefined &&
      item.body.item === expected.item &&
      likenessText(item.body) === canonicalText(expected.likeness as unknown as Json) &&
      mayList(nation, item, wanting, at)
    if (same) items.push(item)
    else failed.push(expected)
  }
  return { items, failed }
}
