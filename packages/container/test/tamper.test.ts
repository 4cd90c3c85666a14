import assert from 'node:assert/strict'
import { createHmac, generateKeyPairSync, publicEncrypt, sign } from 'node:crypto'
import { test } from 'node:test'
import { type HybridSigner, type Json, canonicalBytes, canonicalText, fromBase64, fromUtf8, toBase64 } from '@entente/canonical'
import {
  type Assertion,
  type ContainerError,
  type Manifest,
  type StatementTrust,
  bytesSource,
  checkPayloadDigest,
  encodePolicy,
  open,
  openForeign,
  readContainer,
  signStatement,
  unwrapShare,
  verifyContainer,
  whole,
} from '@entente/container'
import { bindAssertion } from '#src/assertions.ts'
import {
  type Draft,
  ITEM,
  TRUST,
  bytesOf,
  crypto,
  keysFor,
  loose,
  make,
  officer,
  originatorKem,
  putTogether,
  signedIn,
  stranger,
  takeApart,
} from './made.ts'

const PLAIN = bytesOf(40_000)
const made = await make([PLAIN])
const { payload, manifest } = await takeApart(made.bytes)
const KEY = made.keys.dataKey
const TEXT = canonicalText(manifest as unknown as Json)

/** Everything that a reader does; gives the code at which it stops, or `opened`. */
async function outcome(bytes: Uint8Array, trust: StatementTrust = TRUST, key = KEY): Promise<string> {
  try {
    const container = await readContainer(crypto, bytesSource(bytes))
    const verified = await verifyContainer(crypto, container, trust)
    await checkPayloadDigest(crypto, verified)
    assert.deepEqual(await whole(open(crypto, verified, key)), PLAIN)
    return 'opened'
  } catch (error) {
    assert.equal((error as Error).name, 'ContainerError', String((error as Error).stack))
    return (error as ContainerError).code
  }
}

function changed(change: (manifest: Draft<Manifest>) => void): Uint8Array {
  const copy = loose(manifest)
  change(copy)
  return putTogether(payload, copy)
}

test('taken apart and put together again it is the same file', async () => {
  assert.deepEqual(putTogether(payload, manifest), made.bytes)
  assert.equal(await outcome(made.bytes), 'opened')
})

const manifestChanges: readonly [name: string, change: (manifest: Draft<Manifest>) => void, code: string][] = [
  ['defect 1: label assertion deleted', (m) => m.assertions.splice(1, 1), 'container/assertions'],
  ['label assertions exchanged', (m) => m.assertions.reverse(), 'container/assertions'],
  ['an assertion added', (m) => m.assertions.push(m.assertions[0]), 'container/assertions'],
  ['statement deleted', (m) => m.assertions.pop(), 'container/statement-missing'],
  ['all assertions deleted', (m) => Reflect.deleteProperty(m, 'assertions'), 'container/statement-missing'],
  [
    'label altered, old binding',
    (m) => (m.assertions[1].statement.value = (m.assertions[1].statement.value as string).replace('SECRET', 'OFFICIAL')),
    'container/assertion-content',
  ],
  ['label xml altered, old binding', (m) => (m.assertions[0].statement.value = '<low/>'), 'container/assertion-content'],
  ['defect 3: root gmac', (m) => (m.encryptionInformation.integrityInformation.rootSignature.alg = 'GMAC'), 'container/gmac'],
  ['defect 3: segments gmac', (m) => (m.encryptionInformation.integrityInformation.segmentHashAlg = 'GMAC'), 'container/gmac'],
  ['truncated by a segment', (m) => m.encryptionInformation.integrityInformation.segments.pop(), 'container/payload-size'],
  ['segments reordered', (m) => m.encryptionInformation.integrityInformation.segments.reverse(), 'container/segment-layout'],
  ['equal segments reordered', (m) => swap(m.encryptionInformation.integrityInformation.segments), 'container/assertion-content'],
  [
    'root altered',
    (m) => (m.encryptionInformation.integrityInformation.rootSignature.sig = toBase64(bytesOf(32))),
    'container/statement-manifest',
  ],
  [
    'segment hash altered',
    (m) => (m.encryptionInformation.integrityInformation.segments[0].hash = toBase64(bytesOf(32))),
    'container/assertion-content',
  ],
  [
    'encrypted size altered',
    (m) => m.encryptionInformation.integrityInformation.segments[2].encryptedSegmentSize++,
    'container/segment-layout',
  ],
  [
    'policy altered',
    (m) => (m.encryptionInformation.policy = encodePolicy(ITEM, ['https://x.example/attr/a/value/b'])),
    'container/statement-manifest',
  ],
  [
    'policy binding altered',
    (m) => (m.encryptionInformation.keyAccess[0].policyBinding.hash = `${'A'.repeat(86)}==`),
    'container/statement-manifest',
  ],
  [
    'key access appended (silent re-share)',
    (m) => m.encryptionInformation.keyAccess.push(m.encryptionInformation.keyAccess[0]),
    'container/statement-manifest',
  ],
  ['key access removed', (m) => m.encryptionInformation.keyAccess.pop(), 'container/statement-manifest'],
  ['key service name altered', (m) => (m.encryptionInformation.keyAccess[0].url = 'https://kas.example'), 'container/statement-manifest'],
  ['media type altered', (m) => (m.payload.mimeType = 'text/html'), 'container/statement-manifest'],
  ['payload elsewhere', (m) => (m.payload.url = '1.payload'), 'container/manifest-malformed'],
  ['another schema version', (m) => (m.schemaVersion = '4.2.2'), 'container/manifest-malformed'],
  ['a member added', (m) => Object.assign(m, { note: 'x' }), 'container/manifest-malformed'],
  [
    'defect 8: a statement value that is an object',
    (m) => Object.assign(m.assertions[1].statement, { value: {} }),
    'container/manifest-malformed',
  ],
  ['statement value no json', (m) => (m.assertions[2].statement.value = '{'), 'container/assertion-content'],
]

function swap(list: unknown[]): void {
  ;[list[0], list[1]] = [list[1], list[0]]
}

for (const [name, change, code] of manifestChanges) {
  test(`${name}: refused (${code})`, async () => assert.equal(await outcome(changed(change)), code))
}

test("defect 2: a label re-signed with the attacker's key in the header is refused", async () => {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
  const bytes = changed((m) => {
    const body = m.assertions[1].binding.signature.split('.')[1]
    const head = Buffer.from(JSON.stringify({ alg: 'RS256', jwk: publicKey.export({ format: 'jwk' }) })).toString('base64url')
    m.assertions[1].binding.signature = `${head}.${body}.${sign('sha256', Buffer.from(`${head}.${body}`), privateKey).toString('base64url')}`
  })
  assert.equal(await outcome(bytes), 'container/assertion-header')
})

test("defect 4: who holds the data key can make everything but the officer's signature", async () => {
  const forge = async (signer: HybridSigner): Promise<string> => {
    const again = await make([PLAIN], { keys: made.keys, signer })
    return outcome(again.bytes, TRUST)
  }
  assert.equal(await forge(stranger), 'container/statement-signer')
  assert.equal(await forge(officer), 'opened')
  // Another payload under the first officer's statement.
  const other = await takeApart((await make([bytesOf(40_000, 9)], { keys: made.keys })).bytes)
  const { aggregate } = await readContainer(crypto, bytesSource(putTogether(other.payload, other.manifest)))
  const mixed = loose(other.manifest)
  const { binding: _, ...unbound } = loose(manifest).assertions[2]
  mixed.assertions[2] = bindAssertion(crypto, unbound, aggregate, KEY) as Draft<Assertion>
  assert.equal(await outcome(putTogether(other.payload, mixed)), 'container/statement-manifest')
})

/** The release assertion replaced by one with this value, properly bound with the data key. */
async function withStatement(value: string): Promise<Uint8Array> {
  const copy = loose(manifest)
  const { aggregate } = await readContainer(crypto, bytesSource(made.bytes))
  const { binding: _, ...unbound } = copy.assertions[2]
  copy.assertions[2] = bindAssertion(crypto, { ...unbound, statement: { ...unbound.statement, value } }, aggregate, KEY) as Draft<Assertion>
  return putTogether(payload, copy)
}

test('the statement has one spelling, one signature, and both halves count', async () => {
  const signed = signedIn(manifest)
  const text = canonicalText(signed as never)
  assert.deepEqual(await withStatement(text), made.bytes)
  assert.equal(
    await outcome(await withStatement(JSON.stringify({ signatures: signed.signatures, body: signed.body }))),
    'container/statement-malformed',
  )
  const more = await signStatement(crypto, stranger, signed.body)
  const twice = { body: signed.body, signatures: [...signed.signatures, ...more.signatures] }
  assert.equal(await outcome(await withStatement(canonicalText(twice as never))), 'container/statement-malformed')
  for (const half of ['ed25519', 'mldsa65'] as const) {
    const [signature] = signed.signatures
    assert.ok(signature !== undefined)
    const broken = { body: signed.body, signatures: [{ ...signature, [half]: `B${signature[half].slice(1)}`.replace(/^BB/u, 'AB') }] }
    const code = await outcome(await withStatement(canonicalText(broken as never)))
    assert.equal(code, 'container/statement-signature')
  }
  const later = { body: { ...signed.body, expires: signed.body.expires + 1 }, signatures: signed.signatures }
  assert.equal(await outcome(await withStatement(canonicalText(later as never))), 'container/statement-signature')
})

test('defect 5: the label that is shown and the policy that decides must say the same', async () => {
  const other = { ...TRUST, attributesOf: () => ['https://aus.entente.example/attr/classification/value/official'] }
  assert.equal(await outcome(made.bytes, other), 'container/statement-attributes')
  assert.equal(await outcome(made.bytes, { ...TRUST, labelXmlOf: () => '<other/>' }), 'container/statement-label-xml')
  const lower = await make([PLAIN], { change: (body) => ({ ...body, item: ITEM.replace('5f', '6f') }) })
  assert.equal(await outcome(lower.bytes, TRUST, lower.keys.dataKey), 'container/statement-item')
})

test('what the caller pins decides: realm, parties, officers', async () => {
  assert.equal(await outcome(made.bytes, { ...TRUST, realm: 'operational' }), 'container/statement-realm')
  assert.equal(await outcome(made.bytes, { ...TRUST, recipient: 'NZL' }), 'container/statement-party')
  assert.equal(await outcome(made.bytes, { ...TRUST, originator: 'NZL' }), 'container/statement-party')
  assert.equal(await outcome(made.bytes, { ...TRUST, officers: [] }), 'container/statement-signer')
})

test('key control that the key accesses do not carry is refused', async () => {
  const says = await make([PLAIN], { control: 'both', change: (body) => ({ ...body, keyControl: 'either' }) })
  assert.equal(await outcome(says.bytes, TRUST, says.keys.dataKey), 'container/statement-keys')
})

test('defect 6: a policy with no attribute cannot be written', () => {
  assert.throws(() => encodePolicy(ITEM, []), { code: 'container/policy-malformed' })
})

test('defect 6: nobody, or named persons, in the policy is refused although an officer signed it', async () => {
  const keys = await keysFor('originator')
  const said = JSON.parse(fromUtf8(fromBase64(keys.policy))) as { body: { dataAttributes: unknown[]; dissem: string[] } }
  const signedWith = async (body: typeof said.body): Promise<string> => {
    const policy = toBase64(canonicalBytes({ ...said, body } as Json))
    const again = await make([PLAIN], { control: 'originator', keys: { ...keys, policy } })
    return outcome(again.bytes, TRUST, keys.dataKey)
  }
  assert.equal(await signedWith(said.body), 'opened')
  assert.equal(await signedWith({ ...said.body, dataAttributes: [] }), 'container/statement-attributes')
  assert.equal(await signedWith({ ...said.body, dissem: ['anybody@example.org'] }), 'container/statement-attributes')
})

test('defect 7: a share wrapped with rsa is refused in the manifest and by the key, although an officer signed it', async () => {
  const keys = await keysFor('originator')
  const { publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
  const wrappedKey = publicEncrypt({ key: publicKey, oaepHash: 'sha1' }, keys.dataKey)
  const keyAccess = keys.keyAccess.map((access) => ({ ...access, type: 'wrapped', wrappedKey: toBase64(wrappedKey) }))
  const old = await make([PLAIN], { control: 'originator', keys: { ...keys, keyAccess } })
  assert.equal(await outcome(old.bytes, TRUST, keys.dataKey), 'container/statement-keys')
  await assert.rejects(unwrapShare(crypto, originatorKem, wrappedKey), { code: 'container/wrapped-key' })
})

test('a byte changed anywhere in the payload is found without a key, and with it', async () => {
  for (let at = 0; at < payload.length; at += 4_001) {
    const bad = Uint8Array.from(payload, (byte, index) => (index === at ? byte ^ 0x80 : byte))
    const bytes = putTogether(bad, manifest)
    assert.equal(await outcome(bytes), 'container/payload-digest')
    const verified = await verifyContainer(crypto, await readContainer(crypto, bytesSource(bytes)), TRUST)
    const got: Uint8Array[] = []
    await assert.rejects(
      async () => {
        for await (const part of open(crypto, verified, KEY)) got.push(part)
      },
      { code: 'container/segment-hash', values: { segment: Math.floor(at / 16_412) } },
    )
    assert.deepEqual(Buffer.concat(got), Buffer.from(PLAIN.subarray(0, Math.floor(at / 16_412) * 16_384)))
  }
})

test('a hmac of another key in a binding is found with the data key', async () => {
  const bytes = changed((m) => {
    const parts = m.assertions[2].binding.signature.split('.')
    parts[2] = createHmac('sha256', 'x').update(`${parts[0]}.${parts[1]}`).digest('base64url')
    m.assertions[2].binding.signature = parts.join('.')
  })
  assert.equal(await outcome(bytes), 'container/assertion-binding')
})

test('a manifest with a statement in another spelling is refused', async () => {
  const texts = [`${TEXT} `, JSON.stringify(loose(manifest), null, 1), TEXT.replace('{', '{"x":null,')]
  for (const text of texts)
    assert.equal(await outcome(putTogether(payload, new TextEncoder().encode(text))), 'container/manifest-not-canonical')
  const doubled = TEXT.replace(/\}$/u, ',"schemaVersion":"4.3.0"}')
  assert.equal(await outcome(putTogether(payload, new TextEncoder().encode(doubled))), 'container/manifest-malformed')
})

test('defect 8: a foreign object value is read in both spellings, and any other is refused', async () => {
  const copy = { ...loose(manifest), assertions: [] as Assertion[] }
  const plain = putTogether(payload, copy)
  const { aggregate } = await readContainer(crypto, bytesSource(plain))
  const value = { b: 1, a: ['x'] }
  const base = { id: 'a', type: 'other', scope: 'tdo', appliesToState: 'encrypted', statement: { format: 'json', schema: 's', value } }
  const asText = bindAssertion(crypto, { ...base, statement: { ...base.statement, value: canonicalText(value) } }, aggregate, KEY)
  const asObject = bindAssertion(crypto, base, aggregate, KEY)
  for (const one of [{ ...asText, statement: base.statement }, asObject]) {
    const container = await readContainer(crypto, bytesSource(putTogether(payload, { ...copy, assertions: [one] })))
    assert.deepEqual(openForeign(crypto, container, KEY).assertions, [{ id: 'a', bound: 'data-key' }])
  }
  const bad = { ...asObject, statement: { ...base.statement, value: { b: 2, a: ['x'] } } }
  const container = await readContainer(crypto, bytesSource(putTogether(payload, { ...copy, assertions: [bad] })))
  assert.throws(() => openForeign(crypto, container, KEY), { code: 'container/assertion-binding' })
})
