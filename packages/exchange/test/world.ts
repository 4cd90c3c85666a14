import {
  type HybridSigner,
  type Json,
  type KemKey,
  type Signer,
  canonicalBytes,
  hybridSigner,
  readCanonical,
  sameBytes,
  toBase64,
  toBase64Url,
  toHex,
  utf8,
} from '@entente/canonical'
import { nodeCrypto } from '@entente/crypto-node'
import type {
  Envelope,
  EntryEvidence,
  KeyStatement,
  ManifestFacts,
  OpenedEntry,
  PresentedRequest,
  ReleaseFacts,
  RequestBody,
  UnwrapChecks,
  UnwrapPins,
  UnwrapQuestion,
} from '@entente/exchange'
import { FIRST_PREVIOUS, ephemeralHash, requestHash, writeRequestBody } from '@entente/exchange'

export const crypto = nodeCrypto
/** 2026-11-24T00:00:00Z. */
export const NOW = 1_795_478_400
export const ITEM = '5c9e0f3a-1c1b-4a5e-9f57-0c3a9d1b2e4f'

export async function hybrid(seed: number): Promise<HybridSigner> {
  return hybridSigner(
    await crypto.signer('Ed25519', new Uint8Array(32).fill(seed)),
    await crypto.signer('ML-DSA-65', new Uint8Array(32).fill(seed)),
  )
}

export const authority = await hybrid(1)
export const envelopeKey = await hybrid(2)
export const peerKey = await hybrid(3)
export const stranger = await hybrid(9)
export const ephemeral: KemKey = await crypto.kemKey(new Uint8Array(32).fill(7))
export const holder: Signer = await crypto.signer('Ed25519', new Uint8Array(32).fill(8))
export const kas: KemKey = await crypto.kemKey(new Uint8Array(32).fill(6))

export function keyStatement(change: Partial<KeyStatement> = {}): KeyStatement {
  const vkey = (name: string): string => `${name}+0a1b2c3d+AQID`
  const origin = 'log.aus.entente.example/exercise/home'
  return {
    nation: 'AUS',
    realm: 'exercise',
    number: 1,
    at: NOW,
    names: {
      node: 'https://node.aus.entente.example',
      kas: 'https://kas.aus.entente.example',
      office: 'https://office.aus.entente.example',
    },
    keys: {
      tls: 'ab'.repeat(32),
      envelope: envelopeKey.publicKey,
      logs: [{ origin, ed25519: vkey(origin), mldsa44: vkey(origin) }],
      witness: [{ name: 'witness.aus.entente.example', vkeys: [vkey('witness.aus.entente.example')] }],
      kas: { kid: 'k1', kem: toBase64Url(kas.publicKey) },
      issuer: { kid: 'i1', jwk: { kty: 'OKP', crv: 'Ed25519', x: toBase64Url(holder.publicKey) } },
      status: peerKey.publicKey,
    },
    delegations: [
      { officer: 'EXERCISE-officer-1', nation: 'AUS', key: peerKey.publicKey, ceiling: 'SECRET', areas: ['maritime'], until: NOW + 86_400 },
    ],
    ...change,
  }
}

// A small ledger by the letter of spec/key-release.md 4, so that these tests rest on no other package.
function commitment(name: string, salt: string, value: Json): string {
  return toHex(crypto.sha256(canonicalBytes({ name, salt, value })))
}

export interface Made extends EntryEvidence {
  /** The same entry, every field disclosed. */
  readonly whole: Json
  readonly leafHash: string
}

export function makeEntry(
  fields: Record<string, Json>,
  at: number,
  disclose: readonly string[] = Object.keys(fields),
  realm = 'exercise',
): Made {
  const salted = Object.entries(fields).map(([name, value]) => ({ name, salt: toBase64Url(crypto.random(16)), value }))
  const all = salted.map((field) => commitment(field.name, field.salt, field.value)).sort()
  const root = toHex(crypto.sha256(utf8(all.join(''))))
  const leaf = canonicalBytes({ v: 1, realm, at, root })
  const open = (names: readonly string[]): Json => ({ commitments: all, fields: salted.filter((field) => names.includes(field.name)) })
  return {
    leaf: toBase64(leaf),
    opening: open(disclose),
    proof: `proof ${toHex(crypto.sha256(leaf))}`,
    whole: open(Object.keys(fields)),
    leafHash: toHex(crypto.sha256(leaf)),
  }
}

export function openEntry(leaf: Uint8Array, opening: Json): OpenedEntry {
  const { realm, at, root } = readCanonical(leaf) as { realm: 'exercise'; at: number; root: string }
  const { commitments, fields } = opening as { commitments: string[]; fields: { name: string; salt: string; value: Json }[] }
  if (toHex(crypto.sha256(utf8(commitments.join('')))) !== root) throw new Error('not the opening of this leaf')
  const opened: Record<string, Json> = {}
  for (const { name, salt, value } of fields) {
    if (!commitments.includes(commitment(name, salt, value))) throw new Error('not a field of this leaf')
    opened[name] = value
  }
  return { realm, at, fields: opened }
}

export type Policy = 'partner' | 'own' | 'counter' | 'nobody'

export async function verifyProof(leaf: Uint8Array, proof: string, policy: Policy): Promise<{ index: number; size: number; time: number }> {
  if (policy === 'nobody' || !sameBytes(utf8(proof), utf8(`proof ${toHex(crypto.sha256(leaf))}`))) throw new Error('not proven')
  return { index: 4, size: 9, time: NOW }
}

export const BASIS = { agreement: 'jpn-aus', version: 'cd'.repeat(32), article: '4', grant: '4-a' }
export const POLICY = toBase64(utf8('{"uuid":"exercise"}'))
export const SHARES = { originator: new Uint8Array(32).fill(0x11), recipient: new Uint8Array(32).fill(0x22) }

export const manifest: ManifestFacts = {
  digest: 'ef'.repeat(48),
  policy: POLICY,
  keyAccess: [
    {
      url: 'https://kas.aus.entente.example',
      kid: 'k1',
      wrappedKey: 'AA==',
      policyBinding: { alg: 'HS256', hash: bound(SHARES.originator) },
    },
    {
      url: 'https://kas.jpn.entente.example',
      kid: 'k1',
      wrappedKey: 'AQ==',
      policyBinding: { alg: 'HS256', hash: bound(SHARES.recipient) },
    },
  ],
}

export function bound(share: Uint8Array): string {
  return toHex(crypto.hmacSha256(share, utf8(POLICY)))
}

export function statement(change: Partial<ReleaseFacts> = {}): ReleaseFacts {
  return {
    id: '12'.repeat(32),
    realm: 'exercise',
    item: ITEM,
    serial: 1,
    originator: 'AUS',
    recipient: 'JPN',
    basis: BASIS,
    keyControl: 'both',
    manifestDigest: manifest.digest,
    ...change,
  }
}

export function requestBody(change: Partial<RequestBody> = {}): RequestBody {
  return {
    realm: 'exercise',
    suite: 'entente-1',
    act: 'open',
    item: ITEM,
    serial: 1,
    statement: statement().id,
    purpose: 'maritime-safety',
    ephemeral: toBase64Url(ephemeral.publicKey),
    basis: BASIS,
    expires: NOW + 60,
    ...change,
  }
}

/** A compact request in the right form; its signatures are other packages' matter and are taken as verified. */
export function compact(body: RequestBody): string {
  const part = (value: Json): string => toBase64Url(canonicalBytes(value))
  return `${part({ alg: 'EdDSA' })}.${part({ iss: 'x' })}.AAAA~${part({ alg: 'EdDSA' })}.${part({ requestBody: writeRequestBody(body) })}.AAAA`
}

export interface Opening {
  readonly body: RequestBody
  readonly request: string
  readonly statement: ReleaseFacts
  readonly grant: Made
  readonly open: Made
}

/** The two entries of one opening; changes to any field of any of them make the twins of P2. */
export function opening(
  change: {
    body?: Partial<RequestBody>
    statement?: Partial<ReleaseFacts>
    grant?: Record<string, Json>
    open?: Record<string, Json>
    grantAt?: number
    openAt?: number
    realm?: string
  } = {},
): Opening {
  const body = requestBody(change.body)
  const request = compact(body)
  const released = statement(change.statement)
  const about = {
    item: body.item,
    serial: body.serial,
    statement: released.id,
    request: requestHash(crypto, request),
    ephemeral: ephemeralHash(crypto, body.ephemeral),
    pseudonym: 'p-1',
    purpose: body.purpose,
    version: VERSION,
  }
  const grantAt = change.grantAt ?? NOW
  const grant = makeEntry({ act: 'grant', ...about, expires: grantAt + 60, ...change.grant }, grantAt, undefined, change.realm)
  const open = makeEntry(
    { act: 'open', ...about, decision: 'permit', articles: ['4'], grant: grant.leafHash, level: 'SECRET', ...change.open },
    change.openAt ?? NOW,
    undefined,
    change.realm,
  )
  return { body, request, statement: released, grant, open }
}

export function presented(made: Opening): PresentedRequest {
  return {
    facts: { nation: 'JPN', pseudonym: 'p-1' },
    requestBody: writeRequestBody(made.body),
    requestHash: requestHash(crypto, made.request),
  }
}

export function question(made: Opening, role: 'originator' | 'recipient' = 'originator'): UnwrapQuestion {
  const [entry, counterEntry] = role === 'originator' ? [made.open, made.grant] : [made.grant, made.open]
  return { role, request: made.request, statement: made.statement, manifest, entry: evidence(entry), counterEntry: evidence(counterEntry) }
}

export function evidence({ leaf, opening: disclosed, proof }: EntryEvidence): EntryEvidence {
  return { leaf, opening: disclosed, proof }
}

export function checks(made: Opening, change: Partial<UnwrapChecks<Policy>> = {}): UnwrapChecks<Policy> {
  return {
    openEntry,
    verifyProof,
    presented: async () => presented(made),
    released: async () => made.statement,
    manifest: () => manifest,
    ...change,
  }
}

/** The version by which both nations decide. */
export const VERSION = 'ab'.repeat(32)

export function pins(role: 'originator' | 'recipient' = 'originator', change: Partial<UnwrapPins<Policy>> = {}): UnwrapPins<Policy> {
  return {
    realm: 'exercise',
    nation: role === 'originator' ? 'AUS' : 'JPN',
    kas: role === 'originator' ? 'https://kas.aus.entente.example' : 'https://kas.jpn.entente.example',
    kids: ['k1'],
    partnerPolicy: 'partner',
    ownPolicy: 'own',
    counterPolicy: 'counter',
    version: VERSION,
    maxAgeSeconds: 60,
    skewSeconds: 5,
    ...change,
  }
}

export function code(expected: string): (error: unknown) => boolean {
  return (error) => {
    const found = (error as { code?: string }).code
    if (found !== expected) throw new Error(`expected ${expected}, got ${String(found)}`, { cause: error })
    return true
  }
}

/** An envelope from Australia to Japan. */
export function envelope(change: Partial<Envelope> = {}): Envelope {
  return {
    realm: 'exercise',
    from: 'AUS',
    to: 'JPN',
    link: 'jpn-aus',
    seq: 1,
    prev: FIRST_PREVIOUS,
    type: 'withdraw-offer',
    at: NOW,
    body: { item: '5c9e0f3a-1c1b-4a5e-9f57-0c3a9d1b2e4f', serial: 1 },
    attachments: [],
    ...change,
  }
}
