import type { CompiledFacts, CompiledVersion } from './compile.ts'
import type { Item, Saying } from './item.ts'
import { within } from './life.ts'
import type { Asking } from './model.ts'
import { Reasons } from './reason.ts'
import { binds, versionAt } from './span.ts'
import { checkBases, checkEnd, checkMembers, checkSuspensions } from './standing.ts'

/** How the agreements stand for an item that was released at a second. */
export interface Standing extends Saying {
  /** What stands against it by time alone: versions, members, suspensions, the end, bases. */
  readonly reasons: Reasons
}

/** Versions that have a say on an item released at `releasedAt`, and what time has against it (spec/decision.md 3). */
export function standingOf(facts: CompiledFacts, item: Item, { act, at }: Pick<Asking, 'act' | 'at'>, releasedAt: number): Standing {
  const reasons = new Reasons()
  if (item.nation === item.originator) return { asked: NONE, others: NONE, reasons }
  const others = othersOf(facts, item, at)
  const { agreement, basis, path } = item
  if (agreement === undefined || basis === undefined) return { asked: NONE, others, reasons }
  // A clock that is a little behind must not put the release into the future and so leave no version to ask.
  const since = Math.min(releasedAt, at)
  const stood = path.stood(agreement, since, at)
  const named = agreement.byId.get(basis.version)
  if (named !== undefined && !within(named, since)) reasons.add('decision/agreement-not-in-force', { agreement: agreement.name, at: since })
  checkSuspensions(agreement, at, reasons)
  checkEnd(agreement, stood, { act, at }, since, reasons)
  for (const version of stood.asked) {
    if (!stood.areMembers) checkMembers(version, path.nations, since, reasons)
    checkBases(facts, version, at, reasons)
  }
  return { asked: stood.asked, others, reasons }
}

const NONE: readonly CompiledVersion[] = []

/** Agreements other than the basis permit nothing; those in force that bind two nations of the way can still forbid. */
function othersOf(facts: CompiledFacts, { basis, path }: Item, at: number): Saying['others'] {
  let found: CompiledVersion[] | undefined
  for (const agreement of facts.agreements.values()) {
    if (agreement.name === basis?.agreement) continue
    const version = versionAt(agreement, at)
    if (version !== undefined && path.hops.some(({ from, to }) => binds(version, from, to, at))) (found ??= []).push(version)
  }
  return found ?? NONE
}
