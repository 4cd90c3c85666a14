import { type Json, canonicalBytes, fromUtf8 } from '@entente/canonical'
import type { Opening } from '@entente/ledger'

/** What a record changes in the sequencer's own state, apart from what it means: the sequencer folds these and nothing else. */
export type Effect =
  /** An item enters the register, or stops for ever. */
  | {
      readonly effect: 'item'
      readonly item: string
      readonly serial: number
      readonly statement: string
      readonly state: 'released' | 'stopped'
    }
  /** A nonce is used up; it may be forgotten after `until`, when it would be refused as too old anyway. */
  | { readonly effect: 'spend'; readonly nonce: string; readonly until: number }
  /** The entry that answers this request, so that the same bytes get the same entry. */
  | { readonly effect: 'request'; readonly request: string; readonly until: number }
  /** The last envelope of one direction of one link. */
  | { readonly effect: 'link'; readonly link: string; readonly seq: number; readonly id: string }
  /** One more of something that is limited per day. */
  | { readonly effect: 'count'; readonly key: string; readonly day: number }
  /** What is permitted under an agreement changed: a version held or in force, a notice. */
  | { readonly effect: 'agreement'; readonly agreement: string }

/** What must hold at the very moment the index is assigned; checked in the same synchronous step (property P3). */
export type Condition =
  | { readonly condition: 'live'; readonly item: string; readonly serial: number; readonly statement: string }
  | { readonly condition: 'unspent'; readonly nonce: string }
  | { readonly condition: 'next'; readonly link: string; readonly seq: number; readonly previous: string }
  | { readonly condition: 'below'; readonly key: string; readonly day: number; readonly limit: number }
  /** Nothing of the agreement changed since it was decided: as many changes now as then. */
  | { readonly condition: 'agreement'; readonly agreement: string; readonly changes: number }

/** An entry on its way into one log. `opening` stays at home, in the journal; the log holds the leaf only. */
export interface RecordEntry {
  readonly log: string
  /** URL-safe base64 of the leaf. */
  readonly leaf: string
  readonly opening: Opening
}

/** One line of the journal: what happened (`kind`, `body`), its entries in logs, its effects. */
export interface JournalRecord {
  /** Contiguous from 0. */
  readonly n: number
  readonly at: number
  readonly kind: string
  readonly body: Json
  readonly entries: readonly RecordEntry[]
  readonly effects: readonly Effect[]
}

/** The journal's own encoding of a record. */
export function encodeRecord(record: JournalRecord): Uint8Array {
  return canonicalBytes(record as unknown as Json)
}

/** A record from its own encoding; the frame's checksum has already told damage apart. */
export function decodeRecord(payload: Uint8Array): JournalRecord {
  return JSON.parse(fromUtf8(payload)) as JournalRecord
}
