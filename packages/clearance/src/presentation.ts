import { type Crypto, type Signer, sameBytes, toHex, utf8 } from '@entente/canonical'
import {
  type CredentialPayload,
  type KeyBindingPayload,
  MAX_DISCLOSURES,
  MAX_PRESENTATION_CHARACTERS,
  credentialPayloadShape,
  holderThumbprint,
  keyBindingPayloadShape,
  rawHolderKey,
} from './credential-shape.ts'
import { type Disclosure, placeDisclosures, readDisclosure } from './disclosure.ts'
import { refusal } from './errors.ts'
import { type PinnedIssuer, verifyIssuer } from './issuer.ts'
import { type Jws, KEY_BINDING_TYPE, parseJws, signJws, textDigest } from './jws.ts'

/** A presentation taken apart: its form holds, and nothing else is known of it yet. */
export interface ParsedPresentation {
  readonly compact: string
  /** SHA-256 of it, lower-case hexadecimal. */
  readonly requestHash: string
  readonly credential: Jws<CredentialPayload>
  readonly disclosures: readonly Disclosure[]
  readonly keyBinding: Jws<KeyBindingPayload>
  /** Digest of everything before the key binding, which `sd_hash` must equal. */
  readonly sdHash: string
  readonly holderKey: Uint8Array
}

/** What a relay needs of a presentation before anything is verified: to ask for a staple and to compute a nonce. */
export interface UnverifiedPresentation {
  readonly credentialId: string
  readonly originator: string
  readonly audience?: string
  readonly nonce?: string
  readonly holderThumbprint: string
  readonly requestBody?: string
  readonly requestHash: string
}

/** What the holder finds in its own credential. */
export interface HeldCredential {
  readonly issuer: string
  readonly nation: string
  readonly credentialType: string
  readonly originator: string
  readonly pseudonym: string
  readonly credentialId: string
  readonly clearance: string
  readonly citizenships: readonly string[]
  readonly areas: readonly string[]
  readonly briefings: readonly string[]
  readonly organisation?: string
  readonly post?: string
  readonly facility?: string
  readonly notBefore: number
  readonly expires: number
}

/** What a holder shows and to whom. What is not named stays hidden. */
export interface PresentationChoice {
  readonly disclose: {
    readonly clearance: boolean
    readonly areas: readonly string[]
    readonly briefings: readonly string[]
    /** Where a condition or a prohibition reads them, a holder shows each that the credential has. */
    readonly assignment?: readonly ('organisation' | 'post' | 'facility')[]
  }
  /** Stable name of the originator's node. */
  readonly audience: string
  /** The originator's nonce for this key and moment. */
  readonly nonce: string
  /** Seconds since 1970. */
  readonly issuedAt: number
  /** The request that the same signature carries: canonical JSON as text. */
  readonly requestBody?: string
}

/** SHA-256 of the ASCII bytes of a presentation, lower-case hexadecimal: what grants and entries name a request by. */
export function requestHash(crypto: Crypto, compact: string): string {
  return toHex(crypto.sha256(utf8(compact)))
}

/**
 * Takes `jwt~d1~…~dn~kb` apart. Throws `clearance/too-large`, `/parts` (empty or misplaced parts), `/unbound` (no key
 * binding), and what `parseJws` and `readDisclosure` throw.
 */
export function parsePresentation(crypto: Crypto, compact: string): ParsedPresentation {
  const { jwt, middle, last } = splitParts(compact)
  if (last === '') throw refusal('clearance/unbound', 'a presentation ends with a key binding')
  const credential = parseJws(jwt, 'credential', credentialPayloadShape)
  return {
    compact,
    requestHash: requestHash(crypto, compact),
    credential,
    disclosures: middle.map((encoded) => readDisclosure(crypto, encoded)),
    keyBinding: parseJws(last, 'key-binding', keyBindingPayloadShape),
    sdHash: textDigest(crypto, compact.slice(0, compact.length - last.length)),
    holderKey: rawHolderKey(credential.payload.cnf.jwk),
  }
}

/** What stands in a presentation, unverified: for relaying, never for deciding. Throws as `parsePresentation`. */
export function readUnverified(crypto: Crypto, presentation: string | ParsedPresentation): UnverifiedPresentation {
  const parsed = typeof presentation === 'string' ? parsePresentation(crypto, presentation) : presentation
  const { credential, keyBinding, holderKey } = parsed
  const { aud, nonce, requestBody } = keyBinding.payload
  return {
    credentialId: credential.payload.status.credential,
    originator: credential.payload.aud_originator,
    ...(aud === undefined ? {} : { audience: aud }),
    ...(nonce === undefined ? {} : { nonce }),
    holderThumbprint: holderThumbprint(crypto, holderKey),
    ...(requestBody === undefined ? {} : { requestBody }),
    requestHash: parsed.requestHash,
  }
}

/**
 * The holder's own check of what its office issued, before it uses it: signed by a pinned key, for this device, nothing
 * missing and nothing over. Throws as the verifier does, `clearance/not-holder` when the credential is another key's.
 */
export async function readCredential(
  crypto: Crypto,
  compact: string,
  expected: { readonly issuers: readonly PinnedIssuer[]; readonly holderKey: Uint8Array },
): Promise<HeldCredential> {
  const { credential, disclosures, holderKey } = parseCredential(crypto, compact)
  const issuer = await verifyIssuer(crypto, credential, expected.issuers)
  if (!sameBytes(holderKey, expected.holderKey)) throw refusal('clearance/not-holder', 'the credential is bound to another key')
  const { payload } = credential
  const { clearance, areas = [], briefings = [], ...assignment } = placeDisclosures(payload, disclosures)
  if (clearance === undefined) throw refusal('clearance/not-in-credential', 'the credential has no clearance', { claim: 'clearance' })
  if (payload.citizenships === undefined) throw refusal('clearance/always-shown-missing', 'no citizenships', { claim: 'citizenships' })
  return {
    issuer: payload.iss,
    nation: issuer.nation,
    credentialType: payload.vct,
    originator: payload.aud_originator,
    pseudonym: payload.sub,
    credentialId: payload.status.credential,
    clearance,
    citizenships: payload.citizenships,
    areas,
    briefings,
    ...assignment,
    notBefore: payload.nbf,
    expires: payload.exp,
  }
}

/**
 * The holder's presentation: the credential with the chosen disclosures, and a key binding signed by the device key over
 * audience, nonce, time, all that is shown, and the request. Throws `clearance/not-holder`, `clearance/not-in-credential`.
 */
export async function present(crypto: Crypto, credential: string, choice: PresentationChoice, holder: Signer): Promise<string> {
  const parsed = parseCredential(crypto, credential)
  if (!sameBytes(parsed.holderKey, holder.publicKey)) throw refusal('clearance/not-holder', 'the credential is bound to another key')
  const shown = chooseDisclosures(parsed, choice.disclose)
  const bound = `${[parsed.jwt, ...shown.map((disclosure) => disclosure.encoded)].join('~')}~`
  const binding = {
    iat: choice.issuedAt,
    aud: choice.audience,
    nonce: choice.nonce,
    sd_hash: textDigest(crypto, bound),
    ...(choice.requestBody === undefined ? {} : { requestBody: choice.requestBody }),
  }
  const compact = bound + (await signJws({ typ: KEY_BINDING_TYPE }, binding, holder))
  if (compact.length > MAX_PRESENTATION_CHARACTERS) throw tooLarge()
  return compact
}

interface ParsedCredential {
  readonly jwt: string
  readonly credential: Jws<CredentialPayload>
  readonly disclosures: readonly Disclosure[]
  readonly holderKey: Uint8Array
}

function parseCredential(crypto: Crypto, compact: string): ParsedCredential {
  const { jwt, middle, last } = splitParts(compact)
  if (last !== '') throw refusal('clearance/parts', 'a credential ends with `~`; this is a presentation')
  const credential = parseJws(jwt, 'credential', credentialPayloadShape)
  const disclosures = middle.map((encoded) => readDisclosure(crypto, encoded))
  return { jwt, credential, disclosures, holderKey: rawHolderKey(credential.payload.cnf.jwk) }
}

function chooseDisclosures(parsed: ParsedCredential, disclose: PresentationChoice['disclose']): Disclosure[] {
  const { payload } = parsed.credential
  const inList = (list: 'areas' | 'briefings') => {
    const digests = new Set(payload[list].map((element) => element['...']))
    return parsed.disclosures.filter((disclosure) => digests.has(disclosure.digest))
  }
  const pick = (from: readonly Disclosure[], value: string, claim: string) => {
    const found = from.find((disclosure) => disclosure.value === value)
    if (found === undefined) throw refusal('clearance/not-in-credential', 'the credential does not hold this claim', { claim })
    return found
  }
  const claim = (name: string): Disclosure => {
    const found = parsed.disclosures.find((disclosure) => disclosure.name === name)
    if (found === undefined) throw refusal('clearance/not-in-credential', 'the credential does not hold this claim', { claim: name })
    return found
  }
  return [
    ...(disclose.clearance ? [claim('clearance')] : []),
    ...[...new Set(disclose.assignment)].map(claim),
    ...[...new Set(disclose.areas)].map((area) => pick(inList('areas'), area, 'areas')),
    ...[...new Set(disclose.briefings)].map((briefing) => pick(inList('briefings'), briefing, 'briefings')),
  ]
}

function splitParts(compact: string): { jwt: string; middle: readonly string[]; last: string } {
  if (compact.length > MAX_PRESENTATION_CHARACTERS) throw tooLarge()
  const parts = compact.split('~')
  const [jwt] = parts
  const last = parts.at(-1)
  if (jwt === undefined || last === undefined || parts.length < 2)
    throw refusal('clearance/malformed', 'not an SD-JWT', { part: 'credential' })
  const middle = parts.slice(1, -1)
  if (middle.length > MAX_DISCLOSURES || middle.some((part) => part === '' || part.includes('.'))) {
    throw refusal('clearance/parts', 'a part is empty or stands in the wrong place')
  }
  return { jwt, middle, last }
}

function tooLarge(): Error {
  return refusal('clearance/too-large', `longer than ${MAX_PRESENTATION_CHARACTERS} characters`, { limit: MAX_PRESENTATION_CHARACTERS })
}
