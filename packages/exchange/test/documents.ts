import { type Json, canonicalText, fromUtf8, readJson, signDocument } from '@entente/canonical'
import {
  type EnvelopeType,
  SEALED_ANSWER_BYTES,
  credentialRequestShape,
  enrolmentCodeDigest,
  enrolmentShape,
  readAnswerEnvelope,
  readEnvelope,
  readKeyStatement,
  readRelayedRequest,
  readHeld,
  readRequestBody,
  readSeal,
  sealEnvelope,
  signAct,
  signAsDevice,
  signEnrolmentCode,
  signJoined,
  signKeyStatement,
  signNegotiation,
  signReceipt,
  signStop,
  verifyAct,
  verifyDevice,
  verifyEnrolmentCode,
  verifyJoined,
  verifyNegotiation,
  verifyReceipt,
  verifyStop,
  writeAnswerEnvelope,
  writeBody,
  writeRelayedRequest,
  writeRequestBody,
} from '@entente/exchange'
import type { HostileReader } from '../../canonical/test/hostile-documents.ts'
import {
  ITEM,
  NOW,
  authority,
  compact,
  crypto,
  envelope,
  envelopeKey,
  evidence,
  holder,
  keyStatement,
  opening,
  peerKey,
  requestBody,
} from './world.ts'

export const description = 'EXERCISE. What passes between two nations and between a device and its node, each as its reader takes it.'

const hash = 'ab'.repeat(32)
const made = opening()
const text = (value: unknown): string => canonicalText(value as Json)
const first = await sealEnvelope(crypto, envelope(), envelopeKey)
const atAustralia = { realm: 'exercise', link: 'jpn-aus', self: 'AUS', peer: 'JPN', peerKeys: [peerKey.publicKey] } as const
const joined = { realm: 'exercise', request: hash, leaf: hash, at: NOW, outcome: 'opened' } as const
const relayed = { request: compact(requestBody()), staple: { state: 'valid' }, grant: evidence(made.grant) }
const person = { act: 'withdraw', person: 'EXERCISE-person', number: 1, at: NOW, by: 'EXERCISE-officer' } as const
const retracted = { ...person, act: 'retract', claim: 'post' } as const
const attested = { ...retracted, act: 'attest', code: 'EXERCISE-WATCH', until: NOW + 10 } as const

/** Bodies of envelopes, one a type. */
const bodies: { readonly [T in EnvelopeType]?: Json } = {
  offer: { item: ITEM, serial: 1, statement: hash, release: {}, card: {}, container: hash },
  revoke: { item: ITEM, serial: 1, reason: 'compromised', effective: NOW },
  'withdraw-offer': { item: ITEM, serial: 1 },
  feedback: { item: ITEM, serial: 1, kind: 'doubt', text: 'EXERCISE: another ship' },
  'damage-request': { request: ITEM, items: [ITEM], reason: 'audit', from: NOW - 10, until: NOW, due: NOW + 10 },
  'damage-answer': { request: ITEM, part: 'final', counts: [{ item: ITEM, entered: 3, joined: 2, possible: 1 }] },
  'pairing-daily': { day: '2026-11-24', openings: [{ opening: hash, grant: hash }], grants: [hash] },
}

const said = {
  realm: 'exercise',
  agreement: 'jpn-aus',
  nation: 'JPN',
  number: 2,
  proposal: hash,
  at: NOW,
} as const
const comment = await signNegotiation(crypto, { ...said, act: 'comment', text: 'EXERCISE: fewer areas', article: '5' }, peerKey)
const initial = await signNegotiation(crypto, { ...said, act: 'initial' }, peerKey)
const [signature] = initial.signatures
const seal = { realm: 'exercise', agreement: 'jpn-aus', number: 2, proposal: hash, signature } as unknown as Json
const held = {
  realm: 'exercise',
  agreement: 'jpn-aus',
  number: 2,
  version: hash,
  of: 'JPN',
  partner: 'AUS',
  evidence: evidence(made.grant),
}

const device = (body: Json, type: 'enrolment' | 'credential-request') => signAsDevice(holder, type, body as never)

export const readers: readonly HostileReader[] = [
  { parser: 'readKeyStatement', read: readKeyStatement, good: [text(await signKeyStatement(crypto, keyStatement(), authority))] },
  { parser: 'readEnvelope', read: readEnvelope, good: [first.text] },
  {
    parser: 'readRequestBody',
    read: (bytes) => readRequestBody(fromUtf8(bytes)),
    good: [writeRequestBody(requestBody()), writeRequestBody(requestBody({ act: 'print', serial: 9 }))],
  },
  { parser: 'readRelayedRequest', read: readRelayedRequest, good: [fromUtf8(writeRelayedRequest(relayed))] },
  {
    parser: 'readAnswerEnvelope',
    read: readAnswerEnvelope,
    good: [fromUtf8(writeAnswerEnvelope(evidence(made.open), new Uint8Array(SEALED_ANSWER_BYTES)))],
  },
  {
    parser: 'verifyReceipt',
    read: (bytes) => verifyReceipt(crypto, bytes, atAustralia, { id: first.id, seq: 1 }),
    good: [await signReceipt(crypto, first, { outcome: 'accepted', at: NOW }, peerKey)],
  },
  {
    parser: 'verifyStop',
    read: (bytes) => verifyStop(crypto, readJson(bytes), { realm: 'exercise', officers: [authority.publicKey] }),
    good: [text(await signStop(crypto, { realm: 'exercise', item: ITEM, serial: 1, reason: 'compromised', at: NOW }, authority))],
    bad: [
      [
        'signed as something else',
        text(
          await signDocument(
            crypto,
            { realm: 'exercise', type: 'release-statement', version: 1 },
            { realm: 'exercise', item: ITEM, serial: 1, reason: 'compromised', at: NOW },
            authority,
          ),
        ),
      ],
    ],
  },
  {
    parser: 'verifyNegotiation',
    read: (bytes) => verifyNegotiation(crypto, readJson(bytes), { realm: 'exercise', nation: 'JPN', negotiators: [peerKey.publicKey] }),
    good: [text(comment), text(initial)],
    bad: [
      [
        'signed as something else',
        text(await signDocument(crypto, { realm: 'exercise', type: 'stop', version: 1 }, initial.body, peerKey)),
      ],
      ['by a stranger', text(await signNegotiation(crypto, initial.body, authority))],
    ],
  },
  {
    parser: 'readSeal',
    read: (bytes) => readSeal(readJson(bytes), { realm: 'exercise', agreement: 'jpn-aus' }),
    good: [text(seal)],
    bad: [['of another agreement', text({ ...(seal as object), agreement: 'jpn-gbr' })]],
  },
  {
    parser: 'readHeld',
    read: (bytes) => readHeld(readJson(bytes), 'exercise'),
    good: [text(held)],
    bad: [['of another realm', text({ ...held, realm: 'operational' })]],
  },
  {
    parser: 'verifyJoined',
    read: (bytes) => verifyJoined(crypto, bytes, { realm: 'exercise', holderKey: holder.publicKey, request: hash, leaf: hash }),
    good: [text(await signJoined(joined, holder))],
  },
  {
    parser: 'verifyAct',
    read: (bytes) => verifyAct(crypto, 'exercise', readJson(bytes), authority.publicKey),
    good: [
      text(await signAct(crypto, 'exercise', person as never, authority)),
      text(await signAct(crypto, 'exercise', attested as never, authority)),
      text(await signAct(crypto, 'exercise', retracted as never, authority)),
    ],
    bad: [
      ['of a claim that nobody attests', text(await signAct(crypto, 'exercise', { ...attested, claim: 'rank' } as never, authority))],
      [
        'attested for ever',
        text(await signAct(crypto, 'exercise', { ...retracted, act: 'attest', code: 'EXERCISE-WATCH' } as never, authority)),
      ],
    ],
  },
  {
    parser: 'verifyEnrolmentCode',
    read: (bytes) => verifyEnrolmentCode(crypto, 'exercise', readJson(bytes), authority.publicKey),
    good: [
      text(
        await signEnrolmentCode(
          crypto,
          { realm: 'exercise', person: 'EXERCISE-person', digest: enrolmentCodeDigest(crypto, 'EXERCISE code'), at: NOW },
          authority,
        ),
      ),
    ],
  },
  {
    parser: 'verifyDevice enrolment',
    read: (bytes) => verifyDevice(crypto, enrolmentShape, 'enrolment', 'exercise', readJson(bytes)),
    good: [
      text(
        await device({ realm: 'exercise', person: 'EXERCISE-person', originator: 'AUS', code: 'EXERCISE-code-0000', at: NOW }, 'enrolment'),
      ),
    ],
  },
  {
    parser: 'verifyDevice credential-request',
    read: (bytes) => verifyDevice(crypto, credentialRequestShape, 'credential-request', 'exercise', readJson(bytes)),
    good: [text(await device({ realm: 'exercise', agreement: 'jpn-aus', originator: 'AUS', item: ITEM, at: NOW }, 'credential-request'))],
  },
  ...Object.entries(bodies).map(([type, body]): HostileReader => ({
    parser: `readBody ${type}`,
    read: (bytes) => writeBody(type as EnvelopeType, readJson(bytes)),
    good: [text(body)],
  })),
]
