import {
  type Crypto,
  type Json,
  type MaybePromise,
  type Signed,
  canonicalBytes,
  canonicalText,
  readShape,
  toBase64,
  toHex,
  utf8,
} from '@entente/canonical'
import type { Label } from '@entente/label'
import { LABEL_ASSERTION, LABEL_XML_ASSERTION, RELEASE_ASSERTION, assertion, bindAssertion } from './assertions.ts'
import { type Crc32, crc32 as ownCrc32 } from './crc32.ts'
import { ContainerError } from './errors.ts'
import type { ContainerKeys, KeyService } from './keys.ts'
import {
  DEFAULT_SEGMENT_BYTES,
  MANIFEST_NAME,
  MAX_MANIFEST_BYTES,
  MAX_SEGMENTS,
  MAX_SEGMENT_BYTES,
  MIN_SEGMENT_BYTES,
  type Manifest,
  PAYLOAD_NAME,
  SEGMENT_OVERHEAD,
  type Segment,
  manifestShape,
} from './manifest.ts'
import { IV_BYTES, SegmentRoom, inOrder, segmentsOf } from './segments.ts'
import type { Sink } from './source.ts'
import { type ReleaseStatement, manifestDigest } from './statement.ts'
import { ZipWriter } from './zip-write.ts'

/** What is known once the payload is written, and goes into the release statement. */
export interface SealedDigests {
  readonly payloadDigest: string
  readonly manifestDigest: string
  readonly labelXmlDigest: string
  readonly keyServices: readonly KeyService[]
}

/** What to seal under. The data key is the caller's to forget afterwards. */
export interface SealOptions {
  readonly crypto: Crypto
  /** From `makeKeys`. */
  readonly keys: ContainerKeys
  readonly label: Label
  /** STANAG 4774 XML of the label. */
  readonly labelXml: string
  /** Media type of the payload: `REPORT_MEDIA_TYPE`, or a single file's own. */
  readonly mediaType: string
  /** Plaintext bytes of a segment, 16 KiB to 4 MiB; 1 MiB if absent. */
  readonly segmentBytes?: number
  /** The host's CRC-32 if it has one (`node:zlib`): about twice as fast as ours. */
  readonly crc32?: Crc32
  /** Called when the payload stands: gives the signed statement over these digests (`signStatement`). */
  statement(digests: SealedDigests): MaybePromise<Signed<ReleaseStatement>>
}

export interface Sealed extends SealedDigests {
  /** Of the whole file. */
  readonly containerBytes: number
  readonly plaintextBytes: number
  readonly segments: number
  readonly statement: Signed<ReleaseStatement>
}

/**
 * Writes a container in one pass: payload first, manifest last, so that memory stays at a few segments whatever the size
 * (the segments' hashes, 32 bytes each, excepted). Nothing written before the end is a container.
 * Throws `container/segment-size`, `container/payload-too-large` (40,000 segments), `container/statement-digests` when the
 * statement that comes back is over something else, and `container/manifest-malformed` for options that no reader would take.
 */
export async function seal(source: AsyncIterable<Uint8Array> | Iterable<Uint8Array>, options: SealOptions, sink: Sink): Promise<Sealed> {
  const { crypto, keys } = options
  const segmentBytes = options.segmentBytes ?? DEFAULT_SEGMENT_BYTES
  if (!Number.isSafeInteger(segmentBytes) || segmentBytes < MIN_SEGMENT_BYTES || segmentBytes > MAX_SEGMENT_BYTES) {
    throw new ContainerError('container/segment-size', 'segments are 16 KiB to 4 MiB', {
      values: { min: MIN_SEGMENT_BYTES, max: MAX_SEGMENT_BYTES },
    })
  }
  const zip = new ZipWriter(sink, options.crc32 ?? ownCrc32)
  const payload = await writePayload(source, { crypto, dataKey: keys.dataKey, segmentBytes, zip })
  const unsigned = makeManifest(options, segmentBytes, payload)
  const digests: SealedDigests = {
    payloadDigest: payload.digest,
    manifestDigest: manifestDigest(crypto, unsigned),
    labelXmlDigest: toHex(crypto.sha384(utf8(options.labelXml))),
    keyServices: keys.keyServices,
  }
  const statement = await options.statement(digests)
  checkStatementIsOver(statement.body, digests, options.label)
  const release = bindAssertion(
    crypto,
    assertion(RELEASE_ASSERTION, canonicalText(statement as unknown as Json)),
    payload.aggregate,
    keys.dataKey,
  )
  await zip.add(MANIFEST_NAME, encodeManifest({ ...unsigned, assertions: [...(unsigned.assertions ?? []), release] }))
  await zip.finish()
  return { ...digests, statement, containerBytes: zip.length, plaintextBytes: payload.plaintextBytes, segments: payload.segments.length }
}

interface WrittenPayload {
  readonly segments: readonly Segment[]
  readonly aggregate: Uint8Array
  readonly digest: string
  readonly plaintextBytes: number
}

async function writePayload(
  source: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  options: { readonly crypto: Crypto; readonly dataKey: Uint8Array; readonly segmentBytes: number; readonly zip: ZipWriter },
): Promise<WrittenPayload> {
  const { crypto, dataKey, segmentBytes, zip } = options
  const segments: Segment[] = []
  const hashes: Uint8Array[] = []
  const digest = crypto.hashSha384()
  let plaintextBytes = 0
  await zip.begin(PAYLOAD_NAME)
  const room = new SegmentRoom(segmentBytes)
  const sealing = inOrder(segmentsOf(source, segmentBytes, room), (segment) => {
    segment.set(crypto.random(IV_BYTES))
    return crypto.segments.seal(dataKey, segment)
  })
  for await (const { segment, mac, sha384 } of sealing) {
    if (segments.length === MAX_SEGMENTS) {
      throw new ContainerError('container/payload-too-large', 'more segments than a manifest can list', {
        values: { limit: MAX_SEGMENTS * segmentBytes },
      })
    }
    hashes.push(mac)
    digest.update(sha384)
    const segmentSize = segment.length - SEGMENT_OVERHEAD
    const sizes = segmentSize === segmentBytes ? {} : { segmentSize, encryptedSegmentSize: segment.length }
    segments.push({ hash: toBase64(mac), ...sizes })
    plaintextBytes += segmentSize
    await zip.write(segment)
    room.giveBack(segment)
  }
  await zip.end()
  const aggregate = new Uint8Array(hashes.length * 32)
  for (const [index, hash] of hashes.entries()) aggregate.set(hash, index * 32)
  return { segments, aggregate, digest: toHex(digest.digest()), plaintextBytes }
}

function makeManifest(options: SealOptions, segmentBytes: number, payload: WrittenPayload): Manifest {
  const { crypto, keys } = options
  const bind = (id: string, value: string): ReturnType<typeof bindAssertion> =>
    bindAssertion(crypto, assertion(id, value), payload.aggregate, keys.dataKey)
  return {
    payload: { type: 'reference', url: PAYLOAD_NAME, protocol: 'zip', isEncrypted: true, mimeType: options.mediaType },
    encryptionInformation: {
      type: 'split',
      keyAccess: keys.keyAccess,
      method: { algorithm: 'AES-256-GCM', isStreamable: true, iv: '' },
      integrityInformation: {
        rootSignature: { alg: 'HS256', sig: toBase64(crypto.hmacSha256(keys.dataKey, payload.aggregate)) },
        segmentHashAlg: 'HS256',
        segmentSizeDefault: segmentBytes,
        encryptedSegmentSizeDefault: segmentBytes + SEGMENT_OVERHEAD,
        segments: payload.segments,
      },
      policy: keys.policy,
    },
    assertions: [bind(LABEL_XML_ASSERTION, options.labelXml), bind(LABEL_ASSERTION, canonicalText(options.label as unknown as Json))],
    schemaVersion: '4.3.0',
  }
}

/** INVARIANT: what is signed is what was written; a statement made for other bytes never leaves in this container. */
function checkStatementIsOver(body: ReleaseStatement, digests: SealedDigests, label: Label): void {
  const same =
    body.payloadDigest === digests.payloadDigest &&
    body.manifestDigest === digests.manifestDigest &&
    body.labelXmlDigest === digests.labelXmlDigest &&
    canonicalText(body.keyServices as unknown as Json) === canonicalText(digests.keyServices as unknown as Json) &&
    canonicalText(body.label as unknown as Json) === canonicalText(label as unknown as Json)
  if (!same) throw new ContainerError('container/statement-digests', 'the statement is over something else than what was sealed')
}

function encodeManifest(manifest: Manifest): Uint8Array<ArrayBuffer> {
  try {
    readShape(manifestShape, manifest, 'manifest')
  } catch (cause) {
    throw new ContainerError('container/manifest-malformed', 'these options make no manifest that a reader takes', {
      values: { where: '' },
      cause,
    })
  }
  const bytes = canonicalBytes(manifest as unknown as Json)
  if (bytes.length > MAX_MANIFEST_BYTES) {
    throw new ContainerError('container/manifest-too-large', 'the manifest is too large', { values: { limit: MAX_MANIFEST_BYTES } })
  }
  return bytes
}
