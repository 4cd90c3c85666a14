import { readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type HybridSigner, type Shape, type Signer, fromBase64Url, hybridSigner, readDocument, readJson, shapes } from '@entente/canonical'
import { ClientError, type SeenNumbers } from '@entente/client'
import { nodeCrypto } from '@entente/crypto-node'
import { type Anchors, anchorsShape } from '@entente/exchange'
import { type MarkingPolicy, readPolicy } from '@entente/label'
import * as v from 'valibot'
import { readShaped } from './files.ts'

/** What a device keeps besides its login: one key K towards each originator, and an officer's signing key. Seeds, base64url. */
interface DeviceFile {
  readonly holder: Readonly<Record<string, string>>
  readonly officer?: { readonly ed25519: string; readonly mldsa65: string }
}

const SEED = v.pipe(v.string(), v.regex(/^[A-Za-z0-9_-]{43}$/u))
const deviceShape: Shape<DeviceFile> = v.object({
  holder: v.record(v.string(), SEED),
  officer: v.exactOptional(v.strictObject({ ed25519: SEED, mldsa65: SEED })),
}) as Shape<DeviceFile>

/** A person's device: folder `<dir>/clients/<nation>/<person>`. */
export interface Device {
  readonly folder: string
  readonly person: string
  readonly anchors: Anchors
  /** K towards an originator; throws `client/key-missing`. */
  holder(originator: string): Promise<Signer>
  /** The officer's signing key; throws `client/officer-key-missing`. */
  officer(): Promise<HybridSigner>
}

/** Reads a device; throws `cli/file-missing`, `cli/file-not-valid`. */
export async function readDevice(folder: string, person: string): Promise<Device> {
  const anchors = await readShaped(join(folder, 'anchors.json'), anchorsShape)
  const file = await readShaped(join(folder, 'device.json'), deviceShape)
  return {
    folder,
    person,
    anchors,
    async holder(originator) {
      const seed = file.holder[originator]
      if (seed === undefined) throw new ClientError('client/key-missing', 'no key towards this originator', { values: { nation: originator } })
      return nodeCrypto.signer('Ed25519', fromBase64Url(seed))
    },
    async officer() {
      if (file.officer === undefined) throw new ClientError('client/officer-key-missing', 'no signing key of an officer')
      const { ed25519, mldsa65 } = file.officer
      return hybridSigner(await nodeCrypto.signer('Ed25519', fromBase64Url(ed25519)), await nodeCrypto.signer('ML-DSA-65', fromBase64Url(mldsa65)))
    },
  }
}

const seenShape: Shape<SeenNumbers> = v.record(shapes.nation, shapes.natural)

/** Numbers of key statements that this device has seen; none on a new device. */
export async function readSeen(folder: string): Promise<SeenNumbers> {
  const bytes = await readFile(join(folder, 'seen.json')).catch(() => undefined)
  return bytes === undefined ? {} : readDocument(seenShape, bytes, 'seen.json')
}

/** Remembers them. */
export async function writeSeen(folder: string, seen: SeenNumbers): Promise<void> {
  await writeFile(join(folder, 'seen.json'), JSON.stringify(seen), { mode: 0o600 })
}

/** Every nation's marking scheme in a folder (`<iso3>/nation.json`), by policy id. */
export async function readPolicies(folder: string): Promise<ReadonlyMap<string, MarkingPolicy>> {
  const policies = new Map<string, MarkingPolicy>()
  for (const name of (await readdir(folder).catch(() => [])).sort()) {
    const bytes = await readFile(join(folder, name, 'nation.json')).catch(() => undefined)
    if (bytes === undefined) continue
    const policy = readPolicy(readJson(bytes))
    policies.set(policy.id, policy)
  }
  return policies
}
