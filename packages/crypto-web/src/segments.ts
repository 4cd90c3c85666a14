import type { Digested, SegmentCrypto } from '@entente/canonical'

const IV_BYTES = 12
const TAG_BYTES = 16

/** Segments by WebCrypto, which works beside the page. */
export const webSegments: SegmentCrypto = {
  async seal(key, segment) {
    const cipher = await crypto.subtle.importKey('raw', fixed(key), 'AES-GCM', false, ['encrypt'])
    const sealed = await crypto.subtle.encrypt(gcm(segment), cipher, segment.subarray(IV_BYTES, segment.length - TAG_BYTES))
    segment.set(new Uint8Array(sealed), IV_BYTES)
    const [mac, sha384] = await Promise.all([crypto.subtle.sign('HMAC', await macKey(key), segment), digest('SHA-384', segment)])
    return { segment, mac: new Uint8Array(mac), sha384: sha384.digest }
  },
  async open(key, segment, mac) {
    // WebCrypto compares in constant time.
    if (mac !== undefined && !(await crypto.subtle.verify('HMAC', await macKey(key), fixed(mac), segment)))
      return { ok: false, wrong: 'mac' }
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

async function digest(algorithm: 'SHA-256' | 'SHA-384', bytes: Uint8Array<ArrayBuffer>): Promise<Digested> {
  return { bytes, digest: new Uint8Array(await crypto.subtle.digest(algorithm, bytes)) }
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
