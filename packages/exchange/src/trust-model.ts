import type { Agreement, AgreementVersion, KnownNotice } from '@entente/agreement'
import { type HybridPublicKey, type Realm, type Shape, hybridPublicKeyShape, shapes } from '@entente/canonical'
import * as v from 'valibot'
import { ExchangeError } from './errors.ts'
import type { KeyStatement } from './key-statement.ts'
import { wire } from './wire.ts'

/** Whose authority keys were compared out of band; every process and every device has its own copy, and nothing else is believed unsigned. */
export interface Anchors {
  readonly realm: Realm
  /** The nation whose process or device this is. */
  readonly nation: string
  readonly authorities: Readonly<Record<string, HybridPublicKey>>
  /**
   * By agreement, up to which number people brought its versions along when they paired: these need no log entries to be in force.
   * Absent: its first.
   */
  readonly paired?: Readonly<Record<string, number>>
}

/** The shape of `anchors.json`. */
export const anchorsShape: Shape<Anchors> = v.strictObject({
  realm: shapes.realm,
  nation: shapes.nation,
  authorities: v.record(v.string(), hybridPublicKeyShape),
  paired: v.exactOptional(v.record(v.string(), wire.positive)),
})

/** A version whose signatures and chain hold, and how it stands at this node. */
export interface HeldVersion extends AgreementVersion {
  /**
   * From this second on it is in force here: the latest of its date, its notes, both nations' entries that they hold it, and a second
   * after the version before. It is the same number at every node that knows the same entries.
   */
  readonly since: number
  /** Not every such entry is known here yet: it narrows what is permitted, and nothing is released under it. */
  readonly narrowingOnly?: true
  /** Nations that said that they hold it, with the second of their entry; own and partners'. */
  readonly held: ReadonlyMap<string, number>
}

/** Everything that is believed about keys and agreements, each piece verified from the anchors. */
export interface Trust {
  readonly anchors: Anchors
  /** The own nation's key statement. */
  readonly own: KeyStatement
  /** Newest key statement of each partner nation. */
  readonly partners: ReadonlyMap<string, KeyStatement>
  /** Every version of every agreement, oldest first, by name. */
  readonly agreements: ReadonlyMap<string, readonly HeldVersion[]>
  /** Every notice on them, by agreement. */
  readonly notices: ReadonlyMap<string, readonly KnownNotice[]>
}

/** The key statement of a nation, own or partner; throws `exchange/key-unknown` for a nation that was never paired. */
export function statementOf(trust: Trust, nation: string): KeyStatement {
  const statement = nation === trust.anchors.nation ? trust.own : trust.partners.get(nation)
  if (statement === undefined) throw unknownNation(nation)
  return statement
}

/** The other parties of an agreement. */
export function partnersIn(body: Agreement, own: string): string[] {
  return body.parties.map((party) => party.nation).filter((nation) => nation !== own)
}

/** What is thrown for a nation of which no key statement is believed. */
export function unknownNation(nation: string): ExchangeError {
  return new ExchangeError('exchange/key-unknown', 'no key statement of this nation is believed', { values: { nation, key: 'authority' } })
}
