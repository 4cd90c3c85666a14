import { type Crypto, type KemKey, codeOf, concatBytes, fromBase64Url, fromUtf8, readJson, toBase64Url, utf8 } from '@entente/canonical'
import { NodeError } from '../errors.ts'

const SEGMENT = 65_536
const TAG = 16
const INFO = 'entente/backup/v1'
const LONGEST_HEAD = 4_096

/**
 * Seals a stream for one recovery key: a line of JSON with the encapsulated secret (X-Wing), then segments of 64 KiB under
 * AES-256-GCM, each with its number and whether it is the last in its nonce (STREAM), the line as additional data.
 */
export async function* sealStream(
  crypto: Crypto,
  recipient: Uint8Array,
  plain: AsyncIterable<Uint8Array>,
): AsyncGenerator<Uint8Array, void, void> {
  const { ciphertext, secret } = await crypto.encapsulate(recipient)
  const head = utf8(`{"backup":1,"ciphertext":"${toBase64Url(ciphertext)}"}\n`)
  const key = crypto.hkdfSha256(secret, crypto.sha256(head), utf8(INFO), 32)
  yield head
  let number = 0
  let held = new Uint8Array(0)
  for await (const piece of plain) {
    held = concatBytes(held, piece)
    // The last segment is known to be that only when nothing follows, so a whole one is kept back.
    while (held.length > SEGMENT) {
      yield await crypto.sealAesGcm(key, nonce(number++, false), held.subarray(0, SEGMENT), head)
      held = held.slice(SEGMENT)
    }
  }
  yield await crypto.sealAesGcm(key, nonce(number, true), held, head)
}

/** Opens what `sealStream` made. Throws `node/backup` (`reason`: `format`, `key`) for another key and for any change, cut or addition. */
export async function* openStream(crypto: Crypto, key: KemKey, sealed: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array, void, void> {
  let held = new Uint8Array(0)
  let head: Uint8Array | undefined
  let secret = new Uint8Array(0)
  let number = 0
  const open = async (segment: Uint8Array, last: boolean): Promise<Uint8Array> => {
    try {
      return await crypto.openAesGcm(secret, nonce(number++, last), segment, head)
    } catch (cause) {
      throw failed('key', cause)
    }
  }
  for await (const piece of sealed) {
    held = concatBytes(held, piece)
    if (head === undefined) {
      const end = held.indexOf(0x0a)
      if (end === -1 && held.length > LONGEST_HEAD) throw failed('format')
      if (end === -1) continue
      head = held.slice(0, end + 1)
      held = held.slice(end + 1)
      secret = new Uint8Array(crypto.hkdfSha256(await key.decapsulate(ciphertextOf(head)), crypto.sha256(head), utf8(INFO), 32))
    }
    while (held.length > SEGMENT + TAG) {
      yield await open(held.subarray(0, SEGMENT + TAG), false)
      held = held.slice(SEGMENT + TAG)
    }
  }
  if (head === undefined || held.length < TAG) throw failed('format')
  yield await open(held, true)
}

function ciphertextOf(head: Uint8Array): Uint8Array {
  try {
    const { backup, ciphertext } = readJson(utf8(fromUtf8(head).trimEnd())) as { readonly backup?: unknown; readonly ciphertext?: unknown }
    if (backup === 1 && typeof ciphertext === 'string' && ciphertext.length === 1_494) return fromBase64Url(ciphertext)
  } catch (cause) {
    throw failed('format', cause)
  }
  throw failed('format')
}

/** 11 bytes of number, one that says whether it is the last. */
function nonce(number: number, last: boolean): Uint8Array {
  const bytes = new Uint8Array(12)
  new DataView(bytes.buffer).setUint32(7, number)
  bytes[11] = last ? 1 : 0
  return bytes
}

function failed(reason: string, cause?: unknown): NodeError {
  const why = cause === undefined ? '' : `: ${codeOf(cause)}`
  return new NodeError('node/backup', `the backup cannot be opened (${reason}${why})`, {
    values: { reason },
    ...(cause === undefined ? {} : { cause }),
  })
}
