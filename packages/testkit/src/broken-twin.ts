import type { LedgerApi, Nation } from '@entente/node'

/** Parts that somebody broke on purpose: each gets the nation's code and the sound part, and gives what is used instead. */
export interface BrokenTwin {
  readonly nation?: (code: string, nation: Nation) => Nation
  readonly ledger?: (code: string, api: LedgerApi) => LedgerApi
  readonly keysNow?: (code: string, now: () => number) => () => number
  /** Durable records on their way to the projection. */
  readonly durable?: (code: string, records: readonly Uint8Array[]) => readonly Uint8Array[]
}
