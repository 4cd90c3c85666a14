import { type Json, canonicalText, hybridSigner, toBase64Url } from '@entente/canonical'
import { nodeCrypto } from '@entente/crypto-node'
import type { HostileReader } from '../../../packages/canonical/test/hostile-documents.ts'
import { readParcel } from '../src/device/parcel.ts'

export const description = 'EXERCISE. A device as it is handed to a browser (spec/device.md); its keys are made of one byte each.'

const bytes = (byte: number): Uint8Array<ArrayBuffer> => new Uint8Array(32).fill(byte)
const seed = (byte: number): string => toBase64Url(bytes(byte))
const authority = hybridSigner(await nodeCrypto.signer('Ed25519', bytes(1)), await nodeCrypto.signer('ML-DSA-65', bytes(2)))
const { ed25519, mldsa65 } = authority.publicKey

const anchors = {
  realm: 'exercise',
  nation: 'JPN',
  authorities: { JPN: { ed25519, mldsa65 } },
}
const reader = { version: 1, person: 'sato', anchors, policies: { 'jpn-marking': 'ab'.repeat(32) }, holder: { AUS: seed(3), JPN: seed(4) } }
const text = (change: object): string => canonicalText({ ...reader, ...change } as unknown as Json)

export const readers: readonly HostileReader[] = [
  {
    parser: 'readParcel',
    read: readParcel,
    good: [text({}), text({ holder: {} }), text({ officer: { ed25519: seed(5), mldsa65: seed(6) } })],
    bad: [
      ['another version', text({ version: 2 })],
      ['a path for a person', text({ person: '../sato' })],
      ['nobody', text({ person: '' })],
      ['a policy whose digest is none', text({ policies: { 'jpn-marking': 'ab' } })],
      ['anchors of no realm', text({ anchors: { ...anchors, realm: 'elsewhere' } })],
      ['a nation that is none', text({ anchors: { ...anchors, nation: 'japan' } })],
      ['an authority with half a key', text({ anchors: { ...anchors, authorities: { JPN: { ed25519 } } } })],
      ['a seed that is no base64url', text({ holder: { AUS: '????' } })],
      ['a seed that is too short', text({ holder: { AUS: 'AAAA' } })],
      ['half an officer', text({ officer: { ed25519: seed(5) } })],
      ['more than a device', text({ credential: {} })],
      [
        'more than 64 KiB',
        text({ policies: Object.fromEntries(Array.from({ length: 900 }, (_, at) => [`policy-${at}`, 'ab'.repeat(32)])) }),
      ],
    ],
  },
]
