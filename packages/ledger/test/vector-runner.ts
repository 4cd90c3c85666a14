import { readJson, unreachable, utf8 } from '@entente/canonical'
import { nodeCrypto as crypto } from '@entente/crypto-node'
import {
  type Opening,
  type Policy,
  type WitnessState,
  addCheckpoint,
  openEntry,
  parseDisclosure,
  parseLogPath,
  parsePolicy,
  readCheckpoint,
  verifyCheckpoint,
  verifyLogProof,
} from '@entente/ledger'
import { AT, codeOf, witnessSigners } from './world.ts'

/** One case of spec/vectors/ledger. */
export interface Case {
  readonly name: string
  readonly kind: 'checkpoint' | 'policy' | 'proof' | 'witness' | 'opening' | 'disclosure' | 'path'
  readonly text: string
  readonly policy?: string
  readonly leaf?: string
  readonly recorded?: string
  /** `ok` or the code; for a witness the status and the code; for a path `ok` or `none`. */
  readonly result: string
}

/** What our readers and verifiers say to a case. */
export async function judge(one: Case): Promise<string> {
  const bytes = utf8(one.text)
  switch (one.kind) {
    case 'checkpoint':
      return await codeOf(async () => await verifyCheckpoint(crypto, policyOf(one), bytes))
    case 'policy':
      return await codeOf(() => parsePolicy(crypto, bytes))
    case 'proof':
      return await codeOf(async () => await verifyLogProof(crypto, policyOf(one), bytes, utf8(one.leaf ?? '')))
    case 'witness':
      return await witnessStatus(one)
    case 'opening':
      return await codeOf(() => openEntry(crypto, utf8(one.leaf ?? ''), readJson(bytes) as unknown as Opening))
    case 'disclosure':
      return await codeOf(() => parseDisclosure(bytes))
    case 'path':
      return parseLogPath(one.text) === undefined ? 'none' : 'ok'
    default:
      return unreachable(one.kind)
  }
}

function policyOf(one: Case): Policy {
  return parsePolicy(crypto, utf8(one.policy ?? ''))
}

async function witnessStatus(one: Case): Promise<string> {
  const { logs } = policyOf(one)
  const keysOf = (origin: string) => {
    const keys = logs.map(({ key }) => key).filter((key) => key.name === origin)
    return keys.length === 0 ? undefined : keys
  }
  const state = one.recorded === undefined ? undefined : stateOf(utf8(one.recorded))
  const answer = await addCheckpoint(crypto, { keysOf, signers: witnessSigners }, () => state, utf8(one.text), AT)
  return answer.status === 200 ? '200' : `${answer.status} ${answer.code}`
}

function stateOf(checkpoint: Uint8Array): WitnessState {
  const { size, root } = readCheckpoint(checkpoint).checkpoint
  return { size, root, checkpoint }
}
