import type { Act, Use } from '@entente/agreement'
import type { Question } from '@entente/decision'
import type { Category, MarkingPolicy } from '@entente/label'
import { type Box, classesOn } from './boxes.ts'
import { type DifferenceRegion, type Direction, NONE, OTHER, type Point, type SetTerms, type Side } from './model.ts'
import { needAreas, sufficing } from './relations.ts'
import type { Space } from './space.ts'
import { policyOf } from './standing.ts'
import { SINGLE, type SetAxis, type SingleAxis, type Universe } from './universe.ts'

/** Chooses among members of a class; every choice is as good as any other, which is what a quotient means. */
export interface Chooser {
  one<T>(from: readonly T[]): T | undefined
  /** At least one of them. */
  some<T>(from: readonly T[]): readonly T[]
  /** Any of them, or none: members that no rule reads. */
  any<T>(from: readonly T[]): readonly T[]
}

/** The first of everything and no more than must be: an example that says nothing superfluous. */
export const FIRST: Chooser = {
  one: (from) => from[0],
  some: (from) => from.slice(0, 1),
  any: () => [],
}

/** A point of a box. The box holds no impossible point. */
export function pointIn(space: Space, direction: Direction, box: Box, choose: Chooser = FIRST): Point {
  const { universe } = space
  const term = (axis: SingleAxis): string => {
    const classes = classesOn(space.frame, box, SINGLE.indexOf(axis)).flatMap((at) => [space.single[axis][at] ?? []])
    return choose.one(choose.one(classes) ?? []) ?? OTHER
  }
  const named = (code: string): string | undefined => (code === NONE ? undefined : code === OTHER ? 'OTHER' : code)
  const optional = <Name extends string>(name: Name, code: string | undefined): Partial<Record<Name, string>> =>
    code === undefined ? {} : ({ [name]: code } as Partial<Record<Name, string>>)
  const area = term('area')
  const classification = term('classification')
  const use = term('use')
  const purpose = term('purpose')
  const asked = purpose.startsWith('~') || purpose === NONE || purpose === OTHER ? 'other' : purpose
  return {
    direction,
    area: area === OTHER ? 'other' : area,
    classification,
    categories: members(space, box, 'category', choose).map((value) => (value === OTHER ? 'other/OTHER' : value)),
    personRules: members(space, box, 'personRule', choose),
    act: term('act') as Act,
    ...(use === NONE ? {} : { use: use as Use }),
    ageDays: Number(term('age')),
    ...optional('clearance', choose.one(sufficing(universe.readings, universe.clearances, classification, Number(term('clearance'))))),
    citizenships: members(space, box, 'citizenship', choose)
      .map((nation) => (nation === OTHER ? stranger(universe) : nation))
      .sort(),
    needs: needAreas(universe.trees, area, Number(term('need'))) ?? [],
    ...optional('organisation', named(term('organisation'))),
    ...optional('post', named(term('post'))),
    ...optional('facility', named(term('facility'))),
    ...optional('attested', named(purpose === OTHER ? 'other' : purpose.replace(/^~/u, ''))),
    purpose: asked,
  }
}

function members(space: Space, box: Box, set: SetAxis, choose: Chooser): readonly string[] {
  const found: string[] = []
  const read = new Set<string>()
  for (const [at, { axis, members: own }] of space.memberships.entries()) {
    if (axis !== set) continue
    for (const member of own) read.add(member)
    const present = choose.one(classesOn(space.frame, box, SINGLE.length + at))
    if (present === 1) found.push(...choose.some(own))
  }
  return [...found, ...choose.any(space.universe.many[set].filter((member) => !read.has(member)))].sort()
}

/** A nation that no rule names. */
function stranger(universe: Universe): string {
  for (const code of ['XXX', 'XXY', 'XXZ']) if (!universe.many.citizenship.includes(code)) return code
  return 'ZZZ'
}

/** A point as the region that holds nothing else, so that it can be worded as one. */
export function regionOfPoint(point: Point): DifferenceRegion {
  const { organisation, post, facility, attested, purpose } = point
  const exactly = (terms: readonly string[]): SetTerms => ({ some: terms.map((term) => [term]), any: [], none: [OTHER] })
  return {
    direction: point.direction,
    areas: [point.area],
    classifications: [point.classification],
    acts: [point.act],
    uses: [point.use ?? NONE],
    clearances: [{ classification: point.classification, clearances: point.clearance === undefined ? [] : [point.clearance] }],
    ...(point.ageDays === 0 ? {} : { ages: [{ fromDay: point.ageDays, beforeDay: point.ageDays + 1 }] }),
    categories: exactly(point.categories),
    personRules: { ...exactly(point.personRules), none: [] },
    citizenships: exactly(point.citizenships),
    ...(organisation === undefined ? {} : { organisations: [organisation] }),
    ...(post === undefined ? {} : { posts: [post] }),
    ...(facility === undefined ? {} : { facilities: [facility] }),
    ...(attested === undefined ? {} : { purposes: [attested === purpose ? attested : `~${attested}`] }),
  }
}

/** The rule under which a point would be released. */
export interface ReleasedUnder {
  readonly agreement: string
  /** Id of the version. */
  readonly version: string
  readonly article: string
  readonly grant: string
}

/**
 * A point as a question for `decide`: an item that was released at the side's instant, whose label keeps it from nobody whom the
 * point describes, and a reader who fulfils what labels ask (briefings, no suspension). So the rules alone decide.
 */
export function questionOf(side: Side, point: Point, basis: ReleasedUnder): Question {
  const { direction, citizenships } = point
  const policy = policyOf(side, direction.from)
  const ends = [...new Set([direction.from, direction.to, ...(direction.via === undefined ? [] : [direction.via])])].sort()
  const optional = <Name extends 'clearance' | 'organisation' | 'post' | 'facility'>(name: Name): Partial<Record<Name, string>> => {
    const code = point[name]
    return code === undefined ? {} : ({ [name]: code } as Partial<Record<Name, string>>)
  }
  return {
    act: point.act,
    person: {
      nation: direction.to,
      pseudonym: 'example',
      citizenships,
      areas: point.needs,
      suspended: false,
      briefings: point.categories,
      ...optional('clearance'),
      ...optional('organisation'),
      ...optional('post'),
      ...optional('facility'),
      ...(point.attested === undefined ? {} : { purpose: point.attested }),
    },
    item: {
      originator: direction.from,
      basis: { agreement: basis.agreement, version: basis.version, article: basis.article, grant: basis.grant },
      label: {
        policy: policy.id,
        classification: point.classification,
        categories: categoriesOf(point.categories, policy),
        personRules: point.personRules.map((code) => ({
          rule: 'citizens-of' as const,
          code,
          nations: [...new Set([...ends, ...citizenships])].sort(),
        })),
        originators: [{ nation: direction.from, releasableTo: ends }],
        created: side.at,
      },
      area: point.area,
      releasedAt: side.at,
      stopped: false,
      ...(direction.via === undefined ? {} : { via: direction.via }),
    },
    purpose: point.purpose,
    ...(point.use === undefined ? {} : { use: point.use }),
    at: side.at + point.ageDays * 86_400,
  }
}

function categoriesOf(values: readonly string[], policy: MarkingPolicy): readonly Category[] {
  const byTag = Map.groupBy(values, (value) => value.split('/')[0] ?? '')
  return [...byTag].map(([tag, own]) => ({
    tag,
    kind: policy.categories.find((category) => category.tag === tag)?.kind ?? 'restrictive',
    values: own.map((value) => value.slice(tag.length + 1)).sort(),
  }))
}
