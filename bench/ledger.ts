/**
 * The ledger engine: acts entered per second at 1, 16 and 128 callers, without and with the witness's cosignature, beside the
 * same bytes in the same grouping by `writev` and `fdatasync` on the same disk. `--smoke` asks for little,
 * `--callers=16` for some only.
 * A cosigned act also waits for the log's checkpoint: its signatures, the witness's check of them and its own, and the
 * witness's synced record; those stand in the limit too (`keys` counts them one by one).
 */
import { mkdtemp, open as openFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Crypto, toBase64Url, toHex } from '@entente/canonical'
import { makeEntry } from '@entente/ledger'
import {
  type AppendInput,
  Engine,
  type JournalDisk,
  logPlans,
  openJournalFile,
  openWitness,
  pathsOf,
  readSeeds,
  secondWitnessName,
  witnessSigners,
  homeKeys,
} from '@entente/node'
import { twoNations } from '@entente/testkit'
import { Tally, bareOperations, countingCrypto } from './measure/counting-crypto.ts'
import { listed } from './measure/arguments.ts'
import { machineLine } from './measure/machine.ts'
import { inTurns, median, reached } from './measure/rounds.ts'
import { digits, table } from './measure/table.ts'

const HOME = 'home'

/** Runs the benchmark and prints its figures. */
export async function bench(args: readonly string[]): Promise<void> {
  const smoke = args.includes('--smoke')
  console.log(machineLine())
  const folder = await mkdtemp(join(tmpdir(), 'entente bench-'))
  const bareFile = await openFile(join(folder, 'bare'), 'a')
  const ledger = await LedgerUnderTest.open(folder)
  const rows: string[][] = []
  try {
    for (const cosigned of [false, true]) {
      for (const many of listed(args, '--callers=') ?? (smoke ? [1, 16] : [1, 16, 128])) {
        const count = smoke ? Math.max(16, many) : cosigned ? Math.max(64, many) : Math.max(512, many * 16)
        const run = (): Promise<void> => ledger.enter(many, count, cosigned)
        const { commits, records, operations } = await ledger.demandOf(run)
        const buffers = commits.map((lengths) => lengths.map((length) => new Uint8Array(length)))
        const cryptography = bareOperations(operations)
        const synced = async (all: readonly (readonly Uint8Array[])[]): Promise<void> => {
          for (const one of all) {
            await bareFile.writev([...one])
            await bareFile.datasync()
          }
        }
        const timings = await inTurns(smoke ? 2 : 5, {
          product: run,
          bare: () => synced(buffers),
          demanded: async () => {
            cryptography()
            await synced([...buffers, ...records.map((length) => [new Uint8Array(length)])])
          },
        })
        const { product, bare, demanded } = timings
        rows.push([
          `${many} at a time${cosigned ? ', cosigned' : ''}`,
          digits(count / median(product.wall)),
          digits(count / median(bare.wall)),
          digits(reached(bare.wall, product.wall)),
          digits(reached(demanded.wall, product.wall)),
          digits((median(product.cpu) / count) * 1e6),
          digits(reached(demanded.cpu, product.cpu)),
          digits(count / commits.length),
          digits(product.peak),
        ])
      }
    }
    table(
      [
        '',
        'per second',
        'writev + fdatasync',
        'reached',
        'of all demanded',
        'cpu µs an act',
        'of demanded cpu',
        'acts a commit',
        'peak MB',
      ],
      rows,
    )
    console.log(`\n${machineLine()}`)
  } finally {
    await bareFile.close()
    await ledger.close()
    await rm(folder, { recursive: true, force: true, maxRetries: 5 })
  }
}

/** A nation's real engine and second witness, on real disks in a folder. */
class LedgerUnderTest {
  readonly #engine: Engine
  readonly #tally: Tally
  readonly #end: () => Promise<void>
  #commits: number[][] | undefined
  #records: number[] = []
  /** Made beforehand: making an entry is the node's work, and counted by `keys`. */
  readonly #entries: AppendInput['entries']
  #next = 0
  readonly #witness: string
  readonly #now: number

  private constructor(engine: Engine, tally: Tally, crypto: Crypto, witness: string, now: number, end: () => Promise<void>) {
    this.#engine = engine
    this.#tally = tally
    this.#entries = Array.from({ length: 64 }, () => entryOf(crypto, now))
    this.#witness = witness
    this.#now = now
    this.#end = end
  }

  static async open(folder: string): Promise<LedgerUnderTest> {
    const tally = new Tally()
    const crypto = countingCrypto(tally)
    // Only the keys and names of a nation are taken from the world; engine and witness are this benchmark's own.
    const world = await twoNations({ seed: 'bench/ledger' })
    const { parts, dir } = world.originator
    const trust = parts.trust()
    const now = parts.now()
    const paths = pathsOf(dir)
    const made: { ledger?: LedgerUnderTest } = {}
    const name = secondWitnessName(parts.config.names.kas, parts.config.realm)
    const witness = await openWitness(crypto, join(folder, 'witness'), {
      signers: await witnessSigners(crypto, (await readSeeds(join(paths.witness, 'keys.json'), ['witness'])).witness, name),
      keysOf: homeKeys(crypto, trust),
      now: () => now,
      notice: () => {},
    })
    const file = await openJournalFile(join(folder, 'journal'))
    const disk: JournalDisk = {
      ...file,
      append(buffers) {
        made.ledger?.note(buffers)
        return file.append(buffers)
      },
    }
    const plans = await logPlans(crypto, trust, (await readSeeds(join(paths.ledger, 'keys.json'), ['logs', 'witness'])).logs)
    const engine = await Engine.open({
      crypto,
      folder: join(folder, 'ledger'),
      plans: plans.filter((plan) => plan.name === HOME),
      cosign: (_, body) => {
        made.ledger?.record(body.length)
        return witness.add(body)
      },
      now: () => now,
      durable: () => {},
      notice: (code) => console.log(code),
      disk,
    })
    await engine.reconcile()
    await world[Symbol.asyncDispose]()
    made.ledger = new LedgerUnderTest(engine, tally, crypto, name, now, () => engine.close())
    return made.ledger
  }

  note(buffers: readonly Uint8Array[]): void {
    this.#commits?.push(buffers.map(({ length }) => length))
  }

  record(length: number): void {
    if (this.#commits !== undefined) this.#records.push(length)
  }

  async demandOf(run: () => Promise<void>): Promise<{
    readonly commits: readonly (readonly number[])[]
    readonly records: readonly number[]
    readonly operations: ReturnType<Tally['stop']>
  }> {
    const commits: number[][] = []
    this.#commits = commits
    this.#records = []
    this.#tally.start()
    await run()
    const operations = this.#tally.stop()
    this.#commits = undefined
    return { commits, records: this.#records, operations }
  }

  /** `many` callers, each waiting for its act before it enters the next one. */
  async enter(many: number, count: number, cosigned: boolean): Promise<void> {
    let left = count
    const caller = async (): Promise<void> => {
      while (left-- > 0) await this.#engine.append(this.#act(cosigned))
    }
    await Promise.all(Array.from({ length: many }, caller))
    // What is cosigned in the background belongs to the acts that it is for.
    await this.#engine.proof({ log: HOME, index: (this.#engine.status()[0]?.size ?? 1) - 1, withinMilliseconds: 60_000 })
  }

  #act(cosigned: boolean): AppendInput {
    const entry = this.#entries[this.#next++ % this.#entries.length]
    if (entry === undefined) throw new Error('no entry was made')
    return {
      at: this.#now,
      kind: 'bench',
      body: {},
      entries: [entry],
      effects: [],
      conditions: [],
      ...(cosigned ? { cosigned: { by: this.#witness, withinMilliseconds: 60_000 } } : {}),
    }
  }

  async close(): Promise<void> {
    await this.#end()
  }
}

/** An entry of seven fields, about as an opening has. */
function entryOf(crypto: Crypto, at: number): AppendInput['entries'][number] {
  const hash = (): string => toHex(crypto.random(32))
  const fields = {
    act: 'open',
    item: hash(),
    request: hash(),
    ephemeral: hash(),
    pseudonym: hash(),
    purpose: 'exercise',
    decision: 'permit',
  }
  const { leaf, opening } = makeEntry(crypto, { realm: 'exercise', at, fields })
  return { log: HOME, leaf: toBase64Url(leaf), opening }
}
