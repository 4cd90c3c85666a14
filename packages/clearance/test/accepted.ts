import { toBase64Url, utf8 } from '@entente/canonical'
import { stapleStatus } from '@entente/clearance'
import { type Case, claims, inAreas, inClaims, planted, staple } from './case.ts'
import { NOW, digestOf, stapleBody } from './forge.ts'

const SPACED = toBase64Url(utf8('[ "c2FsdC1vZi1FWEVSQ0lTRQ" , "space" ]'))

const AREAS = ['maritime', 'cyber', 'energy/lng'] as const
const BRIEFING = 'caveat/EXERCISE-KITE'

/** Every subset of what may be hidden: 3 areas, the clearance, 1 briefing. */
const subsets: readonly Case[] = Array.from({ length: 32 }, (_, bits) => {
  const areas = AREAS.filter((_area, i) => ((bits >> i) & 1) === 1)
  const clearance = (bits & 8) !== 0
  const briefings = (bits & 16) === 0 ? [] : [BRIEFING]
  return {
    name: `shows ${[...areas, ...(clearance ? ['clearance'] : []), ...briefings].join(', ') || 'nothing'}`,
    forgery: { choice: { disclose: { areas, clearance, briefings } } },
    result: {
      ...(areas.length === 0 ? {} : { areas: [...areas].sort() }),
      ...(clearance ? { clearance: 'EXERCISE-GOKUHI' } : {}),
      ...(briefings.length === 0 ? {} : { briefings }),
    },
  }
})

const ASSIGNMENT = { organisation: 'EXERCISE-BUREAU', post: 'EXERCISE-DESK', facility: 'EXERCISE-VAULT' }
const SHOWN = { clearance: 'EXERCISE-GOKUHI', areas: ['maritime'] }
const MANY = Array.from({ length: 40 }, (_, i) => `area-${String(i).padStart(2, '0')}`)

/** The nearest good neighbours of what is refused. */
const neighbours: readonly Case[] = [
  { name: 'as the product makes it', forgery: {}, result: SHOWN },
  { name: 'key binding 60 seconds old', forgery: { choice: { issuedAt: NOW - 60 } }, result: SHOWN },
  { name: 'key binding 5 seconds ahead', forgery: { choice: { issuedAt: NOW + 5 } }, result: SHOWN },
  { name: 'key binding of this second, no skew', forgery: { choice: { issuedAt: NOW } }, expected: { clockSkewSeconds: 0 }, result: SHOWN },
  {
    name: 'key binding of a second ago, good for one',
    forgery: { choice: { issuedAt: NOW - 1 } },
    expected: { maxKeyBindingAgeSeconds: 1 },
    result: SHOWN,
  },
  { name: 'expires in a second', forgery: { content: { expires: NOW + 1 } }, result: SHOWN },
  { name: 'valid from in 5 seconds', forgery: { content: { notBefore: NOW + 5 } }, result: SHOWN },
  { name: 'valid from now', forgery: { content: { notBefore: NOW } }, result: SHOWN },
  { name: 'life of 8 hours', forgery: { content: { expires: NOW - 3_600 + 28_800 } }, result: SHOWN },
  { name: 'life of a second', forgery: { content: { notBefore: NOW, expires: NOW + 1 } }, result: SHOWN },
  { name: 'staple 60 seconds old', forgery: {}, staple: staple({ at: NOW - 60 }), result: SHOWN },
  { name: 'staple 5 seconds ahead', forgery: {}, staple: staple({ at: NOW + 5 }), result: SHOWN },
  { name: 'second key of the office', forgery: { issuer: 'secondIssuerKey', issuerHeader: { kid: 'jpn-office-2' } }, result: SHOWN },
  { name: 'no request', forgery: { bindingClaims: claims({ requestBody: undefined }) }, result: SHOWN },
  { name: 'request in Japanese', forgery: { choice: { requestBody: '{"purpose":"演習"}' } }, result: SHOWN },
  { name: 'request of 8 thousand characters', forgery: { choice: { requestBody: 'x'.repeat(8_000) } }, result: SHOWN },
  { name: 'two citizenships', forgery: { content: { citizenships: ['JPN', 'AUS'] } }, result: { ...SHOWN, citizenships: ['AUS', 'JPN'] } },
  {
    name: 'citizenships not in order',
    forgery: { issuerClaims: claims({ citizenships: ['JPN', 'AUS'] }) },
    result: { ...SHOWN, citizenships: ['AUS', 'JPN'] },
  },
  { name: 'disclosures in another order, bound so', forgery: { disclosures: (shown) => [...shown].reverse() }, result: SHOWN },
  { name: 'white space in the payload, signed so', forgery: { issuerText: (text) => ` ${text.replaceAll(',"', ', "')}\n` }, result: SHOWN },
  { name: 'white space in the key binding, signed so', forgery: { bindingText: (text) => `${text} ` }, result: SHOWN },
  {
    name: 'white space in a disclosure, issued so',
    forgery: { issuerClaims: (before, world) => inAreas(before, digestOf(world, SPACED)), disclosures: (shown) => [...shown, SPACED] },
    result: { clearance: 'EXERCISE-GOKUHI', areas: ['maritime', 'space'] },
  },
  {
    name: 'organisation, post and facility, all shown',
    forgery: {
      content: ASSIGNMENT,
      choice: { disclose: { clearance: true, areas: ['maritime'], briefings: [], assignment: ['organisation', 'post', 'facility'] } },
    },
    result: { ...SHOWN, ...ASSIGNMENT },
  },
  {
    name: 'organisation, post and facility, the post shown',
    forgery: { content: ASSIGNMENT, choice: { disclose: { clearance: false, areas: [], briefings: [], assignment: ['post'] } } },
    result: { post: ASSIGNMENT.post },
  },
  { name: 'organisation, post and facility, none shown', forgery: { content: ASSIGNMENT }, result: SHOWN },
  { name: 'decoy among the claims', forgery: { issuerClaims: (before) => inClaims(before, 'B'.repeat(43)) }, result: SHOWN },
  { name: 'no decoys', forgery: { issuerClaims: (before) => ({ ...before, briefings: [] }) }, result: SHOWN },
  {
    name: 'no areas held',
    forgery: { content: { areas: [] }, choice: { disclose: { clearance: true, areas: [], briefings: [] } } },
    result: { clearance: 'EXERCISE-GOKUHI' },
  },
  {
    name: 'forty areas held, all shown',
    forgery: { content: { areas: MANY }, choice: { disclose: { clearance: true, areas: MANY, briefings: [] } } },
    result: { clearance: 'EXERCISE-GOKUHI', areas: MANY },
  },
  {
    name: 'forty areas held, one shown',
    forgery: { content: { areas: MANY }, choice: { disclose: { clearance: false, areas: ['area-07'], briefings: [] } } },
    result: { areas: ['area-07'] },
  },
  { name: 'area disclosed under two salts', forgery: planted(['c2FsdC1vZi1FWEVSQ0lTRQ', 'maritime'], inAreas), result: SHOWN },
  {
    name: 'area in Japanese',
    forgery: { content: { areas: ['海洋'] }, choice: { disclose: { clearance: false, areas: ['海洋'], briefings: [] } } },
    result: { areas: ['海洋'] },
  },
  {
    name: 'two briefings, one shown',
    forgery: {
      content: { briefings: ['caveat/EXERCISE-KITE', 'caveat/EXERCISE-HERON'] },
      choice: { disclose: { clearance: false, areas: [], briefings: ['caveat/EXERCISE-HERON'] } },
    },
    result: { briefings: ['caveat/EXERCISE-HERON'] },
  },
  {
    name: 'person of a third party',
    forgery: {
      content: { issuer: 'https://office.gbr.entente.example', kid: 'gbr-office-1', citizenships: ['GBR'] },
      issuer: 'otherIssuer',
    },
    staple: async (world) => stapleStatus(world.crypto, world.otherStatus, stapleBody(world, { nation: 'GBR' })),
    result: { ...SHOWN, nation: 'GBR', citizenships: ['GBR'] },
  },
  {
    name: 'the other realm on both sides',
    forgery: { content: { realm: 'operational' } },
    expected: { realm: 'operational' },
    staple: staple({ realm: 'operational' }),
    result: SHOWN,
  },
  {
    name: 'another originator on both sides',
    forgery: { content: { originator: 'GBR' }, choice: { audience: 'https://node.gbr.entente.example' } },
    expected: { originator: 'GBR', audience: 'https://node.gbr.entente.example' },
    result: SHOWN,
  },
  {
    name: 'another agreement on both sides',
    forgery: { content: { agreement: 'jpn-gbr' } },
    expected: { agreement: 'jpn-gbr' },
    result: SHOWN,
  },
  {
    name: 'another nonce on both sides',
    forgery: { choice: { nonce: 'n2' } },
    expected: { nonce: 'n2' },
    staple: staple({ nonce: 'n2' }),
    result: SHOWN,
  },
]

export const accepted: readonly Case[] = [...subsets, ...neighbours]
