import {
  type Crypto,
  type Json,
  type Realm,
  type Shape,
  canonicalText,
  fromBase64,
  fromBase64Url,
  readCanonical,
  readJson,
  readShape,
  shapes,
  toHex,
  utf8,
} from '@entente/canonical'
import type { Basis } from '@entente/decision'
import * as v from 'valibot'
import { reading } from './errors.ts'
import { wire } from './wire.ts'

/** Acts that need the key of an item. */
export const KEYED_ACTS = ['show', 'open', 'print', 'export', 'derive'] as const
export type KeyedAct = (typeof KEYED_ACTS)[number]

/** What the reader's client signs with K: the claim `requestBody` of its key binding, as canonical JSON text. */
export interface RequestBody {
  readonly realm: Realm
  readonly suite: 'entente-1'
  readonly act: KeyedAct
  readonly item: string
  readonly serial: number
  /** Id of the release statement that the client verified before it signed. */
  readonly statement: string
  readonly purpose: string
  /** The X-Wing public key E of this opening. */
  readonly ephemeral: string
  /** What the client took as basis; the register's is what counts. Absent for an item that its own nation keeps. */
  readonly basis?: Basis
  readonly expires: number
}

/** An entry with what its receiver may see of it: leaf bytes, an opening of chosen fields, and a cosigned proof. */
export interface EntryEvidence {
  readonly leaf: string
  readonly opening: Json
  readonly proof: string
}

/** What the reader's node relays to the originator's: the request untouched, a status staple, and its own grant. */
export interface RelayedRequest {
  readonly request: string
  readonly staple: Json
  readonly grant: EntryEvidence
}

/** Longest request, in ASCII characters. */
export const MAX_REQUEST_CHARACTERS = 65_536
/** The largest relayed request: 256 KiB. */
export const MAX_RELAYED_BYTES = 262_144
/** The largest request body, canonical: 8 KiB. */
export const MAX_REQUEST_BODY_BYTES = 8_192

const requestBodyShape: Shape<RequestBody> = v.strictObject({
  realm: shapes.realm,
  suite: v.literal('entente-1'),
  act: v.picklist(KEYED_ACTS),
  item: shapes.uuid,
  serial: wire.positive,
  statement: shapes.sha256,
  purpose: wire.code,
  ephemeral: wire.kemPublicKey,
  basis: v.exactOptional(wire.basis),
  expires: shapes.instant,
})

const compactShape = v.pipe(
  v.string(),
  v.maxLength(MAX_REQUEST_CHARACTERS),
  v.regex(/^[A-Za-z0-9_-]+(?:\.[A-Za-z0-9_-]+){2}~(?:[A-Za-z0-9_-]+~)*[A-Za-z0-9_-]+(?:\.[A-Za-z0-9_-]+){2}$/u),
)

/** Shapes of the members of `EntryEvidence`. */
export const entryEvidenceMembers: {
  readonly leaf: Shape<string>
  readonly opening: Shape<Json>
  readonly proof: Shape<string>
} = {
  leaf: v.pipe(wire.base64, v.minLength(4), v.maxLength(1_024)),
  opening: shapes.json,
  proof: v.pipe(v.string(), v.minLength(1), v.maxLength(65_536)),
}

const relayedShape: Shape<RelayedRequest> = v.strictObject({
  request: compactShape,
  staple: shapes.json,
  grant: v.strictObject(entryEvidenceMembers),
})

/** The text that K signs. Throws `exchange/malformed` for a body that nobody would read. */
export function writeRequestBody(body: RequestBody): string {
  return reading('request body', () => canonicalText(readShape(requestBodyShape, body, 'request body') as unknown as Json))
}

/** Reads what K signed; only the canonical text counts. Throws `exchange/malformed`, `exchange/too-large`. */
export function readRequestBody(text: string): RequestBody {
  return reading('request body', () => readShape(requestBodyShape, readCanonical(utf8(text), MAX_REQUEST_BODY_BYTES), 'request body'))
}

/**
 * The hash that names a request in every entry and answer: SHA-256 (hexadecimal) of the ASCII of its compact text,
 * `jwt~disclosures~key-binding`. Throws `exchange/malformed` for anything that has not this form.
 */
export function requestHash(crypto: Crypto, compact: string): string {
  return toHex(crypto.sha256(utf8(reading('request', () => readShape(compactShape, compact, 'request')))))
}

/** SHA-256 (hexadecimal) of the raw ephemeral key E, as entries and contexts name it. Throws `exchange/malformed`. */
export function ephemeralHash(crypto: Crypto, ephemeral: string): string {
  const bytes = reading('ephemeral key', () => fromBase64Url(readShape(wire.kemPublicKey, ephemeral, 'ephemeral key')))
  return toHex(crypto.sha256(bytes))
}

/** Reads a relayed request; proves nothing yet. Throws `exchange/malformed`, `exchange/too-large`. */
export function readRelayedRequest(bytes: Uint8Array): RelayedRequest {
  return reading('relayed request', () => readShape(relayedShape, readJson(bytes, MAX_RELAYED_BYTES), 'relayed request'))
}

/** The bytes of a relayed request. Throws `exchange/malformed`. */
export function writeRelayedRequest(relayed: RelayedRequest): Uint8Array<ArrayBuffer> {
  return utf8(reading('relayed request', () => canonicalText(readShape(relayedShape, relayed, 'relayed request') as unknown as Json)))
}

/** Bytes of a leaf as evidence carries it. Throws `exchange/malformed`. */
export function leafBytes(evidence: EntryEvidence): Uint8Array<ArrayBuffer> {
  return reading('leaf', () => fromBase64(evidence.leaf))
}
