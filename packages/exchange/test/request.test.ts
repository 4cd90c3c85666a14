import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { type Json, canonicalBytes, concatBytes, fromHex, fromUtf8, toBase64Url, toHex, utf8 } from '@entente/canonical'
import {
  type AnswerContext,
  type RelayedRequest,
  type RequestBody,
  MAX_REQUEST_BODY_BYTES,
  SEALED_ANSWER_BYTES,
  answerContext,
  checkNonce,
  ephemeralHash,
  makeNonce,
  readAnswerEnvelope,
  readRelayedRequest,
  readRequestBody,
  requestHash,
  writeRelayedRequest,
  writeRequestBody,
} from '@entente/exchange'
import * as fc from 'fast-check'
import { BASIS, ITEM, NOW, code, compact, crypto, ephemeral, evidence, opening, requestBody } from './world.ts'

const nonceKey = new Uint8Array(32).fill(5)
const whom = { realm: 'exercise', recipient: 'JPN', thumbprint: 'A'.repeat(43) } as const

test('a nonce holds for sixty seconds, for one nation, realm and key, and no two are alike', () => {
  const nonce = makeNonce(crypto, nonceKey, whom, NOW)
  assert.notEqual(makeNonce(crypto, nonceKey, whom, NOW), nonce)
  assert.deepEqual(checkNonce(crypto, nonceKey, whom, nonce, NOW), { rememberUntil: NOW + 60 })
  assert.deepEqual(checkNonce(crypto, nonceKey, whom, nonce, NOW + 59), { rememberUntil: NOW + 60 })
  for (const [key, who, text, now, refused] of [
    [nonceKey, whom, nonce, NOW + 60, 'exchange/nonce-expired'],
    [nonceKey, whom, nonce, NOW - 1, 'exchange/nonce-expired'],
    [nonceKey, { ...whom, recipient: 'NZL' }, nonce, NOW, 'exchange/nonce-invalid'],
    [nonceKey, { ...whom, realm: 'operational' }, nonce, NOW, 'exchange/nonce-invalid'],
    [nonceKey, { ...whom, thumbprint: 'B'.repeat(43) }, nonce, NOW, 'exchange/nonce-invalid'],
    [new Uint8Array(32), whom, nonce, NOW, 'exchange/nonce-invalid'],
    [nonceKey, whom, nonce.slice(0, -1), NOW, 'exchange/nonce-malformed'],
    [nonceKey, whom, `${nonce}AAAA`, NOW, 'exchange/nonce-malformed'],
    [nonceKey, whom, '', NOW, 'exchange/nonce-malformed'],
    [nonceKey, whom, `${nonce.slice(0, -1)}!`, NOW, 'exchange/nonce-malformed'],
  ] as const) {
    assert.throws(() => checkNonce(crypto, key, who, text, now), code(refused))
  }
})

test('every single bit of a nonce counts', () => {
  const bytes = Uint8Array.fromBase64(makeNonce(crypto, nonceKey, whom, NOW), { alphabet: 'base64url' })
  for (let bit = 0; bit < bytes.length * 8; bit++) {
    const changed = Uint8Array.from(bytes)
    changed[bit >> 3] = (changed[bit >> 3] ?? 0) ^ (1 << (bit & 7))
    assert.throws(() => checkNonce(crypto, nonceKey, whom, toBase64Url(changed), NOW), code('exchange/nonce-invalid'))
  }
})

test('a request body has one text, and is read back as it was', () => {
  const { basis: _own, ...own } = requestBody()
  for (const body of [requestBody(), own, requestBody({ act: 'print', serial: 9 })])
    assert.deepEqual(readRequestBody(writeRequestBody(body)), body)
})

const text = writeRequestBody(requestBody())
for (const [name, given, refused] of [
  ['white space', ` ${text}`, 'exchange/malformed'],
  ['members in another order', text.replace('{"act":"open",', '{').replace(/\}$/u, ',"act":"open"}'), 'exchange/malformed'],
  ['a member twice', text.replace('{', '{"act":"open",'), 'exchange/malformed'],
  ['nothing', '', 'exchange/malformed'],
  ['an unknown member', JSON.stringify({ ...requestBody(), zzz: 1 }), 'exchange/malformed'],
  ['more than it may hold', ' '.repeat(MAX_REQUEST_BODY_BYTES + 1), 'exchange/too-large'],
] as const) {
  test(`a request body with ${name} is not read`, () => {
    assert.throws(() => readRequestBody(given), code(refused))
  })
}

for (const change of [
  { realm: 'test' },
  { suite: 'entente-2' },
  { act: 'list' },
  { act: 'onward-release' },
  { item: ITEM.toUpperCase() },
  { serial: 0 },
  { statement: 'x' },
  { purpose: '' },
  { purpose: 'two words' },
  { ephemeral: 'AAAA' },
  { basis: { ...BASIS, version: '1' } },
  { basis: { agreement: 'jpn-aus' } },
  { expires: -1 },
]) {
  test(`a request body with ${JSON.stringify(change)} is not written`, () => {
    assert.throws(() => writeRequestBody({ ...requestBody(), ...change } as unknown as RequestBody), code('exchange/malformed'))
  })
}

test('the request hash is that of exactly the ASCII bytes; no other form has one', () => {
  const request = compact(requestBody())
  assert.equal(requestHash(crypto, request), toHex(crypto.sha256(utf8(request))))
  for (const bad of ['', 'a.b.c', 'a.b.c~', `${request}~`, `${request} `, request.replace('~', '~~'), `é${request}`, 'a'.repeat(70_000)]) {
    assert.throws(() => requestHash(crypto, bad), code('exchange/malformed'))
  }
})

test('the ephemeral hash is that of the raw key; loose bits and other lengths have none', () => {
  const key = toBase64Url(ephemeral.publicKey)
  assert.equal(ephemeralHash(crypto, key), toHex(crypto.sha256(ephemeral.publicKey)))
  assert.throws(() => ephemeralHash(crypto, `${key.slice(0, -1)}${key.endsWith('A') ? 'B' : 'x'}`), code('exchange/malformed'))
  assert.throws(() => ephemeralHash(crypto, key.slice(1)), code('exchange/malformed'))
})

const made = opening()
const relayed: RelayedRequest = { request: made.request, staple: { status: 'good' }, grant: evidence(made.grant) }

test('a relayed request is read as it was written', () => {
  assert.deepEqual(readRelayedRequest(writeRelayedRequest(relayed)), relayed)
})

for (const [name, value] of Object.entries({
  'no staple': { request: relayed.request, grant: relayed.grant },
  'no grant': { request: relayed.request, staple: {} },
  'a grant without proof': { ...relayed, grant: { leaf: 'AAAA', opening: {} } },
  'a leaf that is not base64': { ...relayed, grant: { ...relayed.grant, leaf: '???' } },
  'a request with white space': { ...relayed, request: `${relayed.request}\n` },
  'an unknown member': { ...relayed, note: 1 },
})) {
  test(`a relayed request with ${name} is not read`, () => {
    assert.throws(() => readRelayedRequest(canonicalBytes(value as Json)), code('exchange/malformed'))
  })
}

test('whatever bytes come, the readers throw only their own errors', () => {
  const readers = [readRelayedRequest, readAnswerEnvelope, (bytes: Uint8Array) => readRequestBody(bytes.toBase64())] as const
  const prefix = writeRelayedRequest(relayed)
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 60 }), fc.nat(prefix.length), fc.nat(2), (noise, cut, which) => {
      for (const bytes of [noise, concatBytes(prefix.subarray(0, cut), noise)]) {
        try {
          readers[which]?.(bytes)
        } catch (error) {
          assert.match((error as { code?: string }).code ?? '', /^exchange\//u)
        }
      }
    }),
    { numRuns: 300 },
  )
})

test('the texts and hashes of the vectors', () => {
  const vectors = JSON.parse(readFileSync(join(import.meta.dirname, '../../../spec/vectors/exchange/key-release.json'), 'utf8')) as {
    readonly nonce: {
      readonly key: string
      readonly realm: 'exercise'
      readonly recipient: string
      readonly thumbprint: string
      readonly made: number
      readonly nonce: string
    }
    readonly request: {
      readonly body: RequestBody
      readonly text: string
      readonly compact: string
      readonly hash: string
      readonly ephemeralHash: string
    }
    readonly answerContext: { readonly context: AnswerContext; readonly text: string }
    readonly sealedAnswerBytes: number
  }
  const { nonce, request } = vectors
  assert.deepEqual(checkNonce(crypto, fromHex(nonce.key), nonce, nonce.nonce, nonce.made), { rememberUntil: nonce.made + 60 })
  assert.equal(writeRequestBody(request.body), request.text)
  assert.equal(requestHash(crypto, request.compact), request.hash)
  assert.equal(ephemeralHash(crypto, request.body.ephemeral), request.ephemeralHash)
  assert.equal(fromUtf8(answerContext(vectors.answerContext.context)), vectors.answerContext.text)
  assert.equal(SEALED_ANSWER_BYTES, vectors.sealedAnswerBytes)
})
