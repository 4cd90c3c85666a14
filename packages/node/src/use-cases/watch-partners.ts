import { toBase64Url } from '@entente/canonical'
import type { Nation } from '../nation.ts'

type Needs = Pick<Nation, 'crypto' | 'trust' | 'partners' | 'contacts' | 'now'>

/** A contact older than this many seconds says nothing about now. */
export const STALE_SECONDS = 10
const LOOK_MILLISECONDS = 1_000
const ASK_MILLISECONDS = 5_000

/** Notices that a partner went, or came back, when nobody asks for anything: where no call was made lately, it makes a small one. */
export class PartnerWatch {
  readonly #nation: Needs
  readonly #asking = new Set<string>()
  #timer: NodeJS.Timeout | undefined

  constructor(nation: Needs) {
    this.#nation = nation
  }

  /** Looks every second, which asks nothing of anybody while contact is recent. */
  start(): void {
    this.#timer = setInterval(() => void this.look(), LOOK_MILLISECONDS)
    this.#timer.unref()
  }

  stop(): void {
    clearInterval(this.#timer)
  }

  /** Asks every partner that was not heard for `STALE_SECONDS`; resolves when all of them have answered or have not. Never throws. */
  async look(): Promise<void> {
    const { trust, contacts, now } = this.#nation
    const stale = [...trust().partners.keys()].filter((nation) => {
      const { at } = contacts.with(nation)
      return !this.#asking.has(nation) && (at === undefined || now() - at >= STALE_SECONDS)
    })
    await Promise.all(stale.map((nation) => this.#ask(nation)))
  }

  /** A nonce for a key that nobody has: the least that a partner answers, and it keeps nothing of it. */
  async #ask(nation: string): Promise<void> {
    const { crypto, partners } = this.#nation
    this.#asking.add(nation)
    await partners
      .ask(nation, '/nonces', { thumbprint: toBase64Url(crypto.random(32)) }, { timeoutMilliseconds: ASK_MILLISECONDS })
      // What became of the call is in `contacts`.
      .catch(() => {})
    this.#asking.delete(nation)
  }
}
