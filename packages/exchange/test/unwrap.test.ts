import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type Json, toBase64Url } from '@entente/canonical'
import { type ReleaseFacts, type UnwrapChecks, type UnwrapPins, type UnwrapQuestion, verifyForUnwrap } from '@entente/exchange'
import {
  BASIS,
  NOW,
  type Opening,
  type Policy,
  checks,
  code,
  compact,
  crypto,
  evidence,
  makeEntry,
  manifest,
  opening,
  pins,
  presented,
  question,
  requestBody,
} from './world.ts'

const ROLES = ['originator', 'recipient'] as const

for (const role of ROLES) {
  test(`the ${role}'s process unwraps its own share for the request that both entries name`, async () => {
    const made = opening()
    const permission = await verifyForUnwrap(crypto, question(made, role), pins(role), checks(made), NOW)
    assert.equal(permission.share, manifest.keyAccess[role === 'originator' ? 0 : 1])
    assert.equal(permission.context.role, role)
    assert.equal(permission.context.leaf, (role === 'originator' ? made.open : made.grant).leafHash)
    assert.equal(permission.context.version, BASIS.version)
  })
}

test('an own reader opens an own item without a grant, under the own policy', async () => {
  const made = opening({ statement: { recipient: 'AUS', keyControl: 'originator' } })
  const own = { ...presented(made), facts: { nation: 'AUS', pseudonym: 'p-1' } }
  const { role, request, entry } = question(made)
  const asked: UnwrapQuestion = { role, request, entry, statement: made.statement, manifest }
  await verifyForUnwrap(crypto, asked, pins('originator', { partnerPolicy: 'nobody' }), checks(made, { presented: async () => own }), NOW)
  await assert.rejects(
    verifyForUnwrap(crypto, asked, pins('originator', { ownPolicy: 'nobody' }), checks(made, { presented: async () => own }), NOW),
    code('exchange/proof-invalid'),
  )
})

interface Refused {
  readonly name: string
  readonly code: string
  readonly made?: Opening
  readonly role?: 'originator' | 'recipient'
  readonly question?: (made: Opening) => Partial<UnwrapQuestion>
  readonly pins?: Partial<UnwrapPins<Policy>>
  readonly checks?: (made: Opening) => Partial<UnwrapChecks<Policy>>
  readonly now?: number
}

const other = opening({ body: { purpose: 'other' } })
const refused: readonly Refused[] = [
  { name: 'a request that is no presentation', code: 'exchange/malformed', question: () => ({ request: 'x' }) },
  {
    name: 'another request than the one that was verified',
    code: 'exchange/malformed',
    question: () => ({ request: compact(requestBody({ serial: 2 })) }),
  },
  {
    name: 'a presentation without a request',
    code: 'exchange/malformed',
    checks: (made) => ({ presented: async () => ({ facts: presented(made).facts, requestHash: presented(made).requestHash }) }),
  },
  {
    name: 'a request whose signature does not hold',
    code: 'exchange/malformed',
    checks: () => ({ presented: () => Promise.reject(new Error('no')) }),
  },
  {
    name: 'a statement whose signature does not hold',
    code: 'exchange/malformed',
    checks: () => ({ released: () => Promise.reject(new Error('no')) }),
  },
  { name: 'a request of another realm', code: 'exchange/wrong-realm', made: opening({ body: { realm: 'operational' } }) },
  { name: 'a statement of another realm', code: 'exchange/wrong-realm', made: opening({ statement: { realm: 'operational' } }) },
  { name: 'entries of another realm', code: 'exchange/wrong-realm', made: opening({ realm: 'operational' }) },
  { name: 'an expired request', code: 'exchange/request-expired', now: NOW + 60 },
  { name: 'a statement of another id', code: 'exchange/statement-mismatch', made: opening({ body: { statement: '99'.repeat(32) } }) },
  {
    name: 'a statement about another item',
    code: 'exchange/statement-mismatch',
    made: opening({ statement: { item: '00000000-0000-4000-8000-000000000000' } }),
  },
  { name: 'a statement of another serial', code: 'exchange/statement-mismatch', made: opening({ statement: { serial: 2 } }) },
  {
    name: 'a statement on another basis',
    code: 'exchange/statement-mismatch',
    made: opening({ statement: { basis: { ...BASIS, version: '00'.repeat(32) } } }),
  },
  { name: 'a statement for another nation', code: 'exchange/statement-mismatch', made: opening({ statement: { recipient: 'NZL' } }) },
  { name: 'a statement of another originator', code: 'exchange/statement-mismatch', made: opening({ statement: { originator: 'NZL' } }) },
  { name: 'an expired release', code: 'exchange/statement-expired', made: opening({ statement: { expires: NOW } }) },
  { name: 'another manifest', code: 'exchange/manifest-mismatch', made: opening({ statement: { manifestDigest: '00'.repeat(48) } }) },
  { name: 'a share under another key', code: 'exchange/share-not-ours', pins: { kids: ['k2'] } },
  { name: 'a share of another key service', code: 'exchange/share-not-ours', pins: { kas: 'https://kas.nzl.entente.example' } },
  {
    name: 'two shares for one key service',
    code: 'exchange/share-not-ours',
    checks: () => ({ manifest: () => ({ ...manifest, keyAccess: [manifest.keyAccess[0]!, manifest.keyAccess[0]!] }) }),
  },
  {
    name: 'a recipient under originator alone',
    code: 'exchange/key-control',
    role: 'recipient',
    made: opening({ statement: { keyControl: 'originator' } }),
  },
  {
    name: 'a recipient under either',
    code: 'exchange/key-control',
    role: 'recipient',
    made: opening({ statement: { keyControl: 'either' } }),
  },
  { name: 'a refusal', code: 'exchange/entry-not-permit', made: opening({ open: { act: 'refuse', decision: 'refuse' } }) },
  { name: 'a refusal that permits', code: 'exchange/entry-not-permit', made: opening({ open: { act: 'refuse' } }) },
  { name: 'an open that refuses', code: 'exchange/entry-not-permit', made: opening({ open: { decision: 'refuse' } }) },
  { name: 'a grant in the place of an opening', code: 'exchange/entry-not-permit', question: (made) => ({ entry: evidence(made.grant) }) },
  {
    name: 'an opening in the place of a grant',
    code: 'exchange/entry-not-permit',
    role: 'recipient',
    question: (made) => ({ entry: evidence(made.open) }),
  },
  {
    name: 'a hidden decision',
    code: 'exchange/entry-not-permit',
    question: (made) => ({ entry: { ...evidence(made.open), opening: without(made.open.opening, 'decision') } }),
  },
  { name: 'an entry that is not proven', code: 'exchange/proof-invalid', pins: { partnerPolicy: 'nobody' } },
  {
    name: 'the proof of another entry',
    code: 'exchange/proof-invalid',
    question: (made) => ({ entry: { ...evidence(made.open), proof: other.open.proof } }),
  },
  {
    name: 'the opening of another entry',
    code: 'exchange/proof-invalid',
    question: (made) => ({ entry: { ...evidence(made.open), opening: other.open.opening } }),
  },
  { name: 'a counter-entry that is not proven', code: 'exchange/proof-invalid', pins: { counterPolicy: 'nobody' } },
  { name: 'no grant', code: 'exchange/counter-entry-missing', question: () => ({ counterEntry: undefined as never }) },
  {
    name: 'no entry of the originator',
    code: 'exchange/counter-entry-missing',
    role: 'recipient',
    question: () => ({ counterEntry: undefined as never }),
  },
  {
    name: 'the grant of another request',
    code: 'exchange/counter-entry-mismatch',
    question: () => ({ counterEntry: evidence(other.grant) }),
  },
  {
    name: 'the opening of another request',
    code: 'exchange/counter-entry-mismatch',
    role: 'recipient',
    question: () => ({ counterEntry: evidence(other.open) }),
  },
  {
    name: 'a second grant of the same request',
    code: 'exchange/counter-entry-mismatch',
    question: () => ({ counterEntry: evidence(opening().grant) }),
  },
  { name: 'a counter-entry that is no grant', code: 'exchange/counter-entry-mismatch', made: opening({ grant: { act: 'list' } }) },
  { name: 'an old opening', code: 'exchange/entry-stale', made: opening({ body: { expires: NOW + 600 } }), now: NOW + 60 },
  { name: 'an opening from the future', code: 'exchange/entry-stale', made: opening({ openAt: NOW + 1 }) },
  {
    name: 'a grant that is over',
    code: 'exchange/grant-expired',
    made: opening({ body: { expires: NOW + 600 }, openAt: NOW + 60 }),
    now: NOW + 65,
  },
  {
    name: 'an own grant that is over',
    code: 'exchange/grant-expired',
    role: 'recipient',
    made: opening({ body: { expires: NOW + 600 } }),
    now: NOW + 60,
    pins: { maxAgeSeconds: 600 },
  },
  { name: 'an opening long before its grant', code: 'exchange/entry-stale', made: opening({ grantAt: NOW + 66 }) },
]

function without(disclosed: Json, name: string): Json {
  const { commitments, fields } = disclosed as { commitments: Json; fields: { name: string }[] }
  return { commitments, fields: fields.filter((field) => field.name !== name) as unknown as Json }
}

for (const row of refused) {
  test(`no unwrapping: ${row.name}`, async () => {
    const made = row.made ?? opening()
    const asked = { ...question(made, row.role), ...row.question?.(made) } as UnwrapQuestion
    await assert.rejects(
      verifyForUnwrap(crypto, asked, pins(row.role, row.pins), checks(made, row.checks?.(made)), row.now ?? NOW),
      code(row.code),
    )
  })
}

// P2: every field that binds an entry to one request, twin by twin: with the check of that field dropped, another
// request's entry would do; with the check, it never does.
const BOUND = {
  item: '00000000-0000-4000-8000-000000000000',
  serial: 2,
  statement: '99'.repeat(32),
  request: '99'.repeat(32),
  ephemeral: '99'.repeat(32),
  version: '99'.repeat(32),
}
for (const role of ROLES) {
  for (const [field, value] of [...Object.entries(BOUND), ['pseudonym', 'p-2'], ['purpose', 'other']] as const) {
    for (const hidden of [false, true]) {
      test(`P2: the ${role}'s entry with ${hidden ? 'a hidden' : 'another'} ${field} unwraps nothing`, async () => {
        const change = { [field]: value }
        const made = opening(hidden ? {} : role === 'originator' ? { open: change } : { grant: change })
        const asked = question(made, role)
        const entry = hidden ? { ...asked.entry, opening: without(asked.entry.opening, field) } : asked.entry
        await assert.rejects(verifyForUnwrap(crypto, { ...asked, entry }, pins(role), checks(made), NOW), code('exchange/entry-mismatch'))
      })
    }
  }
  for (const [field, value] of Object.entries(BOUND)) {
    test(`P2: a counter-entry with another ${field} unwraps nothing for the ${role}`, async () => {
      const change = { [field]: value }
      const made = opening()
      const counter =
        role === 'originator' ? opening({ grant: change }).grant : opening({ open: { ...change, grant: made.grant.leafHash } }).open
      await assert.rejects(
        verifyForUnwrap(crypto, { ...question(made, role), counterEntry: evidence(counter) }, pins(role), checks(made), NOW),
        code('exchange/counter-entry-mismatch'),
      )
    })
  }
}

test('P2: the entry of a request made with another E does not serve, even for the same person, item and minute', async () => {
  const first = opening()
  const second = opening({ body: { ephemeral: toBase64Url((await crypto.kemKey(new Uint8Array(32).fill(70))).publicKey) } })
  const crossed = { ...question(first), entry: question(second).entry, counterEntry: question(second).counterEntry } as UnwrapQuestion
  await assert.rejects(verifyForUnwrap(crypto, crossed, pins(), checks(first), NOW), code('exchange/entry-mismatch'))
})

test('a release between two nations without a basis is none', async () => {
  const { basis: _dropped, ...rest } = opening().statement
  const bodyless = requestBody()
  const { basis: _too, ...body } = bodyless
  const made = { ...opening(), body, statement: rest as ReleaseFacts, request: compact(body) }
  await assert.rejects(verifyForUnwrap(crypto, question(made), pins(), checks(made), NOW), code('exchange/statement-mismatch'))
})

test('an entry without any field proves nothing', async () => {
  const made = opening()
  await assert.rejects(
    verifyForUnwrap(crypto, { ...question(made), entry: evidence(makeEntry({}, NOW)) }, pins(), checks(made), NOW),
    code('exchange/entry-mismatch'),
  )
})
