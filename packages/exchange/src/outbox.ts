import { FIRST_PREVIOUS } from './envelope.ts'
import { ExchangeError } from './errors.ts'

/** What the journal keeps of a link's outgoing direction. Folding the records in order gives the outbox. */
export type OutboxRecord =
  | {
      readonly kind: 'queued'
      readonly id: string
      readonly seq: number
      readonly prev: string
      readonly text: string
      readonly expires?: number
    }
  | { readonly kind: 'sent'; readonly seq: number; readonly at: number }
  | {
      readonly kind: 'receipted'
      readonly seq: number
      readonly envelope: string
      readonly outcome: 'accepted' | 'refused'
      readonly receipt: string
    }

/** One envelope on its way. */
export interface Outgoing {
  readonly id: string
  readonly seq: number
  /** Exactly what is sent, each time. */
  readonly text: string
  readonly expires?: number
  readonly attempts: number
  readonly lastSentAt?: number
  readonly receipt?: { readonly outcome: 'accepted' | 'refused'; readonly text: string }
}

/** Shortest and longest ceiling of the pause between two attempts, in milliseconds. */
export const BACKOFF_FLOOR_MS = 1_000
export const BACKOFF_CEILING_MS = 900_000

/**
 * A link's outgoing direction: a fold of its journal. Holds nothing that the journal does not, so that after a crash the
 * same records give the same outbox.
 */
export class Outbox {
  readonly #envelopes = new Map<number, Outgoing>()
  #nextSeq = 1
  #lastId = FIRST_PREVIOUS
  #head = 1

  /** Sequence and `prev` that the next envelope must carry. */
  get next(): { readonly seq: number; readonly prev: string } {
    return { seq: this.#nextSeq, prev: this.#lastId }
  }

  /** The lowest sequence without a receipt. */
  get head(): number {
    return this.#head
  }

  /** The envelope of a sequence. */
  at(seq: number): Outgoing | undefined {
    return this.#envelopes.get(seq)
  }

  /**
   * Takes one more record. Throws `exchange/journal-order`, and changes nothing, for a record that cannot follow: a gap
   * in the sequence, a wrong `prev`, a receipt of something never queued, a second receipt that says something else.
   */
  apply(record: OutboxRecord): void {
    switch (record.kind) {
      case 'queued': {
        const { id, seq, text, expires } = record
        if (seq !== this.#nextSeq || record.prev !== this.#lastId) throw outOfOrder(record)
        this.#envelopes.set(seq, { id, seq, text, attempts: 0, ...(expires === undefined ? {} : { expires }) })
        this.#nextSeq = seq + 1
        this.#lastId = id
        return
      }
      case 'sent': {
        const outgoing = this.#known(record)
        this.#envelopes.set(record.seq, { ...outgoing, attempts: outgoing.attempts + 1, lastSentAt: record.at })
        return
      }
      case 'receipted': {
        const outgoing = this.#known(record)
        if (record.envelope !== outgoing.id) throw outOfOrder(record)
        if (outgoing.receipt !== undefined) {
          // INVARIANT: one envelope has at most one final evidence (spec/exchange.md 3.4).
          if (outgoing.receipt.text === record.receipt) return
          throw outOfOrder(record)
        }
        this.#envelopes.set(record.seq, { ...outgoing, receipt: { outcome: record.outcome, text: record.receipt } })
        while (this.#envelopes.get(this.#head)?.receipt !== undefined) this.#head++
      }
    }
  }

  /**
   * What to send now, in order, at most `limit`: everything without a receipt, from the head on; what was sent before
   * only when it is due again. `retryAt` says when (milliseconds). Always the bytes that were queued.
   */
  due(nowMs: number, retryAt: (outgoing: Outgoing) => number, limit: number): readonly Outgoing[] {
    const due: Outgoing[] = []
    for (let seq = this.#head; seq < this.#nextSeq && due.length < limit; seq++) {
      const outgoing = this.#envelopes.get(seq)
      if (outgoing === undefined || outgoing.receipt !== undefined) continue
      if (outgoing.attempts === 0 || nowMs >= retryAt(outgoing)) due.push(outgoing)
    }
    return due
  }

  #known(record: OutboxRecord): Outgoing {
    const outgoing = this.#envelopes.get(record.seq)
    if (outgoing === undefined) throw outOfOrder(record)
    return outgoing
  }
}

/** Where an envelope stands. `overdue`: without a receipt at its expiry, the evidence of non-delivery so far; it is sent on. */
export type OutgoingState = 'queued' | 'sent' | 'overdue' | 'accepted' | 'refused'

/** The state of one envelope at `now` (seconds). */
export function outgoingState(outgoing: Outgoing, now: number): OutgoingState {
  if (outgoing.receipt !== undefined) return outgoing.receipt.outcome
  if (outgoing.expires !== undefined && now >= outgoing.expires) return 'overdue'
  return outgoing.attempts === 0 ? 'queued' : 'sent'
}

/**
 * The pause in milliseconds after `attempt` (from 1) failed: exponential with full jitter, its ceiling doubling from
 * 1 s to 15 min. `chance` is in [0, 1).
 */
export function backoffMilliseconds(attempt: number, chance: number): number {
  const doubled = BACKOFF_FLOOR_MS * 2 ** Math.min(Math.max(attempt, 1) - 1, 30)
  return Math.floor(Math.min(doubled, BACKOFF_CEILING_MS) * chance)
}

function outOfOrder(record: OutboxRecord): ExchangeError {
  return new ExchangeError('exchange/journal-order', `an outbox record of kind ${record.kind} cannot stand here`, {
    values: { kind: record.kind, seq: record.seq },
  })
}
