import { type Signed, EntenteError, Recent, codeOf, foundOnce, readDocument, signedShape, utf8, verifyDocument } from '@entente/canonical'
import { type ReleaseStatement, releaseStatementShape, statementDomain, statementId } from '@entente/container'
import type { Question } from '@entente/decision'
import { CompiledQuery } from 'kysely'
import type { PersonFacts } from '@entente/clearance'
import type { Act } from '@entente/agreement'
import type { Nation } from '../nation.ts'
import { itemTag } from '../processes/notice.ts'
import { officerKeys, statementOf } from '../pins.ts'
import type { ItemRow } from '../store/database.ts'
import type { Trust } from '../trust.ts'

/** An item of the register, as its officer signed it: what every decision rests on. */
export interface RegisteredItem {
  readonly row: ItemRow
  readonly signed: Signed<ReleaseStatement>
  readonly body: ReleaseStatement
  /** Id of the statement. */
  readonly statement: string
}

type Needs = Pick<Nation, 'crypto' | 'db' | 'trust' | 'notice'>

/**
 * Finds an item and verifies its statement anew: a row that somebody changed in the database is no item any more
 * (property P6), and is noticed.
 */
export async function findItem(nation: Needs, item: string): Promise<RegisteredItem | undefined> {
  // As SQL: every opening asks for it, and building the query takes longer than its answer.
  const { rows } = await nation.db.executeQuery<ItemRow>(CompiledQuery.raw('SELECT * FROM items WHERE item = ?', [item]))
  const [row] = rows
  return row === undefined ? undefined : verifiedItem(nation, row)
}

/** A statement that an officer signed, with its id. */
type VerifiedStatement = Pick<RegisteredItem, 'signed' | 'statement'>

/** Statements that were verified under a trust, by their exact text; what a row says beside its statement is compared each time. */
const verifiedUnder = new WeakMap<Trust, Recent<Promise<VerifiedStatement>>>()
const STATEMENTS_KEPT = 128

function verifiedStatement(nation: Pick<Nation, 'crypto' | 'trust'>, text: string): Promise<VerifiedStatement> {
  const trust = nation.trust()
  const recent = verifiedUnder.get(trust) ?? new Recent<Promise<VerifiedStatement>>(STATEMENTS_KEPT)
  verifiedUnder.set(trust, recent)
  return foundOnce(recent, text, async () => {
    const signed = readDocument(signedShape(releaseStatementShape), utf8(text), 'release statement')
    await verifyAnyOfficer(nation, signed)
    return { signed, statement: statementId(nation.crypto, signed.body) }
  })
}

/** As `findItem`, from a row. */
export async function verifiedItem(nation: Needs, row: ItemRow): Promise<RegisteredItem | undefined> {
  const { crypto } = nation
  try {
    const { signed, statement } = await verifiedStatement(nation, row.signed)
    const { body } = signed
    const same =
      statement === row.statement &&
      body.item === row.item &&
      body.serial === row.serial &&
      body.originator === row.originator &&
      body.recipient === row.recipient
    if (!same || body.area !== row.area || body.expires !== row.expires_at || body.released !== row.released_at)
      throw new EntenteError('node/trust', 'the row is not what was signed')
    return { row, signed, body, statement }
  } catch (error) {
    nation.notice('register/row-does-not-hold', { item: itemTag(crypto, row.item), reason: codeOf(error) })
    return undefined
  }
}

/** The other renditions of the same report that this register holds, by id. */
export async function otherRenditions(nation: Needs, named: RegisteredItem): Promise<RegisteredItem[]> {
  const { report, item } = named.row
  if (report === null) return []
  const rows = await nation.db
    .selectFrom('items')
    .selectAll()
    .where('report', '=', report)
    .where('item', '!=', item)
    .orderBy('item')
    .execute()
  const found = await Promise.all(rows.map((row) => verifiedItem(nation, row)))
  return found.filter((one) => one !== undefined)
}

/** Throws unless an officer of the originator, delegated at the time of release, signed the statement. */
export async function verifyAnyOfficer(nation: Pick<Nation, 'crypto' | 'trust'>, signed: Signed<ReleaseStatement>): Promise<void> {
  const { body } = signed
  let last: unknown = new EntenteError('canonical/signature-missing', 'no officer signed')
  for (const key of officerKeys(statementOf(nation.trust(), body.originator), body.released)) {
    try {
      await verifyDocument(nation.crypto, statementDomain(body.realm), signed, key)
      return
    } catch (error) {
      last = error
    }
  }
  throw last
}

/** The question whether a person may do something with a registered item now. */
export function questionOf(item: RegisteredItem, person: PersonFacts, act: Act, purpose: string, at: number): Question {
  const { body, row } = item
  return {
    act,
    person,
    item: {
      originator: body.originator,
      ...(body.basis === undefined ? {} : { basis: body.basis }),
      label: body.label,
      area: body.area,
      releasedAt: body.released,
      expiresAt: body.expires,
      stopped: row.stopped === 1,
    },
    purpose,
    at,
  }
}
