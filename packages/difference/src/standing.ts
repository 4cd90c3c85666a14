import { type Agreement, type Grant, type Region, type Succession, areaAndAbove, tableAt } from '@entente/agreement'
import type { MarkingPolicy } from '@entente/label'
import { DifferenceError } from './errors.ts'
import type { Direction, Side, TreeName } from './model.ts'

/** For each area itself and all above it. */
export type Tree = ReadonlyMap<string, ReadonlySet<string>>

/** The terms of a version in which a term is asked; all of them must suffice. */
export type Reading = (kind: Succession['kind'], code: string, nation: string) => readonly string[]

/** An agreement of a side, looked up once. */
export interface Bound {
  readonly id: string
  readonly body: Agreement
  readonly members: readonly string[]
  readonly tree: Tree
  /** Whether anything can be permitted under it: not suspended, and everything that it rests on is in force. */
  readonly permits: boolean
  readonly read: Reading
}

/** How a side is asked; `was`: as `before` is asked of clearances that gave way to others since. */
export type Asked = TreeName['side'] | 'was'

/** A side, looked up once. */
export interface Standing {
  readonly name: Asked
  readonly side: Side
  readonly agreements: readonly Bound[]
}

/** Looks a side up. With `reading`, terms are asked as an item that was released under another version brings them. */
export function standing(side: Side, name: Asked, reading?: (body: Agreement) => Reading): Standing {
  return {
    name,
    side,
    agreements: side.agreements.map(({ id, body }) => {
      const read: Reading = reading?.(body) ?? ((_, code) => [code])
      const tree = treeOf(body, read)
      return { id, body, members: membersOf(side, body), tree, permits: permits(side, body), read }
    }),
  }
}

/** Terms of an older version, each read through what stands in its place in this one (spec/agreement.md 4). */
export function newerTerms({ successions = [] }: Agreement): Reading {
  return (kind, code, nation) => {
    const found = successions.find((one) => one.kind === kind && one.from === code && (one.nation ?? nation) === nation)
    return [found?.to ?? code]
  }
}

/** Clearances that this version does not know, each as those that gave way to it since (spec/decision.md 3). */
export function olderClearances(after: Side, at: number): (body: Agreement) => Reading {
  return (body) => (kind, code, nation) => {
    if (kind !== 'clearance') return [code]
    const known = body.parties.some(({ nation: to }) => tableAt(body, 'clearances', nation, to, at)?.rows.some((row) => row.from === code))
    const newer = after.agreements.find((version) => version.body.agreement === body.agreement)?.body.successions ?? []
    const older = newer.filter((one) => one.kind === 'clearance' && one.nation === nation && one.to === code).map((one) => one.from)
    return known || older.length === 0 ? [code] : older
  }
}

function membersOf(side: Side, body: Agreement): readonly string[] {
  const gone = (nation: string): boolean =>
    side.withdrawn?.some((one) => one.agreement === body.agreement && one.nation === nation) === true
  return body.parties
    .filter(({ nation, memberFrom = -Infinity, memberUntil = Infinity }) => memberFrom <= side.at && side.at < memberUntil && !gone(nation))
    .map((party) => party.nation)
}

function permits(side: Side, body: Agreement): boolean {
  const stands = (name: string): boolean => side.suspended?.includes(name) !== true
  const inForce = (name: string): boolean => {
    const version = side.agreements.find((one) => one.body.agreement === name)
    return stands(name) && (version === undefined ? side.presumed?.includes(name) === true : membersOf(side, version.body).length >= 2)
  }
  return stands(body.agreement) && (body.basis ?? []).every((reference) => inForce(reference.agreement))
}

function treeOf(body: Agreement, read: Reading): Tree {
  const own = new Map(body.areas.map(({ code }) => [code, new Set(areaAndAbove(body.areas, code))]))
  const older = (body.successions ?? []).filter((one) => one.kind === 'area').map((one) => one.from)
  for (const code of older) {
    const above = own.get(read('area', code, '')[0] ?? code)
    if (above !== undefined) own.set(code, above)
  }
  return own
}

/** Every direction in which a grant of a side runs between its members, sorted. */
export function directionsOf(sides: readonly Standing[]): readonly Direction[] {
  const found = new Map<string, Direction>()
  for (const { agreements } of sides) {
    for (const { body, members } of agreements) {
      for (const grant of body.grants) {
        for (const to of grant.to === 'members' ? members : [grant.to]) {
          const direction: Direction = { from: grant.from, to, ...(grant.via === undefined ? {} : { via: grant.via }) }
          if (runs(grant, members, direction)) found.set(`${grant.from} ${to} ${grant.via ?? ''}`, direction)
        }
      }
    }
  }
  return [...found.keys()].sort().flatMap((key) => found.get(key) ?? [])
}

/** Whether a grant is one of a direction, members aside. */
export function couldRun(grant: Grant, { from, to, via }: Direction): boolean {
  if (grant.from !== from || grant.via !== via || from === to || via === from || via === to) return false
  return grant.to === to || grant.to === 'members'
}

/** Whether a grant is one of a direction whose nations are all members. */
export function runs(grant: Grant, members: readonly string[], direction: Direction): boolean {
  const { from, to, via } = direction
  return couldRun(grant, direction) && [from, to, ...(via === undefined ? [] : [via])].every((nation) => members.includes(nation))
}

/** Whether a region's ends are those of one leg of the path: with an intermediary there are three. */
export function speaksOf(region: Region, { from, to, via }: Direction): boolean {
  const legs: readonly (readonly [string, string])[] =
    via === undefined
      ? [[from, to]]
      : [
          [from, to],
          [from, via],
          [via, to],
        ]
  const ends = legs.some(([start, end]) => (region.from ?? start) === start && (region.to ?? end) === end)
  return ends && (region.via === undefined || region.via === via)
}

/** The marking policy of a nation; throws `difference/policy-missing`. */
export function policyOf(side: Side, nation: string): MarkingPolicy {
  const policy = side.policies.find((one) => one.nation === nation)
  if (policy === undefined)
    throw new DifferenceError('difference/policy-missing', `no marking policy of \`${nation}\``, { values: { nation } })
  return policy
}

/** Orders of a nation's classifications on a side. */
export function ordersOf(side: Side, nation: string): ReadonlyMap<string, number> {
  return new Map(policyOf(side, nation).classifications.map((one) => [one.code, one.order]))
}

/** The order of an item's classification as an agreement reads it; undefined for one that the policy does not know. */
export function orderOf(orders: ReadonlyMap<string, number>, { read }: Bound, from: string, code: string): number | undefined {
  return orders.has(code) ? orders.get(read('classification', code, from)[0] ?? code) : undefined
}

/** Whether an item's classification lies between a grant's floor and its ceiling; never where one of them is unknown. */
export function isWithin(orders: ReadonlyMap<string, number>, bound: Bound, { from, ceiling, floor }: Grant, code: string): boolean {
  const level = orderOf(orders, bound, from, code) ?? Number.NaN
  return level <= (orders.get(ceiling) ?? Number.NaN) && (floor === undefined || level >= (orders.get(floor) ?? Number.NaN))
}

/** The agreements of a side that have a say in a direction: those that bind two of its nations. */
export function binding({ agreements }: Standing, { from, to, via }: Direction): readonly Bound[] {
  const ends = [from, to, ...(via === undefined ? [] : [via])]
  return agreements.filter(({ members }) => members.filter((nation) => ends.includes(nation)).length >= 2)
}
