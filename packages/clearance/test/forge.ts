import { type Crypto, type HybridSigner, type Signer, hybridSigner, toBase64Url, utf8 } from '@entente/canonical'
import { nodeCrypto } from '@entente/crypto-node'
import {
  type CredentialContent,
  type ExpectedPresentation,
  type PinnedIssuer,
  type PresentationChoice,
  type StatusStaple,
  credentialHash,
  holderThumbprint,
  issueCredential,
  present,
  pseudonym,
  stapleStatus,
} from '@entente/clearance'

/** 2026-11-24T00:00:00Z: every test's now. */
export const NOW = 1_795_478_400
export const NONCE = 'EXERCISE-nonce-of-aus-000000001'
export const AUDIENCE = 'https://node.aus.entente.example'
export const REQUEST = '{"act":"open","item":"EXERCISE","realm":"exercise"}'

/** `nodeCrypto` whose chance is a counter under SHA-256: the same credentials on every run. */
export function seededCrypto(seed: string): Crypto {
  let count = 0
  return {
    ...nodeCrypto,
    random(length) {
      count += 1
      return nodeCrypto.hkdfSha256(utf8(seed), utf8(String(count)), utf8('chance'), length)
    },
  }
}

export function seed(name: string): Uint8Array {
  return nodeCrypto.sha256(utf8(`EXERCISE seed ${name}`))
}

/** Everybody who takes part: two offices, two devices, a thief. */
export interface World {
  readonly crypto: Crypto
  readonly issuer: Signer
  readonly secondIssuerKey: Signer
  readonly otherIssuer: Signer
  readonly holder: Signer
  readonly thief: Signer
  readonly status: HybridSigner
  readonly otherStatus: HybridSigner
  readonly pins: readonly PinnedIssuer[]
  readonly content: CredentialContent
  readonly choice: PresentationChoice
}

export async function makeWorld(name = 'world'): Promise<World> {
  const crypto = seededCrypto(name)
  const ed25519 = async (who: string) => crypto.signer('Ed25519', seed(`${who} ed25519`))
  const hybrid = async (who: string) => hybridSigner(await ed25519(who), await crypto.signer('ML-DSA-65', seed(`${who} mldsa65`)))
  const issuer = await ed25519('jpn office 1')
  const secondIssuerKey = await ed25519('jpn office 2')
  const otherIssuer = await ed25519('gbr office')
  const holder = await ed25519('device')
  const status = await hybrid('jpn status')
  const otherStatus = await hybrid('gbr status')
  const pins = [
    {
      nation: 'JPN',
      name: 'https://office.jpn.entente.example',
      keys: [
        { kid: 'jpn-office-1', publicKey: issuer.publicKey },
        { kid: 'jpn-office-2', publicKey: secondIssuerKey.publicKey },
      ],
      statusKey: status.publicKey,
    },
    {
      nation: 'GBR',
      name: 'https://office.gbr.entente.example',
      keys: [{ kid: 'gbr-office-1', publicKey: otherIssuer.publicKey }],
      statusKey: otherStatus.publicKey,
    },
  ]
  const content: CredentialContent = {
    issuer: 'https://office.jpn.entente.example',
    kid: 'jpn-office-1',
    realm: 'exercise',
    agreement: 'jpn-aus',
    originator: 'AUS',
    holderKey: holder.publicKey,
    pseudonym: pseudonym(crypto, seed('pseudonyms'), {
      realm: 'exercise',
      agreement: 'jpn-aus',
      originator: 'AUS',
      person: 'EXERCISE-0001',
      life: 'stable',
      at: NOW,
    }),
    clearance: 'EXERCISE-GOKUHI',
    citizenships: ['JPN'],
    areas: ['maritime', 'cyber', 'energy/lng'],
    briefings: ['caveat/EXERCISE-KITE'],
    suspended: false,
    notBefore: NOW - 3_600,
    expires: NOW + 3_600,
    credentialId: 'RVhFUkNJU0UtY3JlZGVudGlhbC0wMDAx',
  }
  const choice: PresentationChoice = {
    disclose: { clearance: true, areas: ['maritime'], briefings: [] },
    audience: AUDIENCE,
    nonce: NONCE,
    issuedAt: NOW - 2,
    requestBody: REQUEST,
  }
  return { crypto, issuer, secondIssuerKey, otherIssuer, holder, thief: await ed25519('thief'), status, otherStatus, pins, content, choice }
}

/** A claim set whose members a forgery may set, or remove by `undefined`. */
export type Claims = Record<string, unknown>

/** What is changed against a good presentation. Changed parts are signed again, by `issuer` and `holder`. */
export interface Forgery {
  readonly content?: Partial<CredentialContent>
  readonly choice?: Partial<PresentationChoice>
  readonly issuer?: 'thief' | 'otherIssuer' | 'secondIssuerKey'
  readonly issuerHeader?: Claims
  readonly issuerClaims?: (claims: Claims, world: World) => Claims
  /** Text of the payload instead of JSON of the claims. */
  readonly issuerText?: (text: string) => string
  readonly issuerSignature?: string
  readonly disclosures?: (shown: readonly string[], world: World) => readonly string[]
  readonly holder?: 'thief'
  readonly bindingHeader?: Claims
  readonly bindingClaims?: (claims: Claims) => Claims
  readonly bindingText?: (text: string) => string
  readonly bindingSignature?: string
  /** Last change, to the finished text: nothing is signed again. */
  readonly compact?: (text: string) => string
}

export function encode(value: unknown): string {
  return toBase64Url(utf8(JSON.stringify(value)))
}

export function decode(part: string): Claims {
  return JSON.parse(new TextDecoder().decode(Uint8Array.fromBase64(part, { alphabet: 'base64url' }))) as Claims
}

export function digestOf(world: World, disclosure: string): string {
  return toBase64Url(world.crypto.sha256(utf8(disclosure)))
}

/** A presentation with the forgery's changes, everything else as the product makes it. */
export async function forge(world: World, forgery: Forgery): Promise<string> {
  const issuer = world[forgery.issuer ?? 'issuer']
  const holder = world[forgery.holder ?? 'holder']
  const content = { ...world.content, ...forgery.content }
  const credential = await issueCredential(world.crypto, world.issuer, content)
  const good = await present(world.crypto, credential, { ...world.choice, ...forgery.choice }, world.holder)
  const parts = good.split('~')
  const [jwt = '', binding = ''] = [parts[0], parts.at(-1)]
  const shown = parts.slice(1, -1)
  const changed = await resign(jwt, issuer, {
    header: forgery.issuerHeader,
    claims: forgery.issuerClaims === undefined ? undefined : (claims) => forgery.issuerClaims?.(claims, world) ?? claims,
    text: forgery.issuerText,
    signature: forgery.issuerSignature,
  })
  const bound = `${[changed, ...(forgery.disclosures?.(shown, world) ?? shown)].join('~')}~`
  const kb = await resign(binding, holder, {
    header: forgery.bindingHeader,
    claims: (claims) => {
      const rebound = { ...claims, sd_hash: digestOf(world, bound) }
      return forgery.bindingClaims?.(rebound) ?? rebound
    },
    text: forgery.bindingText,
    signature: forgery.bindingSignature,
  })
  return forgery.compact?.(bound + kb) ?? bound + kb
}

interface Change {
  readonly header: Claims | undefined
  readonly claims: ((claims: Claims) => Claims) | undefined
  readonly text: ((text: string) => string) | undefined
  readonly signature: string | undefined
}

async function resign(jwt: string, signer: Signer, change: Change): Promise<string> {
  const [head = '', body = ''] = jwt.split('.')
  const header = encode({ ...decode(head), ...change.header })
  const claims = change.claims?.(decode(body)) ?? decode(body)
  const text = JSON.stringify(claims)
  const payload = toBase64Url(utf8(change.text?.(text) ?? text))
  const signature = change.signature ?? toBase64Url(await signer.sign(utf8(`${header}.${payload}`)))
  return `${header}.${payload}.${signature}`
}

export function stapleBody(world: World, change: Partial<StatusStaple> = {}): StatusStaple {
  return {
    nation: 'JPN',
    realm: 'exercise',
    credential: credentialHash(world.crypto, world.content.credentialId),
    nonce: NONCE,
    at: NOW,
    state: 'valid',
    ...change,
  }
}

/** What a good presentation is verified against. */
export async function expectation(world: World, change: Partial<ExpectedPresentation> = {}): Promise<ExpectedPresentation> {
  return {
    realm: 'exercise',
    agreement: 'jpn-aus',
    originator: 'AUS',
    audience: AUDIENCE,
    nonce: NONCE,
    issuers: world.pins,
    staple: change.staple ?? (await stapleStatus(world.crypto, world.status, stapleBody(world))),
    now: NOW,
    maxKeyBindingAgeSeconds: 60,
    clockSkewSeconds: 5,
    ...change,
  }
}

export function thumbprint(world: World): string {
  return holderThumbprint(world.crypto, world.holder.publicKey)
}
