import { type Agreement, PERSON_DECIDES } from '@entente/agreement'
import type { CompiledPolicy, CompiledVersion } from './compile.ts'

/** One clearance table of a version; `rows` in rising order of the cleared nation's own scheme, where it is known. */
export interface CompiledTable {
  readonly validFrom: number
  /** Clearances that have a row, with an equivalent or without. */
  readonly named: ReadonlySet<string>
  readonly rows: ReadonlyMap<string, string>
}

/** Clearance tables by the nation cleared and the nation that accepts, the newest first. */
export type ClearanceTables = ReadonlyMap<string, ReadonlyMap<string, readonly CompiledTable[]>>

/** The clearance tables of a version. */
export function compileClearances(body: Agreement, policies: ReadonlyMap<string, CompiledPolicy>): ClearanceTables {
  const tables = new Map<string, Map<string, CompiledTable[]>>()
  for (const table of body.equivalence) {
    if (table.kind !== 'clearances') continue
    const orders = [...policies.values()].find((policy) => policy.nation === table.from)?.clearanceOrders
    const rows = table.rows.toSorted((a, b) => (orders?.get(a.from) ?? 0) - (orders?.get(b.from) ?? 0))
    const compiled = {
      validFrom: table.validFrom,
      named: new Set(table.rows.map((row) => row.from)),
      rows: new Map(rows.flatMap((row) => (row.to === undefined ? [] : [[row.from, row.to] as const]))),
    }
    const ofNation = tables.get(table.from) ?? new Map<string, CompiledTable[]>()
    const list = [...(ofNation.get(table.to) ?? []), compiled].sort((a, b) => b.validFrom - a.validFrom)
    tables.set(table.from, ofNation.set(table.to, list))
  }
  return tables
}

const NONE: readonly CompiledTable[] = []

/** The tables of a version by which a nation accepts clearances of another. */
export function tablesOf({ clearances }: CompiledVersion, from: string, to: string): readonly CompiledTable[] {
  return clearances.get(from)?.get(to) ?? NONE
}

/** The newest of the tables of a direction that is valid at a second. */
export function tableAt(tables: readonly CompiledTable[], at: number): CompiledTable | undefined {
  for (const table of tables) if (table.validFrom <= at) return table
  return undefined
}

/** As `equivalentClearance` of the agreement package, by look-up. */
export function equivalentIn(table: CompiledTable | undefined, clearance: string): string {
  return table?.rows.get(clearance) ?? PERSON_DECIDES
}

/** Clearances of nation `from` whose equivalent opens a classification of `policy`, lowest first. */
export function sufficientClearances(
  version: CompiledVersion,
  from: string,
  policy: CompiledPolicy,
  classification: string,
  at: number,
): readonly string[] {
  const rows = tableAt(tablesOf(version, from, policy.nation), at)?.rows
  if (rows === undefined) return []
  return [...rows].filter(([, equivalent]) => policy.opens.get(equivalent)?.has(classification) === true).map(([clearance]) => clearance)
}
