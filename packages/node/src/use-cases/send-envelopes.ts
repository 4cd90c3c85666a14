import { codeOf, fromUtf8 } from '@entente/canonical'
import { backoffMilliseconds, verifyReceipt } from '@entente/exchange'
import type { Nation } from '../nation.ts'
import { faultOf } from '../processes/notice.ts'
import { partnerOf, logName } from '../trust.ts'
import { entryFor } from './entries.ts'
import type { Json } from '@entente/canonical'
import type { RecordBody } from '../store/projection.ts'

type Needs = Pick<Nation, 'crypto' | 'config' | 'trust' | 'db' | 'partners' | 'enter' | 'now' | 'notice'>

/** Longest pause while a partner is away: the link is tried again soon after it heals. */
const CEILING_MILLISECONDS = 5_000
const BATCH = 16
const SEND_MILLISECONDS = 60_000

/** One link with what waits on it. */
interface Waiting {
  readonly link: string
  readonly agreement: string
  readonly partner: string
}

/**
 * Sends what the journal holds without a receipt, in order, the same bytes each time, until the receipt is durable here.
 * Nothing of it lives in memory: after a crash the table of envelopes says what is still to go.
 */
export class Sender {
  readonly #nation: Needs
  readonly #running = new Map<string, Promise<void>>()
  readonly #wakes = new Map<string, () => void>()
  #stopped = false

  constructor(nation: Needs) {
    this.#nation = nation
  }

  /** Begins with whatever an earlier run left. */
  start(): void {
    this.wake()
  }

  /** Looks for work on every link. */
  wake(): void {
    void this.#look().catch((error: unknown) => this.#nation.notice('sender/fault', { fault: faultOf(error) }))
  }

  /** Ends after the call that is under way. */
  async stop(): Promise<void> {
    this.#stopped = true
    for (const wake of this.#wakes.values()) wake()
    await Promise.allSettled(this.#running.values())
  }

  async #look(): Promise<void> {
    const links = await this.#nation.db
      .selectFrom('envelopes')
      .select('link')
      .distinct()
      .where('direction', '=', 'out')
      .where('receipt', 'is', null)
      .execute()
    for (const { link } of links) {
      const [, agreement = '', partner = ''] = link.split(':')
      this.#wakes.get(link)?.()
      if (!this.#running.has(link) && !this.#stopped) {
        const run = this.#run({ link, agreement, partner }).finally(() => this.#running.delete(link))
        this.#running.set(link, run)
      }
    }
  }

  async #run(waiting: Waiting): Promise<void> {
    let failures = 0
    while (!this.#stopped) {
      const due = await this.#nation.db
        .selectFrom('envelopes')
        .select(['id', 'seq', 'bytes', 'type'])
        .where('link', '=', waiting.link)
        .where('direction', '=', 'out')
        .where('receipt', 'is', null)
        .orderBy('seq')
        .limit(BATCH)
        .execute()
      if (due.length === 0) return
      try {
        for (const envelope of due) await this.#send(waiting, envelope)
        failures = 0
      } catch (error) {
        failures++
        if (failures === 1) this.#nation.notice('sender/waiting', { partner: waiting.partner, reason: codeOf(error) })
        await this.#pause(waiting.link, Math.min(backoffMilliseconds(failures, this.#chance()), CEILING_MILLISECONDS))
      }
    }
  }

  async #send(waiting: Waiting, envelope: { readonly id: string; readonly seq: number; readonly bytes: Uint8Array }): Promise<void> {
    const { crypto, config, trust, partners } = this.#nation
    const answer = await partners.post(waiting.partner, '/inbox', 'application/json', envelope.bytes, {
      timeoutMilliseconds: SEND_MILLISECONDS,
    })
    if (answer.status !== 200) throw Object.assign(new Error(`the partner answered ${answer.status}`), { code: 'node/partner-refused' })
    const receipt = await verifyReceipt(
      crypto,
      answer.body,
      {
        realm: config.realm,
        self: config.nation,
        peer: waiting.partner,
        link: waiting.agreement,
        peerKeys: [partnerOf(trust(), waiting.partner).keys.envelope],
      },
      { id: envelope.id, seq: envelope.seq },
    )
    const at = this.#nation.now()
    const body: RecordBody = { receipts: [{ id: envelope.id, receipt: fromUtf8(answer.body) }] }
    await this.#nation.enter({
      at,
      kind: 'receipt',
      body: body as unknown as Json,
      entries: [
        entryFor(this.#nation, logName(waiting.agreement, waiting.partner), at, {
          act: 'receipt',
          envelope: envelope.id,
          outcome: receipt.outcome,
          receipt: this.#digest(answer.body),
        }),
      ],
      effects: [],
      conditions: [],
    })
  }

  #digest(bytes: Uint8Array): string {
    return this.#nation.crypto.sha256(bytes).toHex()
  }

  #chance(): number {
    return (this.#nation.crypto.random(1)[0] ?? 0) / 256
  }

  async #pause(link: string, milliseconds: number): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>()
    const timer = setTimeout(resolve, Math.max(milliseconds, 50))
    this.#wakes.set(link, resolve)
    await promise
    clearTimeout(timer)
    this.#wakes.delete(link)
  }
}
