import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { type Agreement, readAgreementTemplate } from '@entente/agreement'
import { readJson } from '@entente/canonical'
import {
  type Side,
  type Wording,
  describe,
  describeCause,
  describeOffice,
  describeTerms,
  difference,
  holdings,
  proveAll,
} from '@entente/difference'
import { type Label, readPolicy } from '@entente/label'
import { message } from '@entente/words'

const root = join(import.meta.dirname, '../../..')
const DAY = 86_400
const AT = 1_800_000_000
const policies = ['aus', 'jpn'].map((nation) => readPolicy(readJson(readFileSync(join(root, `nations/${nation}/nation.json`)))))

function body(path: string): Agreement {
  const template = readAgreementTemplate(readFileSync(join(root, 'agreements', path)))
  return {
    ...template,
    parties: template.parties as Agreement['parties'],
    equivalence: template.equivalence.map((one) => ({ ...one, validFrom: 0 })),
    inForceFrom: 0,
  }
}

function side(one: Agreement): Side {
  return { agreements: [{ id: '', body: one }], policies, at: AT }
}

const first = body('jpn-aus/agreement.json')
/** SECRET and cyber no longer go to Japan, print goes to Australia, and neutral items need both keys. */
const second: Agreement = {
  ...first,
  version: 2,
  grants: first.grants.map((grant) => {
    if (grant.id === 'aus-jpn-classified') return { ...grant, ceiling: 'PROTECTED', areas: grant.areas.filter((area) => area !== 'cyber') }
    if (grant.id === 'jpn-aus-classified') return { ...grant, acts: ['list', 'open', 'print', 'show'] }
    return grant.id === 'aus-jpn-neutral' ? { ...grant, keyControl: 'both' } : grant
  }),
}
const found = difference(side(first), side(second))

test('an amendment is said in as few regions as it has parts, proved the fewest', () => {
  assert.deepEqual(
    found.gained.regions.map(({ direction, classifications, acts }) => ({ direction, classifications, acts })),
    [{ direction: { from: 'JPN', to: 'AUS' }, classifications: ['HI', 'GOKUHI', 'TOKUTEI-HIMITSU'], acts: ['print'] }],
  )
  assert.deepEqual(
    found.lost.regions.map(({ classifications, areas }) => [classifications.join(), areas.length]),
    [
      ['SECRET', 19],
      ['PROTECTED,SECRET', 4],
    ],
  )
  assert.deepEqual(
    found.changed.regions.map(({ before, after }) => [before.map((one) => one.keyControl), after.map((one) => one.keyControl)]),
    [[['originator'], ['both']]],
  )
  for (const list of [found.gained, found.lost, found.changed]) assert.equal(list.shortest, true)
  for (const { causes } of found.lost.regions)
    assert.deepEqual(
      causes.map(({ kind, side: where, article }) => [kind, where, article]),
      [
        ['granted', 'before', '5'],
        ['narrower', 'after', '5'],
      ],
    )
})

test('a prohibition, a table, a policy and a renamed grant are named as what opens, closes or withdraws', () => {
  const kinds = (one: Side, other: Side): readonly string[] => {
    const { gained, lost, withdrawn } = difference(one, other)
    return [
      ...new Set(
        [...gained.regions, ...lost.regions, ...withdrawn.regions].flatMap((region) =>
          region.causes.map((cause) => `${cause.kind} ${cause.side}`),
        ),
      ),
    ].sort()
  }
  const without = { ...first, prohibitions: first.prohibitions.filter((rule) => rule.id !== 'aus-eyes-only') }
  assert.deepEqual(kinds(side(first), side(without)), ['forbidden before', 'granted after'])
  const lowered = {
    ...first,
    equivalence: first.equivalence.map((table) =>
      table.kind === 'clearances' && table.from === 'JPN'
        ? { ...table, rows: table.rows.map((row) => ({ ...row, to: 'BASELINE' })) }
        : table,
    ),
  }
  assert.deepEqual(kinds(side(first), side(lowered)), ['granted before', 'table after'])
  const stricter = policies.map((policy) => ({
    ...policy,
    clearances: policy.clearances.map((one) => (one.code === 'NV1' ? { ...one, classifications: ['OFFICIAL'] } : one)),
  }))
  assert.deepEqual(kinds(side(first), { ...side(first), policies: stricter }), ['granted before', 'table after'])
  const renamed = {
    ...first,
    grants: first.grants.map((grant) => (grant.id === 'jpn-aus-neutral' ? { ...grant, id: 'jpn-aus-open' } : grant)),
  }
  const other = difference(side(first), side(renamed))
  assert.deepEqual([other.gained.classes, other.lost.classes, other.changed.classes], [0, 0, 0])
  assert.deepEqual(
    other.withdrawn.regions.map((region) => region.grant.id),
    ['jpn-aus-neutral'],
  )
  const succeeded = { ...renamed, successions: [{ kind: 'grant' as const, from: 'jpn-aus-neutral', to: 'jpn-aus-open', article: '10' }] }
  assert.equal(difference(side(first), side(succeeded)).withdrawn.regions.length, 0)
})

test('what lives on under another name is kept for what was released before', () => {
  const [before, after] = [side(body('jpn-aus/steps/2-2012.json')), side(body('jpn-aus/steps/3-2022.json'))]
  const { lost, kept } = difference(before, after)
  assert.ok(lost.regions.some((region) => region.areas.join() === 'maritime-aviation'))
  assert.ok(kept.regions.length > 0 && kept.regions.every((region) => region.areas.join() === 'maritime-aviation'))
})

test('a party that withdraws, a suspension and a basis that ends lose everything, and a member gains', () => {
  const whole = side(first)
  const all = difference({ ...whole, agreements: [] }, whole).gained.classes
  for (const stopped of [
    { ...whole, withdrawn: [{ agreement: 'jpn-aus', nation: 'AUS' }] },
    { ...whole, suspended: ['jpn-aus'] },
    side({ ...first, basis: [{ agreement: 'other', article: '1' }] }),
    side({ ...first, parties: first.parties.map((party) => ({ ...party, memberFrom: AT + 1 })) }),
  ])
    assert.equal(difference(whole, stopped).lost.classes, all)
  assert.equal(
    difference(whole, { ...side({ ...first, basis: [{ agreement: 'other', article: '1' }] }), presumed: ['other'] }).lost.classes,
    0,
  )
})

test('every region is worded in both languages without a place left open', () => {
  const three = [side(body('jpn-aus/steps/2-2012.json')), side(body('jpn-aus/steps/3-2022.json'))] as const
  for (const lang of ['en', 'ja'] as const) {
    for (const both of [[side(first), side(second)] as const, three]) {
      const wording: Wording = { lang, say: (code, values) => message(lang, code, values), sides: both }
      const { gained, lost, changed, withdrawn, kept, offices } = difference(...both)
      const lines = [
        ...[...gained.regions, ...lost.regions, ...changed.regions, ...withdrawn.regions, ...kept.regions].flatMap((region) => {
          const { direction, areas, levels, acts, items, readers } = describe(region, wording)
          return [direction, areas, levels, acts, ...items, ...readers, ...region.causes.map((cause) => describeCause(cause, wording))]
        }),
        ...changed.regions.flatMap(({ before, after }) => [...before, ...after].map((terms) => describeTerms(terms, wording))),
        ...[...offices.gained.regions, ...offices.lost.regions].flatMap((region) => describeOffice(region, wording).readers),
      ]
      for (const line of lines) assert.doesNotMatch(line, /…|\{|\}|difference\/|undefined/u)
      assert.ok(lines.length > 30)
    }
  }
  const ja: Wording = { lang: 'ja', say: (code, values) => message('ja', code, values), sides: [side(first), side(second)] }
  const [region] = found.gained.regions
  assert.ok(region !== undefined)
  const { direction, areas, levels, acts } = describe(region, ja)
  assert.deepEqual([direction, areas, levels, acts], ['日本国からオーストラリアへ', 'すべての分野', '秘から特定秘密まで', '印刷'])
})

function label(classification: string, more: Partial<Label> = {}): Label {
  const originators = [{ nation: 'AUS', releasableTo: ['AUS', 'JPN'] }]
  return { policy: 'EXERCISE-AUS', classification, categories: [], personRules: [], originators, created: 0, ...more }
}

test('holdings count what lies in a region by label, area and age, and people by roster statement alone', () => {
  const direction = { from: 'AUS', to: 'JPN' }
  const item = (id: string, area: string, one: Label, days: number) => ({ id, direction, area, label: one, releasedAt: AT - days * DAY })
  const items = [
    item('b', 'maritime-shipping', label('SECRET'), 10),
    item('a', 'cyber-incidents', label('PROTECTED'), 10),
    item('old', 'maritime', label('SECRET'), 400),
    item('low', 'maritime', label('OFFICIAL'), 10),
    item('reserved', 'maritime', label('SECRET', { personRules: [{ rule: 'citizens-of', code: 'AUSTEO', nations: ['AUS'] }] }), 10),
    item('caveat', 'maritime', label('SECRET', { categories: [{ tag: 'caveat', kind: 'restrictive', values: ['CABINET'] }] }), 10),
    item('unknown', 'maritime', label('SECRET', { categories: [{ tag: 'other', kind: 'restrictive', values: ['X'] }] }), 10),
    item('orcon', 'air', label('SECRET', { categories: [{ tag: 'caveat', kind: 'restrictive', values: ['ORCON'] }] }), 10),
    { ...item('back', 'maritime', label('SECRET'), 10), direction: { from: 'JPN', to: 'AUS' } },
  ]
  const cell = (clearance: string, area: string, more: object) => ({ clearance, area, role: 'reader', ...more })
  const roster = (number: number) => ({
    nation: 'JPN',
    agreement: 'jpn-aus',
    at: AT,
    number,
    cells: [
      cell('TEKIKAKU-TOKUTEI', 'maritime', { count: 7 }),
      cell('TEKIKAKU-TOKUTEI', 'cyber', { fewerThan: 3 }),
      cell('TEKIKAKU-1', 'maritime', { count: 40 }),
      cell('TEKIKAKU-TOKUTEI', 'soil', { count: 9 }),
    ],
  })
  const { lost, gained } = holdings(found, items, [roster(1), { ...roster(2), cells: roster(2).cells.slice(0, 4) }], {
    at: AT,
    areas: first.areas,
  })
  assert.deepEqual(
    lost.map((one) => one.items),
    [['b', 'orcon'], ['a']],
  )
  assert.deepEqual(
    lost.map((one) => [one.readers?.number, one.readers?.atMost]),
    [
      [2, 9],
      [2, 2],
    ],
  )
  assert.deepEqual(gained, [{ items: [] }])
  // What is not given changes nothing: the same answer for those that are.
  const fewer = holdings(found, items.slice(0, 1), [], { at: AT, areas: first.areas })
  assert.deepEqual(fewer.lost, [{ items: ['b'] }, { items: [] }])
})

test('every specimen proves what it says must never be', () => {
  for (const path of ['agreement.json', 'steps/1-2007.json', 'steps/2-2012.json', 'steps/3-2022.json']) {
    const version = { id: '', body: body(`jpn-aus/${path}`) }
    const proofs = proveAll(side(version.body), version)
    assert.ok(proofs.length > 3)
    assert.deepEqual(
      proofs.filter((proof) => !proof.proved),
      [],
    )
  }
  const open: Agreement = { ...first, prohibitions: first.prohibitions.filter((rule) => rule.id !== 'aus-eyes-only') }
  const refuted = proveAll(side(open), { id: '', body: open }).filter((proof) => !proof.proved)
  assert.deepEqual(
    refuted.map((proof) => proof.invariant),
    ['never-austeo'],
  )
})
