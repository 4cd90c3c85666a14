import assert from 'node:assert/strict'
import { test } from 'node:test'
import { CanonicalError, openSealed, sealTo, toHex, utf8 } from '@entente/canonical'
import { nodeCrypto } from '@entente/crypto-node'
import { canSignHere, keepSigner, keptSigner, webCrypto } from '@entente/crypto-web'

// Node's WebCrypto is the browser's interface over the same library as nodeCrypto; the browser itself is tested in apps/web.
const seed = (byte: number): Uint8Array => new Uint8Array(32).fill(byte)
const message = utf8('EXERCISE 訓練')
const isKeyError = (error: unknown): boolean => error instanceof CanonicalError && error.code === 'canonical/key'

for (const algorithm of ['Ed25519', 'ML-DSA-44', 'ML-DSA-65'] as const) {
  test(`${algorithm}: one seed is one key on both ports, and each verifies the other's signature`, async () => {
    const [web, node] = [await webCrypto.signer(algorithm, seed(3)), await nodeCrypto.signer(algorithm, seed(3))]
    assert.deepEqual(web.publicKey, node.publicKey)
    assert.equal(await nodeCrypto.verify(algorithm, web.publicKey, message, await web.sign(message)), true)
    assert.equal(await webCrypto.verify(algorithm, node.publicKey, message, await node.sign(message)), true)
    assert.equal(await webCrypto.verify(algorithm, node.publicKey, utf8('other'), await node.sign(message)), false)
    assert.equal(await webCrypto.verify(algorithm, node.publicKey.subarray(1), message, await node.sign(message)), false)
  })
}

test('X-Wing: one seed is one key, and what one port encapsulates the other opens', async () => {
  const [web, node] = [await webCrypto.kemKey(seed(7)), await nodeCrypto.kemKey(seed(7))]
  assert.deepEqual(web.publicKey, node.publicKey)
  const context = utf8('context')
  assert.deepEqual(await openSealed(webCrypto, web, await sealTo(nodeCrypto, node.publicKey, message, context), context), message)
  assert.deepEqual(await openSealed(nodeCrypto, node, await sealTo(webCrypto, web.publicKey, message, context), context), message)
})

test('X-Wing refuses a low-order point and lengths that cannot be', async () => {
  const key = await webCrypto.kemKey()
  const bad = key.publicKey.slice()
  bad.fill(0, 1_184)
  await assert.rejects(async () => webCrypto.encapsulate(bad), isKeyError)
  await assert.rejects(async () => webCrypto.encapsulate(bad.subarray(1)), isKeyError)
  await assert.rejects(async () => key.decapsulate(new Uint8Array(5)), isKeyError)
  await assert.rejects(async () => webCrypto.kemKey(new Uint8Array(31)), isKeyError)
})

test('hashes, MACs and derived keys are those of the other port', () => {
  const parts = [utf8('a'), new Uint8Array(300).fill(5)]
  assert.deepEqual(webCrypto.sha256(...parts), nodeCrypto.sha256(...parts))
  assert.deepEqual(webCrypto.sha384(...parts), nodeCrypto.sha384(...parts))
  assert.deepEqual(webCrypto.hmacSha256(seed(1), ...parts), nodeCrypto.hmacSha256(seed(1), ...parts))
  assert.deepEqual(webCrypto.hkdfSha256(seed(1), seed(2), message, 44), nodeCrypto.hkdfSha256(seed(1), seed(2), message, 44))
  const hash = webCrypto.hashSha256()
  for (const part of parts) hash.update(part)
  assert.equal(toHex(hash.digest()), toHex(nodeCrypto.sha256(...parts)))
  assert.equal(webCrypto.equal(seed(1), seed(1)), true)
  assert.equal(webCrypto.equal(seed(1), seed(2)), false)
  assert.equal(webCrypto.equal(seed(1), seed(1).subarray(1)), false)
})

test('AES-GCM: each port opens what the other sealed, and nothing that was changed', async () => {
  const iv = new Uint8Array(12).fill(9)
  const sealed = await webCrypto.sealAesGcm(seed(1), iv, message, utf8('aad'))
  assert.deepEqual(sealed, await nodeCrypto.sealAesGcm(seed(1), iv, message, utf8('aad')))
  assert.deepEqual(await webCrypto.openAesGcm(seed(1), iv, sealed, utf8('aad')), message)
  const isAead = (error: unknown): boolean => error instanceof CanonicalError && error.code === 'canonical/aead'
  await assert.rejects(async () => webCrypto.openAesGcm(seed(1), iv, sealed, utf8('other')), isAead)
  await assert.rejects(async () => webCrypto.openAesGcm(seed(1), iv, sealed.subarray(0, 8)), isAead)
})

test('a kept key signs and cannot be read', async () => {
  for (const algorithm of ['Ed25519', 'ML-DSA-65'] as const) {
    const kept = await keepSigner(algorithm, seed(4))
    assert.equal(kept.key.extractable, false)
    await assert.rejects(async () => crypto.subtle.exportKey(algorithm === 'Ed25519' ? 'pkcs8' : ('raw-seed' as 'pkcs8'), kept.key))
    assert.equal(await nodeCrypto.verify(algorithm, kept.publicKey, message, await keptSigner(kept).sign(message)), true)
    await assert.rejects(async () => keepSigner(algorithm, new Uint8Array(3)), isKeyError)
  }
  assert.equal(await canSignHere(), true)
})
