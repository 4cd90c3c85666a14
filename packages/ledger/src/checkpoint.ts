import { toBase64, utf8 } from '@entente/canonical'
import { LedgerError } from './errors.ts'
import { HASH_BYTES, hasControl, hashOfLine, naturalOf } from './lines.ts'
import { type Note, type NoteSignature, noteText, parseNote, noteOfText, printNote } from './note.ts'

/** A tree head (C2SP tlog-checkpoint). */
export interface Checkpoint {
  /** Names the log. */
  readonly origin: string
  readonly size: number
  /** 32 bytes. */
  readonly root: Uint8Array
  /** Further lines. ML-DSA-44 signatures do not cover them: Entente writes none and relies on none. */
  readonly extensions: readonly string[]
}

/** A checkpoint and its note; nothing is verified. */
export interface SignedCheckpoint {
  readonly checkpoint: Checkpoint
  readonly note: Note
}

/** The note text of a checkpoint. Throws `ledger/checkpoint-malformed` for what would not read back the same. */
export function printCheckpoint(checkpoint: Checkpoint): string {
  const text = `${[checkpoint.origin, String(checkpoint.size), toBase64(checkpoint.root), ...checkpoint.extensions].join('\n')}\n`
  const again = parseCheckpoint(text)
  if (again.extensions.length !== checkpoint.extensions.length || again.root.length !== HASH_BYTES || again.origin !== checkpoint.origin) {
    throw new LedgerError('ledger/checkpoint-malformed', 'a line of the checkpoint holds a newline')
  }
  return text
}

/** Reads the note text of a checkpoint: three or more non-empty lines. Throws `ledger/checkpoint-malformed`. */
export function parseCheckpoint(text: string): Checkpoint {
  if (!text.endsWith('\n') || !text.isWellFormed() || hasControl(text)) throw malformed('it is not plain text that ends in a newline')
  const lines = text.slice(0, -1).split('\n')
  const [origin, sizeLine, rootLine, ...extensions] = lines
  if (origin === undefined || sizeLine === undefined || rootLine === undefined) throw malformed('it has three lines or more')
  if (lines.includes('')) throw malformed('it has no empty line')
  if (utf8(origin).length > 255) throw malformed('an origin has at most 255 bytes')
  const size = naturalOf(sizeLine)
  if (size === undefined) throw malformed('its second line is a size')
  return { origin, size, root: hashOfLine(rootLine, 'ledger/checkpoint-malformed'), extensions }
}

function malformed(rule: string): LedgerError {
  return new LedgerError('ledger/checkpoint-malformed', `not a checkpoint: ${rule}`)
}

/** Reads a signed checkpoint; verifies nothing. Throws `ledger/note-malformed`, `ledger/note-too-large`, `ledger/checkpoint-malformed`. */
export function readCheckpoint(bytes: Uint8Array): SignedCheckpoint {
  return checkpointOfText(noteText(bytes))
}

/** As `readCheckpoint`, from `noteText`. */
export function checkpointOfText(text: string): SignedCheckpoint {
  const note = noteOfText(text)
  return { checkpoint: parseCheckpoint(note.text), note }
}

/** The same note with further signatures at its end; exact repetitions are left out. Throws `ledger/note-malformed`. */
export function addSignatures(bytes: Uint8Array, signatures: readonly NoteSignature[]): Uint8Array<ArrayBuffer> {
  const note = parseNote(bytes)
  const lines = new Map<string, NoteSignature>()
  for (const signature of [...note.signatures, ...signatures]) {
    const name = `${signature.name} ${signature.keyId} ${toBase64(signature.signature)}`
    if (!lines.has(name)) lines.set(name, signature)
  }
  return printNote({ text: note.text, signatures: [...lines.values()] })
}
