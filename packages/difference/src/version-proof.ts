import type { AgreementVersion, Invariant } from '@entente/agreement'
import type { MarkingPolicy } from '@entente/label'
import type { Point } from './model.ts'
import { type Proof, prove } from './prove.ts'

/**
 * An invariant of a version as signing it asks (spec/difference.md 5): for the version alone, since what stands beside it
 * may end, with its bases taken to be in force, and at each instant from its beginning at which a table or a membership changes; the first
 * refutation stands. The same on every node and in every room. Throws as `difference` does.
 */
export function proveAlone(version: AgreementVersion, policies: readonly MarkingPolicy[], invariant: Invariant): Proof {
  const presumed = (version.body.basis ?? []).map(({ agreement }) => agreement)
  for (const at of instantsOf(version)) {
    const proof = prove({ agreements: [version], policies, at, presumed }, version, invariant)
    if (!proof.proved) return proof
  }
  return { invariant: invariant.id, proved: true }
}

/** Every invariant of a version, in its order, as `proveAlone`. */
export function proveVersion(version: AgreementVersion, policies: readonly MarkingPolicy[]): readonly Proof[] {
  return (version.body.invariants ?? []).map((invariant) => proveAlone(version, policies, invariant))
}

/** Seconds at which something that the version dates begins or ends, from its own beginning to its own end. */
function instantsOf({ body }: AgreementVersion): readonly number[] {
  const { inForceFrom, inForceUntil = Infinity, equivalence, parties } = body
  const dates = [
    ...equivalence.map(({ validFrom }) => validFrom),
    ...parties.flatMap(({ memberFrom, memberUntil }) => [memberFrom, memberUntil]),
  ].flatMap((date) => (date !== undefined && date > inForceFrom && date < inForceUntil ? [date] : []))
  return [...new Set([inForceFrom, ...dates])].toSorted((a, b) => a - b)
}

/** A point in codes: direction, area, classification and what it bears, act; clearance and citizenships; purpose. */
export function pointText({
  direction,
  area,
  classification,
  act,
  clearance,
  citizenships,
  categories,
  personRules,
  purpose,
}: Point): string {
  const { from, to, via } = direction
  const item = [from, via === undefined ? '→' : `→ ${via} →`, to, area, classification, ...categories, ...personRules, act].join(' ')
  return [item, [clearance ?? '-', ...citizenships].join(' '), purpose].join(', ')
}
