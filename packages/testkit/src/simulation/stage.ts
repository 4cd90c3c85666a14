import { readdirSync } from 'node:fs'
import { rm, stat, truncate } from 'node:fs/promises'
import { join } from 'node:path'
import { EntenteError, codeOf } from '@entente/canonical'
import { type Chance, chanceOf } from '../chance.ts'
import type { HostedNation } from '../hosted-nation.ts'
import type { World } from '../two-nations.ts'
import type { VirtualTimers } from '../virtual-timers.ts'
import type { WireCall, WireFault } from '../wire.ts'
import { Model } from './model.ts'
import type { SimulatedReader } from './people.ts'
import type { Side, Step, Weather } from './plan.ts'
import { Promises } from './promises.ts'

/** No act of a person takes longer, in milliseconds: every call inside of it gives up before. */
const ACT_LIMIT = 300_000
/** Everything that waits has gone so long after the line is whole, in milliseconds. */
const SETTLE_LIMIT = 600_000
/** How long a node waits for a partner's answer, in milliseconds. */
const WIRE_PATIENCE = 15_000

/** Codes with which an act may honestly end while line, disks and processes fail, or because it is not permitted. */
const HONEST = new Set([
  'node/partner-unreachable',
  'node/partner-refused',
  'node/disk-full',
  'node/behind',
  'node/not-cosigned',
  'node/item-stopped',
  'node/nonce-spent',
  'node/process-gone',
  'node/absent',
  'node/refused',
  'node/not-enrolled',
  'node/above-clearance',
  'node/limit',
  'node/agreement-moved',
  'client/absent',
  'client/item-expired',
  'clearance/stale',
  'clearance/staple-stale',
  'exchange/grant-expired',
  'exchange/entry-stale',
  'exchange/request-expired',
  'exchange/nonce-expired',
  'exchange/malformed',
])

/** How an act ended: with an answer, with a code, or because its nation was down or died under it. */
export type End<T> =
  | { readonly ended: 'done'; readonly value: T }
  | { readonly ended: 'refused'; readonly code: string }
  | { readonly ended: 'down' }

/** A world with everything around it that fails, and those who watch: what the steps of a walk are played on. */
export class Stage {
  readonly world: World
  readonly model: Model = new Model()
  readonly promises: Promises
  readonly readers: readonly SimulatedReader[]
  /** Everything that was released, in order: the own rendition, and the partner's where there is one. */
  readonly released: { readonly own: string; readonly partner?: string }[] = []
  readonly #timers: VirtualTimers
  readonly #chance: Chance
  #weather: Weather = { kind: 'fair' }
  #calls = new Map<string, number>()
  /** Meddles with single calls before the weather does; of a step that needs one call treated in its own way. */
  treat: (call: WireCall) => WireFault | undefined = () => undefined

  constructor(world: World, timers: VirtualTimers, readers: readonly SimulatedReader[], seed: string) {
    this.world = world
    this.readers = readers
    this.promises = new Promises(world)
    this.#timers = timers
    this.#chance = chanceOf(`${seed}/stage`)
    world.wire.patienceMilliseconds = WIRE_PATIENCE
    world.wire.fault = (call) => this.treat(call) ?? this.#faultOf(call, seed)
  }

  nation(side: Side): HostedNation {
    return this.world[side]
  }

  /** A thing of a list by a number that any list has. */
  pick<T>(from: readonly T[], at: number): T | undefined {
    return from.length === 0 ? undefined : from[at % from.length]
  }

  /** An item by number that any list has: the rendition of a nation's own readers. */
  itemFor(host: HostedNation, at: number): string | undefined {
    const isOwn = host === this.world.originator
    return this.pick(
      this.released.flatMap(({ own, partner }) => (isOwn ? [own] : partner === undefined ? [] : [partner])),
      at,
    )
  }

  /** Lets a nation's person do something, and time pass until it ends. What ends in a way that nobody planned is told. */
  async attempt<T>(
    what: string,
    host: HostedNation,
    act: () => Promise<T>,
    isHonest: (code: string) => boolean = () => false,
  ): Promise<End<T>> {
    if (!host.isUp) return { ended: 'down' }
    const { parts } = host
    try {
      const value = await this.#timers.until(Promise.resolve().then(act), ACT_LIMIT)
      if (!host.isUp || host.parts !== parts) return { ended: 'down' }
      return { ended: 'done', value }
    } catch (error) {
      if (!host.isUp || host.parts !== parts) return { ended: 'down' }
      const code = codeOf(error)
      if (!HONEST.has(code) && !isHonest(code)) this.tell(`${what} ended with ${toldOf(error)}`)
      return { ended: 'refused', code }
    }
  }

  /** Lets time pass until several acts that go on at once have all ended. */
  together<T>(acts: () => Promise<T>): Promise<T> {
    // Begun inside, so that this task is the one that lets time pass.
    return this.#timers.until(Promise.resolve().then(acts), ACT_LIMIT)
  }

  /** A promise that does not hold. */
  tell(what: string): void {
    if (!this.promises.broken.includes(what)) this.promises.broken.push(what)
  }

  /** Lets time pass with nobody doing anything. */
  pause(milliseconds: number): Promise<void> {
    return this.#timers.pass(milliseconds)
  }

  /** A long time in which nothing is worth watching: clocks go, nothing falls due. */
  jump(seconds: number): void {
    this.world.clock.advance(seconds)
  }

  setWeather(weather: Weather): void {
    this.#weather = weather
  }

  /** Kills a nation where it runs; `torn` loses or cuts tiles, which are never synced and are made again from the journal. */
  async kill(host: HostedNation, torn: boolean): Promise<void> {
    await this.#timers.until(host.crash(), ACT_LIMIT)
    await this.pause(0)
    if (torn) await this.#tearTiles(host)
  }

  /** Starts a nation where it is down. */
  async start(host: HostedNation): Promise<void> {
    if (host.isUp) return
    host.journal.onWrite = () => {}
    try {
      await this.#timers.until(host.start(), ACT_LIMIT)
    } catch (error) {
      // Killed once more while it started, or a full disk: it is started again another time.
      if (host.isUp) throw error
      if (!HONEST.has(codeOf(error)) && !(error instanceof Error && /crashed after|is gone/u.test(error.message)))
        this.tell(`${host.code} does not start: ${toldOf(error)}`)
    }
  }

  /** Has a nation die at a point that it comes to next. */
  crashAt({ at, point }: Extract<Step, { step: 'crash-at' }>): void {
    const host = this.nation(at)
    if (!host.isUp) return
    if (point !== 'write') host.crashAfter = point
    else
      host.journal.onWrite = () => {
        host.journal.onWrite = () => {}
        void host.crash()
      }
  }

  /** Logs that wait for their witness ask once more, as a starting node does every second. */
  async reopen(): Promise<void> {
    for (const nation of this.world.nations) {
      if (!nation.isUp) continue
      await this.attempt(`${nation.code} asks its witnesses`, nation, async () => {
        const { closed } = await nation.ledger.status({})
        if (closed.length > 0) await nation.ledger.reconcile({})
      })
    }
  }

  /** Mends everything: the line is whole, disks have room, nobody is down, and what waits goes. False where that does not come. */
  async heal(): Promise<boolean> {
    this.#weather = { kind: 'fair' }
    this.treat = () => undefined
    for (const nation of this.world.nations) {
      nation.crashAfter = undefined
      nation.journal.onWrite = () => {}
      nation.journal.mood = 'sound'
      nation.officeJournal.mood = 'sound'
    }
    for (const nation of this.world.nations) await this.start(nation)
    const until = this.#timers.now + SETTLE_LIMIT
    let waiting = ''
    while (this.#timers.now < until) {
      if (this.world.nations.some(({ isUp }) => !isUp)) return false
      try {
        waiting = await this.#timers.until(this.world.unsettled(), ACT_LIMIT)
      } catch (error) {
        waiting = String(error)
      }
      if (waiting === '') return true
      for (const nation of this.world.nations) nation.parts.wake()
      await this.pause(500)
    }
    this.tell(`the world does not settle: ${waiting}`)
    return false
  }

  #faultOf(call: WireCall, seed: string): WireFault | undefined {
    const { from, path } = call
    const key = `${from} ${path}`
    const number = (this.#calls.get(key) ?? 0) + 1
    this.#calls.set(key, number)
    switch (this.#weather.kind) {
      case 'fair':
        return undefined
      case 'cut':
        return 'lose'
      case 'one-way':
        return from === this.nation(this.#weather.mute).code ? 'lose' : 'lose-answer'
      default: {
        // By the call and not by the moment: the same call of the same walk has the same fate, whatever overtakes it.
        const chance = chanceOf(`${seed}/wire/${key}/${number}`)
        if (chance.below(1_000) >= this.#weather.perMille) return undefined
        const lateMilliseconds = 1 + chance.below(this.#weather.lateMilliseconds)
        return (['lose', 'lose-answer', 'twice', { lateMilliseconds, on: 'way-there' }, { lateMilliseconds, on: 'way-back' }] as const)[
          chance.below(5)
        ]
      }
    }
  }

  async #tearTiles({ dir }: HostedNation): Promise<void> {
    const logs = join(dir, 'ledger', 'logs')
    const tiles = readdirSync(logs, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && entry.parentPath.includes('tile'))
      .map((entry) => join(entry.parentPath, entry.name))
      .sort()
    for (const tile of tiles) {
      const fate = this.#chance.below(4)
      if (fate === 0) await rm(tile)
      else if (fate === 1) await truncate(tile, this.#chance.below((await stat(tile)).size))
    }
  }
}

/** An error as a line: its code and values where it has them, what it says otherwise. */
function toldOf(error: unknown): string {
  if (error instanceof EntenteError) return `${codeOf(error)} ${JSON.stringify(error.values)}`
  return error instanceof Error ? (error.stack ?? error.message).split('\n').slice(0, 4).join(' ') : String(error)
}

/** How an act ended, for the trace. */
export function told(end: End<unknown>): string {
  return end.ended === 'refused' ? end.code : end.ended
}
