import type { Crypto, Realm, Signed } from '@entente/canonical'
import { type CredentialPayload, type KeyBindingPayload, credentialType, holderThumbprint } from './credential-shape.ts'
import { checkLifetime } from './credential.ts'
import { placeDisclosures } from './disclosure.ts'
import { refusal } from './errors.ts'
import { type PinnedIssuer, verifyIssuer } from './issuer.ts'
import { verifyJws } from './jws.ts'
import type { PersonFacts } from './model.ts'
import { type ParsedPresentation, parsePresentation } from './presentation.ts'
import { type StatusStaple, verifyStaple } from './status.ts'

/** What a presentation must be for; every member is required, since each one left out would let something through. */
export interface ExpectedPresentation {
  readonly realm: Realm
  /** Code of the agreement of the item's basis, from the verifier's own register. */
  readonly agreement: string
  /** The deciding originator's nation. */
  readonly originator: string
  /** Stable name of the deciding originator's node. */
  readonly audience: string
  /** The nonce that the verifier gave for this key. */
  readonly nonce: string
  readonly issuers: readonly PinnedIssuer[]
  /** The home nation's word on the credential, for the same nonce. */
  readonly staple: Signed<StatusStaple>
  /** Seconds since 1970. */
  readonly now: number
  /** 1 to 60. */
  readonly maxKeyBindingAgeSeconds: number
  /** 0 to 30: how far ahead of ours the other clock may be. Never lengthens a life. */
  readonly clockSkewSeconds: number
}

/** What is known after a presentation was verified. */
export interface VerifiedPresentation {
  /** Purpose is not among them: the home nation attests it in its grant, per opening. */
  readonly facts: PersonFacts
  /** RFC 7638, base64url. */
  readonly holderThumbprint: string
  /** Raw Ed25519 public key. */
  readonly holderKey: Uint8Array
  readonly credentialId: string
  /** Seconds since 1970. */
  readonly expires: number
  readonly requestBody?: string
  /** SHA-256 of the presentation, lower-case hexadecimal. */
  readonly requestHash: string
}

const LONGEST_BINDING_SECONDS = 60
const LARGEST_SKEW_SECONDS = 30

/**
 * Verifies a presentation, compact or just taken apart (RFC 9901 section 7.3, and the stricter rules of spec/clearance.md 5) and says what it proves.
 * There is no option that leaves a check out. Throws `ClearanceError` only; `attributable(code)` tells whether the holder
 * caused the refusal.
 */
export async function verifyPresentation(
  crypto: Crypto,
  presentation: string | ParsedPresentation,
  expected: ExpectedPresentation,
): Promise<VerifiedPresentation> {
  checkBounds(expected)
  const parsed = typeof presentation === 'string' ? parsePresentation(crypto, presentation) : presentation
  const { payload } = parsed.credential
  if (payload.realm !== expected.realm) throw refusal('clearance/wrong-realm', 'the credential is of another realm')
  const issuer = await verifyIssuer(crypto, parsed.credential, expected.issuers)
  await verifyHolder(crypto, parsed)
  checkScope(payload, expected)
  checkBinding(parsed.keyBinding.payload, expected)
  checkValidity(payload, expected)
  const facts = readFacts(parsed, issuer.nation)
  await verifyStaple(crypto, expected.staple, issuer.statusKey, {
    realm: expected.realm,
    nation: issuer.nation,
    credentialId: payload.status.credential,
    nonce: expected.nonce,
    now: expected.now,
    clockSkewSeconds: expected.clockSkewSeconds,
  })
  const { requestBody } = parsed.keyBinding.payload
  return {
    facts,
    holderThumbprint: holderThumbprint(crypto, parsed.holderKey),
    holderKey: parsed.holderKey,
    credentialId: payload.status.credential,
    expires: payload.exp,
    ...(requestBody === undefined ? {} : { requestBody }),
    requestHash: parsed.requestHash,
  }
}

function checkBounds(expected: ExpectedPresentation): void {
  const { maxKeyBindingAgeSeconds: age, clockSkewSeconds: skew, now } = expected
  if (!(Number.isSafeInteger(now) && now > 0)) throw refusal('clearance/input', 'no time to check against', { what: 'now' })
  if (!(Number.isSafeInteger(age) && age >= 1 && age <= LONGEST_BINDING_SECONDS)) {
    throw refusal('clearance/input', 'a key binding is good for 1 to 60 seconds', { what: 'maxKeyBindingAgeSeconds' })
  }
  if (!(Number.isSafeInteger(skew) && skew >= 0 && skew <= LARGEST_SKEW_SECONDS)) {
    throw refusal('clearance/input', 'clocks may differ by 0 to 30 seconds', { what: 'clockSkewSeconds' })
  }
  for (const what of ['agreement', 'originator', 'audience', 'nonce'] as const) {
    // An empty expectation would be met by an empty claim.
    if (expected[what] === '') throw refusal('clearance/input', `no ${what} to check against`, { what })
  }
}

async function verifyHolder(crypto: Crypto, parsed: ParsedPresentation): Promise<void> {
  await verifyJws(crypto, parsed.keyBinding, parsed.holderKey, 'clearance/stolen')
  if (parsed.keyBinding.payload.sd_hash !== parsed.sdHash) {
    throw refusal('clearance/other-disclosures', 'the key binding was made for other disclosures')
  }
}

function checkScope(payload: CredentialPayload, expected: ExpectedPresentation): void {
  if (payload.vct !== credentialType(expected.realm, expected.agreement)) {
    throw refusal('clearance/credential-type', 'not a clearance credential of this agreement', { agreement: expected.agreement })
  }
  if (payload.aud_originator !== expected.originator) {
    throw refusal('clearance/wrong-originator', 'the credential is for another originator', { originator: expected.originator })
  }
}

function checkBinding(binding: KeyBindingPayload, expected: ExpectedPresentation): void {
  if (binding.aud !== expected.audience) throw refusal('clearance/wrong-audience', 'the presentation is for another node')
  if (binding.nonce === undefined) throw refusal('clearance/nonce-missing', 'the key binding has no nonce')
  if (binding.nonce !== expected.nonce) throw refusal('clearance/wrong-nonce', 'the key binding answers another nonce')
  const ageSeconds = expected.now - binding.iat
  if (ageSeconds > expected.maxKeyBindingAgeSeconds) {
    throw refusal('clearance/stale', 'the key binding is too old', { ageSeconds, limit: expected.maxKeyBindingAgeSeconds })
  }
  if (ageSeconds < -expected.clockSkewSeconds) {
    throw refusal('clearance/issued-in-future', 'the key binding is from the future', {
      aheadSeconds: -ageSeconds,
      limit: expected.clockSkewSeconds,
    })
  }
}

function checkValidity(payload: CredentialPayload, expected: ExpectedPresentation): void {
  checkLifetime(payload.nbf, payload.exp)
  if (expected.now < payload.nbf - expected.clockSkewSeconds) {
    throw refusal('clearance/not-yet-valid', 'the credential is not valid yet', { notBefore: payload.nbf })
  }
  // INVARIANT: skew never lengthens a life. Erring early costs a renewal, erring late an opening.
  if (expected.now >= payload.exp) throw refusal('clearance/expired', 'the credential has expired', { expired: payload.exp })
}

function readFacts(parsed: ParsedPresentation, nation: string): PersonFacts {
  const { payload } = parsed.credential
  const disclosed = placeDisclosures(payload, parsed.disclosures)
  if (payload.citizenships === undefined) throw alwaysShown('citizenships')
  if (payload.suspended === undefined) throw alwaysShown('suspended')
  if (payload.suspended) throw refusal('clearance/suspended', 'the credential is of a suspended person', { by: 'credential' })
  return {
    nation,
    pseudonym: payload.sub,
    ...disclosed,
    citizenships: [...new Set(payload.citizenships)].sort(),
    suspended: payload.suspended,
  }
}

function alwaysShown(claim: string): Error {
  return refusal('clearance/always-shown-missing', `the credential hides its ${claim}`, { claim })
}
