import {
  type Crypto,
  type Json,
  canonicalBytes,
  canonicalText,
  concatBytes,
  fromBase64Url,
  fromUtf8,
  readJson,
  toBase64,
  toBase64Url,
  toHex,
  utf8,
} from '@entente/canonical'
import { ContainerError } from './errors.ts'
import type { Assertion, Manifest } from './manifest.ts'

/** Ids of the assertions that a container with a statement has, in this order, and no other. */
export const LABEL_XML_ASSERTION = 'label-stanag-4774'
export const LABEL_ASSERTION = 'entente-label'
export const RELEASE_ASSERTION = 'entente-release'
export const ASSERTION_IDS: readonly string[] = [LABEL_XML_ASSERTION, LABEL_ASSERTION, RELEASE_ASSERTION]

const SCHEMAS: Readonly<Record<string, string>> = {
  [LABEL_XML_ASSERTION]: 'urn:nato:stanag:4774:confidentialitymetadatalabel:1:0',
  [LABEL_ASSERTION]: 'urn:entente:label:1',
  [RELEASE_ASSERTION]: 'urn:entente:release-statement:1',
}
const FORMATS: Readonly<Record<string, string>> = {
  [LABEL_XML_ASSERTION]: 'xml-structured',
  [LABEL_ASSERTION]: 'json-structured',
  [RELEASE_ASSERTION]: 'json-structured',
}
/** The one header that we write and, in a container with a statement, accept: no key, no certificate, no other algorithm. */
const HEADER = toBase64Url(utf8('{"alg":"HS256"}'))

/** An assertion before it is bound; its value is always a string, since upstream readers disagree on how to hash an object. */
export function assertion(id: string, value: string): Assertion {
  return {
    id,
    type: id === RELEASE_ASSERTION ? 'other' : 'handling',
    scope: 'tdo',
    appliesToState: 'encrypted',
    statement: { format: FORMATS[id] ?? 'string', schema: SCHEMAS[id] ?? '', value },
  }
}

/** What the segments' hashes are together: their bytes one after the other (the root signature is over this). */
export function assertionHash(crypto: Crypto, unbound: Assertion): Uint8Array {
  const { binding: _, ...rest } = unbound
  return crypto.sha256(canonicalBytes(rest as unknown as Json))
}

/** Header and payload of the binding: everything of it but the HMAC, and so checkable without a key. */
export function signingInput(crypto: Crypto, unbound: Assertion, aggregate: Uint8Array): string {
  const hash = assertionHash(crypto, unbound)
  const payload = canonicalText({ assertionHash: toHex(hash), assertionSig: toBase64(concatBytes(aggregate, hash)) })
  return `${HEADER}.${toBase64Url(utf8(payload))}`
}

/** The assertion with its binding under the data key. */
export function bindAssertion(crypto: Crypto, unbound: Assertion, aggregate: Uint8Array, dataKey: Uint8Array): Assertion {
  const input = signingInput(crypto, unbound, aggregate)
  return { ...unbound, binding: { method: 'jws', signature: `${input}.${toBase64Url(crypto.hmacSha256(dataKey, utf8(input)))}` } }
}

/**
 * Without a key: the three assertions of a container with a statement stand in their order, are as we write them, and each
 * binding says what it must, to the character. Throws `container/assertions`, `-header`, `-content`.
 */
export function checkAssertionForm(crypto: Crypto, manifest: Manifest, aggregate: Uint8Array): void {
  const found = manifest.assertions ?? []
  if (found.length !== ASSERTION_IDS.length || found.some((one, index) => one.id !== ASSERTION_IDS[index])) {
    throw new ContainerError('container/assertions', 'the assertions are not label and release statement, in that order')
  }
  for (const one of found) {
    const values = { assertion: one.id }
    const value = one.statement.value
    const expected = assertion(one.id, typeof value === 'string' ? value : '')
    const { binding, ...rest } = one
    if (canonicalText(rest as unknown as Json) !== canonicalText(expected as unknown as Json)) {
      throw new ContainerError('container/assertions', 'an assertion is not of its kind', { values })
    }
    const [header = '', payload = '', mac = '', ...more] = (binding?.signature ?? '').split('.')
    if (header !== HEADER)
      throw new ContainerError('container/assertion-header', 'the binding has another header than hs256 alone', { values })
    if (`${header}.${payload}` !== signingInput(crypto, expected, aggregate) || more.length > 0 || !/^[A-Za-z0-9_-]{43}$/u.test(mac)) {
      throw new ContainerError('container/assertion-content', 'the binding is over something else than assertion and payload', { values })
    }
  }
}

/** With the data key: throws `container/assertion-binding` unless the HMAC of every assertion holds. Call `checkAssertionForm` first. */
export function checkAssertionBindings(crypto: Crypto, manifest: Manifest, dataKey: Uint8Array): void {
  for (const one of manifest.assertions ?? []) {
    const signature = one.binding?.signature ?? ''
    const end = signature.lastIndexOf('.')
    const mac = toBase64Url(crypto.hmacSha256(dataKey, utf8(signature.slice(0, end))))
    if (!crypto.equal(utf8(mac), utf8(signature.slice(end + 1)))) {
      throw new ContainerError('container/assertion-binding', 'a binding was not made with the data key', { values: { assertion: one.id } })
    }
  }
}

/** What can be said of a foreign assertion. `unverified`: bound with a key that nobody pinned, or not at all; believe nothing of it. */
export interface ForeignAssertion {
  readonly id: string
  readonly bound: 'data-key' | 'unverified'
}

/**
 * Foreign assertions, with the data key. A key in the binding's own header is never used: it proves nothing. An HS256
 * binding that does not hold throws `container/assertion-binding`.
 */
export function checkForeignAssertions(crypto: Crypto, manifest: Manifest, aggregate: Uint8Array, dataKey: Uint8Array): ForeignAssertion[] {
  const hexadecimal = manifest.schemaVersion === undefined
  return (manifest.assertions ?? []).map((one) => {
    const jws = readJws(one.binding?.signature ?? '')
    if (jws === undefined || jws.algorithm !== 'HS256') return { id: one.id, bound: 'unverified' }
    const values = { assertion: one.id }
    const held =
      crypto.equal(jws.mac, crypto.hmacSha256(dataKey, utf8(jws.input))) &&
      foreignHashes(crypto, one).some((hash) => {
        const sum = hexadecimal ? concatBytes(aggregate, utf8(toHex(hash))) : concatBytes(aggregate, hash)
        return jws.hash === toHex(hash) && jws.sig === toBase64(sum)
      })
    if (!held) throw new ContainerError('container/assertion-binding', 'a binding does not hold under the data key', { values })
    return { id: one.id, bound: 'data-key' }
  })
}

/** Go and Java hash an object value as a string of sorted JSON, the web SDK as the object: both are read. */
function foreignHashes(crypto: Crypto, one: Assertion): Uint8Array[] {
  const hashes = [assertionHash(crypto, one)]
  if (typeof one.statement.value !== 'string') {
    hashes.push(assertionHash(crypto, { ...one, statement: { ...one.statement, value: canonicalText(one.statement.value) } }))
  }
  return hashes
}

function readJws(signature: string): { algorithm: string; input: string; hash: string; sig: string; mac: Uint8Array } | undefined {
  const [header, payload, mac, ...more] = signature.split('.')
  if (header === undefined || payload === undefined || mac === undefined || more.length > 0) return undefined
  try {
    const head = readJson(fromBase64Url(header)) as { alg?: unknown }
    const body = readJson(utf8(fromUtf8(fromBase64Url(payload))), 16_777_216) as { assertionHash?: unknown; assertionSig?: unknown }
    return {
      algorithm: String(head.alg),
      input: `${header}.${payload}`,
      hash: String(body.assertionHash),
      sig: String(body.assertionSig),
      mac: fromBase64Url(mac),
    }
  } catch {
    return undefined
  }
}
