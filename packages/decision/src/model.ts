import type { MessageValues } from '@entente/canonical'
import type { Act, AgreementVersion, Area, Duty, KeyControl, KnownNotice, Use } from '@entente/agreement'
import type { PersonFacts, RosterStatement } from '@entente/clearance'
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

/** Who asks, for what, and when. */
export interface Asking {
  readonly act: Act
  readonly person: PersonFacts
  readonly purpose: string
  /** What is to be done with it beyond reading; absent: nothing. */
  readonly use?: Use
  readonly at: number
}

/** What a label says, but for its dates: no decision asks for them. */
export type MarkedAs = Omit<Label, 'created' | 'review'>

/** Everything of an item that decides, but for times: what many items have in common. */
export interface Kind {
  readonly originator: string
  /** Absent for an item that its own nation keeps: then the home rule decides. */
  readonly basis?: Basis
  readonly label: MarkedAs
  readonly area: string
  /** The intermediary that the release names, where originator and reader share no link. */
  readonly via?: string
}

/** May this person do this with that? */
export interface Question extends Asking {
  readonly item: Kind & {
    readonly label: Label
    readonly releasedAt: number
    readonly expiresAt?: number
    readonly stopped: boolean
  }
}

/** An agreement version whose signatures, chain and dates were verified, with its id. */
export interface AgreementInForce extends AgreementVersion {
  /**
   * Signed by all and known here, but not yet in the logs of both: from its date it narrows what the version before it permits,
   * and nothing can be released under it (spec/agreement.md 8).
   */
  readonly narrowingOnly?: true
  /** The second from which it is in force here, where that is later than its date: between the two it only narrows. */
  readonly inForceSince?: number
}

/** What decisions rest on; the same in browser, node and command line. */
export interface Facts {
  /** The nation that decides. */
  readonly deciding: string
  /** Every version that was ever in force, for "permitted by every version from its release until now". */
  readonly agreements: readonly AgreementInForce[]
  /** Verified notices on them: notes, suspensions, resumptions, terminations, withdrawals. */
  readonly notices?: readonly KnownNotice[]
  readonly policies: readonly MarkingPolicy[]
  /** The deciding nation's own tree of areas, for the home rule; without it an area covers itself only. */
  readonly areas?: readonly Area[]
}

/** One thing that stood in the way. Worded in both languages by `words`, from code and values. */
export interface Reason {
  readonly code: ReasonCode
  readonly rule?: string
  readonly article?: string
  readonly values: MessageValues
  /** The nearest change that would remove this reason, as a code of `words`. */
  readonly nearest?: NearestCode
}

/** What could be changed, and by whom, so that one reason would fall away. */
export type NearestCode =
  | 'nearest/release-anew'
  | 'nearest/amend-agreement'
  | 'nearest/lower-rendition'
  | 'nearest/widen-mark'
  | 'nearest/ask-originator'
  | 'nearest/higher-clearance'
  | 'nearest/show-clearance'
  | 'nearest/need-to-know'
  | 'nearest/show-citizenships'
  | 'nearest/attest-purpose'
  | 'nearest/brief-person'
  | 'nearest/lift-suspension'
  | 'nearest/show-status'
  | 'nearest/load-policy'
  | 'nearest/person-decides'
  | 'nearest/resume-agreement'
  | 'nearest/restore-basis'
  | 'nearest/attest-assignment'
  | 'nearest/delegated-office'

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
  | 'decision/not-a-member'
  | 'decision/third-party'
  | 'decision/basis-not-in-force'
  | 'decision/agreement-suspended'
  | 'decision/agreement-ended'
  | 'decision/use-not-granted'
  | 'decision/organisation'
  | 'decision/post'
  | 'decision/facility'
  | 'decision/delegation'

export type Decision =
  | {
      readonly permit: true
      readonly articles: readonly { readonly agreement: string; readonly article: string; readonly grant: string }[]
      readonly duties: readonly Duty[]
      readonly keyControl: KeyControl
      readonly mode: 'show' | 'give'
      /** What may be done with it beyond reading: what every grant lists. */
      readonly uses: readonly Use[]
    }
  | { readonly permit: false; readonly reasons: readonly [Reason, ...Reason[]] }

/** What a disclosure officer is about to let go: portions, to whom, about what. */
export interface ReleaseQuestion {
  /** Originating nation. */
  readonly from: string
  /** Nation whose people would read. */
  readonly to: string
  readonly area: string
  readonly at: number
  /** Office of the officer, where the agreement delegates; unknown is none. */
  readonly office?: string
  /** The portions were released before: who may release them is not asked, only who could read them. */
  readonly isReleased?: true
  readonly portions: readonly { readonly id: string; readonly label: Label }[]
  /** The latest roster statement of nation `to`; without it nobody is counted. */
  readonly roster?: RosterStatement
}

/** What a reader must fulfil; worded by `words`. Lists in values are joined by one space. */
export interface ReadingCondition {
  readonly code:
    | 'condition/clearance'
    | 'condition/clearance-no-equivalent'
    | 'condition/need-to-know'
    | 'condition/citizenship-within'
    | 'condition/citizenship-one-of'
    | 'condition/purpose'
    | 'condition/briefing'
    | 'condition/briefing-one-of'
    | 'condition/not-suspended'
    | 'condition/organisation'
    | 'condition/post'
    | 'condition/facility'
    | 'condition/not-forbidden'
  readonly article?: string
  readonly rule?: string
  readonly values: MessageValues
}

/** May this portion go under this grant? */
export type PortionVerdict =
  | {
      readonly id: string
      readonly goes: true
      /** Acts of the grant that no prohibition takes away from this portion. */
      readonly acts: readonly Act[]
      /** Its classification in the receiver's terms, or `person-decides`. */
      readonly marking: string
    }
  | { readonly id: string; readonly goes: false; readonly reasons: readonly [Reason, ...Reason[]] }

/** One grant under which something might go. */
export interface ReleaseOption {
  readonly basis: Basis
  /** Number of the agreement version. */
  readonly version: number
  /** The intermediary of the grant, if it has one. */
  readonly via?: string
  readonly mode: 'show' | 'give'
  readonly uses: readonly Use[]
  readonly keyControl: KeyControl
  readonly duties: readonly Duty[]
  readonly foreignClients: boolean
  /** Last second (exclusive) at which an item released now could be read. */
  readonly until: number
  readonly portions: readonly PortionVerdict[]
  /** What keeps the whole from being released under this grant although portions would pass; empty when it may be. */
  readonly reasons: readonly Reason[]
  /** What every reader of the portions that go must fulfil. */
  readonly conditions: readonly ReadingCondition[]
  /** From the roster: cells whose people could fulfil clearance and area; somebody with two areas may stand in two cells. */
  readonly readers?: { readonly number: number; readonly at: number; readonly cells: RosterStatement['cells']; readonly atMost: number }
}

/** Everything an officer sees before deciding. */
export interface ReleaseExplanation {
  /** Every grant of this direction in an agreement in force, in the order of facts and document. */
  readonly options: readonly ReleaseOption[]
  /** Portions that may go under no option. */
  readonly stay: readonly string[]
}
