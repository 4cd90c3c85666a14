/**
 * Deciding, in µs of processor time a decision: in bulk (kinds of item that were made numbers before, decided for a reader in one
 * pass, as a node's list does), and with every reason in words, from a question as it comes. Three sets: 50 random worlds of the
 * decision's own tests, with as many readers as questions; one of these worlds with one reader and 4,000 kinds of item; and the
 * specimen agreement with one reader and 4,000 kinds. Beside them stand
 * - `table`: one look-up of an answer that was computed before: no engine does less;
 * - `lookups`: every term of the question looked up once in a set, and nothing decided: from words nobody does less;
 * - `reference`: the plain statement of the specification that the tests compare with, which keeps nothing between questions;
 * - Cedar and CASL, on the specimen: policies read, requests and subjects made beforehand; the time is that of one answer.
 * *In words* goes through all questions, each from another world than the one before in the first set: its figure is what a processor waits
 * for memory as much as what is done. *Again* asks each question eight times before the next, and is what is done.
 * *All in ms* is a pass over the whole set, *at best* the shortest of 2,000 such passes by the clock; *new reader* and *at best* after
 * it are the same with a reader of which nothing is known, at another second, which is what each list of a node costs. Every answer is compared with the reference's before anything is measured. `--smoke` asks for little.
 */
import { type Asking, type Decider, type Facts, type Question, type Reader, type Released, compile } from '@entente/decision'
import { columnsOf } from '../packages/decision/test/bulk.ts'
import { linesOf, reference } from '../packages/decision/test/reference.ts'
import { Dice, facts as factsOf, question as questionOf } from '../packages/decision/test/worlds.ts'
import * as specimen from './engines/specimen.ts'
import { machineLine } from './measure/machine.ts'
import { type Timing, inTurns, median } from './measure/rounds.ts'
import { digits, table } from './measure/table.ts'

const LABELS = 4_000
/** So many times a question is asked before the next one, where the memory of another world is to cost nothing. */
const AGAIN = 8
/** Of what is slow, so many are asked a round. */
const FEW = 200

interface Case {
  readonly facts: Facts
  readonly decider: Decider
  readonly question: Question
  readonly reader: Reader
}

/** What one reader is asked in one pass. */
interface Pass {
  readonly decider: Decider
  readonly asking: Asking
  readonly reader: Reader
  readonly released: Released
  readonly since: Float64Array
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
    'new reader',
    'at best',
    'table',
    'in words',
    'again',
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
  const passes = passesOf(cases)
  pass(passes)
  const answers = Uint8Array.from(passes.flatMap(({ since }) => [...since].map((first) => (first < Infinity ? 1 : 0))))
  for (const [place, { facts, decider, question }] of cases.entries()) {
    const decision = decider.decide(question)
    if (decision.permit) permitted++
    if (linesOf(decision).join() !== reference(question, facts).join()) throw new Error('decision and reference differ')
    const { stopped, expiresAt = Infinity } = question.item
    const alive = !stopped && question.at < expiresAt
    if ((alive && answers[place] === 1) !== decision.permit) throw new Error('in bulk and in words differ')
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
  // Of 4,000 readers none is a list.
  const renewed = passes.length === 1 ? repeat : 0
  const terms = cases.map(({ question }) => new Set(termsOf(question)))
  const run = (times: number, count: number, ask: (at: number) => boolean) => (): void => {
    let seen = 0
    for (let time = 0; time < times; time++) for (let at = 0; at < count; at++) if (ask(at)) seen++
    if (seen > count * times) throw new Error('more answers than questions')
  }
  const at = <T>(list: readonly T[], index: number): T => list[index] ?? fail()
  const timings = await inTurns(smoke ? 2 : 9, {
    bulk: () => {
      for (let time = 0; time < repeat; time++) pass(passes)
    },
    anew: () => {
      for (let time = 0; time < renewed; time++) anew(passes)
    },
    table: run(repeat, cases.length, (index) => answers[index] === 1),
    words: run(2, cases.length, (index) => {
      const { decider, question } = at(cases, index)
      return decider.decide(question).permit
    }),
    // The second of these asks as the first does, but each question several times before the next: without what memory costs.
    again: run(1, cases.length * AGAIN, (index) => {
      const { decider, question } = at(cases, Math.floor(index / AGAIN))
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
    digits(leastPass(smoke ? 10 : 2_000, () => pass(passes))),
    renewed === 0 ? '' : digits((median(timings.anew.cpu) * 1e3) / renewed),
    renewed === 0 ? '' : digits(leastPass(smoke ? 10 : 2_000, () => anew(passes))),
    micro(timings.table, each * repeat),
    micro(timings.words, each * 2),
    micro(timings.again, each * AGAIN),
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

/** Cases of one reader stand together. */
function passesOf(cases: readonly Case[]): readonly Pass[] {
  return [...Map.groupBy(cases, ({ reader }) => reader)].map(([reader, [...own]]): Pass => {
    const { decider, question } = own[0] ?? fail()
    const { item: _, ...asking } = question
    const items = own.map((one) => one.question.item)
    return { decider, asking, reader, released: columnsOf(reader, items), since: new Float64Array(items.length) }
  })
}

function pass(passes: readonly Pass[]): void {
  for (const { reader, released, since } of passes) reader.permittedFrom(released, -Infinity, Infinity, since.fill(Infinity))
}

let later = 0

/** As `pass`, for readers of which nothing is known, a second later each time. */
function anew(passes: readonly Pass[]): void {
  later = (later + 1) % 1_000
  for (const { decider, asking, released, since } of passes) {
    decider.reader({ ...asking, at: asking.at + later }).permittedFrom(released, -Infinity, Infinity, since.fill(Infinity))
  }
}

function fail(): never {
  throw new RangeError('no such question')
}

function worldOf(facts: Facts): World {
  return { facts, decider: compile(facts) }
}

function caseOf(world: World, question: Question, reader = readerOf(world, question)): Case {
  return { ...world, question, reader }
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
      found.set(reader.intern(one.question.item), one)
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
