import {
  type HybridPublicKey,
  type HybridSigner,
  type Json,
  type Realm,
  type Signer,
  canonicalText,
  fromBase64Url,
  hybridSigner,
  readJson,
  toBase64Url,
} from '@entente/canonical'
import { nodeCrypto } from '@entente/crypto-node'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { writeWhole } from './write-whole.ts'

/** What a device trusts without asking anybody: pinned by the nation's authority when the device was handed out. */
export interface DeviceAnchors {
  readonly realm: Realm
  readonly nation: string
  readonly authorities: Readonly<Record<string, HybridPublicKey>>
}

interface DeviceFile {
  /** Seeds by originator, base64url: one key towards each, so that no two can compare. */
  readonly holder: Readonly<Record<string, string>>
  /** Seeds of an officer's signing key. */
  readonly officer?: { readonly ed25519: string; readonly mldsa65: string }
  /** Seeds of one of the authority's keys, for a signatory. */
  readonly authority?: { readonly ed25519: string; readonly mldsa65: string }
}

/**
 * Makes a person's device: its pins and its keys, in files that nobody else may read. Gives the public half of an officer's
 * key, undefined for everybody else.
 */
export async function makeDevice(
  folder: string,
  given: {
    readonly anchors: DeviceAnchors
    readonly originators: readonly string[]
    readonly officer: boolean
    readonly authority?: { readonly ed25519: string; readonly mldsa65: string }
  },
): Promise<HybridPublicKey | undefined> {
  const seed = (): string => toBase64Url(nodeCrypto.random(32))
  const holder = Object.fromEntries(given.originators.map((originator) => [originator, seed()]))
  const device: DeviceFile = {
    holder,
    ...(given.officer ? { officer: { ed25519: seed(), mldsa65: seed() } } : {}),
    ...(given.authority === undefined ? {} : { authority: given.authority }),
  }
  await writeWhole(join(folder, 'anchors.json'), canonicalText(given.anchors as unknown as Json))
  await writeWhole(join(folder, 'device.json'), canonicalText(device as unknown as Json))
  return device.officer === undefined ? undefined : (await officerOf(device.officer)).publicKey
}

async function readDevice(folder: string): Promise<DeviceFile> {
  return readJson(await readFile(join(folder, 'device.json'))) as unknown as DeviceFile
}

/** The key that a device uses towards an originator. */
export async function holderSigner(folder: string, originator: string): Promise<Signer> {
  const { holder } = await readDevice(folder)
  const seed = holder[originator]
  if (seed === undefined) throw new TypeError(`the device has no key towards ${originator}`)
  return nodeCrypto.signer('Ed25519', fromBase64Url(seed))
}

/** An officer's signing key; undefined on a device without one. */
export async function officerSigner(folder: string): Promise<HybridSigner | undefined> {
  const { officer } = await readDevice(folder)
  return officer === undefined ? undefined : officerOf(officer)
}

/** The authority's key that a signatory holds; undefined on a device without one. */
export async function authoritySigner(folder: string): Promise<HybridSigner | undefined> {
  const { authority } = await readDevice(folder)
  return authority === undefined ? undefined : officerOf(authority)
}

async function officerOf({ ed25519, mldsa65 }: { readonly ed25519: string; readonly mldsa65: string }): Promise<HybridSigner> {
  return hybridSigner(
    await nodeCrypto.signer('Ed25519', fromBase64Url(ed25519)),
    await nodeCrypto.signer('ML-DSA-65', fromBase64Url(mldsa65)),
  )
}
