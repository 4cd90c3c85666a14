import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type HybridSigner, type Json, canonicalText, hybridSigner, readJson, utf8 } from '@entente/canonical'
import { nodeCrypto } from '@entente/crypto-node'
import { type Agreement, type AgreementTemplate, completeSpecimen, readAgreementTemplate } from '@entente/agreement'
import { type MarkingPolicy, readPolicy } from '@entente/label'

const root = join(import.meta.dirname, '../../..')

export function bytesOf(path: string): Uint8Array {
  return readFileSync(join(root, path))
}

export const template: AgreementTemplate = readAgreementTemplate(bytesOf('agreements/jpn-aus/agreement.json'))
export const policies: readonly MarkingPolicy[] = ['aus', 'jpn'].map((nation) =>
  readPolicy(readJson(bytesOf(`nations/${nation}/nation.json`))),
)

export async function authority(seed: number): Promise<HybridSigner> {
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

/** Where (`grants/0/ceiling`; `-` appends) and what; `undefined` takes the member or element away. */
export type Change = readonly [where: string, value: Json | undefined]

/** A copy of a body with changes, typed as a body although a test may have bent it out of shape. */
export function bent(body: Agreement, ...changes: readonly Change[]): Agreement {
  let copy = structuredClone(body) as unknown as Json
  for (const [where, value] of changes) copy = put(copy, where.split('/'), value)
  return copy as unknown as Agreement
}

/** As `bent`, of the specimen. */
export function changed(...changes: readonly Change[]): Agreement {
  return bent(first, ...changes)
}

export function put(node: Json, [step = '', ...rest]: readonly string[], value: Json | undefined): Json {
  if (isList(node)) {
    if (step === '-') return [...node, ...(value === undefined ? [] : [value])]
    const index = Number(step)
    if (rest.length === 0) return value === undefined ? node.toSpliced(index, 1) : node.with(index, value)
    return node.with(index, put(node[index] ?? {}, rest, value))
  }
  if (typeof node !== 'object') throw new TypeError(`no member ${step} in a ${typeof node}`)
  return { ...node, [step]: rest.length === 0 ? value : put(node[step] ?? {}, rest, value) }
}

function isList(node: Json): node is readonly Json[] {
  return Array.isArray(node)
}

/** A part of the specimen, as JSON. */
export function part<T>(value: T): Json {
  return structuredClone(value) as unknown as Json
}

export function asBytes(value: Agreement | AgreementTemplate): Uint8Array {
  return utf8(canonicalText(value as unknown as Json))
}
