/** Tiled transparency logs: tiles, proofs, checkpoints, cosignatures, receipts, witness, entries, verification (spec/ledger.md). */
export * from './builder.ts'
export { type Checkpoint, type SignedCheckpoint, addSignatures, parseCheckpoint, printCheckpoint, readCheckpoint } from './checkpoint.ts'
export * from './disclosure.ts'
export * from './entry.ts'
export * from './errors.ts'
export type { Finding } from './findings.ts'
export { HASH_BYTES, MAX_PROOF_HASHES } from './lines.ts'
export * from './log-proof.ts'
export * from './note-key.ts'
export {
  type Note,
  type NoteSignature,
  MAX_NOTE_BYTES,
  MAX_SIGNATURES,
  isKeyName,
  parseNote,
  parseSignatureLines,
  printNote,
  printSignatureLines,
} from './note.ts'
export * from './policy.ts'
export * from './proofs.ts'
export { type VerifiedSignature, cosign, signCheckpoint, signText, signedMessage, verifyLogSignatures, verifyNote } from './signature.ts'
export * from './tiles.ts'
export {
  type ConsistencyClaim,
  type InclusionClaim,
  type SubtreeConsistencyClaim,
  type SubtreeInclusionClaim,
  emptyRoot,
  leafHash,
  nodeHash,
  verifyConsistency,
  verifyInclusion,
  verifySubtreeConsistency,
  verifySubtreeInclusion,
} from './tree.ts'
export { type CheckpointExpectation, type Cosignature, type VerifiedCheckpoint, verifyCheckpoint } from './verify-checkpoint.ts'
export * from './verify-log.ts'
export * from './witness.ts'
