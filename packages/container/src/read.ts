import { type Crypto, type Signed, concatBytes, fromBase64 } from '@entente/canonical'
import type { Label } from '@entente/label'
import { LABEL_ASSERTION, LABEL_XML_ASSERTION, RELEASE_ASSERTION, checkAssertionForm } from './assertions.ts'
import { crc32 } from './crc32.ts'
import { ContainerError } from './errors.ts'
import {
  MANIFEST_NAME,
  MANIFEST_NAMES,
  MAX_MANIFEST_BYTES,
  type Manifest,
  PAYLOAD_NAME,
  SEGMENT_OVERHEAD,
  readManifest,
} from './manifest.ts'
import { type Policy, decodePolicy } from './policy.ts'
import { type RandomAccess, readExactly } from './source.ts'
import { type ReleaseStatement, assertionValue, readStatement } from './statement.ts'
import { type ZipDirectory, type ZipEntry, checkFrame, readDirectory } from './zip-read.ts'

const MAX_ENTRIES = 16

/** One encrypted segment and where it stands in the payload. */
export interface SegmentPlace {
  /** Where it starts in the file. */
  readonly offset: number
  /** Its length: initialisation vector, ciphertext, tag. */
  readonly encryptedBytes: number
  readonly plaintextBytes: number
  /** The hash that the manifest gives, decoded: 32 bytes (HS256), 16 (GMAC), or their hexadecimal in old files. */
  readonly hash: Uint8Array
}

/**
 * A container as far as it can be read without a key. `released`: it has a release statement, is byte for byte as Entente
 * writes it, and its assertions say what they must; **whose** statement it is, `verifyContainer` checks. `foreign`: some
 * OpenTDF writer's file, about which nothing is known.
 */
export interface Container {
  readonly kind: 'released' | 'foreign'
  readonly source: RandomAccess
  readonly manifest: Manifest
  readonly policy: Policy
  readonly payload: { readonly offset: number; readonly length: number; readonly crc: number; readonly mediaType: string }
  readonly segments: readonly SegmentPlace[]
  /** All the hashes one after the other: what root signature and bindings are over. */
  readonly aggregate: Uint8Array
  readonly plaintextBytes: number
  /** These three only with `released`. */
  readonly statement?: Signed<ReleaseStatement>
  readonly label?: Label
  readonly labelXml?: string
}

/**
 * Inspects a container without a key. Reads directory and manifest (at most 10 MiB), never the payload.
 * Throws `ContainerError`: `zip-…`, `manifest-…`, `payload-…`, `segment-layout`, `gmac`, `algorithm`, `assertion…`, `statement-malformed`.
 */
export async function readContainer(crypto: Crypto, source: RandomAccess): Promise<Container> {
  const zip = await readDirectory(source, MAX_ENTRIES)
  const manifestEntry = findManifest(zip)
  const bytes = await readExactly(source, manifestEntry.dataOffset, manifestEntry.size)
  const { manifest, released } = readManifest(bytes, RELEASE_ASSERTION)
  if (released) await checkOwnFrame(source, zip, bytes)
  const entry = zip.entries.find((candidate) => candidate.name === manifest.payload.url)
  if (entry === undefined || entry === manifestEntry)
    throw new ContainerError('container/payload-missing', 'the payload that the manifest names is not there')
  checkAlgorithms(manifest)
  const segments = placeSegments(manifest, entry, released)
  const aggregate = concatBytes(...segments.map((segment) => segment.hash))
  const base = {
    source,
    manifest,
    policy: decodePolicy(manifest.encryptionInformation.policy),
    payload: { offset: entry.dataOffset, length: entry.size, crc: entry.crc, mediaType: manifest.payload.mimeType },
    segments,
    aggregate,
    plaintextBytes: segments.reduce((sum, segment) => sum + segment.plaintextBytes, 0),
  }
  if (!released) return { kind: 'foreign', ...base }
  checkAssertionForm(crypto, manifest, aggregate)
  const statement = readStatement(assertionValue(manifest, RELEASE_ASSERTION))
  if (assertionValue(manifest, LABEL_ASSERTION) === '' || assertionValue(manifest, LABEL_XML_ASSERTION) === '') {
    throw new ContainerError('container/assertions', 'a label is empty')
  }
  return { kind: 'released', ...base, statement, label: statement.body.label, labelXml: assertionValue(manifest, LABEL_XML_ASSERTION) }
}

function findManifest(zip: ZipDirectory): ZipEntry {
  const found = zip.entries.filter((entry) => MANIFEST_NAMES.includes(entry.name))
  const [entry] = found
  if (entry === undefined || found.length > 1) throw new ContainerError('container/manifest-missing', 'not exactly one manifest')
  if (entry.size > MAX_MANIFEST_BYTES) {
    throw new ContainerError('container/manifest-too-large', 'the manifest is too large', { values: { limit: MAX_MANIFEST_BYTES } })
  }
  return entry
}

/** P10: one container, one set of bytes. The payload's CRC is compared when the payload is read (`checkPayloadDigest`). */
async function checkOwnFrame(source: RandomAccess, zip: ZipDirectory, manifest: Uint8Array): Promise<void> {
  const names = zip.entries.map((entry) => entry.name)
  if (names.length !== 2 || names[0] !== PAYLOAD_NAME || names[1] !== MANIFEST_NAME) {
    throw new ContainerError('container/zip-not-as-written', 'entries other than payload and manifest')
  }
  await checkFrame(source, zip, ['streamed', 'known'])
  const written = zip.entries[1]
  if (written?.size !== manifest.length || written.crc !== crc32(manifest))
    throw new ContainerError('container/zip-not-as-written', 'the manifest has another size or crc')
}

function checkAlgorithms(manifest: Manifest): void {
  const { method, integrityInformation } = manifest.encryptionInformation
  const algorithms = [
    [method.algorithm, ['AES-256-GCM']],
    [integrityInformation.segmentHashAlg, ['HS256', 'GMAC']],
  ] as const
  for (const [name, known] of algorithms) {
    if (!(known as readonly string[]).includes(name))
      throw new ContainerError('container/algorithm', 'an algorithm that is not OpenTDF 4.3', { values: { algorithm: name.slice(0, 64) } })
  }
  // A GMAC root is the last segment's tag: it protects neither order nor number of segments.
  if (integrityInformation.rootSignature.alg !== 'HS256') throw new ContainerError('container/gmac', 'the root signature is not hs256')
}

function placeSegments(manifest: Manifest, entry: ZipEntry, released: boolean): SegmentPlace[] {
  const information = manifest.encryptionInformation.integrityInformation
  const hashBytes = (information.segmentHashAlg === 'GMAC' ? 16 : 32) * (manifest.schemaVersion === undefined ? 2 : 1)
  let offset = entry.dataOffset
  const places = information.segments.map((segment, index): SegmentPlace => {
    const plaintextBytes = segment.segmentSize ?? information.segmentSizeDefault
    const encryptedBytes = segment.encryptedSegmentSize ?? information.encryptedSegmentSizeDefault
    if (encryptedBytes !== plaintextBytes + SEGMENT_OVERHEAD) {
      throw new ContainerError('container/segment-layout', 'a segment is not its plaintext and 28 bytes', { values: { segment: index } })
    }
    const place = { offset, encryptedBytes, plaintextBytes, hash: decodeHash(segment.hash, hashBytes, index) }
    offset += encryptedBytes
    return place
  })
  if (offset !== entry.dataOffset + entry.size)
    throw new ContainerError('container/payload-size', 'the segments are not as long as the payload')
  if (released) checkOwnLayout(places, information.segmentSizeDefault)
  return places
}

/** Ours: every segment full but the last, which is empty only for an empty payload. */
function checkOwnLayout(places: readonly SegmentPlace[], full: number): void {
  const last = places.length - 1
  for (const [index, place] of places.entries()) {
    const right = index < last ? place.plaintextBytes === full : place.plaintextBytes <= full && (place.plaintextBytes > 0 || last === 0)
    if (!right) throw new ContainerError('container/segment-layout', 'segments are not full, full, …, rest', { values: { segment: index } })
  }
}

function decodeHash(text: string, length: number, index: number): Uint8Array {
  const values = { segment: index }
  try {
    const hash = fromBase64(text)
    if (hash.length === length) return hash
  } catch (cause) {
    throw new ContainerError('container/segment-layout', 'a segment hash is not base64 of a hash', { values, cause })
  }
  throw new ContainerError('container/segment-layout', 'a segment hash has another length', { values })
}
