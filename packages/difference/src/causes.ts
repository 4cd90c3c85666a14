import { type Box, meetAll, meets, subtractAll } from './boxes.ts'
import type { Comparison, SideName } from './compare.ts'
import type { Cause } from './model.ts'
import type { GrantRule } from './rules.ts'
import { type Space, boxesOf } from './space.ts'

/**
 * Why a region that `side` permits is not permitted on the other: the grants that permit it here; there, the prohibitions that stand
 * in the way, the clearance table where it alone leaves something out, and the grants of the same name that are
 * narrower or gone. With `only`, of that grant alone.
 */
export function causesOf(comparison: Comparison, box: Box, side: SideName, only?: GrantRule): readonly Cause[] {
  // A region may reach into what cannot be; that has no causes.
  return causesAt(comparison, subtractAll(comparison.space.frame, [box], comparison.impossible), side, only)
}

/** As `causesOf`, of points that can all be. */
export function causesAt(comparison: Comparison, points: readonly Box[], side: SideName, only?: GrantRule): readonly Cause[] {
  const { frame } = comparison.space
  const other = side === 'before' ? 'after' : 'before'
  const mine = comparison[side].permissions.filter(
    ({ rule, permitted }) =>
      (only === undefined || rule === only) && permitted.some((one) => points.some((point) => meets(frame, one, point))),
  )
  const causes: Cause[] = mine.map(({ rule }) => ({ kind: 'granted', side, ...place(rule), rule: rule.id }))
  const theirs = comparison[other]
  const granted = theirs.permissions.flatMap((one) => one.granted)
  for (const { rule, boxes } of theirs.prohibited) {
    if (points.some((one) => boxes.some((forbidding) => meets(frame, one, forbidding))))
      causes.push({ kind: 'forbidden', side: other, ...place(rule), rule: rule.id })
  }
  const ungranted = subtractAll(frame, points, granted)
  for (const { rule } of mine) {
    const same = theirs.permissions.find((one) => one.rule.agreement === rule.agreement && one.rule.id === rule.id)
    if (same === undefined) {
      causes.push({ kind: 'absent', side: other, ...place(rule), rule: rule.id })
      continue
    }
    const left = subtractAll(frame, only === undefined ? ungranted : points, same.granted)
    if (left.length === 0) continue
    const cleared = clearedBy(comparison.space, same.rule)
    const { table } = same.rule
    if (table !== undefined && meetAll(frame, left, cleared).length > 0)
      causes.push({ kind: 'table', side: other, agreement: same.rule.agreement, article: table })
    if (subtractAll(frame, left, cleared).length > 0)
      causes.push({ kind: 'narrower', side: other, ...place(same.rule), rule: same.rule.id })
  }
  return distinct(causes)
}

const CLEARED = new WeakMap<GrantRule, readonly Box[]>()

/** What a grant would grant, were every clearance enough; a rule is one of one space. */
function clearedBy(space: Space, rule: GrantRule): readonly Box[] {
  const known = CLEARED.get(rule) ?? boxesOf(space, rule.anyClearance)
  CLEARED.set(rule, known)
  return known
}

function place(rule: { readonly agreement: string; readonly article: string }): Pick<Cause, 'agreement' | 'article'> {
  return { agreement: rule.agreement, article: rule.article }
}

function distinct(causes: readonly Cause[]): readonly Cause[] {
  return causes.filter((cause, at) => causes.findIndex((one) => isSame(one, cause)) === at)
}

function isSame(a: Cause, b: Cause): boolean {
  return a.kind === b.kind && a.side === b.side && a.agreement === b.agreement && a.article === b.article && a.rule === b.rule
}
