import type { CompiledAgreement, CompiledFacts, CompiledVersion } from './compile.ts'
import { within } from './life.ts'
import type { Asking } from './model.ts'
import type { Reasons } from './reason.ts'
import { type Span, standsAt, versionAt, wasMember } from './span.ts'

const SECONDS_PER_DAY = 86_400

/** A reason for every suspension that is in effect at a second. */
export function checkSuspensions({ name, suspensions }: CompiledAgreement, at: number, reasons: Reasons): void {
  for (const suspension of suspensions) {
    if (!within(suspension, at)) continue
    const { nation, from, article } = suspension
    reasons.add('decision/agreement-suspended', { agreement: name, nation, from }, article === undefined ? {} : { article })
  }
}

/** Whether the agreement is in force now, or has ended and what outlives its end leaves the act. */
export function checkEnd(
  agreement: CompiledAgreement,
  { end, asked }: Span,
  { act, at }: Pick<Asking, 'act' | 'at'>,
  since: number,
  reasons: Reasons,
): void {
  const { name } = agreement
  if (end === undefined) {
    if (versionAt(agreement, at) === undefined) reasons.add('decision/agreement-not-in-force', { agreement: name, at })
    return
  }
  if (since >= end) reasons.add('decision/agreement-ended', { agreement: name, until: end })
  for (const { body } of asked) {
    const { survival } = body
    if (survival?.acts.includes(act) === true && (survival.days === undefined || at < end + survival.days * SECONDS_PER_DAY)) continue
    const place = survival === undefined ? {} : { article: survival.article }
    reasons.add('decision/agreement-ended', { agreement: name, until: end, version: body.version }, place)
  }
}

/** Whether each nation on the path was a member of a version at the release. Until when it stayed one is the span's. */
export function checkMembers(version: CompiledVersion, nations: readonly string[], since: number, reasons: Reasons): void {
  const { agreement } = version.body
  for (const nation of nations) {
    if (wasMember(version, nation, since)) continue
    // Who is one by now can be given it anew.
    const nearest = version.members.has(nation) ? 'nearest/release-anew' : 'nearest/amend-agreement'
    reasons.add('decision/not-a-member', { nation, agreement, version: version.number }, {}, nearest)
  }
}

/** Whether every agreement that a version rests on stands. */
export function checkBases(facts: CompiledFacts, version: CompiledVersion, at: number, reasons: Reasons): void {
  const { agreement, basis = [] } = version.body
  for (const { agreement: name, article } of basis) {
    const other = facts.agreements.get(name)
    if (other !== undefined && standsAt(other, at)) continue
    reasons.add('decision/basis-not-in-force', { basis: name, agreement, version: version.number }, { article })
  }
}
