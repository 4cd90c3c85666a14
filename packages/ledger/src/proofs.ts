import type { Crypto } from '@entente/canonical'
import { LedgerError } from './errors.ts'
import { HASH_BYTES, assertNatural } from './lines.ts'
import { TILE_WIDTH, type TileReader, readTile, tileWidth } from './tiles.ts'
import { emptyRoot, nodeHash, perfectRoot, splitPoint } from './tree.ts'

/**
 * Roots of perfect subtrees of one log, by place and width, for proofs to come: in a log that only grows they never change.
 * The caller keeps it, for one log, as long as it likes, and may clear it at any time.
 */
export type KnownSubtrees = Map<string, Uint8Array>

/**
 * The hashes that prove the entry at `index` to be in the tree of `size` (RFC 6962 section 2.1.1), from the leaf's
 * sibling upwards. Tiles are taken as they are: the proof is checked by whoever verifies it.
 * Throws `ledger/size` unless `index < size`, `ledger/tile-missing`, `ledger/tile-malformed`.
 */
export async function inclusionProof(
  crypto: Crypto,
  reader: TileReader,
  index: number,
  size: number,
  known: KnownSubtrees = new Map(),
): Promise<readonly Uint8Array[]> {
  assertNatural(index, 'the index')
  assertNatural(size, 'the size')
  if (index >= size) throw new LedgerError('ledger/size', 'the index is not below the size')
  const hashes = new StoredHashes(crypto, reader, size, known)
  const proof: Uint8Array[] = []
  let start = 0
  let end = size
  while (end - start > 1) {
    const middle = start + splitPoint(end - start)
    if (index < middle) {
      proof.push(await hashes.range(middle, end))
      end = middle
    } else {
      proof.push(await hashes.range(start, middle))
      start = middle
    }
  }
  return proof.reverse()
}

/**
 * The hashes that prove the tree of `size` to append to that of `oldSize` (RFC 6962 section 2.1.2); none where the sizes
 * are equal or `oldSize` is 0. Throws `ledger/size` unless `oldSize <= size`, `ledger/tile-missing`, `ledger/tile-malformed`.
 */
export async function consistencyProof(
  crypto: Crypto,
  reader: TileReader,
  oldSize: number,
  size: number,
  known: KnownSubtrees = new Map(),
): Promise<readonly Uint8Array[]> {
  assertNatural(oldSize, 'the old size')
  assertNatural(size, 'the size')
  if (oldSize > size) throw new LedgerError('ledger/size', 'the old size is over the size')
  if (oldSize === 0 || oldSize === size) return []
  const hashes = new StoredHashes(crypto, reader, size, known)
  const proof: Uint8Array[] = []
  let start = 0
  let end = size
  while (oldSize < end) {
    const middle = start + splitPoint(end - start)
    if (oldSize <= middle) {
      proof.push(await hashes.range(middle, end))
      end = middle
    } else {
      proof.push(await hashes.range(start, middle))
      start = middle
    }
  }
  // The old tree itself is what the verifier holds already, unless it is only a part on the right.
  if (start > 0) proof.push(await hashes.range(start, end))
  return proof.reverse()
}

/** The root of the tree of `size`, from its tiles. Throws `ledger/tile-missing`, `ledger/tile-malformed`, `ledger/size`. */
export async function rootHash(crypto: Crypto, reader: TileReader, size: number): Promise<Uint8Array> {
  assertNatural(size, 'the size')
  return size === 0 ? emptyRoot(crypto) : await new StoredHashes(crypto, reader, size, new Map()).range(0, size)
}

/** Hashes of any subtree of one tree, each tile read once. */
class StoredHashes {
  readonly #crypto: Crypto
  readonly #reader: TileReader
  readonly #size: number
  readonly #known: KnownSubtrees
  readonly #tiles = new Map<string, Uint8Array>()

  constructor(crypto: Crypto, reader: TileReader, size: number, known: KnownSubtrees) {
    this.#crypto = crypto
    this.#reader = reader
    this.#size = size
    this.#known = known
  }

  /** Hash over the leaves from `start` up to `end`. INVARIANT: `start` is a multiple of the largest power of two up to `end - start`. */
  async range(start: number, end: number): Promise<Uint8Array> {
    const width = end - start
    const left = width === 1 ? 1 : splitPoint(width)
    if (left * 2 === width || width === 1) return await this.#perfect(start, width)
    return nodeHash(this.#crypto, await this.#perfect(start, left), await this.range(start + left, end))
  }

  async #perfect(start: number, width: number): Promise<Uint8Array> {
    const place = `${start}/${width}`
    const known = this.#known.get(place)
    if (known !== undefined) return known
    const root = await this.#computed(start, width)
    this.#known.set(place, root)
    return root
  }

  async #computed(start: number, width: number): Promise<Uint8Array> {
    let level = 0
    let span = 1
    while (span * TILE_WIDTH <= width) {
      level++
      span *= TILE_WIDTH
    }
    const first = start / span
    const index = Math.floor(first / TILE_WIDTH)
    const tile = await this.#tile(level, index)
    const at = (first % TILE_WIDTH) * HASH_BYTES
    return perfectRoot(this.#crypto, tile.subarray(at, at + (width / span) * HASH_BYTES))
  }

  async #tile(level: number, index: number): Promise<Uint8Array> {
    const name = `${level}/${index}`
    const known = this.#tiles.get(name)
    if (known !== undefined) return known
    const tile = await readTile(this.#reader, level, index, tileWidth(this.#size, level, index))
    this.#tiles.set(name, tile)
    return tile
  }
}
