import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import { utf8 } from '@entente/canonical'
import {
  ClearanceError,
  type PersonFacts,
  attributable,
  issueCredential,
  present,
  readCredential,
  readUnverified,
  verifyPresentation,
} from '@entente/clearance'
import { accepted } from './accepted.ts'
import type { Case } from './case.ts'
import { rejected } from './rejected.ts'
import { REQUEST, type World, expectation, forge, makeWorld, thumbprint } from './forge.ts'

const world = await makeWorld()

async function run(row: Case, where: World = world) {
  const compact = await forge(where, row.forgery)
  const expected = await expectation(where, { ...row.expected, ...(row.staple === undefined ? {} : { staple: await row.staple(where) }) })
  return verifyPresentation(where.crypto, compact, expected)
}

async function codeOf(what: Promise<unknown>): Promise<string> {
  try {
    await what
    return 'accepted'
  } catch (error) {
    assert.ok(error instanceof ClearanceError, `${String(error)} is no ClearanceError`)
    return error.code
  }
}

for (const row of rejected) {
  test(`refused: ${row.name}`, async () => {
    assert.equal(await codeOf(run(row)), row.result)
  })
}

for (const row of accepted) {
  test(`accepted: ${row.name}`, async () => {
    assert.ok(typeof row.result === 'object')
    const { facts } = await run(row)
    assert.deepEqual(facts, { nation: 'JPN', pseudonym: world.content.pseudonym, citizenships: ['JPN'], suspended: false, ...row.result })
  })
}

test('every code that a presentation can be refused with has a row in the table', () => {
  const covered = new Set(rejected.map((row) => row.result))
  const names = `too-large malformed parts unbound algorithm type header-key header wrong-realm unpinned-issuer unpinned-key
    issuer-signature stolen other-disclosures credential-type wrong-originator wrong-audience nonce-missing
    wrong-nonce stale issued-in-future lifetime not-yet-valid expired digest-duplicate disclosure-duplicate
    disclosure-unreferenced disclosure-not-allowed always-shown-missing staple-malformed staple-realm
    staple-nation staple-signature staple-credential staple-nonce staple-stale withdrawn suspended input`
  assert.deepEqual(covered, new Set<unknown>(names.split(/\s+/u).map((code) => `clearance/${code}`)))
})

test('a verified presentation names the request, the device and the credential', async () => {
  const compact = await forge(world, {})
  const verified = await verifyPresentation(world.crypto, compact, await expectation(world))
  assert.equal(verified.requestBody, REQUEST)
  assert.equal(verified.requestHash, world.crypto.sha256(utf8(compact)).toHex())
  assert.equal(verified.holderThumbprint, thumbprint(world))
  assert.deepEqual(verified.holderKey, world.holder.publicKey)
  assert.equal(verified.credentialId, world.content.credentialId)
  assert.equal(verified.expires, world.content.expires)
  assert.deepEqual(readUnverified(world.crypto, compact), {
    credentialId: verified.credentialId,
    originator: 'AUS',
    audience: 'https://node.aus.entente.example',
    nonce: 'EXERCISE-nonce-of-aus-000000001',
    holderThumbprint: verified.holderThumbprint,
    requestBody: REQUEST,
    requestHash: verified.requestHash,
  })
})

test('what anybody on the wire can cause is told apart from what the holder did', async () => {
  assert.equal(attributable('clearance/stolen'), false)
  assert.equal(attributable('clearance/other-disclosures'), false)
  assert.equal(attributable('clearance/wrong-nonce'), true)
  assert.equal(attributable('clearance/withdrawn'), true)
  assert.equal(attributable('clearance/input'), false)
  // A thief cannot reach a code that is put down to the holder, whatever else is wrong.
  for (const row of rejected) {
    const code = await codeOf(run({ ...row, forgery: { ...row.forgery, holder: 'thief', bindingSignature: 'A'.repeat(86) } }))
    assert.equal(attributable(code as Parameters<typeof attributable>[0]), false, `${row.name}: ${code}`)
  }
})

test('no character of a presentation can be changed, dropped, doubled or added', async () => {
  const compact = await forge(world, {})
  const expected = await expectation(world)
  const alphabet = 'ABCxyz019-_.~= "\u{e9}\u{3042}'
  await fc.assert(
    fc.asyncProperty(
      fc.nat(compact.length - 1),
      fc.constantFrom(...alphabet.split('')),
      fc.constantFrom('replace', 'insert', 'drop', 'cut', 'double'),
      async (at, character, how) => {
        const changed = {
          replace: compact.slice(0, at) + character + compact.slice(at + 1),
          insert: compact.slice(0, at) + character + compact.slice(at),
          drop: compact.slice(0, at) + compact.slice(at + 1),
          cut: compact.slice(0, at),
          double: compact.slice(0, at) + compact.slice(Math.max(0, at - 10)),
        }[how]
        fc.pre(changed !== compact)
        assert.notEqual(await codeOf(verifyPresentation(world.crypto, changed, expected)), 'accepted')
      },
    ),
    { numRuns: 600 },
  )
})

test('whatever comes in, the verifier answers with a ClearanceError', async () => {
  const expected = await expectation(world)
  const token = fc.array(
    fc.oneof(fc.json(), fc.string()).map((text) => utf8(text).toBase64({ alphabet: 'base64url', omitPadding: true })),
    { maxLength: 4 },
  )
  const compact = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc
      .array(
        token.map((pieces) => pieces.join('.')),
        { maxLength: 5 },
      )
      .map((parts) => parts.join('~')),
  )
  await fc.assert(
    fc.asyncProperty(compact, async (text) => assert.notEqual(await codeOf(verifyPresentation(world.crypto, text, expected)), 'accepted')),
    { numRuns: 500 },
  )
})

test('signed claims of any value are refused in our own words', async () => {
  const anything = fc.oneof(fc.jsonValue(), fc.constantFrom('__proto__', 'constructor', -1, 1e300, {}, []))
  const names = [
    '_sd',
    '_sd_alg',
    'iss',
    'vct',
    'realm',
    'aud_originator',
    'sub',
    'cnf',
    'nbf',
    'exp',
    'status',
    'citizenships',
    'suspended',
    'areas',
    'briefings',
    '__proto__',
  ]
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(...names), anything, async (name, value) => {
      const code = await codeOf(
        run({ name, forgery: { issuerClaims: (claims) => Object.fromEntries([...Object.entries(claims), [name, value]]) }, result: {} }),
      )
      assert.ok(code === 'accepted' || code.startsWith('clearance/'))
    }),
    { numRuns: 300 },
  )
})

test('hiding more never adds a fact, and never changes one that is still shown', async () => {
  const { areas, briefings } = world.content
  const choices = fc.record({ clearance: fc.boolean(), areas: fc.subarray([...areas]), briefings: fc.subarray([...briefings]) })
  const facts = async (disclose: { clearance: boolean; areas: string[]; briefings: string[] }): Promise<PersonFacts> =>
    (await run({ name: '', forgery: { choice: { disclose } }, result: {} })).facts
  await fc.assert(
    fc.asyncProperty(choices, choices, async (a, b) => {
      const fewer = {
        clearance: a.clearance && b.clearance,
        areas: a.areas.filter((area) => b.areas.includes(area)),
        briefings: a.briefings.filter((briefing) => b.briefings.includes(briefing)),
      }
      const [more, less] = [await facts(a), await facts(fewer)]
      for (const area of less.areas ?? []) assert.ok(more.areas?.includes(area))
      for (const briefing of less.briefings ?? []) assert.ok(more.briefings?.includes(briefing))
      if (less.clearance !== undefined) assert.equal(less.clearance, more.clearance)
      const open = ({ nation, pseudonym, citizenships, suspended }: PersonFacts) => ({ nation, pseudonym, citizenships, suspended })
      assert.deepEqual(open(less), open(more))
    }),
    { numRuns: 60 },
  )
})

test('what is hidden does not stand in the presentation, nor how much is hidden', async () => {
  const shapeOf = async (areas: string[]) => {
    const compact = await forge(world, {
      content: { areas },
      choice: { disclose: { clearance: false, areas: ['maritime'], briefings: [] } },
    })
    const clear = compact.split(/[.~]/u).map((part) => new TextDecoder().decode(Uint8Array.fromBase64(part, { alphabet: 'base64url' })))
    assert.ok(!clear.some((part) => part.includes('cyber') || part.includes('GOKUHI') || part.includes('KITE')))
    return compact.length
  }
  assert.equal(await shapeOf(['maritime']), await shapeOf(['maritime', 'cyber', 'energy/lng']))
})

test('the office issues nothing longer than 8 hours, and nothing that a verifier would not take', async () => {
  const issue = (change: object) => codeOf(issueCredential(world.crypto, world.issuer, { ...world.content, ...change }))
  assert.equal(await issue({ expires: world.content.notBefore + 28_800 }), 'accepted')
  assert.equal(await issue({ expires: world.content.notBefore + 28_801 }), 'clearance/lifetime')
  assert.equal(await issue({ expires: world.content.notBefore }), 'clearance/lifetime')
  assert.equal(await issue({ suspended: true }), 'clearance/input')
  assert.equal(await issue({ citizenships: [] }), 'clearance/input')
  assert.equal(await issue({ holderKey: new Uint8Array(31) }), 'clearance/input')
  assert.equal(await issue({ credentialId: 'short' }), 'clearance/input')
  assert.equal(await issue({ pseudonym: 'EXERCISE name' }), 'clearance/input')
  const mldsa = await world.crypto.signer('ML-DSA-65', new Uint8Array(32))
  assert.equal(await codeOf(issueCredential(world.crypto, mldsa, world.content)), 'clearance/input')
})

test('the holder reads its own credential, and refuses one that is not its own', async () => {
  const credential = await issueCredential(world.crypto, world.issuer, world.content)
  const expected = { issuers: world.pins, holderKey: world.holder.publicKey }
  const held = await readCredential(world.crypto, credential, expected)
  assert.deepEqual(held.areas, ['cyber', 'energy/lng', 'maritime'])
  assert.equal(held.clearance, 'EXERCISE-GOKUHI')
  assert.equal(held.nation, 'JPN')
  assert.equal(held.credentialType, 'urn:entente:exercise:jpn-aus:clearance:1')
  const foreign = { ...expected, holderKey: world.thief.publicKey }
  assert.equal(await codeOf(readCredential(world.crypto, credential, foreign)), 'clearance/not-holder')
  assert.equal(await codeOf(readCredential(world.crypto, credential, { ...expected, issuers: [] })), 'clearance/unpinned-issuer')
  assert.equal(await codeOf(readCredential(world.crypto, `${credential}x.y.z`, expected)), 'clearance/parts')
  assert.equal(await codeOf(present(world.crypto, credential, world.choice, world.thief)), 'clearance/not-holder')
  const tooMuch = { ...world.choice, disclose: { clearance: true, areas: ['space'], briefings: [] } }
  assert.equal(await codeOf(present(world.crypto, credential, tooMuch, world.holder)), 'clearance/not-in-credential')
  const asBriefing = { ...world.choice, disclose: { clearance: true, areas: [], briefings: ['maritime'] } }
  assert.equal(await codeOf(present(world.crypto, credential, asBriefing, world.holder)), 'clearance/not-in-credential')
})
