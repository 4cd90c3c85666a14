import { type Signed, toBase64Url, utf8 } from '@entente/canonical'
import { type StatusStaple, credentialHash, stapleStatus } from '@entente/clearance'
import { type Case, OTHER_JWK, claims, inAreas, inClaims, planted, staple } from './case.ts'
import { type Claims, NOW, type World, decode, encode, stapleBody } from './forge.ts'

/** Each row fails for one reason only: the forgery is signed again by everybody whom it does not rob. */
export const rejected: readonly Case[] = [
  // Whose is it?
  { name: 'stolen: bound by another key', forgery: { holder: 'thief' }, result: 'clearance/stolen' },
  { name: 'key binding signature of zeros', forgery: { bindingSignature: 'A'.repeat(86) }, result: 'clearance/stolen' },
  { name: 'no key binding', forgery: { compact: (text) => text.slice(0, text.lastIndexOf('~') + 1) }, result: 'clearance/unbound' },
  {
    name: 'no key binding and no disclosures',
    forgery: { compact: (text) => `${text.split('~')[0] ?? ''}~` },
    result: 'clearance/unbound',
  },
  { name: 'the issuer part alone', forgery: { compact: (text) => text.split('~')[0] ?? '' }, result: 'clearance/malformed' },
  {
    name: 'device key put in place of another by the thief',
    forgery: { issuerClaims: claims({ cnf: { jwk: OTHER_JWK } }) },
    result: 'clearance/stolen',
  },
  {
    name: 'confirmation of a P-256 key',
    forgery: { issuerClaims: claims({ cnf: { jwk: { kty: 'EC', crv: 'P-256', x: 'A'.repeat(43), y: 'A'.repeat(43) } } }) },
    result: 'clearance/malformed',
  },
  { name: 'no confirmation key', forgery: { issuerClaims: claims({ cnf: undefined }) }, result: 'clearance/malformed' },
  {
    name: 'confirmation key in a second spelling',
    forgery: { issuerClaims: (before) => ({ ...before, cnf: { jwk: { kty: 'OKP', crv: 'Ed25519', x: `${'A'.repeat(42)}B` } } }) },
    result: 'clearance/malformed',
  },
  // Who issued it?
  {
    name: 'issuer not pinned',
    forgery: { issuerClaims: claims({ iss: 'https://office.evil.example' }) },
    result: 'clearance/unpinned-issuer',
  },
  {
    name: 'issuer name with a slash more',
    forgery: { issuerClaims: claims({ iss: 'https://office.jpn.entente.example/' }) },
    result: 'clearance/unpinned-issuer',
  },
  { name: 'key id not pinned', forgery: { issuerHeader: { kid: 'jpn-office-9' } }, result: 'clearance/unpinned-key' },
  { name: 'no key id', forgery: { issuerHeader: { kid: undefined } }, result: 'clearance/unpinned-key' },
  { name: 'key id of another nation', forgery: { issuerHeader: { kid: 'gbr-office-1' } }, result: 'clearance/unpinned-key' },
  { name: 'signed by a stranger', forgery: { issuer: 'thief' }, result: 'clearance/issuer-signature' },
  { name: 'signed by another nation in this one’s name', forgery: { issuer: 'otherIssuer' }, result: 'clearance/issuer-signature' },
  { name: 'signed by the other key of the same office', forgery: { issuer: 'secondIssuerKey' }, result: 'clearance/issuer-signature' },
  { name: 'issuer signature of zeros', forgery: { issuerSignature: 'A'.repeat(86) }, result: 'clearance/issuer-signature' },
  {
    name: 'claims changed after signing',
    forgery: { compact: (text) => swapClaims(text, { citizenships: ['AUS'] }) },
    result: 'clearance/issuer-signature',
  },
  // What the headers say.
  { name: 'issuer alg none', forgery: { issuerHeader: { alg: 'none' }, issuerSignature: '' }, result: 'clearance/algorithm' },
  { name: 'issuer alg None with a good signature', forgery: { issuerHeader: { alg: 'None' } }, result: 'clearance/algorithm' },
  { name: 'issuer alg HS256', forgery: { issuerHeader: { alg: 'HS256' } }, result: 'clearance/algorithm' },
  { name: 'issuer alg ES256', forgery: { issuerHeader: { alg: 'ES256' } }, result: 'clearance/algorithm' },
  { name: 'issuer alg EdDSA, which names two curves', forgery: { issuerHeader: { alg: 'EdDSA' } }, result: 'clearance/algorithm' },
  { name: 'issuer alg absent', forgery: { issuerHeader: { alg: undefined } }, result: 'clearance/algorithm' },
  { name: 'binding alg none', forgery: { bindingHeader: { alg: 'none' }, bindingSignature: '' }, result: 'clearance/algorithm' },
  { name: 'binding alg HS256', forgery: { bindingHeader: { alg: 'HS256' } }, result: 'clearance/algorithm' },
  { name: 'issuer typ JWT', forgery: { issuerHeader: { typ: 'JWT' } }, result: 'clearance/type' },
  { name: 'issuer typ of a draft', forgery: { issuerHeader: { typ: 'vc+sd-jwt' } }, result: 'clearance/type' },
  { name: 'issuer typ absent', forgery: { issuerHeader: { typ: undefined } }, result: 'clearance/type' },
  { name: 'binding typ JWT', forgery: { bindingHeader: { typ: 'JWT' } }, result: 'clearance/type' },
  { name: 'binding typ of a credential', forgery: { bindingHeader: { typ: 'dc+sd-jwt' } }, result: 'clearance/type' },
  { name: 'issuer header brings a key', forgery: { issuerHeader: { jwk: OTHER_JWK } }, result: 'clearance/header-key' },
  { name: 'issuer header brings a chain', forgery: { issuerHeader: { x5c: ['MIIB'] } }, result: 'clearance/header-key' },
  {
    name: 'issuer header points to keys',
    forgery: { issuerHeader: { jku: 'https://office.evil.example/keys' } },
    result: 'clearance/header-key',
  },
  { name: 'binding header brings a key', forgery: { bindingHeader: { jwk: OTHER_JWK } }, result: 'clearance/header-key' },
  { name: 'issuer header critical', forgery: { issuerHeader: { crit: ['b64'], b64: false } }, result: 'clearance/header' },
  { name: 'binding header with a key id', forgery: { bindingHeader: { kid: 'jpn-office-1' } }, result: 'clearance/header' },
  // Where and for whom it counts.
  { name: 'credential of the other realm', forgery: { content: { realm: 'operational' } }, result: 'clearance/wrong-realm' },
  { name: 'verifier of the other realm', forgery: {}, expected: { realm: 'operational' }, result: 'clearance/wrong-realm' },
  {
    name: 'realm changed, type of the other',
    forgery: { content: { realm: 'operational' }, issuerClaims: claims({ realm: 'exercise' }) },
    result: 'clearance/credential-type',
  },
  { name: 'credential of another agreement', forgery: { content: { agreement: 'jpn-gbr' } }, result: 'clearance/credential-type' },
  {
    name: 'credential of another kind',
    forgery: { issuerClaims: claims({ vct: 'urn:entente:exercise:jpn-aus:visit:1' }) },
    result: 'clearance/credential-type',
  },
  {
    name: 'credential of a later version',
    forgery: { issuerClaims: claims({ vct: 'urn:entente:exercise:jpn-aus:clearance:2' }) },
    result: 'clearance/credential-type',
  },
  {
    name: 'presentation brought to another originator',
    forgery: {},
    expected: { originator: 'GBR' },
    result: 'clearance/wrong-originator',
  },
  { name: 'credential for another originator', forgery: { content: { originator: 'GBR' } }, result: 'clearance/wrong-originator' },
  { name: 'audience another node', forgery: { choice: { audience: 'https://node.evil.example' } }, result: 'clearance/wrong-audience' },
  { name: 'audience absent', forgery: { bindingClaims: claims({ aud: undefined }) }, result: 'clearance/wrong-audience' },
  {
    name: 'audience a list that holds ours',
    forgery: { bindingClaims: claims({ aud: ['https://node.aus.entente.example', 'https://node.evil.example'] }) },
    result: 'clearance/malformed',
  },
  { name: 'nonce absent', forgery: { bindingClaims: claims({ nonce: undefined }) }, result: 'clearance/nonce-missing' },
  { name: 'nonce of another time', forgery: { choice: { nonce: 'EXERCISE-nonce-of-aus-000000000' } }, result: 'clearance/wrong-nonce' },
  { name: 'nonce empty', forgery: { bindingClaims: claims({ nonce: '' }) }, result: 'clearance/malformed' },
  { name: 'nonce a number', forgery: { bindingClaims: claims({ nonce: 1 }) }, result: 'clearance/malformed' },
  { name: 'nonce expected is empty', forgery: {}, expected: { nonce: '' }, result: 'clearance/input' },
  // When.
  { name: 'key binding 61 seconds old', forgery: { choice: { issuedAt: NOW - 61 } }, result: 'clearance/stale' },
  { name: 'key binding 6 seconds ahead', forgery: { choice: { issuedAt: NOW + 6 } }, result: 'clearance/issued-in-future' },
  { name: 'key binding without time', forgery: { bindingClaims: claims({ iat: undefined }) }, result: 'clearance/malformed' },
  {
    name: 'key binding with a fraction of a second',
    forgery: { bindingClaims: claims({ iat: NOW - 0.5 }) },
    result: 'clearance/malformed',
  },
  { name: 'credential expires now', forgery: { content: { expires: NOW } }, result: 'clearance/expired' },
  { name: 'credential expired a second ago, within the skew', forgery: { content: { expires: NOW - 1 } }, result: 'clearance/expired' },
  { name: 'credential from 6 seconds on', forgery: { content: { notBefore: NOW + 6 } }, result: 'clearance/not-yet-valid' },
  {
    name: 'credential of 8 hours and a second',
    forgery: { issuerClaims: claims({ exp: NOW - 3_600 + 28_801 }) },
    result: 'clearance/lifetime',
  },
  { name: 'credential that ends before it begins', forgery: { issuerClaims: claims({ exp: NOW - 3_601 }) }, result: 'clearance/lifetime' },
  { name: 'credential without end', forgery: { issuerClaims: claims({ exp: undefined }) }, result: 'clearance/malformed' },
  { name: 'credential without beginning', forgery: { issuerClaims: claims({ nbf: undefined }) }, result: 'clearance/malformed' },
  { name: 'binding good for longer than a minute', forgery: {}, expected: { maxKeyBindingAgeSeconds: 61 }, result: 'clearance/input' },
  { name: 'skew of more than half a minute', forgery: {}, expected: { clockSkewSeconds: 31 }, result: 'clearance/input' },
  { name: 'no clock', forgery: {}, expected: { now: Number.NaN }, result: 'clearance/input' },
  // What is shown.
  {
    name: 'disclosure dropped after binding',
    forgery: { compact: (text) => text.split('~').toSpliced(1, 1).join('~') },
    result: 'clearance/other-disclosures',
  },
  {
    name: 'disclosure changed after binding',
    forgery: {
      compact: (text) =>
        text
          .split('~')
          .with(1, encode(['salt', 'clearance', 'EXERCISE-TOP']))
          .join('~'),
    },
    result: 'clearance/other-disclosures',
  },
  {
    name: 'disclosures in another order after binding',
    forgery: { compact: (text) => swapped(text.split('~')).join('~') },
    result: 'clearance/other-disclosures',
  },
  {
    name: 'disclosure invented and bound',
    forgery: { disclosures: (shown) => [...shown, encode(['c2FsdC1vZi1FWEVSQ0lTRQ', 'space'])] },
    result: 'clearance/disclosure-unreferenced',
  },
  {
    name: 'disclosure changed and bound',
    forgery: { disclosures: (shown) => shown.map((one, i) => (i === 1 ? encode([decode(one)[0], 'space']) : one)) },
    result: 'clearance/disclosure-unreferenced',
  },
  {
    name: 'disclosure re-encoded with a space and bound',
    forgery: { disclosures: (shown) => shown.map(respaced) },
    result: 'clearance/disclosure-unreferenced',
  },
  { name: 'disclosure twice', forgery: { disclosures: (shown) => [...shown, shown[0] ?? ''] }, result: 'clearance/disclosure-duplicate' },
  {
    name: 'digest twice in a list',
    forgery: { issuerClaims: (before) => ({ ...before, areas: [...(before['areas'] as Claims[]), (before['areas'] as Claims[])[0]] }) },
    result: 'clearance/digest-duplicate',
  },
  {
    name: 'digest in two places',
    forgery: { issuerClaims: (before) => inAreas(before, (before['_sd'] as string[])[0] ?? '') },
    result: 'clearance/digest-duplicate',
  },
  { name: 'hidden claim named _sd', forgery: planted(['salt', '_sd', 'x'], inClaims), result: 'clearance/disclosure-not-allowed' },
  { name: 'hidden claim named ...', forgery: planted(['salt', '...', 'x'], inClaims), result: 'clearance/disclosure-not-allowed' },
  {
    name: 'hidden claim that exists in the open',
    forgery: planted(['salt', 'realm', 'operational'], inClaims),
    result: 'clearance/disclosure-not-allowed',
  },
  {
    name: 'hidden claim over the pseudonym',
    forgery: planted(['salt', 'sub', 'a'.repeat(32)], inClaims),
    result: 'clearance/disclosure-not-allowed',
  },
  {
    name: 'second clearance',
    forgery: planted(['salt', 'clearance', 'EXERCISE-TOP'], inClaims),
    result: 'clearance/disclosure-not-allowed',
  },
  {
    name: 'clearance in place of an area',
    forgery: planted(['salt', 'clearance', 'EXERCISE-TOP'], inAreas),
    result: 'clearance/disclosure-not-allowed',
  },
  {
    name: 'second facility',
    forgery: {
      ...planted(['salt', 'facility', 'EXERCISE-TOWER'], inClaims),
      content: { facility: 'EXERCISE-VAULT' },
      choice: { disclose: { clearance: true, areas: [], briefings: [], assignment: ['facility'] } },
    },
    result: 'clearance/disclosure-not-allowed',
  },
  {
    name: 'post that is a list',
    forgery: planted(['salt', 'post', ['EXERCISE-DESK']], inClaims),
    result: 'clearance/disclosure-not-allowed',
  },
  {
    name: 'post among the areas',
    forgery: planted(['salt', 'post', 'EXERCISE-DESK'], inAreas),
    result: 'clearance/disclosure-not-allowed',
  },
  { name: 'element in place of a claim', forgery: planted(['salt', 'maritime'], inClaims), result: 'clearance/disclosure-not-allowed' },
  { name: 'area that is a list', forgery: planted(['salt', ['maritime', 'space']], inAreas), result: 'clearance/disclosure-not-allowed' },
  { name: 'area that is empty', forgery: planted(['salt', ''], inAreas), result: 'clearance/disclosure-not-allowed' },
  { name: 'disclosure of four members', forgery: planted(['salt', 'clearance', 'x', 'y'], inClaims), result: 'clearance/malformed' },
  { name: 'disclosure of one member', forgery: planted(['salt'], inAreas), result: 'clearance/malformed' },
  { name: 'disclosure with null', forgery: planted(['salt', null], inAreas), result: 'clearance/malformed' },
  { name: 'disclosure that is an object', forgery: { disclosures: () => [encode({ salt: 'x' })] }, result: 'clearance/malformed' },
  { name: 'digests by another hash', forgery: { issuerClaims: claims({ _sd_alg: 'sha-1' }) }, result: 'clearance/malformed' },
  { name: 'area in the open', forgery: { issuerClaims: (before) => ({ ...before, areas: ['maritime'] }) }, result: 'clearance/malformed' },
  { name: 'unknown open claim', forgery: { issuerClaims: claims({ rank: 'EXERCISE' }) }, result: 'clearance/malformed' },
  { name: 'unknown claim of the key binding', forgery: { bindingClaims: claims({ admin: true }) }, result: 'clearance/malformed' },
  { name: 'citizenships absent', forgery: { issuerClaims: claims({ citizenships: undefined }) }, result: 'clearance/always-shown-missing' },
  {
    name: 'citizenships hidden',
    forgery: {
      issuerClaims: claims({ citizenships: undefined, _sd: ['B'.repeat(43)] }),
      choice: { disclose: { clearance: false, areas: [], briefings: [] } },
    },
    result: 'clearance/always-shown-missing',
  },
  {
    name: 'citizenships disclosed instead of open',
    forgery: { ...planted(['salt', 'citizenships', 'JPN'], (before, digest) => inClaims({ ...before, citizenships: undefined }, digest)) },
    result: 'clearance/disclosure-not-allowed',
  },
  { name: 'citizenships empty', forgery: { issuerClaims: claims({ citizenships: [] }) }, result: 'clearance/malformed' },
  { name: 'suspension absent', forgery: { issuerClaims: claims({ suspended: undefined }) }, result: 'clearance/always-shown-missing' },
  { name: 'suspension not said as yes or no', forgery: { issuerClaims: claims({ suspended: 'no' }) }, result: 'clearance/malformed' },
  // What the home nation says now.
  { name: 'suspended in the credential', forgery: { issuerClaims: claims({ suspended: true }) }, result: 'clearance/suspended' },
  { name: 'suspended by staple', forgery: {}, staple: staple({ state: 'suspended' }), result: 'clearance/suspended' },
  { name: 'withdrawn by staple', forgery: {}, staple: staple({ state: 'withdrawn' }), result: 'clearance/withdrawn' },
  {
    name: 'staple of another credential',
    forgery: {},
    staple: (world) => staple({ credential: credentialHash(world.crypto, 'A'.repeat(32)) })(world),
    result: 'clearance/staple-credential',
  },
  {
    name: 'staple for another nonce',
    forgery: {},
    staple: staple({ nonce: 'EXERCISE-nonce-of-aus-000000000' }),
    result: 'clearance/staple-nonce',
  },
  { name: 'staple 61 seconds old', forgery: {}, staple: staple({ at: NOW - 61 }), result: 'clearance/staple-stale' },
  { name: 'staple 6 seconds ahead', forgery: {}, staple: staple({ at: NOW + 6 }), result: 'clearance/staple-stale' },
  {
    name: 'staple by another nation’s key',
    forgery: {},
    staple: async (world) => stapleStatus(world.crypto, world.otherStatus, stapleBody(world)),
    result: 'clearance/staple-signature',
  },
  {
    name: 'staple of another nation',
    forgery: {},
    staple: async (world) => stapleStatus(world.crypto, world.otherStatus, stapleBody(world, { nation: 'GBR' })),
    result: 'clearance/staple-nation',
  },
  { name: 'staple of the other realm', forgery: {}, staple: staple({ realm: 'operational' }), result: 'clearance/staple-realm' },
  {
    name: 'staple changed from withdrawn to valid',
    forgery: {},
    staple: async (world) => ({ ...(await staple({ state: 'withdrawn' })(world)), body: stapleBody(world) }),
    result: 'clearance/staple-signature',
  },
  { name: 'staple with half of its signature', forgery: {}, staple: halfSigned, result: 'clearance/staple-signature' },
  {
    name: 'staple without signatures',
    forgery: {},
    staple: (world) => ({ body: stapleBody(world), signatures: [] }),
    result: 'clearance/staple-malformed',
  },
  {
    name: 'staple without body',
    forgery: {},
    staple: () => JSON.parse('{}') as Signed<StatusStaple>,
    result: 'clearance/staple-malformed',
  },
  // Form.
  { name: 'empty', forgery: { compact: () => '' }, result: 'clearance/malformed' },
  { name: 'separators only', forgery: { compact: () => '~~~~' }, result: 'clearance/parts' },
  { name: 'empty part', forgery: { compact: (text) => text.replace('~', '~~') }, result: 'clearance/parts' },
  { name: 'something after the key binding', forgery: { compact: (text) => `${text}~` }, result: 'clearance/parts' },
  { name: 'two key bindings', forgery: { compact: (text) => text + text.slice(text.lastIndexOf('~')) }, result: 'clearance/parts' },
  {
    name: 'more than 128 disclosures',
    forgery: { compact: (text) => text.replace('~', `${'~WyJhIiwiYiJd'.repeat(129)}~`) },
    result: 'clearance/parts',
  },
  { name: 'a megabyte', forgery: { compact: (text) => text + 'A'.repeat(1_048_576) }, result: 'clearance/too-large' },
  { name: 'issuer part of two pieces', forgery: { compact: (text) => text.replace('.', '') }, result: 'clearance/malformed' },
  { name: 'padding in base64', forgery: { compact: (text) => text.replace('~', '=~') }, result: 'clearance/malformed' },
  { name: 'white space at the end', forgery: { compact: (text) => `${text}\n` }, result: 'clearance/malformed' },
  {
    name: 'signature in a second spelling',
    forgery: { compact: (text) => text.slice(0, -1) + nextSpelling(text.at(-1) ?? 'A') },
    result: 'clearance/malformed',
  },
  { name: 'a bit of the key binding turned', forgery: { compact: lastCharacterChanged }, result: 'clearance/stolen' },
  {
    name: 'claim twice in the credential',
    forgery: { issuerText: (text) => text.replace('{', '{"iss":"https://office.evil.example",') },
    result: 'clearance/malformed',
  },
  {
    name: 'claim twice in the key binding',
    forgery: { bindingText: (text) => text.replace('{', '{"nonce":"x",') },
    result: 'clearance/malformed',
  },
  { name: 'payload a list', forgery: { issuerText: (text) => `[${text}]` }, result: 'clearance/malformed' },
  {
    name: 'payload nested a thousand deep',
    forgery: { issuerText: () => '['.repeat(1_000) + ']'.repeat(1_000) },
    result: 'clearance/malformed',
  },
  { name: 'payload not JSON', forgery: { issuerText: () => 'no' }, result: 'clearance/malformed' },
]

function lastCharacterChanged(text: string): string {
  return text.slice(0, -2) + (text.at(-2) === 'A' ? 'B' : 'A') + text.slice(-1)
}

function swapClaims(text: string, change: Claims): string {
  const [jwt = '', ...rest] = text.split('~')
  const [head = '', body = '', seal = ''] = jwt.split('.')
  return [[head, encode({ ...decode(body), ...change }), seal].join('.'), ...rest].join('~')
}

function swapped(parts: readonly string[]): string[] {
  const [jwt = '', first = '', second = '', ...rest] = parts
  return [jwt, second, first, ...rest]
}

function respaced(disclosure: string): string {
  return toBase64Url(utf8(JSON.stringify(decode(disclosure)).replace(',', ', ')))
}

function nextSpelling(character: string): string {
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'
  return alphabet[alphabet.indexOf(character) + 1] ?? 'B'
}

async function halfSigned(world: World): Promise<Signed<StatusStaple>> {
  const { body, signatures } = await staple({})(world)
  return { body, signatures: signatures.map((one) => ({ ...one, mldsa65: one.mldsa65.replace(/^.{8}/u, 'AAAAAAAA') })) }
}
