import {
  type Agreement,
  type Area,
  type Grant,
  type Prohibition,
  PERSON_DECIDES,
  areaAndAbove,
  equivalentClearance,
  equivalentMarking,
} from '@entente/agreement'
import {
  type AxesCell,
  type AxesDifference,
  type Difference,
  DifferenceError,
  type Direction,
  type Side,
  differenceOnAxes,
} from '@entente/difference'
import type { MarkingPolicy } from '@entente/label'

/** How far something of an area and a level may pass. `conditions`: attested posts, an intermediary, or a marking on which a person decides. */
export type Allowed = 'give' | 'show' | 'conditions' | 'not'

/** A cell: what may pass, by which grants, and on which terms. */
export interface Cell {
  readonly allowed: Allowed
  readonly grants: readonly { readonly agreement: string; readonly article: string; readonly id: string }[]
  readonly terms: string
}

/** What is gained, lost, or permitted on other terms in a cell. */
export interface Marks {
  readonly gained: boolean
  readonly lost: boolean
  readonly changed: boolean
}

export interface MatrixArea {
  readonly code: string
  readonly depth: number
}

/** One direction: areas down, levels across. */
export interface Matrix {
  readonly direction: Direction
  readonly areas: readonly MatrixArea[]
  /** Codes of the originator's classifications, rising. */
  readonly levels: readonly string[]
  readonly cell: (area: string, level: string) => Cell
}

const NOTHING: Cell = { allowed: 'not', grants: [], terms: '' }
const RANK: Readonly<Record<Allowed, number>> = { not: 0, conditions: 1, show: 2, give: 3 }

/** The areas of several trees, each below the one above it, each once. */
export function areasOf(trees: readonly (readonly Area[])[]): readonly MatrixArea[] {
  const all = trees.flat().filter((area, at, list) => list.findIndex(({ code }) => code === area.code) === at)
  const known = new Set(all.map(({ code }) => code))
  const seen = new Set<string>()
  const below = (parent: string | undefined, depth: number): readonly MatrixArea[] =>
    all
      .filter((area) => !seen.has(area.code) && (area.parent === undefined || !known.has(area.parent) ? undefined : area.parent) === parent)
      .flatMap(({ code }) => {
        seen.add(code)
        return [{ code, depth }, ...below(code, depth + 1)]
      })
  return below(undefined, 0)
}

/** Directions of the grants of some sides, sorted; `members` is every other party. */
export function directionsIn(sides: readonly Side[]): readonly Direction[] {
  const found = new Map<string, Direction>()
  for (const { body } of sides.flatMap(({ agreements }) => agreements)) {
    for (const { from, to, via } of body.grants) {
      const ends = to === 'members' ? body.parties.map(({ nation }) => nation).filter((nation) => nation !== from && nation !== via) : [to]
      for (const end of ends) found.set(`${from} ${end} ${via ?? ''}`, { from, to: end, ...(via === undefined ? {} : { via }) })
    }
  }
  return [...found.keys()].sort().flatMap((key) => found.get(key) ?? [])
}

/** The matrix of a direction on one side, by the axes alone: cells that the same rules reach are computed once. */
export function matrixOf(side: Side, direction: Direction, areas: readonly MatrixArea[]): Matrix {
  const policy = side.policies.find(({ nation }) => nation === direction.from)
  const levels = (policy?.classifications ?? []).toSorted((a, b) => a.order - b.order).map(({ code }) => code)
  const order = new Map(levels.map((code, at) => [code, at]))
  const bodies = side.agreements.map(({ body }) => body).filter((body) => binds(side, body, direction))
  const prohibitions = bodies.flatMap((body) => body.prohibitions.filter((rule) => leads(rule, direction)).map((rule) => ({ body, rule })))
  const grants = bodies
    .filter(({ agreement }) => side.suspended?.includes(agreement) !== true)
    .flatMap((body) => body.grants.filter((rule) => runs(rule, direction)).map((rule) => ({ body, rule })))
  const inArea = new Map<string, { readonly grants: typeof grants; readonly prohibitions: typeof prohibitions }>()
  const covering = (area: string): { readonly grants: typeof grants; readonly prohibitions: typeof prohibitions } => {
    const before = inArea.get(area)
    if (before !== undefined) return before
    const above = new Map(bodies.map((body) => [body, areaAndAbove(body, area)]))
    const made = {
      grants: grants.filter(({ body, rule }) => rule.areas.some((code) => above.get(body)?.includes(code))),
      // An area that its own tree does not hold is unknown to it, and the unknown matches.
      prohibitions: prohibitions.filter(({ body, rule }) => {
        const path = above.get(body) ?? []
        return rule.areas === undefined || path.length === 0 || rule.areas.some((code) => path.includes(code))
      }),
    }
    inArea.set(area, made)
    return made
  }
  const known = new Map<string, Cell>()
  const cell = (area: string, level: string): Cell => {
    const here = covering(area)
    const at = order.get(level) ?? Number.NaN
    const reaching = here.grants.filter(
      ({ rule }) => at <= (order.get(rule.ceiling) ?? -1) && (rule.floor === undefined || at >= (order.get(rule.floor) ?? Infinity)),
    )
    if (reaching.length === 0) return NOTHING
    const against = here.prohibitions.filter(
      ({ rule }) => rule.atLeast === undefined || rule.from !== direction.from || !(at < (order.get(rule.atLeast) ?? -1)),
    )
    const key = `${level} ${reaching.map(({ body, rule }) => `${body.agreement}/${rule.id}`).join(' ')} - ${against.map(({ body, rule }) => `${body.agreement}/${rule.id}`).join(' ')}`
    const before = known.get(key)
    if (before !== undefined) return before
    const made = cellOf(
      side,
      direction,
      level,
      reaching,
      against.map(({ rule }) => rule),
    )
    known.set(key, made)
    return made
  }
  return { direction, areas, levels, cell }
}

function binds(side: Side, body: Agreement, { from, to, via }: Direction): boolean {
  const gone = (nation: string): boolean =>
    side.withdrawn?.some((one) => one.agreement === body.agreement && one.nation === nation) === true
  const members = body.parties
    .filter(({ memberFrom = -Infinity, memberUntil = Infinity }) => memberFrom <= side.at && side.at < memberUntil)
    .map(({ nation }) => nation)
    .filter((nation) => !gone(nation))
  return [from, to, ...(via === undefined ? [] : [via])].every((nation) => members.includes(nation))
}

function cellOf(
  side: Side,
  direction: Direction,
  level: string,
  reaching: readonly { readonly body: Agreement; readonly rule: Grant }[],
  prohibitions: readonly Prohibition[],
): Cell {
  const { from, to } = direction
  let allowed: Allowed = 'not'
  const grants: Cell['grants'][number][] = []
  const terms = new Set<string>()
  for (const { body, rule: grant } of reaching) {
    if (!leaves(grant, prohibitions) || clearancesFor(side.policies, body, { from, to, level, at: side.at }).length === 0) continue
    const reach = reachOf(body, grant, direction, level, side.at)
    if (RANK[reach] > RANK[allowed]) allowed = reach
    grants.push({ agreement: body.agreement, article: grant.article, id: grant.id })
    const life = Math.min(grant.lifeDays, body.retention?.itemDays ?? Infinity)
    terms.add(JSON.stringify([life, grant.mode, grant.keyControl, grant.duties, grant.uses ?? []]))
  }
  return allowed === 'not' ? NOTHING : { allowed, grants, terms: [...terms].sort().join() }
}

function runs(grant: Grant, { from, to, via }: Direction): boolean {
  return grant.from === from && grant.via === via && (grant.to === to || grant.to === 'members')
}

/** Whether a prohibition is one of a direction: with an intermediary, of one of its legs. */
function leads(rule: Prohibition, { from, to, via }: Direction): boolean {
  const legs: readonly (readonly [string, string])[] =
    via === undefined
      ? [[from, to]]
      : [
          [from, to],
          [from, via],
          [via, to],
        ]
  return (
    legs.some(([start, end]) => (rule.from ?? start) === start && (rule.to ?? end) === end) && (rule.via === undefined || rule.via === via)
  )
}

/** Clearances of the reader's scheme that open a level of the originator's through the table, lowest first. */
export function clearancesFor(
  policies: readonly MarkingPolicy[],
  body: Pick<Agreement, 'equivalence'>,
  asked: { readonly from: string; readonly to: string; readonly level: string; readonly at: number },
): readonly string[] {
  const origin = policies.find(({ nation }) => nation === asked.from)
  const home = policies.find(({ nation }) => nation === asked.to)
  return (home?.clearances ?? [])
    .toSorted((a, b) => a.order - b.order)
    .map(({ code }) => code)
    .filter((code) => {
      const equivalent = equivalentClearance(body, asked.to, asked.from, code, asked.at)
      return origin?.clearances.find((one) => one.code === equivalent)?.classifications.includes(asked.level) === true
    })
}

function reachOf(body: Agreement, { mode, via, person }: Grant, { from, to }: Direction, level: string, at: number): Allowed {
  const narrowed = [person.organisations, person.posts, person.facilities].some((list) => list !== undefined)
  const decided = equivalentMarking(body, from, to, level, at) !== PERSON_DECIDES
  return via !== undefined || narrowed || !decided ? 'conditions' : mode
}

/** Whether prohibitions leave anything of a grant. */
function leaves(grant: Grant, prohibitions: readonly Prohibition[]): boolean {
  let acts: readonly string[] = grant.mode === 'show' ? grant.acts.filter((act) => act === 'list' || act === 'show') : grant.acts
  let citizens: readonly string[] = grant.person.citizenship
  let purposes: readonly string[] = grant.person.purposes
  for (const rule of prohibitions) {
    const { id: _, article: __, from: ___, to: ____, via: _____, areas: ______, atLeast: _______, ...narrow } = rule
    const [only, second] = Object.keys(narrow)
    if (only === undefined) return false
    if (second !== undefined) continue
    acts = acts.filter((act) => rule.acts?.some((one) => one === act) !== true)
    if (rule.citizenshipOutside !== undefined) citizens = citizens.filter((nation) => rule.citizenshipOutside?.includes(nation) === true)
    if (rule.purposesOutside !== undefined && purposes.length > 0) {
      purposes = purposes.filter((purpose) => rule.purposesOutside?.includes(purpose) === true)
      if (purposes.length === 0) return false
    }
  }
  return acts.length > 0 && citizens.length > 0
}

/** One direction on both sides, with what becomes of each cell. */
export interface MatrixPair {
  readonly was: Matrix
  readonly now: Matrix
  /** What is gained and lost in a cell, by the axes alone, each with its causes; undefined where nothing is. */
  readonly change: (area: string, level: string) => AxesCell | undefined
}

/** Every direction on both sides, with the difference on their axes: at once, while it is typed (spec/difference.md 3). */
export function matrixPairs(before: Side, after: Side): readonly MatrixPair[] {
  const areas = areasOf([...after.agreements, ...before.agreements].map(({ body }) => body.areas))
  const axes = before === after ? [] : axesBetween(before, after)
  return directionsIn([before, after]).map((direction) => {
    const found = axes.find((one) => JSON.stringify(one.direction) === JSON.stringify(direction))
    const cells = new Map(found?.cells.map((cell) => [`${cell.area} ${cell.classification}`, cell]))
    return {
      was: matrixOf(before, direction, areas),
      now: matrixOf(after, direction, areas),
      change: (area, level) => cells.get(`${area} ${level}`),
    }
  })
}

/** What cannot be compared has no cells: why it cannot is said with the whole difference, which fails for the same reason. */
function axesBetween(before: Side, after: Side): readonly AxesDifference[] {
  try {
    return differenceOnAxes(before, after)
  } catch (error) {
    if (error instanceof DifferenceError) return []
    throw error
  }
}

/** What becomes of a cell, by the axes and by the terms of its grants. */
export function marksOf({ was, now, change }: MatrixPair, area: string, level: string): Marks {
  const [before, after] = [was.cell(area, level), now.cell(area, level)]
  const cell = change(area, level)
  const both = before.allowed !== 'not' && after.allowed !== 'not'
  return {
    gained: (cell?.gained.length ?? 0) > 0,
    lost: (cell?.lost.length ?? 0) > 0,
    changed: both && (before.terms !== after.terms || before.allowed !== after.allowed),
  }
}

/** In how many cells something is gained, lost, or permitted on other terms. */
export function countMarks(pairs: readonly MatrixPair[]): Readonly<Record<keyof Marks, number>> {
  const counts = { gained: 0, lost: 0, changed: 0 }
  for (const pair of pairs) {
    for (const { code } of pair.now.areas) {
      for (const level of pair.now.levels) {
        const marks = marksOf(pair, code, level)
        for (const mark of ['gained', 'lost', 'changed'] as const) if (marks[mark]) counts[mark]++
      }
    }
  }
  return counts
}

/** What becomes of a cell, exactly: whether a region of the difference lies in it. */
export function exactMarks({ gained, lost, changed }: Difference, direction: Direction, area: string, level: string): Marks {
  const inside = (list: Difference['gained'] | Difference['changed']): boolean =>
    list.regions.some(
      (region) =>
        region.direction.from === direction.from &&
        region.direction.to === direction.to &&
        region.direction.via === direction.via &&
        region.areas.includes(area) &&
        region.classifications.includes(level),
    )
  return { gained: inside(gained), lost: inside(lost), changed: inside(changed) }
}
