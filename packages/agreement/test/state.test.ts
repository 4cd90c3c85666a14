import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  type Agreement,
  type AgreementNotice,
  type AgreementVersion,
  type KnownNotice,
  agreementHistory,
  agreementId,
  effectiveTerms,
  followSuccessions,
  inForce,
  knownNotice,
  membersAt,
  stateAt,
} from '@entente/agreement'
import { nodeCrypto } from '@entente/crypto-node'
import * as fc from 'fast-check'
import { type Change, START, bent, first, part } from './specimen.ts'

const DAY = 86_400

function version(body: Agreement): AgreementVersion {
  return { id: agreementId(nodeCrypto, body), body }
}

function after(previous: AgreementVersion, ...changes: readonly Change[]): AgreementVersion {
  const next: readonly Change[] = [
    ['version', previous.body.version + 1],
    ['previous', previous.id],
    ['inForceFrom', previous.body.inForceFrom + 100],
  ]
  return version(bent(previous.body, ...next, ...changes))
}

type Kind = AgreementNotice['notice']

function say(of: AgreementVersion, nation: string, notice: Kind, at: number, also: Partial<AgreementNotice> = {}): KnownNotice {
  const { agreement, realm } = of.body
  return knownNotice(nodeCrypto, { agreement, realm, version: of.id, nation, notice, at, effectiveAt: at, ...also }, of)
}

/** `in-force 1`, `ended 2`, … at an instant. */
function stands(
  versions: readonly AgreementVersion[],
  notices: readonly KnownNotice[],
  at: number,
  nations: readonly string[] = [],
): string {
  const found = stateAt(versions, notices, at, nations)
  return found.state === 'none' ? 'none' : `${found.state} ${found.version.body.version}`
}

const one = version(first)
const two = after(one)
const [ausParty, jpnParty] = first.parties
assert.ok(ausParty && jpnParty)
const third = { ...jpnParty, nation: 'NZL' }
const three = version(bent(first, ['parties', part([ausParty, jpnParty, third])], ['termination', { article: '10', noticeDays: 90 }]))

test('without a notice the state is what `inForce` says, at any instant and in any order of versions', () => {
  const ended = after(two, ['inForceUntil', START + 250])
  const versions = [ended, one, two]
  fc.assert(
    fc.property(fc.integer({ min: START - 10, max: START + 300 }), (at) => {
      const version = inForce(versions, at)
      const found = stateAt(versions, [], at)
      assert.equal(found.state === 'in-force' ? found.version : undefined, version)
    }),
  )
  assert.equal(stands(versions, [], START - 1), 'none')
  assert.equal(stands(versions, [], START + 250), 'ended 3')
})

test('a gap between two versions is an end, and the later one begins anew', () => {
  const until = version(bent(first, ['inForceUntil', START + 50]))
  const versions = [until, after(until, ['inForceUntil', undefined])]
  assert.deepEqual(
    [0, 49, 50, 99, 100].map((at) => stands(versions, [], START + at)),
    ['in-force 1', 'in-force 1', 'ended 1', 'ended 1', 'in-force 2'],
  )
})

test('suspended by one, also across a new version; resumed only by the word of every party on that suspension', () => {
  const suspension = say(one, 'AUS', 'suspend', START + 10, { effectiveAt: START + 20 })
  const again = say(one, 'AUS', 'suspend', START + 11, { effectiveAt: START + 21 })
  const mine = say(two, 'AUS', 'resume', START + 110, { of: suspension.id })
  const theirs = say(two, 'JPN', 'resume', START + 120, { of: suspension.id })
  assert.equal(stands([one, two], [suspension], START + 19), 'in-force 1')
  assert.equal(stands([one, two], [suspension], START + 20), 'suspended 1')
  assert.equal(stands([one, two], [suspension], START + 500), 'suspended 2')
  assert.equal(stands([one, two], [suspension, mine], START + 500), 'suspended 2')
  assert.equal(stands([one, two], [theirs, suspension, mine], START + 119), 'suspended 2')
  assert.equal(stands([one, two], [theirs, suspension, mine], START + 120), 'in-force 2')
  assert.equal(stands([one, two], [theirs, suspension, mine, again], START + 500), 'suspended 2')
  const found = stateAt([one, two], [again, suspension], START + 30)
  assert.deepEqual(found.state === 'suspended' && found.suspensions.length, 2)
})

test('a termination waits for its days of notice, ends every version, and carries the survival rule of the last', () => {
  const survival = { article: '10', acts: ['open' as const], days: 30 }
  const lasting = version(bent(first, ['termination', { article: '10', noticeDays: 90 }], ['survival', survival]))
  const signedAlready = after(lasting, ['inForceFrom', START + 100 * DAY])
  const end = say(lasting, 'JPN', 'terminate', START)
  assert.equal(end.effect, START + 90 * DAY)
  assert.equal(stands([lasting, signedAlready], [end], START + 90 * DAY - 1), 'in-force 1')
  assert.deepEqual(stateAt([lasting, signedAlready], [end], START + 400 * DAY), {
    state: 'ended',
    from: START + 90 * DAY,
    version: lasting,
    survival,
  })
  const later = say(lasting, 'JPN', 'terminate', START, { effectiveAt: START + 99 * DAY })
  assert.equal(later.effect, START + 99 * DAY)
})

test('who withdraws is no member from then on; the agreement ends once one is left', () => {
  const out = say(three, 'NZL', 'withdraw', START)
  const gone = START + 90 * DAY
  assert.deepEqual(membersAt(three, gone - 1, [out]), ['AUS', 'JPN', 'NZL'])
  assert.deepEqual(membersAt(three, gone, [out]), ['AUS', 'JPN'])
  assert.equal(stands([three], [out], gone), 'in-force 1')
  assert.equal(stands([three], [out], gone, ['AUS', 'JPN']), 'in-force 1')
  assert.equal(stands([three], [out], gone, ['AUS', 'NZL']), 'ended 1')
  assert.equal(stateAt([three], [out], gone + 5, ['AUS', 'NZL']).from, gone)
  const second = say(three, 'JPN', 'withdraw', START + DAY)
  assert.equal(stands([three], [out, second], gone + DAY), 'ended 1')
  // Nothing that was said by one that is no member counts, and the others need not wait for its word.
  const stale = say(three, 'NZL', 'suspend', gone + 1)
  assert.equal(stands([three], [out, stale], gone + 5), 'in-force 1')
  const late = say(three, 'NZL', 'terminate', START + DAY)
  assert.equal(stands([three], [out, late], gone + 5 * DAY), 'in-force 1')
  const pause = say(three, 'AUS', 'suspend', START)
  const resumed = ['AUS', 'JPN'].map((nation) => say(three, nation, 'resume', START + 5, { of: pause.id }))
  assert.equal(stands([three], [pause, ...resumed], gone), 'suspended 1')
  assert.equal(stands([three], [pause, ...resumed, out], gone), 'in-force 1')
})

test('a version that was signed before a withdrawal brings nobody back; one that dates the membership after it does', () => {
  const out = say(three, 'NZL', 'withdraw', START)
  const gone = START + 90 * DAY
  const next = after(three, ['inForceFrom', gone + DAY])
  assert.equal(stands([three, next], [out], gone + 2 * DAY, ['NZL', 'AUS']), 'ended 1')
  const back = after(three, ['inForceFrom', gone + DAY], ['parties/2/memberFrom', gone + DAY])
  assert.equal(stands([three, back], [out], gone + DAY - 1, ['NZL', 'AUS']), 'ended 1')
  assert.equal(stands([three, back], [out], gone + DAY, ['NZL', 'AUS']), 'in-force 2')
})

test('membership has its dates', () => {
  const dated = version(bent(three.body, ['parties/2/memberFrom', START + 10], ['parties/2/memberUntil', START + 20]))
  assert.deepEqual(
    [9, 10, 19, 20].map((at) => membersAt(dated, START + at).length),
    [2, 3, 3, 2],
  )
  assert.deepEqual(
    agreementHistory([dated], [], ['AUS', 'NZL']).map(({ state, from }) => [state, from]),
    [
      ['none', 0],
      ['in-force', START + 10],
      ['ended', START + 20],
    ],
  )
})

test('where notes are exchanged a version begins with the last of them, and the one before goes on until then', () => {
  const noted = after(one, ['entry', { article: '10', by: 'notes' }])
  const mine = say(noted, 'AUS', 'note', START + 150)
  assert.equal(stands([one, noted], [mine], START + 1_000), 'in-force 1')
  const theirs = say(noted, 'JPN', 'note', START + 160, { effectiveAt: START + 170 })
  assert.equal(stands([one, noted], [mine, theirs], START + 169), 'in-force 1')
  assert.equal(stands([one, noted], [mine, theirs], START + 170), 'in-force 2')
  const early = ['AUS', 'JPN'].map((nation) => say(noted, nation, 'note', START))
  assert.equal(stands([one, noted], early, START + 99), 'in-force 1')
  assert.equal(stands([one, noted], early, START + 100), 'in-force 2')
})

test('notices of another agreement or realm say nothing', () => {
  const elsewhere = version(bent(first, ['agreement', 'aus-nzl']))
  const other = version(bent(first, ['realm', 'operational']))
  const notices = [say(elsewhere, 'AUS', 'terminate', START), say(other, 'AUS', 'suspend', START)]
  assert.equal(stands([one], notices, START + 5), 'in-force 1')
})

test('whatever is said, the answer is never wider than without it: no notice puts anything in force', () => {
  const kinds: readonly Kind[] = ['suspend', 'terminate', 'withdraw', 'note']
  const notice = fc.tuple(fc.constantFrom('AUS', 'JPN', 'NZL'), fc.constantFrom(...kinds), fc.nat(300)).map(([nation, kind, at]) => ({
    nation,
    kind,
    at,
  }))
  fc.assert(
    fc.property(fc.array(notice, { maxLength: 6 }), fc.integer({ min: START - 10, max: START + 400 }), (said, at) => {
      const open = version(bent(three.body, ['termination', undefined]))
      const notices = said.map(({ nation, kind, at: when }) => say(open, nation, kind, START + when))
      if (stateAt([open], [], at).state !== 'in-force') assert.notEqual(stateAt([open], notices, at).state, 'in-force')
      const last = notices.at(-1)
      if (last !== undefined && last.body.notice !== 'withdraw' && stateAt([open], notices.slice(0, -1), at).state !== 'in-force')
        assert.notEqual(stateAt([open], notices, at).state, 'in-force')
    }),
  )
})

test('terms are read through the successions of the versions after the release, one step a version', () => {
  const successions = [
    { kind: 'grant', from: 'aus-jpn-classified', to: 'aus-jpn-new', article: '10' },
    { kind: 'classification', nation: 'AUS', from: 'PROTECTED', to: 'SECRET', article: '10' },
    { kind: 'clearance', nation: 'JPN', from: 'TEKIKAKU-2', to: 'TEKIKAKU-1', article: '10' },
  ]
  const second = after(one, ['successions', successions])
  const last = after(second, ['successions', [{ kind: 'area', from: 'maritime-fisheries', to: 'maritime', article: '10' }]])
  const chain = [last, one, second]
  const terms = { grant: 'aus-jpn-classified', area: 'maritime-fisheries', classification: 'PROTECTED', clearance: 'TEKIKAKU-2' }
  const owners = { originator: 'AUS', reader: 'JPN' }
  assert.deepEqual(effectiveTerms(chain, { basis: 1, number: 1 }, terms, owners), terms)
  const then = { ...terms, grant: 'aus-jpn-new', classification: 'SECRET', clearance: 'TEKIKAKU-1' }
  assert.deepEqual(effectiveTerms(chain, { basis: 1, number: 2 }, terms, owners), then)
  assert.deepEqual(effectiveTerms(chain, { basis: 1, number: 3 }, terms, owners), { ...then, area: 'maritime' })
  assert.deepEqual(effectiveTerms(chain, { basis: 2, number: 3 }, terms, owners), { ...terms, area: 'maritime' })
  const { clearance: _, ...unknown } = terms
  assert.equal(effectiveTerms(chain, { basis: 1, number: 3 }, unknown, owners).clearance, undefined)
  assert.equal(followSuccessions([second], 'classification', 'PROTECTED', 'NZL'), 'PROTECTED')
})
