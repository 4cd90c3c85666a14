import { unreachable } from '@entente/canonical'
import { NodeError } from '../errors.ts'
import type { Condition, Effect, JournalRecord } from './record.ts'

/** First predecessor of a link that has carried nothing yet. */
export const NO_PREVIOUS: string = '0'.repeat(64)

/** Where an entry stands. */
export interface Position {
  readonly log: string
  readonly index: number
}

/**
 * The sequencer's state: a fold of the journal's effects, nothing else. Conditions are checked and indices assigned in
 * one synchronous step, so that nothing can come between a stop and an opening.
 */
export class Sequencer {
  #next = 0
  readonly #sizes = new Map<string, number>()
  readonly #items = new Map<string, { serial: number; statement: string; stopped: boolean }>()
  readonly #spent = new Map<string, number>()
  readonly #requests = new Map<string, { positions: readonly Position[]; n: number; until: number }>()
  readonly #links = new Map<string, { seq: number; id: string }>()
  readonly #counts = new Map<string, { day: number; count: number }>()
  readonly #changes = new Map<string, number>()

  /** Number of the next record. */
  get next(): number {
    return this.#next
  }

  /** Entries assigned in a log so far. */
  size(log: string): number {
    return this.#sizes.get(log) ?? 0
  }

  /** Where the answer to these request bytes already stands, if it does. */
  answered(request: string): { readonly positions: readonly Position[]; readonly n: number } | undefined {
    return this.#requests.get(request)
  }

  /** State of one direction of a link. */
  link(link: string): { readonly seq: number; readonly id: string } {
    return this.#links.get(link) ?? { seq: 0, id: NO_PREVIOUS }
  }

  /** Whether the register holds the item, and whether it was stopped. */
  item(item: string): { readonly serial: number; readonly statement: string; readonly stopped: boolean } | undefined {
    return this.#items.get(item)
  }

  /** How often what an agreement permits was changed; absent: never. */
  get changes(): Readonly<Record<string, number>> {
    return Object.fromEntries(this.#changes)
  }

  /** Throws the reason why a condition does not hold now. */
  check(conditions: readonly Condition[]): void {
    for (const condition of conditions) {
      switch (condition.condition) {
        case 'live': {
          const item = this.#items.get(condition.item)
          if (item === undefined || item.stopped || item.serial !== condition.serial || item.statement !== condition.statement) {
            throw new NodeError('node/item-stopped', 'the register does not hold this item as released')
          }
          break
        }
        case 'unspent':
          if (this.#spent.has(condition.nonce)) throw new NodeError('node/nonce-spent', 'the nonce was used before')
          break
        case 'next': {
          const { seq, id } = this.link(condition.link)
          if (condition.seq !== seq + 1 || condition.previous !== id) {
            throw new NodeError('node/sequence', `expected number ${seq + 1} on this link`, { values: { expected: seq + 1 } })
          }
          break
        }
        case 'below': {
          const count = this.#counts.get(condition.key)
          if (count !== undefined && count.day === condition.day && count.count >= condition.limit) {
            throw new NodeError('node/limit', 'the limit of this day is reached', { values: { limit: condition.limit } })
          }
          break
        }
        case 'agreement': {
          const { agreement, changes } = condition
          if ((this.#changes.get(agreement) ?? 0) !== changes)
            throw new NodeError('node/agreement-moved', 'the agreement changed since this was decided', { values: { agreement } })
          break
        }
        default:
          unreachable(condition)
      }
    }
  }

  /** Takes a record in: its number must be the next. Returns where its entries stand. */
  fold(record: JournalRecord): readonly Position[] {
    if (record.n !== this.#next)
      throw new NodeError('node/journal-corrupt', `record ${record.n} stands where ${this.#next} belongs`, { values: { at: record.n } })
    this.#next++
    const positions = record.entries.map(({ log }): Position => {
      const index = this.size(log)
      this.#sizes.set(log, index + 1)
      return { log, index }
    })
    for (const effect of record.effects) this.#apply(effect, record, positions)
    if (record.n % 1024 === 0) this.#forget(record.at)
    return positions
  }

  #apply(effect: Effect, record: JournalRecord, positions: readonly Position[]): void {
    switch (effect.effect) {
      case 'item': {
        // INVARIANT: a stopped item never comes back (spec/key-release.md, stops); a later release has a fresh uuid.
        const stopped = effect.state === 'stopped' || this.#items.get(effect.item)?.stopped === true
        this.#items.set(effect.item, { serial: effect.serial, statement: effect.statement, stopped })
        break
      }
      case 'spend':
        this.#spent.set(effect.nonce, effect.until)
        break
      case 'request':
        this.#requests.set(effect.request, { positions, n: record.n, until: effect.until })
        break
      case 'link':
        this.#links.set(effect.link, { seq: effect.seq, id: effect.id })
        break
      case 'count': {
        const before = this.#counts.get(effect.key)
        this.#counts.set(effect.key, { day: effect.day, count: before?.day === effect.day ? before.count + 1 : 1 })
        break
      }
      case 'agreement':
        this.#changes.set(effect.agreement, (this.#changes.get(effect.agreement) ?? 0) + 1)
        break
      default:
        unreachable(effect)
    }
  }

  #forget(now: number): void {
    for (const [nonce, until] of this.#spent) if (until < now) this.#spent.delete(nonce)
    for (const [request, { until }] of this.#requests) if (until < now) this.#requests.delete(request)
    const today = Math.floor(now / 86_400)
    for (const [key, { day }] of this.#counts) if (day < today) this.#counts.delete(key)
  }
}
