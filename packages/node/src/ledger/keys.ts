import { type Crypto, type Realm, fromBase64Url, utf8 } from '@entente/canonical'
import type { KeyStatement, LogKey, WitnessKey } from '@entente/exchange'
import { type NoteSigner, noteSigner, printVkey } from '@entente/ledger'

export { logNoteKeys, logPolicy } from '@entente/exchange'

/** The two signers of one log: from one master seed, a pair of its own for each origin. */
export async function logSigners(crypto: Crypto, master: string, origin: string): Promise<readonly NoteSigner[]> {
  return [
    noteSigner(crypto, origin, 'ed25519', await crypto.signer('Ed25519', derived(crypto, master, `log-ed25519\n${origin}`))),
    noteSigner(crypto, origin, 'mldsa44', await crypto.signer('ML-DSA-44', derived(crypto, master, `log-mldsa44\n${origin}`))),
  ]
}

/** The two signers of a witness. */
export async function witnessSigners(crypto: Crypto, master: string, name: string): Promise<readonly NoteSigner[]> {
  return [
    noteSigner(crypto, name, 'ed25519-cosignature', await crypto.signer('Ed25519', derived(crypto, master, `witness-ed25519\n${name}`))),
    noteSigner(crypto, name, 'mldsa44', await crypto.signer('ML-DSA-44', derived(crypto, master, `witness-mldsa44\n${name}`))),
  ]
}

function derived(crypto: Crypto, master: string, use: string): Uint8Array {
  return crypto.hkdfSha256(fromBase64Url(master), utf8('entente/log-keys/v1'), utf8(use), 32)
}

/** A log's line of a key statement. */
export function logKeyLine(origin: string, signers: readonly NoteSigner[]): LogKey {
  const [ed25519, mldsa44] = signers
  if (ed25519 === undefined || mldsa44 === undefined) throw new TypeError('a log has two keys')
  return { origin, ed25519: printVkey(ed25519.key), mldsa44: printVkey(mldsa44.key) }
}

/** A witness's line of a key statement. */
export function witnessKeyLine(name: string, signers: readonly NoteSigner[]): WitnessKey {
  return { name, vkeys: signers.map(({ key }) => printVkey(key)) }
}

/** Realm and nation of an origin must be the statement's own; a statement cannot name a log of somebody else's. */
export function originsOf(statement: KeyStatement, realm: Realm): readonly string[] {
  return statement.keys.logs.map(({ origin }) => origin).filter((origin) => origin.split('/')[1] === realm)
}
