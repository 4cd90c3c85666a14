/**
 * Deciding, in µs of processor time a decision: in bulk (a reader and kinds of item that were made numbers before; what stands
 * against it is kept as bits), and with every reason in words, from a question as it comes. Three sets: 50 random worlds of the
 * decision's own tests, with as many readers as questions; one of these worlds with one reader and 4,000 kinds of item; and the
 * specimen agreement with one reader and 4,000 kinds. Beside them stand
 * - `table`: one look-up of an answer that was computed before: no engine does less;
 * - `lookups`: every term of the question looked up once in a set, and nothing decided: from words nobody does less;
 * - `reference`: the plain statement of the specification that the tests compare with, which keeps nothing between questions;
 * - Cedar and CASL, on the specimen: policies read, requests and subjects made beforehand; the time is that of one answer.
 * *All in ms* is a pass over the whole set, *at best* the shortest of 2,000 such passes by the clock, *first time* with a reader of
 * which nothing was known. Every answer is compared with the reference's before anything is measured. `--smoke` asks for little.
 */
import { type Decider, type Facts, type Question, type Reader, compile } from '@entente/decision'
import { linesOf, reference } from '../packages/decision/test/reference.ts'
import { Dice, facts as factsOf, question as questionOf } from '../packages/decision/test/worlds.ts'
import * as specimen from './engines/specimen.ts'
import { machineLine } from './measure/machine.ts'
import { type Timing, inTurns, median } from './measure/rounds.ts'
import { digits, table } from './measure/table.ts'

const LABELS = 4_000
/** Of what is slow, so many are asked a round. */
const FEW = 200

interface Case {
  readonly facts: Facts
  readonly decider: Decider
  readonly question: Question
  readonly reader: Reader
  readonly kind: number
}

interface World {
  readonly facts: Facts
  readonly decider: Decider
}

/** Runs the benchmark and prints its figures. */
export async function bench(args: readonly string[]): Promise<void> {
  const smoke = args.includes('--smoke')
  console.log(machineLine())
  const dice = new Dice(26)
  const worlds = Array.from({ length: 50 }, () => worldOf(factsOf(dice)))
  const mixed = Array.from({ length: LABELS }, (_, at): Case => {
    const world = worlds[at % worlds.length] ?? worldOf(factsOf(dice))
    return caseOf(world, questionOf(dice, world.facts))
  })
  const rows = [
    await measure(smoke, '50 worlds, 4,000 readers', mixed),
    await measure(smoke, 'a world, one reader, 4,000 kinds', oneReader(dice)),
    await measure(smoke, 'the specimen, one reader, 4,000 kinds', ofSpecimen(), true),
  ]
  const heads = [
    'µs a decision',
    '% permitted',
    'bulk',
    'all in ms',
    'at best',
    'first time',
    'table',
    'in words',
    'lookups',
    'reference',
    'cedar',
    'casl',
    'peak MB',
  ]
  table(heads, rows)
  console.log(`\n${machineLine()}`)
}

async function measure(smoke: boolean, name: string, cases: readonly Case[], others = false): Promise<string[]> {
  let permitted = 0
  for (const one of cases) {
    const { facts, decider, question, reader, kind } = one
    const decision = decider.decide(question)
    if (decision.permit) permitted++
    if (linesOf(decision).join() !== reference(question, facts).join()) throw new Error('decision and reference differ')
    if (bulk(one) !== decision.permit) throw new Error('bits and words differ')
    if (reader.fired.some((word) => word !== 0) === decision.permit) throw new Error(`bits of kind ${kind} do not say why`)
  }
  const repeat = smoke ? 1 : 50
  const engines = others ? cases.slice(0, FEW).map(({ question }) => question) : []
  const cedar = specimen.cedar(engines)
  const casl = specimen.casl(others ? cases.map(({ question }) => question) : [])
  for (const [at, { decider, question }] of cases.entries()) {
    const { permit } = decider.decide(question)
    if ([cedar[at], casl[at]].some((ask) => ask !== undefined && ask() !== permit))
      throw new Error(`another engine differs on question ${at}`)
  }
  const answers = Uint8Array.from(cases, (one) => (bulk(one) ? 1 : 0))
  const readers = cases.map(({ reader }) => reader)
  const kinds = Int32Array.from(cases, ({ kind }) => kind)
  const released = Float64Array.from(cases, ({ question }) => question.item.releasedAt)
  const expires = Float64Array.from(cases, ({ question }) => question.item.expiresAt ?? Infinity)
  const stopped = Uint8Array.from(cases, ({ question }) => (question.item.stopped ? 1 : 0))
  const terms = cases.map(({ question }) => new Set(termsOf(question)))
  const run = (times: number, count: number, ask: (at: number) => boolean) => (): void => {
    let seen = 0
    for (let time = 0; time < times; time++) for (let at = 0; at < count; at++) if (ask(at)) seen++
    if (seen > count * times) throw new Error('more answers than questions')
  }
  const at = <T>(list: readonly T[], index: number): T => list[index] ?? fail()
  const bits = (index: number): boolean =>
    (readers[index] ?? fail()).permits(kinds[index] ?? 0, released[index] ?? 0, expires[index] ?? 0, stopped[index] === 1)
  const timings = await inTurns(smoke ? 2 : 9, {
    bulk: run(repeat, cases.length, bits),
    anew: () => anew(cases),
    table: run(repeat, cases.length, (index) => answers[index] === 1),
    words: run(2, cases.length, (index) => {
      const { decider, question } = at(cases, index)
      return decider.decide(question).permit
    }),
    lookups: run(2, cases.length, (index) => termsOf(at(cases, index).question).some((term) => !at(terms, index).has(term))),
    reference: run(1, FEW, (index) => reference(at(cases, index).question, at(cases, index).facts).length === 0),
    cedar: run(1, cedar.length, (index) => at(cedar, index)()),
    casl: run(2, casl.length, (index) => at(casl, index)()),
  })
  const micro = (timing: Timing, count: number): string => (count === 0 ? '' : digits((median(timing.cpu) * 1e6) / count))
  const each = cases.length
  return [
    name,
    digits((100 * permitted) / each),
    micro(timings.bulk, each * repeat),
    digits((median(timings.bulk.cpu) * 1e3) / repeat),
    digits(leastPass(smoke ? 10 : 2_000, run(1, cases.length, bits))),
    micro(timings.anew, each),
    micro(timings.table, each * repeat),
    micro(timings.words, each * 2),
    micro(timings.lookups, each * 2),
    micro(timings.reference, FEW),
    micro(timings.cedar, cedar.length),
    micro(timings.casl, casl.length * 2),
    digits(timings.bulk.peak),
  ]
}

/** Milliseconds by the clock of the one pass of many that nobody else on the machine disturbed. */
function leastPass(times: number, pass: () => void): number {
  let least = Infinity
  for (let time = 0; time < times; time++) {
    const began = performance.now()
    pass()
    least = Math.min(least, performance.now() - began)
  }
  return least
}

/** A reader of which nothing is known yet, and each kind once. */
function anew(cases: readonly Case[]): void {
  const readers = new Map<Reader, Reader>()
  for (const one of cases) {
    const { item: _, ...asking } = one.question
    const reader = readers.get(one.reader) ?? one.decider.reader(asking)
    readers.set(one.reader, reader)
    bulk({ ...one, reader })
  }
}

function fail(): never {
  throw new RangeError('no such question')
}

function bulk({ reader, kind, question: { item } }: Case): boolean {
  return reader.permits(kind, item.releasedAt, item.expiresAt, item.stopped)
}

function worldOf(facts: Facts): World {
  return { facts, decider: compile(facts) }
}

function caseOf(world: World, question: Question, reader = readerOf(world, question)): Case {
  return { ...world, question, reader, kind: reader.intern(question.item) }
}

function readerOf({ decider }: World, question: Question): Reader {
  return decider.reader(question)
}

/** One person, who is permitted something of the partner's, and as many kinds of item of a world of several versions. */
function oneReader(dice: Dice): readonly Case[] {
  for (;;) {
    const world = worldOf(factsOf(dice))
    const { item, ...asking } = questionOf(dice, world.facts)
    const { permit } = world.decider.decide({ ...asking, item })
    if (!permit || asking.person.nation === item.originator || world.facts.agreements.length < 4) continue
    const reader = world.decider.reader(asking)
    const found = new Map<number, Case>()
    while (found.size < LABELS) {
      const { item: other } = questionOf(dice, world.facts)
      const one = caseOf(world, { ...asking, item: { ...item, ...other } }, reader)
      found.set(one.kind, one)
    }
    return [...found.values()]
  }
}

function ofSpecimen(): readonly Case[] {
  const world = worldOf(specimen.facts)
  const all = specimen.questions(LABELS)
  const reader = readerOf(world, all[0] ?? fail())
  return all.map((question) => caseOf(world, question, reader))
}

/** Every term of a question, as a rule could name it. */
function termsOf({ act, person, item, purpose }: Question): readonly string[] {
  const { label, basis } = item
  const terms = [
    act,
    purpose,
    person.nation,
    person.clearance ?? '',
    person.purpose ?? '',
    item.originator,
    item.area,
    label.policy,
    label.classification,
  ]
  terms.push(...(person.citizenships ?? []), ...(person.areas ?? []), ...(person.briefings ?? []))
  for (const { values } of label.categories) terms.push(...values)
  for (const { nation, releasableTo } of label.originators) terms.push(nation, ...(releasableTo === 'neutral' ? [] : releasableTo))
  for (const { code } of label.personRules) terms.push(code)
  if (basis !== undefined) terms.push(basis.agreement, basis.version, basis.article, basis.grant)
  return terms
}
