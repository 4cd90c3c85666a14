import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  type Agreement,
  type AgreementVersion,
  agreementId,
  inForce,
  mergeSignatures,
  signAgreement,
  verifyAgreement,
  verifyChain,
  verifyVersions,
} from '@entente/agreement'
import { nodeCrypto } from '@entente/crypto-node'
import { type Change, START, anchors, aus, bent, changed, first, jpn, other, part } from './specimen.ts'

function after(previous: Agreement, ...changes: readonly Change[]): Agreement {
  const next: readonly Change[] = [
    ['version', previous.version + 1],
    ['previous', agreementId(nodeCrypto, previous)],
    ['inForceFrom', previous.inForceFrom + 100],
  ]
  return bent(previous, ...next, ...changes)
}

function version(body: Agreement): AgreementVersion {
  return { id: agreementId(nodeCrypto, body), body }
}

test('a version counts only with the signatures of both authorities', async () => {
  const signed = await signAgreement(nodeCrypto, first, aus, jpn)
  assert.equal((await verifyAgreement(nodeCrypto, signed, { anchors })).id, agreementId(nodeCrypto, first))
  await assert.rejects(verifyAgreement(nodeCrypto, await signAgreement(nodeCrypto, first, aus)), { code: 'canonical/signature-missing' })
  const altered = { ...signed, body: changed(['grants/0/ceiling', 'TOP-SECRET']) }
  await assert.rejects(verifyAgreement(nodeCrypto, altered), { code: 'canonical/signature-invalid' })
})

test('signatures made apart are put together; over another body they are not', async () => {
  const merged = mergeSignatures(await signAgreement(nodeCrypto, first, aus), await signAgreement(nodeCrypto, first, aus, jpn))
  assert.equal(merged.signatures.length, 2)
  await verifyAgreement(nodeCrypto, merged, { anchors })
  const elsewhere = await signAgreement(nodeCrypto, changed(['version', 3]), jpn)
  assert.throws(() => mergeSignatures(merged, elsewhere), { code: 'agreement/other-body' })
})

test('an agreement that names its own keys proves nothing to who knows the real ones', async () => {
  const forged = changed(['parties/1/authorityKey', part(other.publicKey)])
  const signed = await signAgreement(nodeCrypto, forged, aus, other)
  await verifyAgreement(nodeCrypto, signed)
  await assert.rejects(verifyAgreement(nodeCrypto, signed, { anchors }), { code: 'agreement/anchor', values: { nation: 'JPN' } })
})

test('an authority key is replaced only with the word of the old one', async () => {
  const second = after(first, ['parties/1/authorityKey', part(other.publicKey)])
  const start = await signAgreement(nodeCrypto, first, aus, jpn)
  const taken = await signAgreement(nodeCrypto, second, aus, other)
  await assert.rejects(verifyVersions(nodeCrypto, [start, taken], anchors), { code: 'canonical/signature-missing' })
  const given = await signAgreement(nodeCrypto, second, aus, jpn, other)
  assert.equal((await verifyVersions(nodeCrypto, [start, given], anchors)).length, 2)
})

test('a chain has one name, no gap, no other predecessor and rising dates', () => {
  const one = version(first)
  const two = version(after(first))
  verifyChain([one, two, version(after(two.body))])
  assert.throws(() => verifyChain([]), { code: 'agreement/chain-empty' })
  assert.throws(() => verifyChain([two]), { code: 'agreement/chain-number' })
  assert.throws(() => verifyChain([one, one]), { code: 'agreement/chain-number' })
  assert.throws(() => verifyChain([one, version(after(first, ['agreement', 'aus-jpn']))]), { code: 'agreement/chain-name' })
  assert.throws(() => verifyChain([one, version(after(first, ['realm', 'operational']))]), { code: 'agreement/chain-name' })
  assert.throws(() => verifyChain([one, version(after(first, ['previous', '0'.repeat(64)]))]), { code: 'agreement/chain-previous' })
  assert.throws(() => verifyChain([one, version(after(first, ['inForceFrom', START]))]), { code: 'agreement/chain-dates' })
})

test('in force is the newest version that has begun, and what has ended revives nothing', () => {
  const one = version(first)
  const two = version(after(first, ['inForceUntil', START + 200]))
  assert.equal(inForce([one, two], START - 1), undefined)
  assert.equal(inForce([one, two], START), one)
  assert.equal(inForce([two, one], START + 99), one)
  assert.equal(inForce([one, two], START + 100), two)
  assert.equal(inForce([one, two], START + 200), undefined)
})
