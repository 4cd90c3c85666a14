import { type Box, type Frame, disjoint, meet, meetAll, meets, subtract, subtractAll } from './boxes.ts'
import type { Direction, Side } from './model.ts'
import { type GrantRule, type SideRules, rulesOf } from './rules.ts'
import { type Space, boxesOf, spaceOf } from './space.ts'
import { type Standing, newerTerms, olderClearances, standing } from './standing.ts'
import { impossibleParts, universeOf } from './universe.ts'

export type SideName = 'before' | 'after'
export const SIDES = ['before', 'after'] as const

/** A grant of one side with the points that it permits, its side's prohibitions taken out. */
export interface Permission {
  readonly rule: GrantRule
  /** What it grants, prohibitions aside. */
  readonly granted: readonly Box[]
  readonly permitted: readonly Box[]
}

export interface Compiled {
  readonly rules: SideRules
  readonly permissions: readonly Permission[]
  readonly prohibited: readonly { readonly rule: SideRules['prohibitions'][number]; readonly boxes: readonly Box[] }[]
  readonly permitted: readonly Box[]
}

/**
 * Both sides looked up, for what is released anew; and, for what was released before, each as it is asked of terms that are not its
 * own (the same where no succession is).
 */
export interface Looked {
  readonly before: Standing
  readonly after: Standing
  readonly was: Standing
  readonly kept: Standing
}

/** Looks both sides up. */
export function look(before: Side, after: Side): Looked {
  const succeeds = after.agreements.some(({ body }) => (body.successions ?? []).length > 0)
  const [one, other] = [standing(before, 'before'), standing(after, 'after')]
  return {
    before: one,
    after: other,
    was: succeeds ? standing(before, 'was', olderClearances(after, before.at)) : one,
    kept: succeeds ? standing(after, 'kept', newerTerms) : other,
  }
}

/** Both sides in one direction, as boxes of their common quotient. */
export interface Comparison {
  readonly direction: Direction
  readonly space: Space
  readonly impossible: readonly Box[]
  readonly before: Compiled
  readonly after: Compiled
  readonly was: Compiled
  readonly kept: Compiled
}

/** Derives the quotient of a direction from the rules of both sides, and what each permits in it. */
export function compare(looked: Looked, direction: Direction): Comparison {
  const { before, after, was, kept } = looked
  const distinct = [...new Set([before, after, was, kept])]
  const universe = universeOf(distinct, direction)
  const rules = new Map(distinct.map((one) => [one, rulesOf(one, direction, universe)]))
  const never = impossibleParts(universe)
  const space = spaceOf(universe, [...[...rules.values()].flatMap(conjunctsOf), ...never])
  const boxes = new Map([...rules].map(([one, own]) => [one, compiled(space, own)]))
  const of = (one: Standing): Compiled => boxes.get(one) ?? compiled(space, { grants: [], prohibitions: [] })
  return { direction, space, impossible: boxesOf(space, never), before: of(before), after: of(after), was: of(was), kept: of(kept) }
}

/** Everything that the rules of a side ask. */
export function conjunctsOf(rules: SideRules): SideRules['prohibitions'][number]['parts'] {
  return [...rules.grants.flatMap((grant) => [...grant.parts, ...grant.anyClearance]), ...rules.prohibitions.flatMap((rule) => rule.parts)]
}

/** The rules of a side as boxes. */
export function compiled(space: Space, rules: SideRules): Compiled {
  const { frame } = space
  const prohibited = rules.prohibitions.map((rule) => ({ rule, boxes: boxesOf(space, rule.parts) }))
  const forbidden = prohibited.flatMap(({ boxes }) => boxes)
  const permissions = rules.grants.map((rule): Permission => {
    const granted = boxesOf(space, rule.parts)
    return { rule, granted, permitted: subtractAll(frame, granted, forbidden) }
  })
  return { rules, permissions, prohibited, permitted: permissions.flatMap(({ permitted }) => permitted) }
}

/** A part of what both sides permit, with the grants' terms under which each does. */
export interface Cell {
  readonly box: Box
  readonly before: ReadonlySet<string>
  readonly after: ReadonlySet<string>
}

/** Divides what both sides permit by the terms on which they do; terms are told apart by `keyOf`. */
export function byTerms({ space: { frame }, before, after }: Comparison, keyOf: (rule: GrantRule) => string): readonly Cell[] {
  const both = disjoint(frame, meetAll(frame, before.permitted, after.permitted))
  let cells: readonly Cell[] = both.map((box) => ({ box, before: new Set(), after: new Set() }))
  for (const side of SIDES) {
    for (const { rule, permitted } of (side === 'before' ? before : after).permissions) {
      const key = keyOf(rule)
      for (const box of permitted) cells = cells.flatMap((cell) => divide(frame, cell, box, side, key))
    }
  }
  return cells
}

function divide(frame: Frame, cell: Cell, box: Box, side: SideName, key: string): readonly Cell[] {
  if (cell[side].has(key) || !meets(frame, cell.box, box)) return [cell]
  const inside = meet(frame, cell.box, box)
  const outside = subtract(frame, cell.box, box).map((rest) => ({ ...cell, box: rest }))
  return inside === undefined ? outside : [{ ...cell, box: inside, [side]: new Set([...cell[side], key]) }, ...outside]
}
