import type { SealedSegment, SegmentCrypto } from '@entente/canonical'

const IV_BYTES = 12
const TAG_BYTES = 16

/** Segments by WebCrypto, which works beside the page. */
export const webSegments: SegmentCrypto = {
  async seal(key, segment) {
    const cipher = await crypto.subtle.importKey('raw', fixed(key), 'AES-GCM', false, ['encrypt'])
    const sealed = await crypto.subtle.encrypt(gcm(segment), cipher, segment.subarray(IV_BYTES, segment.length - TAG_BYTES))
    segment.set(new Uint8Array(sealed), IV_BYTES)
    const [mac, digested] = await Promise.all([crypto.subtle.sign('HMAC', await macKey(key), segment), digest(segment)])
    return { ...digested, mac: new Uint8Array(mac) }
  },
  async open(key, segment, mac) {
    // WebCrypto compares in constant time.
    if (mac !== undefined && !(await crypto.subtle.verify('HMAC', await macKey(key), fixed(mac), segment))) return { ok: false, wrong: 'mac' }
    const cipher = await crypto.subtle.importKey('raw', fixed(key), 'AES-GCM', false, ['decrypt'])
    try {
      const opened = await crypto.subtle.decrypt(gcm(segment), cipher, segment.subarray(IV_BYTES))
      return { ok: true, plaintext: new Uint8Array(opened) }
    } catch {
      return { ok: false, wrong: 'tag' }
    }
  },
  digest,
}

async function digest(segment: Uint8Array<ArrayBuffer>): Promise<Omit<SealedSegment, 'mac'>> {
  return { segment, sha384: new Uint8Array(await crypto.subtle.digest('SHA-384', segment)) }
}

function gcm(segment: Uint8Array<ArrayBuffer>): AesGcmParams {
  return { name: 'AES-GCM', iv: segment.subarray(0, IV_BYTES), tagLength: TAG_BYTES * 8 }
}

async function macKey(key: Uint8Array): Promise<CryptoKey> {
  return crypto.subtle.importKey('raw', fixed(key), { name: 'HMAC', hash: 'SHA-256' }, false, ['sign', 'verify'])
}

/** WebCrypto takes no view of memory that is shared between threads; ours never is. */
function fixed(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  return bytes as Uint8Array<ArrayBuffer>
}
