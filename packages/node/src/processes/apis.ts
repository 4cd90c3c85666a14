import type { Condition, Effect, RecordEntry } from '../ledger/record.ts'
import type { Closure } from '../ledger/log.ts'
import type { TimesTaken } from '../metrics/instruments.ts'
import type { Position } from '../ledger/sequencer.ts'
import type { PersonStatus, RosterStatement, StatusStaple } from '@entente/clearance'
import type { Json, Signed } from '@entente/canonical'
import type { AnswerContext, EntryEvidence, ShareRole } from '@entente/exchange'
import type { RosterRequest } from '../office/office.ts'

/** One act to enter: a journal record but for its number. */
export interface AppendInput {
  readonly at: number
  readonly kind: string
  readonly body: Json
  readonly entries: readonly RecordEntry[]
  readonly effects: readonly Effect[]
  readonly conditions: readonly Condition[]
  /**
   * Wait until the first entry's log carries it in a checkpoint that this witness cosigned, at most so long; a proof comes back.
   * Without it the act counts when it is durable, and is cosigned when the witness can be reached.
   */
  readonly cosigned?: { readonly by: string; readonly withinMilliseconds: number }
  /** The request that this answers: the same bytes again get the entry that stands, and no second one. */
  readonly request?: string
}

export interface Appended {
  readonly n: number
  readonly positions: readonly Position[]
  /** The entry stood already, for the same request bytes. */
  readonly repeated: boolean
  /** A tlog-proof of the first entry, where `cosigned` was asked. */
  readonly proof?: string
}

export interface LogStatus {
  readonly log: string
  readonly origin: string
  readonly size: number
  /** By witness name: the size that it cosigned last. */
  readonly cosigned: Readonly<Record<string, number>>
}

/** What the ledger process does for the node. */
export type LedgerApi = {
  append(input: AppendInput): Promise<Appended>
  /** A proof of an entry that the log's witness cosigned; waits at most `withinMilliseconds`. */
  proof(input: { log: string; index: number; by: string; withinMilliseconds: number }): Promise<string>
  link(input: { link: string }): Promise<{ seq: number; id: string }>
  item(input: { item: string }): Promise<{ serial: number; statement: string; stopped: boolean } | undefined>
  /** Number of the next record, and how often each agreement was changed until then. */
  changes(input: Record<string, never>): Promise<{ next: number; changes: Readonly<Record<string, number>> }>
  /** Reads the trust folder anew and verifies it from its own anchors; throws `node/trust`, and then keeps what it had. */
  trust(input: Record<string, never>): Promise<void>
  /** `add-checkpoint` of tlog-witness, for the partner's logs. */
  witness(input: { body: string }): Promise<{ status: number; body: string }>
  status(input: Record<string, never>): Promise<{
    logs: readonly LogStatus[]
    next: number
    closed: readonly string[]
    /** By log: what closes it. */
    closures: Readonly<Record<string, Closure>>
  }>
  /** Ends the quarantine of a restored directory, whose mark is gone already. */
  lift(input: Record<string, never>): Promise<void>
  /** How long records took to be durable and checkpoints to be cosigned, since the process began. */
  times(input: Record<string, never>): Promise<{ commit: TimesTaken; cosign: TimesTaken }>
  /** Asks each witness for the last size that it cosigned; a log that is shorter, or that cannot ask, stays closed for releases. */
  reconcile(input: Record<string, never>): Promise<{ closed: readonly string[] }>
}

/** What the node does for the ledger process. */
export type LedgerHostApi = {
  /** Records that are durable, in order, from `openJournal` on. */
  durable(input: { records: readonly Uint8Array[] }): void
  /** Carries an `add-checkpoint` body to a witness: a partner's node, or the own second witness. */
  cosign(input: { witness: string; body: string }): Promise<{ status: number; body: string }>
}

/** What the second witness does. */
export type WitnessApi = {
  witness(input: { body: string }): Promise<{ status: number; body: string }>
}

/** What the key process does: see `keys/unwrap.ts` for what it verifies first. */
export type KeysApi = {
  /** This nation's share key for items of its partners. */
  serviceKey(input: Record<string, never>): { kid: string; publicKey: Uint8Array }
  /** As the ledger's. */
  trust(input: Record<string, never>): Promise<void>
  /** A key of its own for one item; `sealed` is kept by the node and destroyed when the item is revoked. */
  itemKey(input: { item: string }): Promise<{ kid: string; publicKey: Uint8Array; sealed: Uint8Array }>
  /** A sealed answer with a share, or throws: nothing else ever unwraps. */
  release(input: ReleaseInput): Promise<Uint8Array>
  /** A sealed refusal, alike in length to a permit. */
  refuse(input: { ephemeral: string; opening: Json; context: AnswerContext }): Promise<Uint8Array>
}

/** What the key process is given for one share; it believes none of it. */
export interface ReleaseInput {
  readonly role: ShareRole
  /** The reader's request, exactly as it came. */
  readonly request: string
  /** The status staple that came with it. */
  readonly staple: Json
  /** The container's manifest, exactly; the signed release statement is in it. */
  readonly manifest: Uint8Array
  /** This nation's own entry with its proof. */
  readonly entry: EntryEvidence
  /** The other nation's, where there is one. */
  readonly counterEntry?: EntryEvidence
  /** The item's own sealed key (role originator). */
  readonly sealedItemKey?: Uint8Array
}

/** What the clearance office does for its own nation's node, which relays and can forge none of it. */
export type OfficeApi = {
  nextAct(input: Record<string, never>): { number: number }
  /** An act that a clearance officer signed. */
  act(input: { signed: unknown }): Promise<{ number: number }>
  enrolmentCode(input: { signed: unknown }): Promise<void>
  enrol(input: { signed: unknown }): Promise<{ number: number }>
  credential(input: { request: unknown; pseudonymLife: 'item' | 'day' | 'stable' }): Promise<{ credential: string }>
  staple(input: { credentialId: string; credentialHash: string; nonce: string }): Promise<Signed<StatusStaple>>
  person(input: { person: string }): PersonStatus
  holderOf(input: { credentialId: string }): { person: string | undefined }
  roster(input: RosterRequest): Promise<Signed<RosterStatement>>
}
