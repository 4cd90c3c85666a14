import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type Json, canonicalBytes, sealTo, toBase64, utf8 } from '@entente/canonical'
import {
  type Answer,
  type AnswerContext,
  type AnswerEnvelope,
  type JoiningChecks,
  type OwnOpening,
  type ReleaseFacts,
  type ShareRole,
  ANSWER_BYTES,
  RELAY_VISIBLE,
  SEALED_ANSWER_BYTES,
  answerContext,
  ephemeralHash,
  joinAnswers,
  openAnswer,
  permitAnswer,
  readAnswerEnvelope,
  requestHash,
  sealAnswer,
  signJoined,
  verifyJoined,
  writeAnswerEnvelope,
} from '@entente/exchange'
import * as fc from 'fast-check'
import {
  BASIS,
  NOW,
  type Made,
  type Opening,
  type Policy,
  SHARES,
  bound,
  code,
  crypto,
  ephemeral,
  evidence,
  holder,
  manifest,
  openEntry,
  opening,
  verifyProof,
} from './world.ts'

const made = opening()

const context: AnswerContext = {
  realm: 'exercise',
  version: BASIS.version,
  statement: made.statement.id,
  request: requestHash(crypto, made.request),
  leaf: made.open.leafHash,
  ephemeral: ephemeralHash(crypto, made.body.ephemeral),
  role: 'originator',
}
const permit = permitAnswer(SHARES.originator, made.open.whole)
const seal = (answer: Answer, about: AnswerContext = context): Promise<Uint8Array> => sealAnswer(crypto, made.body.ephemeral, answer, about)

test('a permit and a refusal are sealed to one length and opened by E alone', async () => {
  for (const answer of [permit, { permit: false, opening: made.open.whole }, { permit: false, opening: {} }] as const) {
    const sealed = await seal(answer)
    assert.equal(sealed.length, SEALED_ANSWER_BYTES)
    assert.deepEqual(await openAnswer(crypto, ephemeral, sealed, context), answer)
  }
  const other = await crypto.kemKey(new Uint8Array(32).fill(77))
  await assert.rejects(openAnswer(crypto, other, await seal(permit), context), code('exchange/answer-invalid'))
})

// P2: the twin that leaves this field out of the context would open an answer that was made for another.
for (const [field, value] of Object.entries({
  realm: 'operational',
  version: '99'.repeat(32),
  statement: '99'.repeat(32),
  request: '99'.repeat(32),
  leaf: '99'.repeat(32),
  ephemeral: '99'.repeat(32),
  role: 'recipient',
})) {
  test(`P2: an answer does not open under another ${field}`, async () => {
    const changed = { ...context, [field]: value } as AnswerContext
    await assert.rejects(openAnswer(crypto, ephemeral, await seal(permit), changed), code('exchange/answer-invalid'))
    // The twin: a context without the field is one for both.
    const dropped = (about: AnswerContext): string => JSON.stringify({ ...about, [field]: '' })
    assert.equal(dropped(changed), dropped(context))
    assert.notDeepEqual(answerContext(changed), answerContext(context))
  })
}

test('what is sealed but is no answer does not open', async () => {
  const bytes = (json: string, fill = 0, length = ANSWER_BYTES, said = json.length): Uint8Array => {
    const padded = new Uint8Array(length).fill(fill)
    new DataView(padded.buffer).setUint16(0, said)
    padded.set(utf8(json), 2)
    return padded
  }
  const good = '{"opening":{},"permit":false}'
  const sealRaw = (plain: Uint8Array): Promise<Uint8Array> => sealTo(crypto, ephemeral.publicKey, plain, answerContext(context))
  assert.deepEqual(await openAnswer(crypto, ephemeral, await sealRaw(bytes(good)), context), { permit: false, opening: {} })
  for (const plain of [
    bytes(good, 1),
    bytes(good, 0, ANSWER_BYTES, 65_535),
    bytes(good, 0, ANSWER_BYTES, 0),
    bytes(good, 0, ANSWER_BYTES + 1),
    bytes(good, 0, ANSWER_BYTES - 1),
    bytes(`${good} `),
    bytes('{"opening":{},"permit":true}'),
    bytes('{"opening":{},"permit":false,"share":"AA"}'),
    bytes('{"opening":{},"permit":true,"share":"AAAA"}'),
    bytes('{"permit":false}'),
  ]) {
    await assert.rejects(openAnswer(crypto, ephemeral, await sealRaw(plain), context), code('exchange/answer-invalid'))
  }
})

test('an answer that would not fit, or not open, is not sealed', async () => {
  await assert.rejects(seal({ permit: false, opening: 'x'.repeat(ANSWER_BYTES) }), code('exchange/too-large'))
  await assert.rejects(seal(permitAnswer(new Uint8Array(31), {})), code('exchange/malformed'))
  await assert.rejects(sealAnswer(crypto, 'AAAA', permit, context), code('exchange/malformed'))
})

test('no byte of a sealed answer can be changed', async () => {
  const sealed = await seal(permit)
  await fc.assert(
    fc.asyncProperty(fc.nat(sealed.length - 1), fc.integer({ min: 1, max: 255 }), async (at, flip) => {
      const changed = Uint8Array.from(sealed)
      changed[at] = (changed[at] ?? 0) ^ flip
      await assert.rejects(openAnswer(crypto, ephemeral, changed, context), code('exchange/answer-invalid'))
    }),
    { numRuns: 60 },
  )
})

const checks: JoiningChecks<Policy> = { openEntry, verifyProof, shareFits: (share, access) => bound(share) === access.policyBinding.hash }
const pins = {
  originatorPolicy: 'counter',
  recipientPolicy: 'partner',
  originatorKas: 'https://kas.aus.entente.example',
  recipientKas: 'https://kas.jpn.entente.example',
} as const
const ownOf = (of: Opening, change: Partial<OwnOpening> = {}): OwnOpening => ({
  realm: 'exercise',
  nation: 'JPN',
  requestHash: requestHash(crypto, of.request),
  key: ephemeral,
  statement: of.statement,
  manifest,
  ...change,
})

async function envelopeOf(
  of: Opening,
  role: ShareRole,
  change: { entry?: Made; answer?: (entry: Made) => Answer; context?: Partial<AnswerContext> } = {},
): Promise<AnswerEnvelope> {
  const entry = change.entry ?? (role === 'originator' ? of.open : of.grant)
  const answer = change.answer?.(entry) ?? permitAnswer(SHARES[role], entry.whole)
  const about = {
    ...context,
    request: requestHash(crypto, of.request),
    statement: of.statement.id,
    leaf: entry.leafHash,
    role,
    ...change.context,
  }
  const cut = { ...evidence(entry), opening: cutForRelay(entry.whole) }
  return readAnswerEnvelope(writeAnswerEnvelope(cut, await sealAnswer(crypto, of.body.ephemeral, answer, about)))
}

function cutForRelay(whole: Json): Json {
  const { commitments, fields } = whole as { commitments: Json; fields: { name: string }[] }
  return { commitments, fields: fields.filter((field) => RELAY_VISIBLE.includes(field.name)) as unknown as Json }
}

test('both answers join to the data key, with both entries as evidence', async () => {
  const joined = await joinAnswers(
    crypto,
    ownOf(made),
    { originator: await envelopeOf(made, 'originator'), recipient: await envelopeOf(made, 'recipient') },
    pins,
    checks,
  )
  assert.ok(joined.joined)
  assert.deepEqual(joined.dataKey, new Uint8Array(32).fill(0x33))
  assert.deepEqual(
    joined.entries.map((entry) => entry.leafHash),
    [made.open.leafHash, made.grant.leafHash],
  )
})

test('under originator alone one answer is the key', async () => {
  const alone = opening({ statement: { keyControl: 'originator' } })
  const joined = await joinAnswers(crypto, ownOf(alone), { originator: await envelopeOf(alone, 'originator') }, pins, checks)
  assert.ok(joined.joined)
  assert.deepEqual(joined.dataKey, SHARES.originator)
})

test('a refusal is a result with its entry, not an error; what the relay saw of it is the same as of a permit', async () => {
  const refusedOpening = opening({ open: { act: 'refuse', decision: 'refuse' } })
  const refusal = await envelopeOf(refusedOpening, 'originator', { answer: (entry) => ({ permit: false, opening: entry.whole }) })
  const result = await joinAnswers(
    crypto,
    ownOf(refusedOpening),
    { originator: refusal, recipient: await envelopeOf(refusedOpening, 'recipient') },
    pins,
    checks,
  )
  assert.ok(!result.joined)
  assert.equal(result.by, 'originator')
  assert.equal(result.entries[0]?.fields['act'], 'refuse')
  const seen = (envelope: AnswerEnvelope): string[] =>
    (envelope.opening as { fields: { name: string }[] }).fields.map((field) => field.name).sort()
  const permitted = await envelopeOf(made, 'originator')
  assert.deepEqual(seen(refusal), seen(permitted))
  assert.deepEqual(seen(refusal), [...RELAY_VISIBLE])
  assert.equal(
    writeAnswerEnvelope(refusal, Uint8Array.fromBase64(refusal.sealed)).length,
    writeAnswerEnvelope(permitted, Uint8Array.fromBase64(permitted.sealed)).length,
  )
})

const other = opening({ body: { purpose: 'other' } })
interface Failing {
  readonly name: string
  readonly code: string
  readonly of?: Opening
  readonly own?: Partial<OwnOpening>
  readonly originator?: Parameters<typeof envelopeOf>[2]
  readonly recipient?: Parameters<typeof envelopeOf>[2]
  readonly change?: (envelope: AnswerEnvelope) => AnswerEnvelope
  readonly pins?: Partial<Record<keyof typeof pins, string>>
}
const failing: readonly Failing[] = [
  { name: 'an opening that was entered as refused', code: 'exchange/entry-mismatch', of: opening({ open: { decision: 'refuse' } }) },
  { name: 'a refusal that was entered as permitted', code: 'exchange/entry-mismatch', of: opening({ open: { act: 'refuse' } }) },
  { name: 'another manifest', code: 'exchange/manifest-mismatch', own: { manifest: { ...manifest, digest: '00'.repeat(48) } } },
  { name: 'a permit on an entered refusal', code: 'exchange/entry-mismatch', of: opening({ open: { act: 'refuse', decision: 'refuse' } }) },
  {
    name: 'a refusal on an entered permit',
    code: 'exchange/entry-mismatch',
    originator: { answer: (entry) => ({ permit: false, opening: entry.whole }) },
  },
  {
    name: 'a hidden decision',
    code: 'exchange/entry-mismatch',
    originator: { answer: (entry) => permitAnswer(SHARES.originator, cutForRelay(entry.whole)) },
  },
  {
    name: 'an answer to another request',
    code: 'exchange/answer-invalid',
    originator: { context: { request: requestHash(crypto, other.request) } },
  },
  { name: 'the entry of another request', code: 'exchange/entry-mismatch', originator: { entry: other.open } },
  { name: 'the grant of another request', code: 'exchange/entry-mismatch', recipient: { entry: other.grant } },
  { name: 'an opening on another grant', code: 'exchange/counter-entry-mismatch', recipient: { entry: opening().grant } },
  {
    name: 'the opening of another entry',
    code: 'exchange/proof-invalid',
    originator: { answer: () => permitAnswer(SHARES.originator, other.open.whole) },
  },
  { name: 'a swapped leaf', code: 'exchange/answer-invalid', change: (envelope) => ({ ...envelope, leaf: other.open.leaf }) },
  { name: 'a swapped proof', code: 'exchange/proof-invalid', change: (envelope) => ({ ...envelope, proof: other.open.proof }) },
  { name: 'an originator whose witness nobody pinned', code: 'exchange/proof-invalid', pins: { originatorPolicy: 'nobody' } },
  { name: 'a recipient whose witness nobody pinned', code: 'exchange/proof-invalid', pins: { recipientPolicy: 'nobody' } },
  { name: 'a key service that has no share', code: 'exchange/share-not-ours', pins: { originatorKas: 'https://kas.nzl.entente.example' } },
  { name: 'a statement of another id', code: 'exchange/answer-invalid', own: { statement: { ...made.statement, id: '99'.repeat(32) } } },
  { name: 'a statement of another serial', code: 'exchange/entry-mismatch', own: { statement: { ...made.statement, serial: 2 } } },
  { name: 'another realm', code: 'exchange/answer-invalid', own: { realm: 'operational' } },
]
for (const row of failing) {
  test(`no joining: ${row.name}`, async () => {
    const of = row.of ?? made
    const originator = await envelopeOf(of, 'originator', row.originator)
    const answers = { originator: row.change?.(originator) ?? originator, recipient: await envelopeOf(of, 'recipient', row.recipient) }
    await assert.rejects(joinAnswers(crypto, ownOf(of, row.own), answers, { ...pins, ...row.pins } as never, checks), code(row.code))
  })
}

for (const [role, giver] of [
  ['originator', 'AUS'],
  ['recipient', 'JPN'],
] as const) {
  test(`a false share of the ${role} names its giver`, async () => {
    const lie = { answer: (entry: Made): Answer => permitAnswer(new Uint8Array(32).fill(0x77), entry.whole) }
    const answers = {
      originator: await envelopeOf(made, 'originator', role === 'originator' ? lie : {}),
      recipient: await envelopeOf(made, 'recipient', role === 'recipient' ? lie : {}),
    }
    await assert.rejects(joinAnswers(crypto, ownOf(made), answers, pins, checks), (error: { code?: string; values?: unknown }) => {
      assert.equal(error.code, 'exchange/false-share')
      assert.deepEqual(error.values, { giver })
      return true
    })
  })
}

test('under both, one answer is not enough, and under originator alone a second is too many', async () => {
  const originator = await envelopeOf(made, 'originator')
  await assert.rejects(joinAnswers(crypto, ownOf(made), { originator }, pins, checks), code('exchange/answer-missing'))
  const alone: ReleaseFacts = { ...made.statement, keyControl: 'originator' }
  await assert.rejects(
    joinAnswers(crypto, ownOf(made, { statement: alone }), { originator, recipient: await envelopeOf(made, 'recipient') }, pins, checks),
    code('exchange/answer-missing'),
  )
})

test('an answer envelope of another length, or with more in it, is not read', async () => {
  const good = await envelopeOf(made, 'originator')
  for (const bad of [
    { ...good, sealed: toBase64(new Uint8Array(SEALED_ANSWER_BYTES - 1)) },
    { ...good, sealed: 'AA' },
    { ...good, more: 1 },
    { leaf: good.leaf, opening: good.opening, sealed: good.sealed },
    { ...good, leaf: '' },
  ]) {
    assert.throws(() => readAnswerEnvelope(canonicalBytes(bad as unknown as Json)), code('exchange/malformed'))
  }
  assert.throws(() => readAnswerEnvelope(new Uint8Array(131_073)), code('exchange/too-large'))
})

const joinedBody = { realm: 'exercise', request: context.request, leaf: context.leaf, at: NOW, outcome: 'opened' } as const
const joinedFor = { realm: 'exercise', holderKey: holder.publicKey, request: context.request, leaf: context.leaf } as const

test('joined: signed by K for one opening, and for no other', async () => {
  const signed = await signJoined(joinedBody, holder)
  const bytes = canonicalBytes(signed as unknown as Json)
  assert.deepEqual(await verifyJoined(crypto, bytes, joinedFor), joinedBody)
  const stranger = await crypto.signer('Ed25519', new Uint8Array(32).fill(99))
  for (const [given, expected, refused] of [
    [canonicalBytes((await signJoined(joinedBody, stranger)) as unknown as Json), joinedFor, 'exchange/joined-invalid'],
    [canonicalBytes({ ...signed, body: { ...joinedBody, outcome: 'failed' } }), joinedFor, 'exchange/joined-invalid'],
    [bytes, { ...joinedFor, request: '99'.repeat(32) }, 'exchange/joined-invalid'],
    [bytes, { ...joinedFor, leaf: '99'.repeat(32) }, 'exchange/joined-invalid'],
    [bytes, { ...joinedFor, realm: 'operational' as const }, 'exchange/joined-invalid'],
    [canonicalBytes({ ...signed, signature: `${signed.signature.slice(0, -1)}~` } as unknown as Json), joinedFor, 'exchange/malformed'],
    [canonicalBytes({ body: { ...joinedBody, name: 'x' }, signature: signed.signature }), joinedFor, 'exchange/malformed'],
    [new Uint8Array(4_097), joinedFor, 'exchange/too-large'],
  ] as const) {
    await assert.rejects(verifyJoined(crypto, given, expected), code(refused))
  }
})
