import type { Agreement, Party } from '@entente/agreement'
import type { AgreementInForce, KnownNotice } from './model.ts'

/** A nation is a member from a second to before another. */
export interface Membership {
  readonly from: number
  readonly until: number
}

/** A suspension by one party, until every party that it needs has resumed it (spec/agreement.md 8). */
export interface Suspension {
  readonly nation: string
  readonly from: number
  readonly until: number
  /** Article on suspension of the version that it names, if it has one. */
  readonly article: string | undefined
}

/** When one agreement's versions begin and what its parties' notices say of them. */
export class Life {
  readonly #versions: readonly AgreementInForce[]
  readonly #notices: readonly KnownNotice[]

  /** Versions of one agreement, oldest first; notices of others are passed over. */
  constructor(versions: readonly AgreementInForce[], notices: readonly KnownNotice[]) {
    this.#versions = versions
    const name = versions[0]?.body.agreement
    this.#notices = notices.filter(({ body }) => body.agreement === name)
  }

  /**
   * From when a version narrows: its date, and every party's note where it enters by notes; never while one is missing, and
   * not before the version before it does.
   */
  narrowsFrom(version: AgreementInForce): number {
    return Math.max(...this.#versions.filter(({ body }) => body.version <= version.body.version).map((one) => this.#enters(one)))
  }

  #enters({ id, body }: AgreementInForce): number {
    if (body.entry?.by !== 'notes') return body.inForceFrom
    const notes = body.parties.map(({ nation }) =>
      this.#first((one) => one.notice === 'note' && one.version === id && one.nation === nation),
    )
    return Math.max(body.inForceFrom, ...notes)
  }

  /** From when it is in force here, so that releases may name it. */
  inForceFrom(version: AgreementInForce): number {
    return version.narrowingOnly === true ? Infinity : Math.max(this.narrowsFrom(version), version.inForceSince ?? 0)
  }

  /** The second of the earliest termination by a member; infinite without one. */
  get terminated(): number {
    return Math.min(Infinity, ...this.#saidByMembers('terminate').map(({ effect }) => effect))
  }

  /** Who is a member of a version and when, withdrawals regarded. */
  memberships(body: Agreement): ReadonlyMap<string, Membership> {
    return new Map(body.parties.map((party) => [party.nation, this.#membership(party)]))
  }

  get suspensions(): readonly Suspension[] {
    return this.#saidByMembers('suspend').map((notice) => {
      const { nation } = notice.body
      const article = this.#named(notice)?.body.suspension?.article
      return { nation, from: notice.effect, until: this.#resumed(notice), article }
    })
  }

  #membership({ nation, memberFrom = -Infinity, memberUntil = Infinity }: Party): Membership {
    // Who withdrew is a member again only where a version dates the membership from after that.
    const withdrawn = this.#first((one, effect) => one.notice === 'withdraw' && one.nation === nation && memberFrom <= effect)
    return { from: memberFrom, until: Math.min(memberUntil, withdrawn) }
  }

  /** When the last of those who were members as it took effect has resumed it or left. */
  #resumed(suspension: KnownNotice): number {
    const asked = [...(this.#membersOf(suspension) ?? [])].filter(([, member]) => within(member, suspension.effect))
    if (asked.length === 0) return Infinity
    const said = asked.map(([nation, { until }]) => {
      const resumed = this.#first((one) => one.notice === 'resume' && one.of === suspension.id && one.nation === nation)
      return Math.min(until, resumed)
    })
    return Math.max(...said)
  }

  #saidByMembers(what: KnownNotice['body']['notice']): readonly KnownNotice[] {
    return this.#notices.filter((notice) => {
      const member = this.#membersOf(notice)?.get(notice.body.nation)
      return notice.body.notice === what && member !== undefined && within(member, notice.effect)
    })
  }

  #membersOf(notice: KnownNotice): ReadonlyMap<string, Membership> | undefined {
    const version = this.#named(notice)
    return version === undefined ? undefined : this.memberships(version.body)
  }

  /** The version that a notice names; the newest where it is not among these. */
  #named({ body }: KnownNotice): AgreementInForce | undefined {
    return this.#versions.find(({ id }) => id === body.version) ?? this.#versions.at(-1)
  }

  #first(is: (notice: KnownNotice['body'], effect: number) => boolean): number {
    return Math.min(Infinity, ...this.#notices.filter(({ body, effect }) => is(body, effect)).map(({ effect }) => effect))
  }
}

/** Whether a second lies within a membership. */
export function within({ from, until }: Membership, at: number): boolean {
  return from <= at && at < until
}
