import type { MessageValues } from '@entente/canonical'
import type { Act, Agreement, Duty, KeyControl } from '@entente/agreement'
import type { PersonFacts } from '@entente/clearance'
import type { Label, MarkingPolicy } from '@entente/label'

/** The one basis that a release names. */
export interface Basis {
  readonly agreement: string
  /** Id (hash) of the agreement version. */
  readonly version: string
  /** Article, and the grant of that article. */
  readonly article: string
  readonly grant: string
}

/** May this person do this with that? */
export interface Question {
  readonly act: Act
  readonly person: PersonFacts
  readonly item: {
    readonly originator: string
    /** Absent for an item that its own nation keeps: then the home rule decides. */
    readonly basis?: Basis
    readonly label: Label
    readonly area: string
    readonly releasedAt: number
    readonly expiresAt?: number
    readonly stopped: boolean
  }
  readonly purpose: string
  readonly at: number
}

/** An agreement version whose signatures, chain and dates were verified, with its id. */
export interface AgreementInForce {
  readonly id: string
  readonly body: Agreement
}

/** What decisions rest on; the same in browser, node and command line. */
export interface Facts {
  /** The nation that decides. */
  readonly deciding: string
  readonly agreements: readonly AgreementInForce[]
  /** Every version that was ever in force, for "permitted by every version from its release until now". */
  readonly policies: readonly MarkingPolicy[]
}

/** One thing that stood in the way. Worded in both languages by `words`, from code and values. */
export interface Reason {
  readonly code: ReasonCode
  readonly rule?: string
  readonly article?: string
  readonly values: MessageValues
  /** The nearest change that would remove this reason, as a code of `words`. */
  readonly nearest?: string
}

export type ReasonCode =
  | 'decision/no-grant'
  | 'decision/agreement-unknown'
  | 'decision/agreement-not-in-force'
  | 'decision/basis-not-found'
  | 'decision/direction'
  | 'decision/area-not-covered'
  | 'decision/above-ceiling'
  | 'decision/below-floor'
  | 'decision/category-not-covered'
  | 'decision/act-not-granted'
  | 'decision/not-releasable'
  | 'decision/person-rule'
  | 'decision/person-rule-prohibited'
  | 'decision/forbidden'
  | 'decision/clearance-missing'
  | 'decision/clearance-too-low'
  | 'decision/clearance-no-equivalent'
  | 'decision/need-to-know'
  | 'decision/citizenship'
  | 'decision/citizenship-unknown'
  | 'decision/purpose'
  | 'decision/suspended'
  | 'decision/suspension-unknown'
  | 'decision/briefing'
  | 'decision/expired'
  | 'decision/stopped'
  | 'decision/policy-unknown'
  | 'decision/person-decides'

export type Decision =
  | {
      readonly permit: true
      readonly articles: readonly { readonly agreement: string; readonly article: string; readonly grant: string }[]
      readonly duties: readonly Duty[]
      readonly keyControl: KeyControl
      readonly mode: 'show' | 'give'
    }
  | { readonly permit: false; readonly reasons: readonly [Reason, ...Reason[]] }
