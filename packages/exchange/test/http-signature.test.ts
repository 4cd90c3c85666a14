import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { fromBase64Url, utf8 } from '@entente/canonical'
import { type ReceivedRequest, SpentNonces, contentDigest, signRequest, signatureBase, verifyRequest } from '@entente/exchange'
import * as fc from 'fast-check'
import { NOW, code, crypto, holder } from './world.ts'

interface Vector {
  readonly name: string
  readonly expect: string
  readonly now: number
  readonly method: string
  readonly targetUri: string
  readonly headers: readonly (readonly [string, string])[]
  readonly body: string
  readonly base: string
}

// Made by a separate program that knows only RFC 9421; see the description in the file.
const { publicKey, vectors } = JSON.parse(
  readFileSync(join(import.meta.dirname, '../../../spec/vectors/exchange/http-signatures.json'), 'utf8'),
) as {
  readonly publicKey: string
  readonly vectors: readonly Vector[]
}
const known = new Map([
  ['k', fromBase64Url(publicKey)],
  ['k"1', fromBase64Url(publicKey)],
])

function receivedOf({ method, targetUri, headers, body }: Vector): ReceivedRequest {
  return { method, targetUri, headers, body: utf8(body) }
}

for (const vector of vectors) {
  test(`vector: ${vector.name}: ${vector.expect}`, async () => {
    const verified = verifyRequest(crypto, receivedOf(vector), { keyOf: (id) => known.get(id), now: vector.now, skewSeconds: 0 })
    if (vector.expect !== 'accept') return assert.rejects(verified, code(vector.expect))
    await verified
    const header = (name: string): string => vector.headers.find(([found]) => found.toLowerCase() === name)?.[1].trim() ?? ''
    const input = header('signature-input').slice('sig1='.length)
    assert.equal(signatureBase(vector.method, vector.targetUri, header('content-digest'), header('content-type'), input), vector.base)
  })
}

const call = {
  method: 'POST',
  targetUri: 'https://node.jpn.entente.example/x/1/inbox?a=%2F',
  contentType: 'application/json',
  body: utf8('{}'),
}
const by = { signer: holder, keyId: 'ab'.repeat(32), created: NOW, expiresSeconds: 300, nonce: 'AAECAwQFBgcICQoLDA0ODw' }
const keyOf = (id: string): Uint8Array | undefined => (id === by.keyId ? holder.publicKey : undefined)

async function signed(): Promise<ReceivedRequest> {
  return { method: call.method, targetUri: call.targetUri, headers: Object.entries(await signRequest(crypto, call, by)), body: call.body }
}

test('what is signed here verifies here, and says who and when', async () => {
  assert.deepEqual(await verifyRequest(crypto, await signed(), { keyOf, now: NOW, skewSeconds: 0 }), {
    keyId: by.keyId,
    nonce: by.nonce,
    created: NOW,
    expires: NOW + 300,
  })
})

test('a clock that is apart by less than the skew is no reason to refuse', async () => {
  for (const now of [NOW - 600, NOW + 899]) await verifyRequest(crypto, await signed(), { keyOf, now, skewSeconds: 600 })
  for (const now of [NOW - 601, NOW + 900])
    await assert.rejects(verifyRequest(crypto, await signed(), { keyOf, now, skewSeconds: 600 }), code('exchange/http-time'))
})

test('what cannot be verified is not signed', async () => {
  for (const [request, signer, refused] of [
    [call, { ...by, expiresSeconds: 301 }, 'exchange/http-parameters'],
    [call, { ...by, expiresSeconds: 0 }, 'exchange/http-parameters'],
    [call, { ...by, nonce: 'short' }, 'exchange/http-parameters'],
    [call, { ...by, keyId: 'é' }, 'exchange/http-parameters'],
    [{ ...call, contentType: 'text/plain\r\nx: y' }, by, 'exchange/http-header'],
    [{ ...call, contentType: '' }, by, 'exchange/http-header'],
    [{ ...call, targetUri: '/x/1/inbox' }, by, 'exchange/http-header'],
    [{ ...call, targetUri: 'https://a/\n"@method": GET' }, by, 'exchange/http-header'],
    [{ ...call, method: 'POST\nx' }, by, 'exchange/http-header'],
  ] as const) {
    await assert.rejects(signRequest(crypto, request, signer), code(refused))
  }
})

test('a call counts once while its signature lives', () => {
  const spent = new SpentNonces()
  const signature = { keyId: 'k', nonce: by.nonce, created: NOW, expires: NOW + 300 }
  spent.spend(signature, NOW, 10)
  assert.throws(() => spent.spend(signature, NOW, 10), code('exchange/http-replayed'))
  assert.throws(() => spent.spend(signature, NOW + 319, 10), code('exchange/http-replayed'))
  spent.spend({ ...signature, keyId: 'other' }, NOW, 10)
  spent.spend({ ...signature, nonce: 'BBBBBBBBBBBBBBBBBBBBBB' }, NOW + 1, 10)
  spent.spend(signature, NOW + 320, 10)
})

test('whatever headers come, verifying throws its own error and never accepts another than the signed ones', async () => {
  const good = await signed()
  await fc.assert(
    fc.asyncProperty(fc.nat(3), fc.nat(200), fc.string({ maxLength: 3, unit: 'binary' }), async (which, at, text) => {
      const headers = good.headers.map(
        ([name, value], index) => [name, index === which ? value.slice(0, at) + text + value.slice(at + 1) : value] as const,
      )
      const same = headers.every(([, value], index) => value.replace(/^[ \t]+|[ \t]+$/gu, '') === good.headers[index]?.[1])
      const verified = verifyRequest(crypto, { ...good, headers }, { keyOf, now: NOW, skewSeconds: 0 })
      if (same) await verified
      else await assert.rejects(verified, (error: { code?: string }) => error.code?.startsWith('exchange/http-') === true)
    }),
    { numRuns: 400 },
  )
})

test('the digest is that of RFC 9530', () => {
  assert.equal(contentDigest(crypto, utf8('{"hello": "world"}\n')), 'sha-256=:RK/0qy18MlBSVnWgjwz6lZEWjP/lF5HF9bvEF8FabDg=:')
})
