/** One segment, at once: what runs in a worker, and here where a worker would not pay. */
import { createCipheriv, createDecipheriv, createHash, createHmac, hash, timingSafeEqual } from 'node:crypto'
import type { Digested, OpenedSegment, SealedSegment } from '@entente/canonical'

const IV_BYTES = 12
const TAG_BYTES = 16
/** A piece stays in the processor's cache from one pass to the next, and the cipher's output in memory that is used again. */
const PIECE_BYTES = 65_536

/** As `SegmentCrypto.seal`. */
export function sealSegment(key: Uint8Array, segment: Uint8Array<ArrayBuffer>): SealedSegment {
  const iv = segment.subarray(0, IV_BYTES)
  const cipher = createCipheriv('aes-256-gcm', key, iv, { authTagLength: TAG_BYTES })
  const mac = createHmac('sha256', key).update(iv)
  const sha384 = createHash('sha384').update(iv)
  const end = segment.length - TAG_BYTES
  for (let at = IV_BYTES; at < end; at += PIECE_BYTES) {
    const sealed = cipher.update(segment.subarray(at, Math.min(at + PIECE_BYTES, end)))
    segment.set(sealed, at)
    mac.update(sealed)
    sha384.update(sealed)
  }
  cipher.final()
  const tag = cipher.getAuthTag()
  segment.set(tag, end)
  return { segment, mac: new Uint8Array(mac.update(tag).digest()), sha384: new Uint8Array(sha384.update(tag).digest()) }
}

/** As `SegmentCrypto.open`. */
export function openSegment(key: Uint8Array, segment: Uint8Array<ArrayBuffer>, mac?: Uint8Array): OpenedSegment {
  if (mac !== undefined) {
    const found = createHmac('sha256', key).update(segment).digest()
    if (found.length !== mac.length || !timingSafeEqual(found, mac)) return { ok: false, wrong: 'mac' }
  }
  const end = segment.length - TAG_BYTES
  if (end < IV_BYTES) return { ok: false, wrong: 'tag' }
  const decipher = createDecipheriv('aes-256-gcm', key, segment.subarray(0, IV_BYTES), { authTagLength: TAG_BYTES })
  decipher.setAuthTag(segment.subarray(end))
  for (let at = IV_BYTES; at < end; at += PIECE_BYTES)
    segment.set(decipher.update(segment.subarray(at, Math.min(at + PIECE_BYTES, end))), at)
  try {
    decipher.final()
  } catch {
    return { ok: false, wrong: 'tag' }
  }
  return { ok: true, plaintext: segment.subarray(IV_BYTES, end) }
}

/** As `SegmentCrypto.digest`. */
export function digestBytes(algorithm: 'SHA-256' | 'SHA-384', bytes: Uint8Array<ArrayBuffer>): Digested {
  return { bytes, digest: new Uint8Array(hash(algorithm === 'SHA-256' ? 'sha256' : 'sha384', bytes, 'buffer')) }
}
