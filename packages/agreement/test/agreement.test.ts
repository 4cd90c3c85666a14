import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  PERSON_DECIDES,
  agreementId,
  agreementProblems,
  areaCovers,
  completeSpecimen,
  equivalentClearance,
  equivalentMarking,
  readAgreement,
  readSignedAgreement,
  signAgreement,
  tableAt,
  validateAgreement,
} from '@entente/agreement'
import { nodeCrypto } from '@entente/crypto-node'
import { type Json, canonicalText, utf8 } from '@entente/canonical'
import { type Change, START, anchors, asBytes, aus, changed, first, jpn, policies, template } from './specimen.ts'

test('the specimen reads back as itself and has no problem', () => {
  assert.deepEqual(readAgreement(asBytes(first)), first)
  assert.deepEqual(agreementProblems(first, policies), [])
  validateAgreement(first, policies)
  assert.ok(first.articles.length >= 8)
})

test('the specimen cannot be completed without every authority key', () => {
  assert.throws(() => completeSpecimen(template, { authorityKeys: { AUS: aus.publicKey }, inForceFrom: START }), {
    code: 'agreement/key-missing',
    values: { nation: 'JPN' },
  })
  const inherited = Object.setPrototypeOf({}, anchors) as typeof anchors
  assert.throws(() => completeSpecimen(template, { authorityKeys: inherited, inForceFrom: START }), { code: 'agreement/key-missing' })
})

test('an unknown member, a missing one, a fraction and a null are refused on reading', () => {
  const bends: readonly Change[] = [
    ['extra', 1],
    ['witness', undefined],
    ['grants/0/lifeDays', 0],
    ['grants/0/acts', ['look']],
    ['suite', 'entente-2'],
    ['parties/0/authorityKey/ed25519', 'AA'],
    ['areas/0/code', 'with space'],
  ]
  for (const bend of bends) assert.throws(() => readAgreement(asBytes(changed(bend))), { code: 'canonical/shape' })
  assert.throws(() => readAgreement(utf8('{"agreement":null}')), { code: 'canonical/null' })
})

test('equivalence is directional, dated, total, and never composed', () => {
  assert.equal(equivalentMarking(first, 'AUS', 'JPN', 'SECRET', START), 'TOKUTEI-HIMITSU')
  assert.equal(equivalentMarking(first, 'JPN', 'AUS', 'GOKUHI', START), 'SECRET')
  assert.equal(equivalentMarking(first, 'AUS', 'JPN', 'TOP-SECRET', START), PERSON_DECIDES)
  assert.equal(equivalentMarking(first, 'AUS', 'JPN', 'NO-SUCH', START), PERSON_DECIDES)
  assert.equal(equivalentMarking(first, 'AUS', 'JPN', 'SECRET', START - 1), PERSON_DECIDES)
  assert.equal(equivalentMarking(first, 'AUS', 'USA', 'SECRET', START), PERSON_DECIDES)
  assert.equal(equivalentClearance(first, 'JPN', 'AUS', 'TEKIKAKU-TOKUTEI', START), 'NV1')
  assert.equal(equivalentClearance(first, 'AUS', 'JPN', 'PV', START), 'TEKIKAKU-TOKUTEI')
  const newer = {
    kind: 'clearances',
    from: 'JPN',
    to: 'AUS',
    article: '2',
    validFrom: START + 10,
    rows: [{ from: 'TEKIKAKU-TOKUTEI', to: 'BASELINE' }],
  }
  const later = changed(['equivalence/-', newer])
  assert.equal(equivalentClearance(later, 'JPN', 'AUS', 'TEKIKAKU-TOKUTEI', START + 9), 'NV1')
  assert.equal(equivalentClearance(later, 'JPN', 'AUS', 'TEKIKAKU-TOKUTEI', START + 10), 'BASELINE')
  assert.equal(equivalentClearance(later, 'JPN', 'AUS', 'TEKIKAKU-2', START + 10), PERSON_DECIDES)
  assert.equal(tableAt(first, 'markings', 'JPN', 'AUS', START - 1), undefined)
})

test('an area covers itself and all below it, and nothing beside, above or unknown', () => {
  assert.equal(areaCovers(first, 'energy', 'energy-lng-cargoes'), true)
  assert.equal(areaCovers(first, 'energy-lng', 'energy-lng'), true)
  assert.equal(areaCovers(first, 'energy-lng', 'energy'), false)
  assert.equal(areaCovers(first, 'energy-grid', 'energy-lng'), false)
  assert.equal(areaCovers(first, 'zoology', 'zoology'), false)
  const circle = [
    { code: 'a', parent: 'b', names: { en: 'a', ja: 'a' } },
    { code: 'b', parent: 'a', names: { en: 'b', ja: 'b' } },
  ]
  assert.equal(areaCovers(circle, 'a', 'a'), false)
})

test('the id is over the body alone, and any change of the body is another id', async () => {
  const id = agreementId(nodeCrypto, first)
  const signed = await signAgreement(nodeCrypto, first, aus, jpn)
  assert.equal(agreementId(nodeCrypto, signed.body), id)
  assert.notEqual(agreementId(nodeCrypto, changed(['grants/0/lifeDays', 366])), id)
  assert.notEqual(agreementId(nodeCrypto, changed(['realm', 'operational'])), id)
  assert.deepEqual(readSignedAgreement(utf8(canonicalText(signed as unknown as Json))), signed)
})
