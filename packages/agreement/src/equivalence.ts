import { PERSON_DECIDES, equivalentCode, newestAt } from '@entente/label'
import type { Agreement, EquivalenceTable } from './model.ts'

export { PERSON_DECIDES }

/** Tables of one kind and direction that are valid at `at` give way to the newest of them; undefined when there is none. */
export function tableAt(
  agreement: Pick<Agreement, 'equivalence'>,
  kind: EquivalenceTable['kind'],
  from: string,
  to: string,
  at: number,
): EquivalenceTable | undefined {
  return newestAt(
    agreement.equivalence.filter((table) => table.kind === kind && table.from === from && table.to === to),
    at,
  )
}

/**
 * The classification of nation `to` that stands for classification `code` of nation `from`, at `at` (seconds). It reads one
 * row of one table and never composes two: what no row says is `person-decides`, and so is a code that stands in no row.
 */
export function equivalentMarking(agreement: Pick<Agreement, 'equivalence'>, from: string, to: string, code: string, at: number): string {
  return equivalentCode(tableAt(agreement, 'markings', from, to, at)?.rows, code)
}

/** As `equivalentMarking`, for clearance levels: `from` is the nation that cleared the person. */
export function equivalentClearance(agreement: Pick<Agreement, 'equivalence'>, from: string, to: string, code: string, at: number): string {
  return equivalentCode(tableAt(agreement, 'clearances', from, to, at)?.rows, code)
}
