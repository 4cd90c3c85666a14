import type { CategoryKind } from '../model.ts'

/** A set of values as a machine form names it: by the name of its tag in the policy. */
export interface NamedCategory {
  readonly tag: string
  /** Object identifier of the tag set (`1.3.26.1.4.2`), where the form gives it. */
  readonly tagId?: string
  readonly kind: CategoryKind
  /** In the order of the form; at least one. */
  readonly values: readonly string[]
}

/**
 * What a machine form says of confidentiality, in the names of its policy (ConfidentialityInformation of ADatP-4774). It is not
 * yet a label of ours: `labelOf` reads it under a marking policy, `spifLabel` under a SPIF.
 */
export interface Confidentiality {
  readonly policy: string
  /** Dotted object identifier of the policy. */
  readonly policyId?: string
  readonly classification: string
  readonly privacyMark?: string
  readonly categories: readonly NamedCategory[]
}

/** A whole label of ADatP-4774: who made it, when, until when, and what takes its place. Instants are seconds since 1970. */
export interface ConfidentialityLabel extends Confidentiality {
  readonly as: 'originator' | 'alternative' | 'metadata'
  readonly originator?: { readonly type: string; readonly id: string }
  readonly created?: number
  readonly review?: number
  readonly succession?: { readonly at: number; readonly label: ConfidentialityLabel }
}

/** What a person is cleared for: every classification listed, not a highest one (ADatP-4774 annex A). */
export interface ConfidentialityClearance {
  readonly policy: string
  readonly policyId?: string
  readonly classifications: readonly string[]
  readonly categories: readonly NamedCategory[]
}

/** Policies whose names are compared without regard to ASCII case (ADatP-4774). */
const WITHOUT_CASE: ReadonlySet<string> = new Set(['nato', 'public'])

/** ASCII letters in lower case; nothing else is folded, so that no other alphabet passes for them. */
export function lower(text: string): string {
  return text.replace(/[A-Z]/gu, (letter) => letter.toLowerCase())
}

/** How names of a policy are compared: as they are, or in lower case for the two policies that say so. */
export function comparison(policy: string): (name: string) => string {
  return WITHOUT_CASE.has(lower(policy)) ? lower : (name) => name
}

/** Whether two forms speak of one policy: by object identifier where both give one, else by name. */
export function samePolicy(
  a: { readonly policy: string; readonly policyId?: string },
  b: { readonly policy: string; readonly policyId?: string },
): boolean {
  if (a.policyId !== undefined && b.policyId !== undefined) return a.policyId === b.policyId
  return comparison(a.policy)(a.policy) === comparison(a.policy)(b.policy)
}
