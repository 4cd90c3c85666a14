import assert from 'node:assert/strict'
import { test } from 'node:test'
import { areaAndAbove } from '@entente/agreement'
import { assert as holds, integer, property } from 'fast-check'
import { type DifferenceRegion, type OfficeRegion, type Opened, OTHER, type Side, DifferenceError, difference } from '@entente/difference'
import { frameOf } from '../src/boxes.ts'
import { directionsOf, standing } from '../src/standing.ts'
import { comparisons, chooser, lies, member, randomClass } from './asking.ts'
import { AT, Dice, LEVELS, POLICIES, amended, body, sideOf, sides } from './worlds.ts'

function forWorlds(runs: number, check: (dice: Dice) => void): void {
  holds(
    property(integer(), (seed) => check(new Dice(seed))),
    { numRuns: runs },
  )
}

function sameDirection(a: DifferenceRegion['direction'], b: DifferenceRegion['direction']): boolean {
  return a.from === b.from && a.to === b.to && a.via === b.via
}

/** A region without what names a side. */
function bare(region: Opened): DifferenceRegion {
  const { causes, needs, ...rest } = region
  assert.ok(causes.length > 0, 'a region has its causes')
  return { ...rest, ...(needs === undefined ? {} : { needs: [] }) }
}

test('nothing differs from itself', () => {
  forWorlds(100, (dice) => {
    const { before } = sides(dice, 'all')
    const found = difference(before, structuredClone(before))
    const { gained, lost, changed, withdrawn, kept, offices } = found
    for (const list of [gained, lost, changed, withdrawn, kept, offices.gained, offices.lost])
      assert.deepEqual(list, { regions: [], classes: 0, shortest: true })
  })
})

test('what is gained one way is lost the other way, in the same order', () => {
  forWorlds(100, (dice) => {
    const { before, after } = sides(dice, 'all')
    const [there, back] = [difference(before, after), difference(after, before)]
    // A search that was broken off may have begun elsewhere: then only the points are the same.
    if (there.gained.shortest) assert.deepEqual(there.gained.regions.map(bare), back.lost.regions.map(bare))
    if (there.lost.shortest) assert.deepEqual(there.lost.regions.map(bare), back.gained.regions.map(bare))
    assert.equal(there.gained.classes, back.lost.classes)
    assert.equal(there.changed.classes, back.changed.classes)
  })
})

test('the order of agreements, rules and policies changes nothing', () => {
  forWorlds(60, (dice) => {
    const { before, after } = sides(dice, 'all')
    const turned = (side: Side): Side => ({
      ...side,
      policies: side.policies.toReversed(),
      agreements: side.agreements
        .toReversed()
        .map(({ id, body: one }) => ({ id, body: { ...one, prohibitions: one.prohibitions.toReversed() } })),
    })
    const geometry = (regions: readonly Opened[]): readonly unknown[] => regions.map((region) => bare(region))
    const [straight, other] = [difference(before, after), difference(turned(before), turned(after))]
    for (const list of ['gained', 'lost'] as const) {
      assert.equal(other[list].classes, straight[list].classes)
      if (straight[list].shortest) assert.deepEqual(geometry(other[list].regions), geometry(straight[list].regions))
    }
  })
})

test('what is gained in two steps at once is gained in one of them', () => {
  let asked = 0
  forWorlds(60, (dice) => {
    const first = body(dice, 'pair', 'all')
    const second = amended(dice, first, 'all')
    const [a, b, c] = [sideOf([first]), sideOf([second]), sideOf([amended(dice, second, 'all')])]
    const [ab, bc, once] = [difference(a, b), difference(b, c), difference(a, c)]
    for (const comparison of comparisons(a, c)) {
      const likely = comparison.after.permitted
      for (let n = 0; n < (likely.length === 0 ? 0 : 100); n++) {
        const box = randomClass(dice, comparison, dice.one(likely))
        if (box === undefined) continue
        const point = member(comparison, box, chooser(dice))
        const inside = (regions: readonly Opened[], x: Side, y: Side): boolean =>
          comparisons(x, y).some(({ space, direction }) =>
            regions.some((region) => sameDirection(region.direction, direction) && lies(region, point, x, y, space.universe)),
          )
        if (!inside(once.gained.regions, a, c)) continue
        asked++
        assert.ok(inside(ab.gained.regions, a, b) || inside(bc.gained.regions, b, c), JSON.stringify(point))
        if (asked % 50 === 0) return
      }
    }
  })
  assert.ok(asked > 100, `only ${asked} points`)
})

test('offices: for every office, area, level and mode the regions say what grants and delegations say', () => {
  let differing = 0
  forWorlds(120, (dice) => {
    const first = body(dice, 'pair', 'all')
    const second = dice.chance(50) ? amended(dice, first, 'all') : first
    const other = body(dice, 'pair', 'all')
    const [before, after] = [sideOf([first]), sideOf([{ ...second, delegations: other.delegations ?? [] }])]
    const found = difference(before, after).offices
    const directions = directionsOf([standing(before, 'before'), standing(after, 'after')])
    for (const direction of directions) {
      const delegated = [before, after].some((side) =>
        side.agreements.some((version) => (version.body.delegations ?? []).some((one) => one.nation === direction.from)),
      )
      const delegations = [before, after].flatMap((side) => side.agreements.flatMap((version) => version.body.delegations ?? []))
      const named = ['DESK', ...delegations.filter((one) => one.nation === direction.from).map((one) => one.office)]
      for (const office of ['DESK', 'FRONT', 'ELSE']) {
        for (const area of ['sea', 'sea-trade', 'sky', 'soil']) {
          for (const level of LEVELS) {
            for (const mode of ['give', 'show'] as const) {
              const point = { direction, office, area, level, mode }
              const [was, becomes] = [before, after].map((side) => delegated && mayRelease(side, point))
              const inside = (regions: readonly OfficeRegion[]): boolean => regions.some((region) => officeLies(region, point, named))
              if (was !== becomes) differing++
              assert.equal(inside(found.gained.regions), becomes === true && was === false, JSON.stringify(point))
              assert.equal(inside(found.lost.regions), was === true && becomes === false, JSON.stringify(point))
            }
          }
        }
      }
    }
  })
  assert.ok(differing > 200, `only ${differing} differ`)
})

interface OfficePoint {
  readonly direction: DifferenceRegion['direction']
  readonly office: string
  readonly area: string
  readonly level: string
  readonly mode: 'give' | 'show'
}

function mayRelease({ agreements }: Side, { direction, office, area, level, mode }: OfficePoint): boolean {
  return agreements.some(({ body: one }) => {
    const [{ from }, path] = [direction, areaAndAbove(one.areas, area)]
    const members = one.parties.filter((party) => (party.memberFrom ?? 0) <= AT).map((party) => party.nation)
    const own = (one.delegations ?? []).filter((delegation) => delegation.nation === from)
    const order = (code: string): number => LEVELS.findIndex((one) => one === code)
    return one.grants.some((grant) => {
      const ends = [from, direction.to, ...(direction.via === undefined ? [] : [direction.via])]
      if (grant.from !== from || (grant.to !== direction.to && grant.to !== 'members') || grant.via !== direction.via) return false
      if (!ends.every((nation) => members.includes(nation)) || grant.mode !== mode) return false
      if (!path.some((above) => grant.areas.includes(above)) || order(level) > order(grant.ceiling)) return false
      if (grant.floor !== undefined && order(level) < order(grant.floor)) return false
      if (own.length === 0) return true
      return own.some(
        (delegation) =>
          delegation.office === office &&
          delegation.modes.includes(mode) &&
          order(level) <= order(delegation.ceiling) &&
          (delegation.until ?? Infinity) > AT &&
          path.some((above) => delegation.areas.includes(above)),
      )
    })
  })
}

function officeLies(region: OfficeRegion, { direction, office, area, level, mode }: OfficePoint, named: readonly string[]): boolean {
  return (
    JSON.stringify(region.direction) === JSON.stringify(direction) &&
    region.offices.includes(named.includes(office) ? office : OTHER) &&
    region.areas.includes(area) &&
    region.classifications.includes(level) &&
    region.modes.includes(mode)
  )
}

test('sides of which no difference can be said are refused with a code', () => {
  const dice = new Dice(1)
  const one = body(dice, 'pair', 'basic')
  const refused = (before: Side, after: Side, code: string): void => {
    assert.throws(
      () => difference(before, after),
      (error: unknown) => error instanceof DifferenceError && error.code === code,
    )
  }
  refused(sideOf([one]), sideOf([{ ...one, realm: 'operational' }]), 'difference/mixed-realms')
  refused(sideOf([one, one]), sideOf([one]), 'difference/duplicate')
  refused(sideOf([one]), sideOf([one], [...POLICIES, ...POLICIES]), 'difference/duplicate')
  refused(sideOf([one]), sideOf([one], []), 'difference/policy-missing')
  const names = { en: 'x', ja: 'x' }
  const many = Array.from({ length: 8 }, (_, n) => ({
    ...one,
    agreement: `a${n}`,
    areas: [{ code: `own-${n}`, names }, ...['sea', 'sea-trade', 'sky'].map((code) => ({ code, parent: `own-${n}`, names }))],
  }))
  refused(sideOf(many), sideOf([one]), 'difference/too-many-readings')
  assert.equal(frameOf([3, 40]).full.length, 3)
})
