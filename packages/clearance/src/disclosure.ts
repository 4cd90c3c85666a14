import type { Crypto, Json } from '@entente/canonical'
import { toBase64Url } from '@entente/canonical'
import type { CredentialPayload } from './credential-shape.ts'
import { refusal } from './errors.ts'
import { isList, readEncoded, textDigest, writeEncoded } from './jws.ts'

/** One disclosure of RFC 9901 section 4.2, read; `name` is absent for an element of an array. */
export interface Disclosure {
  /** As it stands between two `~`. */
  readonly encoded: string
  /** Base64url SHA-256 of `encoded`, as the credential names it. */
  readonly digest: string
  readonly name?: string
  readonly value: Json
}

/** Claims that a credential hides one by one, each at most once; all but the clearance may be missing. */
export const HIDDEN_CLAIMS = ['clearance', 'facility', 'organisation', 'post'] as const
type HiddenClaim = (typeof HIDDEN_CLAIMS)[number]

/** What the disclosures of a credential add to its open claims; an absent member was not disclosed. */
export interface DisclosedClaims {
  readonly clearance?: string
  readonly organisation?: string
  readonly post?: string
  readonly facility?: string
  readonly areas?: readonly string[]
  readonly briefings?: readonly string[]
}

const SALT_BYTES = 16
/** Longest code of an area, a briefing or a clearance level, in characters. */
export const MAX_CODE_CHARACTERS = 128

/** A disclosure with a fresh 128-bit salt: of a claim when `name` is given, else of an array's element. */
export function makeDisclosure(crypto: Crypto, value: string, name?: string): Disclosure {
  const salt = toBase64Url(crypto.random(SALT_BYTES))
  const encoded = writeEncoded(name === undefined ? [salt, value] : [salt, name, value])
  return { encoded, digest: textDigest(crypto, encoded), ...(name === undefined ? {} : { name }), value }
}

/** A digest that nothing stands behind (RFC 9901 section 4.2.5): hides how many elements there are. */
export function decoyDigest(crypto: Crypto): string {
  return toBase64Url(crypto.random(32))
}

/** Reads one disclosure; throws `clearance/malformed` unless it is `[salt, value]` or `[salt, name, value]`. */
export function readDisclosure(crypto: Crypto, encoded: string): Disclosure {
  const list = readEncoded(encoded, 'disclosure')
  if (!isList(list)) throw malformed()
  const [salt, second, third] = list
  if (typeof salt !== 'string' || second === undefined || list.length > 3) throw malformed()
  const digest = textDigest(crypto, encoded)
  if (third === undefined) return { encoded, digest, value: second }
  if (typeof second !== 'string') throw malformed()
  return { encoded, digest, name: second, value: third }
}

/**
 * Puts disclosures in the places that the credential's digests name (RFC 9901 section 7.1). Every digest may stand once,
 * every disclosure must be named by one, and only a clearance, an organisation, a post, a facility, areas and briefings may be hidden at all.
 * Throws `clearance/digest-duplicate`, `/disclosure-duplicate`, `/disclosure-unreferenced`, `/disclosure-not-allowed`.
 */
export function placeDisclosures(payload: CredentialPayload, disclosures: readonly Disclosure[]): DisclosedClaims {
  const places = digestPlaces(payload)
  const seen = new Set<string>()
  const claims = new Map<HiddenClaim, string>()
  const lists = { areas: new Set<string>(), briefings: new Set<string>() }
  for (const disclosure of disclosures) {
    if (seen.has(disclosure.digest)) throw refusal('clearance/disclosure-duplicate', 'a disclosure stands twice')
    seen.add(disclosure.digest)
    const place = places.get(disclosure.digest)
    if (place === undefined) throw refusal('clearance/disclosure-unreferenced', 'a disclosure is not of this credential')
    if (place === 'claims') {
      const name = HIDDEN_CLAIMS.find((one) => one === disclosure.name) ?? 'clearance'
      if (claims.has(name)) throw refusal('clearance/disclosure-not-allowed', 'a claim is disclosed twice')
      claims.set(name, claimValue(disclosure, name))
    } else lists[place].add(claimValue(disclosure, undefined))
  }
  return {
    ...Object.fromEntries(claims),
    ...(lists.areas.size === 0 ? {} : { areas: [...lists.areas].sort() }),
    ...(lists.briefings.size === 0 ? {} : { briefings: [...lists.briefings].sort() }),
  }
}

type Place = 'claims' | 'areas' | 'briefings'

function digestPlaces(payload: CredentialPayload): ReadonlyMap<string, Place> {
  const places = new Map<string, Place>()
  const add = (digest: string, place: Place) => {
    if (places.has(digest)) throw refusal('clearance/digest-duplicate', 'a digest stands twice in the credential')
    places.set(digest, place)
  }
  for (const digest of payload._sd) add(digest, 'claims')
  for (const element of payload.areas) add(element['...'], 'areas')
  for (const element of payload.briefings) add(element['...'], 'briefings')
  return places
}

function claimValue(disclosure: Disclosure, name: HiddenClaim | undefined): string {
  // INVARIANT: only these may be hidden, for an unknown one refuses wherever a condition or a prohibition reads it. Citizenships and suspension are read by prohibitions, and a claim that a
  // prohibition reads must not be withheld by the person whom it would stop (spec/clearance.md 3).
  const { value } = disclosure
  if (disclosure.name !== name || typeof value !== 'string' || value === '' || value.length > MAX_CODE_CHARACTERS) {
    throw refusal('clearance/disclosure-not-allowed', 'a disclosure of something that may not be hidden')
  }
  return value
}

function malformed(): Error {
  return refusal('clearance/malformed', 'disclosure: not salt and value, or salt, name and value', { part: 'disclosure' })
}
