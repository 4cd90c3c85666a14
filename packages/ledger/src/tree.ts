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
  const node = new Uint8Array(1 + 2 * HASH_BYTES)
  node.set(NODE)
  node.set(left, 1)
  node.set(right, 1 + HASH_BYTES)
  return crypto.sha256(node)
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
  return verifySubtreeInclusion(crypto, { ...claim, start: 0, end: claim.size })
}

export interface SubtreeInclusionClaim extends Omit<InclusionClaim, 'size'> {
  /** First leaf of the subtree, counted in the whole tree as `index` is. */
  readonly start: number
  /** The leaf after its last. */
  readonly end: number
}

/**
 * Whether the leaf stands at `index` in the subtree over the leaves from `start` up to `end`, whose hash is `root`: the proof
 * is that of a tree of `end - start` leaves (draft-ietf-plants-merkle-tree-certs section 4.3). False where no subtree can
 * begin and end there, which needs `start` to be a multiple of the smallest power of two that is not below the subtree's
 * width. Never throws for data.
 */
export function verifySubtreeInclusion(crypto: Crypto, claim: SubtreeInclusionClaim): boolean {
  const { index, start, end, root, proof } = claim
  if (!isSubtree(start, end) || !isNatural(index) || index < start || index >= end) return false
  if (!allHashes(claim.leafHash, root, ...proof)) return false
  let position = index - start
  let last = end - start - 1
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
  return oldSize !== 0 && verifySubtreeConsistency(crypto, { start: 0, end: oldSize, subtreeRoot: oldRoot, size, root, proof })
}

export interface SubtreeConsistencyClaim {
  /** First leaf of the subtree. */
  readonly start: number
  /** The leaf after its last. */
  readonly end: number
  readonly subtreeRoot: Uint8Array
  readonly size: number
  readonly root: Uint8Array
  readonly proof: readonly Uint8Array[]
}

/**
 * Whether the leaves from `start` up to `end` of the tree of `size` and `root` are those of the subtree with `subtreeRoot`
 * (draft-ietf-plants-merkle-tree-certs section 4.4). With `start` 0 that is consistency with an earlier tree, with one leaf
 * it is inclusion. Where `start` is `end` there are no leaves to agree on: true for the empty tree's root and an empty proof,
 * whatever `root` is, so a caller that wants something shown must refuse that case before. False where no subtree can begin
 * and end there (see `verifySubtreeInclusion`). Never throws for data.
 */
export function verifySubtreeConsistency(crypto: Crypto, claim: SubtreeConsistencyClaim): boolean {
  const { start, end, subtreeRoot, size, root, proof } = claim
  if (!isSubtree(start, end) || !isNatural(size) || end > size) return false
  if (start === end) return proof.length === 0 && sameBytes(subtreeRoot, emptyRoot(crypto))
  if (start === 0 && end === size) return proof.length === 0 && sameBytes(subtreeRoot, root)
  if (!allHashes(subtreeRoot, root, ...proof)) return false
  // Up to the lowest node on the subtree's right edge that the tree has in the same shape.
  let at: Level = { first: start, position: end - 1, last: size - 1 }
  while (at.first !== at.position && (at.position === at.last || at.position % 2 === 1)) at = above(at)
  // The whole subtree is that node, and its hash is known; or else the proof begins with the node's hash.
  const [node, ...rest] = at.first === at.position ? [subtreeRoot, ...proof] : proof
  if (node === undefined) return false
  let subtreeHash = node
  let hash = node
  for (const sibling of rest) {
    if (at.last === 0) return false
    if (at.position % 2 === 1 || at.position === at.last) {
      if (at.first < at.position) subtreeHash = nodeHash(crypto, sibling, subtreeHash)
      hash = nodeHash(crypto, sibling, hash)
      while (at.position % 2 === 0 && at.position !== 0) at = above(at)
    } else {
      hash = nodeHash(crypto, hash, sibling)
    }
    at = above(at)
  }
  return at.last === 0 && sameBytes(subtreeHash, subtreeRoot) && sameBytes(hash, root)
}

/** Numbers of three nodes of one level, from the left: over the subtree's first leaf, over its last, and the tree's last. */
interface Level {
  readonly first: number
  readonly position: number
  readonly last: number
}

function above({ first, position, last }: Level): Level {
  return { first: half(first), position: half(position), last: half(last) }
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

// A subtree of any width lies where a perfect one of at least that width could: it has one node for a root.
function isSubtree(start: number, end: number): boolean {
  if (!isNatural(start) || !isNatural(end) || start > end) return false
  let width = 1
  while (width < end - start) width *= 2
  return start % width === 0
}

function isNatural(value: number): boolean {
  return Number.isSafeInteger(value) && value >= 0
}

function allHashes(...hashes: readonly Uint8Array[]): boolean {
  return hashes.every((hash) => hash.length === HASH_BYTES)
}
