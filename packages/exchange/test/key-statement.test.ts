import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type Json, canonicalBytes } from '@entente/canonical'
import {
  type KeyStatement,
  PAIRING_WORDS,
  type PairingSide,
  type Trust,
  checkPairingCommitment,
  followKeyStatement,
  logKeyOf,
  officerAt,
  pairingCommitment,
  pairingWords,
  readKeyStatement,
  releasingOfficers,
  signKeyStatement,
  verifyKeyStatement,
  witnessKeyOf,
} from '@entente/exchange'
import type { MarkingPolicy } from '@entente/label'
import * as fc from 'fast-check'
import { NOW, authority, code, crypto, keyStatement, stranger } from './world.ts'

const expected = { realm: 'exercise', nation: 'AUS', authorityKey: authority.publicKey } as const
const bytesOf = (value: unknown): Uint8Array => canonicalBytes(value as Json)

test('a key statement signed by the authority is read and verified', async () => {
  const signed = await signKeyStatement(crypto, keyStatement(), authority)
  assert.deepEqual(await verifyKeyStatement(crypto, readKeyStatement(bytesOf(signed)), expected), keyStatement())
})

const otherKey = await signKeyStatement(crypto, keyStatement(), stranger)
const signed = await signKeyStatement(crypto, keyStatement(), authority)
for (const [name, given, want, refused] of [
  ['a stranger', otherKey, expected, 'exchange/key-statement-signature'],
  ['the authority over another body', { ...signed, body: keyStatement({ number: 2 }) }, expected, 'exchange/key-statement-signature'],
  ['the right authority for another nation', signed, { ...expected, nation: 'JPN' }, 'exchange/key-statement-nation'],
  ['the right authority for another realm', signed, { ...expected, realm: 'operational' as const }, 'exchange/wrong-realm'],
] as const) {
  test(`a key statement signed by ${name} is refused`, async () => {
    await assert.rejects(verifyKeyStatement(crypto, given, want), code(refused))
  })
}

test("either half of the authority's signature alone is not enough", async () => {
  const [good] = signed.signatures
  const [bad] = otherKey.signatures
  assert.ok(good && bad)
  for (const mixed of [
    { ...good, ed25519: bad.ed25519 },
    { ...good, mldsa65: bad.mldsa65 },
    { ...good, ed25519: `${good.ed25519.slice(0, -1)}B` },
  ]) {
    await assert.rejects(verifyKeyStatement(crypto, { ...signed, signatures: [mixed] }, expected), code('exchange/key-statement-signature'))
  }
})

test('a spent number with other content is refused, the same statement is the same, a higher one replaces', () => {
  const held = keyStatement({ number: 3 })
  assert.equal(followKeyStatement(crypto, undefined, held), 'newer')
  assert.equal(followKeyStatement(crypto, held, keyStatement({ number: 3 })), 'same')
  assert.equal(followKeyStatement(crypto, held, keyStatement({ number: 7, at: NOW + 1 })), 'newer')
  for (const [next, refused] of [
    [keyStatement({ number: 3, at: NOW + 1 }), 'exchange/key-statement-number'],
    [keyStatement({ number: 2 }), 'exchange/key-statement-number'],
    [keyStatement({ number: 4, at: NOW - 1 }), 'exchange/key-statement-time'],
    [keyStatement({ number: 4, nation: 'JPN' }), 'exchange/key-statement-nation'],
    [keyStatement({ number: 4, realm: 'operational' }), 'exchange/wrong-realm'],
  ] as const) {
    assert.throws(() => followKeyStatement(crypto, held, next), code(refused))
  }
})

test('keys are found by their names, and an officer only until the delegation ends', () => {
  const statement = keyStatement()
  assert.equal(logKeyOf(statement, 'log.aus.entente.example/exercise/home').origin, 'log.aus.entente.example/exercise/home')
  assert.equal(witnessKeyOf(statement, 'witness.aus.entente.example').vkeys.length, 1)
  assert.equal(officerAt(statement, 'EXERCISE-officer-1', NOW).ceiling, 'SECRET')
  for (const look of [
    () => logKeyOf(statement, 'log.aus.entente.example/exercise/other'),
    () => witnessKeyOf(statement, 'witness.jpn.entente.example'),
    () => officerAt(statement, 'EXERCISE-officer-2', NOW),
    () => officerAt(statement, 'EXERCISE-officer-1', NOW + 86_400),
  ]) {
    assert.throws(look, code('exchange/key-unknown'))
  }
})

/** A policy of these levels and nothing else. */
function leveled(...levels: readonly string[]): MarkingPolicy {
  const classifications = levels.map((level, order) => ({ code: level, order }))
  return { classifications, categories: [], personRules: [], releasableTo: [] } as unknown as MarkingPolicy
}

test('who may release is delegated then, up to that classification, in that area; what no policy or tree knows, nobody may', () => {
  const statement = keyStatement()
  const [delegation] = statement.delegations
  assert.ok(delegation !== undefined)
  const [area = ''] = delegation.areas
  const policy = leveled('OFFICIAL', 'SECRET', 'TOP-SECRET')
  const trust = { agreements: new Map() } as unknown as Trust
  const may = (classification: string, where: string, released: number, given = statement): number =>
    releasingOfficers(trust, given, policy, { label: { classification }, area: where, released }).length
  assert.deepEqual([may('OFFICIAL', area, NOW), may('SECRET', area, delegation.until - 1)], [1, 1])
  assert.equal(may('TOP-SECRET', area, NOW), 0, 'above the ceiling')
  assert.equal(may('SECRET', `${area}-other`, NOW), 0, 'in another area')
  assert.equal(may('SECRET', area, delegation.until), 0, 'after its end')
  assert.equal(may('COSMIC', area, NOW), 0, 'a classification that the policy does not know')
  assert.equal(
    may('OFFICIAL', area, NOW, keyStatement({ delegations: [{ ...delegation, ceiling: 'COSMIC' }] })),
    0,
    'a ceiling that it does not know',
  )
})

test('where the version of the basis delegates to offices, only their officers may release, as far as it says', () => {
  const statement = keyStatement()
  const [own] = statement.delegations
  assert.ok(own !== undefined)
  const [area = ''] = own.areas
  const policy = leveled('OFFICIAL', 'SECRET', 'TOP-SECRET')
  const delegated = { id: 'd', article: '5', nation: 'AUS', office: 'OFFICE', ceiling: 'SECRET', areas: [area], modes: ['give'] }
  const body = {
    areas: [{ code: area, names: { en: '', ja: '' } }],
    grants: [
      { id: 'give', mode: 'give' },
      { id: 'show', mode: 'show' },
    ],
    delegations: [delegated, { ...delegated, id: 'e', nation: 'JPN', office: 'OTHER' }],
  }
  const may = (office: string | undefined, grant: string, changes: object = {}, version: object = {}): number => {
    const agreements = new Map([['jpn-aus', [{ id: 'v', since: 0, body: { ...body, ...version } }]]])
    const named = keyStatement({ delegations: [{ ...own, ...(office === undefined ? {} : { office }) }] })
    const basis = { agreement: 'jpn-aus', version: 'v', grant }
    const released = { label: { classification: 'SECRET' }, area, released: NOW, basis, ...changes }
    return releasingOfficers({ agreements } as unknown as Trust, named, policy, released).length
  }
  assert.equal(may('OFFICE', 'give'), 1)
  assert.equal(may(undefined, 'give'), 0, 'no office named')
  assert.equal(may('OTHER', 'give'), 0, "another nation's office")
  assert.equal(may('OFFICE', 'show'), 0, 'a mode that is not delegated')
  assert.equal(may('OFFICE', 'absent'), 0, 'a grant that is not there')
  assert.equal(may('OFFICE', 'give', {}, { delegations: [{ ...delegated, ceiling: 'OFFICIAL' }] }), 0, 'above its ceiling')
  assert.equal(may('OFFICE', 'give', {}, { delegations: [{ ...delegated, ceiling: 'COSMIC' }] }), 0, 'a ceiling that no policy knows')
  assert.equal(may('OFFICE', 'give', {}, { delegations: [{ ...delegated, areas: ['elsewhere'] }] }), 0, 'another area')
  assert.equal(may('OFFICE', 'give', {}, { delegations: [{ ...delegated, until: NOW }] }), 0, 'after its end')
  assert.equal(may(undefined, 'give', {}, { delegations: undefined }), 1, 'a version that delegates to nobody')
  assert.equal(may(undefined, 'give', {}, { delegations: [{ ...delegated, nation: 'JPN' }] }), 1, 'or to nobody of this nation')
  assert.equal(may(undefined, 'give', { basis: undefined }), 1, 'an own item')
})

test('an office stands in a key statement as a code', async () => {
  const [own] = keyStatement().delegations
  const read = (office: string): unknown =>
    signKeyStatement(crypto, keyStatement({ delegations: [{ ...(own as object), office } as never] }), authority)
  await assert.doesNotReject(async () => read('EXERCISE-DISCLOSURE-OFFICE'))
  await assert.rejects(async () => read('two words'), code('exchange/malformed'))
})

const whole = keyStatement()
const [delegation] = whole.delegations
const [log] = whole.keys.logs
const broken: Record<string, unknown> = {
  'a nation in lower case': { ...whole, nation: 'aus' },
  'an unknown realm': { ...whole, realm: 'test' },
  'number zero': { ...whole, number: 0 },
  'a time before 1970': { ...whole, at: -1 },
  'an address in the place of a name': { ...whole, names: { ...whole.names, node: 'https://node.aus.entente.example:4601' } },
  'a name without https': { ...whole, names: { ...whole.names, node: 'http://node.aus.entente.example' } },
  'a name with a path': { ...whole, names: { ...whole.names, kas: 'https://kas.aus.entente.example/' } },
  'an unknown member': { ...whole, note: 'x' },
  'an unknown key': { ...whole, keys: { ...whole.keys, more: 'x' } },
  'no log': { ...whole, keys: { ...whole.keys, logs: [] } },
  'a log with the key of another origin': {
    ...whole,
    keys: { ...whole.keys, logs: [{ ...log, ed25519: 'log.jpn.entente.example+0a1b2c3d+AQID' }] },
  },
  'a log twice': { ...whole, keys: { ...whole.keys, logs: [log, log] } },
  'a witness without a key': { ...whole, keys: { ...whole.keys, witness: [{ name: 'w', vkeys: [] }] } },
  'a short kem key': { ...whole, keys: { ...whole.keys, kas: { kid: 'k1', kem: 'AAAA' } } },
  'an issuer with a private key': { ...whole, keys: { ...whole.keys, issuer: { kid: 'i', jwk: { ...whole.keys.issuer.jwk, d: 'AA' } } } },
  'an issuer of another curve': {
    ...whole,
    keys: { ...whole.keys, issuer: { kid: 'i', jwk: { ...whole.keys.issuer.jwk, crv: 'X25519' } } },
  },
  'an officer of another nation': { ...whole, delegations: [{ ...delegation, nation: 'JPN' }] },
  'an officer twice': { ...whole, delegations: [delegation, delegation] },
  'an officer without an area': { ...whole, delegations: [{ ...delegation, areas: [] }] },
  'areas out of order': { ...whole, delegations: [{ ...delegation, areas: ['b', 'a'] }] },
  'no delegations member': { ...whole, delegations: undefined },
}
for (const [name, body] of Object.entries(broken)) {
  test(`a key statement with ${name} is not read and not signed`, async () => {
    assert.throws(() => readKeyStatement(bytesOf({ ...signed, body })), code('exchange/malformed'))
    await assert.rejects(signKeyStatement(crypto, body as KeyStatement, authority), code('exchange/malformed'))
  })
}

test('a key statement above its size is not read', () => {
  assert.throws(() => readKeyStatement(new Uint8Array(262_145)), code('exchange/too-large'))
})

const sideOf = (body: KeyStatement, nonce: number, authority = nonce): PairingSide => ({
  statement: { body, signatures: [{ keyId: String(authority).padStart(64, '0'), ed25519: '', mldsa65: '' }] },
  nonce: new Uint8Array(32).fill(nonce).toBase64({ alphabet: 'base64url', omitPadding: true }),
})
const aus = sideOf(keyStatement(), 1)
const jpn = sideOf(keyStatement({ nation: 'JPN', delegations: [] }), 2)

test('both sides read the same six words, whichever comes first', () => {
  const words = pairingWords(crypto, aus, jpn, 'exercise')
  assert.deepEqual(pairingWords(crypto, jpn, aus, 'exercise'), words)
  assert.equal(words.length, 6)
  for (const word of words) assert.ok(PAIRING_WORDS.includes(word))
})

test('any other key, nonce or realm gives other words', () => {
  const words = pairingWords(crypto, aus, jpn, 'exercise').join(' ')
  const operational = (side: typeof aus): typeof aus => ({
    ...side,
    statement: { ...side.statement, body: { ...side.statement.body, realm: 'operational' } },
  })
  for (const [a, b, realm] of [
    [sideOf(keyStatement({ number: 2 }), 1), jpn, 'exercise'],
    [sideOf(keyStatement({ keys: { ...whole.keys, envelope: stranger.publicKey } }), 1), jpn, 'exercise'],
    [sideOf(keyStatement(), 3), jpn, 'exercise'],
    [aus, sideOf(jpn.statement.body, 3), 'exercise'],
    [sideOf(keyStatement(), 2), sideOf(jpn.statement.body, 1), 'exercise'],
    [operational(aus), operational(jpn), 'operational'],
    // The same statement and nonce under another authority's key.
    [sideOf(keyStatement(), 1, 9), jpn, 'exercise'],
  ] as const) {
    assert.notEqual(pairingWords(crypto, a, b, realm).join(' '), words)
  }
})

test('who shows another nonce than it had promised is found out', () => {
  const promised = pairingCommitment(crypto, aus, 'exercise')
  checkPairingCommitment(crypto, aus, 'exercise', promised)
  for (const shown of [sideOf(keyStatement(), 9), sideOf(keyStatement({ number: 2 }), 1)]) {
    assert.throws(() => checkPairingCommitment(crypto, shown, 'exercise', promised), code('exchange/pairing-commitment'))
  }
})

test('no words for one nation, two realms or a short nonce', () => {
  assert.throws(() => pairingWords(crypto, aus, aus, 'exercise'), code('exchange/pairing-same-nation'))
  assert.throws(() => pairingWords(crypto, aus, jpn, 'operational'), code('exchange/wrong-realm'))
  assert.throws(() => pairingWords(crypto, { ...aus, nonce: 'AAAA' }, jpn, 'exercise'), code('exchange/malformed'))
  assert.throws(() => pairingWords(crypto, { ...aus, nonce: 'not base64!' }, jpn, 'exercise'), code('exchange/malformed'))
})

test('256 words: plain letters, sorted, no two alike to the ear', () => {
  assert.equal(new Set(PAIRING_WORDS).size, 256)
  assert.deepEqual([...PAIRING_WORDS].sort(), PAIRING_WORDS)
  for (const [at, word] of PAIRING_WORDS.entries()) {
    assert.match(word, /^[a-z]{3,11}$/u)
    for (const other of PAIRING_WORDS.slice(0, at)) {
      assert.ok(!word.startsWith(other) && !other.startsWith(word), `${word} ${other}`)
      assert.ok(distance(word, other) >= 2, `${word} ${other}`)
    }
  }
})

function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, at) => at)
  for (let i = 1; i <= a.length; i++) {
    const next = [i]
    for (let j = 1; j <= b.length; j++) {
      next.push(Math.min((row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1, (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1)))
    }
    row = next
  }
  return row[b.length] ?? 0
}

test('whatever bytes come, reading throws only its own error', () => {
  const valid = bytesOf(signed)
  fc.assert(
    fc.property(fc.nat(valid.length - 1), fc.nat(255), (at, byte) => {
      const changed = Uint8Array.from(valid)
      changed[at] = byte
      try {
        readKeyStatement(changed)
      } catch (error) {
        assert.match((error as { code?: string }).code ?? '', /^exchange\//u)
      }
    }),
    { numRuns: 150 },
  )
})
