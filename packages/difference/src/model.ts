import type { Act, AgreementVersion, Duty, KeyControl, Use } from '@entente/agreement'
import type { MarkingPolicy } from '@entente/label'
import type { Budget } from './cover.ts'

/** What would be in force: the whole of it, on one side of a comparison. */
export interface Side {
  /** One version of each agreement. */
  readonly agreements: readonly AgreementVersion[]
  /** The marking policies of every party: what classifications and clearances there are, and which clearance opens which. */
  readonly policies: readonly MarkingPolicy[]
  /** Seconds: which equivalence tables, members and delegations count. */
  readonly at: number
  /** Parties that have withdrawn. */
  readonly withdrawn?: readonly { readonly agreement: string; readonly nation: string }[]
  /** Names of agreements that are suspended. */
  readonly suspended?: readonly string[]
  /** Names of agreements that are taken to be in force although their text is not among these. */
  readonly presumed?: readonly string[]
}

/** How a difference is looked for. */
export interface DifferenceContext {
  readonly budget?: Budget
}

/** From whom, to whose people, and by way of whom. */
export interface Direction {
  readonly from: string
  readonly to: string
  readonly via?: string
}

/** Stands in lists of terms for everything that no rule of either side names. */
export const OTHER = '*'
/** Stands in lists of terms for nothing: no use asked for, no clearance, nothing attested. */
export const NONE = '-'

/** A set-valued axis of a region: at least one of each list of `some`, none of `none`, and of `any` whatever one likes. */
export interface SetTerms {
  readonly some: readonly (readonly string[])[]
  readonly any: readonly string[]
  readonly none: readonly string[]
}

/** From this day of an item's life to before that one. */
export interface Ages {
  readonly fromDay: number
  readonly beforeDay?: number
}

/**
 * A region of the space: what lies on every axis in the terms that are listed. Sorted by code; an axis that is absent is not
 * narrowed. A reader whose citizenships are unknown, or whose need to know or clearance suffices under no agreement, lies in no region.
 */
export interface DifferenceRegion {
  readonly direction: Direction
  readonly areas: readonly string[]
  readonly classifications: readonly string[]
  readonly acts: readonly Act[]
  readonly uses: readonly (Use | typeof NONE)[]
  /** For each of the classifications the clearances that suffice there and are in the region. */
  readonly clearances: readonly { readonly classification: string; readonly clearances: readonly string[] }[]
  readonly ages?: readonly Ages[]
  readonly categories?: SetTerms
  readonly personRules?: SetTerms
  readonly citizenships?: SetTerms
  readonly organisations?: readonly string[]
  readonly posts?: readonly string[]
  readonly facilities?: readonly string[]
  /** A code: attested and asked for; `~code`: attested, and another one is asked for. */
  readonly purposes?: readonly string[]
  /**
   * Where agreements or versions arrange an area differently: in which of those whose grants reach the area the reader's need to know
   * covers it.
   */
  readonly needs?: readonly (readonly TreeName[])[]
}

/** A tree of areas, by whose it is. */
export interface TreeName {
  readonly agreement: string
  /** `kept`: as `after` reads the areas of what was released before, through its successions. */
  readonly side: 'before' | 'after' | 'kept'
}

/** Why a region opens, closes or changes: one rule with its article. */
export interface Cause {
  /**
   * `granted`: permits there, on the side that permits. On the other side: `forbidden`, a prohibition stands in the way; `narrower`, the
   * grant of the same name leaves it out; `absent`, no grant of that name; `table`, the clearance table leaves it out.
   */
  readonly kind: 'granted' | 'forbidden' | 'narrower' | 'absent' | 'table'
  readonly side: 'before' | 'after'
  readonly agreement: string
  readonly article: string
  /** Id of the grant or prohibition. */
  readonly rule?: string
}

/** One region of a difference. */
export interface Opened extends DifferenceRegion {
  readonly causes: readonly Cause[]
  /** How many points of the quotient lie in it; regions may overlap. */
  readonly classes: number
}

/** What a permission carries. */
export interface Terms {
  readonly mode: 'show' | 'give'
  readonly keyControl: KeyControl
  readonly duties: readonly Duty[]
  readonly uses: readonly Use[]
  /** Days that an item may be read; never more than the agreement's retention. */
  readonly lifeDays: number
}

/** A region that both sides permit, on other terms. Where several grants permit, all their terms are listed. */
export interface Changed extends Opened {
  readonly before: readonly Terms[]
  readonly after: readonly Terms[]
}

/** A region of what was released under one grant, as it is read on. */
export interface Released extends Opened {
  readonly grant: { readonly agreement: string; readonly article: string; readonly id: string }
}

/** What an office may release: a small space of its own. */
export interface OfficeRegion {
  readonly direction: Direction
  /** Codes; `*` for any that no delegation names. */
  readonly offices: readonly string[]
  readonly areas: readonly string[]
  readonly classifications: readonly string[]
  readonly modes: readonly ('show' | 'give')[]
  readonly causes: readonly {
    readonly side: 'before' | 'after'
    readonly agreement: string
    readonly article: string
    readonly rule: string
  }[]
  readonly classes: number
}

/** An area and a classification in which something is gained, something is lost, or both; each with everything that opens or closes it. */
export interface AxesCell {
  readonly area: string
  readonly classification: string
  readonly gained: readonly Cause[]
  readonly lost: readonly Cause[]
}

/** The matrix of one direction: its rows and columns, and the cells that change; what is not listed stays as it is. */
export interface AxesDifference {
  readonly direction: Direction
  /** Sorted by code. */
  readonly areas: readonly string[]
  /** Rising. */
  readonly classifications: readonly string[]
  readonly cells: readonly AxesCell[]
}

/** A list of regions, and whether it was proved that no shorter one covers the same. */
export interface Regions<R> {
  readonly regions: readonly R[]
  /** Points of the quotient in all regions together, each once. */
  readonly classes: number
  readonly shortest: boolean
}

/** The complete answer to what becomes possible and what stops being possible (spec/difference.md). */
export interface Difference {
  readonly gained: Regions<Opened>
  readonly lost: Regions<Opened>
  readonly changed: Regions<Changed>
  /** Not lost, and yet what was released under the grant before stops being readable: the grant went or was narrowed, another has come. */
  readonly withdrawn: Regions<Released>
  /** Lost for new releases, while what was released under the grant before stays readable: its terms live on under other names. */
  readonly kept: Regions<Released>
  readonly offices: { readonly gained: Regions<OfficeRegion>; readonly lost: Regions<OfficeRegion> }
  /** Points of the whole quotient, all directions together, in which at least one side has a grant. */
  readonly classes: number
}

/** One question of the quotient, in terms: an example of a region. */
export interface Point {
  readonly direction: Direction
  readonly area: string
  readonly classification: string
  readonly categories: readonly string[]
  readonly personRules: readonly string[]
  readonly act: Act
  readonly use?: Use
  readonly ageDays: number
  readonly clearance?: string
  readonly citizenships: readonly string[]
  /** The reader's areas. */
  readonly needs: readonly string[]
  readonly organisation?: string
  readonly post?: string
  readonly facility?: string
  /** The attested purpose, and the one that is asked for. */
  readonly attested?: string
  readonly purpose: string
}
