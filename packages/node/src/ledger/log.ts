import { mkdir } from 'node:fs/promises'
import { type Crypto, concatBytes, fromUtf8, utf8, codeOf } from '@entente/canonical'
import {
  type KnownSubtrees,
  type NoteSigner,
  type Policy,
  type TileReader,
  LedgerError,
  LogBuilder,
  consistencyProof,
  emptyRoot,
  inclusionProof,
  logProofText,
  printAddCheckpoint,
  signCheckpoint,
  verifyCheckpoint,
  verifyConsistency,
} from '@entente/ledger'
import { NodeError } from '../errors.ts'
import type { Notice } from '../processes/log-events.ts'
import { LogFiles } from './log-files.ts'

/** Moments at which a crash is tested: after each of them the log must come back whole. */
export type CrashPoint = 'journal-written' | 'tile-written' | 'checkpoint-signed' | 'cosigned'

/** Carries a checkpoint to one witness; throws where it cannot be reached. */
export type Cosigner = (witness: string, body: string) => Promise<{ readonly status: number; readonly body: string }>

export interface LogOptions {
  readonly crypto: Crypto
  /** Folder of this log: `checkpoint`, `tile/…`. */
  readonly folder: string
  readonly origin: string
  readonly signers: readonly NoteSigner[]
  /** Name of the one witness whose word this log's acts wait for. */
  readonly witness: string
  /** The log's keys and that witness's, both needed. */
  readonly policy: Policy
  readonly cosign: Cosigner
  /** Seconds. */
  readonly now: () => number
  readonly crashPoint: (point: CrashPoint) => void
  /** What an administrator should know: a code and plain values. */
  readonly notice: Notice
}

/** How many subtrees are remembered for proofs, about 100 bytes each. */
const MAX_KNOWN_SUBTREES = 8_192

/** Why a log takes no release: its witness could not be asked yet, saw more of it than is here, or saw another one; or a person must look first. */
export type Closure = 'unasked' | 'behind' | 'forked' | 'quarantine'

const RETRY_MILLISECONDS = [100, 200, 400, 800, 1_600, 3_000] as const

/**
 * One log: its tiles on disk, its signed checkpoints, and the loop that has them cosigned. Entries come in after they are
 * durable in the journal; whatever is missing here after a crash is made again from there.
 */
export class Log {
  readonly #options: LogOptions
  readonly #builder: LogBuilder
  readonly #reader: TileReader
  readonly #known: KnownSubtrees = new Map()
  readonly #files: LogFiles
  readonly #waiting: { readonly size: number; readonly resolve: () => void; readonly reject: (error: unknown) => void }[] = []
  #cosigned: { readonly size: number; readonly text: string } | undefined
  /** The checkpoint found on disk, until the tree that the journal makes is known to be the one that it speaks of. */
  #found: { readonly size: number; readonly root: Uint8Array; readonly bytes: Uint8Array } | undefined
  /** What checkpoints are made of. */
  #tree: { readonly size: number; readonly root: Uint8Array }
  #witnessSize = 0
  #running = false
  #closed = false
  #failures = 0
  #wake: (() => void) | undefined
  #closure: Closure | undefined = 'unasked'

  private constructor(options: LogOptions) {
    this.#options = options
    this.#builder = LogBuilder.empty(options.crypto)
    this.#tree = { size: 0, root: emptyRoot(options.crypto) }
    this.#files = new LogFiles({
      folder: options.folder,
      tilesWritten: () => options.crashPoint('tile-written'),
      failed: (error) => options.notice('tiles/not-written', { reason: codeOf(error) }),
    })
    this.#reader = (path) => this.#files.read(path)
  }

  /** An empty log in its folder; entries follow by `append`, from the journal first. */
  static async open(options: LogOptions): Promise<Log> {
    await mkdir(options.folder, { recursive: true, mode: 0o700 })
    const log = new Log(options)
    await log.#restore()
    return log
  }

  get origin(): string {
    return this.#options.origin
  }

  get size(): number {
    return this.#builder.size
  }

  /** Size of the newest checkpoint that the witness cosigned. */
  get cosignedSize(): number {
    return this.#cosigned?.size ?? 0
  }

  /** Whether releases may go into this log; see `reconcile`. */
  get open(): boolean {
    return this.#closure === undefined
  }

  /** Why they may not, where they may not. */
  get closure(): Closure | undefined {
    return this.#closure
  }

  get witness(): string {
    return this.#options.witness
  }

  /** Takes entries in that are durable in the journal, and has the new size cosigned in the background. */
  append(leaves: readonly Uint8Array[]): void {
    this.#files.put(this.#builder.append(leaves).files)
    this.#tree = { size: this.#builder.size, root: this.#builder.root() }
    this.#run()
  }

  /** As `append` for what the journal already held: files that stand on the disk with other bytes are noticed and written anew. */
  async replay(leaves: readonly Uint8Array[]): Promise<void> {
    this.#notePaths(await this.#files.compare(this.#builder.append(leaves).files))
    this.#tree = { size: this.#builder.size, root: this.#builder.root() }
    await this.#adopt()
  }

  /** Resolves when the witness has cosigned a checkpoint of at least this size; rejects with `node/not-cosigned` after the time. */
  async cosignedTo(size: number, withinMilliseconds: number): Promise<void> {
    if (this.cosignedSize >= size) return
    const { promise, resolve, reject } = Promise.withResolvers<void>()
    const timer = setTimeout(
      () => reject(new NodeError('node/not-cosigned', 'the witness did not cosign in time', { values: { witness: this.witness } })),
      withinMilliseconds,
    )
    this.#waiting.push({ size, resolve, reject })
    this.#wake?.()
    this.#run()
    try {
      await promise
    } finally {
      clearTimeout(timer)
    }
  }

  /** A tlog-proof of one entry under the newest cosigned checkpoint; throws `node/not-cosigned` where that is older. */
  async proof(index: number): Promise<string> {
    const cosigned = this.#cosigned
    if (cosigned === undefined || cosigned.size <= index) {
      throw new NodeError('node/not-cosigned', 'no cosigned checkpoint holds this entry', { values: { witness: this.witness } })
    }
    const hashes = await inclusionProof(this.#options.crypto, this.#reader, index, cosigned.size, this.#subtrees())
    return logProofText({ index, hashes, checkpoint: cosigned.text })
  }

  /**
   * Learns from the witness the last size that it cosigned. A log that is shorter was restored from an old copy: it stays
   * closed, and so does one whose witness cannot be asked.
   */
  async reconcile(): Promise<boolean> {
    try {
      const size = await this.#askWitness()
      // What the witness has refused as another log does not become the same one by growing.
      if (this.#closure === 'forked') return false
      const before = this.#closure
      this.#closure = size > this.size ? 'behind' : undefined
      if (this.#closure === undefined) this.#witnessSize = size
      else if (before !== 'behind') this.#options.notice('log/behind', { log: this.origin, own: this.size, witness: size })
    } catch {
      this.#closure ??= 'unasked'
    }
    if (this.open) this.#run()
    return this.open
  }

  /** Brings the files up to the newest checkpoint, where there is room. */
  flush(): void {
    this.#files.flush()
  }

  /** Stops the loop; waiting callers are told. `diedHere`: as if the process had died, nothing more is written. */
  close(diedHere = false): void {
    this.#closed = true
    this.#wake?.()
    this.#files.close(diedHere)
    for (const { reject } of this.#waiting.splice(0)) reject(new NodeError('node/process-gone', 'the ledger is stopping'))
  }

  async #restore(): Promise<void> {
    const bytes = await this.#files.readDisk('checkpoint')
    if (bytes === undefined) return
    const { crypto, policy, origin, notice } = this.#options
    try {
      const { size, root } = await verifyCheckpoint(crypto, policy, bytes, { origin })
      this.#found = { size, root, bytes }
    } catch (error) {
      if (!(error instanceof LedgerError)) throw error
      notice('tiles/rewritten', { log: origin, path: 'checkpoint' })
    }
  }

  /** Takes the found checkpoint as this log's, if the tree continues it: beside an older journal it would prove what is not there. */
  async #adopt(): Promise<void> {
    const found = this.#found
    const { size, root } = this.#tree
    if (found === undefined || found.size > size) return
    this.#found = undefined
    const { crypto } = this.#options
    const proof = await consistencyProof(crypto, this.#reader, found.size, size)
    if (verifyConsistency(crypto, { oldSize: found.size, oldRoot: found.root, size, root, proof })) {
      this.#cosigned = { size: found.size, text: fromUtf8(found.bytes) }
      this.#notePaths(await this.#files.repair(found.size))
    } else this.#options.notice('log/forked', { log: this.origin, own: size, witness: found.size })
  }

  async #askWitness(): Promise<number> {
    // Size 0 is never right for a log that has entries, so the witness answers with what it holds and changes nothing.
    const empty = await this.#sign(0, emptyRoot(this.#options.crypto))
    const { status, body } = await this.#options.cosign(
      this.witness,
      fromUtf8(printAddCheckpoint({ oldSize: 0, proof: [], checkpoint: empty })),
    )
    if (status === 200) return 0
    if (status === 409) return readRecordedSize(body)
    throw new NodeError('node/partner-refused', `the witness answered ${status}`, { values: { status } })
  }

  #sign(size: number, root: Uint8Array): Promise<Uint8Array> {
    return signCheckpoint({ origin: this.origin, size, root, extensions: [] }, this.#options.signers, this.#options.now())
  }

  #notePaths(rewritten: readonly string[]): void {
    for (const path of rewritten) this.#options.notice('tiles/rewritten', { log: this.origin, path })
  }

  #subtrees(): KnownSubtrees {
    if (this.#known.size > MAX_KNOWN_SUBTREES) this.#known.clear()
    return this.#known
  }

  #run(): void {
    if (this.#running || this.#closed || !this.open) return
    this.#running = true
    void this.#loop().finally(() => {
      this.#running = false
      if (!this.#closed && this.open && this.#tree.size > this.cosignedSize) this.#run()
    })
  }

  async #loop(): Promise<void> {
    while (!this.#closed && this.open && this.#tree.size > this.cosignedSize) {
      try {
        await this.#cosignOnce()
        this.#failures = 0
      } catch (error) {
        if (this.#closed) return
        this.#failures++
        // No space at a witness is nothing that waiting mends: whoever waits is told, and the loop goes on trying.
        if (codeOf(error) === 'node/disk-full') for (const { reject } of this.#waiting.splice(0)) reject(error)
        if (this.#failures === 1) this.#options.notice('log/not-cosigned', { log: this.origin, reason: codeOf(error) })
        await this.#pause()
      }
    }
  }

  async #cosignOnce(): Promise<void> {
    const { crypto, crashPoint, policy, cosign } = this.#options
    const { size, root } = this.#tree
    const signed = await this.#sign(size, root)
    crashPoint('checkpoint-signed')
    const proof = await consistencyProof(crypto, this.#reader, this.#witnessSize, size, this.#subtrees())
    const { status, body } = await cosign(
      this.witness,
      fromUtf8(printAddCheckpoint({ oldSize: this.#witnessSize, proof, checkpoint: signed })),
    )
    if (status === 409) {
      const recorded = readRecordedSize(body)
      if (recorded > this.size) {
        this.#closure = 'behind'
        this.#options.notice('log/behind', { log: this.origin, own: this.size, witness: recorded })
      }
      this.#witnessSize = recorded
      return
    }
    if (status === 422) {
      // INVARIANT: a log that its witness calls another one takes no release any more, however much it grows (spec/ledger.md).
      this.#closure = 'forked'
      this.#options.notice('log/forked', { log: this.origin, own: size, witness: this.#witnessSize })
      return
    }
    if (status !== 200) throw new NodeError('node/partner-refused', `the witness answered ${status}`, { values: { status } })
    const bytes = concatBytes(signed, utf8(body))
    await verifyCheckpoint(crypto, policy, bytes, { origin: this.origin })
    // After a close the folder may belong to the engine that was opened next.
    if (this.#closed) return
    this.#witnessSize = size
    // A crash may leave an older one on the disk, or rubbish: the witness, which has its own record, is then asked again (ADR 0017).
    this.#files.checkpoint(size, bytes)
    this.#cosigned = { size, text: fromUtf8(bytes) }
    crashPoint('cosigned')
    for (let at = this.#waiting.length - 1; at >= 0; at--) {
      const waiting = this.#waiting[at]
      if (waiting !== undefined && waiting.size <= size) {
        this.#waiting.splice(at, 1)
        waiting.resolve()
      }
    }
  }

  async #pause(): Promise<void> {
    const milliseconds = RETRY_MILLISECONDS[Math.min(this.#failures - 1, RETRY_MILLISECONDS.length - 1)] ?? 3_000
    const { promise, resolve } = Promise.withResolvers<void>()
    const timer = setTimeout(resolve, milliseconds)
    this.#wake = resolve
    await promise
    clearTimeout(timer)
    this.#wake = undefined
  }
}

/** The size that a witness says it recorded (tlog-witness, status 409). */
function readRecordedSize(body: string): number {
  const size = /^(0|[1-9][0-9]{0,15})\n$/u.exec(body)?.[1]
  if (size === undefined) throw new NodeError('node/partner-refused', 'the witness answered without a size', { values: { status: 409 } })
  return Number(size)
}
