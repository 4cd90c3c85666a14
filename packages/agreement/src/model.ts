import type { HybridPublicKey, Realm } from '@entente/canonical'
import type { Bilingual, EquivalenceRow } from '@entente/label'

export type { EquivalenceRow }

/** What a person may do with an item. */
export type Act = 'list' | 'show' | 'open' | 'print' | 'export' | 'onward-release' | 'derive'

/** What may be done with what was read, beyond assessing it: act on it, name its source, use it before a court. */
export type Use = 'act-on' | 'name-source' | 'court'

/** Who must give a share before anything opens. */
export type KeyControl = 'originator' | 'both' | 'either'

/** A party: only its authority's keys are pinned here; every other key comes from that authority's numbered key statements. */
export interface Party {
  readonly nation: string
  readonly names: Bilingual
  readonly authority: Bilingual
  readonly authorityKey: HybridPublicKey
  /** The key of a second person of the same authority. Where it is pinned, no version and no notice counts without both. */
  readonly countersigningKey?: HybridPublicKey
  /** Dated membership, for communities: a party from this second (absent: from the first) … */
  readonly memberFrom?: number
  /** … to before this one (absent: until the agreement ends). */
  readonly memberUntil?: number
}

/** Another agreement that this one rests on: while that one is not in force, nothing is permitted under this one. */
export interface AgreementReference {
  readonly agreement: string
  readonly article: string
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
  /** Codes of organisations, posts and facilities of the reader's nation; where a list stands, the attested one is in it. */
  readonly organisations?: readonly string[]
  readonly posts?: readonly string[]
  readonly facilities?: readonly string[]
}

/** A permission, by direction. */
export interface Grant {
  readonly id: string
  readonly article: string
  /** Originating nation. */
  readonly from: string
  /** Nation whose people may read, or `members`: every other party that is a member at that time. */
  readonly to: string
  /** The intermediary that relays and vouches where originator and reader share no link; the grant is the originator's consent. */
  readonly via?: string
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
  /** Absent: none. */
  readonly uses?: readonly Use[]
  readonly person: PersonConditions
  readonly keyControl: KeyControl
  readonly duties: readonly Duty[]
  /** How long an item released under this grant may be read, in days. */
  readonly lifeDays: number
  /** May the officer make the item openable by foreign clients? */
  readonly foreignClients: boolean
}

/**
 * A region of everything that can be asked: what matches each member that is present. An unknown fact matches, so that a
 * prohibition on it refuses.
 */
export interface Region {
  readonly from?: string
  readonly to?: string
  readonly via?: string
  readonly areas?: readonly string[]
  /** From this classification up; a code of the policy of `from`, which must be present. */
  readonly atLeast?: string
  /** Codes of person rules. */
  readonly personRules?: readonly string[]
  /** `tag/value`. */
  readonly categories?: readonly string[]
  readonly acts?: readonly Act[]
  readonly uses?: readonly Use[]
  /** Readers with any citizenship outside these nations. */
  readonly citizenshipOutside?: readonly string[]
  /** Readers whose attested organisation, post, facility or purpose is none of these. */
  readonly organisationsOutside?: readonly string[]
  readonly postsOutside?: readonly string[]
  readonly facilitiesOutside?: readonly string[]
  readonly purposesOutside?: readonly string[]
}

/** A prohibition; it wins over every grant. */
export interface Prohibition extends Region {
  readonly id: string
  readonly article: string
}

/** What its authors want always to hold of a version, and what `check` proves or refutes: nothing in this region is permitted. */
export interface Invariant {
  readonly id: string
  readonly text: Bilingual
  readonly never: Region
}

/** What a nation's office may release: machine-checked at the moment of release. Without any for a nation its key statement alone says. */
export interface Delegation {
  readonly id: string
  readonly article: string
  readonly nation: string
  /** Code of an office of that nation's policy. */
  readonly office: string
  readonly ceiling: string
  readonly areas: readonly string[]
  readonly modes: readonly ('show' | 'give')[]
  /** Seconds; absent: as long as the version is in force. */
  readonly until?: number
}

/** How many hours a duty to speak leaves. */
export interface Clock {
  readonly event: 'compromise-suspected' | 'compromise-report' | 'change-of-law' | 'reclassification' | 'recall-answer' | 'request-answer'
  readonly article: string
  readonly hours: number
}

/**
 * A term of this version that stands in the place of an older one: of a grant's id, an area, or a classification or clearance
 * of `nation`. It raises nobody: the new term opens no more than the old one did.
 */
export interface Succession {
  readonly kind: 'grant' | 'area' | 'classification' | 'clearance'
  readonly nation?: string
  readonly from: string
  readonly to: string
  readonly article: string
}

/** What outlives the end of an agreement for what was given under it. Absent: nothing can be read any more. */
export interface Survival {
  readonly article: string
  readonly acts: readonly Act[]
  /** Days after the end; absent: as long as the item lives. */
  readonly days?: number
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
  /** Sorted by agreement; no circle. */
  readonly basis?: readonly AgreementReference[]
  readonly clocks?: readonly Clock[]
  readonly delegations?: readonly Delegation[]
  readonly successions?: readonly Succession[]
  /** The article on passing to third parties, cited where one is refused. */
  readonly thirdParty?: { readonly article: string }
  /** How long evidence is kept, in years, and the most days that any item may be read, whatever its grant says. */
  readonly retention?: { readonly article: string; readonly evidenceYears: number; readonly itemDays?: number }
  /** In force by its date once all have signed (absent: so), or only once every party has given its note as well. */
  readonly entry?: { readonly article: string; readonly by: 'signature' | 'notes' }
  readonly amendment?: { readonly article: string }
  readonly suspension?: { readonly article: string }
  readonly termination?: { readonly article: string; readonly noticeDays: number }
  readonly survival?: Survival
  readonly invariants?: readonly Invariant[]
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
  readonly parties: readonly Omit<Party, 'authorityKey' | 'countersigningKey'>[]
  readonly equivalence: readonly Omit<EquivalenceTable, 'validFrom'>[]
}
