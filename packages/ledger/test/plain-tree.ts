import { nodeCrypto as crypto } from '@entente/crypto-node'
import { emptyRoot, nodeHash } from '@entente/ledger'

/** The root by the definition of RFC 6962 section 2.1, word for word. */
export function plainRoot(hashes: readonly Uint8Array[]): Uint8Array {
  const [first] = hashes
  if (first === undefined) return emptyRoot(crypto)
  if (hashes.length === 1) return first
  const k = splitOf(hashes.length)
  return nodeHash(crypto, plainRoot(hashes.slice(0, k)), plainRoot(hashes.slice(k)))
}

/**
 * The proof that the leaves from `start` up to `end` stand in the tree over `hashes`, by the definition of
 * draft-ietf-plants-merkle-tree-certs section 4.4; of one leaf it is the inclusion proof. `isKnown` says whether the verifier
 * has the hash over just these leaves.
 */
export function plainSubtreeProof(hashes: readonly Uint8Array[], start: number, end: number, isKnown = true): readonly Uint8Array[] {
  if (start === 0 && end === hashes.length) return isKnown ? [] : [plainRoot(hashes)]
  const k = splitOf(hashes.length)
  const [left, right] = [hashes.slice(0, k), hashes.slice(k)]
  if (end <= k) return [...plainSubtreeProof(left, start, end, isKnown), plainRoot(right)]
  if (start >= k) return [...plainSubtreeProof(right, start - k, end - k, isKnown), plainRoot(left)]
  return [...plainSubtreeProof(right, 0, end - k, false), plainRoot(left)]
}

/** The largest power of two below `size`. */
function splitOf(size: number): number {
  return 2 ** Math.ceil(Math.log2(size) - 1)
}
