import { type Box, countOf, meetAll, meets, subtractAll } from './boxes.ts'
import { causesOf } from './causes.ts'
import { type Comparison, byTerms, compare, look } from './compare.ts'
import { type Budget, USUAL_BUDGET, cover } from './cover.ts'
import { DifferenceError } from './errors.ts'
import type { Changed, Difference, DifferenceContext, Opened, Regions, Released, Side, Terms } from './model.ts'
import { officesDifference } from './offices.ts'
import { regionOf } from './region.ts'
import type { GrantRule } from './rules.ts'
import { directionsOf } from './standing.ts'

/**
 * What becomes possible, what stops being possible, and what stays possible on other terms, from one side to the other: exact, over
 * every question that the rules of either can tell apart (spec/difference.md). Deterministic. Throws `DifferenceError` for sides of
 * two realms, an agreement given twice, a nation without a marking policy.
 */
export function difference(before: Side, after: Side, context: DifferenceContext = {}): Difference {
  checkSides([before, after])
  const budget = context.budget ?? USUAL_BUDGET
  const looked = look(before, after)
  const comparisons = directionsOf([looked.before, looked.after]).map((direction) => compare(looked, direction))
  const gained = comparisons.map((one) => opened(one, 'after', budget))
  const lost = comparisons.map((one) => opened(one, 'before', budget))
  return {
    gained: joined(gained),
    lost: joined(lost),
    changed: joined(comparisons.map((one) => changed(one, budget))),
    withdrawn: joined(comparisons.map((one) => released(one, after, 'withdrawn', budget))),
    kept: joined(comparisons.map((one) => released(one, after, 'kept', budget))),
    offices: officesDifference(looked.before, looked.after, budget),
    classes: comparisons.reduce((sum, { space, impossible }) => sum + countOf(space.frame, [space.frame.full], impossible), 0),
  }
}

/** Throws where no difference can be said of these. */
export function checkSides(sides: readonly Side[]): void {
  const realms = new Set(
    sides.flatMap((side) => [...side.agreements.map(({ body }) => body.realm), ...side.policies.map(({ realm }) => realm)]),
  )
  if (realms.size > 1) throw new DifferenceError('difference/mixed-realms', 'sides of both realms never meet in one difference')
  for (const side of sides) {
    for (const names of [side.agreements.map(({ body }) => body.agreement), side.policies.map(({ nation }) => nation)]) {
      const twice = names.find((name, at) => names.indexOf(name) !== at)
      if (twice !== undefined)
        throw new DifferenceError('difference/duplicate', `\`${twice}\` stands twice on one side`, { values: { of: twice } })
    }
  }
}

function joined<R>(lists: readonly Regions<R>[]): Regions<R> {
  return {
    regions: lists.flatMap((list) => list.regions),
    classes: lists.reduce((sum, list) => sum + list.classes, 0),
    shortest: lists.every((list) => list.shortest),
  }
}

/** What one side permits and the other does not. */
function opened(comparison: Comparison, side: 'before' | 'after', budget: Budget): Regions<Opened> {
  const { space, impossible } = comparison
  const mine = comparison[side]
  const other = comparison[side === 'before' ? 'after' : 'before']
  const points = subtractAll(space.frame, mine.permitted, other.permitted)
  return listed(
    comparison,
    points,
    budget,
    (box) => ({
      ...regionOf(space, comparison.direction, box, impossible),
      causes: causesOf(comparison, box, side),
    }),
    impossible,
  )
}

function listed<R>(
  { space }: Comparison,
  points: readonly Box[],
  budget: Budget,
  word: (box: Box) => R,
  impossible: readonly Box[],
): Regions<R> {
  if (points.length === 0) return { regions: [], classes: 0, shortest: true }
  const { boxes, shortest } = cover(space.frame, points, impossible, budget)
  return { regions: boxes.map(word), classes: countOf(space.frame, points, impossible), shortest }
}

/** What both permit, where the terms are not the same. */
function changed(comparison: Comparison, budget: Budget): Regions<Changed> {
  const { space, impossible, before, after } = comparison
  const terms = new Map<string, Terms>()
  const keyOf = (rule: GrantRule): string => {
    const key = JSON.stringify(rule.terms)
    terms.set(key, rule.terms)
    return key
  }
  const same = new Set(before.permissions.map(({ rule }) => keyOf(rule)))
  const all = new Set([...same, ...after.permissions.map(({ rule }) => keyOf(rule))])
  if (all.size < 2) return { regions: [], classes: 0, shortest: true }
  const groups = new Map<string, { readonly before: readonly string[]; readonly after: readonly string[]; readonly boxes: Box[] }>()
  for (const cell of byTerms(comparison, keyOf)) {
    const [was, becomes] = [[...cell.before].sort(), [...cell.after].sort()]
    if (was.join() === becomes.join()) continue
    const key = `${was.join()} ${becomes.join()}`
    const group = groups.get(key) ?? { before: was, after: becomes, boxes: [] }
    group.boxes.push(cell.box)
    groups.set(key, group)
  }
  const named = (keys: readonly string[]): readonly Terms[] => keys.flatMap((key) => terms.get(key) ?? [])
  return joined(
    [...groups.keys()].sort().map((key) => {
      const group = groups.get(key) ?? { before: [], after: [], boxes: [] }
      const word = (box: Box): Changed => ({
        ...regionOf(space, comparison.direction, box, impossible),
        causes: [...grantsIn(comparison, box, 'before'), ...grantsIn(comparison, box, 'after')],
        before: named(group.before),
        after: named(group.after),
      })
      return listed(comparison, group.boxes, budget, word, impossible)
    }),
  )
}

function grantsIn({ space, ...sides }: Comparison, box: Box, side: 'before' | 'after'): Opened['causes'] {
  return sides[side].permissions
    .filter(({ permitted }) => permitted.some((one) => meets(space.frame, one, box)))
    .map(({ rule }) => ({ kind: 'granted', side, agreement: rule.agreement, article: rule.article, rule: rule.id }))
}

/** Grant by grant: what was released under it and stops, or goes on, being readable against what `lost` says. */
function released(comparison: Comparison, side: Side, which: 'withdrawn' | 'kept', budget: Budget): Regions<Released> {
  const { space, impossible, before, after, was, kept } = comparison
  // Nothing is kept without a succession: the grant of the same name is then one of those that `lost` counts.
  if (which === 'kept' && kept === after && was === before) return { regions: [], classes: 0, shortest: true }
  const lost = subtractAll(space.frame, before.permitted, after.permitted)
  return joined(
    was.permissions.map(({ rule, permitted }) => {
      const body = side.agreements.find((version) => version.body.agreement === rule.agreement)?.body
      const id = body?.successions?.find((one) => one.kind === 'grant' && one.from === rule.id)?.to ?? rule.id
      const same = kept.permissions.find((one) => one.rule.agreement === rule.agreement && one.rule.id === id)
      const stays = same?.permitted ?? []
      const points =
        which === 'kept'
          ? meetAll(space.frame, meetAll(space.frame, permitted, stays), lost)
          : subtractAll(space.frame, subtractAll(space.frame, permitted, stays), lost)
      const word = (box: Box): Released => ({
        ...regionOf(space, comparison.direction, box, impossible),
        causes: causesOf(comparison, box, 'before', rule),
        grant: { agreement: rule.agreement, article: rule.article, id: rule.id },
      })
      return listed(comparison, points, budget, word, impossible)
    }),
  )
}
