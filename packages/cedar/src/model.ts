import type { AgreementNotice, AgreementVersion, Area } from '@entente/agreement'
import type { MarkingPolicy } from '@entente/label'

/** A version as the facts of a decision hold it: signed by all, with where it stands at this node. */
export interface KnownVersion extends AgreementVersion {
  /** Held and not yet in force here: it narrows from its date, and nothing is released under it. */
  readonly narrowingOnly?: true
  /** In force here from this second, where that is later than its date. */
  readonly inForceSince?: number
}

/** A verified notice with its id and the second at which it takes effect. */
export interface KnownNotice {
  readonly id: string
  readonly body: AgreementNotice
  readonly effect: number
}

/** What is asked about: the facts of spec/decision.md 2. */
export interface World {
  readonly deciding: string
  readonly agreements: readonly KnownVersion[]
  readonly notices?: readonly KnownNotice[]
  readonly policies: readonly MarkingPolicy[]
  readonly areas?: readonly Area[]
}
