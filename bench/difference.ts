/**
 * The difference of two versions of an agreement, in ms of processor time: the whole answer, with regions and causes, over every axis.
 * *Axes ms* is the matrix of areas by classifications alone, with its articles, which is asked with every key that is typed.
 * Beside it stand, in the same rounds,
 * - `tuples`: the agreement's own axes alone (direction, area, level, act, purpose) enumerated, each tuple asked of both sides in
 *   already looked-up tables: the least that anybody must do who answers only that much;
 * - `quotient`: every point of the quotient enumerated and asked of both sides' boxes, in already derived classes; counts what the
 *   regions count, and is compared with them before anything is measured.
 * `--smoke` asks for little.
 */
import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Agreement, areaAndAbove, readAgreementTemplate } from '@entente/agreement'
import { readJson } from '@entente/canonical'
import { type Side, difference, differenceOnAxes } from '@entente/difference'
import { type MarkingPolicy, readPolicy } from '@entente/label'
import { type Box, axesOf, classesOn, holds, sizeOf } from '../packages/difference/src/boxes.ts'
import { type Comparison, compare, look } from '../packages/difference/src/compare.ts'
import { directionsOf } from '../packages/difference/src/standing.ts'
import { machineLine } from './measure/machine.ts'
import { inTurns, median } from './measure/rounds.ts'
import { digits, table } from './measure/table.ts'

const root = join(import.meta.dirname, '..')
/** Points of a quotient that are enumerated at most; a larger one is counted and not walked. */
const MOST = 2e8

/** Runs the benchmark and prints its figures. */
export async function bench(args: readonly string[]): Promise<void> {
  const smoke = args.includes('--smoke')
  console.log(machineLine())
  const rows: string[][] = []
  for (const [name, before, after] of cases()) rows.push(await measured(name, before, after, smoke))
  table(
    [
      '',
      'regions',
      'shortest',
      'differ',
      'points',
      'ms',
      'ms by the clock',
      'axes ms',
      'axes ms by the clock',
      'tuples',
      'tuples ms',
      'quotient ms',
      'quotient / ms',
    ],
    rows,
  )
  console.log(`\n${machineLine()}`)
}

async function measured(name: string, before: Side, after: Side, smoke: boolean): Promise<string[]> {
  const found = difference(before, after)
  const looked = look(before, after)
  const comparisons = directionsOf([looked.before, looked.after]).map((direction) => compare(looked, direction))
  const points = comparisons.reduce((sum, { space }) => sum + sizeOf(space.frame, space.frame.full), 0)
  const walkable = points <= (smoke ? 2e6 : MOST)
  if (walkable) {
    const counted = comparisons.map(enumerated).reduce((sum, one) => sum + one, 0)
    if (counted !== found.gained.classes + found.lost.classes)
      throw new Error(`${name}: ${counted} points differ, the regions count others`)
  }
  const repeat = smoke ? 3 : 40
  const tuples = tuplesOf(before, after)
  const timings = await inTurns(smoke ? 2 : 9, {
    product: () => {
      for (let time = 0; time < repeat; time++) difference(before, after)
    },
    axes: () => {
      for (let time = 0; time < repeat; time++) differenceOnAxes(before, after)
    },
    tuples: () => {
      for (let time = 0; time < repeat; time++) tuples.walk()
    },
  })
  const quotient = walkable ? await inTurns(smoke ? 1 : 3, { quotient: () => void comparisons.map(enumerated) }, { cold: true }) : undefined
  const ms = (seconds: readonly number[], times = 1): number => (median(seconds) * 1_000) / times
  const product = ms(timings.product.cpu, repeat)
  const walked = quotient === undefined ? Number.NaN : ms(quotient.quotient.cpu)
  return [
    name,
    `${found.gained.regions.length} + ${found.lost.regions.length}`,
    found.gained.shortest && found.lost.shortest ? 'yes' : 'no',
    (found.gained.classes + found.lost.classes).toLocaleString('en-US'),
    points.toLocaleString('en-US'),
    digits(product),
    digits(ms(timings.product.wall, repeat)),
    digits(ms(timings.axes.cpu, repeat)),
    digits(ms(timings.axes.wall, repeat)),
    tuples.size.toLocaleString('en-US'),
    digits(ms(timings.tuples.cpu, repeat)),
    digits(walked),
    digits(walked / product),
  ]
}

/** Points, one class an axis, that one side permits and the other does not. */
function enumerated({ space, impossible, before, after }: Comparison): number {
  const { frame } = space
  const axes = Array.from({ length: axesOf(frame) }, (_, axis) => classesOn(frame, frame.full, axis))
  const point: number[] = [...frame.full]
  const within = (boxes: readonly Box[]): boolean => {
    for (const box of boxes) if (holds(box, point)) return true
    return false
  }
  let differing = 0
  const walk = (axis: number): void => {
    const classes = axes[axis]
    if (classes === undefined) {
      if (within(before.permitted) !== within(after.permitted) && !within(impossible)) differing++
      return
    }
    const start = frame.starts[axis] ?? 0
    const end = frame.starts[axis + 1] ?? 0
    for (const one of classes) {
      for (let at = start; at < end; at++) point[at] = 0
      point[start + (one >> 5)] = 1 << (one & 31)
      walk(axis + 1)
    }
  }
  walk(0)
  return differing
}

/** Direction, area, level, act, purpose: what an agreement's own words tell apart, asked of both sides' grants and plain prohibitions. */
function tuplesOf(before: Side, after: Side): { readonly size: number; readonly walk: () => number } {
  const bodies = [before, after].map((side) => side.agreements.map(({ body }) => body))
  const areas = [...new Set(bodies.flat().flatMap((body) => body.areas.map(({ code }) => code)))]
  const acts = ['list', 'show', 'open', 'print', 'export', 'onward-release', 'derive'] as const
  const purposes = [...new Set(bodies.flat().flatMap((body) => body.grants.flatMap((grant) => grant.person.purposes)))]
  const paths = [...new Set(bodies.flat().flatMap((body) => body.grants.map((grant) => `${grant.from}>${grant.to}`)))]
  const levels = new Map(before.policies.map((policy) => [policy.nation, policy.classifications]))
  const sides = bodies.map((list) =>
    list.flatMap((body) => {
      const forbidden = new Set(body.prohibitions.filter((rule) => Object.keys(rule).length === 3).flatMap((rule) => rule.acts ?? []))
      return body.grants.map((grant) => {
        const order = (code: string | undefined): number => levels.get(grant.from)?.find((one) => one.code === code)?.order ?? 0
        return {
          path: `${grant.from}>${grant.to}`,
          areas: new Set(areas.filter((area) => areaAndAbove(body.areas, area).some((above) => grant.areas.includes(above)))),
          floor: order(grant.floor),
          ceiling: order(grant.ceiling),
          acts: new Set<string>(grant.acts.filter((act) => !forbidden.has(act))),
          purposes: new Set(grant.person.purposes),
        }
      })
    }),
  )
  const orders = (path: string): readonly number[] => (levels.get(path.slice(0, 3)) ?? []).map((one) => one.order)
  const size = paths.reduce((sum, path) => sum + orders(path).length, 0) * areas.length * acts.length * purposes.length
  const walk = (): number => {
    let differing = 0
    for (const path of paths) {
      for (const level of orders(path)) {
        for (const area of areas) {
          for (const act of acts) {
            for (const purpose of purposes) {
              const [was, becomes] = sides.map((grants) =>
                grants.some(
                  (grant) =>
                    grant.path === path &&
                    level <= grant.ceiling &&
                    level >= grant.floor &&
                    grant.areas.has(area) &&
                    grant.acts.has(act) &&
                    grant.purposes.has(purpose),
                ),
              )
              if (was !== becomes) differing++
            }
          }
        }
      }
    }
    return differing
  }
  return { size, walk }
}

function cases(): readonly (readonly [string, Side, Side])[] {
  const policies = globSync('nations/*/nation.json', { cwd: root })
    .sort()
    .map((path): MarkingPolicy => readPolicy(readJson(readFileSync(join(root, path)))))
  const read = (path: string): Agreement => {
    const template = readAgreementTemplate(readFileSync(join(root, 'agreements', path)))
    return {
      ...template,
      parties: template.parties as Agreement['parties'],
      equivalence: template.equivalence.map((one) => ({ ...one, validFrom: 0 })),
      inForceFrom: 0,
    }
  }
  const side = (...agreements: readonly Agreement[]): Side => ({
    agreements: agreements.map((body) => ({ id: '', body })),
    policies,
    at: 1_800_000_000,
    presumed: agreements.flatMap((body) => (body.basis ?? []).map((reference) => reference.agreement)),
  })
  const pair = read('jpn-aus/agreement.json')
  const narrowed: Agreement = {
    ...pair,
    grants: pair.grants.map((grant) =>
      grant.id === 'aus-jpn-classified'
        ? { ...grant, ceiling: 'PROTECTED', areas: grant.areas.filter((area) => area !== 'cyber'), lifeDays: 180 }
        : grant,
    ),
  }
  return [
    ['JPN–AUS, one grant narrowed', side(pair), side(narrowed)],
    ['JPN–AUS, 2007 to 2012', side(read('jpn-aus/steps/1-2007.json')), side(read('jpn-aus/steps/2-2012.json'))],
    ['JPN–AUS, 2012 to 2022', side(read('jpn-aus/steps/2-2012.json')), side(read('jpn-aus/steps/3-2022.json'))],
    [
      'AUKUS beside Five Eyes',
      side(read('five-eyes/agreement.json')),
      side(read('five-eyes/agreement.json'), read('aukus/agreement.json')),
    ],
  ]
}
