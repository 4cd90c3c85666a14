import { mkdtemp, rm } from 'node:fs/promises'
import { cpus, loadavg, tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { type Json, toBase64Url, utf8 } from '@entente/canonical'
import { nodeCrypto as crypto } from '@entente/crypto-node'
import { type Nation, Projection, entryFor, listItems, openDatabase, rowKeyOf } from '@entente/node'
import { type World, twoNations } from '@entente/testkit'
import { proportionalSetSize } from '../../apps/cli/src/demo/memory.ts'
import { Generator, numberOf } from './generator.ts'

type Question = Parameters<typeof listItems>[2]
type Page = Awaited<ReturnType<typeof listItems>>

/** A reader of the benchmark, cleared by the office as anybody is. */
export interface BenchReader {
  readonly name: 'wide' | 'rare'
  readonly person: string
}

/** A nation whose projection holds so many items. */
export interface Filled extends AsyncDisposable {
  readonly count: number
  readonly readers: readonly BenchReader[]
  /** The same database over a connection of its own, for queries without permissions. */
  readonly bare: DatabaseSync
  readonly now: number
  list(reader: BenchReader, question: Question): Promise<Page>
  /** As `list`, with nothing verified before. */
  listAnew(reader: BenchReader, question: Question): Promise<Page>
  /** Signs what this question would show, so that it holds. */
  sign(reader: BenchReader, question: Question): Promise<void>
  /** A cursor after so many of what the reader may list. */
  cursorAfter(reader: BenchReader, lines: number): Promise<string>
  /** One entry in the ledger as a list makes it. */
  enter(): Promise<void>
}

const ITEMS_A_RECORD = 1_000
const PURPOSE = 'assessment'

/** The sizes to run: `--smoke` for one small one, `--items N` for one of that size. */
export function sizesOf(args: readonly string[]): readonly number[] {
  const at = args.indexOf('--items')
  if (at >= 0) return [Number(args[at + 1])]
  return args.includes('--smoke') ? [2_000] : [100_000, 1_000_000]
}

/** Says on what it runs and what of it is not real. */
export function printHead(): void {
  console.log(
    `${cpus()[0]?.model ?? 'unknown processor'}, ${cpus().length} cores, load before ${loadavg()[0]?.toFixed(2)}, Node.js ${process.versions.node}`,
  )
  console.log('real: agreement, offices, decisions, projection, index, verification of what is shown, an entry for each page')
  console.log('not real: made-up cards; items that no page shows carry no signature (rows of 2 kB instead of 8); no containers;')
  console.log('          no HTTP; the journal of the entries lies in memory; released within one day')
}

/** Makes two nations and fills a projection of the recipient's, on disk, from records as the journal holds them. */
export async function fill(count: number): Promise<Filled> {
  const world = await twoNations({ seed: 'bench-cards' })
  const folder = await mkdtemp(join(tmpdir(), 'entente bench-'))
  const path = join(folder, 'projection.sqlite')
  const generator = new Generator(world)
  const { parts } = world.recipient
  const { cast } = world.data.story
  await assign(world, cast.firstReader, ['maritime', 'air', 'cyber', 'space', 'energy'])
  await assign(world, cast.secondReader, ['energy-grid'])
  const owner = { nation: parts.config.nation, rowKey: rowKeyOf(crypto, parts.nonceKey), notice: () => {} }
  const began = performance.now()
  const first = openDatabase(path)
  const projection = await Projection.open(crypto, first.db, owner)
  for (let n = 0; n * ITEMS_A_RECORD < count; n++) {
    const size = Math.min(ITEMS_A_RECORD, count - n * ITEMS_A_RECORD)
    const items = Array.from({ length: size }, (_, index) => ({
      ...generator.item(n * ITEMS_A_RECORD + index, count),
      container: 'd'.repeat(64),
      containerSize: 1_048_576,
    }))
    const body = { items } as unknown as Json
    await projection.apply({ n, at: parts.now(), kind: 'received', body, entries: [], effects: [] })
  }
  first.close()
  const filled = performance.now()
  const database = openDatabase(path)
  const { db } = database
  const { listing } = await Projection.open(crypto, db, owner)
  const opened = performance.now()
  console.log(
    `\n${count.toLocaleString('en')} items, ${generator.likenesses.toLocaleString('en')} likenesses: filled in ${seconds(began, filled)}, started again in ${seconds(filled, opened)}`,
  )
  const nation: Nation = { ...parts, db, listing }
  const bare = new DatabaseSync(path, { readOnly: true })
  const sign = async (items: readonly string[]): Promise<void> => {
    for (const item of items) {
      const text = JSON.stringify(await generator.signed(numberOf(item), count))
      await db.updateTable('items').set({ signed: text }).where('item', '=', item).execute()
    }
  }
  return {
    count,
    bare,
    now: parts.now(),
    readers: [
      { name: 'wide', person: cast.firstReader },
      { name: 'rare', person: cast.secondReader },
    ],
    list: ({ person }, question) => listItems(nation, person, { purpose: PURPOSE, ...question }),
    listAnew({ person }, question) {
      // What was verified is remembered with the trust that it was verified under.
      const trust = { ...nation.trust() }
      return listItems({ ...nation, trust: () => trust }, person, { purpose: PURPOSE, ...question })
    },
    sign: async (reader, question) => sign(await itemsOf(nation, reader, question)),
    async cursorAfter(reader, lines) {
      const items = await itemsOf(nation, reader, {}, lines)
      const row = await db
        .selectFrom('items')
        .select(['released_at', 'item'])
        .where('item', '=', items.at(-1) ?? '')
        .executeTakeFirstOrThrow()
      return toBase64Url(utf8(`${row.released_at} ${row.item}`))
    },
    async enter() {
      const entry = entryFor(nation, 'home', nation.now(), { act: 'list', person: cast.firstReader, purpose: PURPOSE, count: 100 })
      await nation.enter({ at: nation.now(), kind: 'list', body: {}, entries: [entry], effects: [], conditions: [] })
    },
    async [Symbol.asyncDispose]() {
      bare.close()
      await db.destroy().catch(() => {})
      database.close()
      await world[Symbol.asyncDispose]()
      await rm(folder, { recursive: true, force: true, maxRetries: 5 })
    },
  }
}

/** The items that a question would show, found by the node's own code, which is stopped before it shows them. */
async function itemsOf(nation: Nation, { person }: BenchReader, question: Question, lines?: number): Promise<readonly string[]> {
  const { listing } = nation
  let items: readonly string[] = []
  const pick: typeof listing.pick = (choice, page) => {
    const limit = lines ?? page.limit
    items = listing
      .pick(choice, { ...page, limit })
      .rows.slice(0, limit)
      .map(({ item }) => item)
    throw new Seen('enough was seen')
  }
  const { likenessEnd, releases } = listing
  const likeness: typeof listing.likeness = (number) => listing.likeness(number)
  const spied = { pick, likeness, likenessEnd, releases } as unknown as Nation['listing']
  await listItems({ ...nation, listing: spied }, person, { purpose: PURPOSE, ...question }).catch((error: unknown) => {
    if (!(error instanceof Seen)) throw error
  })
  return items
}

/** Ends a list before anything is shown. */
class Seen extends Error {}

/** One line of figures beside its limit. */
export interface Measured {
  readonly p50: number
  readonly p99: number
  readonly cpu: number
}

/** Runs something so many times after one run that is not counted; milliseconds. */
export async function measure(times: number, run: () => unknown): Promise<Measured> {
  await run()
  const taken: number[] = []
  const before = process.cpuUsage()
  for (let turn = 0; turn < times; turn++) {
    const began = performance.now()
    await run()
    taken.push(performance.now() - began)
  }
  const { user, system } = process.cpuUsage(before)
  taken.sort((a, b) => a - b)
  const at = (share: number): number => taken[Math.min(taken.length - 1, Math.floor(share * taken.length))] ?? Number.NaN
  return { p50: at(0.5), p99: at(0.99), cpu: (user + system) / 1_000 / times }
}

/** Prints a line: ours, and the same without permissions where there is such a thing. */
export function row(what: string, ours: Measured, limit?: Measured): void {
  const figures = ({ p50, p99, cpu }: Measured): string =>
    `p50 ${p50.toFixed(2).padStart(8)}  p99 ${p99.toFixed(2).padStart(8)}  cpu ${cpu.toFixed(2).padStart(8)} ms`
  const beside =
    limit === undefined
      ? ''
      : `   bare p50 ${limit.p50.toFixed(2).padStart(8)}  cpu ${limit.cpu.toFixed(2).padStart(8)} ms   (${(ours.cpu / limit.cpu).toFixed(1)} times the cpu)`
  console.log(`${what.padEnd(40)} ${figures(ours)}${beside}`)
}

/** Prints what the process holds in memory and has used of the processor. */
export async function printMemory(): Promise<void> {
  const pss = await proportionalSetSize([process.pid])
  const { maxRSS, userCPUTime, systemCPUTime } = process.resourceUsage()
  console.log(
    `PSS now ${pss === undefined ? 'unknown' : (pss / 1e6).toFixed(0)} MB, RSS at its highest ${((maxRSS * 1_024) / 1e6).toFixed(0)} MB (filling included), ${((userCPUTime + systemCPUTime) / 1e6).toFixed(0)} CPU-seconds in all`,
  )
}

async function assign(world: World, person: string, areas: readonly string[]): Promise<void> {
  const desk = world.desk(world.recipient)
  const until = world.clock.now() + 86_400 * 30
  for (const area of areas) await desk.act(person, { act: 'assign', area, role: 'reader', purposes: [PURPOSE], until })
}

function seconds(from: number, to: number): string {
  return `${((to - from) / 1_000).toFixed(1)} s`
}
