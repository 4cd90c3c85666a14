import { type Crypto, toBase64, utf8 } from '@entente/canonical'
import { LedgerError } from './errors.ts'
import { HASH_BYTES, MAX_PROOF_HASHES, base64Of, hasControl, hashOfLine, naturalOf, plainText } from './lines.ts'
import { MAX_NOTE_BYTES, assertNoteSize } from './note.ts'
import type { Policy } from './policy.ts'
import { leafHash, verifyInclusion } from './tree.ts'
import { type CheckpointExpectation, type VerifiedCheckpoint, verifyCheckpointText } from './verify-checkpoint.ts'

const HEADER = 'c2sp.org/tlog-proof@v1'
/** Largest proof that is read: its checkpoint, its hashes, and 64 KiB of extra data. */
export const MAX_PROOF_BYTES: number = MAX_NOTE_BYTES + 100_000

/** What shows offline that an entry is in a log (C2SP tlog-proof). */
export interface LogProof {
  /** Not authenticated by anything. */
  readonly extra?: Uint8Array
  readonly index: number
  /** From the leaf's sibling upwards, 32 bytes each. */
  readonly hashes: readonly Uint8Array[]
  /** The signed checkpoint, verbatim. */
  readonly checkpoint: Uint8Array
}

/** The bytes of a proof. Throws `ledger/proof-malformed` for what `parseLogProof` would not read back. */
export function printLogProof(proof: LogProof): Uint8Array<ArrayBuffer> {
  return utf8(logProofText({ ...proof, checkpoint: plainText(proof.checkpoint, 'ledger/proof-malformed') }))
}

/** As `printLogProof`, as text, under a checkpoint that is text already. */
export function logProofText(proof: Omit<LogProof, 'checkpoint'> & { readonly checkpoint: string }): string {
  const { extra, index, hashes, checkpoint } = proof
  if (extra?.length === 0) throw malformed('an extra line holds something')
  if (naturalOf(String(index)) !== index) throw malformed('it has an index line')
  if (hashes.length > MAX_PROOF_HASHES) throw malformed(`it has at most ${MAX_PROOF_HASHES} hashes`)
  if (hashes.some(({ length }) => length !== HASH_BYTES)) throw malformed('a hash has 32 bytes')
  const extraLine = extra === undefined ? '' : `extra ${toBase64(extra)}\n`
  return proofText(`${HEADER}\n${extraLine}index ${index}\n${hashes.map((hash) => `${toBase64(hash)}\n`).join('')}\n${checkpoint}`)
}

/** Reads a proof; verifies nothing. Throws `ledger/proof-malformed`. */
export function parseLogProof(bytes: Uint8Array): LogProof {
  if (bytes.length > MAX_PROOF_BYTES) throw malformed(`it has at most ${MAX_PROOF_BYTES} bytes`)
  const { checkpoint, ...proof } = partsOf(plainText(bytes, 'ledger/proof-malformed'))
  return { ...proof, checkpoint: utf8(checkpoint) }
}

/** A proof whose checkpoint is still text. */
function partsOf(text: string): Omit<LogProof, 'checkpoint'> & { readonly checkpoint: string } {
  const blank = text.indexOf('\n\n')
  if (blank === -1) throw malformed('a blank line stands before the checkpoint')
  const [header, ...lines] = text.slice(0, blank).split('\n')
  if (header !== HEADER) throw malformed(`it starts with \`${HEADER}\``)
  const extraLine = lines[0]?.startsWith('extra ') === true ? lines.shift() : undefined
  const indexLine = lines.shift()
  const index = indexLine?.startsWith('index ') === true ? naturalOf(indexLine.slice('index '.length)) : undefined
  if (index === undefined) throw malformed('it has an index line')
  if (lines.length > MAX_PROOF_HASHES) throw malformed(`it has at most ${MAX_PROOF_HASHES} hashes`)
  const extra = extraLine === undefined ? undefined : base64Of(extraLine.slice('extra '.length), 'ledger/proof-malformed')
  if (extra?.length === 0) throw malformed('an extra line holds something')
  const hashes = lines.map((line) => hashOfLine(line, 'ledger/proof-malformed'))
  return { ...(extra === undefined ? {} : { extra }), index, hashes, checkpoint: text.slice(blank + 2) }
}

function malformed(rule: string): LedgerError {
  return new LedgerError('ledger/proof-malformed', `not a log proof: ${rule}`)
}

function proofText(proof: Uint8Array | string): string {
  const length = typeof proof === 'string' && proof.length * 3 > MAX_PROOF_BYTES ? utf8(proof).length : proof.length
  if (length > MAX_PROOF_BYTES) throw malformed(`it has at most ${MAX_PROOF_BYTES} bytes`)
  if (typeof proof !== 'string') return plainText(proof, 'ledger/proof-malformed')
  if (!proof.isWellFormed() || hasControl(proof)) throw malformed('it is plain text')
  return proof
}

/** What a proof shows. */
export interface ProvenEntry extends VerifiedCheckpoint {
  readonly index: number
  /** `leafHash` of the entry. */
  readonly leafHash: Uint8Array
}

/**
 * Verifies that `leaf` (an entry's bytes) is in a log, by a proof (its bytes, or their text) and a policy alone. Throws `ledger/proof-malformed`,
 * `ledger/inclusion-wrong` (with `index`, `size`), and what `verifyCheckpoint` throws.
 */
export async function verifyLogProof(
  crypto: Crypto,
  policy: Policy,
  proof: Uint8Array | string,
  leaf: Uint8Array,
  expected: CheckpointExpectation = {},
): Promise<ProvenEntry> {
  const { index, hashes, checkpoint } = partsOf(proofText(proof))
  // A character (UTF-16) takes three bytes at most: only what is near the limit is counted.
  if (checkpoint.length * 3 > MAX_NOTE_BYTES) assertNoteSize(utf8(checkpoint).length)
  const verified = await verifyCheckpointText(crypto, policy, checkpoint, expected)
  const claim = { leafHash: leafHash(crypto, leaf), index, size: verified.size, root: verified.root, proof: hashes }
  if (!verifyInclusion(crypto, claim)) {
    throw new LedgerError('ledger/inclusion-wrong', `the entry is not at index ${index} of the tree of size ${verified.size}`, {
      values: { index, size: verified.size },
    })
  }
  return { ...verified, index, leafHash: claim.leafHash }
}
