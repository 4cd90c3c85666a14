/** Two worlds that throw the same dice, and what is done to both or to one of them. */
import {
  type Chance,
  type CoupledCrypto,
  type Coupling,
  type HostedNation,
  type PeopleDoor,
  type World,
  peopleDoor,
} from '@entente/testkit'
import { message } from '@entente/words'

/** Larger than anything that an observer sends but the one body that is meant to be too large. */
const BODY_LIMIT_BYTES = 65_536
/** Times are outside of the comparison (spec/leaks.md): refusals need not wait for their even time here. */
const AT_ONCE = { now: () => 0, pause: async (): Promise<void> => {} }

/** The people's doors of one world after another: to make one takes longer than anything that is asked through it. */
export class Doors {
  readonly #doors = new Map<string, Promise<PeopleDoor>>()
  #world: World | undefined

  /** From here on the doors lead into this world. */
  leadInto(world: World): void {
    this.#world = world
  }

  of(code: string): Promise<PeopleDoor> {
    const made = this.#doors.get(code)
    if (made !== undefined) return made
    const wording = (problem: string, values: Readonly<Record<string, string | number>>) => ({
      en: message('en', problem, values),
      ja: message('ja', problem, values),
    })
    const nation = (): HostedNation => {
      if (this.#world === undefined) throw new Error('these doors lead nowhere')
      return this.#world.nation(code)
    }
    const host = {
      code,
      get parts() {
        return nation().parts
      },
    }
    const door = peopleDoor(host, wording, BODY_LIMIT_BYTES, AT_ONCE)
    this.#doors.set(code, door)
    return door
  }

  async close(): Promise<void> {
    for (const door of this.#doors.values()) await (await door).close()
  }
}

interface Kept {
  readonly lengths: readonly number[]
  readonly drafts: ReadonlySet<string>
}

/** One of the two worlds. */
export class Side {
  readonly world: World
  readonly #port: CoupledCrypto
  readonly #doors: Doors
  /** Checkpoints that went to witnesses since they were last looked at. */
  readonly checkpoints: { readonly from: string; readonly witness: string; readonly body: string }[] = []
  /** Number of calls between nations that were looked at already. */
  seenCalls = 0

  constructor(world: World, port: CoupledCrypto, doors: Doors) {
    this.world = world
    this.#port = port
    this.#doors = doors
    doors.leadInto(world)
    for (const nation of world.nations)
      nation.onCheckpoint = (witness, body) => void this.checkpoints.push({ from: nation.code, witness, body })
  }

  throwFrom(label: string): void {
    this.#port.throwFrom(label)
  }

  /** What the nations keep, as nobody may see it: how long their journals are, and their drafts. */
  async kept(): Promise<Kept> {
    const drafts = await Promise.all(this.world.nations.map(({ parts }) => parts.drafts.all()))
    return { lengths: this.#journals().map(({ length }) => length), drafts: new Set(drafts.flat().map((one) => JSON.stringify(one))) }
  }

  /** What came to it since. */
  async since(before: Kept): Promise<string> {
    const { drafts } = await this.kept()
    const tails = this.#journals().map((bytes, at) => bytes.subarray(before.lengths[at]).toBase64())
    return [...tails, ...drafts.difference(before.drafts)].join('\n')
  }

  #journals(): readonly Uint8Array[] {
    return this.world.nations.flatMap(({ journal, officeJournal }) => [journal.content, officeJournal.content])
  }

  /** The people's door of a nation. */
  door(nation: HostedNation): Promise<PeopleDoor> {
    return this.#doors.of(nation.code)
  }
}

/** What is done in a world. `draw` gives the same in both. */
export type Step = (side: Side, draw: Chance) => Promise<unknown>

/** Items that common history made, by what they are to the observers; the same ids in both worlds. */
export interface Known {
  /** Given to the recipient, in the area that both of its readers need. */
  readonly given: string[]
  /** Stopped since. */
  readonly stopped: string[]
  /** Given to the recipient, in the area that only its first reader needs. */
  readonly closed: string[]
  /** The third nation's. */
  readonly third: string[]
  /** The originator's own, in the open area. */
  readonly own: string[]
}

/** Both worlds. */
export class Pair {
  readonly left: Side
  readonly right: Side
  readonly coupling: Coupling
  readonly known: Known

  private constructor(left: Side, right: Side, coupling: Coupling, known: Known) {
    this.left = left
    this.right = right
    this.coupling = coupling
    this.known = known
  }

  /** Two copies of a world, each behind doors of its own. */
  static async of(base: World, coupling: Coupling, known: Known, doors: readonly [Doors, Doors]): Promise<Pair> {
    const copy = async (behind: Doors): Promise<Side> => {
      const port = coupling.port('copy')
      return new Side(await base.copy(port, 'copy'), port, behind)
    }
    const [left, right] = await Promise.all([copy(doors[0]), copy(doors[1])])
    return new Pair(left, right, coupling, structuredClone(known))
  }

  /** Does something in both worlds with the same dice, a second later than the last, and waits until nothing is under way. */
  async both<T>(
    label: string,
    left: (side: Side) => Promise<T>,
    right: (side: Side) => Promise<T> = left,
    settles: boolean = true,
  ): Promise<readonly [T, T]> {
    const one = async (side: Side, step: (side: Side) => Promise<T>): Promise<T> => {
      side.world.clock.advance(1)
      side.throwFrom(label)
      const done = await step(side)
      if (settles) await side.world.settle()
      return done
    }
    return Promise.all([one(this.left, left), one(this.right, right)])
  }

  async end(): Promise<void> {
    for (const { world } of [this.left, this.right]) {
      // What was held back goes on its way first, or it would come to rest in a folder that is gone.
      world.wire.fault = () => undefined
      await world.settle()
      await world[Symbol.asyncDispose]()
    }
    this.coupling.forget()
  }
}

/** One of these. */
export function pick<T>(draw: Chance, from: readonly T[]): T {
  const one = from[draw.below(from.length)]
  if (one === undefined) throw new Error('nothing to pick from')
  return one
}
