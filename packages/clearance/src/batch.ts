import { type Crypto, concatBytes, fromHex, sameBytes, toHex, utf8 } from '@entente/canonical'
import { refusal } from './errors.ts'

/** One batch of credentials as the nation's clearance log records it: neither who nor what, only how many. */
export interface BatchCommitment {
  /** Number of credentials. */
  readonly size: number
  /** Root of the RFC 9162 Merkle tree over the credentials, lower-case hexadecimal. */
  readonly root: string
}

/** That one credential is in a batch: its place and the hashes from leaf to root. */
export interface BatchProof {
  readonly index: number
  readonly path: readonly string[]
}

/** The largest batch. */
export const MAX_BATCH = 4_096

const LEAF = new Uint8Array([0])
const NODE = new Uint8Array([1])

/**
 * Commits to the credentials of one batch, in the given order. A leaf is the issuer-signed part alone, so that whoever
 * verifies a presentation can check it whatever was disclosed; its signature and digests make it unguessable.
 * Throws `clearance/batch` when empty, too large or holding one credential twice.
 */
export function batchCommitment(crypto: Crypto, credentials: readonly string[]): BatchCommitment {
  return { size: credentials.length, root: toHex(treeHash(crypto, batchLeaves(crypto, credentials))) }
}

/** The proof for the credential at `index` (from 0); throws `clearance/batch` outside of the batch. */
export function proveInBatch(crypto: Crypto, credentials: readonly string[], index: number): BatchProof {
  const leaves = batchLeaves(crypto, credentials)
  if (!Number.isSafeInteger(index) || index < 0 || index >= leaves.length)
    throw refusal('clearance/batch', 'no such credential in the batch')
  return { index, path: auditPath(crypto, leaves, index).map(toHex) }
}

/** Whether a credential or a presentation of it is in the batch (RFC 9162 section 2.1.3.2); throws nothing but for hashes that are none. */
export function isInBatch(crypto: Crypto, commitment: BatchCommitment, compact: string, proof: BatchProof): boolean {
  let node = proof.index
  let last = commitment.size - 1
  if (!Number.isSafeInteger(node) || !Number.isSafeInteger(last) || node < 0 || node > last || last >= MAX_BATCH) return false
  let hash = leafHash(crypto, compact)
  for (const step of proof.path) {
    if (last === 0 || !/^[0-9a-f]{64}$/u.test(step)) return false
    const sibling = fromHex(step)
    if (node % 2 === 1 || node === last) {
      hash = nodeHash(crypto, sibling, hash)
      while (node % 2 === 0 && node !== 0) {
        node = Math.floor(node / 2)
        last = Math.floor(last / 2)
      }
    } else {
      hash = nodeHash(crypto, hash, sibling)
    }
    node = Math.floor(node / 2)
    last = Math.floor(last / 2)
  }
  return last === 0 && /^[0-9a-f]{64}$/u.test(commitment.root) && sameBytes(hash, fromHex(commitment.root))
}

function batchLeaves(crypto: Crypto, credentials: readonly string[]): Uint8Array[] {
  if (credentials.length === 0 || credentials.length > MAX_BATCH) {
    throw refusal('clearance/batch', 'a batch holds between 1 and 4,096 credentials', { limit: MAX_BATCH })
  }
  const leaves = credentials.map((compact) => leafHash(crypto, compact))
  if (new Set(leaves.map(toHex)).size !== leaves.length) throw refusal('clearance/batch', 'a credential stands twice in the batch')
  return leaves
}

function leafHash(crypto: Crypto, compact: string): Uint8Array {
  const [jwt = ''] = compact.split('~', 1)
  return crypto.sha256(concatBytes(LEAF, utf8(jwt)))
}

function nodeHash(crypto: Crypto, left: Uint8Array, right: Uint8Array): Uint8Array {
  return crypto.sha256(concatBytes(NODE, left, right))
}

function treeHash(crypto: Crypto, leaves: readonly Uint8Array[]): Uint8Array {
  const [only] = leaves
  if (leaves.length === 1 && only !== undefined) return only
  const half = splitPoint(leaves.length)
  return nodeHash(crypto, treeHash(crypto, leaves.slice(0, half)), treeHash(crypto, leaves.slice(half)))
}

function auditPath(crypto: Crypto, leaves: readonly Uint8Array[], index: number): Uint8Array[] {
  if (leaves.length === 1) return []
  const half = splitPoint(leaves.length)
  return index < half
    ? [...auditPath(crypto, leaves.slice(0, half), index), treeHash(crypto, leaves.slice(half))]
    : [...auditPath(crypto, leaves.slice(half), index - half), treeHash(crypto, leaves.slice(0, half))]
}

/** The largest power of two below a length of at least 2. */
function splitPoint(length: number): number {
  return 2 ** Math.floor(Math.log2(length - 1))
}
