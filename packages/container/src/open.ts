import { type Crypto, concatBytes, fromBase64, fromHex, fromUtf8, sameBytes, toHex, utf8 } from '@entente/canonical'
import { type ForeignAssertion, checkAssertionBindings, checkForeignAssertions } from './assertions.ts'
import { type Crc32, crc32 as ownCrc32 } from './crc32.ts'
import { ContainerError } from './errors.ts'
import { SHARE_BYTES } from './keys.ts'
import type { Container } from './read.ts'
import { SegmentRoom, TAG_BYTES, inOrder } from './segments.ts'
import { fillFrom } from './source.ts'
import { type StatementTrust, type VerifiedStatement, checkStatement } from './statement.ts'

/** A container whose statement holds. Only `verifyContainer` makes one; `open` takes nothing else. */
export class VerifiedContainer {
  readonly container: Container
  readonly statement: VerifiedStatement

  /** @internal */
  constructor(container: Container, statement: VerifiedStatement) {
    this.container = container
    this.statement = statement
  }
}

/**
 * Checks a container's release statement against pinned keys, the label and the policy (`checkStatement`), without a key
 * and without reading the payload. Throws `container/statement-…`.
 */
export async function verifyContainer(crypto: Crypto, container: Container, trust: StatementTrust): Promise<VerifiedContainer> {
  return new VerifiedContainer(container, await checkStatement(crypto, container, trust))
}

/**
 * Reads the whole ciphertext, without a key, against the digest that the officer signed and the CRC in the ZIP. A reader does
 * this before it signs any request. Throws `container/payload-digest`, `container/payload-crc`.
 */
export async function checkPayloadDigest(crypto: Crypto, verified: VerifiedContainer, crc32: Crc32 = ownCrc32): Promise<void> {
  const { container, statement } = verified
  const digest = crypto.hashSha384()
  let crc = 0
  const room = new SegmentRoom(container.manifest.encryptionInformation.integrityInformation.segmentSizeDefault)
  const digesting = inOrder(container.segments, async ({ offset, encryptedBytes }) => {
    const segment = room.take(encryptedBytes)
    await fillFrom(container.source, offset, segment)
    return crypto.segments.digest('SHA-384', segment)
  })
  for await (const { bytes, digest: sha384 } of digesting) {
    digest.update(sha384)
    crc = crc32(bytes, crc)
    room.giveBack(bytes)
  }
  if (toHex(digest.digest()) !== statement.body.payloadDigest) {
    throw new ContainerError('container/payload-digest', 'the payload is not the one that was signed')
  }
  if (crc !== container.payload.crc) throw new ContainerError('container/payload-crc', 'the crc in the zip is another')
}

/**
 * The plaintext of a verified container, segment by segment. Root signature and bindings are checked before the first byte,
 * each segment before it is given. A segment that does not hold ends the stream with an error: what came before stands, as
 * a beginning only. Throws `container/data-key`, `root-signature`, `assertion-binding`, `segment-hash`, `segment-tag`.
 */
export async function* open(crypto: Crypto, verified: VerifiedContainer, dataKey: Uint8Array): AsyncGenerator<Uint8Array, void, void> {
  checkDataKey(dataKey)
  checkRoot(crypto, verified.container, dataKey)
  checkAssertionBindings(crypto, verified.container.manifest, dataKey)
  yield* segmentsOf(crypto, verified.container, dataKey)
}

/** What `openForeign` finds before the first byte. */
export interface ForeignOpened {
  readonly assertions: readonly ForeignAssertion[]
  readonly plaintext: AsyncGenerator<Uint8Array, void, void>
}

/**
 * Opens some OpenTDF writer's container: nothing is known of who made it, and no label in it is to be believed.
 * Throws as `open`, and `container/statement-missing` never; `TypeError` for a released container, which goes through `verifyContainer`.
 */
export function openForeign(crypto: Crypto, container: Container, dataKey: Uint8Array): ForeignOpened {
  if (container.kind !== 'foreign') throw new TypeError('a released container is opened after verifyContainer')
  checkDataKey(dataKey)
  checkRoot(crypto, container, dataKey)
  const assertions = checkForeignAssertions(crypto, container.manifest, container.aggregate, dataKey)
  return { assertions, plaintext: segmentsOf(crypto, container, dataKey) }
}

function checkDataKey(dataKey: Uint8Array): void {
  if (dataKey.length !== SHARE_BYTES) throw new ContainerError('container/data-key', 'a data key has 32 bytes')
}

/** Files of OpenTDF 4.2.2 and before write hashes as hexadecimal text; since 4.3.0 as they are. */
function written(container: Container, hash: Uint8Array): Uint8Array {
  return container.manifest.schemaVersion === undefined ? utf8(toHex(hash)) : hash
}

/** The other way round: undefined for what is no hexadecimal. */
function asMade(container: Container, hash: Uint8Array): Uint8Array | undefined {
  if (container.manifest.schemaVersion !== undefined) return hash
  try {
    return fromHex(fromUtf8(hash))
  } catch {
    return undefined
  }
}

function checkRoot(crypto: Crypto, container: Container, dataKey: Uint8Array): void {
  let given: Uint8Array
  try {
    given = fromBase64(container.manifest.encryptionInformation.integrityInformation.rootSignature.sig)
  } catch (cause) {
    throw new ContainerError('container/root-signature', 'the root signature is not base64', { cause })
  }
  if (!crypto.equal(given, written(container, crypto.hmacSha256(dataKey, container.aggregate)))) {
    throw new ContainerError('container/root-signature', 'the root signature does not hold: another key, or segments lost, added or moved')
  }
}

async function* segmentsOf(crypto: Crypto, container: Container, dataKey: Uint8Array): AsyncGenerator<Uint8Array, void, void> {
  const { source, segments, manifest } = container
  const gmac = manifest.encryptionInformation.integrityInformation.segmentHashAlg === 'GMAC'
  const opening = inOrder(segments.entries(), async ([index, { offset, encryptedBytes, hash }]) => {
    // Fresh memory each time: what is given out is the reader's to keep.
    const segment = new Uint8Array(encryptedBytes)
    await fillFrom(source, offset, segment)
    const expected = asMade(container, hash)
    if (expected === undefined) throw otherSegment(index)
    if (gmac && !sameBytes(segment.subarray(encryptedBytes - TAG_BYTES), expected)) throw otherSegment(index)
    const opened = await crypto.segments.open(dataKey, segment, gmac ? undefined : expected)
    if (opened.ok) return opened.plaintext
    if (opened.wrong === 'mac') throw otherSegment(index)
    throw new ContainerError('container/segment-tag', 'a segment does not decrypt', { values: { segment: index } })
  })
  for await (const plaintext of opening) if (plaintext.length > 0) yield plaintext
}

function otherSegment(index: number): ContainerError {
  return new ContainerError('container/segment-hash', 'a segment is not the one that was sealed', { values: { segment: index } })
}

/** All of a stream as one array; for payloads that are known to be small. */
export async function whole(stream: AsyncIterable<Uint8Array>): Promise<Uint8Array<ArrayBuffer>> {
  const parts: Uint8Array[] = []
  for await (const part of stream) parts.push(part)
  return concatBytes(...parts)
}
