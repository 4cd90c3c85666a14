import { type Crypto, type Realm, sameBytes, toBase64 } from '@entente/canonical'
import { type Checkpoint, readCheckpoint } from './checkpoint.ts'
import type { Disclosure } from './disclosure.ts'
import { type OpenedEntry, type Opening, openEntry, readLeaf } from './entry.ts'
import { LedgerError } from './errors.ts'
import { type Finding, Findings } from './findings.ts'
import type { Policy } from './policy.ts'
import { type EarlierRoot, StoredTree, hashesIn, hashesOf } from './stored-tree.ts'
import {
  type LogFile,
  type LogPath,
  TILE_WIDTH,
  type TileReader,
  entriesPath,
  parseLogPath,
  readBundle,
  readTile,
  tileWidth,
} from './tiles.ts'
import { type Cosignature, verifyByPolicy, verifyCheckpoint } from './verify-checkpoint.ts'

export interface LogToVerify {
  /** Gives the log's files by path: `checkpoint`, `tile/…`. */
  readonly reader: TileReader
  readonly policy: Policy
  /** The log that it must be; where absent, any of the policy. */
  readonly origin?: string
  /** What this auditor may see inside entries. */
  readonly disclosure?: Disclosure
  /** Signed checkpoints of this log that were seen before, by anybody. */
  readonly earlierCheckpoints?: readonly Uint8Array[]
  /** Every path that the log has, where that is known: then also tiles that its size does not need are checked. */
  readonly paths?: Iterable<string> | AsyncIterable<string>
  /** If given, every entry must be one that `makeEntry` writes, of this realm. */
  readonly realm?: Realm
  /** As in `CheckpointExpectation`. */
  readonly latest?: number
}

/** A disclosed entry that is in the log and opens. */
export interface VerifiedEntry extends OpenedEntry {
  readonly index: number
}

export interface LogReport {
  /** True if there is no finding. */
  readonly ok: boolean
  readonly findings: readonly Finding[]
  /** The checkpoint, if it can be read at all; trust it only if `ok`. */
  readonly checkpoint?: Checkpoint
  /** As of when the quorum was met, if it was. */
  readonly time?: number
  readonly cosignatures: readonly Cosignature[]
  /** Disclosed entries that open, by index; only those that are, by the verified checkpoint's root, in the log. */
  readonly entries: readonly VerifiedEntry[]
}

/**
 * Verifies a whole log with nothing but its files, a policy and what was disclosed: signatures and quorum, every entry up
 * to the root, every tile, earlier checkpoints, disclosed entries. Memory does not grow with the log. Never throws for
 * bad data, nor if `reader` throws: whatever is wrong is a finding.
 */
export async function verifyLog(crypto: Crypto, log: LogToVerify): Promise<LogReport> {
  return await new LogCheck(crypto, log).run()
}

interface ReadHead {
  readonly checkpoint: Checkpoint
  readonly verified: boolean
  readonly time?: number
  readonly cosignatures: readonly Cosignature[]
}

class LogCheck {
  readonly #crypto: Crypto
  readonly #log: LogToVerify
  readonly #read: TileReader
  readonly #findings = new Findings()
  readonly #opened: VerifiedEntry[] = []

  constructor(crypto: Crypto, log: LogToVerify) {
    this.#crypto = crypto
    this.#log = log
    this.#read = async (path) => {
      try {
        return await log.reader(path)
      } catch (cause) {
        throw new LedgerError('ledger/unreadable', `\`${path}\` cannot be read`, { values: { path }, cause })
      }
    }
  }

  async run(): Promise<LogReport> {
    const head = await this.#head()
    if (head === undefined) return this.#report({ cosignatures: [], entries: [] })
    const { checkpoint, verified, time, cosignatures } = head
    this.#checkDisclosure(checkpoint)
    const earlier = await this.#earlier(checkpoint)
    const isGood = (await this.#fromEntries(checkpoint, earlier)) ?? (await this.#fromTiles(checkpoint, earlier))
    await this.#unneeded(checkpoint.size)
    const entries = verified ? this.#opened.filter(({ index }) => isGood(index)) : []
    return this.#report({ checkpoint, ...(time === undefined ? {} : { time }), cosignatures, entries })
  }

  #report(rest: Omit<LogReport, 'ok' | 'findings'>): LogReport {
    const findings = this.#findings.list()
    return { ok: findings.length === 0, findings, ...rest }
  }

  async #head(): Promise<ReadHead | undefined> {
    const { policy, origin, latest } = this.#log
    const bytes = await this.#findings.attempt(async () => {
      const found = await this.#read('checkpoint')
      if (found === undefined) throw new LedgerError('ledger/checkpoint-missing', 'there is no checkpoint')
      return found
    })
    if (bytes === undefined) return undefined
    const expected = { ...(origin === undefined ? {} : { origin }), ...(latest === undefined ? {} : { latest }) }
    const verified = await this.#findings.attempt(async () => await verifyCheckpoint(this.#crypto, policy, bytes, expected))
    if (verified !== undefined) {
      const { time, cosignatures, ...checkpoint } = verified
      return { checkpoint, verified: true, ...(time === undefined ? {} : { time }), cosignatures }
    }
    // Its signatures do not hold; whether the rest fits together is still worth knowing.
    const unsigned = await quietly(() => readCheckpoint(bytes))
    return unsigned === undefined ? undefined : { checkpoint: unsigned.checkpoint, verified: false, cosignatures: [] }
  }

  #checkDisclosure(checkpoint: Checkpoint): void {
    const { disclosure } = this.#log
    if (disclosure === undefined) return
    if (disclosure.log !== checkpoint.origin)
      this.#findings.add('ledger/other-log', { origin: disclosure.log, expected: checkpoint.origin })
    for (const { index } of disclosure.entries) {
      if (index >= checkpoint.size) this.#findings.add('ledger/disclosure-beyond', { index, size: checkpoint.size })
    }
  }

  async #earlier(checkpoint: Checkpoint): Promise<readonly EarlierRoot[]> {
    const earlier: EarlierRoot[] = []
    for (const [number, bytes] of (this.#log.earlierCheckpoints ?? []).entries()) {
      try {
        const signed = readCheckpoint(bytes)
        await verifyByPolicy(this.#crypto, this.#log.policy, signed, checkpoint.origin)
        const { size, root } = signed.checkpoint
        if (size > checkpoint.size) this.#findings.add('ledger/rolled-back', { size: checkpoint.size, earlier: size })
        else earlier.push({ size, root })
      } catch (error) {
        this.#findings.addError(error, { earlier: number })
      }
    }
    return earlier
  }

  /** Recomputes the tree from all entries. If its root is the signed one, every entry is good, and every tile that differs is wrong. */
  async #fromEntries({ size, root }: Checkpoint, earlier: readonly EarlierRoot[]): Promise<IsGood | undefined> {
    const tree = new StoredTree(this.#crypto, earlier)
    const openings = new Map((this.#log.disclosure?.entries ?? []).map((entry) => [entry.index, entry.opening]))
    const wrongTiles: string[] = []
    let complete = true
    for (let first = 0; first < size; first += TILE_WIDTH) {
      const index = first / TILE_WIDTH
      const entries = await this.#findings.attempt(async () => await readBundle(this.#read, index, tileWidth(size, 0, index)))
      for (const [at, leaf] of (entries ?? []).entries()) this.#checkEntry(first + at, leaf, openings.get(first + at))
      complete &&= entries !== undefined
      if (complete) wrongTiles.push(...(await this.#differingTiles(tree.append(hashesOf(this.#crypto, entries ?? [])), size)))
    }
    if (!complete || !sameBytes(tree.root(), root)) return undefined
    this.#addTreeFindings(tree, wrongTiles)
    return () => true
  }

  /** The entries do not give the signed root. If the leaf hashes in the tiles do, it is known which entries are wrong. */
  async #fromTiles({ size, root }: Checkpoint, earlier: readonly EarlierRoot[]): Promise<IsGood> {
    const tree = new StoredTree(this.#crypto, earlier)
    const wrongTiles: string[] = []
    const differing = new Map<number, string>()
    let complete = true
    for (let first = 0; first < size; first += TILE_WIDTH) {
      const index = first / TILE_WIDTH
      const width = tileWidth(size, 0, index)
      const tile = await this.#findings.attempt(async () => await readTile(this.#read, 0, index, width))
      complete &&= tile !== undefined
      if (tile === undefined) continue
      const hashes = hashesIn(tile)
      for (const at of await this.#differingEntries(index, hashes)) differing.set(first + at, entriesPath(index, width))
      if (complete) wrongTiles.push(...(await this.#differingTiles(tree.append(hashes), size)))
    }
    const decided = complete && sameBytes(tree.root(), root)
    const code = decided ? 'ledger/entry-wrong' : 'ledger/entry-tile-differ'
    if (!decided) this.#findings.add('ledger/root-wrong', { size, root: toBase64(root) })
    for (const [index, path] of differing) this.#findings.add(code, { index, path })
    if (decided) this.#addTreeFindings(tree, wrongTiles)
    return (index) => decided && !differing.has(index)
  }

  #addTreeFindings(tree: StoredTree, wrongTiles: readonly string[]): void {
    for (const path of wrongTiles) this.#findings.add('ledger/tile-wrong', { path })
    for (const size of tree.forks()) this.#findings.add('ledger/fork', { size })
  }

  /** Which of the recomputed tiles that the tree of `size` needs are stored with other bytes. */
  async #differingTiles(files: readonly LogFile[], size: number): Promise<readonly string[]> {
    const differing: string[] = []
    for (const { path, bytes } of files) {
      const named = parseLogPath(path)
      if (named?.kind !== 'tile' || named.width !== tileWidth(size, named.level, named.index)) continue
      const stored = await this.#findings.attempt(async () => await readTile(this.#read, named.level, named.index, named.width))
      if (stored !== undefined && !sameBytes(stored, bytes)) differing.push(path)
    }
    return differing
  }

  /** Which entries of a bundle do not have these hashes; none where the bundle cannot be read, which is a finding already. */
  async #differingEntries(index: number, hashes: readonly Uint8Array[]): Promise<readonly number[]> {
    const entries = await quietly(async () => await readBundle(this.#read, index, hashes.length))
    const differing: number[] = []
    for (const [at, hash] of hashesOf(this.#crypto, entries ?? []).entries()) {
      const other = hashes[at]
      if (other !== undefined && !sameBytes(hash, other)) differing.push(at)
    }
    return differing
  }

  #checkEntry(index: number, leaf: Uint8Array, opening: Opening | undefined): void {
    try {
      if (this.#log.realm !== undefined) {
        const { realm } = readLeaf(leaf)
        if (realm !== this.#log.realm) this.#findings.add('ledger/entry-realm', { index, realm })
      }
      if (opening !== undefined) this.#opened.push({ index, ...openEntry(this.#crypto, leaf, opening) })
    } catch (error) {
      this.#findings.addError(error, { index })
    }
  }

  /** Partial tiles and bundles left from sizes before: each must be the beginning of what took its place. */
  async #unneeded(size: number): Promise<void> {
    try {
      for await (const path of this.#log.paths ?? []) await this.#checkUnneeded(path, size)
    } catch {
      // The list comes from the host: that it breaks off is a finding like any file that cannot be read.
      this.#findings.add('ledger/unreadable', { path: 'tile' })
    }
  }

  async #checkUnneeded(path: string, size: number): Promise<void> {
    const named = parseLogPath(path)
    if (named === undefined || named.width === TILE_WIDTH) return
    const width = tileWidth(size, named.kind === 'tile' ? named.level : 0, named.index)
    // A log may be ahead of its checkpoint: what lies beyond its size nobody has signed yet.
    if (named.width >= width) return
    const part = await this.#findings.attempt(async () => await this.#pieces(named, named.width))
    const whole = await quietly(async () => await this.#pieces(named, width))
    const differs = (part ?? []).findIndex((piece, at) => {
      const other = whole?.[at]
      return other !== undefined && !sameBytes(piece, other)
    })
    if (differs === -1) return
    if (named.kind === 'tile') this.#findings.add('ledger/tile-wrong', { path })
    else this.#findings.add('ledger/entry-wrong', { index: named.index * TILE_WIDTH + differs, path })
  }

  async #pieces(named: LogPath, width: number): Promise<readonly Uint8Array[]> {
    if (named.kind === 'entries') return await readBundle(this.#read, named.index, width)
    return hashesIn(await readTile(this.#read, named.level, named.index, width))
  }
}

type IsGood = (index: number) => boolean

/** What `read` gives, or `undefined` if it throws: for what is read again, after its first failure was noted. */
async function quietly<T>(read: () => T | Promise<T>): Promise<T | undefined> {
  try {
    return await read()
  } catch {
    return undefined
  }
}
