import { type Crypto, concatBytes, sameBytes, toBase64, toHex, utf8 } from '@entente/canonical'
import { type SignedCheckpoint, addSignatures, readCheckpoint } from './checkpoint.ts'
import { type LedgerCode, LedgerError } from './errors.ts'
import { MAX_PROOF_HASHES, hashOfLine, naturalOf, plainText } from './lines.ts'
import type { NoteKey, NoteSigner } from './note-key.ts'
import { MAX_NOTE_BYTES, printNote, printSignatureLines } from './note.ts'
import { cosign, verifyLogSignatures } from './signature.ts'
import { emptyRoot, verifyConsistency } from './tree.ts'

/** Largest body of an add-checkpoint request. */
export const MAX_ADD_CHECKPOINT_BYTES: number = MAX_NOTE_BYTES + 4_096

/** What a log asks of a witness (C2SP tlog-witness, add-checkpoint). */
export interface AddCheckpoint {
  readonly oldSize: number
  readonly proof: readonly Uint8Array[]
  /** The signed checkpoint, verbatim. */
  readonly checkpoint: Uint8Array
}

/** The latest checkpoint of one log that a witness recorded. */
export interface WitnessState {
  readonly size: number
  /** 32 bytes. */
  readonly root: Uint8Array
  /** The checkpoint with the log's verified signatures and, once made, the witness's own: what `GET …/checkpoint` serves. */
  readonly checkpoint: Uint8Array
}

/** An answer other than 200, ready to send; `code` and `values` are for the witness's own eyes. */
export interface WitnessRefusal {
  readonly status: 400 | 403 | 404 | 409 | 422
  readonly contentType: string
  readonly body: string
  readonly code: LedgerCode
  readonly values: Readonly<Record<string, string | number>>
}

/** A request whose log is known and whose signatures hold; whether the tree is consistent is still open. */
export interface Submission extends SignedCheckpoint {
  readonly request: AddCheckpoint
  /** The checkpoint with the log's verified signatures only. */
  readonly logSigned: Uint8Array
}

/** An answer to add-checkpoint. Persist `newState` before sending a 200. */
export type WitnessAnswer =
  | { readonly status: 200; readonly contentType: string; readonly body: string; readonly newState: WitnessState }
  | WitnessRefusal

/** What a witness is. */
export interface Witness {
  /** The keys that it trusts for an origin, or `undefined` for a log that it does not know. */
  readonly keysOf: (origin: string) => readonly NoteKey[] | undefined
  /** Its own keys; each answers one line. */
  readonly signers: readonly NoteSigner[]
}

/** Reads the body of an add-checkpoint request. Throws `ledger/request-malformed`. */
export function parseAddCheckpoint(body: Uint8Array): AddCheckpoint {
  if (body.length > MAX_ADD_CHECKPOINT_BYTES) throw malformed(`it has at most ${MAX_ADD_CHECKPOINT_BYTES} bytes`)
  const text = plainText(body, 'ledger/request-malformed')
  const blank = text.indexOf('\n\n')
  if (blank === -1) throw malformed('a blank line stands before the checkpoint')
  const [oldLine, ...lines] = text.slice(0, blank).split('\n')
  const oldSize = oldLine?.startsWith('old ') === true ? naturalOf(oldLine.slice('old '.length)) : undefined
  if (oldSize === undefined) throw malformed('it starts with the old size')
  if (lines.length > MAX_PROOF_HASHES) throw malformed(`it has at most ${MAX_PROOF_HASHES} hashes`)
  const proof = lines.map((line) => hashOfLine(line, 'ledger/request-malformed'))
  // Every line above the blank one is ASCII by now: characters are bytes.
  return { oldSize, proof, checkpoint: body.slice(blank + 2) }
}

function malformed(rule: string): LedgerError {
  return new LedgerError('ledger/request-malformed', `not an add-checkpoint request: ${rule}`)
}

/** The body of an add-checkpoint request. Throws `ledger/request-malformed` for what would not read back. */
export function printAddCheckpoint(request: AddCheckpoint): Uint8Array<ArrayBuffer> {
  const hashes = request.proof.map((hash) => `${toBase64(hash)}\n`).join('')
  const body = concatBytes(utf8(`old ${request.oldSize}\n${hashes}\n`), request.checkpoint)
  parseAddCheckpoint(body)
  return body
}

/** Under which name a witness serves its latest checkpoint of a log: SHA-256 of the origin, lower-case hexadecimal. */
export function originHash(crypto: Crypto, origin: string): string {
  return toHex(crypto.sha256(utf8(origin)))
}

/**
 * First step of add-checkpoint: reads the body and verifies the log's signatures (400, 404, 403, or 400 for an old size
 * over the checkpoint's). Needs no state, so it may run beside other requests.
 */
export async function receiveCheckpoint(crypto: Crypto, keysOf: Witness['keysOf'], body: Uint8Array): Promise<Submission | WitnessRefusal> {
  let request: AddCheckpoint
  let signed: SignedCheckpoint
  try {
    request = parseAddCheckpoint(body)
    signed = readCheckpoint(request.checkpoint)
  } catch (error) {
    return refusalOf(400, error)
  }
  const { origin, size } = signed.checkpoint
  const keys = keysOf(origin)
  if (keys === undefined || keys.length === 0) return refusal(404, 'ledger/log-unknown', { origin })
  try {
    await verifyLogSignatures(crypto, signed, keys)
  } catch (error) {
    return refusalOf(403, error)
  }
  if (request.oldSize > size) return refusal(400, 'ledger/old-size', { old: request.oldSize, size })
  const signatures = signed.note.signatures.filter(({ name, keyId }) => keys.some((key) => key.name === name && key.id === keyId))
  return { ...signed, request, logSigned: printNote({ text: signed.note.text, signatures }) }
}

/**
 * Second step: compares the submission with what is recorded (409, 422) and gives the state to record. It answers at
 * once, without waiting for anything: a caller that reads the state, calls this and writes the new state in one
 * synchronous stretch or transaction can never roll back (tlog-witness, the race in six steps).
 */
export function advanceWitness(
  crypto: Crypto,
  state: WitnessState | undefined,
  submission: Submission,
): { readonly status: 200; readonly newState: WitnessState } | WitnessRefusal {
  const { size, root, origin } = submission.checkpoint
  const { oldSize, proof } = submission.request
  const recorded = state?.size ?? 0
  if (oldSize !== recorded) {
    return {
      status: 409,
      contentType: 'text/x.tlog.size',
      body: `${recorded}\n`,
      code: oldSize > recorded ? 'ledger/rolled-back' : 'ledger/old-size',
      values: { origin, old: oldSize, size: recorded },
    }
  }
  if (size === 0 && !sameBytes(root, emptyRoot(crypto))) return refusal(422, 'ledger/root-wrong', { origin, size })
  if (oldSize === 0 && proof.length > 0) return refusal(422, 'ledger/consistency-wrong', { origin, old: 0, size })
  if (state !== undefined && oldSize === size && !sameBytes(state.root, root)) return refusal(422, 'ledger/fork', { origin, size })
  const consistent =
    oldSize === 0 || (state !== undefined && verifyConsistency(crypto, { oldSize, oldRoot: state.root, size, root, proof }))
  if (!consistent) return refusal(422, 'ledger/consistency-wrong', { origin, old: oldSize, size })
  return { status: 200, newState: { size, root, checkpoint: submission.logSigned } }
}

/**
 * All of add-checkpoint. `now`: seconds since 1970, over 0. The caller records `newState` **before** it sends the answer,
 * and lets requests of one origin follow one another from reading `state` to recording; where that is not wanted it
 * takes the steps `receiveCheckpoint`, `advanceWitness`, `cosign` by themselves.
 */
export async function addCheckpoint(
  crypto: Crypto,
  witness: Witness,
  state: (origin: string) => WitnessState | undefined,
  body: Uint8Array,
  now: number,
): Promise<WitnessAnswer> {
  const submission = await receiveCheckpoint(crypto, witness.keysOf, body)
  if ('status' in submission) return submission
  const advanced = advanceWitness(crypto, state(submission.checkpoint.origin), submission)
  if (advanced.status !== 200) return advanced
  const signatures = await cosign(submission.note.text, witness.signers, now)
  const { newState } = advanced
  return {
    status: 200,
    contentType: 'text/plain; charset=utf-8',
    body: printSignatureLines(signatures),
    newState: { ...newState, checkpoint: addSignatures(newState.checkpoint, signatures) },
  }
}

function refusalOf(status: 400 | 403, error: unknown): WitnessRefusal {
  if (!(error instanceof LedgerError)) throw error
  return refusal(status, error.code, error.values)
}

function refusal(status: 400 | 403 | 404 | 422, code: LedgerCode, values: Readonly<Record<string, string | number>>): WitnessRefusal {
  return { status, contentType: 'text/plain; charset=utf-8', body: `${code}\n`, code, values }
}
