// The two sides asked of `decide`, point by point; and whether a point lies in a region, from the region's terms alone.
import { type Agreement, type Grant, areaAndAbove } from '@entente/agreement'
import { type Decider, compile } from '@entente/decision'
import { type DifferenceRegion, NONE, OTHER, type Point, type SetTerms, type Side, type TreeName, questionOf } from '@entente/difference'
import { pointIn, type Chooser } from '../src/point.ts'
import { type Comparison, compare, look } from '../src/compare.ts'
import { type Box, axesOf, classesOn, holds, narrowed } from '../src/boxes.ts'
import { directionsOf } from '../src/standing.ts'
import type { Universe } from '../src/universe.ts'
import type { Dice } from './worlds.ts'

/** A side's own answer: whether some grant of some agreement, named as the basis, is permitted by `decide`. */
export class Asked {
  readonly #side: Side
  readonly #deciders = new Map<string, Decider>()

  constructor(side: Side) {
    this.#side = side
  }

  permits(point: Point): boolean {
    return this.#side.agreements.some(({ id, body }) =>
      body.grants.some((grant) =>
        this.permitsUnder(point, { agreement: body.agreement, version: id, article: grant.article, grant: grant.id }),
      ),
    )
  }

  permitsUnder(point: Point, basis: Parameters<typeof questionOf>[2]): boolean {
    const { from } = point.direction
    const decider =
      this.#deciders.get(from) ?? compile({ deciding: from, agreements: this.#side.agreements, policies: this.#side.policies })
    this.#deciders.set(from, decider)
    return decider.decide(questionOf(this.#side, point, basis)).permit
  }
}

/** Both sides of every direction as the package sees them. */
export function comparisons(before: Side, after: Side): readonly Comparison[] {
  const looked = look(before, after)
  return directionsOf([looked.before, looked.after]).map((direction) => compare(looked, direction))
}

/** Every class of the quotient, the impossible ones left out; at most so many, else undefined. */
export function classes({ space, impossible }: Comparison, most: number): readonly Box[] | undefined {
  let boxes: readonly Box[] = [space.frame.full]
  for (let axis = 0; axis < axesOf(space.frame); axis++) {
    boxes = boxes.flatMap((box) => classesOn(space.frame, box, axis).map((one) => narrowed(space.frame, box, axis, [one]) ?? box))
    if (boxes.length > most) return undefined
  }
  return boxes.filter((box) => !impossible.some((never) => holds(never, box)))
}

/** Members at random. */
export function chooser(dice: Dice): Chooser {
  return {
    one: (from) => from[dice.below(Math.max(1, from.length))],
    some: (from) => (from.length === 0 ? [] : [...new Set([...dice.some(from), dice.one(from)])]),
    any: (from) => dice.some(from),
  }
}

/** One point of a class. */
export function member({ space, direction }: Comparison, box: Box, choose?: Chooser): Point {
  return pointIn(space, direction, box, choose)
}

/** Whether a point lies in a region; `before` and `after` say in which trees a need to know covers an area. */
export function lies(region: DifferenceRegion, point: Point, before: Side, after: Side, { one: single, many, trees }: Universe): boolean {
  const named = [...Object.values(single).flat(), ...Object.values(many).flat()]
  const { direction } = region
  if (direction.from !== point.direction.from || direction.to !== point.direction.to || direction.via !== point.direction.via) return false
  const term = (code: string | undefined): string => (code === undefined ? NONE : named.includes(code) ? code : OTHER)
  const among = (list: readonly string[] | undefined, code: string | undefined): boolean => list === undefined || list.includes(term(code))
  const purpose = point.attested === undefined || point.attested === point.purpose ? term(point.attested) : `~${term(point.attested)}`
  // An agreement whose grants do not reach the area has no say on it.
  const fits = (name: TreeName, within: readonly TreeName[]): boolean => {
    const { agreements, at } = name.side === 'before' ? before : after
    const body = agreements.find((version) => version.body.agreement === name.agreement)?.body
    // As the newer version reads what was released under older terms.
    const succeeded = body?.successions?.find((one) => one.kind === 'area' && one.from === point.area)?.to
    const area = name.side === 'kept' ? (succeeded ?? point.area) : point.area
    const path = body === undefined ? [] : areaAndAbove(body.areas, area)
    const reaches = body?.grants.some((grant) => runs(grant, body, direction, at) && grant.areas.some((granted) => path.includes(granted)))
    return reaches !== true || path.some((above) => point.needs.includes(above)) === within.some((one) => same(one, name))
  }
  return (
    among(region.areas, point.area) &&
    region.classifications.includes(point.classification) &&
    region.acts.includes(point.act) &&
    region.uses.includes(point.use ?? NONE) &&
    region.clearances.some((one) => one.classification === point.classification && one.clearances.includes(point.clearance ?? NONE)) &&
    (region.ages?.some((age) => age.fromDay <= point.ageDays && point.ageDays < (age.beforeDay ?? Infinity)) ?? true) &&
    inSets(region.categories, point.categories.map(term)) &&
    inSets(region.personRules, point.personRules.map(term)) &&
    inSets(region.citizenships, point.citizenships.map(term)) &&
    among(region.organisations, point.organisation) &&
    among(region.posts, point.post) &&
    among(region.facilities, point.facility) &&
    (region.purposes?.includes(purpose) ?? true) &&
    (region.needs?.some((within) => trees.flatMap(({ of }) => of).every((tree) => fits(tree, within))) ?? true)
  )
}

function runs(grant: Grant, body: Agreement, { from, to, via }: DifferenceRegion['direction'], at: number): boolean {
  const members = body.parties.filter((party) => (party.memberFrom ?? 0) <= at && at < (party.memberUntil ?? Infinity))
  const ends = [from, to, ...(via === undefined ? [] : [via])]
  if (!ends.every((end) => members.some((member) => member.nation === end))) return false
  return grant.from === from && (grant.to === to || grant.to === 'members') && grant.via === via
}

function same(a: { readonly agreement: string; readonly side: string }, b: { readonly agreement: string; readonly side: string }): boolean {
  return a.agreement === b.agreement && a.side === b.side
}

function inSets(terms: SetTerms | undefined, members: readonly string[]): boolean {
  if (terms === undefined) return true
  return terms.some.every((list) => list.some((one) => members.includes(one))) && !members.some((one) => terms.none.includes(one))
}

/** A class inside of a box, at random; undefined for an impossible one. */
export function randomClass(dice: Dice, { space, impossible }: Comparison, within: Box): Box | undefined {
  let box = within
  for (let axis = 0; axis < axesOf(space.frame); axis++)
    box = narrowed(space.frame, box, axis, [dice.one(classesOn(space.frame, box, axis))]) ?? box
  return impossible.some((never) => holds(never, box)) ? undefined : box
}
