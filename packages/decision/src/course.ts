import type { CompiledFacts } from './compile.ts'
import type { Item, Saying } from './item.ts'
import { within } from './life.ts'
import type { Asking } from './model.ts'
import { Reasons } from './reason.ts'
import { binds, spanOf, versionAt } from './span.ts'
import { checkBases, checkEnd, checkMembers, checkSuspensions } from './standing.ts'

/** How the agreements stand for an item that was released at a second. */
export interface Standing extends Saying {
  /** What stands against it by time alone: versions, members, suspensions, the end, bases. */
  readonly reasons: Reasons
}

/** Versions that have a say on an item released at `releasedAt`, and what time has against it (spec/decision.md 3). */
export function standingOf(facts: CompiledFacts, item: Item, { act, at }: Pick<Asking, 'act' | 'at'>, releasedAt: number): Standing {
  const reasons = new Reasons()
  if (item.nation === item.originator) return { asked: [], others: [], reasons }
  const others = othersOf(facts, item, at)
  const { agreement, basis } = item
  if (agreement === undefined || basis === undefined) return { asked: [], others, reasons }
  // A clock that is a little behind must not put the release into the future and so leave no version to ask.
  const since = Math.min(releasedAt, at)
  const span = spanOf(agreement, item.nations, since, at)
  const named = agreement.versions.find((version) => version.id === basis.version)
  if (named !== undefined && !within(named, since)) reasons.add('decision/agreement-not-in-force', { agreement: agreement.name, at: since })
  checkSuspensions(agreement, at, reasons)
  checkEnd(agreement, span, { act, at }, since, reasons)
  for (const version of span.asked) {
    checkMembers(version, item.nations, since, reasons)
    checkBases(facts, version, at, reasons)
  }
  return { asked: span.asked, others, reasons }
}

/** Agreements other than the basis permit nothing; those in force that bind two nations of the way can still forbid. */
function othersOf(facts: CompiledFacts, { basis, hops }: Item, at: number): Saying['others'] {
  const found = []
  for (const [name, agreement] of facts.agreements) {
    if (name === basis?.agreement) continue
    const version = versionAt(agreement, at)
    if (version !== undefined && hops.some(({ from, to }) => binds(version, from, to, at))) found.push(version)
  }
  return found
}

/** Seconds of a release at which `standingOf` can begin to answer otherwise, in order, the first before all. */
export function turnsOf(facts: CompiledFacts, agreement: string | undefined): readonly number[] {
  const compiled = agreement === undefined ? undefined : facts.agreements.get(agreement)
  const points = new Set([-Infinity])
  if (compiled !== undefined) {
    points.add(compiled.terminated)
    for (const { narrowsFrom, from, until, members, body } of compiled.versions) {
      for (const point of [narrowsFrom, from, until, body.inForceUntil ?? Infinity]) points.add(point)
      for (const member of members.values()) points.add(member.from).add(member.until)
    }
  }
  points.delete(Infinity)
  return [...points].sort((a, b) => a - b)
}
