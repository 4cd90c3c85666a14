import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type Json, canonicalBytes, utf8 } from '@entente/canonical'
import {
  type Correspondent,
  MAX_ENVELOPE_BYTES,
  readEnvelope,
  sealEnvelope,
  signReceipt,
  verifyEnvelope,
  verifyReceipt,
} from '@entente/exchange'
import * as fc from 'fast-check'
import { NOW, code, crypto, envelope, envelopeKey, peerKey, stranger } from './world.ts'

/** Australia writes with `envelopeKey`, Japan with `peerKey`. */
const atJapan: Correspondent = { realm: 'exercise', link: 'jpn-aus', self: 'JPN', peer: 'AUS', peerKeys: [envelopeKey.publicKey] }
const atAustralia: Correspondent = { realm: 'exercise', link: 'jpn-aus', self: 'AUS', peer: 'JPN', peerKeys: [peerKey.publicKey] }

const first = await sealEnvelope(crypto, envelope(), envelopeKey)
const second = await sealEnvelope(crypto, envelope({ seq: 2, prev: first.id }), envelopeKey)

test('an envelope arrives as it was sent, with the same id on both sides', async () => {
  assert.deepEqual(await verifyEnvelope(crypto, utf8(first.text), atJapan), first)
})

test('an envelope under the key before the rotation still counts while both are pinned', async () => {
  const here = { ...atJapan, peerKeys: [stranger.publicKey, envelopeKey.publicKey] }
  assert.equal((await verifyEnvelope(crypto, utf8(first.text), here)).id, first.id)
})

for (const [name, here, refused] of [
  ['for another nation', { ...atJapan, self: 'NZL' }, 'exchange/wrong-addressee'],
  ['from another nation', { ...atJapan, peer: 'NZL' }, 'exchange/wrong-sender'],
  ['under another agreement', { ...atJapan, link: 'jpn-nzl' }, 'exchange/wrong-link'],
  ['of another realm', { ...atJapan, realm: 'operational' as const }, 'exchange/wrong-realm'],
  ["signed with a stranger's key", { ...atJapan, peerKeys: [stranger.publicKey] }, 'exchange/stranger-key'],
] as const) {
  test(`an envelope ${name} is refused`, async () => {
    await assert.rejects(verifyEnvelope(crypto, utf8(first.text), here), code(refused))
  })
}

test('the realm is refused before anything else is looked at', async () => {
  const elsewhere = await sealEnvelope(crypto, envelope({ realm: 'operational', to: 'NZL', link: 'other' }), stranger)
  await assert.rejects(verifyEnvelope(crypto, utf8(elsewhere.text), atJapan), code('exchange/wrong-realm'))
})

// Every member of the body is under the signature: the twin that leaves one out would pass with it changed.
for (const [member, value] of Object.entries({
  seq: 2,
  prev: '11'.repeat(32),
  type: 'feedback',
  at: NOW + 1,
  expires: NOW + 9,
  body: { item: '5c9e0f3a-1c1b-4a5e-9f57-0c3a9d1b2e4f', serial: 2 },
  attachments: [{ sha256: '22'.repeat(32), size: 1 }],
})) {
  test(`an envelope whose ${member} was changed on the way is refused`, async () => {
    const { body, signatures } = readEnvelope(utf8(first.text))
    const changed = { ...body, [member]: value, ...(member === 'seq' ? { prev: '11'.repeat(32) } : member === 'prev' ? { seq: 2 } : {}) }
    const bytes = canonicalBytes({ body: changed, signatures } as unknown as Json)
    await assert.rejects(verifyEnvelope(crypto, bytes, atJapan), code('exchange/signature-invalid'))
  })
}

test('one half of a signature is none, and neither is a second spelling of it', async () => {
  const { body, signatures } = readEnvelope(utf8(first.text))
  const [other] = readEnvelope(utf8((await sealEnvelope(crypto, envelope({ at: NOW + 1 }), envelopeKey)).text)).signatures
  const last = signatures[0].ed25519.at(-1) ?? ''
  const loose = signatures[0].ed25519.slice(0, -1) + (last === 'A' ? 'B' : last === 'Q' ? 'R' : last === 'g' ? 'h' : 'x')
  for (const signature of [
    { ...signatures[0], ed25519: other.ed25519 },
    { ...signatures[0], mldsa65: other.mldsa65 },
    { ...signatures[0], ed25519: loose },
  ]) {
    const bytes = canonicalBytes({ body, signatures: [signature] } as unknown as Json)
    await assert.rejects(verifyEnvelope(crypto, bytes, atJapan), code('exchange/signature-invalid'))
  }
})

const { body: goodBody, signatures: goodSignatures } = readEnvelope(utf8(first.text))
const malformed: Record<string, unknown> = {
  'no signature': { body: goodBody, signatures: [] },
  'two signatures': { body: goodBody, signatures: [...goodSignatures, ...goodSignatures] },
  'an unknown member': { body: { ...goodBody, note: 'x' }, signatures: goodSignatures },
  'an unknown type': { body: { ...goodBody, type: 'order' }, signatures: goodSignatures },
  'sequence zero': { body: { ...goodBody, seq: 0 }, signatures: goodSignatures },
  'zeros before a second one': { body: { ...goodBody, seq: 2 }, signatures: goodSignatures },
  'a predecessor before the first': { body: { ...goodBody, prev: '11'.repeat(32) }, signatures: goodSignatures },
  'itself as addressee': { body: { ...goodBody, to: 'AUS' }, signatures: goodSignatures },
  'a link with capitals': { body: { ...goodBody, link: 'JPN' }, signatures: goodSignatures },
  'an attachment of negative size': {
    body: { ...goodBody, attachments: [{ sha256: '22'.repeat(32), size: -1 }] },
    signatures: goodSignatures,
  },
}
for (const [name, value] of Object.entries(malformed)) {
  test(`an envelope with ${name} is not read`, () => {
    assert.throws(() => readEnvelope(canonicalBytes(value as Json)), code('exchange/malformed'))
  })
}

test('the same envelope in another spelling is not read: an id has one text', () => {
  assert.throws(() => readEnvelope(utf8(` ${first.text}`)), code('exchange/malformed'))
})

test('an envelope above its size is neither read nor made', async () => {
  assert.throws(() => readEnvelope(new Uint8Array(MAX_ENVELOPE_BYTES + 1)), code('exchange/too-large'))
  await assert.rejects(sealEnvelope(crypto, envelope({ body: 'x'.repeat(MAX_ENVELOPE_BYTES) }), envelopeKey), code('exchange/too-large'))
  await assert.rejects(
    sealEnvelope(crypto, envelope({ body: 'あ'.repeat(MAX_ENVELOPE_BYTES / 3) }), envelopeKey),
    code('exchange/too-large'),
  )
  await assert.rejects(sealEnvelope(crypto, envelope({ seq: 0 }), envelopeKey), code('exchange/malformed'))
})

test('whatever single byte is changed, reading throws only its own error and verifying never accepts', async () => {
  const valid = utf8(first.text)
  await fc.assert(
    fc.asyncProperty(fc.nat(valid.length - 1), fc.integer({ min: 1, max: 255 }), async (at, flip) => {
      const changed = Uint8Array.from(valid)
      changed[at] = (changed[at] ?? 0) ^ flip
      await assert.rejects(
        verifyEnvelope(crypto, changed, atJapan),
        (error: { code?: string }) => error.code?.startsWith('exchange/') === true,
      )
    }),
    { numRuns: 120 },
  )
})

test('receipts: accepted, refused with a reason, and what is no receipt of this envelope', async () => {
  const evidence = { origin: 'log.jpn.entente.example/exercise/jpn-aus/aus', index: 4, leaf: '33'.repeat(32) }
  const accepted = await signReceipt(crypto, first, { outcome: 'accepted', at: NOW, evidence }, peerKey)
  const refused = await signReceipt(crypto, first, { outcome: 'refused', code: 'not-understood', at: NOW }, peerKey)
  assert.deepEqual((await verifyReceipt(crypto, utf8(accepted), atAustralia, { id: first.id, seq: 1 })).evidence, evidence)
  assert.equal((await verifyReceipt(crypto, utf8(refused), atAustralia, { id: first.id, seq: 1 })).code, 'not-understood')
  for (const [bytes, here, sent, expected] of [
    [utf8(accepted), atAustralia, { id: second.id, seq: 2 }, 'exchange/receipt-mismatch'],
    [utf8(accepted), atAustralia, { id: first.id, seq: 2 }, 'exchange/receipt-mismatch'],
    [utf8(accepted), { ...atAustralia, peer: 'NZL' }, { id: first.id, seq: 1 }, 'exchange/receipt-mismatch'],
    [utf8(accepted), { ...atAustralia, link: 'jpn-nzl' }, { id: first.id, seq: 1 }, 'exchange/receipt-mismatch'],
    [utf8(accepted), { ...atAustralia, realm: 'operational' as const }, { id: first.id, seq: 1 }, 'exchange/wrong-realm'],
    [
      utf8(await signReceipt(crypto, first, { outcome: 'accepted', at: NOW }, stranger)),
      atAustralia,
      { id: first.id, seq: 1 },
      'exchange/stranger-key',
    ],
    [
      utf8(accepted.replace('"accepted"', '"refused"').replace('"envelope"', '"code":"expired","envelope"')),
      atAustralia,
      { id: first.id, seq: 1 },
      'exchange/signature-invalid',
    ],
    [utf8(accepted.replace('"accepted"', '"refused"')), atAustralia, { id: first.id, seq: 1 }, 'exchange/malformed'],
    [utf8(first.text), atAustralia, { id: first.id, seq: 1 }, 'exchange/malformed'],
    [new Uint8Array(65_537), atAustralia, { id: first.id, seq: 1 }, 'exchange/too-large'],
  ] as const) {
    await assert.rejects(verifyReceipt(crypto, bytes, here, sent), code(expected))
  }
  await assert.rejects(
    signReceipt(crypto, first, { outcome: 'accepted', code: 'expired', at: NOW } as never, peerKey),
    code('exchange/malformed'),
  )
})
