import type { AgreementVersion } from '@entente/agreement'
import type { MarkingPolicy } from '@entente/label'
import type { Point } from './model.ts'
import { type Proof, prove } from './prove.ts'

/**
 * Every invariant of a version, in its order, as signing it asks (spec/difference.md 5): for the version alone, since what stands beside it
 * may end, with its bases taken to be in force, and at each instant from its beginning at which a table or a membership changes; the first
 * refutation stands. The same on every node. Throws as `difference` does.
 */
export function proveVersion(version: AgreementVersion, policies: readonly MarkingPolicy[]): readonly Proof[] {
  const { basis = [], invariants = [] } = version.body
  const sides = instantsOf(version).map((at) => ({
    agreements: [version],
    policies,
    at,
    presumed: basis.map(({ agreement }) => agreement),
  }))
  return invariants.map((invariant) => {
    let proof: Proof = { invariant: invariant.id, proved: true }
    for (const side of sides) if (proof.proved) proof = prove(side, version, invariant)
    return proof
  })
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
