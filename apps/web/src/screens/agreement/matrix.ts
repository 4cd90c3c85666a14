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
import type { Difference, Direction, Side } from '@entente/difference'
import type { MarkingPolicy } from '@entente/label'

/** How far something of an area and a level may pass. `conditions`: attested posts, an intermediary, or a marking on which a person decides. */
export type Allowed = 'give' | 'show' | 'conditions' | 'not'

/** A cell: what may pass, by which grants, and everything of it that can be gained or lost. */
export interface Cell {
  readonly allowed: Allowed
  readonly grants: readonly { readonly agreement: string; readonly article: string; readonly id: string }[]
  readonly atoms: ReadonlySet<string>
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

const NOTHING: Cell = { allowed: 'not', grants: [], atoms: new Set(), terms: '' }
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

/** The matrix of a direction on one side, by the axes alone: far less than a thousandth of a second. */
export function matrixOf(side: Side, direction: Direction, areas: readonly MatrixArea[]): Matrix {
  const policy = side.policies.find(({ nation }) => nation === direction.from)
  const levels = (policy?.classifications ?? []).toSorted((a, b) => a.order - b.order).map(({ code }) => code)
  const order = new Map(levels.map((code, at) => [code, at]))
  const bodies = side.agreements.map(({ body }) => body).filter((body) => binds(side, body, direction))
  const known = new Map<string, Cell>()
  const cell = (area: string, level: string): Cell => {
    const key = `${area} ${level}`
    const before = known.get(key)
    if (before !== undefined) return before
    const made = cellOf(side, bodies, direction, { area, level, order })
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

interface Asked {
  readonly area: string
  readonly level: string
  readonly order: ReadonlyMap<string, number>
}

function cellOf(side: Side, bodies: readonly Agreement[], direction: Direction, asked: Asked): Cell {
  const prohibitions = bodies.flatMap((body) => body.prohibitions.filter((one) => speaksOf(body, one, direction, asked)))
  let allowed: Allowed = 'not'
  const grants: Cell['grants'][number][] = []
  const atoms = new Set<string>()
  const terms = new Set<string>()
  for (const body of bodies) {
    if (side.suspended?.includes(body.agreement) === true) continue
    for (const grant of body.grants) {
      if (!reaches(side, body, grant, direction, asked)) continue
      const left = leftOf(body, grant, prohibitions)
      if (left === undefined) continue
      const reach = reachOf(body, grant, direction, asked, side.at)
      if (RANK[reach] > RANK[allowed]) allowed = reach
      grants.push({ agreement: body.agreement, article: grant.article, id: grant.id })
      for (const atom of left) atoms.add(atom)
      terms.add(JSON.stringify([grant.mode, grant.keyControl, grant.duties, grant.uses ?? []]))
    }
  }
  return allowed === 'not' ? NOTHING : { allowed, grants, atoms, terms: [...terms].sort().join() }
}

function reaches(side: Side, body: Agreement, grant: Grant, { from, to, via }: Direction, { area, level, order }: Asked): boolean {
  if (grant.from !== from || grant.via !== via || (grant.to !== to && grant.to !== 'members')) return false
  const at = order.get(level) ?? Number.NaN
  if (!(at <= (order.get(grant.ceiling) ?? -1)) || (grant.floor !== undefined && !(at >= (order.get(grant.floor) ?? Infinity))))
    return false
  const above = areaAndAbove(body, area)
  if (!grant.areas.some((code) => above.includes(code))) return false
  return clearancesFor(side.policies, body, { from, to, level, at: side.at }).length > 0
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

function reachOf(body: Agreement, { mode, via, person }: Grant, { from, to }: Direction, { level }: Asked, at: number): Allowed {
  const narrowed = [person.organisations, person.posts, person.facilities].some((list) => list !== undefined)
  const decided = equivalentMarking(body, from, to, level, at) !== PERSON_DECIDES
  return via !== undefined || narrowed || !decided ? 'conditions' : mode
}

/** A prohibition that speaks of a cell; one on an area that its own tree does not hold speaks of it too. */
function speaksOf(body: Agreement, rule: Prohibition, { from, to, via }: Direction, { area, level, order }: Asked): boolean {
  const legs: readonly (readonly [string, string])[] =
    via === undefined
      ? [[from, to]]
      : [
          [from, to],
          [from, via],
          [via, to],
        ]
  if (!legs.some(([start, end]) => (rule.from ?? start) === start && (rule.to ?? end) === end)) return false
  if (rule.via !== undefined && rule.via !== via) return false
  const above = areaAndAbove(body, area)
  if (rule.areas !== undefined && above.length > 0 && !rule.areas.some((code) => above.includes(code))) return false
  return rule.atLeast === undefined || rule.from !== from || !((order.get(level) ?? Infinity) < (order.get(rule.atLeast) ?? -1))
}

/** What prohibitions leave of a grant; undefined for nothing. */
function leftOf(body: Agreement, grant: Grant, prohibitions: readonly Prohibition[]): readonly string[] | undefined {
  let acts: readonly string[] = grant.mode === 'show' ? grant.acts.filter((act) => act === 'list' || act === 'show') : grant.acts
  let citizens: readonly string[] = grant.person.citizenship
  let purposes: readonly string[] = grant.person.purposes
  let categories: readonly string[] = grant.categories
  const barred: string[] = []
  for (const rule of prohibitions) {
    const { id: _, article: __, from: ___, to: ____, via: _____, areas: ______, atLeast: _______, ...narrow } = rule
    const [only, second] = Object.keys(narrow)
    if (only === undefined) return undefined
    if (second !== undefined || !['acts', 'citizenshipOutside', 'purposesOutside', 'categories'].includes(only)) {
      barred.push(JSON.stringify(narrow))
      continue
    }
    acts = acts.filter((act) => rule.acts?.some((one) => one === act) !== true)
    categories = categories.filter((value) => rule.categories?.includes(value) !== true)
    if (rule.citizenshipOutside !== undefined) citizens = citizens.filter((nation) => rule.citizenshipOutside?.includes(nation) === true)
    if (rule.purposesOutside !== undefined && purposes.length > 0) {
      purposes = purposes.filter((purpose) => rule.purposesOutside?.includes(purpose) === true)
      if (purposes.length === 0) return undefined
    }
  }
  if (acts.length === 0 || citizens.length === 0) return undefined
  const days = Math.min(grant.lifeDays, body.retention?.itemDays ?? Infinity)
  return [
    ...acts.map((act) => `act ${act}`),
    ...citizens.map((nation) => `citizen ${nation}`),
    ...(purposes.length === 0 ? ['purpose any'] : purposes.map((purpose) => `purpose ${purpose}`)),
    ...categories.map((value) => `category ${value}`),
    ...(grant.uses ?? []).map((use) => `use ${use}`),
    ...(['organisations', 'posts', 'facilities'] as const).flatMap((of) => (grant.person[of] ?? ['any']).map((code) => `${of} ${code}`)),
    ...Array.from({ length: Math.ceil(Math.log2(days + 1)) + 1 }, (_, power) => `days ${Math.min(days, 2 ** power)}`),
    // What stands in the way of some is gained where it falls away: its absence is the atom.
    ...(barred.length === 0 ? ['not barred'] : barred.map((one) => `barred ${one}`)),
  ]
}

/** What becomes of a cell, by the axes alone: for a draft, while it is typed. */
export function marksOf(before: Cell, after: Cell): Marks {
  const gained = after.allowed !== 'not' && [...after.atoms].some((atom) => !atom.startsWith('barred ') && !before.atoms.has(atom))
  const lost = before.allowed !== 'not' && [...before.atoms].some((atom) => !atom.startsWith('barred ') && !after.atoms.has(atom))
  const both = before.allowed !== 'not' && after.allowed !== 'not'
  return { gained, lost, changed: both && (before.terms !== after.terms || before.allowed !== after.allowed) }
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
