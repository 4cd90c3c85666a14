/** What persons of an authority sign: versions and notices, in different places, and what does not count (spec/agreement.md 7, 8). */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  type Agreement,
  type AgreementNotice,
  agreementId,
  agreementProblems,
  followVersions,
  knownNotice,
  mergeSignatures,
  requireInForce,
  signAgreement,
  signNotice,
  verifyAgreement,
  verifyNotice,
  verifyVersions,
} from '@entente/agreement'
import type { Signed } from '@entente/canonical'
import { nodeCrypto } from '@entente/crypto-node'
import { START, anchors, aus, authority, bent, first, jpn, other, part, policies } from './specimen.ts'
import { version } from './whole.ts'

const second = await authority(7)
const body = bent(first, ['parties/1/countersigningKey', part(second.publicKey)])
const two = version(body)

function after(previous: Agreement, ...changes: Parameters<typeof bent>[1][]): Agreement {
  return bent(
    previous,
    ['version', previous.version + 1],
    ['previous', agreementId(nodeCrypto, previous)],
    ['inForceFrom', previous.inForceFrom + 100],
    ...changes,
  )
}

async function detached(of: Agreement, ...signers: readonly (typeof aus)[]): Promise<Signed<Agreement>> {
  return signAgreement(nodeCrypto, of, ...signers)
}

test('where two persons are pinned no version counts without both, wherever each signed', async () => {
  const [mine, one, another] = [await detached(body, aus), await detached(body, jpn), await detached(body, second)]
  for (const part of [mergeSignatures(mine, one), mergeSignatures(mine, another), mergeSignatures(one, another)])
    await assert.rejects(verifyAgreement(nodeCrypto, part, { anchors }), { code: 'canonical/signature-missing' })
  const whole = mergeSignatures(another, mine, one, mine)
  assert.equal(whole.signatures.length, 3)
  assert.equal((await verifyAgreement(nodeCrypto, whole, { anchors })).id, two.id)
  // A signature of the second person over something else, with the key id of the first.
  const forged = { ...whole, signatures: whole.signatures.map((one) => ({ ...one, keyId: whole.signatures[0]?.keyId ?? '' })) }
  await assert.rejects(verifyAgreement(nodeCrypto, forged, { anchors }))
})

test('one key, or a half of it, does not make two persons', () => {
  const own = jpn.publicKey
  for (const twice of [own, { ...second.publicKey, ed25519: own.ed25519 }, { ...second.publicKey, mldsa65: own.mldsa65 }]) {
    const [problem] = agreementProblems(bent(first, ['parties/1/countersigningKey', part(twice)]), policies)
    assert.deepEqual([problem?.code, problem?.where], ['agreement/duplicate', 'parties/1/countersigningKey'])
  }
  assert.deepEqual(agreementProblems(body, policies), [])
})

test('the second person of a version must sign the next one, which may let them go', async () => {
  const next = after(body, ['parties/1/countersigningKey', undefined])
  const start = await detached(body, aus, jpn, second)
  await assert.rejects(verifyVersions(nodeCrypto, [start, await detached(next, aus, jpn)], anchors), {
    code: 'canonical/signature-missing',
  })
  const versions = await verifyVersions(nodeCrypto, [start, await detached(next, aus, jpn, second)], anchors)
  assert.equal(versions.length, 2)
})

test('half a hybrid signature is none', async () => {
  const signed = await detached(first, aus, jpn)
  const [one, another] = signed.signatures
  assert.ok(one && another)
  for (const half of ['ed25519', 'mldsa65'] as const) {
    const bad = { ...signed, signatures: [{ ...one, [half]: another[half] }, another] }
    await assert.rejects(verifyAgreement(nodeCrypto, bad, { anchors }), { code: 'canonical/signature-invalid' })
  }
})

test('an older history is refused as a replay, another one as a fork', () => {
  const one = version(first)
  const next = version(after(first))
  const rival = version(after(first, ['compromiseHours', 48]))
  assert.equal(followVersions([], [one]), 'newer')
  assert.equal(followVersions([one], [one, next]), 'newer')
  assert.equal(followVersions([one, next], [one, next]), 'same')
  assert.throws(() => followVersions([one, next], [one]), { code: 'agreement/replayed', values: { agreement: 'jpn-aus', version: 2 } })
  assert.throws(() => followVersions([one, next], []), { code: 'agreement/replayed' })
  assert.throws(() => followVersions([one, next], [one, rival]), { code: 'agreement/forked' })
})

test('a version is in force here by the own clock only: too early, too late, suspended or unknown is refused', () => {
  const one = version(first)
  const next = version(after(first))
  const at = (id: string, when: number, ...notices: Parameters<typeof requireInForce>[1]): number =>
    requireInForce([one, next], notices, id, when).body.version
  assert.equal(at(one.id, START), 1)
  assert.equal(at(next.id, START + 100), 2)
  for (const [id, when] of [
    [one.id, START - 1],
    [one.id, START + 100],
    [next.id, START + 99],
    ['0'.repeat(64), START],
  ] as const)
    assert.throws(() => at(id, when), { code: 'agreement/not-in-force' })
  const pause = knownNotice(nodeCrypto, notice({ version: one.id }), one)
  assert.throws(() => at(one.id, START + 5, pause), { code: 'agreement/not-in-force' })
})

function notice(changes: Partial<AgreementNotice> = {}): AgreementNotice {
  const { agreement, realm } = body
  return { agreement, realm, version: two.id, nation: 'JPN', notice: 'suspend', at: START, effectiveAt: START, ...changes }
}

test('a notice counts with the keys of its nation, of both persons where two are pinned', async () => {
  const both = await signNotice(nodeCrypto, notice(), jpn, second)
  assert.deepEqual(await verifyNotice(nodeCrypto, both, two), notice())
  for (const signers of [[jpn], [second], [aus, other]])
    await assert.rejects(verifyNotice(nodeCrypto, await signNotice(nodeCrypto, notice(), ...signers), two), {
      code: 'canonical/signature-missing',
    })
  const mine = await signNotice(nodeCrypto, notice({ nation: 'AUS' }), aus)
  assert.equal((await verifyNotice(nodeCrypto, mine, two)).nation, 'AUS')
  const later = { ...both, body: notice({ effectiveAt: START + 1 }) }
  await assert.rejects(verifyNotice(nodeCrypto, later, two), { code: 'canonical/signature-invalid' })
})

test('a notice of another version, agreement or realm, or of no party, is refused', async () => {
  for (const changes of [{ version: '0'.repeat(64) }, { agreement: 'aukus' }, { realm: 'operational' as const }, { nation: 'NZL' }]) {
    const signed = await signNotice(nodeCrypto, notice(changes), jpn, second)
    await assert.rejects(verifyNotice(nodeCrypto, signed, two), { code: 'agreement/notice-of-another' })
  }
})

test('a notice from the future is refused, beyond what two clocks may differ', async () => {
  const signed = await signNotice(nodeCrypto, notice(), jpn, second)
  await verifyNotice(nodeCrypto, signed, two, { now: START - 30, skewSeconds: 30 })
  await assert.rejects(verifyNotice(nodeCrypto, signed, two, { now: START - 31, skewSeconds: 30 }), { code: 'agreement/notice-ahead' })
})

test('a signature over a notice is none over a version, and the other way round', async () => {
  const signed = await signNotice(nodeCrypto, notice(), jpn, second)
  const wrong = { body, signatures: signed.signatures }
  await assert.rejects(verifyAgreement(nodeCrypto, wrong), { code: 'canonical/signature-missing' })
  const reversed = { body: notice(), signatures: (await detached(body, jpn, second)).signatures }
  await assert.rejects(verifyNotice(nodeCrypto, reversed, two), { code: 'canonical/signature-invalid' })
})
