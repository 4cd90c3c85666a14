/** Two nations in one process with real disks under their journals, whose cryptography and writes can be counted. */
import { type FileHandle, mkdtemp, open as openFile, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Crypto, fromBase64Url } from '@entente/canonical'
import {
  type KeyRing,
  type JournalDisk,
  type ReleaseInput,
  loadPolicies,
  openItemKey,
  openJournalFile,
  pathsOf,
  readSeeds,
} from '@entente/node'
import { type HostedNation, type Reader, type World, demoWorld, twoNations } from '@entente/testkit'
import { type Counted, Tally, bareOperations, countingCrypto } from './counting-crypto.ts'

/** So many openings are prepared at a time at most: more of them in one process wait too long for their cosignatures. */
const PREPARED_AT_A_TIME = 16
/** Openings are limited per person and day; a benchmark asks for more than a person would. */
const LIMIT = 1_000_000

/** What one run asked of cryptography and disk. */
export interface Demand {
  readonly operations: readonly Counted[]
  /** Lengths of the buffers of each write to a journal that was synced: one group commit each. */
  readonly commits: readonly (readonly number[])[]
  /** Lengths of the checkpoints that a witness wrote down before it answered. */
  readonly checkpoints: readonly number[]
  /** Calls between the nations. */
  readonly calls: number
}

/** Writes the agreement's template with limits that no benchmark reaches. */
export async function unlimitedTemplate(folder: string): Promise<string> {
  const { template } = await demoWorld()
  const agreement = JSON.parse(await readFile(template, 'utf8')) as { limits: Record<string, number> }
  agreement.limits = { openingsPerPersonPerDay: LIMIT, openingsPerNationPerDay: LIMIT }
  const path = join(folder, 'agreement.json')
  await writeFile(path, JSON.stringify(agreement))
  return path
}

/** Does a task `count` times, `many` at a time. */
export async function atATime(many: number, count: number, task: (at: number) => Promise<unknown>): Promise<void> {
  let next = 0
  const worker = async (): Promise<void> => {
    for (let at = next++; at < count; at = next++) await task(at)
  }
  await Promise.all(Array.from({ length: many }, worker))
}

/** A delivered item and a reader of the partner's who may open it. */
export class OpeningWorld implements AsyncDisposable {
  readonly world: World
  readonly reader: Reader
  readonly item: string
  readonly folder: string
  readonly #tally: Tally
  #commits: number[][] | undefined
  #bareJournal: FileHandle | undefined

  private constructor(world: World, reader: Reader, item: string, folder: string, tally: Tally) {
    this.world = world
    this.reader = reader
    this.item = item
    this.folder = folder
    this.#tally = tally
  }

  static async make(): Promise<OpeningWorld> {
    const folder = await mkdtemp(join(tmpdir(), 'entente bench-'))
    const tally = new Tally()
    const made: { world?: OpeningWorld } = {}
    const journalDisk = async (path: string): Promise<JournalDisk> => {
      const disk = await openJournalFile(path)
      return {
        ...disk,
        append(buffers) {
          made.world?.note(buffers)
          return disk.append(buffers)
        },
      }
    }
    const world = await twoNations({
      seed: 'bench/keys',
      data: { ...(await demoWorld()), template: await unlimitedTemplate(folder) },
      crypto: countingCrypto(tally),
      journalDisk,
    })
    const reader = await world.firstReader()
    const item = await world.deliver()
    made.world = new OpeningWorld(world, reader, item, folder, tally)
    // Every process has seen the item once: what it remembers of it is no part of what is measured.
    await reader.open(item)
    return made.world
  }

  note(buffers: readonly Uint8Array[]): void {
    this.#commits?.push(buffers.map(({ length }) => length))
  }

  /** Drops what the wire has written down for tests: no node keeps its calls. */
  forgetCalls(): void {
    this.world.wire.calls.length = 0
    this.world.wire.answers.clear()
  }

  /** Runs once and tells what was asked for. */
  async demandOf(run: () => Promise<void>): Promise<Demand> {
    const { wire } = this.world
    this.forgetCalls()
    const commits: number[][] = []
    this.#commits = commits
    this.#tally.start()
    await run()
    const operations = this.#tally.stop()
    this.#commits = undefined
    const { calls } = wire
    const checkpoints = calls.filter(({ path }) => path === '/witness').map(({ body }) => body.length)
    return { operations, commits, checkpoints, calls: calls.length }
  }

  /** The same operations and synced writes with nothing around them. */
  async bareRun(demand: Demand): Promise<() => Promise<void>> {
    const operations = bareOperations(demand.operations)
    const journal = (this.#bareJournal ??= await openFile(join(this.folder, 'bare journal'), 'a'))
    const commits = demand.commits.map((lengths) => lengths.map((length) => new Uint8Array(length)))
    const checkpoints = demand.checkpoints.map((length) => new Uint8Array(length))
    return async () => {
      operations()
      for (const buffers of commits) {
        await journal.writev(buffers)
        await journal.datasync()
      }
      for (const bytes of checkpoints) {
        await journal.write(bytes)
        await journal.datasync()
      }
    }
  }

  /** What the originator's key process was given for these openings, made `many` at a time (up to 16): so many share their checkpoints. */
  async releaseInputs(count: number, many: number): Promise<readonly ReleaseInput[]> {
    const { parts } = this.world.originator
    const inputs: ReleaseInput[] = []
    const { keys } = parts
    const call = keys.call.bind(keys)
    keys.call = (operation, body) => {
      if (operation === 'release') inputs.push(body as unknown as ReleaseInput)
      return call(operation, body)
    }
    try {
      // On a busy machine some wait too long for their cosignature.
      while (inputs.length < count) await this.#openings(count - inputs.length, many)
    } finally {
      keys.call = call
    }
    return inputs
  }

  /** Requests as the reader's nation relays them `many` at a time (up to 16), each signed, granted and cosigned, and none of them answered yet. */
  async relayedRequests(count: number, many: number): Promise<readonly Uint8Array[]> {
    const { wire } = this.world
    const before = wire.calls.length
    wire.fault = ({ path }) => (path === '/openings' ? 'lose' : undefined)
    try {
      for (;;) {
        const requests = wire.calls.slice(before).flatMap(({ path, body }) => (path === '/openings' ? [body] : []))
        if (requests.length >= count) return requests
        await this.#openings(count - requests.length, many)
      }
    } finally {
      wire.fault = () => undefined
    }
  }

  async #openings(count: number, many: number): Promise<void> {
    await atATime(Math.min(many, PREPARED_AT_A_TIME), count, () => this.reader.open(this.item).catch(() => undefined))
  }

  /** The originator's key process without its process. */
  async keyRing(crypto: Crypto): Promise<KeyRing> {
    const { parts, dir }: HostedNation = this.world.originator
    const seeds = await readSeeds(join(pathsOf(dir).keys, 'keys.json'), ['kek', 'kas'])
    const kek = fromBase64Url(seeds.kek)
    // A trust of its own, as the process has: nothing that anybody else verified counts for it.
    const trust = { ...parts.trust() }
    return {
      crypto,
      trust: () => trust,
      policies: await loadPolicies(parts.config.nations),
      service: { kid: 'kas-1', key: await crypto.kemKey(fromBase64Url(seeds.kas)) },
      itemKey: (item, sealed) => openItemKey(crypto, kek, item, sealed),
      now: () => parts.now(),
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#bareJournal?.close()
    await this.world[Symbol.asyncDispose]()
    await rm(this.folder, { recursive: true, force: true, maxRetries: 5 })
  }
}
