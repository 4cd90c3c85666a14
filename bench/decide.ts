/**
 * Deciding: one decision, and one reader against 4,000 distinct labels, in µs of processor time. Questions and facts come from
 * the random worlds of the decision's own tests: agreements of several versions, prohibitions, categories, equivalences.
 * Beside it stand
 * - `lookups`: every term of the question looked up once in a set, and nothing decided: whoever decides must at least read it;
 * - `reference`: the plain statement of the specification that the tests compare with, which keeps nothing between questions.
 * Every answer is compared with the reference's before anything is measured. No other policy engine is among the
 * dependencies, so none is measured here. `--smoke` asks for little.
 */
import { type Decider, type Facts, type Question, compile } from '@entente/decision'
import { linesOf, reference } from '../packages/decision/test/reference.ts'
import { Dice, facts as factsOf, question as questionOf } from '../packages/decision/test/worlds.ts'
import { machineLine } from './measure/machine.ts'
import { inTurns, median, reached } from './measure/rounds.ts'
import { digits, table } from './measure/table.ts'

const LABELS = 4_000

interface Case {
  readonly facts: Facts
  readonly decider: Decider
  readonly question: Question
}

/** Runs the benchmark and prints its figures. */
export function bench(args: readonly string[]): Promise<void> {
  const smoke = args.includes('--smoke')
  console.log(machineLine())
  const dice = new Dice(26)
  const worlds = Array.from({ length: 50 }, () => worldOf(dice))
  const mixed = Array.from({ length: LABELS }, (_, at): Case => caseIn(dice, worlds[at % worlds.length] ?? worldOf(dice)))
  const world =
    worlds.find(({ facts }) => facts.agreements.length >= 3 && facts.agreements.some(({ body }) => body.grants.length === 4)) ??
    worldOf(dice)
  return measure(smoke, [
    { name: 'one decision, 50 worlds', cases: mixed },
    { name: `one reader, ${LABELS} distinct labels`, cases: oneReader(dice, world) },
  ])
}

async function measure(smoke: boolean, sets: readonly { readonly name: string; readonly cases: readonly Case[] }[]): Promise<void> {
  const rows: string[][] = []
  for (const { name, cases } of sets) {
    let permitted = 0
    for (const { facts, decider, question } of cases) {
      const decision = decider.decide(question)
      if (decision.permit) permitted++
      if (linesOf(decision).join() !== reference(question, facts).join()) throw new Error('decision and reference differ')
    }
    const repeat = smoke ? 1 : 10
    const terms = cases.map(({ question }) => new Set(termsOf(question)))
    const each =
      (run: (one: Case, at: number) => unknown, times = repeat) =>
      (): void => {
        let seen = 0
        for (let time = 0; time < times; time++) for (const [at, one] of cases.entries()) if (run(one, at) === true) seen++
        if (seen > cases.length * times) throw new Error('more answers than questions')
      }
    const timings = await inTurns(smoke ? 2 : 9, {
      product: each(({ decider, question }) => decider.decide(question).permit),
      lookups: each(({ question }, at) => {
        const known = terms[at]
        let held = 0
        for (const term of termsOf(question)) if (known?.has(term) === true) held++
        return held > 0
      }),
      reference: each(({ facts, question }) => reference(question, facts).length === 0, 1),
    })
    const micro = (seconds: readonly number[], times: number): number => (median(seconds) * 1e6) / (cases.length * times)
    const { product, lookups, reference: slow } = timings
    rows.push([
      name,
      digits((100 * permitted) / cases.length),
      digits(micro(product.cpu, repeat)),
      digits((micro(product.cpu, repeat) * LABELS) / 1e3),
      digits(micro(lookups.cpu, repeat)),
      digits(reached(lookups.cpu, product.cpu)),
      digits(micro(slow.cpu, 1)),
      digits(product.peak),
    ])
  }
  table(['', '% permitted', 'µs a decision', `ms for ${LABELS}`, 'lookups µs', 'reached', 'reference µs', 'peak MB'], rows)
  console.log(`\n${machineLine()}`)
}

function worldOf(dice: Dice): { readonly facts: Facts; readonly decider: Decider } {
  const facts = factsOf(dice)
  return { facts, decider: compile(facts) }
}

function caseIn(dice: Dice, world: { readonly facts: Facts; readonly decider: Decider }): Case {
  return { ...world, question: questionOf(dice, world.facts) }
}

/** Questions of one person, who is permitted something of the partner's, for as many items, no two labels alike. */
function oneReader(dice: Dice, world: { readonly facts: Facts; readonly decider: Decider }): readonly Case[] {
  const labels = new Map<string, Case>()
  let known = caseIn(dice, world)
  while (!known.decider.decide(known.question).permit || known.question.person.nation === known.question.item.originator)
    known = caseIn(dice, world)
  const { person } = known.question
  for (let created = 0; labels.size < LABELS; created++) {
    const { facts, decider, question } = caseIn(dice, world)
    const label = { ...question.item.label, created }
    labels.set(JSON.stringify(label), { facts, decider, question: { ...question, person, item: { ...question.item, label } } })
  }
  return [...labels.values()]
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
