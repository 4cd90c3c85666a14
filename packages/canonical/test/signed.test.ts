import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  CanonicalError,
  type Domain,
  type HybridSigner,
  type Signed,
  hybridSigner,
  idOf,
  openSealed,
  sealTo,
  signDocument,
  utf8,
  verifyDocument,
} from '@entente/canonical'
import { nodeCrypto as crypto } from '@entente/crypto-node'

async function signer(): Promise<HybridSigner> {
  return hybridSigner(await crypto.signer('Ed25519'), await crypto.signer('ML-DSA-65'))
}
const own = await signer()
const other = await signer()
const domain: Domain = { realm: 'exercise', type: 'example', version: 1 }
const body = { a: 1, b: ['x', true] }
const signed = await signDocument(crypto, domain, body, own)
const code = (expected: string) => (error: unknown) => error instanceof CanonicalError && error.code === expected

test('a document verifies under its own domain and key', async () => {
  assert.deepEqual(await verifyDocument(crypto, domain, signed, own.publicKey), body)
})

test('two signers: each is asked for by name', async () => {
  const both = await signDocument(crypto, domain, body, own, other)
  assert.deepEqual(await verifyDocument(crypto, domain, both, own.publicKey, other.publicKey), body)
  await assert.rejects(verifyDocument(crypto, domain, signed, own.publicKey, other.publicKey), code('canonical/signature-missing'))
})

const [first] = signed.signatures
assert.ok(first)
const refusals: readonly (readonly [string, Domain, Signed<object>, string])[] = [
  ['another realm', { ...domain, realm: 'operational' }, signed, 'canonical/signature-invalid'],
  ['another type', { ...domain, type: 'other' }, signed, 'canonical/signature-invalid'],
  ['another version', { ...domain, version: 2 }, signed, 'canonical/signature-invalid'],
  ['a changed body', domain, { ...signed, body: { ...body, a: 2 } }, 'canonical/signature-invalid'],
  [
    'the classic half alone',
    domain,
    { body, signatures: [{ ...first, mldsa65: first.mldsa65.replace(/^./u, (c) => (c === 'A' ? 'B' : 'A')) }] },
    'canonical/signature-invalid',
  ],
  [
    'the quantum half alone',
    domain,
    { body, signatures: [{ ...first, ed25519: first.ed25519.replace(/^./u, (c) => (c === 'A' ? 'B' : 'A')) }] },
    'canonical/signature-invalid',
  ],
  ['no signature', domain, { body, signatures: [] }, 'canonical/signature-missing'],
  [
    'a stranger with the right key id',
    domain,
    { body, signatures: (await signDocument(crypto, domain, body, other)).signatures.map((one) => ({ ...one, keyId: first.keyId })) },
    'canonical/signature-invalid',
  ],
]
for (const [name, at, document, expected] of refusals) {
  test(`refuses ${name}`, async () => {
    await assert.rejects(verifyDocument(crypto, at, document, own.publicKey), code(expected))
  })
}

test('no key given is no verification', async () => {
  await assert.rejects(verifyDocument(crypto, domain, signed), code('canonical/signature-missing'))
})

test('ids differ by domain and body, and not by signature', async () => {
  const again = await signDocument(crypto, domain, body, other)
  assert.equal(idOf(crypto, domain, signed.body), idOf(crypto, domain, again.body))
  assert.notEqual(idOf(crypto, domain, body), idOf(crypto, { ...domain, realm: 'operational' }, body))
  assert.notEqual(idOf(crypto, domain, body), idOf(crypto, domain, { ...body, a: 2 }))
})

test('a sealed message opens with its key, under its context, whole', async () => {
  const key = await crypto.kemKey()
  const sealed = await sealTo(crypto, key.publicKey, utf8('EXERCISE 演習'), utf8('context'))
  assert.deepEqual(await openSealed(crypto, key, sealed, utf8('context')), utf8('EXERCISE 演習'))
  await assert.rejects(openSealed(crypto, key, sealed, utf8('another')), code('canonical/aead'))
  await assert.rejects(openSealed(crypto, await crypto.kemKey(), sealed, utf8('context')), code('canonical/aead'))
  for (const at of [0, 1_100, sealed.length - 1]) {
    const changed = sealed.slice()
    changed[at] = (changed[at] ?? 0) ^ 1
    await assert.rejects(openSealed(crypto, key, changed, utf8('context')), code('canonical/aead'))
  }
  await assert.rejects(openSealed(crypto, key, sealed.subarray(0, 100), utf8('context')), code('canonical/aead'))
})
