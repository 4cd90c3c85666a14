import type { AgreementVersion, Invariant } from '@entente/agreement'
import type { Question } from '@entente/decision'
import { compareBoxes, meetAll, subtractAll } from './boxes.ts'
import { compiled, conjunctsOf } from './compare.ts'
import { checkSides } from './difference.ts'
import type { Direction, Point, Side } from './model.ts'
import { type ReleasedUnder, pointIn, questionOf } from './point.ts'
import { regionParts, rulesOf } from './rules.ts'
import { boxesOf, spaceOf } from './space.ts'
import { type Standing, directionsOf, standing } from './standing.ts'
import { impossibleParts, universeOf } from './universe.ts'

/** Whether an invariant holds for everything that a version permits; if not, one thing that it permits all the same. */
export type Proof =
  | { readonly invariant: string; readonly proved: true }
  | {
      readonly invariant: string
      readonly proved: false
      readonly example: Point
      /** The grant that permits it. */
      readonly grant: ReleasedUnder
      /** The example as a question that `decide` permits. */
      readonly question: Question
    }

/**
 * Proves an invariant for one version among what is in force with it (its prohibitions count too), or refutes it with the first
 * example in the order of directions, grants and classes (spec/difference.md 5). Throws as `difference` does.
 */
export function prove(side: Side, version: AgreementVersion, invariant: Invariant): Proof {
  checkSides([side])
  const looked = standing(side, 'before')
  for (const direction of directionsOf([looked])) {
    const found = refuted(looked, version, invariant, direction)
    if (found !== undefined) return found
  }
  return { invariant: invariant.id, proved: true }
}

function refuted(looked: Standing, version: AgreementVersion, invariant: Invariant, direction: Direction): Proof | undefined {
  const { side } = looked
  const bound = looked.agreements.find(({ body }) => body.agreement === version.body.agreement)
  if (bound === undefined) return undefined
  const universe = universeOf([looked], direction, [invariant.never])
  const wanted = regionParts(side, bound, invariant.never, direction, universe)
  const rules = rulesOf(looked, direction, universe)
  const never = impossibleParts(universe)
  const space = spaceOf(universe, [...conjunctsOf(rules), ...wanted, ...never])
  const [region, impossible] = [boxesOf(space, wanted), boxesOf(space, never)]
  for (const { rule, permitted } of compiled(space, rules).permissions) {
    if (rule.agreement !== version.body.agreement) continue
    const [box] = subtractAll(space.frame, meetAll(space.frame, permitted, region), impossible).toSorted(compareBoxes)
    if (box === undefined) continue
    const example = pointIn(space, direction, box)
    const grant = { agreement: rule.agreement, version: version.id, article: rule.article, grant: rule.id }
    return { invariant: invariant.id, proved: false, example, grant, question: questionOf(side, example, grant) }
  }
  return undefined
}

/** Every invariant of a version, in its order. */
export function proveAll(side: Side, version: AgreementVersion): readonly Proof[] {
  return (version.body.invariants ?? []).map((invariant) => prove(side, version, invariant))
}
