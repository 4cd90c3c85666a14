// What the officer sees where the agreement has delegations, paths, notices and versions that only narrow.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Agreement, Delegation, KnownNotice } from '@entente/agreement'
import { type Facts, explainRelease } from '@entente/decision'
import { DAY, START, facts, first, label } from './specimen.ts'

const portions = [
  { id: 'high', label: label('SECRET') },
  { id: 'low', label: label('PROTECTED') },
]
const asked = { from: 'AUS', to: 'JPN', area: 'maritime-shipping', at: START + DAY, portions }

function seen(world: Facts, office?: string) {
  const { options, stay } = explainRelease({ ...asked, ...(office === undefined ? {} : { office }) }, world)
  const option = options.find(({ basis }) => basis.grant === 'aus-jpn-classified')
  assert.ok(option)
  const verdicts = option.portions.map((portion) =>
    portion.goes ? portion.acts.join(' ') : portion.reasons.map(({ code }) => code).join(' '),
  )
  return { option, stay, verdicts, whole: option.reasons.map(({ code }) => code) }
}

function world(more: Partial<Agreement>, rest: Partial<Facts> = {}): Facts {
  return { ...facts, agreements: [{ id: '1', body: { ...first, ...more } }], ...rest }
}

const delegation: Delegation = {
  id: 'desk-officers',
  article: '5',
  nation: 'AUS',
  office: 'DESK',
  ceiling: 'PROTECTED',
  areas: ['maritime'],
  modes: ['give'],
}

test('an office releases what is delegated to it, portion by portion, and nobody else does', () => {
  const delegated = world({ delegations: [delegation] })
  assert.deepEqual(seen(delegated, 'DESK').verdicts, ['decision/delegation', 'list open show'])
  for (const office of ['HEAD', undefined]) assert.deepEqual(seen(delegated, office).stay, ['high', 'low'])
  for (const less of [{ areas: ['air'] }, { modes: ['show'] as const }, { until: START + DAY }])
    assert.deepEqual(seen(world({ delegations: [{ ...delegation, ...less }] }), 'DESK').stay, ['high', 'low'])
  assert.deepEqual(seen(world({ delegations: [{ ...delegation, nation: 'JPN' }] })).stay, [])
  const two = [delegation, { ...delegation, id: 'head', ceiling: 'SECRET' }]
  assert.deepEqual(seen(world({ delegations: two }), 'DESK').stay, [])
})

test('a suspension and a basis that does not stand keep the whole', () => {
  const body = {
    agreement: 'jpn-aus',
    realm: 'exercise' as const,
    version: '1',
    nation: 'JPN',
    notice: 'suspend' as const,
    at: START,
    effectiveAt: START,
  }
  const notices: readonly KnownNotice[] = [{ id: 'n', body, effect: START }]
  assert.deepEqual(seen(world({}, { notices })).whole, ['decision/agreement-suspended'])
  assert.deepEqual(seen(world({ basis: [{ agreement: 'nil', article: '1' }] })).whole, ['decision/basis-not-in-force'])
})

test('a version that is held and narrows has its say at once', () => {
  const grants = first.grants.map((grant) =>
    grant.id === 'aus-jpn-classified' ? { ...grant, ceiling: 'PROTECTED', acts: ['list' as const, 'show' as const], lifeDays: 9 } : grant,
  )
  const held = { id: '2', body: { ...first, version: 2, inForceFrom: START + 1, grants }, narrowingOnly: true as const }
  const narrowed = { ...facts, agreements: [{ id: '1', body: first }, held] }
  const { verdicts, option } = seen(narrowed)
  assert.deepEqual(verdicts, ['decision/above-ceiling', 'list show'])
  assert.equal(option.basis.version, '1')
  assert.equal(option.until, START + 10 * DAY)
  const dropped = { ...held, body: { ...held.body, grants: [] } }
  assert.deepEqual(seen({ ...facts, agreements: [{ id: '1', body: first }, dropped] }).whole, ['decision/no-grant'])
})

test('a grant by way of an intermediary says so, and asks the label for it', () => {
  const grants = first.grants.map((grant) => (grant.id === 'aus-jpn-classified' ? { ...grant, via: 'USA' } : grant))
  const [party] = first.parties
  assert.ok(party)
  const parties = [...first.parties, { ...party, nation: 'USA' }]
  const { option, verdicts } = seen(world({ grants, parties }))
  assert.equal(option.via, 'USA')
  assert.deepEqual(verdicts, ['decision/not-releasable', 'decision/not-releasable'])
  assert.deepEqual(option.reasons, [])
  assert.deepEqual(seen(world({ grants })).whole, ['decision/not-a-member'])
})

test('`members` are offered to every other member and to nobody else', () => {
  const grants = first.grants.map((grant) => (grant.id === 'aus-jpn-classified' ? { ...grant, to: 'members' } : grant))
  assert.deepEqual(seen(world({ grants })).stay, [])
  const joining = first.parties.map((party) => (party.nation === 'JPN' ? { ...party, memberFrom: asked.at + 1 } : party))
  assert.deepEqual(explainRelease(asked, world({ grants, parties: joining })).options, [])
})

test('conditions on organisation, post, facility and prohibitions on them are said', () => {
  const grants = first.grants.map((grant) => ({
    ...grant,
    person: { ...grant.person, organisations: ['office'], posts: ['desk'], facilities: ['vault'] },
  }))
  const prohibitions = [
    { id: 'one', article: '4', facilitiesOutside: ['vault'] },
    { id: 'several', article: '4', postsOutside: ['desk'], citizenshipOutside: ['AUS', 'JPN'] },
  ]
  const { option } = seen(world({ grants, prohibitions }))
  const said = option.conditions.map(({ code, rule }) => `${code} ${rule ?? ''}`)
  for (const one of [
    'organisation aus-jpn-classified',
    'post aus-jpn-classified',
    'facility aus-jpn-classified',
    'facility one',
    'not-forbidden several',
  ])
    assert.ok(said.includes(`condition/${one}`), one)
})
