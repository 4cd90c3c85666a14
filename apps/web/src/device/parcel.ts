import { type HybridSigner, type Shape, type Signer, fromBase64Url, hybridSigner, readJson, readShape, shapes } from '@entente/canonical'
import { type KeptSigner, keepSigner, keptSigner } from '@entente/crypto-web'
import { type Anchors, anchorsShape } from '@entente/exchange'
import * as v from 'valibot'

/** A person's device as it is handed over, with its keys: spec/device.md. It is read once, and kept as keys that no script can read. */
export interface DeviceParcel {
  readonly version: 1
  readonly person: string
  readonly anchors: Anchors
  /** SHA-256 of each marking policy that the device believes, by its id. */
  readonly policies: Readonly<Record<string, string>>
  /** Seeds of 32 bytes, base64url, by originator. */
  readonly holder: Readonly<Record<string, string>>
  readonly officer?: { readonly ed25519: string; readonly mldsa65: string }
  readonly authority?: { readonly ed25519: string; readonly mldsa65: string }
}

/** A device as this browser keeps it. */
export interface Device {
  readonly person: string
  readonly anchors: Anchors
  readonly policies: Readonly<Record<string, string>>
  readonly holder: Readonly<Record<string, KeptSigner>>
  readonly officer?: { readonly ed25519: KeptSigner; readonly mldsa65: KeptSigner }
  readonly authority?: { readonly ed25519: KeptSigner; readonly mldsa65: KeptSigner }
  /** Binds the person's tokens to this browser (RFC 9449). */
  readonly dpop: CryptoKeyPair
  /** Numbers of key statements that were believed, by nation. */
  readonly seen: Readonly<Record<string, number>>
}

/** 32 bytes. */
const seed = v.pipe(v.string(), v.regex(/^[A-Za-z0-9_-]{43}$/u))
const parcelShape: Shape<DeviceParcel> = v.strictObject({
  version: v.literal(1),
  person: v.pipe(v.string(), v.regex(/^[a-z0-9-]{1,64}$/u)),
  anchors: anchorsShape,
  policies: v.record(v.string(), shapes.sha256),
  holder: v.record(v.string(), seed),
  officer: v.exactOptional(v.strictObject({ ed25519: seed, mldsa65: seed })),
  authority: v.exactOptional(v.strictObject({ ed25519: seed, mldsa65: seed })),
}) as Shape<DeviceParcel>

const MAX_PARCEL_BYTES = 65_536

/** Reads a device that was handed over; throws what `readShape` throws. */
export function readParcel(bytes: Uint8Array): DeviceParcel {
  return readShape(parcelShape, readJson(bytes, MAX_PARCEL_BYTES), 'device')
}

/** Makes a device of this browser of what was handed over: every key becomes one that can be used and not read. */
export async function keepDevice(parcel: DeviceParcel): Promise<Device> {
  const { person, anchors, policies, holder, officer, authority } = parcel
  const keys: Record<string, KeptSigner> = {}
  for (const [originator, one] of Object.entries(holder)) keys[originator] = await keepSigner('Ed25519', fromBase64Url(one))
  const dpop = await crypto.subtle.generateKey({ name: 'ECDSA', namedCurve: 'P-256' }, false, ['sign', 'verify'])
  return {
    person,
    anchors,
    policies,
    holder: keys,
    dpop,
    seen: {},
    ...(officer === undefined ? {} : { officer: await keepBoth(officer) }),
    ...(authority === undefined ? {} : { authority: await keepBoth(authority) }),
  }
}

async function keepBoth(seeds: { readonly ed25519: string; readonly mldsa65: string }): Promise<NonNullable<Device['officer']>> {
  return {
    ed25519: await keepSigner('Ed25519', fromBase64Url(seeds.ed25519)),
    mldsa65: await keepSigner('ML-DSA-65', fromBase64Url(seeds.mldsa65)),
  }
}

/** The device's key towards an originator; throws where it has none. */
export function holderOf(device: Device, originator: string): Signer {
  const kept = device.holder[originator]
  if (kept === undefined) throw new TypeError('the device has no key towards this originator')
  return keptSigner(kept)
}

/** The officer's key of a device; undefined where it has none. */
export async function officerOf(device: Device): Promise<HybridSigner | undefined> {
  return signerOf(device.officer)
}

/** The authority's key that a signatory's device holds; undefined where it has none. */
export async function authorityOf(device: Device): Promise<HybridSigner | undefined> {
  return signerOf(device.authority)
}

function signerOf(kept: Device['officer']): HybridSigner | undefined {
  return kept === undefined ? undefined : hybridSigner(keptSigner(kept.ed25519), keptSigner(kept.mldsa65))
}
