import { FIRST_PREVIOUS, type VerifiedEnvelope } from './envelope.ts'
import { ExchangeError } from './errors.ts'

/** What the journal keeps of a link's incoming direction: written together with the receipt that is then sent. */
export interface InboxRecord {
  readonly kind: 'received'
  readonly id: string
  readonly seq: number
  readonly prev: string
  /** The signed receipt, exactly as it is sent now and to every duplicate. */
  readonly receipt: string
}

/**
 * What to do with a verified envelope. `new`: journal it with its receipt, then answer. `lapsed`: the same, with a
 * receipt that refuses as `expired`: its place in the sequence is taken, its content means nothing. `duplicate`: answer
 * with this receipt. `gap`: answer with the sequence that is awaited, keep nothing.
 */
export type Arrival =
  | { readonly kind: 'new' }
  | { readonly kind: 'lapsed' }
  | { readonly kind: 'duplicate'; readonly receipt: string }
  | { readonly kind: 'gap'; readonly expected: number }

/** A link's incoming direction: a fold of its journal. */
export class Inbox {
  /** Id and receipt by sequence. Never trimmed: a duplicate of any age gets its receipt. */
  readonly #received = new Map<number, { readonly id: string; readonly receipt: string }>()
  #nextSeq = 1
  #lastId = FIRST_PREVIOUS

  /** The sequence that is awaited. */
  get expected(): number {
    return this.#nextSeq
  }

  /** Takes one more record. Throws `exchange/journal-order`, and changes nothing, for a record that cannot follow. */
  apply(record: InboxRecord): void {
    if (record.seq !== this.#nextSeq || record.prev !== this.#lastId) {
      throw new ExchangeError('exchange/journal-order', 'an inbox record cannot stand here', {
        values: { kind: record.kind, seq: record.seq },
      })
    }
    this.#received.set(record.seq, { id: record.id, receipt: record.receipt })
    this.#nextSeq = record.seq + 1
    this.#lastId = record.id
  }

  /**
   * Decides on a verified envelope at `now` (seconds) and changes nothing. Answers at once, so that the caller can
   * journal in the same step. Throws `exchange/replay-differs` (other content at a sequence that is taken: evidence
   * against its signer) and `exchange/wrong-previous` (the next in sequence, on another chain).
   */
  arrive(envelope: VerifiedEnvelope, now: number): Arrival {
    return arriveAt({ nextSeq: this.#nextSeq, lastId: this.#lastId, taken: this.#received.get(envelope.body.seq) }, envelope, now)
  }
}

/** The end of a link's incoming chain, and what stands at one envelope's own number. */
export interface InboxEnd {
  readonly nextSeq: number
  readonly lastId: string
  readonly taken: { readonly id: string; readonly receipt: string } | undefined
}

/** As `Inbox.arrive`, for a caller whose journal is larger than its memory. */
export function arriveAt(inbox: InboxEnd, envelope: VerifiedEnvelope, now: number): Arrival {
  const { seq, prev, expires } = envelope.body
  if (seq < inbox.nextSeq) {
    if (inbox.taken?.id === envelope.id) return { kind: 'duplicate', receipt: inbox.taken.receipt }
    throw new ExchangeError('exchange/replay-differs', 'other content at a sequence that is taken', { values: { seq } })
  }
  if (seq > inbox.nextSeq) return { kind: 'gap', expected: inbox.nextSeq }
  if (prev !== inbox.lastId) throw new ExchangeError('exchange/wrong-previous', 'an envelope on another chain', { values: { seq } })
  return expires !== undefined && now >= expires ? { kind: 'lapsed' } : { kind: 'new' }
}
