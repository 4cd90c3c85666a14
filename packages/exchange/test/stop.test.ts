import assert from 'node:assert/strict'
import { test } from 'node:test'
import { signDocument } from '@entente/canonical'
import { type StopOrder, signStop, stopId, verifyStop } from '@entente/exchange'
import { ITEM, NOW, authority, crypto, peerKey, stranger } from './world.ts'

const order: StopOrder = { realm: 'exercise', item: ITEM, serial: 1, reason: 'compromised', at: NOW }
const expected = { realm: 'exercise', officers: [authority.publicKey, peerKey.publicKey] } as const

test('a stop that an officer signed is read back, with the key that signed it', async () => {
  for (const body of [order, { ...order, wholeReport: true } satisfies StopOrder]) {
    const { order: read, officer } = await verifyStop(crypto, await signStop(crypto, body, peerKey), expected)
    assert.deepEqual(read, body)
    assert.match(officer, /^[0-9a-f]{64}$/u)
  }
  assert.notEqual(stopId(crypto, order), stopId(crypto, { ...order, wholeReport: true }))
})

test('a stop by a stranger, of another realm, or signed as something else does not hold', async () => {
  await assert.rejects(verifyStop(crypto, await signStop(crypto, order, stranger), expected), { code: 'exchange/stranger-key' })
  await assert.rejects(verifyStop(crypto, await signStop(crypto, { ...order, realm: 'operational' }, peerKey), expected), {
    code: 'exchange/wrong-realm',
  })
  const other = await signDocument(crypto, { realm: 'exercise', type: 'release-statement', version: 1 }, order, peerKey)
  await assert.rejects(verifyStop(crypto, other, expected), { code: 'exchange/signature-invalid' })
})

test('a stop that was changed, widened, or given a second signature is none', async () => {
  const signed = await signStop(crypto, order, peerKey)
  for (const change of [{ wholeReport: true }, { reason: 'mistake' }, { serial: 2 }, { at: NOW + 1 }]) {
    await assert.rejects(verifyStop(crypto, { ...signed, body: { ...order, ...change } }, expected), { code: 'exchange/signature-invalid' })
  }
  for (const body of [
    { ...order, wholeReport: false },
    { ...order, reason: 'because' },
    { ...order, note: 'x' },
    { ...order, item: 'x' },
  ]) {
    await assert.rejects(verifyStop(crypto, { ...signed, body }, expected), { code: 'exchange/malformed' })
  }
  const signatures = [...signed.signatures, ...(await signStop(crypto, order, authority)).signatures]
  await assert.rejects(verifyStop(crypto, { ...signed, signatures }, expected), { code: 'exchange/malformed' })
  await assert.rejects(signStop(crypto, { ...order, item: 'x' }, peerKey), { code: 'exchange/malformed' })
})
