import assert from 'node:assert/strict'
import { createHmac, hkdfSync } from 'node:crypto'
import { test } from 'node:test'
import { CanonicalError, fromHex, toHex, utf8 } from '@entente/canonical'
import { nodeCrypto as crypto } from '@entente/crypto-node'
import { ml_dsa44, ml_dsa65 } from '@noble/post-quantum/ml-dsa.js'
import { ml_kem768_x25519 as XWing } from '@noble/post-quantum/hybrid.js'

const seed = (byte: number): Uint8Array => new Uint8Array(32).fill(byte)

test('X-Wing agrees with an independent implementation, both ways', async () => {
  const ours = await crypto.kemKey(seed(7))
  const theirs = XWing.keygen(seed(7))
  assert.deepEqual(ours.publicKey, Uint8Array.from(theirs.publicKey))
  const { ciphertext, secret } = await crypto.encapsulate(ours.publicKey)
  assert.deepEqual(Uint8Array.from(XWing.decapsulate(ciphertext, theirs.secretKey)), secret)
  const { cipherText, sharedSecret } = XWing.encapsulate(ours.publicKey)
  assert.deepEqual(await ours.decapsulate(Uint8Array.from(cipherText)), Uint8Array.from(sharedSecret))
})

test('X-Wing refuses a low-order point and lengths that cannot be', async () => {
  const key = await crypto.kemKey()
  const bad = key.publicKey.slice()
  bad.fill(0, 1_184)
  const isKeyError = (error: unknown): boolean => error instanceof CanonicalError && error.code === 'canonical/key'
  assert.throws(() => crypto.encapsulate(bad), isKeyError)
  assert.throws(() => crypto.encapsulate(bad.subarray(1)), isKeyError)
  assert.throws(() => key.decapsulate(new Uint8Array(5)), isKeyError)
})

for (const [algorithm, foreign] of [
  ['ML-DSA-44', ml_dsa44],
  ['ML-DSA-65', ml_dsa65],
] as const) {
  test(`${algorithm} signatures verify with an independent implementation, both ways`, async () => {
    const message = utf8('EXERCISE 訓練')
    const ours = await crypto.signer(algorithm, seed(9))
    const theirs = foreign.keygen(seed(9))
    assert.deepEqual(ours.publicKey, Uint8Array.from(theirs.publicKey))
    assert.ok(foreign.verify(await ours.sign(message), message, theirs.publicKey))
    assert.ok(await crypto.verify(algorithm, ours.publicKey, message, Uint8Array.from(foreign.sign(message, theirs.secretKey))))
    assert.equal(await crypto.verify(algorithm, ours.publicKey, utf8('other'), await ours.sign(message)), false)
    assert.equal(await crypto.verify(algorithm, ours.publicKey.subarray(1), message, await ours.sign(message)), false)
  })
}

test('Ed25519: RFC 8032 section 7.1, test 2', async () => {
  const signer = await crypto.signer('Ed25519', fromHex('4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb'))
  assert.equal(toHex(signer.publicKey), '3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c')
  assert.equal(
    toHex(await signer.sign(fromHex('72'))),
    '92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00',
  )
})

test("hashes, MACs and key derivation are the host's", () => {
  assert.equal(toHex(crypto.sha256(utf8('a'), utf8('bc'))), 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad')
  assert.equal(
    toHex(crypto.sha384(utf8('abc'))),
    'cb00753f45a35e8bb5a03d699ac65007272c32ab0eded1631a8b605a43ff5bed8086072ba1e7cc2358baeca134c825a7',
  )
  const streamed = crypto.hashSha256()
  streamed.update(utf8('a'))
  streamed.update(utf8('bc'))
  assert.deepEqual(streamed.digest(), crypto.sha256(utf8('abc')))
  assert.deepEqual(crypto.hmacSha256(seed(1), utf8('x'), utf8('y')), new Uint8Array(createHmac('sha256', seed(1)).update('xy').digest()))
  assert.deepEqual(crypto.hkdfSha256(seed(1), seed(2), utf8('i'), 44), new Uint8Array(hkdfSync('sha256', seed(1), seed(2), 'i', 44)))
})

test('AES-256-GCM: what is changed does not open', async () => {
  const iv = seed(3).subarray(0, 12)
  const sealed = await crypto.sealAesGcm(seed(1), iv, utf8('secret'), utf8('aad'))
  assert.deepEqual(await crypto.openAesGcm(seed(1), iv, sealed, utf8('aad')), utf8('secret'))
  const isAead = (error: unknown): boolean => error instanceof CanonicalError && error.code === 'canonical/aead'
  assert.throws(() => crypto.openAesGcm(seed(2), iv, sealed, utf8('aad')), isAead)
  assert.throws(() => crypto.openAesGcm(seed(1), iv, sealed, utf8('other')), isAead)
  assert.throws(() => crypto.openAesGcm(seed(1), iv, sealed.subarray(1), utf8('aad')), isAead)
  assert.throws(() => crypto.openAesGcm(seed(1), iv, sealed.subarray(0, 3), utf8('aad')), isAead)
})
