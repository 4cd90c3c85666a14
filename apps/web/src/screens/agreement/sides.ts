import type { AgreementVersion } from '@entente/agreement'
import type { AgreementView } from '@entente/client'
import type { Side } from '@entente/difference'
import type { MarkingPolicy } from '@entente/label'

/** The version in force of an agreement as the node shows it; undefined where none is. */
export function versionInForce({ inForce, versions }: AgreementView): AgreementVersion | undefined {
  const found = versions.find(({ id }) => id === inForce)
  return found === undefined ? undefined : { id: found.id, body: found.signed.body }
}

/** Everything that is in force at `at` (seconds), as one side of a comparison. */
export function sideAt(views: readonly AgreementView[], policies: readonly MarkingPolicy[], at: number): Side {
  return {
    agreements: views.flatMap((view) => versionInForce(view) ?? []),
    policies,
    at,
    withdrawn: views.flatMap(({ agreement, notices }) =>
      notices
        .filter(({ state, signed }) => state === 'acting' && signed.body.notice === 'withdraw')
        .map(({ signed }) => ({ agreement, nation: signed.body.nation })),
    ),
    suspended: views.filter(({ state }) => state === 'suspended').map(({ agreement }) => agreement),
  }
}

/** Both sides of signing a version: what is in force, and the same with it, at the time from which it would count. */
export function sidesOf(now: Side, candidate: AgreementVersion): { readonly before: Side; readonly after: Side } {
  const at = Math.max(now.at, candidate.body.inForceFrom)
  const others = now.agreements.filter(({ body }) => body.agreement !== candidate.body.agreement)
  return { before: { ...now, at }, after: { ...now, at, agreements: [...others, candidate] } }
}
