import { type Crypto, type Signer, CanonicalError, fromBase64Url, sameBytes, utf8 } from '@entente/canonical'
import { ExchangeError } from './errors.ts'
import { type InnerList, isQuotable, memberOf, readByteSequence, readInnerList, writeByteSequence, writeInnerList } from './structured.ts'

/** Exactly what every call between nodes covers, in this order (RFC 9421 section 2; spec/exchange.md 4). */
export const SIGNED_COMPONENTS = ['@method', '@target-uri', 'content-digest', 'content-type'] as const
/** Exactly the parameters of a signature, in this order. */
export const SIGNATURE_PARAMETERS = ['created', 'expires', 'nonce', 'keyid', 'alg', 'tag'] as const
/** The label of the one signature. */
export const SIGNATURE_LABEL = 'sig1'
/** What the signatures are for: keeps a signature made for another protocol from standing here. */
export const SIGNATURE_TAG = 'entente-1'
/** Longest life of a signature, in seconds. */
export const SIGNATURE_SECONDS = 300

/** A call as it goes over the wire. The target is the stable name and path, never an address. */
export interface SignableRequest {
  /** Upper case. */
  readonly method: string
  /** `https://node.aus.entente.example/x/1/inbox`: exactly what the sender meant, byte for byte. */
  readonly targetUri: string
  readonly contentType: string
  readonly body: Uint8Array
}

/** A call as it came: the header lines in order, a repeated one twice. */
export interface ReceivedRequest {
  readonly method: string
  /** Own stable name, and the path and query as they came; built by the receiver, not taken from a header. */
  readonly targetUri: string
  readonly headers: readonly (readonly [name: string, value: string])[]
  readonly body: Uint8Array
}

/** Headers that a signed call carries. */
export interface SignatureHeaders {
  readonly 'content-type': string
  readonly 'content-digest': string
  readonly 'signature-input': string
  readonly signature: string
}

/** What a valid signature says of itself. */
export interface RequestSignature {
  readonly keyId: string
  readonly nonce: string
  readonly created: number
  readonly expires: number
}

/**
 * The headers of a signed call. `signer` is an Ed25519 key; `created` in seconds; `expiresSeconds` at most 300; `nonce`
 * is 16 or more fresh bytes in URL-safe base64. Throws `exchange/http-header` for values that cannot be signed.
 */
export async function signRequest(
  crypto: Crypto,
  request: SignableRequest,
  by: {
    readonly signer: Signer
    readonly keyId: string
    readonly created: number
    readonly expiresSeconds: number
    readonly nonce: string
  },
): Promise<SignatureHeaders> {
  if (by.expiresSeconds < 1 || by.expiresSeconds > SIGNATURE_SECONDS) throw parameters('expires')
  checkTarget(request.method, request.targetUri)
  checkFieldValue('content-type', request.contentType)
  if (!isNonce(by.nonce)) throw parameters('nonce')
  if (!isQuotable(by.keyId)) throw parameters('keyid')
  const digest = contentDigest(crypto, request.body)
  const list: InnerList = {
    items: SIGNED_COMPONENTS,
    parameters: [
      ['created', by.created],
      ['expires', by.created + by.expiresSeconds],
      ['nonce', by.nonce],
      ['keyid', by.keyId],
      ['alg', 'ed25519'],
      ['tag', SIGNATURE_TAG],
    ],
  }
  const input = writeInnerList(list)
  const base = signatureBase(request.method, request.targetUri, digest, request.contentType, input)
  return {
    'content-type': request.contentType,
    'content-digest': digest,
    'signature-input': `${SIGNATURE_LABEL}=${input}`,
    signature: `${SIGNATURE_LABEL}=${writeByteSequence(await by.signer.sign(utf8(base)))}`,
  }
}

/**
 * Checks a call that came. Anything but exactly one signature, labelled `sig1`, over exactly the required components
 * with exactly the required parameters is refused; there is no answer that means *unsigned*. `keyOf` gives the raw
 * Ed25519 key of a key id; `now` in seconds; `skewSeconds` is how far the other clock may be ahead or behind.
 * The caller spends the nonce (`SpentNonces`). Throws the codes `exchange/http-*`.
 */
export async function verifyRequest(
  crypto: Crypto,
  request: ReceivedRequest,
  by: { readonly keyOf: (keyId: string) => Uint8Array | undefined; readonly now: number; readonly skewSeconds: number },
): Promise<RequestSignature> {
  const input = memberOf(SIGNATURE_LABEL, onlyHeader(request, 'signature-input', 'exchange/http-unsigned'))
  const value = memberOf(SIGNATURE_LABEL, onlyHeader(request, 'signature', 'exchange/http-unsigned'))
  if (input === undefined || value === undefined)
    throw new ExchangeError('exchange/http-unsigned', 'a call without the signature that is required')
  const signature = readByteSequence(value)
  if (signature === undefined) throw new ExchangeError('exchange/http-unsigned', 'a signature that cannot be read')
  const said = readParameters(input)
  checkTarget(request.method, request.targetUri)
  const contentType = onlyHeader(request, 'content-type', 'exchange/http-header')
  const digest = onlyHeader(request, 'content-digest', 'exchange/http-header')
  checkFieldValue('content-type', contentType)
  if (!sameBytes(utf8(digest), utf8(contentDigest(crypto, request.body)))) {
    throw new ExchangeError('exchange/http-digest', 'the content digest is not that of the content')
  }
  const publicKey = by.keyOf(said.keyId)
  if (publicKey === undefined)
    throw new ExchangeError('exchange/http-key-unknown', 'a call signed with an unknown key', { values: { key: said.keyId } })
  const base = signatureBase(request.method, request.targetUri, digest, contentType, input)
  if (!(await crypto.verify('Ed25519', publicKey, utf8(base), signature))) {
    throw new ExchangeError('exchange/http-signature', 'the signature of a call does not hold', { values: { key: said.keyId } })
  }
  if (said.created > by.now + by.skewSeconds || by.now >= said.expires + by.skewSeconds) {
    throw new ExchangeError('exchange/http-time', 'a call signed for another time', {
      values: { created: said.created, expires: said.expires },
    })
  }
  return said
}

/** `Content-Digest` of a body (RFC 9530), SHA-256 alone. */
export function contentDigest(crypto: Crypto, body: Uint8Array): string {
  return `sha-256=${writeByteSequence(crypto.sha256(body))}`
}

/** The signature base (RFC 9421 section 2.5) of the required components. */
export function signatureBase(method: string, targetUri: string, digest: string, contentType: string, input: string): string {
  return `"@method": ${method}\n"@target-uri": ${targetUri}\n"content-digest": ${digest}\n"content-type": ${contentType}\n"@signature-params": ${input}`
}

/** Nonces that were seen while their signatures live: a call counts once. Bounded by calls in five minutes. */
export class SpentNonces {
  readonly #until = new Map<string, number>()

  /** Spends a nonce; throws `exchange/http-replayed` the second time. `now` in seconds. */
  spend(signature: RequestSignature, now: number, skewSeconds: number): void {
    for (const [name, until] of this.#until) {
      if (until > now) break
      this.#until.delete(name)
    }
    const name = `${signature.keyId} ${signature.nonce}`
    if ((this.#until.get(name) ?? 0) > now)
      throw new ExchangeError('exchange/http-replayed', 'a call that came before', { values: { key: signature.keyId } })
    // One life for all, so that the order of the map is the order in which they end.
    this.#until.delete(name)
    this.#until.set(name, now + SIGNATURE_SECONDS + 2 * skewSeconds)
  }
}

function readParameters(input: string): RequestSignature {
  const list = readInnerList(input)
  if (list === undefined)
    throw new ExchangeError('exchange/http-parameters', 'signature parameters that cannot be read', { values: { parameter: '' } })
  if (list.items.length !== SIGNED_COMPONENTS.length || SIGNED_COMPONENTS.some((name, at) => list.items[at] !== name)) {
    throw new ExchangeError('exchange/http-components', 'a signature over other components than the required ones')
  }
  if (list.parameters.length !== SIGNATURE_PARAMETERS.length) throw parameters('')
  const [created, expires, nonce, keyId, alg, tag] = SIGNATURE_PARAMETERS.map((name, at) => {
    const [found, value] = list.parameters[at] ?? []
    if (found !== name || value === undefined) throw parameters(name)
    return value
  })
  if (typeof created !== 'number' || created < 0) throw parameters('created')
  if (typeof expires !== 'number' || expires <= created || expires - created > SIGNATURE_SECONDS) throw parameters('expires')
  if (typeof nonce !== 'string' || !isNonce(nonce)) throw parameters('nonce')
  if (typeof keyId !== 'string' || keyId === '') throw parameters('keyid')
  if (alg !== 'ed25519') throw parameters('alg')
  if (tag !== SIGNATURE_TAG) throw parameters('tag')
  return { keyId, nonce, created, expires }
}

function onlyHeader(request: ReceivedRequest, name: string, missing: 'exchange/http-unsigned' | 'exchange/http-header'): string {
  const found = request.headers.filter(([header]) => header.toLowerCase() === name)
  const [only] = found
  if (only === undefined) throw new ExchangeError(missing, `a call without ${name}`, { values: { header: name } })
  if (found.length > 1) throw new ExchangeError('exchange/http-header', `${name} stands twice`, { values: { header: name } })
  // RFC 9421 section 2.1: leading and trailing white space is no part of a value.
  return only[1].replace(/^[ \t]+|[ \t]+$/gu, '')
}

function checkFieldValue(name: string, value: string): void {
  if (value === '' || !isQuotable(value))
    throw new ExchangeError('exchange/http-header', `${name} has characters that no header has`, { values: { header: name } })
}

function checkTarget(method: string, targetUri: string): void {
  const visible = /^https:\/\/[\x21-\x7e]+$/u
  if (!/^[A-Z]{3,10}$/u.test(method) || !visible.test(targetUri) || targetUri.includes('#')) {
    throw new ExchangeError('exchange/http-header', 'a method or target that cannot be signed', { values: { header: '@target-uri' } })
  }
}

function isNonce(text: string): boolean {
  if (text.length < 22 || text.length > 128) return false
  try {
    return fromBase64Url(text).length >= 16
  } catch (cause) {
    if (cause instanceof CanonicalError) return false
    throw cause
  }
}

function parameters(parameter: string): ExchangeError {
  return new ExchangeError('exchange/http-parameters', `signature parameter ${parameter} is not as required`, { values: { parameter } })
}
