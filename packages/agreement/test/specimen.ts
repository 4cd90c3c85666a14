import { readFileSync } from 'node:fs'
import { type HybridSigner, type Json, hybridSigner, readJson, utf8 } from '@entente/canonical'
import { nodeCrypto } from '@entente/crypto-node'
import { type Agreement, type AgreementTemplate, completeSpecimen, readAgreementTemplate } from '@entente/agreement'
import { type MarkingPolicy, readPolicy } from '@entente/label'

const root = new URL('../../../', import.meta.url)

export function bytesOf(path: string): Uint8Array {
  return readFileSync(new URL(path, root))
}

export const template: AgreementTemplate = readAgreementTemplate(bytesOf('agreements/jpn-aus/agreement.json'))
export const policies: readonly MarkingPolicy[] = ['aus', 'jpn'].map((nation) => readPolicy(readJson(bytesOf(`nations/${nation}/nation.json`))))

async function authority(seed: number): Promise<HybridSigner> {
  const bytes = new Uint8Array(32).fill(seed)
  return hybridSigner(await nodeCrypto.signer('Ed25519', bytes), await nodeCrypto.signer('ML-DSA-65', bytes))
}

export const aus: HybridSigner = await authority(1)
export const jpn: HybridSigner = await authority(2)
export const other: HybridSigner = await authority(3)
export const anchors = { AUS: aus.publicKey, JPN: jpn.publicKey }
/** 2026-04-01T00:00:00Z. */
export const START = 1_775_001_600
export const first: Agreement = completeSpecimen(template, { authorityKeys: anchors, inForceFrom: START })

/** A deep copy with one change, as JSON that a test may then bend out of shape. */
export function changed(change: (body: any) => void): Agreement {
  const copy = JSON.parse(JSON.stringify(first))
  change(copy)
  return copy as Agreement
}

export function asBytes(value: Agreement | AgreementTemplate): Uint8Array {
  return utf8(JSON.stringify(value as unknown as Json))
}
