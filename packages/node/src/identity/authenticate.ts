import { createHash } from 'node:crypto'
import type { IncomingHttpHeaders } from 'node:http'
import {
  calculateJwkThumbprint,
  createLocalJWKSet,
  EmbeddedJWK,
  errors,
  type JSONWebKeySet,
  type JWK,
  type JWTPayload,
  type JWTVerifyGetKey,
  jwtVerify,
} from 'jose'
import { Recent, foundOnce } from '@entente/canonical'
import { AuthError } from './errors.ts'
import type { FindPerson } from './people.ts'
import { ReplayWindow } from './replay.ts'

/** Who calls, established by a token of the own provider and a proof by the key to which it is bound. */
export type Caller = {
  /** Person id, unique within the nation. */
  readonly person: string
  readonly roles: readonly string[]
  /** OAuth client id. */
  readonly client: string
  /** RFC 7638 thumbprint of the client's DPoP key. */
  readonly thumbprint: string
}

/** The part of a request that authentication reads. `target` is path and query as received. */
export type Credentials = { readonly method: string; readonly target: string; readonly headers: IncomingHttpHeaders }

export type Authenticate = (request: Credentials) => Promise<Caller>

export type AuthenticatorOptions = {
  /** Public keys of the provider. Only these are believed: no key is ever fetched. */
  readonly keys: JSONWebKeySet
  readonly isIssuer: (issuer: string) => boolean
  /** The nation's stable node name, which every token must name as its audience. */
  readonly audience: string
  /** Where the node is reached now, scheme to port; proofs are compared with it and never with the Host header. */
  readonly baseUrl: () => string
  readonly person: FindPerson
  /** Seconds since 1970. */
  readonly now: () => number
}

/** How old a proof may be, and how far ahead its maker's clock, in seconds. */
export const PROOF_AGE_SECONDS = 60
export const PROOF_AHEAD_SECONDS = 10
export const PROOF_ALGORITHMS: readonly string[] = ['ES256', 'Ed25519', 'EdDSA']
export const TOKEN_ALGORITHM = 'EdDSA'

/** Tokens whose signature held, and keys of clients that were imported, are kept by their exact text: so many of each, or twice as many. */
const KEPT = 256

/** What a token says whose signature, type and audience hold. Whether it has expired, and who the person is now, is asked each time. */
type Bound = {
  readonly person: string
  readonly client: string
  readonly thumbprint: string
  readonly issuer: string
  readonly expires: number
}

/** A client's key as its proofs carry it. */
type ProofKey = { readonly key: Awaited<ReturnType<typeof EmbeddedJWK>>; readonly thumbprint: string }

/**
 * Makes the check that every request of a person passes: RFC 9068 access token, RFC 9449 proof of possession.
 * The check throws `AuthError`: `auth/credential-missing` (no Authorization), `auth/scheme` (not `DPoP`),
 * `auth/token-not-valid` (signature, issuer, audience, type or members), `auth/token-expired`, `auth/person-unknown`,
 * `auth/proof-missing`, `auth/proof-not-valid` (form, signature, method, address or token hash), `auth/proof-stale`,
 * `auth/proof-other-key` (not the key to which the token is bound), `auth/proof-replayed`.
 */
export function createAuthenticator(options: AuthenticatorOptions): Authenticate {
  const keys = createLocalJWKSet(options.keys)
  const seen = new ReplayWindow(PROOF_AGE_SECONDS + PROOF_AHEAD_SECONDS)
  const tokens = new Recent<Promise<Bound>>(KEPT)
  const proofKeys = new Recent<Promise<ProofKey>>(KEPT)

  return async ({ method, target, headers }) => {
    const token = readToken(headers)
    if (headers['dpop'] === undefined) throw new AuthError('auth/proof-missing', 'no proof of possession')
    const now = options.now()
    const bound = await foundOnce(tokens, token, () => verifyToken(token, now))
    if (!options.isIssuer(bound.issuer)) throw new AuthError('auth/token-not-valid', 'the token is not one of ours')
    if (bound.expires <= now) throw new AuthError('auth/token-expired', 'the token has expired')
    const proof = await verifyProof(String(headers['dpop']), method, target, token, now)
    if (proof.thumbprint !== bound.thumbprint) throw new AuthError('auth/proof-other-key', 'the token is bound to another key')
    const person = options.person(bound.person)
    if (person === undefined) throw new AuthError('auth/person-unknown', 'the token names nobody known')
    // INVARIANT: a proof is remembered only after everything else holds, so that strangers cannot fill the memory.
    if (!seen.admit(`${proof.thumbprint} ${proof.id}`, now)) throw new AuthError('auth/proof-replayed', 'the proof was used before')
    return { person: person.id, roles: person.roles, client: bound.client, thumbprint: bound.thumbprint }
  }

  async function verifyToken(token: string, now: number): Promise<Bound> {
    let payload: JWTPayload
    try {
      payload = (
        await jwtVerify(token, keys, {
          algorithms: [TOKEN_ALGORITHM],
          typ: 'at+jwt',
          audience: options.audience,
          requiredClaims: ['iss', 'sub', 'exp', 'client_id', 'cnf'],
          currentDate: new Date(now * 1000),
        })
      ).payload
    } catch (cause) {
      if (cause instanceof errors.JWTExpired) throw new AuthError('auth/token-expired', 'the token has expired', { cause })
      throw new AuthError('auth/token-not-valid', 'the token does not hold', { cause })
    }
    const { iss: issuer, sub: person, client_id: client, exp: expires, cnf } = payload
    const thumbprint = typeof cnf === 'object' && cnf !== null && 'jkt' in cnf ? cnf.jkt : undefined
    if (
      typeof issuer !== 'string' ||
      typeof person !== 'string' ||
      typeof client !== 'string' ||
      typeof thumbprint !== 'string' ||
      typeof expires !== 'number'
    ) {
      throw new AuthError('auth/token-not-valid', 'the token is not one of ours')
    }
    return { person, client, thumbprint, issuer, expires }
  }

  async function verifyProof(
    proof: string,
    method: string,
    target: string,
    token: string,
    now: number,
  ): Promise<{ thumbprint: string; id: string }> {
    const { payload, thumbprint } = await readProof(proof, now)
    const { htm, htu, ath, iat, jti } = payload
    const about = { htm: method, htu: bareAddress(target, options.baseUrl()), ath: createHash('sha256').update(token).digest('base64url') }
    if (typeof jti !== 'string' || jti === '' || jti.length > 256 || typeof iat !== 'number') {
      throw new AuthError('auth/proof-not-valid', 'the proof lacks an id or a time', { values: { member: 'jti' } })
    }
    if (htm !== about.htm) throw new AuthError('auth/proof-not-valid', 'the proof is for another method', { values: { member: 'htm' } })
    if (typeof htu !== 'string' || about.htu === undefined || bareAddress(htu) !== about.htu) {
      throw new AuthError('auth/proof-not-valid', 'the proof is for another address', { values: { member: 'htu' } })
    }
    if (ath !== about.ath) throw new AuthError('auth/proof-not-valid', 'the proof is for another token', { values: { member: 'ath' } })
    if (iat < now - PROOF_AGE_SECONDS || iat > now + PROOF_AHEAD_SECONDS) {
      throw new AuthError('auth/proof-stale', 'the proof is too old or from the future', { values: { seconds: PROOF_AGE_SECONDS } })
    }
    return { thumbprint, id: jti }
  }

  async function readProof(proof: string, now: number): Promise<{ payload: JWTPayload; thumbprint: string }> {
    let thumbprint: string | undefined
    const keyOf: JWTVerifyGetKey = async (header, jws) => {
      const known = await foundOnce(proofKeys, `${header.alg} ${JSON.stringify(header.jwk)}`, async () => {
        const key = await EmbeddedJWK(header, jws)
        return { key, thumbprint: await calculateJwkThumbprint(header.jwk as JWK) }
      })
      thumbprint = known.thumbprint
      return known.key
    }
    try {
      const { payload } = await jwtVerify(proof, keyOf, {
        algorithms: [...PROOF_ALGORITHMS],
        typ: 'dpop+jwt',
        currentDate: new Date(now * 1000),
      })
      if (thumbprint === undefined) throw new TypeError('no key in the proof')
      return { payload, thumbprint }
    } catch (cause) {
      throw new AuthError('auth/proof-not-valid', 'the proof does not hold', { values: { member: 'signature' }, cause })
    }
  }
}

function readToken(headers: IncomingHttpHeaders): string {
  const { authorization } = headers
  if (authorization === undefined) throw new AuthError('auth/credential-missing', 'no credential')
  const match = /^DPoP ([\w.-]{1,8192})$/iu.exec(authorization)
  if (match?.[1] === undefined) throw new AuthError('auth/scheme', 'the credential is not a token of the scheme `DPoP`')
  return match[1]
}

/** An address without query and fragment, in its normal form (RFC 9449 section 4.3, point 9); undefined when it is none. */
function bareAddress(address: string, base?: string): string | undefined {
  const url = URL.parse(address, base)
  if (url === null) return undefined
  url.search = ''
  url.hash = ''
  return url.href
}
