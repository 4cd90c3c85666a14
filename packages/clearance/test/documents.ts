import { type Json, canonicalText, hybridSigner, readJson, readShape } from '@entente/canonical'
import { type RosterStatement, type StatusStaple, signRoster, signedStapleShape, stapleStatus, verifyRoster } from '@entente/clearance'
import { nodeCrypto } from '@entente/crypto-node'
import type { HostileReader } from '../../canonical/test/hostile-documents.ts'

export const description = 'EXERCISE. What a clearance office signs besides credentials, whose vectors stand in presentations.json.'

const seed = (byte: number): Uint8Array<ArrayBuffer> => new Uint8Array(32).fill(byte)
const office = hybridSigner(await nodeCrypto.signer('Ed25519', seed(1)), await nodeCrypto.signer('ML-DSA-65', seed(2)))
const cell = { clearance: 'NV1', area: 'maritime', role: 'reader' }
const roster = (cells: RosterStatement['cells']): RosterStatement => ({
  nation: 'AUS',
  agreement: 'jpn-aus',
  at: 1_790_000_000,
  number: 1,
  cells,
})
const staple: StatusStaple = {
  nation: 'AUS',
  realm: 'exercise',
  credential: 'ab'.repeat(32),
  nonce: 'EXERCISE',
  at: 1_790_000_000,
  state: 'valid',
}
const signed = async (cells: RosterStatement['cells']): Promise<string> =>
  canonicalText((await signRoster(nodeCrypto, 'exercise', roster(cells), office)) as unknown as Json)

export const readers: readonly HostileReader[] = [
  {
    parser: 'verifyRoster',
    read: (bytes) => verifyRoster(nodeCrypto, 'exercise', readJson(bytes) as never, office.publicKey),
    good: [await signed([{ ...cell, count: 7 }]), await signed([{ ...cell, fewerThan: 5 }])],
  },
  {
    parser: 'signedStapleShape',
    read: (bytes) => readShape(signedStapleShape, readJson(bytes), 'staple'),
    good: [canonicalText((await stapleStatus(nodeCrypto, office, staple)) as unknown as Json)],
  },
]
