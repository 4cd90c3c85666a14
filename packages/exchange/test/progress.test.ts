import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Json } from '@entente/canonical'
import {
  type DamageState,
  type DamageStep,
  type EnvelopeType,
  type OfferState,
  type OfferStep,
  type VerifiedEnvelope,
  damageOverdue,
  foldDamage,
  foldOffer,
  matchPairs,
  noDamage,
  noOffer,
  offerLives,
  readBody,
  writeBody,
} from '@entente/exchange'
import * as fc from 'fast-check'
import { ITEM, NOW, code } from './world.ts'

const other = 'ffffffff-ffff-4fff-8fff-ffffffffffff'
const steps: Record<OfferStep['step'], OfferStep> = {
  offered: { step: 'offered', at: NOW, expires: NOW + 100 },
  delivered: { step: 'delivered', at: NOW },
  refused: { step: 'refused', at: NOW, code: 'not-in-force' },
  receipted: { step: 'receipted', at: NOW, leaf: 'ab'.repeat(32) },
  withdrawn: { step: 'withdrawn', at: NOW },
  revoked: { step: 'revoked', at: NOW, reason: 'withdrawn' },
  'revocation-receipted': { step: 'revocation-receipted', at: NOW },
}
const offerAfter = (...names: (keyof typeof steps)[]): OfferState => names.reduce((state, name) => foldOffer(state, steps[name]), noOffer)

test('an offer is delivered, receipted, and lives until it expires', () => {
  assert.equal(offerAfter('offered', 'delivered', 'receipted').state, 'receipted')
  assert.ok(offerLives(offerAfter('offered', 'delivered', 'receipted'), NOW + 99))
  assert.ok(!offerLives(offerAfter('offered', 'delivered', 'receipted'), NOW + 100))
  assert.ok(!offerLives(noOffer, NOW))
})

test('a stop takes effect in any state, and says when the partner knows', () => {
  for (const before of [
    ['offered'],
    ['offered', 'delivered'],
    ['offered', 'delivered', 'receipted'],
    ['offered', 'refused'],
    ['offered', 'withdrawn'],
  ] as const) {
    const stopped = offerAfter(...before, 'revoked')
    assert.deepEqual(stopped, { state: 'revoked', since: NOW, reason: 'withdrawn', partnerKnows: false })
    assert.deepEqual(foldOffer(stopped, steps['revocation-receipted']), { ...stopped, partnerKnows: true })
  }
})

test('P3: nothing that arrives late revives what was stopped', () => {
  fc.assert(
    fc.property(fc.array(fc.constantFrom(...Object.values(steps)), { maxLength: 12 }), (late) => {
      let state = offerAfter('offered', 'revoked')
      for (const step of late) {
        try {
          state = foldOffer(state, step)
        } catch (error) {
          assert.ok(code('exchange/step-not-allowed')(error))
        }
        assert.equal(state.state, 'revoked')
        assert.ok(!offerLives(state, NOW))
      }
    }),
  )
})

for (const [before, step] of [
  [[], 'delivered'],
  [[], 'receipted'],
  [[], 'refused'],
  [[], 'withdrawn'],
  [[], 'revoked'],
  [[], 'revocation-receipted'],
  [['offered'], 'offered'],
  [['offered'], 'receipted'],
  [['offered', 'delivered'], 'delivered'],
  [['offered', 'delivered'], 'refused'],
  [['offered', 'delivered', 'receipted'], 'withdrawn'],
  [['offered'], 'revocation-receipted'],
] as const) {
  test(`${step} cannot follow ${before.join(', ') || 'nothing'}`, () => {
    assert.throws(() => foldOffer(offerAfter(...before), steps[step]), code('exchange/step-not-allowed'))
  })
}

const asked: DamageStep = { step: 'asked', at: NOW, due: NOW + 100, items: [ITEM, other] }
const damageAfter = (...events: DamageStep[]): DamageState => events.reduce(foldDamage, noDamage)
const partly: DamageStep = { step: 'answered', at: NOW, part: 'partial', items: [ITEM] }
const last: DamageStep = { step: 'answered', at: NOW, part: 'final', items: [other] }

test('a damage assessment is asked, answered in parts, and closed; its clock runs until the final answer', () => {
  const received = damageAfter(asked, { step: 'received', at: NOW })
  assert.equal(received.state, 'received')
  assert.ok(damageOverdue(received, NOW + 100) && !damageOverdue(received, NOW + 99))
  const answered = damageAfter(asked, partly, last)
  assert.deepEqual(answered, { state: 'answered', since: NOW, due: NOW + 100, open: [] })
  assert.ok(!damageOverdue(answered, NOW + 1_000) && !damageOverdue(noDamage, NOW))
  assert.equal(foldDamage(answered, { step: 'closed', at: NOW }).state, 'closed')
})

for (const [name, events] of Object.entries({
  'an answer to nothing': [partly],
  'a final answer that leaves an item open': [asked, last],
  'an answer after the final one': [asked, partly, last, partly],
  'a second question under one number': [asked, asked],
  'a close before the answer': [asked, { step: 'closed', at: NOW }],
  'anything after the close': [asked, partly, last, { step: 'closed', at: NOW }, partly],
} satisfies Record<string, DamageStep[]>)) {
  test(`a damage assessment does not take ${name}`, () => {
    assert.throws(() => damageAfter(...events), code('exchange/step-not-allowed'))
  })
}

const hash = 'ab'.repeat(32)
const good: { readonly [T in EnvelopeType]?: unknown } = {
  offer: { item: ITEM, serial: 1, statement: hash, release: {}, card: {}, container: hash },
  revoke: { item: ITEM, serial: 1, reason: 'compromised', effective: NOW },
  'withdraw-offer': { item: ITEM, serial: 1 },
  feedback: { item: ITEM, serial: 1, kind: 'doubt', text: 'EXERCISE: another ship' },
  'damage-request': { request: ITEM, items: [ITEM, other], reason: 'audit', from: NOW - 10, until: NOW, due: NOW + 10 },
  'damage-answer': { request: ITEM, part: 'final', counts: [{ item: ITEM, entered: 3, joined: 2, possible: 1 }] },
  'pairing-daily': { day: '2026-11-24', openings: [{ opening: hash, grant: hash }], grants: [hash] },
}
for (const [type, body] of Object.entries(good)) {
  test(`a body of type ${type} is read as it was written`, () => {
    assert.deepEqual(writeBody(type as EnvelopeType, body), body)
  })
}
const bad: { readonly [T in EnvelopeType]?: readonly object[] } = {
  offer: [{ container: 'x' }, { serial: 0 }, { title: 'x' }],
  revoke: [{ reason: 'because' }, { text: 'x' }],
  'withdraw-offer': [{ item: 'x' }, { more: 1 }],
  feedback: [{ kind: 'loud' }, { text: '' }, { text: 'x'.repeat(4_097) }],
  'damage-request': [{ items: [] }, { items: [other, ITEM] }, { items: [ITEM, ITEM] }, { until: NOW - 10 }],
  'damage-answer': [{ counts: [{ item: ITEM, entered: 3, joined: 1, possible: 1 }] }, { part: 'most' }],
  'pairing-daily': [{ day: 'today' }, { grants: ['x'] }],
}
for (const [type, changes] of Object.entries(bad)) {
  for (const change of changes) {
    test(`a body of type ${type} with ${JSON.stringify(change).slice(0, 60)} is refused`, () => {
      assert.throws(
        () => writeBody(type as EnvelopeType, { ...(good[type as EnvelopeType] as object), ...change }),
        code('exchange/malformed'),
      )
    })
  }
}

function carrying(type: EnvelopeType, body: unknown, attached: readonly string[] = []): VerifiedEnvelope {
  const attachments = attached.map((sha256) => ({ sha256, size: 1 }))
  return {
    id: hash,
    text: '',
    body: {
      realm: 'exercise',
      from: 'AUS',
      to: 'JPN',
      link: 'jpn-aus',
      seq: 1,
      prev: '0'.repeat(64),
      type,
      at: NOW,
      body: body as Json,
      attachments,
    },
  }
}

test('a body is read only as the type of its envelope, and an offer only with its container', () => {
  assert.equal(readBody(carrying('offer', good.offer, [hash]), 'offer').item, ITEM)
  assert.throws(() => readBody(carrying('offer', good.offer, []), 'offer'), code('exchange/malformed'))
  assert.throws(() => readBody(carrying('revoke', good.revoke), 'offer'), code('exchange/wrong-kind'))
})

test('the daily pairing finds an opening without a grant, a grant used twice, and a grant without an opening', () => {
  assert.deepEqual(matchPairs([{ opening: 'o1', grant: 'g1' }], ['g1']), {
    openingsWithoutGrant: [],
    openingsOnUsedGrant: [],
    grantsWithoutOpening: [],
  })
  const openings = ['g1', 'g1', 'g9'].map((grant, at) => ({ opening: `o${at}`, grant }))
  assert.deepEqual(matchPairs(openings, ['g1', 'g2']), {
    openingsWithoutGrant: ['o2'],
    openingsOnUsedGrant: ['o1'],
    grantsWithoutOpening: ['g2'],
  })
})
