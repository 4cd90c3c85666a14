import { concatBytes, fromHex, toBase64, toHex, utf8 } from '@entente/canonical'
import { LedgerError } from './errors.ts'
import { base64Of, hasControl, plainText } from './lines.ts'

/** Largest note that is read: room for `MAX_SIGNATURES` of ML-DSA-44 and more. */
export const MAX_NOTE_BYTES = 1_000_000
/** Most signatures of a note; verifiers must accept at least 16 (signed-note). */
export const MAX_SIGNATURES = 128

/** One signature line. `name` and `keyId` say which key to try, no more. */
export interface NoteSignature {
  readonly name: string
  /** Four bytes as eight lower-case hexadecimal digits. */
  readonly keyId: string
  /** What follows the key id: the signature, after a timestamp where the key's type has one. */
  readonly signature: Uint8Array
}

/** Text and the signatures under it (C2SP signed-note). Nothing in it is verified. */
export interface Note {
  /** With its final newline. */
  readonly text: string
  readonly signatures: readonly NoteSignature[]
}

/** Unicode's `White_Space`, written out: as a property it is many times slower. Controls among them are refused anyway. */
const WHITE_SPACE = /[\u0009-\u000d\u0020\u0085\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]/

/** Whether a text may be a key's name: not empty, no Unicode space, no `+`, no control character, well-formed. */
export function isKeyName(name: string): boolean {
  return name !== '' && name.isWellFormed() && !name.includes('+') && !WHITE_SPACE.test(name) && !hasControl(name)
}

/**
 * Reads a note strictly: UTF-8, no control characters, the text up to the **last** blank line, then one to
 * `MAX_SIGNATURES` signature lines. Throws `ledger/note-malformed` or `ledger/note-too-large`.
 */
export function parseNote(bytes: Uint8Array): Note {
  return noteOfText(noteText(bytes))
}

/** The text of a note's bytes; nothing is parsed yet. Throws `ledger/note-too-large`, and `ledger/note-malformed` for what is no plain text. */
export function noteText(bytes: Uint8Array): string {
  assertNoteSize(bytes.length)
  return plainText(bytes, 'ledger/note-malformed')
}

/** Throws `ledger/note-too-large`. */
export function assertNoteSize(length: number): void {
  if (length > MAX_NOTE_BYTES) {
    throw new LedgerError('ledger/note-too-large', `a note has at most ${MAX_NOTE_BYTES} bytes`, { values: { limit: MAX_NOTE_BYTES } })
  }
}

/** As `parseNote`, from `noteText`. */
export function noteOfText(whole: string): Note {
  const blank = whole.lastIndexOf('\n\n')
  if (blank === -1) throw new LedgerError('ledger/note-malformed', 'a note has a blank line before its signatures')
  return { text: whole.slice(0, blank + 1), signatures: parsePlainLines(whole.slice(blank + 2)) }
}

/** The bytes of a note. Throws `ledger/note-malformed` for what `parseNote` would not read back as the same note. */
export function printNote(note: Note): Uint8Array<ArrayBuffer> {
  if (!note.text.endsWith('\n') || !note.text.isWellFormed() || hasControl(note.text)) {
    throw new LedgerError('ledger/note-malformed', 'the text of a note is well-formed, plain and ends in a newline')
  }
  if (note.signatures.length === 0 || note.signatures.length > MAX_SIGNATURES) {
    throw new LedgerError('ledger/note-malformed', `a note has 1 to ${MAX_SIGNATURES} signatures`)
  }
  return utf8(`${note.text}\n${printSignatureLines(note.signatures)}`)
}

/** One or more signature lines, as a witness answers them. Throws `ledger/note-malformed`. */
export function parseSignatureLines(text: string): readonly NoteSignature[] {
  if (hasControl(text)) throw new LedgerError('ledger/note-malformed', 'control character in signature lines')
  return parsePlainLines(text)
}

function parsePlainLines(text: string): readonly NoteSignature[] {
  if (!text.endsWith('\n')) throw new LedgerError('ledger/note-malformed', 'signature lines end in a newline')
  const lines = text.slice(0, -1).split('\n')
  if (lines.length > MAX_SIGNATURES) throw new LedgerError('ledger/note-malformed', `a note has at most ${MAX_SIGNATURES} signatures`)
  return lines.map(parseSignatureLine)
}

function parseSignatureLine(line: string): NoteSignature {
  const [dash, name, encoded, ...more] = line.split(' ')
  if (dash !== '\u2014' || name === undefined || encoded === undefined || more.length > 0 || !isKeyName(name)) {
    throw new LedgerError('ledger/note-malformed', 'not a signature line')
  }
  const bytes = base64Of(encoded, 'ledger/note-malformed')
  if (bytes.length < 5) throw new LedgerError('ledger/note-malformed', 'a signature is missing after its key id')
  return { name, keyId: toHex(bytes.subarray(0, 4)), signature: bytes.subarray(4) }
}

/** The lines of signatures, each with its newline. Throws `ledger/note-malformed` for a name that cannot stand there. */
export function printSignatureLines(signatures: readonly NoteSignature[]): string {
  return signatures.map(printSignatureLine).join('')
}

function printSignatureLine({ name, keyId, signature }: NoteSignature): string {
  if (!isKeyName(name) || !/^[0-9a-f]{8}$/u.test(keyId) || signature.length === 0) {
    throw new LedgerError('ledger/note-malformed', 'not a signature')
  }
  return `\u2014 ${name} ${toBase64(concatBytes(fromHex(keyId), signature))}\n`
}
