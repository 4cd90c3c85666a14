// Planted faults: the regions or the matrix of each twin must differ from what `decide` says of points that the true package chose.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type * as Package from '@entente/difference'
import type { Point, Side } from '@entente/difference'
import { type Box, type Frame, axesOf } from '../src/boxes.ts'
import { type Fault, planted } from '../../decision/test/planted.ts'
import { Asked, chooser, comparisons, lies, member, randomClass } from './asking.ts'
import { Dice, body, grant, sideOf, sides } from './worlds.ts'

const FAULTS: readonly Fault[] = [
  {
    name: 'a prohibition of one side is not taken out',
    file: 'compare',
    right: 'subtractAll(frame, granted, forbidden)',
    wrong: 'granted',
  },
  {
    name: 'the matrix knows one area of those that no rule tells apart',
    file: 'axes',
    right: 'for (const one of areas)',
    wrong: 'for (const one of areas.slice(0, 1))',
  },
  {
    name: 'the matrix leaves out what the other side still permits in part',
    file: 'axes',
    right: 'subtractAll(frame, comparison[side].permitted, other.permitted)',
    wrong: 'comparison[side].permitted.filter((box) => subtractAll(frame, [box], other.permitted).length === 1)',
  },
  {
    name: 'the matrix colours what cannot be',
    file: 'axes',
    right: 'other.permitted), impossible)',
    wrong: 'other.permitted), [])',
  },
  {
    name: 'the matrix exchanges the sides',
    file: 'axes',
    right: "side === 'after' ? 'gained' : 'lost'",
    wrong: "side === 'before' ? 'gained' : 'lost'",
  },
  { name: 'the sides are exchanged', file: 'difference', right: "opened(one, 'after', budget)", wrong: "opened(one, 'before', budget)" },
  {
    name: 'what the other side permits is not taken out',
    file: 'difference',
    right: 'subtractAll(space.frame, mine.permitted, other.permitted)',
    wrong: 'mine.permitted',
  },
  {
    name: 'only the first region is said',
    file: 'difference',
    right: 'regions: boxes.map(word)',
    wrong: 'regions: boxes.slice(0, 1).map(word)',
  },
  {
    name: 'a box is larger than its union',
    file: 'cover',
    right: 'if (subtractAll(frame, [slice], union).length > 0) continue',
    wrong: 'if (axis > 2 && subtractAll(frame, [slice], union).length > 0) continue',
  },
  { name: 'a piece of a subtraction is left out', file: 'boxes', right: 'pieces.push(piece)', wrong: 'if (axis !== 5) pieces.push(piece)' },
  {
    name: 'terms of one class that two rules tell apart',
    file: 'space',
    right: "sets.map((set) => (set.has(term) ? '1' : '0')).join('')",
    wrong: "sets.slice(0, 1).map((set) => (set.has(term) ? '1' : '0')).join('')",
  },
  {
    name: 'one of several members is enough to be free of them',
    file: 'space',
    right: 'for (const at of axesOfSet(space, set, members)) {',
    wrong: 'for (const at of axesOfSet(space, set, members).slice(0, 1)) {',
  },
  {
    name: 'a prohibition on one of several categories knows the first alone',
    file: 'space',
    right: 'return axesOfSet(space, set, members).flatMap(',
    wrong: 'return axesOfSet(space, set, members).slice(0, 1).flatMap(',
  },
  {
    name: 'the ceiling is one too low',
    file: 'standing',
    right: 'level <= (orders.get(ceiling) ?? Number.NaN)',
    wrong: 'level < (orders.get(ceiling) ?? Number.NaN)',
  },
  { name: 'there is no floor', file: 'standing', right: 'floor === undefined ||', wrong: 'true ||' },
  { name: 'a membership of later counts now', file: 'standing', right: 'memberFrom <= side.at &&', wrong: '' },
  {
    name: 'members are the first party alone',
    file: 'standing',
    right: "grant.to === 'members' ? members : [grant.to]",
    wrong: "grant.to === 'members' ? members.slice(0, 1) : [grant.to]",
  },
  { name: 'an intermediary is not compared', file: 'standing', right: 'grant.via !== via ||', wrong: '' },
  { name: 'a prohibition looks at one leg of a path', file: 'standing', right: '[from, via],', wrong: '' },
  {
    name: 'one member of an agreement is bound by it',
    file: 'standing',
    right: 'ends.includes(nation)).length >= 2',
    wrong: 'ends.includes(nation)).length >= 1',
  },
  { name: 'shown may be opened', file: 'rules', right: "grant.mode === 'show' ?", wrong: 'false ?' },
  { name: 'a life of days has one more', file: 'rules', right: 'Number(day) < life', wrong: 'Number(day) <= life' },
  { name: 'retention shortens nothing', file: 'universe', right: 'body.retention?.itemDays ?? Infinity', wrong: 'Infinity' },
  {
    name: 'uses are free',
    file: 'rules',
    right: 'new Set<string>([NONE, ...(grant.uses ?? [])])',
    wrong: "new Set<string>([NONE, 'act-on', 'court', 'name-source'])",
  },
  { name: 'categories are free', file: 'rules', right: '!grant.categories.includes(value) &&', wrong: 'false &&' },
  { name: 'informative categories are asked for', file: 'rules', right: "!informative.has(value.split('/')[0] ?? '')", wrong: 'true' },
  { name: 'citizenships are free', file: 'rules', right: '(nation) => !grant.person.citizenship.includes(nation)', wrong: '() => false' },
  { name: 'organisations are free', file: 'rules', right: '...(organisations === undefined ? {} :', wrong: '...(true ? {} :' },
  { name: 'purposes are free', file: 'rules', right: 'purposes.length === 0 ? {} :', wrong: 'true ? {} :' },
  {
    name: 'a purpose that is attested need not be asked for',
    file: 'rules',
    right: '{ purpose: new Set(purposes) }',
    wrong: '{ purpose: new Set(purposes.flatMap((one) => [one, `~${one}`])) }',
  },
  { name: 'a prohibition misses an area that its tree lacks', file: 'rules', right: '!tree.has(area) ||', wrong: '' },
  { name: 'a prohibition starts one level too high', file: 'rules', right: 'order(code) >= lowest', wrong: 'order(code) > lowest' },
  {
    name: 'nothing attested passes a prohibition',
    file: 'rules',
    right: 'pick(universe.one[axis], (code) => !within.includes(code))',
    wrong: "pick(universe.one[axis], (code) => code !== '-' && !within.includes(code))",
  },
  {
    name: 'a prohibition on a purpose reads the one that is asked for',
    file: 'rules',
    right: "!purposesOutside.includes(purpose.replace(/^~/u, ''))",
    wrong: '!purposesOutside.includes(purpose)',
  },
  {
    name: 'clearances are taken at their own order',
    file: 'relations',
    right: 'every((set) => set.includes(known))',
    wrong: 'every((set) => set.length > 0)',
  },
  {
    name: 'two arrangements of areas are taken for one',
    file: 'relations',
    right: 'other.size !== set.size || [...set].some((one) => !other.has(one))',
    wrong: 'other.size < set.size',
  },
]

const { sound, twin } = planted<typeof Package>(import.meta.resolve('../src/'), FAULTS)

interface Case {
  readonly before: Side
  readonly after: Side
  readonly points: readonly {
    readonly point: Point
    readonly was: boolean
    readonly becomes: boolean
    readonly universe: Parameters<typeof lies>[4]
  }[]
}

function widened(frame: Frame, box: Box, axis: number): Box {
  return box.map((word, at) => (at >= (frame.starts[axis] ?? 0) && at < (frame.starts[axis + 1] ?? 0) ? (frame.full[at] ?? 0) : word))
}

/** Two worlds that chance seldom makes: a prohibition on one leg of a path, and one on an area that its own tree lacks. */
function chosen(dice: Dice): readonly { readonly before: Side; readonly after: Side }[] {
  const open = { ...body(dice, 'pair', 'basic'), prohibitions: [] }
  const names = { en: 'x', ja: 'x' }
  const nations = ['NOR', 'SUR', 'WES'].map((nation) => ({ ...open.parties[0], nation }) as (typeof open.parties)[number])
  const areas = ['sea', 'sky', 'soil'].map((code) => ({ code, names }))
  const granted = { ...grant(dice, 'g1', 'basic'), from: 'NOR', to: 'SUR', areas: ['sea', 'sky', 'soil'] }
  const pair = { ...open, parties: nations, areas, grants: [{ ...granted, via: 'WES' }] }
  const direct = { ...open, parties: nations, areas, grants: [granted] }
  const trio = { ...open, agreement: 'trio', parties: nations, areas: areas.slice(0, 2), grants: [] }
  return [
    {
      before: sideOf([pair]),
      after: sideOf([{ ...pair, prohibitions: [{ id: 'p', article: '3', from: 'NOR', to: 'WES', areas: ['sea'] }] }]),
    },
    {
      before: sideOf([direct, trio]),
      after: sideOf([direct, { ...trio, prohibitions: [{ id: 'p', article: '3', areas: ['sky'] }] }]),
    },
  ]
}

/** Worlds with points of the true quotient, most of them where something is permitted or beside it, and what `decide` says of them. */
function cases(): readonly Case[] {
  const dice = new Dice(77)
  return [...chosen(dice), ...Array.from({ length: 260 }, () => sides(dice, 'all'))].map(({ before, after }) => {
    const [was, becomes] = [new Asked(before), new Asked(after)]
    const points = comparisons(before, after).flatMap((comparison) => {
      const likely = [...comparison.before.permitted, ...comparison.after.permitted]
      return Array.from({ length: 40 }, () => {
        const { frame } = comparison.space
        if (likely.length === 0 || dice.chance(20)) return randomClass(dice, comparison, frame.full)
        // Beside what is permitted: a region that is a little too large shows there.
        const axis = dice.below(axesOf(frame))
        return randomClass(dice, comparison, dice.chance(50) ? dice.one(likely) : widened(frame, dice.one(likely), axis))
      }).flatMap((box) => {
        if (box === undefined) return []
        const point = member(comparison, box, chooser(dice))
        return [{ point, was: was.permits(point), becomes: becomes.permits(point), universe: comparison.space.universe }]
      })
    })
    return { before, after, points }
  })
}

function cellOf({ from, to, via = '' }: Point['direction'], area: string, classification: string, which: number): string {
  return [from, to, via, area, classification, which].join(' ')
}

function agrees(one: Pick<typeof Package, 'difference' | 'differenceOnAxes'>, { before, after, points }: Case): boolean {
  const { gained, lost } = one.difference(before, after)
  const coloured = new Set(
    one
      .differenceOnAxes(before, after)
      .flatMap(({ direction, cells }) =>
        cells.flatMap(({ area, classification, gained: opens, lost: closes }) =>
          [opens, closes].flatMap((causes, which) => (causes.length > 0 ? [cellOf(direction, area, classification, which)] : [])),
        ),
      ),
  )
  const seen = points.every(({ point: { direction, area, classification }, was, becomes }) => {
    return was === becomes || coloured.has(cellOf(direction, area, classification, becomes ? 0 : 1))
  })
  const regions = [gained.regions, lost.regions].flatMap((list, which) =>
    list.flatMap(({ direction, areas, classifications }) =>
      areas.flatMap((area) => classifications.map((level) => cellOf(direction, area, level, which))),
    ),
  )
  if (!seen || new Set(regions).symmetricDifference(coloured).size > 0) return false
  return points.every(({ point, was, becomes, universe }) => {
    const inside = (regions: readonly Package.Opened[]): boolean => regions.some((region) => lies(region, point, before, after, universe))
    return inside(gained.regions) === (becomes && !was) && inside(lost.regions) === (was && !becomes)
  })
}

test(`each of ${FAULTS.length} planted faults is found, and the true package has none of them`, async () => {
  const worlds = cases()
  const itself = await sound()
  assert.equal(
    worlds.findIndex((one) => !agrees(itself, one)),
    -1,
  )
  const missed: string[] = []
  for (const [number, fault] of FAULTS.entries()) {
    const faulty = await twin(number)
    const found = worlds.some((one) => {
      try {
        return !agrees(faulty, one)
      } catch {
        // A twin that breaks down is found as well.
        return true
      }
    })
    if (!found) missed.push(fault.name)
  }
  assert.deepEqual(missed, [])
})
