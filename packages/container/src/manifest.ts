import { CanonicalError, type Json, type Shape, fromUtf8, readCanonical, readJson, readShape, shapes } from '@entente/canonical'
import * as v from 'valibot'
import { ContainerError } from './errors.ts'

/** Name under which the payload stands, and the two names under which a manifest is looked for. */
export const PAYLOAD_NAME = '0.payload'
export const MANIFEST_NAME = '0.manifest.json'
export const MANIFEST_NAMES: readonly string[] = [MANIFEST_NAME, 'manifest.json']
/** As upstream readers: 10 MiB. */
export const MAX_MANIFEST_BYTES = 10_485_760
/** Segments of one payload: with three bindings, each of which repeats every hash, the manifest stays under its limit. */
export const MAX_SEGMENTS = 40_000
/** Initialisation vector (12) and tag (16) of a segment. */
export const SEGMENT_OVERHEAD = 28
/** The segment sizes that we write and that a container with a statement may have (as upstream: 16 KiB to 4 MiB). */
export const MIN_SEGMENT_BYTES = 16_384
export const MAX_SEGMENT_BYTES = 4_194_304
export const DEFAULT_SEGMENT_BYTES = 1_048_576
/** What a foreign file may ask of our memory. */
const MAX_FOREIGN_SEGMENT_BYTES = 16_777_216
const MAX_FOREIGN_SEGMENTS = 200_000

export interface PolicyBinding {
  readonly alg: string
  readonly hash: string
}

/** A key access object: one way to one share of the data key (OpenTDF 4.3.0). */
export interface KeyAccess {
  readonly type: string
  /** The key service's stable name. */
  readonly url: string
  readonly protocol: string
  readonly wrappedKey: string
  readonly policyBinding: PolicyBinding
  readonly kid?: string
  /** Key accesses with one `sid` are alternatives; different ones are all needed. */
  readonly sid?: string
  readonly encryptedMetadata?: string
  readonly ephemeralPublicKey?: string
  readonly schemaVersion?: string
}

/** Ours have every member; a foreign one is kept as it is, since its binding is over all of it. */
export interface Assertion {
  readonly id: string
  readonly type?: string
  readonly scope?: string
  readonly appliesToState?: string
  readonly statement: { readonly format?: string; readonly schema?: string; readonly value: Json }
  readonly binding?: { readonly method: string; readonly signature: string }
}

export interface Segment {
  /** Base64 as it stands in the manifest. */
  readonly hash: string
  readonly segmentSize?: number
  readonly encryptedSegmentSize?: number
}

export interface Manifest {
  readonly payload: {
    readonly type: string
    readonly url: string
    readonly protocol: string
    readonly isEncrypted: boolean
    readonly mimeType: string
  }
  readonly encryptionInformation: {
    readonly type: string
    readonly keyAccess: readonly KeyAccess[]
    readonly method: { readonly algorithm: string; readonly isStreamable: boolean; readonly iv: string }
    readonly integrityInformation: {
      readonly rootSignature: { readonly alg: string; readonly sig: string }
      readonly segmentHashAlg: string
      readonly segmentSizeDefault: number
      readonly encryptedSegmentSizeDefault: number
      readonly segments: readonly Segment[]
    }
    /** Base64 of the policy object, kept as it is: the policy bindings are over these characters. */
    readonly policy: string
  }
  readonly assertions?: readonly Assertion[]
  /** Absent in files of OpenTDF 4.2.2 and before, whose hashes are base64 of hexadecimal. */
  readonly schemaVersion?: string
}

const base64 = v.pipe(v.string(), v.regex(/^[A-Za-z0-9+/]*={0,2}$/u))
const serviceName = v.pipe(v.string(), v.maxLength(255), v.regex(/^https:\/\/[a-z0-9.-]+(?:\/[a-z0-9._/-]*)?$/u))
const mediaType = v.pipe(v.string(), v.maxLength(127), v.regex(/^[a-z0-9][a-z0-9!#$&^_.+-]*\/[a-z0-9][a-z0-9!#$&^_.+-]*$/u))
const segmentDefault = v.pipe(v.number(), v.safeInteger(), v.minValue(MIN_SEGMENT_BYTES), v.maxValue(MAX_SEGMENT_BYTES))

/** A stable name of a key service: https, no port, no address. */
export const serviceNameShape: Shape<string> = serviceName
export const mediaTypeShape: Shape<string> = mediaType
export const keyIdShape: Shape<string> = v.pipe(v.string(), v.regex(/^[A-Za-z0-9._:-]{1,128}$/u))

const keyAccessShape = v.strictObject({
  type: v.picklist(['hybrid-wrapped', 'wrapped', 'ec-wrapped']),
  url: serviceName,
  protocol: v.literal('kas'),
  wrappedKey: v.pipe(base64, v.maxLength(4_096)),
  policyBinding: v.strictObject({ alg: v.literal('HS256'), hash: v.pipe(v.string(), v.regex(/^[A-Za-z0-9+/]{86}==$/u)) }),
  kid: keyIdShape,
  sid: v.picklist(['originator', 'recipient', 'either']),
  encryptedMetadata: v.exactOptional(v.pipe(base64, v.maxLength(65_536))),
  ephemeralPublicKey: v.exactOptional(v.pipe(v.string(), v.maxLength(1_024))),
  schemaVersion: v.literal('1.0'),
})

const assertionShape = v.strictObject({
  id: shapes.shortText,
  type: v.picklist(['handling', 'other']),
  scope: v.literal('tdo'),
  appliesToState: v.literal('encrypted'),
  statement: v.strictObject({
    format: v.picklist(['string', 'json-structured', 'xml-structured']),
    schema: shapes.shortText,
    value: v.pipe(v.string(), v.maxLength(262_144)),
  }),
  binding: v.strictObject({ method: v.literal('jws'), signature: v.string() }),
})

/** What a container with a release statement must look like, to the member (spec/container.md 4). */
export const manifestShape: Shape<Manifest> = v.strictObject({
  payload: v.strictObject({
    type: v.literal('reference'),
    url: v.literal(PAYLOAD_NAME),
    protocol: v.literal('zip'),
    isEncrypted: v.literal(true),
    mimeType: mediaType,
  }),
  encryptionInformation: v.strictObject({
    type: v.literal('split'),
    keyAccess: v.pipe(v.array(keyAccessShape), v.minLength(1), v.maxLength(4)),
    method: v.strictObject({ algorithm: v.literal('AES-256-GCM'), isStreamable: v.literal(true), iv: v.literal('') }),
    integrityInformation: v.strictObject({
      rootSignature: v.strictObject({ alg: v.literal('HS256'), sig: base64 }),
      segmentHashAlg: v.literal('HS256'),
      segmentSizeDefault: segmentDefault,
      encryptedSegmentSizeDefault: shapes.natural,
      segments: v.pipe(
        v.array(
          v.strictObject({
            hash: v.pipe(v.string(), v.regex(/^[A-Za-z0-9+/]{43}=$/u)),
            segmentSize: v.exactOptional(shapes.natural),
            encryptedSegmentSize: v.exactOptional(shapes.natural),
          }),
        ),
        v.minLength(1),
        v.maxLength(MAX_SEGMENTS),
      ),
    }),
    policy: v.pipe(base64, v.maxLength(65_536)),
  }),
  assertions: v.pipe(v.array(assertionShape), v.maxLength(8)),
  schemaVersion: v.literal('4.3.0'),
}) as Shape<Manifest>

const foreignText = v.optional(v.pipe(v.string(), v.maxLength(262_144)), '')
const foreignCount = v.pipe(v.number(), v.safeInteger(), v.minValue(0), v.maxValue(MAX_FOREIGN_SEGMENT_BYTES + SEGMENT_OVERHEAD))

/** What is needed of a foreign manifest; other members are dropped, since nothing is signed that would miss them. */
const foreignShape: Shape<Manifest> = v.object({
  payload: v.object({
    type: foreignText,
    url: v.string(),
    protocol: foreignText,
    isEncrypted: v.optional(v.boolean(), true),
    mimeType: v.optional(v.string(), 'application/octet-stream'),
  }),
  encryptionInformation: v.object({
    type: foreignText,
    keyAccess: v.pipe(
      v.array(
        v.object({
          type: v.string(),
          url: v.string(),
          protocol: foreignText,
          wrappedKey: foreignText,
          policyBinding: v.union([
            v.object({ alg: v.optional(v.string(), 'HS256'), hash: v.string() }),
            v.pipe(
              v.string(),
              v.transform((hash) => ({ alg: 'HS256', hash })),
            ),
          ]),
          kid: v.exactOptional(v.string()),
          sid: v.exactOptional(v.string()),
          encryptedMetadata: v.exactOptional(v.string()),
          ephemeralPublicKey: v.exactOptional(v.string()),
          schemaVersion: v.exactOptional(v.string()),
        }),
      ),
      v.maxLength(64),
    ),
    method: v.object({ algorithm: v.string(), isStreamable: v.optional(v.boolean(), true), iv: foreignText }),
    integrityInformation: v.object({
      rootSignature: v.object({ alg: v.string(), sig: v.string() }),
      segmentHashAlg: v.string(),
      segmentSizeDefault: foreignCount,
      encryptedSegmentSizeDefault: foreignCount,
      segments: v.pipe(
        v.array(
          v.object({ hash: v.string(), segmentSize: v.exactOptional(foreignCount), encryptedSegmentSize: v.exactOptional(foreignCount) }),
        ),
        v.maxLength(MAX_FOREIGN_SEGMENTS),
      ),
    }),
    policy: v.string(),
  }),
  assertions: v.exactOptional(
    v.pipe(
      v.array(
        v.looseObject({
          id: v.string(),
          statement: v.looseObject({ value: shapes.json }),
          binding: v.exactOptional(v.object({ method: v.string(), signature: v.string() })),
        }),
      ),
      v.maxLength(64),
    ),
  ),
  schemaVersion: v.exactOptional(v.string()),
}) as Shape<Manifest>

/**
 * Reads a manifest. `released` (it has an assertion with `releaseId`): canonical bytes and our exact shape, so that one
 * manifest has one spelling; else what upstream writers write, `null` for absent included.
 * Throws `container/manifest-…` and `container/gmac`.
 */
export function readManifest(bytes: Uint8Array, releaseId: string): { readonly manifest: Manifest; readonly released: boolean } {
  const { value, canonical } = parse(bytes)
  const released = namesAssertion(value, releaseId)
  if (!released) return { manifest: shaped(foreignShape, value), released }
  if (!canonical) {
    throw new ContainerError('container/manifest-not-canonical', 'a manifest with a release statement must be in canonical form')
  }
  refuseGmac(value)
  return { manifest: shaped(manifestShape, value), released }
}

/** GMAC where a statement is there has a code of its own: it is an attack and not a mistake (a tag is no hash for who holds the key). */
function refuseGmac(value: Json): void {
  const integrity = member(member(value, 'encryptionInformation'), 'integrityInformation')
  if (member(integrity, 'segmentHashAlg') === 'GMAC' || member(member(integrity, 'rootSignature'), 'alg') === 'GMAC') {
    throw new ContainerError('container/gmac', 'gmac in a container with a release statement')
  }
}

function member(value: Json | undefined, name: string): Json | undefined {
  return typeof value === 'object' && !Array.isArray(value) ? (value as Readonly<Record<string, Json>>)[name] : undefined
}

function namesAssertion(value: Json, id: string): boolean {
  const assertions = member(value, 'assertions')
  return Array.isArray(assertions) && assertions.some((assertion: Json) => member(assertion, 'id') === id)
}

function parse(bytes: Uint8Array): { value: Json; canonical: boolean } {
  try {
    return { value: readCanonical(bytes, MAX_MANIFEST_BYTES), canonical: true }
  } catch (cause) {
    const code = cause instanceof CanonicalError ? cause.code : undefined
    if (code === 'canonical/not-canonical') return { value: readJson(bytes, MAX_MANIFEST_BYTES), canonical: false }
    if (code === 'canonical/null' || code === 'canonical/number-not-integer') return { value: parseForeign(bytes), canonical: false }
    throw malformed(cause)
  }
}

function parseForeign(bytes: Uint8Array): Json {
  try {
    return withoutNull(JSON.parse(fromUtf8(bytes)), 0) ?? {}
  } catch (cause) {
    if (cause instanceof ContainerError) throw cause
    throw malformed(cause)
  }
}

/** Own data without `null` members: upstream writes `null` for an empty list. */
export function withoutNull(value: unknown, depth: number): Json | undefined {
  if (depth > 32) throw new ContainerError('container/manifest-malformed', 'nested too deep', { values: { where: '' } })
  if (value === null) return undefined
  if (typeof value !== 'object') return value as Json
  if (Array.isArray(value)) return value.map((item) => withoutNull(item, depth + 1)).filter((item) => item !== undefined)
  const members = Object.entries(value).map(([name, inner]) => [name, withoutNull(inner, depth + 1)] as const)
  return Object.fromEntries(members.filter(([, inner]) => inner !== undefined)) as Json
}

function shaped(shape: Shape<Manifest>, value: Json): Manifest {
  try {
    return readShape(shape, value, 'manifest')
  } catch (cause) {
    throw malformed(cause)
  }
}

function malformed(cause: unknown): ContainerError {
  const where = cause instanceof CanonicalError ? String(cause.values['where'] ?? '') : ''
  return new ContainerError('container/manifest-malformed', 'the manifest is not one', { values: { where }, cause })
}
