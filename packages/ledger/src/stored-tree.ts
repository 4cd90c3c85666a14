import { type Crypto, sameBytes } from '@entente/canonical'
import { TreeBuilder } from './builder.ts'
import { HASH_BYTES } from './lines.ts'
import type { LogFile } from './tiles.ts'
import { leafHash } from './tree.ts'

/** Size and root that a log once signed. */
export interface EarlierRoot {
  readonly size: number
  readonly root: Uint8Array
}

/** A tree recomputed from what a log stores, which meets the log's earlier roots on its way. */
export class StoredTree {
  readonly #tree: TreeBuilder
  /** Smallest first. */
  readonly #awaited: readonly EarlierRoot[]
  readonly #forks = new Set<number>()

  constructor(crypto: Crypto, earlier: readonly EarlierRoot[]) {
    this.#tree = new TreeBuilder(crypto)
    this.#awaited = [...earlier].sort((a, b) => a.size - b.size)
    this.#meet()
  }

  get size(): number {
    return this.#tree.size
  }

  root(): Uint8Array {
    return this.#tree.root()
  }

  /** Sizes of earlier roots, met so far, that are not the roots of this tree at their size. */
  forks(): readonly number[] {
    return [...this.#forks]
  }

  /** Appends; gives the tiles as `TreeBuilder.append` does. */
  append(hashes: readonly Uint8Array[]): readonly LogFile[] {
    const files: LogFile[] = []
    let at = 0
    while (at < hashes.length) {
      const next = this.#awaited.find(({ size }) => size > this.#tree.size)
      const end = next === undefined ? hashes.length : Math.min(hashes.length, at + next.size - this.#tree.size)
      files.push(...this.#tree.append(hashes.slice(at, end)))
      at = end
      this.#meet()
    }
    return files
  }

  #meet(): void {
    for (const { size, root } of this.#awaited) {
      if (size === this.#tree.size && !sameBytes(root, this.#tree.root())) this.#forks.add(size)
    }
  }
}

/** The leaf hashes of entries. */
export function hashesOf(crypto: Crypto, entries: readonly Uint8Array[]): readonly Uint8Array[] {
  return entries.map((entry) => leafHash(crypto, entry))
}

/** The hashes that a tile's bytes hold. */
export function hashesIn(tile: Uint8Array): readonly Uint8Array[] {
  return Array.from({ length: tile.length / HASH_BYTES }, (_, at) => tile.subarray(at * HASH_BYTES, (at + 1) * HASH_BYTES))
}
