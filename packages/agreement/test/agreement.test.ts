import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  type AgreementCode,
  type AgreementError,
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
import { type Change, START, anchors, asBytes, aus, changed, first, jpn, part, policies, template } from './specimen.ts'

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

const BROKEN: readonly [code: AgreementCode, where: string, ...changes: Change[]][] = [
  ['agreement/unknown-article', 'grants/0/article', ['grants/0/article', '99']],
  ['agreement/unknown-article', 'equivalence/1/article', ['equivalence/1/article', '99']],
  ['agreement/unknown-article', 'prohibitions/0/article', ['prohibitions/0/article', '99']],
  ['agreement/unknown-area', 'grants/0/areas/5', ['grants/0/areas/-', 'zoology']],
  ['agreement/unknown-area', 'prohibitions/0/areas/0', ['prohibitions/0/areas', ['zoology']]],
  ['agreement/unknown-area', 'areas/1/parent', ['areas/1/parent', 'zoology']],
  ['agreement/area-cycle', 'areas/0/parent', ['areas/0/parent', 'maritime-shipping']],
  ['agreement/area-cycle', 'areas/0/parent', ['areas/0/parent', 'maritime']],
  ['agreement/unknown-nation', 'grants/0/to', ['grants/0/to', 'USA']],
  ['agreement/unknown-nation', 'equivalence/0/from', ['equivalence/0/from', 'USA']],
  ['agreement/unknown-nation', 'prohibitions/0/from', ['prohibitions/0/from', 'USA']],
  ['agreement/unknown-policy', 'parties/1/nation', ['parties/1/nation', 'KOR']],
  ['agreement/unknown-classification', 'grants/0/ceiling', ['grants/0/ceiling', 'HI']],
  ['agreement/unknown-classification', 'grants/0/floor', ['grants/0/floor', 'HI']],
  ['agreement/unknown-classification', 'equivalence/0/rows/1/to', ['equivalence/0/rows/1/to', 'SECRET']],
  ['agreement/unknown-clearance', 'equivalence/2/rows/0/to', ['equivalence/2/rows/0/to', 'NV1']],
  ['agreement/unknown-category', 'grants/0/categories/0', ['grants/0/categories', ['caveat/ORCAN']]],
  ['agreement/unknown-category', 'grants/0/categories/0', ['grants/0/categories', ['caveat/SAKUSEISHA-KANRI']]],
  ['agreement/unknown-person-rule', 'prohibitions/0/personRules/0', ['prohibitions/0/personRules', ['NIHON-KOKUMIN']]],
  ['agreement/table-incomplete', 'equivalence/0/rows', ['equivalence/0/rows/4', undefined]],
  ['agreement/table-not-monotone', 'equivalence/0/rows', ['equivalence/0/rows/3/to', 'TORIATSUKAI-CHUI']],
  ['agreement/table-not-monotone', 'equivalence/3/rows', ['equivalence/3/rows/2/to', 'BASELINE']],
  ['agreement/table-missing', 'grants/0', ['equivalence/0', undefined]],
  ['agreement/table-missing', 'grants/0', ['equivalence/3/validFrom', START + 1]],
  ['agreement/duplicate', 'equivalence/4', ['equivalence/-', part(first.equivalence[0])]],
  ['agreement/duplicate', 'equivalence/0/rows', ['equivalence/0/rows/-', part(first.equivalence[0]?.rows[0])]],
  ['agreement/duplicate', 'articles', ['articles/1/id', '1']],
  ['agreement/duplicate', 'rules', ['prohibitions/0/id', 'aus-jpn-classified']],
  ['agreement/direction', 'grants/0', ['grants/0/to', 'AUS']],
  ['agreement/direction', 'prohibitions/0', ['prohibitions/0/to', 'AUS']],
  ['agreement/floor-above-ceiling', 'grants/0/floor', ['grants/0/floor', 'TOP-SECRET']],
  ['agreement/show-is-not-give', 'grants/0/acts', ['grants/0/mode', 'show']],
  ['agreement/window', 'inForceUntil', ['inForceUntil', START]],
  ['agreement/previous', 'previous', ['previous', '0'.repeat(64)]],
  ['agreement/previous', 'previous', ['version', 2]],
  ['agreement/not-a-sorted-set', 'grants/0/acts/1', ['grants/0/acts', ['open', 'list']]],
  ['agreement/not-a-sorted-set', 'parties/1', ['parties', part(first.parties.toReversed())]],
]

for (const [code, where, ...changes] of BROKEN) {
  test(`${code} is found at ${where} when ${changes[0]?.[0]} is ${JSON.stringify(changes[0]?.[1])?.slice(0, 40)}`, () => {
    const body = changed(...changes)
    const found = agreementProblems(body, policies)
    const summary = found.map((problem) => `${problem.code} ${problem.where}`)
    assert.ok(summary.includes(`${code} ${where}`), summary.join(', '))
    assert.throws(
      () => validateAgreement(body, policies),
      (error: AgreementError) => error.code === found[0]?.code && error.values['where'] === found[0].where,
    )
  })
}

test('a policy of the other realm says nothing about an agreement', () => {
  const operational = policies.map((policy) => ({ ...policy, realm: 'operational' as const }))
  assert.ok(
    agreementProblems(first, operational).every(
      (problem) => problem.code === 'agreement/unknown-policy' || problem.code.startsWith('agreement/unknown'),
    ),
  )
  assert.equal(agreementProblems(first, operational)[0]?.code, 'agreement/unknown-policy')
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
