import { type Realm, utf8 } from '@entente/canonical'
import { nodeCrypto as crypto } from '@entente/crypto-node'
import {
  type LedgerCode,
  LedgerError,
  LogBuilder,
  type NoteKeyType,
  type NoteSigner,
  type Opening,
  type Policy,
  addSignatures,
  cosign,
  makeEntry,
  noteSigner,
  parsePolicy,
  printVkey,
  readCheckpoint,
  signCheckpoint,
} from '@entente/ledger'

export const ORIGIN = 'log.aaa.entente.example/exercise/home'
export const WITNESS = 'witness.bbb.entente.example'
export const AT = 1_790_000_000

/** A signer from a seed of 32 equal bytes, so that every run has the same keys. */
export async function signerOf(name: string, type: NoteKeyType, seed: number): Promise<NoteSigner> {
  const signer = await crypto.signer(type === 'mldsa44' ? 'ML-DSA-44' : 'Ed25519', new Uint8Array(32).fill(seed))
  return noteSigner(crypto, name, type, signer)
}

export const logSigners: readonly NoteSigner[] = [await signerOf(ORIGIN, 'ed25519', 1), await signerOf(ORIGIN, 'mldsa44', 2)]
export const witnessSigners: readonly NoteSigner[] = [
  await signerOf(WITNESS, 'ed25519-cosignature', 3),
  await signerOf(WITNESS, 'mldsa44', 4),
]

export const policyText: string = [
  ...logSigners.map(({ key }) => `log ${printVkey(key)}`),
  ...witnessSigners.map(({ key }, at) => `witness bbb-${at} ${printVkey(key)}`),
  'group bbb all bbb-0 bbb-1',
  'quorum bbb',
  '',
].join('\n')
export const policy: Policy = parsePolicy(crypto, utf8(policyText))

/** A log in memory, of entries with an act and a number, its checkpoint cosigned. */
export class TestLog {
  readonly builder: LogBuilder = LogBuilder.empty(crypto)
  readonly files = new Map<string, Uint8Array>()
  readonly openings: Opening[] = []
  readonly leaves: Uint8Array[] = []

  async grow(count: number, realm: Realm = 'exercise'): Promise<Uint8Array> {
    const made = Array.from({ length: count }, (_, at) =>
      makeEntry(crypto, { realm, at: AT, fields: { act: 'open', serial: this.leaves.length + at } }),
    )
    this.openings.push(...made.map(({ opening }) => opening))
    this.leaves.push(...made.map(({ leaf }) => leaf))
    for (const { path, bytes } of this.builder.append(made.map(({ leaf }) => leaf)).files) this.files.set(path, bytes)
    return await this.publish()
  }

  async publish(at: number = AT): Promise<Uint8Array> {
    const signed = await this.sign(at)
    const cosigned = addSignatures(signed, await cosign(readCheckpoint(signed).note.text, witnessSigners, at + 1))
    this.files.set('checkpoint', cosigned)
    return cosigned
  }

  async sign(at: number = AT): Promise<Uint8Array> {
    return await signCheckpoint({ origin: ORIGIN, size: this.builder.size, root: this.builder.root(), extensions: [] }, logSigners, at)
  }

  readonly reader = (path: string): Uint8Array | undefined => this.files.get(path)
}

/** The code of the `LedgerError` that `run` throws, or `ok`. */
export async function codeOf(run: () => unknown): Promise<LedgerCode | 'ok'> {
  try {
    await run()
    return 'ok'
  } catch (error) {
    if (error instanceof LedgerError) return error.code
    throw error
  }
}
