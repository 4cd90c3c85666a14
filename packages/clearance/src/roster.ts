import {
  type Crypto,
  type Domain,
  type HybridPublicKey,
  type HybridSigner,
  type Realm,
  type Shape,
  type Signed,
  readShape,
  shapes,
  signDocument,
  signedShape,
  verifyDocument,
} from '@entente/canonical'
import * as v from 'valibot'
import { reading, refusal } from './errors.ts'
import type { RosterStatement } from './model.ts'

/** One reader as the office counts them; `person` tells readers apart and goes nowhere. */
export interface RosterReader {
  readonly person: string
  readonly clearance: string
  readonly areas: readonly string[]
  readonly role: string
}

/** What a roster statement covers. Every combination gets a cell, so that an absent cell tells nothing. */
export interface RosterFrame {
  readonly nation: string
  readonly agreement: string
  /** Seconds since 1970. */
  readonly at: number
  /** Number of the statement, from 1, without gaps. */
  readonly number: number
  /** The agreement's `rosterMinimum`, at least 2: counts below it, zero included, are said as "fewer than k". */
  readonly k: number
  readonly clearances: readonly string[]
  readonly areas: readonly string[]
  readonly roles: readonly string[]
}

const MAX_CELLS = 4_096
const code = v.pipe(v.string(), v.minLength(1), v.maxLength(128))
const axes = { clearance: code, area: code, role: code }

/** The shape of a roster statement: a cell has a count or a bound, never both, never neither. */
export const rosterShape: Shape<RosterStatement> = v.strictObject({
  nation: shapes.nation,
  agreement: code,
  at: shapes.instant,
  number: v.pipe(v.number(), v.safeInteger(), v.minValue(1)),
  cells: v.pipe(
    v.array(
      v.union([
        v.strictObject({ ...axes, count: shapes.natural }),
        v.strictObject({ ...axes, fewerThan: v.pipe(v.number(), v.safeInteger(), v.minValue(2)) }),
      ]),
    ),
    v.maxLength(MAX_CELLS),
  ),
})

export const signedRosterShape: Shape<Signed<RosterStatement>> = signedShape(rosterShape)

/**
 * Counts readers by level, area and role, one person once a cell, sorted. Throws `clearance/roster-axis` for a reader
 * outside of the frame, who would otherwise be left out in silence, and `clearance/input` for a frame that is none.
 */
export function makeRoster(readers: readonly RosterReader[], frame: RosterFrame): RosterStatement {
  if (!Number.isSafeInteger(frame.k) || frame.k < 2) throw refusal('clearance/input', 'cells below 2 would name a person', { what: 'k' })
  const persons = new Map<string, Set<string>>()
  const cells = frameCells(frame)
  for (const cell of cells) persons.set(cellName(cell), new Set())
  for (const reader of readers) {
    for (const area of reader.areas) {
      const counted = persons.get(cellName({ clearance: reader.clearance, area, role: reader.role }))
      if (counted === undefined) {
        throw refusal('clearance/roster-axis', 'a reader is outside of the frame', { clearance: reader.clearance, area, role: reader.role })
      }
      counted.add(reader.person)
    }
  }
  const statement = {
    nation: frame.nation,
    agreement: frame.agreement,
    at: frame.at,
    number: frame.number,
    cells: cells.map((cell) => {
      const count = persons.get(cellName(cell))?.size ?? 0
      return count < frame.k ? { ...cell, fewerThan: frame.k } : { ...cell, count }
    }),
  }
  return reading('clearance/input', 'roster', () => readShape(rosterShape, statement, 'roster'))
}

/** Signs a roster statement (document type `roster-statement`). */
export async function signRoster(
  crypto: Crypto,
  realm: Realm,
  roster: RosterStatement,
  signer: HybridSigner,
): Promise<Signed<RosterStatement>> {
  return signDocument(crypto, rosterDomain(realm), readShape(rosterShape, roster, 'roster'), signer)
}

/** The statement of a signed roster; throws `CanonicalError` when its shape or signature does not hold. */
export async function verifyRoster(
  crypto: Crypto,
  realm: Realm,
  signed: Signed<RosterStatement>,
  key: HybridPublicKey,
): Promise<RosterStatement> {
  return verifyDocument(crypto, rosterDomain(realm), readShape(signedRosterShape, signed, 'roster'), key)
}

interface Cell {
  readonly clearance: string
  readonly area: string
  readonly role: string
}

function frameCells(frame: RosterFrame): Cell[] {
  const sorted = (values: readonly string[]) => [...new Set(values)].sort()
  return sorted(frame.clearances).flatMap((clearance) =>
    sorted(frame.areas).flatMap((area) => sorted(frame.roles).map((role) => ({ clearance, area, role }))),
  )
}

function cellName(cell: Cell): string {
  return JSON.stringify([cell.clearance, cell.area, cell.role])
}

function rosterDomain(realm: Realm): Domain {
  return { realm, type: 'roster-statement', version: 1 }
}
