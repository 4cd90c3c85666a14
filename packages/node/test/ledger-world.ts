import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { type Json, toBase64Url } from '@entente/canonical'
import { nodeCrypto as crypto } from '@entente/crypto-node'
import { type Policy, makeEntry, verifyLogProof } from '@entente/ledger'
import { Engine, type EngineOptions, type LogPlan } from '#src/ledger/engine.ts'
import { logSigners, witnessSigners } from '#src/ledger/keys.ts'
import type { RecordEntry } from '#src/ledger/record.ts'
import { type DurableWitness, openWitness } from '#src/ledger/witnessing.ts'
import type { AppendInput } from '#src/processes/apis.ts'

export const AT = 1_795_478_400
export const ORIGIN = 'log.aaa.entente.example/exercise/home'
export const WITNESS = 'witness.bbb.entente.example/exercise'
export const LOG = 'home'

const MASTER = toBase64Url(new Uint8Array(32).fill(1))
const WITNESS_MASTER = toBase64Url(new Uint8Array(32).fill(2))
const signers = await logSigners(crypto, MASTER, ORIGIN)
const cosigners = await witnessSigners(crypto, WITNESS_MASTER, WITNESS)

export const policy: Policy = {
  logs: signers.map(({ key }) => ({ key })),
  witnesses: cosigners.map(({ key }, at) => ({ name: `witness-${at + 1}`, key })),
  groups: [{ name: 'both', threshold: 2, members: ['witness-1', 'witness-2'] }],
  quorum: 'both',
}
export const plan: LogPlan = { name: LOG, origin: ORIGIN, signers, witness: WITNESS, policy }

export interface Notice {
  readonly code: string
  readonly values: Readonly<Record<string, string | number>>
}

/** A real engine over a real folder, and the real witness of its one log, which can be cut off. */
export class LedgerWorld {
  readonly folder: string
  readonly notices: Notice[] = []
  readonly durable: Uint8Array[] = []
  witness!: DurableWitness
  /** Whether the witness can be reached. */
  reachable = true

  private constructor(folder: string) {
    this.folder = folder
  }

  static async make(parent: string = tmpdir()): Promise<LedgerWorld> {
    const world = new LedgerWorld(await mkdtemp(join(parent, 'entente-ledger-')))
    await world.restartWitness()
    return world
  }

  get ledger(): string {
    return join(this.folder, 'ledger')
  }

  /** `name` is a folder of this world, or a whole path. */
  async restartWitness(name = 'witness'): Promise<void> {
    this.witness = await openWitness(crypto, resolve(this.folder, name), {
      signers: cosigners,
      keysOf: (origin) => (origin === ORIGIN ? signers.map(({ key }) => key) : undefined),
      now: () => AT,
      notice: (code, values) => void this.notices.push({ code, values }),
    })
  }

  open(change: Partial<EngineOptions> = {}): Promise<Engine> {
    return Engine.open({
      crypto,
      folder: this.ledger,
      plans: [plan],
      cosign: async (_, body) => {
        if (!this.reachable) throw new Error('the link is cut')
        return this.witness.add(body)
      },
      now: () => AT,
      durable: (records) => void this.durable.push(...records),
      notice: (code, values) => void this.notices.push({ code, values }),
      ...change,
    })
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await rm(this.folder, { recursive: true, force: true, maxRetries: 5 })
  }
}

export function entry(fields: Readonly<Record<string, Json>>, log: string = LOG): RecordEntry {
  const { leaf, opening } = makeEntry(crypto, { realm: 'exercise', at: AT, fields })
  return { log, leaf: toBase64Url(leaf), opening }
}

export function act(kind: string, change: Partial<AppendInput> = {}): AppendInput {
  return { at: AT, kind, body: {}, entries: [entry({ act: kind })], effects: [], conditions: [], ...change }
}

/** As `act`, waiting for the witness at most so long. */
export function cosignedAct(kind: string, change: Partial<AppendInput> = {}, withinMilliseconds = 5_000): AppendInput {
  return act(kind, { cosigned: { by: WITNESS, withinMilliseconds }, ...change })
}

/** Verifies a proof as anybody outside would; gives index and size. */
export async function proven(proof: string | undefined, of: RecordEntry): Promise<{ index: number; size: number }> {
  const leaf = Uint8Array.fromBase64(of.leaf, { alphabet: 'base64url' })
  const { index, size } = await verifyLogProof(crypto, policy, new TextEncoder().encode(proof ?? ''), leaf)
  return { index, size }
}

/** The code of what a promise rejects with, or `ok`. */
export async function codeOf(promise: Promise<unknown>): Promise<string> {
  try {
    await promise
    return 'ok'
  } catch (error) {
    return (error as { code?: string }).code ?? String(error)
  }
}
