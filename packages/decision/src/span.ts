import type { CompiledAgreement, CompiledVersion } from './compile.ts'
import { within } from './life.ts'

/** What has a say on an item from its release until now, for the nations on its path. */
export interface Span {
  /** When the agreement ended for one of these nations, if it has by now. */
  readonly end: number | undefined
  /** Versions whose word is asked, oldest first. */
  readonly asked: readonly CompiledVersion[]
}

/** Versions from a release until now, up to the end of the agreement for these nations (spec/decision.md 3). */
export function spanOf(agreement: CompiledAgreement, nations: readonly string[], since: number, at: number): Span {
  const begun = agreement.versions.filter((version) => version.narrowsFrom <= at && version.until > since)
  let end = Math.min(agreement.terminated, lapse(agreement, at))
  for (const version of begun) for (const nation of nations) end = Math.min(end, memberEnd(version, nation, since))
  const asked = begun.filter((version) => version.narrowsFrom < end || version.narrowsFrom <= since)
  return { end: end <= at ? end : undefined, asked }
}

/** The end of the newest version that was in force: nothing older revives, and a newer one would have gone on. */
function lapse({ versions }: CompiledAgreement, at: number): number {
  return versions.findLast((version) => version.from <= at)?.body.inForceUntil ?? Infinity
}

function memberEnd(version: CompiledVersion, nation: string, since: number): number {
  const member = version.members.get(nation)
  // A version that lists a nation no more ends its membership.
  if (member === undefined) return version.narrowsFrom > since ? version.narrowsFrom : Infinity
  return member.until > since ? member.until : Infinity
}

/** Whether a nation was a member of a version at the release. That it stayed one until now, or until when, is the span's. */
export function wasMember(version: CompiledVersion, nation: string, since: number): boolean {
  const member = version.members.get(nation)
  return member !== undefined && within(member, since)
}

/** The version of an agreement in force at a second. */
export function versionAt({ versions }: CompiledAgreement, at: number): CompiledVersion | undefined {
  return versions.find((version) => version.from <= at && at < version.until)
}

/** Whether something may be permitted under an agreement at a second: a version in force, members, no suspension. */
export function standsAt(agreement: CompiledAgreement, at: number): boolean {
  const version = versionAt(agreement, at)
  if (version === undefined || agreement.suspensions.some((suspension) => within(suspension, at))) return false
  return [...version.members.values()].filter((member) => within(member, at)).length >= 2
}

/** Whether a version binds two nations at a second: both are members. */
export function binds(version: CompiledVersion, one: string, other: string, at: number): boolean {
  return wasMember(version, one, at) && wasMember(version, other, at)
}

/** Seconds at which anything of an agreement begins or ends, in order, the first before all. */
export function turnsOf(versions: readonly CompiledVersion[], terminated: number): readonly number[] {
  const points = new Set([-Infinity, terminated])
  for (const { narrowsFrom, from, until, members, body } of versions) {
    for (const point of [narrowsFrom, from, until, body.inForceUntil ?? Infinity]) points.add(point)
    for (const member of members.values()) points.add(member.from).add(member.until)
  }
  points.delete(Infinity)
  return [...points].sort((a, b) => a - b)
}
