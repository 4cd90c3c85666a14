// What was released before: of every class of small amendments, with successions of all four kinds, what is withdrawn and what is
// kept is what `decide` says of an item that was released a second before the amendment.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Agreement } from '@entente/agreement'
import { type Decider, compile } from '@entente/decision'
import { type Point, type Released, type Side, difference, questionOf } from '@entente/difference'
import { assert as holds, integer, property } from 'fast-check'
import { Asked, chooser, classes, comparisons, lies, member, randomClass } from './asking.ts'
import { AT, Dice, POLICIES, amended, body, sideOf } from './worlds.ts'

const MOST = 3_000

/** Deciders that know both versions, one a nation: the second is in force from the second after the release. */
class Both {
  readonly #before: Side
  readonly #after: Side
  readonly #deciders = new Map<string, Decider>()

  constructor(before: Side, after: Side) {
    this.#before = before
    this.#after = after
  }

  /** Whether an item that was released under a grant of the first version is read on. */
  reads(point: Point, grant: Agreement['grants'][number]): boolean {
    const { from } = point.direction
    const decider = this.#deciders.get(from) ?? this.#compiled(from)
    this.#deciders.set(from, decider)
    const { item, ...asking } = questionOf({ ...this.#before, at: AT - 1 }, point, {
      agreement: 'pair',
      version: 'pair@1',
      article: grant.article,
      grant: grant.id,
    })
    return decider.decide({ ...asking, item, at: asking.at + 1 }).permit
  }

  #compiled(deciding: string): Decider {
    const beside = this.#after.agreements.filter(({ body: { agreement } }) => agreement !== 'pair')
    const versions = [this.#before, this.#after].flatMap(({ agreements }, at) =>
      agreements
        .filter(({ body: { agreement } }) => agreement === 'pair')
        .map((one) => ({ id: `pair@${at + 1}`, body: { ...one.body, version: at + 1, inForceFrom: at * AT } })),
    )
    return compile({ deciding, agreements: [...versions, ...beside], policies: this.#after.policies })
  }
}

/** The schemes, each with one more clearance that a version may put in the place of another. */
const WITH_NEW = POLICIES.map((scheme) => ({
  ...scheme,
  clearances: [...scheme.clearances, { ...scheme.clearances[3]!, code: `${scheme.nation}-N`, order: 5 }],
}))

/** An amendment after which a clearance has another name, or gave way to a lower one, and a classification to another; with successions or without. */
function relevelled(dice: Dice, after: Agreement): Agreement {
  const successions = [...(after.successions ?? [])]
  const [nation, originator] = [dice.one(['NOR', 'SUR', 'SUR', 'WES']), dice.one(['NOR', 'NOR', 'SUR'])]
  const [from, to] = [`${nation}-C4`, `${nation}-${dice.one(['N', 'N', 'N', 'C3'])}`]
  const renames = dice.chance(60)
  if (renames && dice.chance(85)) successions.push({ kind: 'clearance', nation, from, to, article: '10' })
  if (dice.chance(45)) {
    const [old, now] = dice.one([
      ['HIGH', 'MID'],
      ['MID', 'LOW'],
      ['LOW', 'MID'],
    ] as const)
    successions.push({ kind: 'classification', nation: originator, from: old, to: now, article: '10' })
  }
  const rowsOf = (rows: Agreement['equivalence'][number]['rows']) =>
    to.endsWith('N') ? rows.map((row) => (row.from === from ? { ...row, from: to } : row)) : rows.filter((row) => row.from !== from)
  return {
    ...after,
    equivalence: after.equivalence.map((one) => (renames && one.from === nation ? { ...one, rows: rowsOf(one.rows) } : one)),
    ...(successions.length === 0 ? {} : { successions }),
  }
}

/** An amendment that may also give a grant and an area other names, with successions or without. */
function renamed(dice: Dice, before: Agreement): Agreement {
  const after = amended(dice, before, 'all')
  const [grant] = after.grants
  const successions: Exclude<Agreement['successions'], undefined>[number][] = []
  const replace = (from: string, to: string): string => {
    if (dice.chance(75)) successions.push({ kind: from === grant?.id ? 'grant' : 'area', from, to, article: '10' })
    return to
  }
  const named = dice.chance(50) && grant !== undefined ? replace(grant.id, 'g-new') : grant?.id
  const area = dice.chance(50) ? replace('sky', 'heaven') : 'sky'
  const of = (codes: readonly string[]): readonly string[] => codes.map((code) => (code === 'sky' ? area : code))
  return {
    ...after,
    areas: after.areas.map(({ parent, ...one }) => ({
      ...one,
      code: of([one.code])[0] ?? one.code,
      ...(parent === undefined ? {} : { parent: of([parent])[0] ?? parent }),
    })),
    grants: after.grants.map((one, at) => ({ ...one, areas: of(one.areas), id: at === 0 ? (named ?? one.id) : one.id })),
    prohibitions: after.prohibitions.map((one) => ({ ...one, ...(one.areas === undefined ? {} : { areas: of(one.areas) }) })),
    ...(successions.length === 0 ? {} : { successions }),
  }
}

/** Half of those whose clearance gave way to another have that other one. */
function otherwiseCleared(dice: Dice, { successions = [] }: Agreement, point: Point): Point {
  const newer = successions.find(({ kind, from }) => kind === 'clearance' && from === point.clearance)
  return newer !== undefined && dice.chance(50) ? { ...point, clearance: newer.to } : point
}

/** Whoever has a clearance that the first version does not know had the one that gave way to it. */
function asBefore({ successions = [] }: Agreement, point: Point): Point {
  const older = successions.find(({ kind, to }) => kind === 'clearance' && to === point.clearance && to.endsWith('N'))
  return older === undefined ? point : { ...point, clearance: older.from }
}

/** Classifications of a point's originator in whose place a version puts others. */
function levelsOf({ successions = [] }: Agreement, { direction: { from } }: Point): readonly string[] {
  return successions.filter(({ kind, nation }) => kind === 'classification' && nation === from).map((one) => one.from)
}

test('for every class of small amendments what is withdrawn and what is kept is what `decide` says of what was released before', () => {
  const seen = { asked: 0, withdrawn: 0, kept: 0, newer: 0, relevelled: 0 }
  holds(
    property(integer(), (seed) => {
      const dice = new Dice(seed)
      const first = body(dice, 'pair', 'all')
      const beside = dice.chance(30) ? [body(dice, 'trio', 'all')] : []
      const second = relevelled(dice, dice.chance(60) ? renamed(dice, first) : first)
      const [before, after] = [sideOf([first, ...beside], WITH_NEW), sideOf([second, ...beside], WITH_NEW)]
      const found = difference(before, after)
      const [was, becomes, both] = [new Asked(before), new Asked(after), new Both(before, after)]
      for (const comparison of comparisons(before, after)) {
        const every = classes(comparison, MOST) ?? []
        const likely = comparison.was.permitted
        const some = Array.from({ length: every.length > 0 ? 0 : 300 }, () =>
          randomClass(dice, comparison, likely.length > 0 && dice.chance(90) ? dice.one(likely) : comparison.space.frame.full),
        )
        for (const box of [...every, ...some]) {
          if (box === undefined) continue
          const point = otherwiseCleared(dice, second, member(comparison, box, chooser(dice)))
          const lost = was.permits(point) && !becomes.permits(point)
          seen.asked++
          for (const grant of first.grants) {
            const basis = { agreement: 'pair', version: 'pair@1', article: grant.article, grant: grant.id }
            const reads = both.reads(point, grant)
            const readable = was.permitsUnder(asBefore(second, point), basis)
            const within = (regions: readonly Released[]): boolean =>
              regions.some(
                (one) =>
                  one.grant.id === grant.id && one.grant.agreement === 'pair' && lies(one, point, before, after, comparison.space.universe),
              )
            const told = JSON.stringify([grant.id, point])
            if (readable && !reads && !lost) seen.withdrawn++
            if (reads && lost) seen.kept++
            if (reads && point.clearance?.endsWith('-N') === true) seen.newer++
            if (reads !== readable && levelsOf(second, point).includes(point.classification)) seen.relevelled++
            assert.equal(within(found.withdrawn.regions), readable && !reads && !lost, `withdrawn: ${told}`)
            assert.equal(within(found.kept.regions), reads && lost, `kept: ${told}`)
          }
        }
      }
    }),
    { numRuns: 100 },
  )
  const { asked: _, newer, ...others } = seen
  assert.ok(newer > 0 && Object.values(others).every((count) => count > 50), JSON.stringify(seen))
})
