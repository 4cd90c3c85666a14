import { type Crypto, type Realm, type Signed, fromBase64Url, signingBytes, toHex } from '@entente/canonical'
import { ExchangeError, reading } from './errors.ts'
import { type KeyStatement, keyStatementId } from './key-statement.ts'
import { PAIRING_WORDS } from './pairing-list.ts'

/** One nation's part in a pairing: its key statement, and 32 fresh bytes of chance (URL-safe base64). */
export interface PairingSide {
  readonly statement: Signed<KeyStatement>
  readonly nonce: string
}

/** How many words are read aloud: 48 bits, of which an attacker has one guess a ceremony (spec/pairing.md 3). */
export const PAIRING_WORD_COUNT = 6

/**
 * What the side that speaks first sends before it has seen the other's nonce: SHA-256 over its statement and nonce.
 * Without it, whoever sits between could try nonces and keys until both ends show the same words.
 */
export function pairingCommitment(crypto: Crypto, side: PairingSide, realm: Realm): string {
  return toHex(crypto.sha256(signingBytes({ realm, type: 'pairing-commitment', version: 1 }, sideBody(crypto, side, realm))))
}

/** Checks a side that was shown against the commitment sent before; throws `exchange/pairing-commitment`. */
export function checkPairingCommitment(crypto: Crypto, side: PairingSide, realm: Realm, commitment: string): void {
  if (pairingCommitment(crypto, side, realm) !== commitment) {
    throw new ExchangeError('exchange/pairing-commitment', 'the other side did not show what it had promised', {
      values: { nation: side.statement.body.nation },
    })
  }
}

/**
 * Six words that two people read to each other over a channel that they trust (a telephone, a table): the same on both
 * sides exactly if both hold the same two key statements and nonces. The order of the sides does not matter.
 * Throws `exchange/wrong-realm`, `exchange/pairing-same-nation`, `exchange/malformed` (a nonce that is not 32 bytes).
 */
export function pairingWords(crypto: Crypto, a: PairingSide, b: PairingSide, realm: Realm): readonly string[] {
  const nations = [a.statement.body.nation, b.statement.body.nation]
  if (nations[0] === nations[1]) {
    throw new ExchangeError('exchange/pairing-same-nation', 'a nation does not pair with itself', { values: { nation: nations[0] ?? '' } })
  }
  const sides = [sideBody(crypto, a, realm), sideBody(crypto, b, realm)].sort((left, right) => (left.nation < right.nation ? -1 : 1))
  const digest = crypto.sha256(signingBytes({ realm, type: 'pairing', version: 1 }, sides))
  return Array.from(digest.subarray(0, PAIRING_WORD_COUNT), wordOf)
}

/** The word of a byte, 0 to 255. */
function wordOf(byte: number): string {
  const word = PAIRING_WORDS[byte]
  if (word === undefined) throw new RangeError('a byte has 256 values')
  return word
}

function sideBody(
  crypto: Crypto,
  side: PairingSide,
  realm: Realm,
): { authority: string; nation: string; statement: string; nonce: string } {
  const { body, signatures } = side.statement
  if (body.realm !== realm)
    throw new ExchangeError('exchange/wrong-realm', 'a key statement of another realm', { values: { realm: body.realm } })
  // A statement's id leaves its signatures out: without the signer's key id a stranger's authority key over the same
  // statement would show the same words, and could sign the next statement alone.
  const [signature, second] = signatures
  if (signature === undefined || second !== undefined) {
    throw new ExchangeError('exchange/malformed', 'a key statement has the signature of one authority', {
      values: { what: 'key statement', why: 'signatures' },
    })
  }
  const nonce = reading('pairing nonce', () => fromBase64Url(side.nonce))
  if (nonce.length !== 32) {
    throw new ExchangeError('exchange/malformed', 'a pairing nonce has 32 bytes', { values: { what: 'pairing nonce', why: 'length' } })
  }
  return { authority: signature.keyId, nation: body.nation, statement: keyStatementId(crypto, body), nonce: side.nonce }
}
