import { type Crypto, type Json, idOf } from '@entente/canonical'
import type { AgreementVersion, Party, Survival } from './model.ts'
import { type AgreementNotice, noticeDomain } from './notice.ts'

const DAY = 86_400

/** A notice that was verified, with its id. */
export interface KnownNotice {
  /** SHA-256 of its signing bytes: what a resumption names. */
  readonly id: string
  readonly body: AgreementNotice
  /** When it takes effect, by the version that it names. */
  readonly effect: number
}

/** How an agreement stands from an instant on, until the next one says otherwise. */
export type AgreementState =
  /** Nothing was ever in force. */
  | { readonly state: 'none'; readonly from: number }
  | { readonly state: 'in-force'; readonly from: number; readonly version: AgreementVersion }
  /** `suspensions`: ids of the notices, oldest first. */
  | { readonly state: 'suspended'; readonly from: number; readonly version: AgreementVersion; readonly suspensions: readonly string[] }
  /** `version` was the last; `from` is when it ended, from which the days of its survival rule count. */
  | { readonly state: 'ended'; readonly from: number; readonly version: AgreementVersion; readonly survival?: Survival }

/** The id of a notice: SHA-256 of its signing bytes, lower-case hexadecimal. */
export function noticeId(crypto: Crypto, body: AgreementNotice): string {
  return idOf(crypto, noticeDomain(body.realm), body as unknown as Json)
}

/**
 * What `verifyNotice` gave, with its id and its effect: at its `effectiveAt`, and a termination or withdrawal not before the
 * days of notice that the version asks for have passed since it was signed.
 */
export function knownNotice(crypto: Crypto, body: AgreementNotice, version: AgreementVersion): KnownNotice {
  const waits = body.notice === 'terminate' || body.notice === 'withdraw'
  const days = waits ? (version.body.termination?.noticeDays ?? 0) : 0
  return { id: noticeId(crypto, body), body, effect: Math.max(body.effectiveAt, body.at + days * DAY) }
}

/**
 * How one agreement stands at `at` (seconds), by its versions and its parties' notices alone: what a node has in force may
 * begin later, never earlier (spec/agreement.md 8). With `nations`, how it stands for these together: it has ended for them
 * when one of them is a member no more.
 */
export function stateAt(
  versions: readonly AgreementVersion[],
  notices: readonly KnownNotice[],
  at: number,
  nations: readonly string[] = [],
): AgreementState {
  return stateIn(agreementHistory(versions, notices, nations), at)
}

/** The state at `at` out of a history that `agreementHistory` gave. */
export function stateIn(history: readonly AgreementState[], at: number): AgreementState {
  return history.findLast(({ from }) => from <= at) ?? { state: 'none', from: 0 }
}

/**
 * Everything that `stateAt` can answer, oldest first; each state holds until the next one's `from`. The first begins at 0.
 * Notices of other agreements are passed over; versions may come in any order.
 */
export function agreementHistory(
  versions: readonly AgreementVersion[],
  notices: readonly KnownNotice[],
  nations: readonly string[] = [],
): readonly AgreementState[] {
  const life = new Lifetime(versions, notices)
  const history: AgreementState[] = []
  for (const at of life.instants()) {
    const last = history.at(-1)
    const next = life.stateAt(at, nations, last)
    if (last === undefined || !isSame(last, next)) history.push(next)
  }
  return history
}

function isSame(a: AgreementState, b: AgreementState): boolean {
  if (a.state === 'none' || b.state === 'none') return a.state === b.state
  const named = (one: AgreementState): string => (one.state === 'suspended' ? one.suspensions.join() : '')
  return a.state === b.state && a.version.id === b.version.id && named(a) === named(b)
}

/**
 * The parties of a version that are members at `at`, sorted: inside their dates, and not withdrawn. Who withdrew is a member
 * again only by a version that dates its membership from after the withdrawal.
 */
export function membersAt(version: AgreementVersion, at: number, notices: readonly KnownNotice[] = []): readonly string[] {
  return version.body.parties
    .filter((party) => isMember(party, version, at, notices))
    .map(({ nation }) => nation)
    .toSorted()
}

function isMember(party: Party, version: AgreementVersion, at: number, notices: readonly KnownNotice[]): boolean {
  const { memberFrom = 0, memberUntil = Infinity, nation } = party
  if (at < memberFrom || at >= memberUntil) return false
  return !notices.some(
    ({ body, effect }) =>
      body.notice === 'withdraw' && body.nation === nation && isOf(body, version) && effect <= at && memberFrom <= effect,
  )
}

/**
 * When a version may begin: its date; where it enters by an exchange of notes, not before every party's note of it has taken
 * effect, and never (undefined) while one is missing.
 */
export function entryOf({ id, body }: AgreementVersion, notices: readonly KnownNotice[]): number | undefined {
  if (body.entry?.by !== 'notes') return body.inForceFrom
  const notes = body.parties.map(({ nation }) =>
    Math.min(
      ...notices
        .filter(({ body: one }) => one.notice === 'note' && one.version === id && one.nation === nation)
        .map(({ effect }) => effect),
    ),
  )
  const last = Math.max(body.inForceFrom, ...notes)
  return last === Infinity ? undefined : last
}

function isOf(notice: AgreementNotice, { body }: AgreementVersion): boolean {
  return notice.agreement === body.agreement && notice.realm === body.realm
}

/** One agreement's versions, oldest first, and the notices that speak of them. */
class Lifetime {
  readonly #versions: readonly AgreementVersion[]
  readonly #notices: readonly KnownNotice[]
  readonly #entries: ReadonlyMap<AgreementVersion, number>

  constructor(versions: readonly AgreementVersion[], notices: readonly KnownNotice[]) {
    this.#versions = versions.toSorted((a, b) => a.body.version - b.body.version)
    const [first] = this.#versions
    this.#notices = first === undefined ? [] : notices.filter(({ body }) => isOf(body, first))
    this.#entries = new Map(this.#versions.map((version) => [version, entryOf(version, this.#notices) ?? Infinity]))
  }

  /** Every instant at which something may change, with 0 before them all. */
  instants(): readonly number[] {
    const found = new Set<number>([0])
    for (const version of this.#versions) {
      const { inForceUntil, parties } = version.body
      const dates = parties.flatMap(({ memberFrom, memberUntil }) => [memberFrom, memberUntil])
      for (const instant of [this.#entries.get(version), inForceUntil, ...dates]) if (instant !== undefined) found.add(instant)
    }
    for (const { effect } of this.#notices) found.add(effect)
    found.delete(Infinity)
    return [...found].toSorted((a, b) => a - b)
  }

  stateAt(at: number, nations: readonly string[], before: AgreementState | undefined): AgreementState {
    const version = this.#versions.findLast((one) => (this.#entries.get(one) ?? Infinity) <= at)
    if (version === undefined || !this.#binds(version, at, nations)) {
      if (before === undefined || before.state === 'none') return { state: 'none', from: at }
      if (before.state === 'ended') return before
      const { survival } = before.version.body
      return { state: 'ended', from: at, version: before.version, ...(survival === undefined ? {} : { survival }) }
    }
    const suspensions = this.#notices.filter((notice) => this.#suspends(notice, at)).map(({ id }) => id)
    return suspensions.length === 0
      ? { state: 'in-force', from: at, version }
      : { state: 'suspended', from: at, version, suspensions: suspensions.toSorted() }
  }

  /** Whether the newest version that has begun still binds: not over, not terminated, two members at least, and these among them. */
  #binds(version: AgreementVersion, at: number, nations: readonly string[]): boolean {
    const { inForceUntil = Infinity } = version.body
    if (at >= inForceUntil) return false
    // A termination is the end of all versions: one that is signed already and begins later would make it void.
    if (this.#notices.some((notice) => notice.body.notice === 'terminate' && this.#counts(notice, at))) return false
    const members = membersAt(version, at, this.#notices)
    return members.length >= 2 && nations.every((nation) => members.includes(nation))
  }

  #suspends(notice: KnownNotice, at: number): boolean {
    if (notice.body.notice !== 'suspend' || !this.#counts(notice, at)) return false
    const version = this.#named(notice)
    const now = membersAt(version, at, this.#notices)
    // Those who were members when it took effect and still are: who came later was never asked, who left has no say.
    const asked = membersAt(version, notice.effect, this.#notices).filter((nation) => now.includes(nation))
    return !asked.every((nation) =>
      this.#notices.some(({ body, effect }) => body.notice === 'resume' && body.of === notice.id && body.nation === nation && effect <= at),
    )
  }

  /** A notice that has taken effect, from who was a member then. */
  #counts(notice: KnownNotice, at: number): boolean {
    return notice.effect <= at && membersAt(this.#named(notice), notice.effect, this.#notices).includes(notice.body.nation)
  }

  /** The version that a notice names; the newest where it is not among these. */
  #named({ body }: KnownNotice): AgreementVersion {
    const found = this.#versions.find(({ id }) => id === body.version) ?? this.#versions.at(-1)
    if (found === undefined) throw new RangeError('a notice is asked about without a version')
    return found
  }
}
