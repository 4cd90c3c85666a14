import { mkdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type Crypto, EntenteError, codeOf, fromBase64Url } from '@entente/canonical'
import { NodeError } from '../errors.ts'
import { type Journal, type JournalDisk, openJournal, openJournalFile } from '../journal/journal.ts'
import type { Times } from '../metrics/instruments.ts'
import type { AppendInput, Appended, LogStatus } from '../processes/apis.ts'
import type { Notice } from '../processes/log-events.ts'
import { type Closure, type Cosigner, type CrashPoint, Log, type LogOptions } from './log.ts'
import { type JournalRecord, decodeRecord, encodeRecord } from './record.ts'
import { Sequencer } from './sequencer.ts'

/** A log that this nation operates. */
export interface LogPlan extends Pick<LogOptions, 'origin' | 'signers' | 'witness' | 'policy'> {
  /** Name and folder: `home`, or `<agreement>.<partner>`. */
  readonly name: string
}

/** How long a record takes to be durable, alone or with others, and a checkpoint to be cosigned. */
export interface LedgerTimes {
  readonly commit: Times
  readonly cosign: Times
}

export interface EngineOptions {
  readonly crypto: Crypto
  /** `journal`, `fence`, `logs/<name>/…`. */
  readonly folder: string
  readonly plans: readonly LogPlan[]
  readonly cosign: Cosigner
  readonly now: () => number
  /** Records that are durable, in order, the replayed ones not among them. */
  readonly durable: (records: readonly Uint8Array[]) => void
  readonly notice: Notice
  readonly crashPoint?: (point: CrashPoint) => void
  /** The directory came out of a backup: no act but stops, and no release, until a person said that it may go on. */
  readonly quarantined?: boolean
  /** Counts how long the journal and the witnesses take. */
  readonly times?: LedgerTimes
  /** The disk under the journal, where a test wants another. */
  readonly disk?: JournalDisk
}

/** Acts of a node that came out of a backup: they take away, or are the first person's half of one that does, or end the quarantine. */
const QUARANTINED: readonly string[] = ['stop', 'agreement-stop', 'agreement-stop-part', 'reconcile']

/**
 * The ledger process's heart: one journal, one sequencer, the logs. An act gets its number and its entries' indices in one
 * synchronous step with its conditions; it is acknowledged when it is on the disk; logs follow from there.
 */
export class Engine {
  readonly #options: EngineOptions
  readonly #logs = new Map<string, Log>()
  readonly #sequencer = new Sequencer()
  #journal: Journal | undefined
  /** Leaves that the journal holds for logs that have no plan (yet), in order. */
  readonly #unplanned = new Map<string, Uint8Array[]>()
  #broken: EntenteError | undefined
  #quarantined: boolean
  readonly #leaves = new Map<Log, Uint8Array[]>()
  #settling: Promise<void> = Promise.resolve()
  #nextSettling: Promise<void> | undefined

  private constructor(options: EngineOptions) {
    this.#options = options
    this.#quarantined = options.quarantined === true
  }

  /** Replays the journal into sequencer and logs. Throws `node/journal-corrupt`, `node/disk-full`. */
  static async open(options: EngineOptions): Promise<Engine> {
    await mkdir(options.folder, { recursive: true, mode: 0o700 })
    const engine = new Engine(options)
    for (const plan of options.plans) await engine.#openLog(plan)
    const disk = options.disk ?? (await openJournalFile(join(options.folder, 'journal')))
    try {
      engine.#journal = await openJournal(disk, (payload) => engine.#replay(decodeRecord(payload)))
      await engine.#replayLeaves()
      return engine
    } catch (error) {
      // Somebody tries again: what this attempt opened must not stay open.
      for (const log of engine.#logs.values()) log.close()
      await disk.close().catch(() => {})
      throw error
    }
  }

  /** Why nothing can be entered until the engine is opened anew, if so. */
  get broken(): EntenteError | undefined {
    return this.#broken
  }

  /** Number of the next record. */
  get next(): number {
    return this.#sequencer.next
  }

  get sequencer(): Sequencer {
    return this.#sequencer
  }

  status(): readonly LogStatus[] {
    return [...this.#logs].map(([log, { origin, size, witness, cosignedSize }]) => ({
      log,
      origin,
      size,
      cosigned: { [witness]: cosignedSize },
    }))
  }

  /** Names of logs that take no release now. */
  closed(): readonly string[] {
    return Object.keys(this.closures())
  }

  /** Ends the quarantine. */
  lift(): void {
    this.#quarantined = false
  }

  /** The same with what closes each. */
  closures(): Readonly<Record<string, Closure>> {
    return Object.fromEntries(
      [...this.#logs].flatMap(([name, log]): [string, Closure][] => {
        const closure = log.closure ?? (this.#quarantined ? 'quarantine' : undefined)
        return closure === undefined ? [] : [[name, closure]]
      }),
    )
  }

  /** Asks every witness; see `Log.reconcile`. */
  async reconcile(): Promise<readonly string[]> {
    await Promise.all([...this.#logs.values()].map((log) => log.reconcile()))
    return this.closed()
  }

  /**
   * Enters an act. Throws what a condition throws, `node/disk-full`, `node/behind` (a log that must be reconciled first), and
   * with `cosigned` also `node/not-cosigned`: then the entry stands, but nothing may leave on it.
   */
  async append(input: AppendInput): Promise<Appended> {
    if (this.#broken !== undefined) throw this.#broken
    if (this.#quarantined) this.#checkQuarantine(input)
    const known = input.request === undefined ? undefined : this.#sequencer.answered(input.request)
    if (known !== undefined) {
      // The same request again: whether it may be answered is decided anew, but its nonce is spent by itself.
      this.#sequencer.check(input.conditions.filter(({ condition }) => condition === 'live' || condition === 'agreement'))
      return this.#proved({ n: known.n, positions: known.positions, repeated: true }, input)
    }
    const logs = input.entries.map(({ log }) => this.#log(log))
    if (input.cosigned !== undefined && !logs.every((log) => log.open)) {
      throw new NodeError('node/behind', 'a log of this nation must be reconciled with its witness first')
    }
    this.#sequencer.check(input.conditions)
    const { at, kind, body, entries, effects } = input
    const record: JournalRecord = { n: this.#sequencer.next, at, kind, body, entries, effects }
    const payload = encodeRecord(record)
    const positions = this.#sequencer.fold(record)
    // From here to the journal's queue nothing waits: order of numbers is order on the disk.
    const written = this.#write(payload)
    const leaves = entries.map((entry) => ({ log: this.#log(entry.log), leaf: fromBase64Url(entry.leaf) }))
    await written.then(() => this.#settle(payload, leaves))
    // Where a log could not be continued, nothing that rests on a proof goes out; the act itself stands in the journal.
    if (this.broken !== undefined && input.cosigned !== undefined) throw this.broken
    return this.#proved({ n: record.n, positions, repeated: false }, input)
  }

  /** A proof of an entry, once its log's witness cosigned it. */
  async proof(input: { readonly log: string; readonly index: number; readonly withinMilliseconds: number }): Promise<string> {
    const log = this.#log(input.log)
    await log.cosignedTo(input.index + 1, input.withinMilliseconds)
    return log.proof(input.index)
  }

  /** Brings the files of all logs up to their newest checkpoints, as far as there is room. */
  flush(): void {
    for (const log of this.#logs.values()) log.flush()
  }

  /** `diedHere`: as if the process had died, nothing more is written. */
  async close(diedHere = false): Promise<void> {
    await this.#settling.catch(() => {})
    for (const log of this.#logs.values()) log.close(diedHere)
    await this.#journal?.close()
  }

  /**
   * INVARIANT: a restored node enters nothing that a newer copy of its journal may contradict, and no release or opening at all. A
   * stop, once the witnesses saw no more than is here, only takes away; the act that ends the quarantine is the other one.
   */
  #checkQuarantine({ kind, cosigned }: AppendInput): void {
    const isAsked = [...this.#logs.values()].every((log) => log.open)
    if (cosigned !== undefined || !isAsked || !QUARANTINED.includes(kind))
      throw new NodeError('node/quarantined', 'this node came out of a backup and must be reconciled first')
  }

  async #proved(appended: Omit<Appended, 'proof'>, input: AppendInput): Promise<Appended> {
    const [first] = appended.positions
    if (input.cosigned === undefined || first === undefined) return appended
    const proof = await this.proof({ log: first.log, index: first.index, withinMilliseconds: input.cosigned.withinMilliseconds })
    return { ...appended, proof }
  }

  async #write(payload: Uint8Array): Promise<void> {
    try {
      const written = this.#journal?.append(payload)
      if (written !== undefined) await (this.#options.times?.commit.of(written) ?? written)
    } catch (error) {
      // What was assigned after this record is void as well: the state is folded anew from what the disk holds.
      this.#broken ??=
        error instanceof EntenteError ? error : new NodeError('node/internal', 'the journal cannot be written', { cause: error })
      throw this.#broken
    }
  }

  async #settle(payload: Uint8Array, leaves: readonly { readonly log: Log; readonly leaf: Uint8Array }[]): Promise<void> {
    this.#options.crashPoint?.('journal-written')
    this.#options.durable([payload])
    for (const { log, leaf } of leaves) {
      const waiting = this.#leaves.get(log)
      if (waiting === undefined) this.#leaves.set(log, [leaf])
      else waiting.push(leaf)
    }
    await this.#settleLeaves()
  }

  /** Hands all waiting leaves to their logs, everything that came meanwhile in the next turn: one step for many. */
  #settleLeaves(): Promise<void> {
    this.#nextSettling ??= this.#settling.then(() => {
      this.#nextSettling = undefined
      const batch = [...this.#leaves]
      this.#leaves.clear()
      try {
        for (const [log, leaves] of batch) log.append(leaves)
      } catch (error) {
        // The journal holds them: opening anew takes them in.
        this.#broken ??=
          error instanceof EntenteError ? error : new NodeError('node/internal', 'a log cannot be continued', { cause: error })
      }
    })
    this.#settling = this.#nextSettling
    return this.#nextSettling
  }

  async #replay(record: JournalRecord): Promise<void> {
    this.#sequencer.fold(record)
    for (const { log, leaf } of record.entries) {
      const leaves = this.#unplanned.get(log) ?? []
      leaves.push(fromBase64Url(leaf))
      this.#unplanned.set(log, leaves)
      if (leaves.length >= 256) await this.#replayLeaves()
    }
  }

  async #replayLeaves(): Promise<void> {
    for (const [name, leaves] of this.#unplanned) {
      const log = this.#logs.get(name)
      if (log === undefined) continue
      this.#unplanned.delete(name)
      await log.replay(leaves)
    }
  }

  async #openLog(plan: LogPlan): Promise<void> {
    const { crypto, folder, cosign, now, notice, crashPoint, times } = this.#options
    const { name, origin, signers, witness, policy } = plan
    const log = await Log.open({
      crypto,
      folder: join(folder, 'logs', name),
      origin,
      signers,
      witness,
      policy,
      cosign: times === undefined ? cosign : (by, body) => times.cosign.of(cosign(by, body)),
      now,
      notice,
      crashPoint: crashPoint ?? (() => {}),
    })
    this.#logs.set(name, log)
  }

  #log(name: string): Log {
    const log = this.#logs.get(name)
    if (log === undefined) throw new NodeError('node/internal', 'no such log', { values: { log: name } })
    return log
  }
}

/** Reads the journal's records from number `from` on, for the projection; the file is only appended to. */
export async function readRecords(folder: string, from: number, take: (record: JournalRecord) => void | Promise<void>): Promise<void> {
  const bytes = await readFile(join(folder, 'journal')).catch((error: unknown) => {
    if (codeOf(error) === 'ENOENT') return new Uint8Array(0)
    throw error
  })
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
  for (let at = 0; at + 8 <= bytes.length;) {
    const length = view.getUint32(at)
    if (at + 8 + length > bytes.length) return
    const record = decodeRecord(bytes.subarray(at + 8, at + 8 + length))
    if (record.n >= from) await take(record)
    at += 8 + length
  }
}
