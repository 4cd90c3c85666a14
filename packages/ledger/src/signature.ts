import { type Crypto, concatBytes, uint64, unreachable, utf8 } from '@entente/canonical'
import { type Checkpoint, parseCheckpoint, printCheckpoint } from './checkpoint.ts'
import { LedgerError } from './errors.ts'
import { assertNatural } from './lines.ts'
import { NOTE_KEY_TYPES, type NoteKey, type NoteSigner } from './note-key.ts'
import { type Note, type NoteSignature, printNote } from './note.ts'

const SUBTREE_LABEL = utf8('subtree/v1\n\0')
const TIME_BYTES = 8

/** A signature that holds. */
export interface VerifiedSignature {
  readonly key: NoteKey
  /** Seconds since 1970-01-01T00:00:00Z; 0 where the type has no time, or the signer stated none. */
  readonly time: number
}

/** Exactly the bytes that a key of this type signs for a note's text at a time (tlog-cosignature). Throws `ledger/checkpoint-malformed` for `mldsa44` over anything but a checkpoint. */
export function signedMessage(key: NoteKey, text: string, time: number): Uint8Array<ArrayBuffer> {
  switch (key.type) {
    case 'ed25519':
      return utf8(text)
    case 'ed25519-cosignature':
      return utf8(`cosignature/v1\ntime ${time}\n${text}`)
    case 'mldsa44': {
      const { origin, size, root } = parseCheckpoint(text)
      // `start` is 0: a checkpoint is the subtree from the first leaf on.
      return concatBytes(SUBTREE_LABEL, opaque(key.name), uint64(time), opaque(origin), uint64(0), uint64(size), root)
    }
    default:
      return unreachable(key.type)
  }
}

function opaque(text: string): Uint8Array<ArrayBuffer> {
  const bytes = utf8(text)
  return concatBytes(new Uint8Array([bytes.length]), bytes)
}

/** Signs a note's text. `at`: seconds since 1970, over 0; not part of what a key of type `ed25519` signs. */
export async function signText(signer: NoteSigner, text: string, at: number): Promise<NoteSignature> {
  assertNatural(at, 'the time of a signature')
  const { key } = signer
  const signature = await signer.signer.sign(signedMessage(key, text, at))
  return { name: key.name, keyId: key.id, signature: NOTE_KEY_TYPES[key.type].timed ? concatBytes(uint64(at), signature) : signature }
}

/** Signs a checkpoint with each of a log's keys, in order: the bytes to publish. `at` as in `signText`. */
export async function signCheckpoint(checkpoint: Checkpoint, signers: readonly NoteSigner[], at: number): Promise<Uint8Array<ArrayBuffer>> {
  const text = printCheckpoint(checkpoint)
  return printNote({ text, signatures: await cosign(text, signers, at) })
}

/** A witness's signatures over a checkpoint's text, one a key, in order. The caller has checked and recorded the checkpoint first. */
export async function cosign(text: string, signers: readonly NoteSigner[], at: number): Promise<readonly NoteSignature[]> {
  const signatures: NoteSignature[] = []
  for (const signer of signers) signatures.push(await signText(signer, text, at))
  return signatures
}

/**
 * Verifies every signature of a note whose name and key id are those of one of `keys`, and ignores the others.
 * Throws `ledger/signature-invalid` (with `key`, its name and id) if one of them fails, `ledger/signature-missing` if there is none.
 */
export async function verifyNote(crypto: Crypto, note: Note, keys: readonly NoteKey[]): Promise<readonly VerifiedSignature[]> {
  const verified: VerifiedSignature[] = []
  for (const signature of note.signatures) {
    for (const key of keys) {
      if (key.name !== signature.name || key.id !== signature.keyId) continue
      const time = await verifiedTime(crypto, key, note.text, signature.signature)
      if (time === undefined) {
        throw new LedgerError('ledger/signature-invalid', `the signature of ${key.name} does not hold`, {
          values: { key: `${key.name}+${key.id}` },
        })
      }
      verified.push({ key, time })
    }
  }
  if (verified.length === 0) throw new LedgerError('ledger/signature-missing', 'no signature of a known key')
  return verified
}

async function verifiedTime(crypto: Crypto, key: NoteKey, text: string, signature: Uint8Array): Promise<number | undefined> {
  const facts = NOTE_KEY_TYPES[key.type]
  const timeBytes = facts.timed ? TIME_BYTES : 0
  if (signature.length !== timeBytes + facts.signatureBytes) return undefined
  const time = facts.timed ? timeOf(signature) : 0
  if (time === undefined) return undefined
  let message: Uint8Array
  try {
    message = signedMessage(key, text, time)
  } catch {
    return undefined
  }
  return (await crypto.verify(facts.algorithm, key.publicKey, message, signature.subarray(timeBytes))) ? time : undefined
}

function timeOf(signature: Uint8Array): number | undefined {
  const time = new DataView(signature.buffer, signature.byteOffset, TIME_BYTES).getBigUint64(0)
  // The format allows up to 2^63 - 1; no clock of a signer will pass 2^53 seconds.
  return time > BigInt(Number.MAX_SAFE_INTEGER) ? undefined : Number(time)
}

/**
 * Verifies that a log signed: of **each algorithm** among `keys` (all of one log) at least one key must have signed,
 * so that a log with Ed25519 and ML-DSA-44 keys needs both, while keys of one algorithm can follow each other.
 * Stricter than tlog-policy, where one key is enough. Throws `ledger/signature-invalid`, `ledger/signature-missing`
 * (with `algorithm` and `origin`).
 */
export async function verifyLogSignatures(
  crypto: Crypto,
  signed: { checkpoint: Checkpoint; note: Note },
  keys: readonly NoteKey[],
): Promise<readonly VerifiedSignature[]> {
  const verified = await verifyNote(crypto, signed.note, keys)
  requireEachAlgorithm(signed.checkpoint.origin, keys, verified)
  return verified
}

/** Throws `ledger/signature-missing` unless of each algorithm among `keys` one is among the verified. */
export function requireEachAlgorithm(origin: string, keys: readonly NoteKey[], verified: readonly VerifiedSignature[]): void {
  for (const algorithm of new Set(keys.map((key) => NOTE_KEY_TYPES[key.type].algorithm))) {
    const found = verified.some(({ key }) => NOTE_KEY_TYPES[key.type].algorithm === algorithm && keys.includes(key))
    if (!found) {
      throw new LedgerError('ledger/signature-missing', `the log has not signed with ${algorithm}`, { values: { algorithm, origin } })
    }
  }
}
