/** What happens in both worlds alike: a random step before each difference. */
import { type Chance, chanceOf } from '@entente/testkit'
import { type Act, type Touched, assign, draft, look, open, release, roster, stop, suspend, wishes } from './acts.ts'
import { type Known, type Pair, type Side, pick } from './pair.ts'

interface CommonStep {
  readonly name: string
  /** How often, against the others. */
  readonly weight: number
  readonly act: (known: Known) => Act
  /** Which items are known from then on. */
  readonly learn?: (known: Known, touched: Touched) => void
}

/** Renditions come the own nation's first; the others after it. */
const OWN = 0
const GIVEN = 1

function keep(list: string[], item: string | undefined): void {
  if (item !== undefined) list.push(item)
}

const STEPS: readonly CommonStep[] = [
  { name: 'draft', weight: 8, act: () => draft },
  {
    name: 'assign',
    weight: 6,
    act: () => (side, draw) => assign(side, side.world.recipient, side.world.data.story.cast.firstReader, draw),
  },
  {
    name: 'assign at home',
    weight: 6,
    act: () => (side, draw) => assign(side, side.world.originator, side.world.data.story.cast.author, draw),
  },
  { name: 'suspend', weight: 4, act: () => (side) => suspend(side, side.world.recipient, side.world.data.story.cast.firstReader) },
  {
    name: 'list',
    weight: 8,
    act: () => (side) => look(side, side.world.recipient, side.world.data.story.cast.firstReader, '/api/items'),
  },
  {
    name: 'absent',
    weight: 6,
    act: (known) => (side, draw) =>
      look(side, side.world.recipient, side.world.data.story.cast.firstReader, `/api/items/${pick(draw, known.third)}`),
  },
  { name: 'open', weight: 1, act: (known) => (side, draw) => open(side, side.world.data.story.cast.firstReader, pick(draw, known.given)) },
  {
    name: 'given',
    weight: 1,
    act: () => (side, draw) => release(side, wishes.given(draw)),
    learn(known, touched) {
      keep(known.own, touched[OWN])
      keep(known.given, touched[GIVEN])
    },
  },
  {
    name: 'closed',
    weight: 1,
    act: () => (side, draw) => release(side, wishes.closed(draw)),
    learn: (known, touched) => keep(known.closed, touched[GIVEN]),
  },
  {
    name: 'own',
    weight: 1,
    act: () => (side, draw) => release(side, wishes.own(draw)),
    learn: (known, touched) => keep(known.own, touched[OWN]),
  },
  {
    name: 'third',
    weight: 1,
    act: () => (side, draw) => release(side, wishes.third(draw)),
    learn: (known, touched) => keep(known.third, touched[GIVEN]),
  },
  {
    name: 'stop',
    weight: 1,
    act: (known) => (side) => (known.given.length > 2 ? stop(side, known.given[0] ?? '') : Promise.resolve([])),
    learn(known, touched) {
      if (touched.length === 0) return
      keep(known.stopped, known.given.shift())
    },
  },
  { name: 'roster', weight: 1, act: () => (side) => roster(side, side.world.recipient) },
]

const DECK: readonly CommonStep[] = STEPS.flatMap((step) => Array.from({ length: step.weight }, () => step))

/** Everything that every pair begins with, in the one world that all are copies of. */
const BEGINNING: readonly string[] = ['given', 'given', 'given', 'given', 'stop', 'closed', 'third', 'own']

/** Makes one world into the one that pairs are copies of; gives what is known in it. */
export async function begin(side: Side): Promise<Known> {
  const known: Known = { given: [], stopped: [], closed: [], third: [], own: [] }
  for (const [at, name] of BEGINNING.entries()) {
    const step = STEPS.find((one) => one.name === name)
    side.world.clock.advance(1)
    side.throwFrom(`beginning ${at}`)
    const touched = (await step?.act(known)(side, chanceOf(`beginning ${at}`))) ?? []
    await side.world.settle()
    step?.learn?.(known, touched)
  }
  return known
}

/** Takes one step in both worlds; throws when its outcome differs, because then it was no common one. */
export async function stepTogether(pair: Pair, label: string, draws: () => Chance): Promise<string> {
  const step = pick(draws(), DECK)
  const act = step.act(pair.known)
  const [left, right] = await pair.both(`${label}/history`, (side) => act(side, draws()))
  if (left.join() !== right.join()) throw new Error(`${step.name} was to be the same in both worlds`)
  step.learn?.(pair.known, left)
  return step.name
}
