/** One row of pairs: two copies of a world, one observer, a history, and secret after secret that the observer must not see. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Chance, Coupling, type World, chanceOf, twoNations } from '@entente/testkit'
import { secretText } from './acts.ts'
import { begin, stepTogether } from './history.ts'
import { type Difference, FROM_OWN_READER, FROM_READER, FROM_RECIPIENT, FROM_THIEF, FROM_THIRD, FROM_WITNESS } from './differences.ts'
import { Normaliser, type Observation } from './normalise.ts'
import { Doors, type Known, Pair, Side, pick } from './pair.ts'
import { askAsNode, seenByWitnesses, stolen } from './node.ts'
import { askAsReader } from './reader.ts'
import { THIRD, THIRD_READER, writeThreeNations } from './three-nations.ts'

/** Changes what an observer gets, as a leak would: for tests of the comparison. `hidden` is what the worlds differ in. */
export type Leak = (side: Side, seen: readonly Observation[], hidden: readonly string[]) => Observation[] | Promise<Observation[]>

/** What an observer may use when it looks; the same in both worlds but for `touched`. */
interface Look {
  readonly known: Known
  /** Items that the secret was about in either world. */
  readonly hidden: readonly string[]
  /** Those of this world. */
  readonly touched: readonly string[]
  readonly draw: Chance
  /** What the first world's secret text may be. */
  readonly guess: string
}

interface Observer {
  readonly name: string
  readonly weight: number
  readonly differences: readonly Difference[]
  /** Classes that this observer may always see differ. */
  readonly bears: readonly string[]
  observe(side: Side, look: Look): Promise<readonly Observation[]>
}

const cast = (side: Side) => side.world.data.story.cast

export const OBSERVERS: readonly Observer[] = [
  {
    name: 'reader',
    weight: 5,
    differences: FROM_READER,
    bears: [],
    observe: (side, { known, hidden, draw, guess }) => askAsReader(side, cast(side).secondReader, known, hidden, draw, guess),
  },
  {
    name: 'own reader',
    weight: 3,
    differences: FROM_OWN_READER,
    bears: [],
    observe: (side, { known, hidden, draw, guess }) => askAsReader(side, cast(side).ownReader, known, hidden, draw, guess),
  },
  {
    name: "recipient's node",
    weight: 5,
    differences: FROM_RECIPIENT,
    bears: ['log-growth'],
    observe: (side, { known, hidden, draw }) => askAsNode(side, side.world.recipient, cast(side).firstReader, known.given, hidden, draw),
  },
  {
    name: 'third node',
    weight: 3,
    differences: FROM_THIRD,
    bears: ['log-growth'],
    observe: (side, { known, hidden, draw }) => askAsNode(side, side.world.nation(THIRD), THIRD_READER, known.third, hidden, draw),
  },
  { name: 'witness', weight: 3, differences: FROM_WITNESS, bears: ['log-growth'], observe: async (side) => seenByWitnesses(side) },
  {
    name: 'thief',
    weight: 1,
    differences: FROM_THIEF,
    bears: [],
    observe: (side, { touched, guess }) => stolen(side, side.world.recipient, touched[1] ?? '', guess),
  },
]

/** What one row gave. */
export interface Row {
  readonly observer: string
  /** How many pairs, by kind of difference. */
  readonly pairs: Readonly<Record<string, number>>
  readonly observations: number
  readonly used: readonly string[]
  readonly failure?: {
    readonly pair: number
    readonly difference: string
    readonly left: string
    readonly right: string
    readonly at: string
  }
}

/** The world that all rows begin with, and its dice. Made once in a process. */
export class Beginning implements AsyncDisposable {
  readonly #world: World
  readonly #folder: string
  readonly coupling: Coupling
  readonly #known: Known
  readonly #doors = [new Doors(), new Doors()] as const

  private constructor(world: World, folder: string, coupling: Coupling, known: Known) {
    this.#world = world
    this.#folder = folder
    this.coupling = coupling
    this.#known = known
  }

  static async make(): Promise<Beginning> {
    const folder = await mkdtemp(join(tmpdir(), 'entente-three-'))
    const coupling = new Coupling()
    const port = coupling.port('beginning')
    const world = await twoNations({ seed: 'beginning', data: await writeThreeNations(folder), crypto: port })
    const { firstReader, secondReader, ownReader } = world.data.story.cast
    for (const id of [firstReader, secondReader, ownReader, THIRD_READER]) await world.reader(id)
    const doors = new Doors()
    const known = await begin(new Side(world, port, doors))
    await doors.close()
    return new Beginning(world, folder, coupling, known)
  }

  /** Two fresh copies. */
  pair(): Promise<Pair> {
    return Pair.of(this.#world, this.coupling, this.#known, this.#doors)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const doors of this.#doors) await doors.close()
    await this.#world[Symbol.asyncDispose]()
    await rm(this.#folder, { recursive: true, force: true })
  }
}

function deck<T extends { readonly weight: number }>(of: readonly T[]): readonly T[] {
  return of.flatMap((one) => Array.from({ length: one.weight }, () => one))
}

/** Runs a row of `length` pairs at most; ends at the first difference that is none of spec/leaks.md's. */
export async function runRow(
  beginning: Beginning,
  seed: string,
  length: number,
  options: { readonly observer?: string; readonly difference?: string; readonly leak?: Leak } = {},
): Promise<Row> {
  const draw = chanceOf(`${seed}/row`)
  const drawn = pick(draw, deck(OBSERVERS))
  const observer = options.observer === undefined ? drawn : OBSERVERS.find(({ name }) => name === options.observer)
  if (observer === undefined) throw new Error(`no such observer: ${options.observer ?? ''}`)
  const differences = observer.differences.filter(({ name }) => options.difference === undefined || name === options.difference)
  const normaliser = new Normaliser()
  const pairs: Record<string, number> = {}
  let observations = 0
  const bears = new Set(observer.bears)
  const result = (failure?: Row['failure']): Row => ({
    observer: observer.name,
    pairs,
    observations,
    used: [...normaliser.used],
    ...(failure === undefined ? {} : { failure }),
  })
  const pair = await beginning.pair()
  try {
    for (let number = 0; number < length; number++) {
      const label = `${seed}/${number}`
      await stepTogether(pair, label, () => chanceOf(`${label}/history`))
      const final = differences.filter(({ last }) => last === true)
      const going = differences.filter(({ last }) => last !== true)
      const ends = final.length > 0 && (number === length - 1 || going.length === 0)
      const difference = pick(draw, deck(ends ? final : going))
      for (const side of [pair.left, pair.right]) side.checkpoints.length = 0
      const before = await Promise.all([pair.left.kept(), pair.right.kept()])
      const done = await pair.both(
        `${label}/secret`,
        (side) => difference.left(pair.known)(side, chanceOf(`${label}/secret`)),
        (side) => difference.right(pair.known)(side, chanceOf(`${label}/secret`)),
        difference.last !== true,
      )
      const since = await Promise.all([pair.left.since(before[0]), pair.right.since(before[1])])
      if (since[0] === since[1]) throw new Error(`${difference.name}: nothing differs, so nothing could show`)
      const hidden = [...new Set(done.flat())]
      // What an earlier secret of the row left behind is there still.
      for (const one of difference.bears) bears.add(one)
      const guess = secretText(chanceOf(`${label}/secret`))
      const look = async (side: Side, touched: readonly string[]): Promise<readonly Observation[]> => {
        const seen = await observer.observe(side, { known: pair.known, hidden, touched, draw: chanceOf(`${label}/look`), guess })
        return options.leak === undefined ? seen : options.leak(side, seen, hidden)
      }
      const [left, right] = await pair.both(
        `${label}/look`,
        (side) => look(side, done[0]),
        (side) => look(side, done[1]),
        difference.last !== true,
      )
      observations += left.length
      pairs[difference.name] = (pairs[difference.name] ?? 0) + 1
      const failure = firstDifference(normaliser, left, right, [...bears])
      if (failure !== undefined) return result({ pair: number, difference: difference.name, ...failure })
      pair.coupling.forget()
      if (difference.last === true) break
    }
    return result()
  } finally {
    await pair.end()
  }
}

function firstDifference(
  normaliser: Normaliser,
  left: readonly Observation[],
  right: readonly Observation[],
  bears: readonly string[],
): { readonly at: string; readonly left: string; readonly right: string } | undefined {
  for (let at = 0; at < Math.max(left.length, right.length); at++) {
    const [one, other] = [left[at], right[at]]
    if (one === undefined || other === undefined)
      return { at: one?.name ?? other?.name ?? '', left: one?.body ?? '', right: other?.body ?? '' }
    // First without taking anything out: mostly the worlds are the same to the last byte.
    if (normaliser.text(one, []) === normaliser.text(other, [])) continue
    const texts = [normaliser.text(one, bears), normaliser.text(other, bears)] as const
    if (texts[0] !== texts[1]) return { at: one.name, left: texts[0], right: texts[1] }
  }
  return undefined
}
