import { type Crypto, concatBytes, sameBytes } from '@entente/canonical'
import { HASH_BYTES, assertNatural } from './lines.ts'

const LEAF = new Uint8Array([0])
const NODE = new Uint8Array([1])

/** Hash of a leaf (RFC 6962 section 2.1): SHA-256 of 0x00 and the entry's bytes. */
export function leafHash(crypto: Crypto, entry: Uint8Array): Uint8Array {
  return crypto.sha256(concatBytes(LEAF, entry))
}

/** Hash of an inner node (RFC 6962 section 2.1): SHA-256 of 0x01 and both children. */
export function nodeHash(crypto: Crypto, left: Uint8Array, right: Uint8Array): Uint8Array {
  return crypto.sha256(concatBytes(NODE, left, right))
}

/** Root of the tree without entries: SHA-256 of nothing. */
export function emptyRoot(crypto: Crypto): Uint8Array {
  return crypto.sha256(new Uint8Array(0))
}

/** The largest power of two smaller than `size` (RFC 6962 section 2.1); `size` is 2 or more. */
export function splitPoint(size: number): number {
  let k = 1
  while (k * 2 < size) k *= 2
  return k
}

export interface InclusionClaim {
  /** `leafHash` of the entry. */
  readonly leafHash: Uint8Array
  readonly index: number
  readonly size: number
  readonly root: Uint8Array
  /** From the leaf's sibling upwards. */
  readonly proof: readonly Uint8Array[]
}

/** Whether the leaf stands at `index` in the tree of `size` and `root` (RFC 9162 section 2.1.3.2). Never throws for data. */
export function verifyInclusion(crypto: Crypto, claim: InclusionClaim): boolean {
  const { index, size, root, proof } = claim
  if (!isNatural(index) || !isNatural(size) || index >= size) return false
  if (!allHashes(claim.leafHash, root, ...proof)) return false
  let position = index
  let last = size - 1
  let hash = claim.leafHash
  for (const sibling of proof) {
    if (last === 0) return false
    if (position % 2 === 1 || position === last) {
      hash = nodeHash(crypto, sibling, hash)
      while (position % 2 === 0 && position !== 0) {
        position = half(position)
        last = half(last)
      }
    } else {
      hash = nodeHash(crypto, hash, sibling)
    }
    position = half(position)
    last = half(last)
  }
  return last === 0 && sameBytes(hash, root)
}

export interface ConsistencyClaim {
  readonly oldSize: number
  readonly oldRoot: Uint8Array
  readonly size: number
  readonly root: Uint8Array
  readonly proof: readonly Uint8Array[]
}

/**
 * Whether the tree of `size` only appends to the tree of `oldSize` (RFC 9162 section 2.1.4.2). Equal sizes need equal
 * roots and an empty proof. False for `oldSize` 0: every tree appends to the empty one, so a proof shows nothing, and
 * whoever meets that case (a witness that sees a log for the first time) decides it without a proof. Never throws for data.
 */
export function verifyConsistency(crypto: Crypto, claim: ConsistencyClaim): boolean {
  const { oldSize, oldRoot, size, root, proof } = claim
  if (!isNatural(oldSize) || !isNatural(size) || oldSize === 0 || oldSize > size) return false
  if (oldSize === size) return proof.length === 0 && sameBytes(oldRoot, root)
  if (!allHashes(oldRoot, root, ...proof)) return false
  const path = isPowerOfTwo(oldSize) ? [oldRoot, ...proof] : proof
  const [first, ...rest] = path
  if (first === undefined || proof.length === 0) return false
  let position = oldSize - 1
  let last = size - 1
  while (position % 2 === 1) {
    position = half(position)
    last = half(last)
  }
  let oldHash = first
  let hash = first
  for (const sibling of rest) {
    if (last === 0) return false
    if (position % 2 === 1 || position === last) {
      oldHash = nodeHash(crypto, sibling, oldHash)
      hash = nodeHash(crypto, sibling, hash)
      while (position % 2 === 0 && position !== 0) {
        position = half(position)
        last = half(last)
      }
    } else {
      hash = nodeHash(crypto, hash, sibling)
    }
    position = half(position)
    last = half(last)
  }
  return last === 0 && sameBytes(oldHash, oldRoot) && sameBytes(hash, root)
}

/** The root over the perfect subtrees of a tree, widest first (RFC 6962 section 2.1); none gives the empty root. */
export function rootOfSubtrees(crypto: Crypto, subtrees: readonly Uint8Array[]): Uint8Array {
  let root: Uint8Array | undefined
  for (const subtree of subtrees.toReversed()) root = root === undefined ? subtree : nodeHash(crypto, subtree, root)
  return root ?? emptyRoot(crypto)
}

/** The root of a perfect subtree, given its `2^k` leaves or inner hashes, one after the other. */
export function perfectRoot(crypto: Crypto, hashes: Uint8Array): Uint8Array {
  assertNatural(Math.log2(hashes.length / HASH_BYTES), 'the height of a perfect subtree')
  let row = hashes
  while (row.length > HASH_BYTES) {
    const above = new Uint8Array(row.length / 2)
    for (let at = 0; at < above.length; at += HASH_BYTES)
      above.set(crypto.sha256(concatBytes(NODE, row.subarray(2 * at, 2 * at + 2 * HASH_BYTES))), at)
    row = above
  }
  return row.slice()
}

// Sizes reach 2^53, past what shifts of 32-bit integers can do.
function half(value: number): number {
  return Math.floor(value / 2)
}

function isPowerOfTwo(value: number): boolean {
  return value > 0 && Number.isInteger(Math.log2(value)) && 2 ** Math.round(Math.log2(value)) === value
}

function isNatural(value: number): boolean {
  return Number.isSafeInteger(value) && value >= 0
}

function allHashes(...hashes: readonly Uint8Array[]): boolean {
  return hashes.every((hash) => hash.length === HASH_BYTES)
}
