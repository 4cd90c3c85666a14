import { type Agreement, type Delegation, areaAndAbove } from '@entente/agreement'
import { type Box, type Frame, classesOn, disjoint, frameOf, listOf, meets, narrowed, sizeOf, subtractAll } from './boxes.ts'
import { type Budget, cover } from './cover.ts'
import { type Difference, type Direction, OTHER, type OfficeRegion, type Regions, type Side } from './model.ts'
import { rulesOf } from './rules.ts'
import { classesOf } from './space.ts'
import { type Standing, directionsOf, policyOf } from './standing.ts'
import { type Universe, universeOf } from './universe.ts'

const AXES = ['office', 'area', 'classification', 'mode'] as const
type Axis = (typeof AXES)[number]

/** What one delegation lets an office release under one grant; without an office, any. */
interface Release {
  readonly agreement: string
  readonly article: string
  readonly rule: string
  readonly on: Readonly<Record<Axis, ReadonlySet<string>>>
}

interface Office {
  readonly frame: Frame
  readonly classes: Readonly<Record<Axis, readonly (readonly string[])[]>>
}

/**
 * What offices may release on one side and not on the other, in directions whose originator has a delegation on either: office, area,
 * classification, mode, as grant and delegation together allow.
 */
export function officesDifference(before: Standing, after: Standing, budget: Budget): Difference['offices'] {
  const sides = [before, after]
  const directions = sides.some(({ agreements }) => agreements.some(({ body }) => (body.delegations ?? []).length > 0))
    ? directionsOf(sides).filter(({ from }) => sides.some(({ side }) => delegates(side, from)))
    : []
  const parts = directions.map((direction) => {
    const universe = universeOf(sides, direction)
    const terms = termsOf(sides, direction, universe)
    const was = releasesOf(before, direction, universe, terms.office)
    const becomes = releasesOf(after, direction, universe, terms.office)
    const sets = [...was, ...becomes].map(({ on }) => on)
    const classes = Object.fromEntries(
      AXES.map((axis) => [
        axis,
        classesOf(
          terms[axis],
          sets.map((on) => on[axis]),
        ),
      ]),
    ) as unknown as Office['classes']
    const office: Office = { classes, frame: frameOf(AXES.map((axis) => classes[axis].length)) }
    return {
      gained: opened(office, direction, 'after', becomes, was, budget),
      lost: opened(office, direction, 'before', was, becomes, budget),
    }
  })
  const joined = (name: 'gained' | 'lost'): Regions<OfficeRegion> => ({
    regions: parts.flatMap((part) => part[name].regions),
    classes: parts.reduce((sum, part) => sum + part[name].classes, 0),
    shortest: parts.every((part) => part[name].shortest),
  })
  return { gained: joined('gained'), lost: joined('lost') }
}

function delegates(side: Side, nation: string): boolean {
  return side.agreements.some(({ body }) => body.delegations?.some((one) => one.nation === nation) === true)
}

function termsOf(sides: readonly Standing[], { from }: Direction, universe: Universe): Readonly<Record<Axis, readonly string[]>> {
  const offices = sides.flatMap(({ side }) => [
    ...policyOf(side, from).offices.map(({ code }) => code),
    ...side.agreements.flatMap(({ body }) => (body.delegations ?? []).filter((one) => one.nation === from).map((one) => one.office)),
  ])
  return {
    office: [...[...new Set(offices)].sort(), OTHER],
    area: universe.one.area,
    classification: universe.one.classification,
    mode: ['give', 'show'],
  }
}

function releasesOf(looked: Standing, direction: Direction, universe: Universe, offices: readonly string[]): readonly Release[] {
  const { side } = looked
  return rulesOf(looked, direction, universe).grants.flatMap((grant): readonly Release[] => {
    const body = side.agreements.find((version) => version.body.agreement === grant.agreement)?.body
    const part = grant.anyClearance[0]?.one
    if (body === undefined || part?.area === undefined || part.classification === undefined) return []
    const on = { office: new Set(offices), area: part.area, classification: part.classification, mode: new Set<string>([grant.terms.mode]) }
    const own = body.delegations?.filter((one) => one.nation === direction.from) ?? []
    const { agreement } = grant
    // Without any delegation for the nation its key statement alone says what an office may.
    if (own.length === 0) return [{ agreement, article: grant.article, rule: grant.id, on }]
    return own
      .filter((one) => one.until === undefined || side.at < one.until)
      .map((one) => ({ agreement, article: one.article, rule: one.id, on: within(side, body, one, on) }))
  })
}

function within(side: Side, body: Agreement, delegation: Delegation, on: Release['on']): Release['on'] {
  const levels = policyOf(side, delegation.nation).classifications
  const order = (code: string): number => levels.find((one) => one.code === code)?.order ?? Number.NaN
  return {
    office: new Set([delegation.office]),
    area: new Set([...on.area].filter((area) => areaAndAbove(body.areas, area).some((above) => delegation.areas.includes(above)))),
    classification: new Set([...on.classification].filter((code) => order(code) <= order(delegation.ceiling))),
    mode: new Set([...on.mode].filter((mode) => delegation.modes.some((one) => one === mode))),
  }
}

function boxOf({ frame, classes }: Office, on: Release['on']): readonly Box[] {
  let box: Box | undefined = frame.full
  for (const [at, axis] of AXES.entries()) {
    const held = classes[axis].flatMap((terms, index) => (on[axis].has(terms[0] ?? '') ? [index] : []))
    if (box !== undefined) box = narrowed(frame, box, at, held)
  }
  return listOf(box)
}

function opened(
  office: Office,
  direction: Direction,
  side: 'before' | 'after',
  mine: readonly Release[],
  others: readonly Release[],
  budget: Budget,
): Regions<OfficeRegion> {
  const { frame, classes } = office
  const points = disjoint(
    frame,
    subtractAll(
      frame,
      mine.flatMap(({ on }) => boxOf(office, on)),
      others.flatMap(({ on }) => boxOf(office, on)),
    ),
  )
  const { boxes, shortest } = cover(frame, points, [], budget)
  const terms = (box: Box, at: number): readonly string[] =>
    classesOn(frame, box, at).flatMap((index) => classes[AXES[at] ?? 'mode'][index] ?? [])
  const regions = boxes.map((box): OfficeRegion => {
    const by = mine.filter(({ on }) => boxOf(office, on).some((one) => meets(frame, one, box)))
    const causes = by.map(({ agreement, article, rule }) => ({ side, agreement, article, rule }))
    return {
      direction,
      offices: terms(box, 0).toSorted(),
      areas: terms(box, 1).toSorted(),
      classifications: terms(box, 2),
      modes: terms(box, 3) as readonly ('show' | 'give')[],
      causes: [...new Map(causes.map((cause) => [JSON.stringify(cause), cause])).values()],
      classes: sizeOf(frame, box),
    }
  })
  return { regions, classes: points.reduce((sum, box) => sum + sizeOf(frame, box), 0), shortest }
}
