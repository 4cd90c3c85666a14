import type { MarkingPolicy } from './model.ts'

/** The members of a community at a time (seconds since 1970), sorted; undefined where the policy has no such community. */
export function communityMembers(code: string, policy: MarkingPolicy, at: number): readonly string[] | undefined {
  const community = policy.communities?.find((candidate) => candidate.code === code)
  return community?.members
    .filter(({ from, until }) => (from === undefined || from <= at) && (until === undefined || at < until))
    .map(({ nation }) => nation)
    .sort()
}

/** A releasability set with its communities replaced by their members at a time: nations only, sorted. */
export function expandedSet(set: readonly string[], policy: MarkingPolicy, at: number): readonly string[] {
  return [
    ...new Set(set.flatMap((code) => [...(communityMembers(code, policy, at) ?? [code]), ...(code === policy.nation ? [code] : [])])),
  ].sort()
}
