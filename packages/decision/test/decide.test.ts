import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type Decision, type Question, compile, decide, explainRelease } from '@entente/decision'
import { permittedIn } from './bulk.ts'
import { DAY, START, V1, asked, facts, first, label, question, second, without } from './specimen.ts'

const decider = compile(facts)

function codes(decision: Decision): readonly string[] {
  return decision.permit ? [] : decision.reasons.map((reason) => reason.code.slice('decision/'.length))
}

function refuses(one: Question, ...expected: readonly string[]): void {
  assert.deepEqual(codes(decider.decide(one)), expected)
}

test('a cleared reader with need to know opens, and the answer cites article, duties and key control', () => {
  assert.deepEqual(decide(question, facts), {
    permit: true,
    articles: [{ agreement: 'jpn-aus', article: '5', grant: 'aus-jpn-classified' }],
    duties: ['mark-received', 'no-other-use', 'no-third-party', 'notify-compromise', 'return-or-destroy'],
    keyControl: 'both',
    mode: 'give',
    uses: [],
  })
  assert.deepEqual(compile({ ...facts, deciding: 'JPN' }).decide(question), decider.decide(question))
})

test('every reason is given, each with rule, article and values', () => {
  const decision = decider.decide(asked({ person: { clearance: 'TEKIKAKU-1', areas: ['air'], suspended: true }, purpose: 'sport' }))
  assert.deepEqual(codes(decision), ['suspended', 'clearance-too-low', 'need-to-know', 'purpose'])
  assert.ok(!decision.permit)
  assert.deepEqual(decision.reasons[1], {
    code: 'decision/clearance-too-low',
    rule: 'aus-jpn-classified',
    article: '5',
    values: {
      clearance: 'TEKIKAKU-1',
      equivalent: 'BASELINE',
      classification: 'SECRET',
      agreement: 'jpn-aus',
      version: 1,
      needed: 'TEKIKAKU-2',
    },
    nearest: 'nearest/higher-clearance',
  })
})

test('what is not known refuses', () => {
  refuses(without('suspended'), 'suspension-unknown')
  refuses(without('clearance'), 'clearance-missing')
  refuses(without('areas'), 'need-to-know')
  refuses(without('purpose'), 'purpose')
  refuses(without('citizenships'), 'citizenship-unknown', 'forbidden')
  refuses(asked({ person: { citizenships: [] } }), 'citizenship-unknown', 'forbidden')
  refuses(asked({ person: { citizenships: ['JPN', 'USA'] } }), 'citizenship', 'forbidden')
})

test('the label has the last word', () => {
  refuses(asked({ item: { label: label('SECRET', { originators: [{ nation: 'AUS', releasableTo: ['AUS'] }] }) } }), 'not-releasable')
  const veto = [...label('SECRET').originators, { nation: 'USA', releasableTo: ['AUS', 'USA'] }]
  refuses(asked({ item: { label: label('SECRET', { originators: veto }) } }), 'not-releasable')
  refuses(
    asked({ item: { label: label('SECRET', { originators: [{ nation: 'USA', releasableTo: ['AUS', 'JPN', 'USA'] }] }) } }),
    'not-releasable',
  )
  const austeo = label('SECRET', { personRules: [{ rule: 'citizens-of', code: 'AUSTEO', nations: ['AUS'] }] })
  refuses(asked({ item: { label: austeo } }), 'not-releasable', 'person-rule', 'person-rule-prohibited')
  refuses(asked({ item: { label: austeo }, person: { citizenships: ['AUS', 'JPN'] } }), 'not-releasable', 'person-rule-prohibited')
  const orcon = label('SECRET', { categories: [{ tag: 'caveat', kind: 'restrictive', values: ['ORCON'] }] })
  refuses(asked({ item: { label: orcon } }), 'briefing')
  refuses(asked({ item: { label: orcon }, person: { briefings: ['caveat/ORCON'] } }))
  const cabinet = label('SECRET', { categories: [{ tag: 'caveat', kind: 'restrictive', values: ['CABINET'] }] })
  refuses(asked({ item: { label: cabinet }, person: { briefings: ['caveat/CABINET'] } }), 'category-not-covered', 'forbidden')
  refuses(asked({ item: { label: label('TOP-SECRET') } }), 'above-ceiling', 'clearance-too-low')
  refuses(asked({ item: { label: label('OFFICIAL') } }), 'below-floor')
  refuses(asked({ item: { label: label('SECRET', { policy: 'EXERCISE-JPN' }) } }), 'policy-unknown')
})

test('a narrower version acts at once on what was released before, and a wider one does not', () => {
  const later = START + 101 * DAY
  refuses(asked({ at: later }), 'above-ceiling')
  refuses(asked({ at: later, item: { label: label('PROTECTED') } }))
  refuses(asked({ at: later, item: { label: label('PROTECTED'), area: 'cyber' }, person: { areas: ['cyber'] } }), 'area-not-covered')
  refuses(asked({ at: START + DAY + 181 * DAY, item: { label: label('PROTECTED') } }), 'expired')
  const wider = { ...second, version: 3, inForceFrom: START + 200 * DAY, grants: first.grants }
  const widened = compile({ ...facts, agreements: [...facts.agreements, { id: '3', body: wider }] })
  assert.deepEqual(codes(widened.decide(asked({ at: START + 201 * DAY }))), ['above-ceiling', 'expired'])
  const anew = asked({
    at: START + 202 * DAY,
    item: { releasedAt: START + 201 * DAY, basis: { agreement: 'jpn-aus', version: '3', article: '5', grant: 'aus-jpn-classified' } },
  })
  assert.deepEqual(codes(widened.decide(anew)), [])
})

test('the basis must be one that exists, then and there', () => {
  const { basis, ...kept } = question.item
  assert.ok(basis)
  refuses({ ...question, item: kept }, 'no-grant')
  refuses(asked({ item: { basis: { ...basis, agreement: 'aus-nil' } } }), 'agreement-unknown')
  refuses(asked({ item: { basis: { ...basis, grant: 'nil' } } }), 'basis-not-found', 'no-grant')
  refuses(asked({ item: { basis: { ...basis, article: '4' } } }), 'basis-not-found')
  refuses(asked({ item: { basis: { ...basis, version: 'nil' } } }), 'basis-not-found')
  refuses(asked({ item: { releasedAt: START + 100 * DAY }, at: START + 102 * DAY }), 'agreement-not-in-force', 'above-ceiling')
  refuses(asked({ item: { basis: { ...basis, grant: 'jpn-aus-classified' } } }), 'direction', 'above-ceiling', 'below-floor')
})

test('a clock that is a little behind does not lose the release', () => {
  refuses(asked({ item: { releasedAt: START + 11 * DAY + 2 } }))
})

test('another agreement that binds the two forbids, and one that does not is silent', () => {
  const prohibitions = [{ id: 'ban', article: '1', areas: ['maritime'] }]
  const other = { ...first, agreement: 'quad', grants: [], prohibitions }
  const forbidding = compile({ ...facts, agreements: [...facts.agreements, { id: 'q', body: other }] })
  assert.deepEqual(codes(forbidding.decide(question)), ['forbidden'])
  const elsewhere = { ...other, parties: other.parties.filter((party) => party.nation === 'AUS') }
  assert.equal(compile({ ...facts, agreements: [...facts.agreements, { id: 'q', body: elsewhere }] }).decide(question).permit, true)
})

test('facts on which no decision may rest are refused as facts', () => {
  const [one, two] = facts.agreements
  assert.ok(one && two)
  assert.throws(() => compile({ ...facts, agreements: [two] }), { code: 'decision/facts-gap' })
  assert.throws(() => compile({ ...facts, agreements: [one, one] }), { code: 'decision/facts-duplicate' })
  assert.throws(() => compile({ ...facts, agreements: [one, { id: '2', body: { ...second, inForceFrom: START } }] }), {
    code: 'decision/facts-gap',
  })
  assert.throws(() => compile({ ...facts, agreements: [{ id: '1', body: { ...first, realm: 'operational' } }] }), {
    code: 'decision/facts-mixed-realms',
  })
  assert.throws(() => compile({ ...facts, policies: [...facts.policies, ...facts.policies] }), { code: 'decision/facts-duplicate' })
})

test('at home the own scheme decides, and no agreement is cited', () => {
  const own = asked({
    person: { nation: 'AUS', clearance: 'NV2', citizenships: ['AUS', 'GBR'] },
    item: { label: label('TOP-SECRET', { originators: [{ nation: 'AUS', releasableTo: ['AUS'] }] }) },
  })
  assert.deepEqual(decider.decide(own), {
    permit: true,
    articles: [],
    duties: [],
    keyControl: 'originator',
    mode: 'give',
    uses: ['act-on', 'court', 'name-source'],
  })
  refuses({ ...own, person: { ...own.person, clearance: 'NV1' } }, 'clearance-too-low')
  refuses({ ...own, person: { ...own.person, areas: ['air'] } }, 'need-to-know')
  refuses({ ...own, person: { ...own.person, suspended: true } }, 'suspended')
  refuses({ ...own, act: 'onward-release' }, 'act-not-granted')
  refuses({ ...own, item: { ...own.item, stopped: true } }, 'stopped')
  assert.deepEqual(codes(compile({ ...facts, deciding: 'JPN' }).decide(own)), ['direction'])
})

test('the officer sees which portions go, under what, to whom and until when', () => {
  const roster = {
    nation: 'JPN',
    agreement: 'jpn-aus',
    at: START,
    number: 4,
    cells: [
      { clearance: 'TEKIKAKU-TOKUTEI', area: 'maritime', role: 'analyst', count: 12 },
      { clearance: 'TEKIKAKU-2', area: 'maritime-shipping', role: 'analyst', fewerThan: 3 },
      { clearance: 'TEKIKAKU-1', area: 'maritime', role: 'analyst', count: 40 },
      { clearance: 'TEKIKAKU-TOKUTEI', area: 'cyber', role: 'analyst', count: 5 },
    ],
  }
  const austeo = label('SECRET', { personRules: [{ rule: 'citizens-of', code: 'AUSTEO', nations: ['AUS'] }] })
  const portions = [
    { id: 'a', label: label('SECRET') },
    { id: 'b', label: label('OFFICIAL', { originators: [{ nation: 'AUS', releasableTo: 'neutral' }] }) },
    { id: 'c', label: austeo },
    { id: 'd', label: label('TOP-SECRET') },
  ]
  const seen = explainRelease({ from: 'AUS', to: 'JPN', area: 'maritime-shipping', at: START + DAY, portions, roster }, facts)
  assert.deepEqual(seen.stay, ['c', 'd'])
  const [classified, neutral] = seen.options
  assert.deepEqual(classified?.basis, { agreement: 'jpn-aus', version: V1, article: '5', grant: 'aus-jpn-classified' })
  assert.deepEqual(
    classified.portions.map((portion) => (portion.goes ? portion.marking : portion.reasons.map((reason) => reason.code))),
    ['TOKUTEI-HIMITSU', 'person-decides', ['decision/not-releasable', 'decision/person-rule-prohibited'], ['decision/above-ceiling']],
  )
  assert.equal(classified.until, START + DAY + 365 * DAY)
  assert.deepEqual(classified.reasons, [])
  assert.deepEqual(classified.conditions[0]?.values, { classification: 'SECRET', clearances: 'TEKIKAKU-2 TEKIKAKU-TOKUTEI' })
  assert.deepEqual(classified.readers?.atMost, 14)
  assert.deepEqual(
    neutral?.portions.map((portion) => portion.goes),
    [false, true, false, false],
  )
  const low = explainRelease({ from: 'AUS', to: 'JPN', area: 'maritime', at: START + DAY, portions: portions.slice(1, 2) }, facts)
  assert.deepEqual(
    low.options.map((option) => option.reasons.map((reason) => reason.code)),
    [['decision/below-floor'], []],
  )
  assert.deepEqual(explainRelease({ from: 'AUS', to: 'JPN', area: 'maritime', at: START - 1, portions }, facts), {
    options: [],
    stay: ['a', 'b', 'c', 'd'],
  })
})

test('a portion that the officer sees as going opens for a reader who fulfils the conditions', () => {
  const seen = explainRelease(
    { from: 'AUS', to: 'JPN', area: 'maritime', at: question.item.releasedAt, portions: [{ id: 'a', label: question.item.label }] },
    facts,
  )
  const option = seen.options.find((one) => one.portions.every((portion) => portion.goes) && one.reasons.length === 0)
  assert.ok(option)
  refuses(asked({ item: { basis: option.basis, expiresAt: option.until } }))
})

test('of very many conditions all are asked, in bulk and in words', () => {
  const values = Array.from({ length: 70 }, (_, index) => `V${index}`)
  const grants = first.grants.map((grant) => ({ ...grant, categories: values.map((value) => `long/${value}`) }))
  const wide = compile({ ...facts, agreements: [{ id: V1, body: { ...first, grants } }] })
  const item = { ...question.item, label: label('SECRET', { categories: [{ tag: 'long', kind: 'restrictive', values }] }) }
  for (const missing of [undefined, 'V0', 'V31', 'V32', 'V69']) {
    const briefings = values.filter((value) => value !== missing).map((value) => `long/${value}`)
    const one = { ...question, item, person: { ...question.person, briefings } }
    assert.deepEqual(permittedIn(wide.reader(one), one.at, [one]), [missing === undefined])
    assert.deepEqual(codes(wide.decide(one)), missing === undefined ? [] : ['briefing'])
  }
})
