import { type Shape, shapes } from '@entente/canonical'
import * as v from 'valibot'
import { type DisclosureReason, type ReaderCounts, readerCountsShape, reasonShape } from './disclosure.ts'
import type { NodeApi } from './node-api.ts'

/** Who could read an item: the grant as it is now, its end, what a reader must fulfil, and how many the roster counts. */
export interface CouldRead {
  readonly item: string
  readonly originator: string
  readonly recipient: string
  readonly stopped: boolean
  /** Absent for a nation's own item. */
  readonly basis?: { readonly agreement: string; readonly version: string; readonly article: string; readonly grant: string }
  /** Seconds; from then on nobody reads it. */
  readonly until: number
  readonly conditions: readonly DisclosureReason[]
  readonly readers?: ReaderCounts
}

/** An opening that the own nation permitted as originator. */
export interface PermittedOpening {
  readonly at: number
  readonly pseudonym: string
  readonly articles: readonly string[]
  readonly level: string
  readonly purpose: string
  /** SHA-256 of the entry's leaf. */
  readonly entry: string
  /** `possible`: nobody confirmed it; it counts as read. */
  readonly outcome: 'opened' | 'failed' | 'acknowledged' | 'possible'
}

/** What became of one item, from the own nation's entries alone. */
export interface ItemDamage {
  readonly couldRead: CouldRead
  readonly permits: readonly PermittedOpening[]
  readonly grants: readonly { readonly at: number; readonly pseudonym: string; readonly purpose: string; readonly entry: string }[]
  /** How often it was refused, by reason code. */
  readonly refusals: Readonly<Record<string, number>>
  readonly counts: { readonly entered: number; readonly joined: number; readonly possible: number }
  /** Entries whose opening does not fit its leaf. */
  readonly unreadable: number
}

/** What a compromise would mean: the item asked about first, then the report's other renditions where they were asked for. */
export interface DamageAssessment {
  readonly at: number
  readonly items: readonly ItemDamage[]
}

const text = v.pipe(v.string(), v.maxLength(4_096))
const couldReadShape: Shape<CouldRead> = v.object({
  item: shapes.uuid,
  originator: shapes.nation,
  recipient: shapes.nation,
  stopped: v.boolean(),
  basis: v.exactOptional(v.object({ agreement: text, version: shapes.sha256, article: text, grant: text })),
  until: shapes.instant,
  conditions: v.array(reasonShape),
  readers: v.exactOptional(readerCountsShape),
})
const damageShape: Shape<DamageAssessment> = v.object({
  at: shapes.instant,
  items: v.array(
    v.object({
      couldRead: couldReadShape,
      permits: v.array(
        v.object({
          at: shapes.instant,
          pseudonym: text,
          articles: v.array(text),
          level: text,
          purpose: text,
          entry: shapes.sha256,
          outcome: v.picklist(['opened', 'failed', 'acknowledged', 'possible']),
        }),
      ),
      grants: v.array(v.object({ at: shapes.instant, pseudonym: text, purpose: text, entry: shapes.sha256 })),
      refusals: v.record(v.string(), shapes.natural),
      counts: v.object({ entered: shapes.natural, joined: shapes.natural, possible: shapes.natural }),
      unreadable: shapes.natural,
    }),
  ),
})

/** Who could read an own item. Throws `client/absent`. */
export async function readCouldRead(api: NodeApi, item: string): Promise<CouldRead> {
  return api.get(`/api/items/${item}/readers`, couldReadShape)
}

/** Assesses a compromise of an item or of its whole report; that one asked is an entry. Throws `client/absent`. */
export async function readDamage(api: NodeApi, item: string, scope: 'item' | 'report'): Promise<DamageAssessment> {
  return api.get(`/api/items/${item}/damage?scope=${scope}`, damageShape)
}
