import type { Agreement, EquivalenceTable } from './model.ts'

/** What a table answers where it names no equivalent: never a guess, always a person. */
export const PERSON_DECIDES = 'person-decides'

/** Tables of one kind and direction that are valid at `at` give way to the newest of them; undefined when there is none. */
export function tableAt(
  agreement: Pick<Agreement, 'equivalence'>,
  kind: EquivalenceTable['kind'],
  from: string,
  to: string,
  at: number,
): EquivalenceTable | undefined {
  let newest: EquivalenceTable | undefined
  for (const table of agreement.equivalence) {
    if (table.kind !== kind || table.from !== from || table.to !== to || table.validFrom > at) continue
    if (newest === undefined || table.validFrom > newest.validFrom) newest = table
  }
  return newest
}

/**
 * The classification of nation `to` that stands for classification `code` of nation `from`, at `at` (seconds). It reads one
 * row of one table and never composes two: what no row says is `person-decides`, and so is a code that stands in no row.
 */
export function equivalentMarking(agreement: Pick<Agreement, 'equivalence'>, from: string, to: string, code: string, at: number): string {
  return equivalent(tableAt(agreement, 'markings', from, to, at), code)
}

/** As `equivalentMarking`, for clearance levels: `from` is the nation that cleared the person. */
export function equivalentClearance(agreement: Pick<Agreement, 'equivalence'>, from: string, to: string, code: string, at: number): string {
  return equivalent(tableAt(agreement, 'clearances', from, to, at), code)
}

function equivalent(table: EquivalenceTable | undefined, code: string): string {
  return table?.rows.find((row) => row.from === code)?.to ?? PERSON_DECIDES
}
