import type { HybridSigner } from '@entente/canonical'
import { type StopReason, signStop } from '@entente/exchange'
import type { Client } from './pins.ts'
import { stoppedShape } from './shapes.ts'

/** What an officer stops, and why. */
export interface StopChoice {
  readonly item: string
  /** Serial of the item's statement; 1 unless it was released anew. */
  readonly serial?: number
  readonly reason: StopReason
  /** The other renditions of the same report stop too. */
  readonly wholeReport?: boolean
  readonly officer: HybridSigner
}

/** What became of a stop: journal number, the second from which nothing opens, and every item that is stopped by it. */
export interface StopOutcome {
  readonly n: number
  readonly effective: number
  readonly items: readonly string[]
}

/** Signs a stop with the officer's key and hands it in: it takes effect when the own node has it, link or no link. Throws `client/absent`. */
export async function revokeItem(
  { crypto, api, pins, now }: Pick<Client, 'crypto' | 'api' | 'pins' | 'now'>,
  choice: StopChoice,
): Promise<StopOutcome> {
  const { item, reason, officer } = choice
  const order = {
    realm: pins.trust.anchors.realm,
    item,
    serial: choice.serial ?? 1,
    reason,
    at: now(),
    ...(choice.wholeReport === true ? ({ wholeReport: true } as const) : {}),
  }
  return api.post(`/api/items/${item}/revoke`, { reason, signed: await signStop(crypto, order, officer) }, stoppedShape)
}
