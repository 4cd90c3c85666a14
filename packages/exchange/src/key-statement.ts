import {
  type Crypto,
  type Domain,
  type HybridPublicKey,
  type HybridSigner,
  type Json,
  type Realm,
  type Shape,
  type Signed,
  CanonicalError,
  hybridPublicKeyShape,
  idOf,
  readDocument,
  readShape,
  shapes,
  signDocument,
  signedShape,
  verifyDocument,
} from '@entente/canonical'
import * as v from 'valibot'
import { ExchangeError, reading } from './errors.ts'
import { wire } from './wire.ts'

/** The two keys of a log: the verifier key texts of a signed note. The name inside each is the log's origin. */
export interface LogKey {
  readonly origin: string
  readonly ed25519: string
  readonly mldsa44: string
}

/** A witness of this nation and its verifier key texts. */
export interface WitnessKey {
  readonly name: string
  readonly vkeys: readonly string[]
}

/** What an officer's device key may sign, and until when. The officer is a role id, never a name. */
export interface OfficerDelegation {
  readonly officer: string
  readonly nation: string
  readonly key: HybridPublicKey
  /** Code of the highest classification of the nation's policy. */
  readonly ceiling: string
  /** Codes of areas, sorted, each with all below it. */
  readonly areas: readonly string[]
  /** Seconds since 1970-01-01T00:00:00Z; the key signs nothing from then on. */
  readonly until: number
  /** Code of an office of the nation's policy: in whose name the officer releases, where an agreement delegates to offices. */
  readonly office?: string
}

/** Whose device key may propose, comment and initial agreements, and until when. The officer is a role id, never a name. */
export interface Negotiator {
  readonly officer: string
  readonly key: HybridPublicKey
  readonly until: number
}

/** Every key of a nation's processes, signed by the authority key that the agreement pins (spec/exchange.md 1). */
export interface KeyStatement {
  readonly nation: string
  readonly realm: Realm
  /** From 1; a higher number replaces a lower one, whole. */
  readonly number: number
  readonly at: number
  readonly names: { readonly node: string; readonly kas: string; readonly office: string }
  readonly keys: {
    /** SHA-256 of the DER of the TLS anchor certificate. */
    readonly tls: string
    readonly envelope: HybridPublicKey
    readonly logs: readonly LogKey[]
    readonly witness: readonly WitnessKey[]
    readonly kas: { readonly kid: string; readonly kem: string }
    readonly issuer: { readonly kid: string; readonly jwk: { readonly kty: 'OKP'; readonly crv: 'Ed25519'; readonly x: string } }
    readonly status: HybridPublicKey
  }
  readonly delegations: readonly OfficerDelegation[]
  /** Sorted by officer; absent: nobody. */
  readonly negotiators?: readonly Negotiator[]
}

/** The largest key statement that is read: 256 KiB, some sixty officers. */
export const MAX_KEY_STATEMENT_BYTES = 262_144

const originShape = v.pipe(v.string(), v.maxLength(255), v.regex(/^[a-z0-9][a-z0-9./-]*$/u))
const vkeyShape = v.pipe(v.string(), v.maxLength(2_400), v.regex(/^[a-z0-9][a-z0-9./-]*\+[0-9a-f]{8}\+[A-Za-z0-9+/]+={0,2}$/u))

const logKeyShape = v.pipe(
  v.strictObject({ origin: originShape, ed25519: vkeyShape, mldsa44: vkeyShape }),
  v.check((log) => [log.ed25519, log.mldsa44].every((vkey) => vkey.startsWith(`${log.origin}+`)), 'a key of another origin'),
)

const witnessKeyShape = v.pipe(
  v.strictObject({ name: originShape, vkeys: v.pipe(v.array(vkeyShape), v.minLength(1), v.maxLength(4)) }),
  v.check((witness) => witness.vkeys.every((vkey) => vkey.startsWith(`${witness.name}+`)), 'a key of another witness'),
)

const delegationShape = v.strictObject({
  officer: wire.code,
  nation: shapes.nation,
  key: hybridPublicKeyShape,
  ceiling: wire.code,
  areas: v.pipe(
    v.array(wire.code),
    v.minLength(1),
    v.maxLength(256),
    v.check((areas) => isSortedSet(areas), 'a sorted set'),
  ),
  until: shapes.instant,
  office: v.exactOptional(wire.code),
})

const keyStatementShape: Shape<KeyStatement> = v.pipe(
  v.strictObject({
    nation: shapes.nation,
    realm: shapes.realm,
    number: wire.positive,
    at: shapes.instant,
    names: v.strictObject({ node: wire.name, kas: wire.name, office: wire.name }),
    keys: v.strictObject({
      tls: shapes.sha256,
      envelope: hybridPublicKeyShape,
      logs: v.pipe(
        v.array(logKeyShape),
        v.minLength(1),
        v.maxLength(64),
        v.check((logs) => isSortedSet(logs.map((log) => log.origin)), 'sorted logs'),
      ),
      witness: v.pipe(
        v.array(witnessKeyShape),
        v.minLength(1),
        v.maxLength(8),
        v.check((all) => isSortedSet(all.map((one) => one.name)), 'sorted witnesses'),
      ),
      kas: v.strictObject({ kid: wire.code, kem: wire.kemPublicKey }),
      issuer: v.strictObject({
        kid: wire.code,
        jwk: v.strictObject({ kty: v.literal('OKP'), crv: v.literal('Ed25519'), x: wire.thirtyTwoBytes }),
      }),
      status: hybridPublicKeyShape,
    }),
    delegations: v.pipe(
      v.array(delegationShape),
      v.maxLength(64),
      v.check((all) => isSortedSet(all.map((one) => one.officer)), 'sorted officers'),
    ),
    negotiators: v.exactOptional(
      v.pipe(
        v.array(v.strictObject({ officer: wire.code, key: hybridPublicKeyShape, until: shapes.instant })),
        v.minLength(1),
        v.maxLength(16),
        v.check((all) => isSortedSet(all.map((one) => one.officer)), 'sorted negotiators'),
      ),
    ),
  }),
  v.check((statement) => statement.delegations.every((one) => one.nation === statement.nation), 'officers of this nation'),
)

function isSortedSet(values: readonly string[]): boolean {
  return values.every((value, at) => at === 0 || (values[at - 1] ?? '') < value)
}

/** The domain tag of a key statement. */
export function keyStatementDomain(realm: Realm): Domain {
  return { realm, type: 'key-statement', version: 1 }
}

/** The id of a key statement: SHA-256 of what its authority signs. */
export function keyStatementId(crypto: Crypto, body: KeyStatement): string {
  return idOf(crypto, keyStatementDomain(body.realm), body as unknown as Json)
}

/** Reads a signed key statement; proves nothing yet. Throws `exchange/malformed`, `exchange/too-large`. */
export function readKeyStatement(bytes: Uint8Array): Signed<KeyStatement> {
  return reading('key statement', () => readDocument(signedShape(keyStatementShape), bytes, 'key statement', MAX_KEY_STATEMENT_BYTES))
}

/** Signs a key statement with the authority key. Throws `exchange/malformed` for a body that no one would read. */
export async function signKeyStatement(crypto: Crypto, body: KeyStatement, authority: HybridSigner): Promise<Signed<KeyStatement>> {
  const own = reading('key statement', () => readShape(keyStatementShape, body, 'key statement'))
  return signDocument(crypto, keyStatementDomain(own.realm), own, authority)
}

/**
 * Checks that the authority that the agreement pins signed this statement, of this nation and realm.
 * Throws `exchange/wrong-realm`, `exchange/key-statement-nation`, `exchange/key-statement-signature`.
 */
export async function verifyKeyStatement(
  crypto: Crypto,
  signed: Signed<KeyStatement>,
  expected: { readonly realm: Realm; readonly nation: string; readonly authorityKey: HybridPublicKey },
): Promise<KeyStatement> {
  const { body } = signed
  if (body.realm !== expected.realm)
    throw new ExchangeError('exchange/wrong-realm', 'a key statement of another realm', { values: { realm: body.realm } })
  if (body.nation !== expected.nation) {
    throw new ExchangeError('exchange/key-statement-nation', 'a key statement of another nation', { values: { nation: body.nation } })
  }
  try {
    return await verifyDocument(crypto, keyStatementDomain(expected.realm), signed, expected.authorityKey)
  } catch (cause) {
    if (!(cause instanceof CanonicalError)) throw cause
    throw new ExchangeError('exchange/key-statement-signature', 'the authority did not sign this key statement', {
      values: { nation: body.nation },
      cause,
    })
  }
}

/**
 * Whether a verified statement follows the one that is held: `newer` replaces it, `same` is the one that is held.
 * Throws `exchange/key-statement-number` (lower, or equal with other content) and `exchange/key-statement-time`
 * (a higher number with an earlier time).
 */
export function followKeyStatement(crypto: Crypto, held: KeyStatement | undefined, next: KeyStatement): 'newer' | 'same' {
  if (held === undefined) return 'newer'
  if (held.nation !== next.nation)
    throw new ExchangeError('exchange/key-statement-nation', 'a key statement of another nation', { values: { nation: next.nation } })
  if (held.realm !== next.realm)
    throw new ExchangeError('exchange/wrong-realm', 'a key statement of another realm', { values: { realm: next.realm } })
  if (next.number === held.number && keyStatementId(crypto, held) === keyStatementId(crypto, next)) return 'same'
  const values = { nation: next.nation, number: next.number, held: held.number }
  if (next.number <= held.number)
    throw new ExchangeError('exchange/key-statement-number', 'a key statement with a spent number', { values })
  if (next.at < held.at) throw new ExchangeError('exchange/key-statement-time', 'a later key statement with an earlier time', { values })
  return 'newer'
}

/** The keys of a log by its origin; throws `exchange/key-unknown`. */
export function logKeyOf(statement: KeyStatement, origin: string): LogKey {
  const found = statement.keys.logs.find((log) => log.origin === origin)
  if (found === undefined)
    throw new ExchangeError('exchange/key-unknown', 'no such log in the key statement', {
      values: { nation: statement.nation, key: origin },
    })
  return found
}

/** The keys of a witness by its name; throws `exchange/key-unknown`. */
export function witnessKeyOf(statement: KeyStatement, name: string): WitnessKey {
  const found = statement.keys.witness.find((witness) => witness.name === name)
  if (found === undefined)
    throw new ExchangeError('exchange/key-unknown', 'no such witness in the key statement', {
      values: { nation: statement.nation, key: name },
    })
  return found
}

/** An officer's delegation that holds at a time (seconds); throws `exchange/key-unknown` for an unknown or lapsed one alike. */
export function officerAt(statement: KeyStatement, officer: string, at: number): OfficerDelegation {
  const found = statement.delegations.find((delegation) => delegation.officer === officer)
  if (found === undefined || at >= found.until) {
    throw new ExchangeError('exchange/key-unknown', 'no such officer in the key statement', {
      values: { nation: statement.nation, key: officer },
    })
  }
  return found
}
