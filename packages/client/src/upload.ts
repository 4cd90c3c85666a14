import { type Crypto, type Hasher, concatBytes, toHex } from '@entente/canonical'
import type { NodeApi } from './node-api.ts'
import { uploadShape } from './shapes.ts'

/** Length of every part but the last: 8 MiB. */
export const PART_BYTES = 8_388_608

/** Bytes that are announced: how many, and their SHA-256 (hexadecimal). */
export interface Announced {
  readonly size: number
  readonly sha256: string
}

/** How far an upload is. Kept by the host, it lets an upload that broke off go on where it was. */
export interface UploadProgress {
  readonly sha256: string
  /** Parts that the node has taken. */
  readonly parts: number
  readonly bytes: number
  readonly size: number
}

/** What a host gives for an upload. */
export interface UploadOptions {
  /** Parts that the node took before a break: they are not sent again. */
  readonly from?: number
  /** Called after every part. */
  progress?(progress: UploadProgress): void
}

/**
 * Sends bytes in parts, each under its own SHA-256, and ends the upload. `at` is where they are announced
 * (`/api/containers`, `/api/drafts/:id/files`); the same announcement after a break names the same upload.
 */
export async function uploadBytes(
  crypto: Crypto,
  api: NodeApi,
  at: string,
  announced: Announced,
  bytes: AsyncIterable<Uint8Array>,
  options: UploadOptions = {},
): Promise<void> {
  const { sha256, size } = announced
  const { upload } = await api.post(at, { sha256, size }, uploadShape)
  let number = 0
  let sent = 0
  for await (const { part, digest } of partsOf(crypto, bytes)) {
    if (number >= (options.from ?? 0)) await api.put(`/api/uploads/${upload}/parts/${number}?sha256=${toHex(digest)}`, part)
    number++
    sent += part.length
    options.progress?.({ sha256, parts: number, bytes: sent, size })
  }
  await api.send(`/api/uploads/${upload}/complete`, { size, sha256 })
}

/**
 * Regroups bytes into parts of `PART_BYTES`, the last one shorter, each with its SHA-256; nothing at all gives no part. Hashed
 * as they come, not a whole part at once: in a browser that would hold up everything else.
 */
async function* partsOf(
  crypto: Crypto,
  bytes: AsyncIterable<Uint8Array>,
): AsyncGenerator<{ readonly part: Uint8Array; readonly digest: Uint8Array }> {
  let held: Uint8Array[] = []
  let length = 0
  let hash: Hasher = crypto.hashSha256()
  for await (const piece of bytes) {
    for (let rest = piece; rest.length > 0;) {
      const fits = rest.subarray(0, PART_BYTES - length)
      rest = rest.subarray(fits.length)
      held.push(fits)
      hash.update(fits)
      length += fits.length
      if (length < PART_BYTES) continue
      yield { part: concatBytes(...held), digest: hash.digest() }
      held = []
      length = 0
      hash = crypto.hashSha256()
    }
  }
  if (length > 0) yield { part: concatBytes(...held), digest: hash.digest() }
}

/** Size and SHA-256 of a stream, which is read to its end. */
export async function measure(crypto: Crypto, bytes: AsyncIterable<Uint8Array>): Promise<Announced> {
  const hash: Hasher = crypto.hashSha256()
  let size = 0
  for await (const piece of bytes) {
    hash.update(piece)
    size += piece.length
  }
  return { size, sha256: toHex(hash.digest()) }
}
