import { type Crypto, type Realm, type Signer, readShape, shapes, toBase64Url } from '@entente/canonical'
import * as v from 'valibot'
import {
  type CredentialPayload,
  MAX_CREDENTIAL_SECONDS,
  MAX_DISCLOSURES,
  credentialIdShape,
  credentialPayloadShape,
  credentialType,
  holderJwk,
  pseudonymShape,
} from './credential-shape.ts'
import { type Disclosure, HIDDEN_CLAIMS, MAX_CODE_CHARACTERS, decoyDigest, makeDisclosure } from './disclosure.ts'
import { reading, refusal } from './errors.ts'
import { CREDENTIAL_TYPE, signJws } from './jws.ts'

/** What the clearance office says of one person's device, towards one originator, for a few hours. */
export interface CredentialContent {
  /** Stable name of the office, for instance `https://office.aaa.entente.example`. */
  readonly issuer: string
  /** Which of the issuer's keys signs, as the nation's key statement names it. */
  readonly kid: string
  readonly realm: Realm
  /** Code of the agreement under which it may be used. */
  readonly agreement: string
  /** Nation of the only originator that may accept it. */
  readonly originator: string
  /** Raw Ed25519 public key of the device. */
  readonly holderKey: Uint8Array
  /** `pseudonym(…)` for this originator. */
  readonly pseudonym: string
  /** Code of the home scheme. */
  readonly clearance: string
  readonly citizenships: readonly string[]
  readonly areas: readonly string[]
  /** `tag/value`. */
  readonly briefings: readonly string[]
  /** Codes of the home nation's own, where it attests them. */
  readonly organisation?: string
  readonly post?: string
  readonly facility?: string
  /** An office issues nothing to a suspended person; the claim is there so that a later rule may not mistake absence. */
  readonly suspended: false
  /** Seconds since 1970. */
  readonly notBefore: number
  /** At most 8 hours after `notBefore`. */
  readonly expires: number
  /** `newCredentialId`: never used twice, never the same towards two originators. */
  readonly credentialId: string
}

/** The hidden claims are filled up with decoys to as many as there can be, so that their number says nothing. */
const CLAIM_DIGESTS = HIDDEN_CLAIMS.length
/** Lists are filled up with decoys to a multiple of this, so that their length says little. */
const LIST_STEP = 8

const code = v.pipe(v.string(), v.minLength(1), v.maxLength(MAX_CODE_CHARACTERS))
const codes = v.pipe(v.array(code), v.maxLength(MAX_DISCLOSURES / 2 - 1))
const inputShape = v.object({
  issuer: shapes.shortText,
  kid: shapes.shortText,
  realm: shapes.realm,
  agreement: code,
  originator: shapes.nation,
  pseudonym: pseudonymShape,
  clearance: code,
  citizenships: v.pipe(v.array(shapes.nation), v.minLength(1), v.maxLength(16)),
  areas: codes,
  briefings: codes,
  organisation: v.exactOptional(code),
  post: v.exactOptional(code),
  facility: v.exactOptional(code),
  suspended: v.literal(false),
  notBefore: shapes.instant,
  expires: shapes.instant,
  credentialId: credentialIdShape,
})

/** A fresh credential id: 192 bits of chance, base64url. */
export function newCredentialId(crypto: Crypto): string {
  return toBase64Url(crypto.random(24))
}

/**
 * Issues a compact SD-JWT (RFC 9901) with the holder's key in `cnf` and all its disclosures: `jwt~d1~…~dn~`.
 * Throws `clearance/lifetime` for more than 8 hours or none, `clearance/input` for content that no verifier would take.
 */
export async function issueCredential(crypto: Crypto, signer: Signer, content: CredentialContent): Promise<string> {
  reading('clearance/input', 'credential content', () => readShape(inputShape, content, 'credential content'))
  checkLifetime(content.notBefore, content.expires)
  const claims = HIDDEN_CLAIMS.flatMap((name) => {
    const value = content[name]
    return value === undefined ? [] : [makeDisclosure(crypto, value, name)]
  })
  const digests = claims.map((claim) => claim.digest)
  while (digests.length < CLAIM_DIGESTS) digests.push(decoyDigest(crypto))
  const areas = hiddenList(crypto, content.areas)
  const briefings = hiddenList(crypto, content.briefings)
  const payload: CredentialPayload = {
    _sd: digests.sort(),
    _sd_alg: 'sha-256',
    iss: content.issuer,
    vct: credentialType(content.realm, content.agreement),
    realm: content.realm,
    aud_originator: content.originator,
    sub: content.pseudonym,
    cnf: { jwk: holderJwk(content.holderKey) },
    nbf: content.notBefore,
    exp: content.expires,
    status: { credential: content.credentialId },
    citizenships: [...new Set(content.citizenships)].sort(),
    suspended: content.suspended,
    areas: areas.elements,
    briefings: briefings.elements,
  }
  const jwt = await signJws(
    { typ: CREDENTIAL_TYPE, kid: content.kid },
    { ...readShape(credentialPayloadShape, payload, 'credential') },
    signer,
  )
  const disclosures = [...claims, ...areas.disclosures, ...briefings.disclosures]
  return `${[jwt, ...disclosures.map((disclosure) => disclosure.encoded)].join('~')}~`
}

/** Throws `clearance/lifetime` unless the credential lives at least a second and at most 8 hours. */
export function checkLifetime(notBefore: number, expires: number): void {
  const seconds = expires - notBefore
  if (seconds <= 0 || seconds > MAX_CREDENTIAL_SECONDS) {
    throw refusal('clearance/lifetime', 'a credential lives at most 8 hours', { seconds, limit: MAX_CREDENTIAL_SECONDS })
  }
}

function hiddenList(crypto: Crypto, values: readonly string[]): { elements: { '...': string }[]; disclosures: Disclosure[] } {
  const disclosures = [...new Set(values)].map((value) => makeDisclosure(crypto, value))
  const digests = disclosures.map((disclosure) => disclosure.digest)
  const length = Math.max(1, Math.ceil(digests.length / LIST_STEP)) * LIST_STEP
  while (digests.length < length) digests.push(decoyDigest(crypto))
  // Sorted by digest: the order of the elements tells nothing of the values, nor which are decoys.
  return { elements: digests.sort().map((digest) => ({ '...': digest })), disclosures }
}
