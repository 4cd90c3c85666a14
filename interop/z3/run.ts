/**
 * A third opinion on differences: Z3 is told what both sides permit, from the documents alone (statement.ts), and asked whether anything
 * is gained or lost and whether the regions hold exactly that. Random worlds in the whole language, amendments of the specimens, and
 * regions that were bent on purpose, which it must not accept. Last line: `N passed, N failed`.
 */
import { globSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { type Agreement, type AgreementTemplate, readAgreementTemplate } from '@entente/agreement'
import { readJson } from '@entente/canonical'
import { type DifferenceRegion, type Side, difference } from '@entente/difference'
import { type MarkingPolicy, readPolicy } from '@entente/label'
import { init, killThreads } from 'z3-solver'
import { Dice, sides } from '../../packages/difference/test/worlds.ts'
import { type Formula, type Z3, any } from './formulas.ts'
import type { Path } from './paths.ts'
import { Unknown } from './statement.ts'

const WORLDS = 12
const root = join(import.meta.dirname, '../..')
const policies = globSync('nations/*/nation.json', { cwd: root })
  .sort()
  .map((path): MarkingPolicy => readPolicy(readJson(readFileSync(join(root, path)))))
const counts = { passed: 0, failed: 0, asked: 0, differing: 0 }

const api = await init()
// The one type argument names the context: formulas of two contexts never meet.
const z3 = new api.Context('entente') as unknown as Z3
try {
  for (let seed = 1; seed <= WORLDS; seed++) {
    const { before, after } = sides(new Dice(seed * 7919), 'all')
    await compare(`world ${seed}`, before, after)
  }
  for (const [name, before, after] of [...steps(), ...amendedSpecimens()]) await compare(name, before, after)
  await bent()
  check(counts.differing >= 8, `enough of it differs: ${counts.differing} of ${counts.asked} directions`)
} finally {
  await killThreads(api.em)
}
console.log(`${counts.passed} passed, ${counts.failed} failed`)
process.exitCode = counts.failed === 0 ? 0 : 1

function check(holds: boolean, what: string): void {
  if (holds) counts.passed++
  else counts.failed++
  console.log(`${holds ? 'ok  ' : 'FAIL'} ${what}`)
}

async function satisfiable(...formulas: readonly Formula[]): Promise<boolean> {
  const solver = new z3.Solver()
  for (const formula of formulas) solver.add(formula)
  const answer = await solver.check()
  if (answer === 'unknown') throw new Error('Z3 gave no verdict')
  return answer === 'sat'
}

/** Asks of every path between the parties. */
async function compare(name: string, before: Side, after: Side): Promise<void> {
  const { gained, lost } = difference(before, after)
  const faults: string[] = []
  for (const path of pathsOf([before, after])) {
    for (const [list, regions, now, then] of [
      ['gained', gained.regions, after, before],
      ['lost', lost.regions, before, after],
    ] as const) {
      const own = regions.filter((region) => samePath(region.direction, path))
      const found = await judged(path, own, now, then, before, after)
      counts.asked++
      if (found.some) counts.differing++
      if (found.some !== own.length > 0)
        faults.push(`${told(path)} ${list}: Z3 finds ${found.some ? 'something' : 'nothing'}, the difference ${own.length} regions`)
      if (found.missing) faults.push(`${told(path)} ${list}: something lies in no region`)
      if (found.more) faults.push(`${told(path)} ${list}: a region holds more`)
    }
  }
  check(
    faults.length === 0,
    `${name}: ${gained.regions.length} regions gained, ${lost.regions.length} lost${faults.map((fault) => `\n     ${fault}`).join('')}`,
  )
}

async function judged(
  path: Path,
  regions: readonly DifferenceRegion[],
  now: Side,
  then: Side,
  before: Side,
  after: Side,
): Promise<{ readonly some: boolean; readonly missing: boolean; readonly more: boolean }> {
  const unknown = new Unknown(z3, path, [before, after])
  const differs = z3.And(unknown.permitted(now), z3.Not(unknown.permitted(then)))
  const inside = any(
    z3,
    regions.map((region) => unknown.lies(region, before, after)),
  )
  return {
    some: await satisfiable(unknown.world, differs),
    missing: await satisfiable(unknown.world, differs, z3.Not(inside)),
    more: await satisfiable(unknown.world, inside, z3.Not(differs)),
  }
}

function pathsOf(both: readonly Side[]): readonly Path[] {
  const bodies = both.flatMap((side) => side.agreements.map(({ body }) => body))
  const nations = [...new Set(bodies.flatMap((body) => body.parties.map((party) => party.nation)))].sort()
  const vias = [...new Set(bodies.flatMap((body) => body.grants.flatMap((grant) => grant.via ?? [])))].sort()
  return nations.flatMap((from) =>
    nations
      .filter((to) => to !== from)
      .flatMap((to): readonly Path[] => [
        { from, to },
        ...vias.filter((via) => via !== from && via !== to).map((via) => ({ from, to, via })),
      ]),
  )
}

function samePath(a: Path, b: Path): boolean {
  return a.from === b.from && a.to === b.to && a.via === b.via
}

function told({ from, to, via }: Path): string {
  return `${from} > ${to}${via === undefined ? '' : ` by ${via}`}`
}

/** Regions that are a little wrong: Z3 must say so. */
async function bent(): Promise<void> {
  let tried = 0
  for (let seed = 1; tried < 12; seed++) {
    const { before, after } = sides(new Dice(seed * 104_729), 'all')
    const { gained } = difference(before, after)
    const [region, ...others] = gained.regions
    if (region === undefined || others.some((other) => samePath(other.direction, region.direction))) continue
    tried++
    const path = region.direction
    const narrower = { ...region, acts: region.acts.slice(1) }
    const wider = { ...region, acts: [...new Set([...region.acts, 'derive' as const])] }
    const less = await judged(path, [narrower], after, before, before, after)
    const more = await judged(path, [wider], after, before, before, after)
    check(less.missing && !less.more, `a region without its act \`${region.acts[0] ?? ''}\` is found too small`)
    check(more.more && !more.missing, 'a region with an act that nobody grants is found too large')
  }
}

/** The steps of a specimen, each against the one before. */
function steps(): readonly (readonly [string, Side, Side])[] {
  const paths = globSync('agreements/*/steps/*.json', { cwd: root }).sort()
  return paths.slice(1).flatMap((path, at) => {
    const previous = paths[at] ?? ''
    if (dirname(previous) !== dirname(path)) return []
    const [before, after] = [previous, path].map((one) => sideOf(completed(readAgreementTemplate(readFileSync(join(root, one))))))
    return before === undefined || after === undefined
      ? []
      : [[`${path.slice('agreements/'.length)} after the step before`, before, after] as const]
  })
}

function sideOf(body: Agreement): Side {
  return {
    agreements: [{ id: '', body }],
    policies,
    at: 1_800_000_000,
    presumed: (body.basis ?? []).map((reference) => reference.agreement),
  }
}

/** Every specimen of the checkout against itself amended: each ceiling, table, prohibition and member once. */
function amendedSpecimens(): readonly (readonly [string, Side, Side])[] {
  return globSync('agreements/*/*.json', { cwd: root })
    .sort()
    .flatMap((path) => {
      const body = completed(readAgreementTemplate(readFileSync(join(root, path))))
      const [first, ...rest] = body.grants
      const [prohibition, ...prohibitions] = body.prohibitions
      const amendments: readonly (readonly [string, Agreement])[] = [
        ...(first === undefined ? [] : [['a grant less', { ...body, grants: rest }] as const]),
        ...(first === undefined
          ? []
          : [['one area only', { ...body, grants: [{ ...first, areas: first.areas.slice(0, 1), lifeDays: 30 }, ...rest] }] as const]),
        ...(prohibition === undefined ? [] : [[`without ${prohibition.id}`, { ...body, prohibitions }] as const]),
        ['a table of clearances that lowers', { ...body, equivalence: body.equivalence.map(lowered) }],
      ]
      return amendments.map(([what, amended]) => [`${path.slice('agreements/'.length)}, ${what}`, sideOf(body), sideOf(amended)] as const)
    })
}

/** What no rule reads is filled. */
function completed(template: AgreementTemplate): Agreement {
  return {
    ...template,
    parties: template.parties as Agreement['parties'],
    equivalence: template.equivalence.map((table) => ({ ...table, validFrom: 0 })),
    inForceFrom: 0,
  }
}

function lowered(table: Agreement['equivalence'][number]): Agreement['equivalence'][number] {
  const [lowest] = table.rows
  if (table.kind !== 'clearances' || lowest?.to === undefined) return table
  const { to } = lowest
  return { ...table, rows: table.rows.map((row) => ({ ...row, to })) }
}
