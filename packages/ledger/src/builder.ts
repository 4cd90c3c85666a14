import { type Crypto } from '@entente/canonical'
import { LedgerError } from './errors.ts'
import { HASH_BYTES, assertNatural } from './lines.ts'
import {
  type LogFile,
  TILE_WIDTH,
  type TileReader,
  assertEntrySize,
  encodeBundle,
  entriesPath,
  hashesAtLevel,
  readBundle,
  readTile,
  tilePath,
} from './tiles.ts'
import { leafHash, nodeHash, perfectRoot, rootOfSubtrees } from './tree.ts'

/** The rightmost tile of a level, while it fills. */
interface Edge {
  readonly hashes: Uint8Array
  index: number
  width: number
  changed: boolean
}

/**
 * Appends leaf hashes to a tree and gives the tiles that are new. Keeps only the roots of the perfect subtrees and the
 * rightmost tile of each level, so memory does not grow with the log (8 KiB for each factor of 256).
 */
export class TreeBuilder {
  readonly #crypto: Crypto
  /** INVARIANT: one root for each bit set in `#size`, the widest subtree first. */
  readonly #subtrees: Uint8Array[] = []
  readonly #edges: Edge[] = []
  #size = 0

  /** A tree without entries; `TreeBuilder.resume` goes on with one that has some. */
  constructor(crypto: Crypto) {
    this.#crypto = crypto
  }

  /**
   * Goes on with the tree of `size` whose tiles `reader` gives; reads one tile a level. The tiles are not checked here:
   * compare `root()` with the checkpoint. Throws `ledger/tile-missing`, `ledger/tile-malformed`, `ledger/size`.
   */
  static async resume(crypto: Crypto, reader: TileReader, size: number): Promise<TreeBuilder> {
    assertNatural(size, 'the size')
    const tree = new TreeBuilder(crypto)
    let levels = 0
    while (hashesAtLevel(size, levels) > 0) levels++
    for (let level = levels - 1; level >= 0; level--) {
      const count = hashesAtLevel(size, level)
      const edge = tree.#edge(level)
      edge.index = Math.floor(count / TILE_WIDTH)
      edge.width = count % TILE_WIDTH
      if (edge.width === 0) continue
      edge.hashes.set(await readTile(reader, level, edge.index, edge.width))
      let at = 0
      for (let width = TILE_WIDTH / 2; width >= 1; width /= 2) {
        if ((edge.width & width) === 0) continue
        tree.#subtrees.push(perfectRoot(crypto, edge.hashes.subarray(at * HASH_BYTES, (at + width) * HASH_BYTES)))
        at += width
      }
    }
    tree.#size = size
    return tree
  }

  /** How many leaves the tree has. */
  get size(): number {
    return this.#size
  }

  /** The root at this size; that of the empty tree is SHA-256 of nothing. */
  root(): Uint8Array {
    return rootOfSubtrees(this.#crypto, this.#subtrees)
  }

  /**
   * Appends leaf hashes, in order; gives every tile that became full and, at the new right edge, every partial tile that
   * changed: exactly the tiles that the new size needs and the old one had not. The bytes are the caller's own.
   */
  append(leafHashes: readonly Uint8Array[]): readonly LogFile[] {
    for (const hash of leafHashes) {
      if (hash.length !== HASH_BYTES) throw new LedgerError('ledger/size', 'a leaf hash has 32 bytes')
    }
    assertNatural(this.#size + leafHashes.length, 'the new size')
    const files: LogFile[] = []
    for (const hash of leafHashes) this.#appendOne(hash, files)
    for (const [level, edge] of this.#edges.entries()) {
      if (edge.changed && edge.width > 0) {
        files.push({ path: tilePath(level, edge.index, edge.width), bytes: edge.hashes.slice(0, edge.width * HASH_BYTES) })
      }
      edge.changed = false
    }
    return files
  }

  #appendOne(leaf: Uint8Array, files: LogFile[]): void {
    let hash = leaf
    this.#place(0, hash, files)
    let height = 0
    for (let position = this.#size; position % 2 === 1; position = (position - 1) / 2) {
      const left = this.#subtrees.pop()
      if (left === undefined) throw new TypeError('a subtree is missing')
      hash = nodeHash(this.#crypto, left, hash)
      height++
      // A perfect subtree of 256^n leaves is what the tiles of level n hold.
      if (height % 8 === 0) this.#place(height / 8, hash, files)
    }
    this.#subtrees.push(hash)
    this.#size++
  }

  #place(level: number, hash: Uint8Array, files: LogFile[]): void {
    const edge = this.#edge(level)
    edge.hashes.set(hash, edge.width * HASH_BYTES)
    edge.width++
    edge.changed = true
    if (edge.width < TILE_WIDTH) return
    files.push({ path: tilePath(level, edge.index), bytes: edge.hashes.slice() })
    edge.index++
    edge.width = 0
    edge.changed = false
  }

  #edge(level: number): Edge {
    while (this.#edges.length <= level) {
      this.#edges.push({ hashes: new Uint8Array(TILE_WIDTH * HASH_BYTES), index: 0, width: 0, changed: false })
    }
    const edge = this.#edges[level]
    if (edge === undefined) throw new TypeError('a level is missing')
    return edge
  }
}

/** What appending entries gave. */
export interface Appended {
  /** Index of the first of them. */
  readonly first: number
  /** `leafHash` of each, in order. */
  readonly leafHashes: readonly Uint8Array[]
  /** New tiles and bundles; write them before a checkpoint of the new size. */
  readonly files: readonly LogFile[]
}

/** Appends entries to a log: tiles as `TreeBuilder`, and the entry bundles. Keeps the entries of the open bundle too. */
export class LogBuilder {
  readonly #crypto: Crypto
  readonly #tree: TreeBuilder
  #open: Uint8Array[]

  private constructor(crypto: Crypto, tree: TreeBuilder, open: readonly Uint8Array[]) {
    this.#crypto = crypto
    this.#tree = tree
    this.#open = [...open]
  }

  /** A log without entries. */
  static empty(crypto: Crypto): LogBuilder {
    return new LogBuilder(crypto, new TreeBuilder(crypto), [])
  }

  /** Goes on with the log of `size` whose files `reader` gives; see `TreeBuilder.resume`. Throws also `ledger/bundle-missing`, `ledger/bundle-malformed`. */
  static async resume(crypto: Crypto, reader: TileReader, size: number): Promise<LogBuilder> {
    const tree = await TreeBuilder.resume(crypto, reader, size)
    const width = size % TILE_WIDTH
    const open = width === 0 ? [] : await readBundle(reader, Math.floor(size / TILE_WIDTH), width)
    return new LogBuilder(
      crypto,
      tree,
      open.map((entry) => entry.slice()),
    )
  }

  get size(): number {
    return this.#tree.size
  }

  /** As `TreeBuilder.root`. */
  root(): Uint8Array {
    return this.#tree.root()
  }

  /** Appends entries, in order, all or none. Throws `ledger/entry-too-large`. */
  append(entries: readonly Uint8Array[]): Appended {
    for (const entry of entries) assertEntrySize(entry)
    const first = this.#tree.size
    const leafHashes = entries.map((entry) => leafHash(this.#crypto, entry))
    const tiles = this.#tree.append(leafHashes)
    return { first, leafHashes, files: [...this.#bundle(first, entries), ...tiles] }
  }

  #bundle(first: number, entries: readonly Uint8Array[]): readonly LogFile[] {
    if (entries.length === 0) return []
    const files: LogFile[] = []
    let index = Math.floor(first / TILE_WIDTH)
    for (const entry of entries) {
      this.#open.push(entry.slice())
      if (this.#open.length < TILE_WIDTH) continue
      files.push({ path: entriesPath(index), bytes: encodeBundle(this.#open) })
      this.#open = []
      index++
    }
    if (this.#open.length > 0) files.push({ path: entriesPath(index, this.#open.length), bytes: encodeBundle(this.#open) })
    return files
  }
}
