/**
 * What is known of a person at the moment of decision. A member that is absent is unknown, and an unknown fact in a
 * condition or a prohibition refuses. Names are not facts: nothing here identifies a person outside the home nation.
 */
export interface PersonFacts {
  /** Nation that vets and vouches. */
  readonly nation: string
  /** Pairwise: different towards every originator; its life is the agreement's `pseudonymLife`. */
  readonly pseudonym: string
  /** Code of the home scheme's clearance level. */
  readonly clearance?: string
  /** All citizenships, always disclosed whole. Sorted. */
  readonly citizenships?: readonly string[]
  /** The areas of need to know that were disclosed (towards a partner: only the one that covers the item). */
  readonly areas?: readonly string[]
  /** Purpose that the home nation attests for this opening. */
  readonly purpose?: string
  /** Suspensions always disclosed; true refuses. */
  readonly suspended?: boolean
  /** Briefings (compartments), `tag/value`. */
  readonly briefings?: readonly string[]
  /** Codes, of the home nation's own, that it attests for this opening: where the person belongs, sits, and reads. */
  readonly organisation?: string
  readonly post?: string
  readonly facility?: string
}

/** What a clearance office says of the partner's concern for its people in counts only (5-domain.md, roster statement). */
export interface RosterStatement {
  readonly nation: string
  readonly agreement: string
  readonly at: number
  readonly number: number
  /** `fewer than k` cells carry `fewerThan` and no count. */
  readonly cells: readonly {
    /** Clearance level in the home scheme. */
    readonly clearance: string
    readonly area: string
    readonly role: string
    readonly count?: number
    readonly fewerThan?: number
  }[]
}
