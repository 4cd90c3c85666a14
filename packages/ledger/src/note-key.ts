import { type Crypto, type SignatureAlgorithm, type Signer, concatBytes, toBase64, toHex, utf8 } from '@entente/canonical'
import { LedgerError } from './errors.ts'
import { base64Of } from './lines.ts'
import { isKeyName } from './note.ts'

/**
 * What a key signs, and how (signed-note, tlog-cosignature): the note's text as it is (`ed25519`, a log's), text with a
 * time (`ed25519-cosignature`, a witness's), or the tree head with a time (`mldsa44`, both).
 */
export type NoteKeyType = 'ed25519' | 'ed25519-cosignature' | 'mldsa44'

interface TypeFacts {
  readonly byte: number
  readonly algorithm: SignatureAlgorithm
  readonly publicKeyBytes: number
  readonly signatureBytes: number
  /** Whether eight bytes of time stand before the signature. */
  readonly timed: boolean
}

/** The facts of each type: its byte in a vkey, and lengths in bytes. */
export const NOTE_KEY_TYPES: Readonly<Record<NoteKeyType, TypeFacts>> = {
  ed25519: { byte: 0x01, algorithm: 'Ed25519', publicKeyBytes: 32, signatureBytes: 64, timed: false },
  'ed25519-cosignature': { byte: 0x04, algorithm: 'Ed25519', publicKeyBytes: 32, signatureBytes: 64, timed: true },
  mldsa44: { byte: 0x06, algorithm: 'ML-DSA-44', publicKeyBytes: 1_312, signatureBytes: 2_420, timed: true },
}

/** A public key that verifies signature lines. */
export interface NoteKey {
  readonly name: string
  readonly type: NoteKeyType
  /** Eight lower-case hexadecimal digits. */
  readonly id: string
  readonly publicKey: Uint8Array
}

/** A private key that makes signature lines, in the hands of its owner. */
export interface NoteSigner {
  readonly key: NoteKey
  readonly signer: Signer
}

/** A key of its parts. Throws `ledger/key-malformed` for a name or length that cannot be. */
export function noteKey(crypto: Crypto, name: string, type: NoteKeyType, publicKey: Uint8Array): NoteKey {
  const facts = NOTE_KEY_TYPES[type]
  const nameBytes = utf8(name)
  // `cosigner_name<1..255>` of the ML-DSA-44 message bounds the name; the same bound everywhere lets one name serve all keys.
  if (!isKeyName(name) || nameBytes.length > 255) throw new LedgerError('ledger/key-malformed', 'not a key name')
  if (publicKey.length !== facts.publicKeyBytes)
    throw new LedgerError('ledger/key-malformed', `a key of type ${type} has ${facts.publicKeyBytes} bytes`)
  const id = toHex(crypto.sha256(concatBytes(nameBytes, new Uint8Array([0x0a, facts.byte]), publicKey)).subarray(0, 4))
  return { name, type, id, publicKey }
}

/** A signer of its parts. Throws `ledger/key-malformed` where the algorithm is not the type's. */
export function noteSigner(crypto: Crypto, name: string, type: NoteKeyType, signer: Signer): NoteSigner {
  if (signer.algorithm !== NOTE_KEY_TYPES[type].algorithm)
    throw new LedgerError('ledger/key-malformed', `a ${signer.algorithm} key cannot sign as ${type}`)
  return { key: noteKey(crypto, name, type, signer.publicKey), signer }
}

/**
 * Reads a vkey, `<name>+<id>+<base64 of type and key>`, and recomputes its id.
 * Throws `ledger/key-malformed`, or `ledger/key-type` for a type other than 0x01, 0x04, 0x06.
 */
export function parseVkey(crypto: Crypto, text: string): NoteKey {
  const [, name, id, encoded] = /^([^+]+)\+([0-9a-f]{8})\+([A-Za-z0-9+/=]+)$/u.exec(text) ?? []
  if (name === undefined || id === undefined || encoded === undefined) throw new LedgerError('ledger/key-malformed', 'not a vkey')
  const bytes = base64Of(encoded, 'ledger/key-malformed')
  const type = typeOfByte(bytes[0])
  const key = noteKey(crypto, name, type, bytes.subarray(1))
  if (key.id !== id) throw new LedgerError('ledger/key-malformed', 'the id of a vkey is not that of its key')
  return key
}

const ALL_TYPES: readonly NoteKeyType[] = ['ed25519', 'ed25519-cosignature', 'mldsa44']

function typeOfByte(byte: number | undefined): NoteKeyType {
  const type = ALL_TYPES.find((candidate) => NOTE_KEY_TYPES[candidate].byte === byte)
  if (type === undefined) throw new LedgerError('ledger/key-type', 'a vkey of an unknown type', { values: { type: byte ?? -1 } })
  return type
}

/** The vkey of a key. */
export function printVkey(key: NoteKey): string {
  return `${key.name}+${key.id}+${toBase64(concatBytes(new Uint8Array([NOTE_KEY_TYPES[key.type].byte]), key.publicKey))}`
}
