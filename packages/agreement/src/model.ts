import type { HybridPublicKey, Realm } from '@entente/canonical'
import type { Bilingual } from '@entente/label'

/** What a person may do with an item. */
export type Act = 'list' | 'show' | 'open' | 'print' | 'export' | 'onward-release' | 'derive'

/** Who must give a share before anything opens. */
export type KeyControl = 'originator' | 'both' | 'either'

/** A party: only its authority key is pinned here; every other key comes from that authority's numbered key statements. */
export interface Party {
  readonly nation: string
  readonly names: Bilingual
  readonly authority: Bilingual
  readonly authorityKey: HybridPublicKey
}

export interface Article {
  /** `4`, `7.2`: as it is cited. */
  readonly id: string
  readonly title: Bilingual
  readonly text: Bilingual
}

/** An area of co-operation; areas form a tree, and a rule on an area holds for all below it. */
export interface Area {
  readonly code: string
  readonly parent?: string
  readonly names: Bilingual
}

/** One cell of an equivalence table; no `to` means: no equivalent, a person decides. */
export interface EquivalenceRow {
  readonly from: string
  readonly to?: string
}

/** Directional and dated; the table back need not be its inverse, and two tables never compose. */
export interface EquivalenceTable {
  readonly kind: 'markings' | 'clearances'
  /** `from` is the nation whose term is read, `to` the nation in whose terms it is expressed. */
  readonly from: string
  readonly to: string
  readonly article: string
  readonly validFrom: number
  readonly rows: readonly EquivalenceRow[]
}

export type Duty = 'mark-received' | 'return-or-destroy' | 'notify-compromise' | 'no-third-party' | 'no-other-use'

/** Conditions on the person, all of which must hold. An unknown fact fails a condition. */
export interface PersonConditions {
  /** The reader's clearance, read through the clearance table of the agreement, reaches the item's classification. */
  readonly clearance: 'equivalent'
  /** The reader's need to know covers the item's area. */
  readonly needToKnow: 'area'
  /** Every citizenship of the reader is one of these nations. */
  readonly citizenship: readonly string[]
  /** Purposes that the reader's nation may attest; empty means any. */
  readonly purposes: readonly string[]
}

/** A permission, by direction. */
export interface Grant {
  readonly id: string
  readonly article: string
  /** Originating nation. */
  readonly from: string
  /** Nation whose people may read. */
  readonly to: string
  /** Codes of areas, each with all below it. */
  readonly areas: readonly string[]
  /** Highest classification, a code of the originating nation's policy. */
  readonly ceiling: string
  /** Lowest classification for this grant; absent: from the bottom. */
  readonly floor?: string
  /** Values of restrictive and permissive categories that may stand on an item, as `tag/value`; any other refuses. */
  readonly categories: readonly string[]
  readonly mode: 'show' | 'give'
  readonly acts: readonly Act[]
  readonly person: PersonConditions
  readonly keyControl: KeyControl
  readonly duties: readonly Duty[]
  /** How long an item released under this grant may be read, in days. */
  readonly lifeDays: number
  /** May the officer make the item openable by foreign clients? */
  readonly foreignClients: boolean
}

/** A prohibition; it wins over every grant. Each member present must match; an unknown fact matches (and so refuses). */
export interface Prohibition {
  readonly id: string
  readonly article: string
  readonly from?: string
  readonly to?: string
  readonly areas?: readonly string[]
  /** Person rules by code that must never be passed under this agreement. */
  readonly personRules?: readonly string[]
  /** `tag/value`. */
  readonly categories?: readonly string[]
  readonly acts?: readonly Act[]
  /** Forbids readers with any citizenship outside these nations. */
  readonly citizenshipOutside?: readonly string[]
}

/** What must hold before an act counts (7-settled.md, "witness policy is per act"). */
export interface WitnessPolicy {
  /** An opening by the partner's person: durable, and cosigned by the partner before a share leaves. */
  readonly partnerOpening: 'partner-cosigned'
  /** An opening by one's own person: durable, and cosigned by the nation's own second witness. */
  readonly ownOpening: 'second-witness-cosigned'
  /** Releases and stops take effect when durable and are cosigned after the heal. */
  readonly releasesAndStops: 'durable'
  readonly rhythm: { readonly kind: 'on-demand' } | { readonly kind: 'fixed'; readonly milliseconds: number }
}

/** The body of an agreement version. Signed by every party's authority; its id is the hash of its signing bytes. */
export interface Agreement {
  /** `jpn-aus`. */
  readonly agreement: string
  readonly realm: Realm
  readonly version: number
  /** Id of the version before; absent in version 1. */
  readonly previous?: string
  readonly title: Bilingual
  /** Always present while the text is ours and not a treaty's. */
  readonly illustrative: Bilingual
  readonly parties: readonly Party[]
  readonly articles: readonly Article[]
  readonly areas: readonly Area[]
  readonly equivalence: readonly EquivalenceTable[]
  readonly grants: readonly Grant[]
  readonly prohibitions: readonly Prohibition[]
  readonly witness: WitnessPolicy
  /** How long a reader's pseudonym stays the same towards one originator. */
  readonly pseudonymLife: 'item' | 'day' | 'stable'
  /** Cells of a roster statement below this are reported as "fewer than k". */
  readonly rosterMinimum: number
  readonly limits: { readonly openingsPerPersonPerDay: number; readonly openingsPerNationPerDay: number }
  /** Hours within which a compromise must be notified. */
  readonly compromiseHours: number
  /** The one cryptographic suite; no negotiation. */
  readonly suite: 'entente-1'
  readonly inForceFrom: number
  readonly inForceUntil?: number
}

/** A version whose bytes were read, with its id. What proves it (signatures, chain) is checked by `verifyVersions`. */
export interface AgreementVersion {
  /** SHA-256 of the signing bytes, lower-case hexadecimal. */
  readonly id: string
  readonly body: Agreement
}

/** A version without what only the parties can give: their authority keys and the date. See `completeSpecimen`. */
export interface AgreementTemplate extends Omit<Agreement, 'parties' | 'equivalence' | 'inForceFrom' | 'inForceUntil' | 'previous'> {
  readonly parties: readonly Omit<Party, 'authorityKey'>[]
  readonly equivalence: readonly Omit<EquivalenceTable, 'validFrom'>[]
}
