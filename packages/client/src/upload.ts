import { type Crypto, type Hasher, concatBytes, toHex } from '@entente/canonical'
import type { NodeApi } from './node-api.ts'
import { announcedShape, uploadShape } from './shapes.ts'

/** Length of every part but the last: 8 MiB. */
export const PART_BYTES = 8_388_608

/** Bytes that are announced: how many, and their SHA-256 (hexadecimal). */
export interface Announced {
  readonly size: number
  readonly sha256: string
}

/** How far an upload is. Kept by the host, it lets an upload that broke off go on where it was. */
export interface UploadProgress {
  /** What was announced: a file's SHA-256, a container's statement. */
  readonly id: string
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
 * Sends a draft's file in parts, each under its own SHA-256, and ends the upload. The same announcement after a break names the
 * same upload.
 */
export async function uploadFile(
  crypto: Crypto,
  api: NodeApi,
  draft: string,
  announced: Announced,
  bytes: AsyncIterable<Uint8Array>,
  options: UploadOptions = {},
): Promise<void> {
  const { sha256, size } = announced
  const { upload } = await api.post(`/api/drafts/${draft}/files`, { sha256, size }, uploadShape)
  await sendParts(crypto, api, { upload, id: sha256, size }, bytes, options)
  await api.send(`/api/uploads/${upload}/complete`, { size, sha256 })
}

/**
 * As `uploadFile`, for a container that was sealed under this statement. Gives the name by which the node has it: what stands in
 * it is checked against the statement, so that nobody hashes it before it is sent.
 */
export async function uploadContainer(
  crypto: Crypto,
  api: NodeApi,
  sealed: { readonly statement: string; readonly size: number },
  bytes: AsyncIterable<Uint8Array>,
  options: UploadOptions = {},
): Promise<Announced> {
  const { statement, size } = sealed
  const { upload } = await api.post('/api/containers', { statement, size }, uploadShape)
  await sendParts(crypto, api, { upload, id: statement, size }, bytes, options)
  return api.post(`/api/uploads/${upload}/complete`, { size }, announcedShape)
}

async function sendParts(
  crypto: Crypto,
  api: NodeApi,
  { upload, id, size }: { readonly upload: string; readonly id: string; readonly size: number },
  bytes: AsyncIterable<Uint8Array>,
  options: UploadOptions,
): Promise<void> {
  let number = 0
  let sent = 0
  for await (const whole of partsOf(bytes)) {
    sent += whole.length
    if (number >= (options.from ?? 0)) {
      const { bytes: part, digest } = await crypto.segments.digest('SHA-256', whole)
      await api.put(`/api/uploads/${upload}/parts/${number}?sha256=${toHex(digest)}`, part)
    }
    number++
    options.progress?.({ id, parts: number, bytes: sent, size })
  }
}

/** Regroups bytes into parts of `PART_BYTES`, the last one shorter; nothing at all gives no part. */
async function* partsOf(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array<ArrayBuffer>> {
  let held: Uint8Array[] = []
  let length = 0
  for await (const piece of bytes) {
    for (let rest = piece; rest.length > 0;) {
      const fits = rest.subarray(0, PART_BYTES - length)
      rest = rest.subarray(fits.length)
      held.push(fits)
      length += fits.length
      if (length < PART_BYTES) continue
      yield concatBytes(...held)
      held = []
      length = 0
    }
  }
  if (length > 0) yield concatBytes(...held)
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
