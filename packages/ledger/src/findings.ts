import type { MessageValues } from '@entente/canonical'
import { type LedgerCode, LedgerError } from './errors.ts'

/** One thing that is wrong with a log. */
export interface Finding {
  readonly code: LedgerCode
  /** Where and what: `path`, `index`, `earlier` (number in the given list), `key`, `size`, … (spec/ledger.md 12). */
  readonly values: MessageValues
}

/** Collects findings, each once, and stops counting them out at `MOST`. */
export class Findings {
  /** Findings listed; of further ones only the number is told, as `ledger/more-findings`. */
  static readonly MOST = 1_000
  readonly #list: Finding[] = []
  readonly #seen = new Set<string>()
  #more = 0

  /** Notes one; a repetition is left out. */
  add(code: LedgerCode, values: MessageValues): void {
    if (this.#list.length >= Findings.MOST) {
      this.#more++
      return
    }
    const name = JSON.stringify([code, values])
    if (this.#seen.has(name)) return
    this.#seen.add(name)
    this.#list.push({ code, values })
  }

  /** Notes what was thrown, with further values. Anything but a `LedgerError` is a fault of ours and goes on. */
  addError(error: unknown, values: MessageValues): void {
    if (!(error instanceof LedgerError)) throw error
    this.add(error.code, { ...error.values, ...values })
  }

  /** What `read` gives, or `undefined` and a finding if it throws. */
  async attempt<T>(read: () => Promise<T>): Promise<T | undefined> {
    try {
      return await read()
    } catch (error) {
      this.addError(error, {})
      return undefined
    }
  }

  list(): readonly Finding[] {
    return this.#more === 0 ? this.#list : [...this.#list, { code: 'ledger/more-findings', values: { more: this.#more } }]
  }
}
