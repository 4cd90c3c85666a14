import type { Json, Signed } from '@entente/canonical'
import { type HybridSigner, canonicalBytes, hybridSigner, readJson } from '@entente/canonical'
import {
  type Card,
  type ContainerKeys,
  type KeyControl,
  type Manifest,
  type ReleaseStatement,
  type SealOptions,
  type Sealed,
  type Sink,
  type StatementTrust,
  bytesSource,
  cardDigest,
  collect,
  crc32,
  encodePolicy,
  makeKeys,
  readContainer,
  seal,
  signStatement,
} from '@entente/container'
import { nodeCrypto as crypto } from '@entente/crypto-node'
import type { Label } from '@entente/label'
import { directory, localHeader, descriptor } from '#src/zip-format.ts'

export { crypto }

export const ITEM = '5f0c1a52-3f0e-4d0e-9a6f-0d1c7a9b2e11'
export const LABEL: Label = {
  policy: 'EXERCISE-AUS',
  classification: 'SECRET',
  categories: [],
  personRules: [],
  originators: [{ nation: 'AUS', releasableTo: ['AUS', 'JPN'] }],
  created: 1_790_000_000,
}
export const LABEL_XML = '<ConfidentialityLabel>EXERCISE SECRET 秘</ConfidentialityLabel>'
export const CARD: Card = {
  item: ITEM,
  title: { en: 'EXERCISE track', ja: '演習' },
  area: 'maritime',
  banner: 'EXERCISE SECRET//REL AUS, JPN',
  originator: 'AUS',
}

/** Attributes as a test needs them: one name per classification and per nation. */
export function attributesOf(label: Label): readonly string[] {
  const name = (kind: string, value: string): string => `https://aus.entente.example/attr/${kind}/value/${value.toLowerCase()}`
  const sets = label.originators.flatMap((part) => (part.releasableTo === 'neutral' ? ['neutral'] : part.releasableTo))
  return [name('classification', label.classification), ...sets.map((nation) => name('rel', nation))].sort()
}

const seed = (byte: number): Uint8Array => new Uint8Array(32).fill(byte)
export const officer: HybridSigner = hybridSigner(await crypto.signer('Ed25519', seed(1)), await crypto.signer('ML-DSA-65', seed(2)))
export const stranger: HybridSigner = hybridSigner(await crypto.signer('Ed25519', seed(3)), await crypto.signer('ML-DSA-65', seed(4)))
export const originatorKem = await crypto.kemKey(seed(5))
export const recipientKem = await crypto.kemKey(seed(6))
export const TRUST: StatementTrust = { realm: 'exercise', originator: 'AUS', recipient: 'JPN', officers: [officer.publicKey], attributesOf }

export function keysFor(control: KeyControl = 'both'): Promise<ContainerKeys> {
  return makeKeys(crypto, {
    policy: encodePolicy(ITEM, attributesOf(LABEL)),
    control,
    originator: { name: 'https://kas.aus.entente.example', kid: 'item-1', kem: originatorKem.publicKey },
    ...(control === 'originator'
      ? {}
      : { recipient: { name: 'https://kas.jpn.entente.example', kid: 'kas-1', kem: recipientKem.publicKey } }),
  })
}

export interface Made {
  readonly bytes: Uint8Array<ArrayBuffer>
  readonly keys: ContainerKeys
  readonly sealed: Sealed
}

/** A container with these bytes in it; `change` alters what the officer signs, `options` what is sealed. */
export async function make(
  source: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  given: {
    readonly control?: KeyControl
    readonly signer?: HybridSigner
    readonly keys?: ContainerKeys
    /** Where the bytes go instead of into memory. */
    readonly sink?: Sink
    readonly options?: Partial<SealOptions>
    readonly change?: (body: ReleaseStatement) => ReleaseStatement
  } = {},
): Promise<Made> {
  const control = given.control ?? 'both'
  const keys = given.keys ?? (await keysFor(control))
  const out = collect()
  const options: SealOptions = {
    crypto,
    keys,
    label: LABEL,
    labelXml: LABEL_XML,
    mediaType: 'text/plain',
    segmentBytes: 16_384,
    statement: (digests) => {
      const body: ReleaseStatement = {
        realm: 'exercise',
        item: ITEM,
        serial: 1,
        originator: 'AUS',
        recipient: 'JPN',
        label: LABEL,
        area: 'maritime',
        basis: { agreement: 'jpn-aus', version: 'ab'.repeat(32), article: '4.1', grant: 'g1' },
        keyControl: control,
        expires: 1_800_000_000,
        released: 1_790_000_100,
        foreignClients: false,
        cardDigest: cardDigest(crypto, CARD),
        ...digests,
      }
      return signStatement(crypto, given.signer ?? officer, given.change?.(body) ?? body)
    },
    ...given.options,
  }
  const sealed = await seal(source, options, given.sink ?? out.sink)
  return { bytes: out.bytes(), keys, sealed }
}

/** Payload and manifest of a container, to be changed and put together again. */
export async function takeApart(bytes: Uint8Array): Promise<{ payload: Uint8Array; manifest: Manifest }> {
  const { payload, manifest } = await readContainer(crypto, bytesSource(bytes))
  return { payload: bytes.slice(payload.offset, payload.offset + payload.length), manifest }
}

/** A well-formed ZIP, as ours, around any payload and manifest. */
export function putTogether(payload: Uint8Array, manifest: unknown): Uint8Array {
  const text = manifest instanceof Uint8Array ? manifest : canonicalBytes(manifest as Json)
  const first = { name: '0.payload', mode: 'streamed' as const, offset: 0, size: payload.length, crc: crc32(payload) }
  const front = Buffer.concat([localHeader(first), payload, descriptor(first)])
  const second = { name: '0.manifest.json', mode: 'known' as const, offset: front.length, size: text.length, crc: crc32(text) }
  const all = Buffer.concat([front, localHeader(second), text])
  return new Uint8Array(Buffer.concat([all, directory([first, second], all.length)]))
}

/** A value with everything changeable and present: what a test that breaks manifests needs. Lists count as long enough. */
export type Draft<T> = T extends string | number | boolean
  ? T
  : T extends readonly (infer U)[]
    ? [Draft<U>, Draft<U>, Draft<U>, ...Draft<U>[]]
    : { -readonly [Name in keyof T]-?: Draft<Exclude<T[Name], undefined>> }

/** An own, changeable copy. */
export function loose<T>(value: T): Draft<T> {
  return readJson(canonicalBytes(value as Json), 1e8) as Draft<T>
}

export function bytesOf(length: number, start = 0): Uint8Array<ArrayBuffer> {
  return Uint8Array.from({ length }, (_, index) => (index * 31 + start) & 0xff)
}

export function signedIn(manifest: Manifest): Signed<ReleaseStatement> {
  return JSON.parse(manifest.assertions?.at(-1)?.statement.value as string) as Signed<ReleaseStatement>
}
