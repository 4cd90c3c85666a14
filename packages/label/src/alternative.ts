import type { AlternativeLabel, Label } from './model.ts'

/**
 * The label that a reader under a policy goes by (ADatP-4774.1 section 4, R1–R4): the originator's where it is of that policy,
 * else the newest alternative of that policy; undefined where there is none, and a person decides.
 */
export function alternativeFor(original: Label, alternatives: readonly AlternativeLabel[], policyId: string): Label | undefined {
  if (original.policy === policyId) return original
  let newest: AlternativeLabel | undefined
  for (const alternative of alternatives) {
    if (alternative.label.policy === policyId && (newest === undefined || alternative.at > newest.at)) newest = alternative
  }
  return newest?.label
}
