import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import { hybridSigner, CanonicalError } from '@entente/canonical'
import {
  ClearanceError,
  type PseudonymContext,
  type RosterFrame,
  type RosterReader,
  batchCommitment,
  isInBatch,
  issueCredential,
  makeRoster,
  newCredentialId,
  present,
  proveInBatch,
  pseudonym,
  signRoster,
  stapleStatus,
  verifyRoster,
  credentialHash,
} from '@entente/clearance'
import { NOW, decode, makeWorld, seed, stapleBody } from './forge.ts'

const world = await makeWorld('unlinkable')
const secret = seed('pseudonym secret')
const context: PseudonymContext = {
  realm: 'exercise',
  agreement: 'jpn-aus',
  originator: 'AUS',
  person: 'EXERCISE-0001',
  life: 'stable',
  at: NOW,
}
const name = (change: Partial<PseudonymContext>) => pseudonym(world.crypto, secret, { ...context, ...change })

test('a pseudonym changes with everything that it is for, and with nothing else', () => {
  assert.match(name({}), /^[a-z2-7]{32}$/u)
  assert.equal(name({ at: NOW + 1_000_000, item: 'x' }), name({}))
  const others = [
    name({}),
    name({ originator: 'GBR' }),
    name({ agreement: 'aus-jpn' }),
    name({ realm: 'operational' }),
    name({ person: 'EXERCISE-0002' }),
    name({ life: 'day' }),
    name({ life: 'item', item: 'a' }),
    name({ life: 'item', item: 'b' }),
    name({ life: 'day', at: NOW - 1 }),
    pseudonym(world.crypto, seed('another secret'), context),
  ]
  assert.equal(new Set(others).size, others.length)
  assert.equal(name({ life: 'day' }), name({ life: 'day', at: NOW + 86_399 }))
  assert.throws(() => name({ life: 'item' }), ClearanceError)
  assert.throws(() => pseudonym(world.crypto, new Uint8Array(31), context), ClearanceError)
})

test('no two contexts give one pseudonym, however their words are cut', () => {
  const word = fc.string({ unit: fc.constantFrom('a', '"', ',', ':', '\\'), maxLength: 4 })
  fc.assert(
    fc.property(
      fc.record({ agreement: word, originator: word, person: word }),
      fc.record({ agreement: word, originator: word, person: word }),
      (a, b) => {
        const same = a.agreement === b.agreement && a.originator === b.originator && a.person === b.person
        assert.equal(name(a) === name(b), same)
      },
    ),
    { numRuns: 300 },
  )
})

/** Every string in a JSON value, and the whole texts that carry it. */
function strings(value: unknown): string[] {
  if (typeof value === 'string') return [value]
  if (typeof value !== 'object' || value === null) return []
  return Object.values(value).flatMap(strings)
}

async function transcript(originator: string, device: string): Promise<Set<string>> {
  const holder = await world.crypto.signer('Ed25519', seed(device))
  const credentialId = newCredentialId(world.crypto)
  const content = {
    ...world.content,
    originator,
    agreement: `jpn-${originator.toLowerCase()}`,
    holderKey: holder.publicKey,
    credentialId,
    pseudonym: name({ originator }),
  }
  const credential = await issueCredential(world.crypto, world.issuer, content)
  const nonce = newCredentialId(world.crypto)
  const choice = { ...world.choice, nonce, audience: `https://node.${originator.toLowerCase()}.entente.example`, requestBody: '{}' }
  const compact = await present(world.crypto, credential, choice, holder)
  const staple = await stapleStatus(
    world.crypto,
    world.status,
    stapleBody(world, { nonce, credential: credentialHash(world.crypto, credentialId) }),
  )
  const [jwt = '', ...rest] = compact.split('~')
  const [head = '', body = '', seal = ''] = jwt.split('.')
  const [kbHead = '', kbBody = '', kbSeal = ''] = (rest.at(-1) ?? '').split('.')
  const parts = [head, body, kbHead, kbBody, ...rest.slice(0, -1)].map(decode)
  return new Set([...strings(parts), body, seal, kbBody, kbSeal, ...rest.slice(0, -1), ...strings(staple)])
}

test('the transcripts of two originators share no string but what is the same for everybody of the nation', async () => {
  const [one, other] = [await transcript('AUS', 'device for aus'), await transcript('GBR', 'device for gbr')]
  const shared = [...one].filter((text) => other.has(text)).sort()
  const common = [
    'Ed25519',
    'OKP',
    'dc+sd-jwt',
    'kb+jwt',
    'sha-256',
    'jpn-office-1',
    world.content.issuer,
    'exercise',
    'JPN',
    'valid',
    '{}',
    // Said on purpose, and true of many: the level, the area of the item, and the key that signs all of the nation's staples.
    'clearance',
    'EXERCISE-GOKUHI',
    'maritime',
    (await stapleStatus(world.crypto, world.status, stapleBody(world))).signatures[0]?.keyId ?? '',
  ].sort()
  assert.deepEqual(shared, common)
})

const frame: RosterFrame = {
  nation: 'JPN',
  agreement: 'jpn-aus',
  at: NOW,
  number: 1,
  k: 5,
  clearances: ['GOKUHI', 'HI'],
  areas: ['cyber', 'maritime'],
  roles: ['analyst'],
}
const readers = (count: number, change: Partial<RosterReader> = {}): RosterReader[] =>
  Array.from({ length: count }, (_, i) => ({
    person: `EXERCISE-${i}`,
    clearance: 'GOKUHI',
    areas: ['maritime'],
    role: 'analyst',
    ...change,
  }))

test('a roster has a cell for every combination, and says nothing exact below k', () => {
  const { cells } = makeRoster([...readers(7), ...readers(7), ...readers(4, { areas: ['cyber'] })], frame)
  assert.deepEqual(cells, [
    { clearance: 'GOKUHI', area: 'cyber', role: 'analyst', fewerThan: 5 },
    { clearance: 'GOKUHI', area: 'maritime', role: 'analyst', count: 7 },
    { clearance: 'HI', area: 'cyber', role: 'analyst', fewerThan: 5 },
    { clearance: 'HI', area: 'maritime', role: 'analyst', fewerThan: 5 },
  ])
})

test('rosters of 0 and of k-1 readers are the same bytes, and k is shown', () => {
  assert.deepEqual(makeRoster(readers(4), frame), makeRoster([], frame))
  assert.notDeepEqual(makeRoster(readers(5), frame), makeRoster([], frame))
  assert.throws(() => makeRoster(readers(1, { areas: ['space'] }), frame), { code: 'clearance/roster-axis' })
  assert.throws(() => makeRoster([], { ...frame, k: 1 }), { code: 'clearance/input' })
  assert.throws(() => makeRoster([], { ...frame, number: 0 }), { code: 'clearance/input' })
})

test('a signed roster verifies under its own key and realm, and with its own cells, only', async () => {
  const key = hybridSigner(await world.crypto.signer('Ed25519', seed('a')), await world.crypto.signer('ML-DSA-65', seed('b')))
  const roster = makeRoster(readers(7), frame)
  const signed = await signRoster(world.crypto, 'exercise', roster, key)
  assert.deepEqual(await verifyRoster(world.crypto, 'exercise', signed, key.publicKey), roster)
  await assert.rejects(verifyRoster(world.crypto, 'operational', signed, key.publicKey), CanonicalError)
  await assert.rejects(verifyRoster(world.crypto, 'exercise', signed, world.status.publicKey), CanonicalError)
  await assert.rejects(
    verifyRoster(world.crypto, 'exercise', { ...signed, body: makeRoster(readers(8), frame) }, key.publicKey),
    CanonicalError,
  )
  const both = { ...signed, body: { ...roster, cells: roster.cells.map((cell) => ({ ...cell, count: 1, fewerThan: 5 })) } }
  await assert.rejects(verifyRoster(world.crypto, 'exercise', both, key.publicKey), { code: 'canonical/shape' })
})

test('every credential of a batch is proved in it, whatever is shown of it, and no other is', async () => {
  const credentials = await Promise.all(
    Array.from({ length: 20 }, async () =>
      issueCredential(world.crypto, world.issuer, { ...world.content, credentialId: newCredentialId(world.crypto) }),
    ),
  )
  const stranger = await issueCredential(world.crypto, world.issuer, world.content)
  for (let size = 1; size <= credentials.length; size += 1) {
    const batch = credentials.slice(0, size)
    const commitment = batchCommitment(world.crypto, batch)
    for (const [index, credential] of batch.entries()) {
      const proof = proveInBatch(world.crypto, batch, index)
      const shown = await present(world.crypto, credential, world.choice, world.holder)
      assert.ok(isInBatch(world.crypto, commitment, credential, proof))
      assert.ok(isInBatch(world.crypto, commitment, shown, proof))
      assert.ok(!isInBatch(world.crypto, commitment, stranger, proof))
      assert.ok(!isInBatch(world.crypto, { ...commitment, size: size + 1 }, stranger, proof))
      if (size > 1) assert.ok(!isInBatch(world.crypto, commitment, credential, { ...proof, index: (index + 1) % size }))
      assert.ok(!isInBatch(world.crypto, commitment, credential, { ...proof, path: [...proof.path, '0'.repeat(64)] }))
      assert.ok(!isInBatch(world.crypto, commitment, credential, { ...proof, path: [...proof.path, 'no'] }))
    }
  }
  const [first = ''] = credentials
  assert.throws(() => batchCommitment(world.crypto, []), { code: 'clearance/batch' })
  assert.throws(() => batchCommitment(world.crypto, [first, first]), { code: 'clearance/batch' })
  assert.throws(() => proveInBatch(world.crypto, [first], 1), { code: 'clearance/batch' })
})

test('a batch of three has the root that RFC 9162 gives', () => {
  const leaf = (text: string) => world.crypto.sha256(new Uint8Array([0]), new TextEncoder().encode(text))
  const node = (left: Uint8Array, right: Uint8Array) => world.crypto.sha256(new Uint8Array([1]), left, right)
  const root = node(node(leaf('a'), leaf('b')), leaf('c'))
  assert.deepEqual(batchCommitment(world.crypto, ['a~x~', 'b~', 'c~y~z~']), { size: 3, root: root.toHex() })
})
