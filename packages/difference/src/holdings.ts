import { type Area, areaAndAbove } from '@entente/agreement'
import type { RosterStatement } from '@entente/clearance'
import type { Basis } from '@entente/decision'
import type { Label } from '@entente/label'
import { type Difference, type DifferenceRegion, type Direction, OTHER, type Opened, type Released, type SetTerms } from './model.ts'

/** An item that the asking officer may list. Who asks gives no others: what is not given changes no figure. */
export interface HeldItem {
  readonly id: string
  readonly direction: Direction
  readonly label: Label
  readonly area: string
  /** Seconds. */
  readonly releasedAt: number
  readonly basis?: Basis
}

/** What lies in one region. */
export interface RegionHoldings {
  /** Ids of the items, sorted. */
  readonly items: readonly string[]
  /** From the newest roster statement: cells of readers who lie in the region, and the most people there can be. */
  readonly readers?: { readonly number: number; readonly at: number; readonly cells: RosterStatement['cells']; readonly atMost: number }
}

/** Holdings of every region of a difference, list by list in its order. */
export interface Holdings {
  readonly gained: readonly RegionHoldings[]
  readonly lost: readonly RegionHoldings[]
  readonly changed: readonly RegionHoldings[]
  readonly withdrawn: readonly RegionHoldings[]
  readonly kept: readonly RegionHoldings[]
}

/**
 * Which of the given items lie in each region at `at` (seconds), by what is the item's: direction, area, label, age. People come from
 * roster statements alone: a cell of *fewer than k* counts as *k* - 1, and one person may stand in several cells. `areas` is the
 * tree through which a reader's area covers those below it.
 */
export function holdings(
  difference: Difference,
  items: readonly HeldItem[],
  rosters: readonly RosterStatement[],
  now: { readonly at: number; readonly areas: readonly Area[] },
): Holdings {
  const of = (region: Opened, fits: (item: HeldItem) => boolean = () => true): RegionHoldings => {
    const inside = items.filter((item) => lies(region, item, now.at) && fits(item)).map((item) => item.id)
    const readers = readersIn(region, rosters, now.areas)
    return { items: inside.sort(), ...(readers === undefined ? {} : { readers }) }
  }
  const under = (region: Released): RegionHoldings =>
    of(region, ({ basis }) => basis?.agreement === region.grant.agreement && basis.grant === region.grant.id)
  return {
    gained: difference.gained.regions.map((region) => of(region)),
    lost: difference.lost.regions.map((region) => of(region)),
    changed: difference.changed.regions.map((region) => of(region)),
    withdrawn: difference.withdrawn.regions.map(under),
    kept: difference.kept.regions.map(under),
  }
}

function lies(region: DifferenceRegion, { direction, label, area, releasedAt }: HeldItem, at: number): boolean {
  const { from, to, via } = region.direction
  if (direction.from !== from || direction.to !== to || direction.via !== via) return false
  if (!region.areas.includes(area) || !region.classifications.includes(label.classification)) return false
  const days = Math.max(0, at - releasedAt) / 86_400
  if (region.ages?.some((age) => age.fromDay <= days && days < (age.beforeDay ?? Infinity)) === false) return false
  const categories = label.categories.flatMap(({ tag, values }) => values.map((value) => `${tag}/${value}`))
  return (
    inSets(region.categories, categories) &&
    inSets(
      region.personRules,
      label.personRules.map((rule) => rule.code),
    )
  )
}

function inSets(terms: SetTerms | undefined, members: readonly string[]): boolean {
  if (terms === undefined) return true
  const named = new Set([...terms.some.flat(), ...terms.any, ...terms.none])
  const held = members.map((member) => (named.has(member) ? member : OTHER))
  return terms.some.every((list) => list.some((one) => held.includes(one))) && !held.some((member) => terms.none.includes(member))
}

function readersIn(region: Opened, rosters: readonly RosterStatement[], areas: readonly Area[]): RegionHoldings['readers'] {
  const agreements = new Set(region.causes.map((cause) => cause.agreement))
  const [newest] = rosters
    .filter((roster) => roster.nation === region.direction.to && agreements.has(roster.agreement))
    .toSorted((a, b) => b.number - a.number)
  if (newest === undefined) return undefined
  const covering = new Set(region.areas.flatMap((area) => areaAndAbove(areas, area)))
  const cells = newest.cells.filter(
    (cell) => region.clearances.some(({ clearances }) => clearances.includes(cell.clearance)) && covering.has(cell.area),
  )
  const atMost = cells.reduce((sum, cell) => sum + (cell.count ?? Math.max(0, (cell.fewerThan ?? 0) - 1)), 0)
  return { number: newest.number, at: newest.at, cells, atMost }
}
