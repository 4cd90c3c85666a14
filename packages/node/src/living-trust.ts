import { mkdir, readFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { type Crypto, codeOf, utf8 } from '@entente/canonical'
import { type Decider, compile } from '@entente/decision'
import { decisionFacts } from '@entente/exchange'
import type { MarkingPolicy } from '@entente/label'
import { writeDurably } from './config.ts'
import type { KeysApi, LedgerApi } from './processes/apis.ts'
import type { Peer } from './processes/ipc.ts'
import type { Notice } from './processes/log-events.ts'
import { type Trust, loadTrust } from './trust.ts'

/** What a node decides by, of one moment: trust, the rules compiled from it, and how often each agreement had been changed by then. */
export interface Standing {
  readonly trust: Trust
  readonly decider: Decider
  readonly changes: Readonly<Record<string, number>>
}

/** A signed file that belongs below `trust/`. */
export interface TrustFile {
  /** `agreements/….json`. */
  readonly path: string
  readonly text: string
}

/** What renewing takes from the running node. */
export interface TrustSources {
  readonly ledger: Pick<Peer<LedgerApi>, 'call'>
  readonly keys: Pick<Peer<KeysApi>, 'call'>
  /** Resolves once the projection holds everything before this record. */
  upTo(next: number): Promise<void>
  /** Every file that the journal's records make; a version before what speaks of it. */
  files(): Promise<readonly TrustFile[]>
  readonly notice: Notice
}

/** The processes that verify trust for themselves. */
export const TRUSTING = ['node', 'ledger', 'keys'] as const
export type Trusting = (typeof TRUSTING)[number]

/**
 * The one way by which trust changes while a node runs (spec/node.md 9): files are made of durable records, and each process
 * verifies the whole folder from its own anchors. Who cannot verify it keeps what it had, and is named in `refused`.
 */
export class LivingTrust {
  readonly #crypto: Crypto
  readonly #place: { readonly folder: string; readonly anchors: string }
  readonly #policies: ReadonlyMap<string, MarkingPolicy>
  #standing: Standing
  #sources: TrustSources | undefined
  #renewing: Promise<void> = Promise.resolve()
  #next: Promise<void> | undefined
  readonly #refused = new Map<Trusting, string>()

  private constructor(
    crypto: Crypto,
    place: { readonly folder: string; readonly anchors: string },
    policies: ReadonlyMap<string, MarkingPolicy>,
    trust: Trust,
  ) {
    this.#crypto = crypto
    this.#place = place
    this.#policies = policies
    // No change was counted yet: nothing can be entered under an agreement that was ever changed until `renew` has counted.
    this.#standing = { trust, decider: deciderOf(trust, policies), changes: {} }
  }

  /** Reads what is there. Throws `node/trust`: a node does not start on what does not hold. */
  static async open(
    crypto: Crypto,
    place: { readonly folder: string; readonly anchors: string },
    policies: ReadonlyMap<string, MarkingPolicy>,
  ): Promise<LivingTrust> {
    return new LivingTrust(crypto, place, policies, await loadTrust(crypto, place.folder, place.anchors))
  }

  /** What is decided by now. Whoever decides and enters takes it once. */
  get standing(): Standing {
    return this.#standing
  }

  /** Processes that keep older trust than the folder has, with the code of why. */
  get refused(): ReadonlyMap<Trusting, string> {
    return this.#refused
  }

  /** Connects it with the rest of the node. */
  attach(sources: TrustSources): void {
    this.#sources = sources
  }

  /**
   * Brings the folder up to the journal and all processes up to the folder; resolves when what was durable at the call is what is decided
   * by. Calls that wait together share one renewal. Throws `node/disk-full`, and what the node's own reading throws.
   */
  renew(): Promise<void> {
    this.#next ??= this.#renewing.then(() => {
      this.#next = undefined
      const renewal = this.#renew()
      this.#renewing = renewal.catch(() => {})
      return renewal
    })
    return this.#next
  }

  async #renew(): Promise<void> {
    const sources = this.#sources
    if (sources === undefined) throw new TypeError('trust is renewed before the node stands')
    const { next, changes } = await sources.ledger.call('changes', {})
    await sources.upTo(next)
    const { folder, anchors } = this.#place
    await writeMissing(folder, await sources.files())
    let trust: Trust | undefined
    await this.#own('node', async () => {
      trust = await loadTrust(this.#crypto, folder, anchors)
    })
    await Promise.all([
      this.#own('ledger', () => sources.ledger.call('trust', {})),
      this.#own('keys', () => sources.keys.call('trust', {})),
    ])
    // Last: what was decided before is refused by its count meanwhile, and nothing is decided by what the key process has not got.
    if (trust !== undefined) this.#standing = { trust, decider: deciderOf(trust, this.#policies), changes }
  }

  /** One process's own reading; what it refuses is kept to be told and stops nobody else. */
  async #own(process: Trusting, read: () => Promise<void>): Promise<void> {
    try {
      await read()
      this.#refused.delete(process)
    } catch (error) {
      this.#refused.set(process, codeOf(error))
      this.#sources?.notice('trust/kept', { role: process, reason: codeOf(error) })
    }
  }
}

/** Writes files that are not there, or not so. */
async function writeMissing(folder: string, files: readonly TrustFile[]): Promise<void> {
  for (const { path, text } of files) {
    const place = join(folder, path)
    const there = await readFile(place, 'utf8').catch(() => undefined)
    if (there === text) continue
    await mkdir(dirname(place), { recursive: true, mode: 0o700 })
    await writeDurably(place, utf8(text))
  }
}

function deciderOf(trust: Trust, policies: ReadonlyMap<string, MarkingPolicy>): Decider {
  return compile({
    deciding: trust.anchors.nation,
    ...decisionFacts(trust),
    policies: [...policies.values()],
    // At home the areas are those of the nation's agreements; of two trees with one code, the later one's is taken.
    areas: [
      ...new Map(
        [...trust.agreements.values()].flatMap((versions) => versions.at(-1)?.body.areas ?? []).map((area) => [area.code, area]),
      ).values(),
    ],
  })
}
