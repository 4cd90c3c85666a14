import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type Label, type MarkingPolicy, type OriginatorPart, dominates, joinLabels, labelAt, readPolicy } from '@entente/label'
import { readJsonFile } from './world.ts'

/**
 * A world small enough to ask everything: three nations, three levels (the third of another family in the second world), one
 * category of which a reader needs all values and one of which any. What a label means is here the set of those who may read it.
 */
const NATIONS = ['AAA', 'BBB', 'CCC'] as const
const LEVELS = ['LOW', 'MIDDLE', 'HIGH'] as const

function world(apart: boolean): MarkingPolicy {
  const invented = structuredClone((readJsonFile('spec/vectors/label/invented-nations.json') as { xka: Record<string, unknown> }).xka)
  const names = { en: 'x', ja: 'x' }
  const value = (code: string) => ({ code, names, banner: code, portion: code, input: [] })
  return readPolicy({
    ...invented,
    id: 'SMALL',
    nation: 'AAA',
    classifications: LEVELS.map((code, order) => ({
      code,
      order,
      unmarkedRelease: order === 0 ? 'neutral' : 'originator',
      ...(apart && order > 0 ? { family: code } : {}),
      names,
      banner: code,
      portion: code,
      input: [],
      colours: { background: '#ffffff', text: '#000000' },
    })),
    categories: [
      { tag: 'all', kind: 'restrictive', names, values: [value('R'), value('S')] },
      { tag: 'any', kind: 'permissive', names, values: [value('P'), value('Q')] },
    ],
    personRules: [],
    clearances: [],
    releasableTo: NATIONS.map((nation) => ({ nation, names })),
    offices: [],
  })
}

/** A reader: of a nation, cleared up to a level, holding values. */
interface Reader {
  readonly nation: string
  readonly level: number
  readonly r: boolean
  readonly s: boolean
  readonly p: boolean
  readonly q: boolean
}

const BOTH = [false, true] as const
const readers: readonly Reader[] = NATIONS.flatMap((nation) =>
  LEVELS.flatMap((_, level) =>
    BOTH.flatMap((r) => BOTH.flatMap((s) => BOTH.flatMap((p) => BOTH.map((q) => ({ nation, level, r, s, p, q }))))),
  ),
)

/** The obvious reading of a label: who may read it, as a set of bits. */
function readersOf({ classification, categories, originators }: Label): bigint {
  let bits = 0n
  for (const [at, { nation, level, r, s, p, q }] of readers.entries()) {
    const all = categories.find(({ tag }) => tag === 'all')?.values ?? []
    const any = categories.find(({ tag }) => tag === 'any')?.values
    const may =
      level >= LEVELS.indexOf(classification as 'LOW') &&
      (r || !all.includes('R')) &&
      (s || !all.includes('S')) &&
      (any === undefined || (p && any.includes('P')) || (q && any.includes('Q'))) &&
      originators.every(({ releasableTo: set }) => set === 'neutral' || set.includes(nation))
    if (may) bits |= 1n << BigInt(at)
  }
  return bits
}

function everyLabel(): readonly Label[] {
  const sets = [['AAA'], ['AAA', 'BBB'], ['AAA', 'BBB', 'CCC']]
  const own: readonly OriginatorPart['releasableTo'][] = ['neutral', ...sets]
  const parts: readonly (readonly OriginatorPart[])[] = [
    ...own.map((releasableTo) => [{ nation: 'AAA', releasableTo }]),
    [{ nation: 'BBB', releasableTo: ['AAA', 'BBB'] }],
    [
      { nation: 'AAA', releasableTo: ['AAA', 'BBB'] },
      { nation: 'CCC', releasableTo: ['BBB', 'CCC'] },
    ],
  ]
  return LEVELS.flatMap((classification, level) =>
    [[], ['R'], ['S'], ['R', 'S']].flatMap((all) =>
      [[], ['P'], ['Q'], ['P', 'Q']].flatMap((any) =>
        parts
          .filter((originators) => level === 0 || originators.some(({ releasableTo }) => releasableTo !== 'neutral'))
          .map((originators): Label => ({
            policy: 'SMALL',
            classification,
            categories: [
              ...(all.length === 0 ? [] : [{ tag: 'all', kind: 'restrictive' as const, values: all }]),
              ...(any.length === 0 ? [] : [{ tag: 'any', kind: 'permissive' as const, values: any }]),
            ],
            personRules: [],
            originators,
            created: 0,
          })),
      ),
    ),
  )
}

/** Why two labels have no join, found without joining: from what each says. */
function noJoin(a: Label, b: Label, apart: boolean): string | undefined {
  const levels = new Set([a.classification, b.classification])
  if (apart && levels.has('MIDDLE') && levels.has('HIGH')) return 'levels-not-comparable'
  const [one, other] = [a, b].map(({ categories }) => categories.find(({ tag }) => tag === 'any')?.values)
  if (one !== undefined && other !== undefined && !one.some((value) => other.includes(value))) return 'no-common-value'
  const sets = [...a.originators, ...b.originators].map(({ releasableTo }) => releasableTo)
  return NATIONS.some((nation) => sets.every((set) => set === 'neutral' || set.includes(nation))) ? undefined : 'no-common-reader'
}

for (const apart of [false, true]) {
  test(`every pair of a small world${apart ? ' with levels apart' : ''}: whoever reads the join is who reads both, and no join is where none can be`, () => {
    const policy = world(apart)
    const labels = everyLabel()
    const bits = new Map(labels.map((label) => [label, readersOf(label)]))
    let joins = 0
    for (const a of labels) {
      for (const b of labels) {
        const joined = joinLabels([a, b], policy)
        assert.equal(joined.ok ? undefined : joined.reason, noJoin(a, b, apart))
        if (!joined.ok) continue
        joins++
        assert.equal(readersOf(joined.label), (bits.get(a) ?? 0n) & (bits.get(b) ?? 0n))
        if (dominates(a, b, policy)) assert.deepEqual(joined.label, a)
      }
    }
    assert.ok(joins > 5000, `${joins} joins`)
  })

  test(`every three of a smaller world${apart ? ' with levels apart' : ''}: in any order and any brackets the same`, () => {
    const policy = world(apart)
    const labels = everyLabel().filter((_, at) => at % 13 === 0)
    for (const a of labels) {
      for (const b of labels) {
        const two = joinLabels([a, b], policy)
        for (const c of labels) {
          const whole = joinLabels([a, b, c], policy)
          const nested = two.ok ? joinLabels([two.label, c], policy) : two
          assert.deepEqual(nested.ok ? nested.label : 'none', whole.ok ? whole.label : 'none')
        }
      }
    }
  })

  test(`every pair of successions of a smaller world${apart ? ' with levels apart' : ''}: at every time the join is of what each then is`, () => {
    const policy = world(apart)
    const base = everyLabel().filter((_, at) => at % 37 === 0)
    const times = [0, 1, 2, 3]
    const dated = base.flatMap((first) => [
      first,
      ...base.flatMap((then) => (then === first ? [] : [1, 2].map((at): Label => ({ ...first, succession: { at, label: then } })))),
    ])
    let changing = 0
    for (const a of dated) {
      for (const b of dated) {
        const joined = joinLabels([a, b], policy)
        const parts = times.map((at) => {
          const [x, y] = [labelAt(a, at), labelAt(b, at)]
          return noJoin(x, y, apart) === undefined ? readersOf(x) & readersOf(y) : undefined
        })
        assert.equal(joined.ok, !parts.includes(undefined))
        if (!joined.ok) continue
        if (joined.label.succession !== undefined) changing++
        assert.deepEqual(
          times.map((at) => readersOf(labelAt(joined.label, at))),
          parts,
        )
      }
    }
    assert.ok(changing > 300, `${changing} changed`)
  })
}
