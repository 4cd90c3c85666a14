import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Reader } from '@entente/decision'
import * as fc from 'fast-check'
import type { Likeness } from '#src/store/likeness.ts'
import { type Place, Listing } from '#src/store/listing.ts'
import { type Wanting, choose } from '#src/use-cases/listable-items.ts'

const NOW = 1_000_000
const AREAS = ['air', 'sea', 'cyber'] as const
const LABEL = {
  policy: 'EXERCISE-XKA',
  classification: 'SECRET',
  categories: [],
  personRules: [],
  originators: [{ nation: 'XKA', releasableTo: ['XKA', 'XLO'] }],
}
const WANTING: Wanting = [{ facts: { nation: 'XLO', pseudonym: 'home' }, purpose: '' }]

interface Given {
  readonly area: (typeof AREAS)[number]
  readonly released: number
  readonly expires: number
}

function likeness(area: string): Likeness {
  return { originator: 'XKA', recipient: 'XLO', area, label: LABEL }
}

function uuid(number: number): string {
  return `00000000-0000-4000-8000-${number.toString(16).padStart(12, '0')}`
}

/** A stand-in whose answer depends on area, version and life only, as a grant's does; it counts what it is asked. */
function worldOf(lifeSeconds: number, permitted: (area: string, released: number) => boolean) {
  const asked: number[] = []
  const reader: Pick<Reader, 'turns' | 'intern' | 'permittedFrom'> = {
    turns: [300_000, 900_000],
    intern: ({ area }) => AREAS.findIndex((one) => one === area),
    permittedFrom({ kinds, oldest, newest }, from, last, since) {
      for (const [place, kind] of kinds.entries()) {
        const end = Math.min(last, newest[place] ?? -Infinity)
        const first = Math.max(from, oldest[place] ?? Infinity, NOW - lifeSeconds + 1)
        if (kind < 0 || Math.max(from, oldest[place] ?? Infinity) > end) continue
        asked.push(end)
        if (permitted(AREAS[kind] ?? '', end) && first <= end) since[place] = first
      }
    },
  }
  const listing = new Listing()
  for (const [number, area] of AREAS.entries()) listing.know(number + 1, likeness(area))
  const nation = { config: { nation: 'XLO' }, decider: () => ({ reader: () => reader }), listing } as never
  return { nation, listing, asked }
}

function fill(listing: Listing, items: readonly Given[]): void {
  for (const [id, { area, released, expires }] of items.entries())
    listing.add({ id, item: uuid(id), likeness: AREAS.indexOf(area) + 1, released, expires })
}

const items = fc.array(
  fc.record({
    area: fc.constantFrom(...AREAS),
    released: fc.integer({ min: 0, max: NOW }),
    expires: fc.constantFrom(NOW - 1, NOW, NOW + 1),
  }),
  { maxLength: 40 },
)

test('what a list shows, page by page, is what deciding item by item permits, the newest first', () => {
  fc.assert(
    fc.property(items, fc.integer({ min: 0, max: NOW }), fc.integer({ min: 1, max: 7 }), fc.nat(39), (given, life, limit, stopped) => {
      // Air under every version, the sea only under the one that is in force from 300,000 to 900,000.
      const { nation, listing } = worldOf(life, (area, at) => area === 'air' || (area === 'sea' && at >= 300_000 && at < 900_000))
      fill(listing, given)
      listing.remove(uuid(stopped))
      const permitted = ({ area, released, expires }: Given): boolean =>
        expires > NOW && NOW < released + life && (area === 'air' || (area === 'sea' && released >= 300_000 && released < 900_000))
      const expected = given
        .map((one, id) => ({ ...one, id }))
        .filter((one) => one.id !== stopped && permitted(one))
        .sort((a, b) => b.released - a.released || b.id - a.id)
        .map(({ id }) => id)
      const shown: number[] = []
      let after: Place | undefined
      for (;;) {
        const { count, rows } = listing.pick(choose(nation, WANTING, NOW), { limit, ...(after === undefined ? {} : { after }) })
        assert.equal(count, expected.length)
        const page = rows.slice(0, limit).map(({ id }) => id)
        shown.push(...page)
        if (rows.length <= limit) break
        const last = page.at(-1) ?? 0
        after = { released: given[last]?.released ?? 0, item: uuid(last) }
      }
      assert.deepEqual(shown, expected)
    }),
  )
})

test('ten thousand items of two likenesses need a handful of decisions', () => {
  const { nation, listing, asked } = worldOf(NOW * 2, (area) => area === 'air')
  fill(
    listing,
    Array.from({ length: 10_000 }, (_, index) => ({ area: index % 2 === 0 ? 'air' : 'sea', released: 400_000 + index, expires: NOW * 2 })),
  )
  assert.equal(listing.pick(choose(nation, WANTING, NOW), { limit: 5 }).count, 5_000)
  assert.ok(asked.length <= 8, String(asked.length))
})

test('a likeness that nobody decided about is not listed', () => {
  const { nation, listing } = worldOf(NOW * 2, () => true)
  const choice = choose(nation, WANTING, NOW)
  listing.know(9, likeness('air'))
  listing.add({ id: 1, item: uuid(1), likeness: 9, released: 500_000, expires: NOW * 2 })
  assert.equal(listing.pick(choice, { limit: 5 }).count, 0)
  assert.equal(listing.pick(choose(nation, WANTING, NOW), { limit: 5 }).count, 1)
})
