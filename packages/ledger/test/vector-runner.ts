import { fromBase64, readJson, unreachable, utf8 } from '@entente/canonical'
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
  verifySubtreeConsistency,
  verifySubtreeInclusion,
} from '@entente/ledger'
import { AT, codeOf, witnessSigners } from './world.ts'

/** One case of spec/vectors/ledger. */
export interface Case {
  readonly name: string
  readonly kind:
    | 'checkpoint'
    | 'policy'
    | 'proof'
    | 'witness'
    | 'opening'
    | 'disclosure'
    | 'path'
    | 'subtree-inclusion'
    | 'subtree-consistency'
  readonly text: string
  readonly policy?: string
  readonly leaf?: string
  readonly recorded?: string
  /** `ok` or the code; for a witness the status and the code; for a path or a subtree `ok` or `none`. */
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
    case 'subtree-inclusion':
    case 'subtree-consistency':
      return holds(one.kind, one.text) ? 'ok' : 'none'
    default:
      return unreachable(one.kind)
  }
}

/** Numbers as they are, hashes in base64. */
interface SubtreeText {
  readonly index: number
  readonly start: number
  readonly end: number
  readonly size: number
  readonly leaf: string
  readonly subtree: string
  readonly root: string
  readonly proof: readonly string[]
}

function holds(kind: 'subtree-inclusion' | 'subtree-consistency', text: string): boolean {
  const { index, start, end, size, leaf, subtree, root, proof } = JSON.parse(text) as SubtreeText
  const claim = { start, end, root: fromBase64(root), proof: proof.map((hash) => fromBase64(hash)) }
  return kind === 'subtree-inclusion'
    ? verifySubtreeInclusion(crypto, { ...claim, index, leafHash: fromBase64(leaf) })
    : verifySubtreeConsistency(crypto, { ...claim, size, subtreeRoot: fromBase64(subtree) })
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
