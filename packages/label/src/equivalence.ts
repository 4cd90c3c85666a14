import { type MessageValues, type Shape, readShape, shapes } from '@entente/canonical'
import * as v from 'valibot'
import { problemOf } from './check.ts'
import type { AlternativeLabel, Label, MarkingPolicy } from './model.ts'
import { PERSON, policyCodes } from './policy-codes.ts'
import { Said } from './said.ts'
import { codeShape, policyIdShape } from './shape.ts'

/** What a table answers where it names no equivalent: never a guess, always a person. */
export const PERSON_DECIDES = 'person-decides'

/** One cell of an equivalence table; no `to` means: no equivalent, a person decides. */
export interface EquivalenceRow {
  readonly from: string
  readonly to?: string
}

/** The newest of the tables that are valid at a time (seconds since 1970); undefined when there is none. */
export function newestAt<Table extends { readonly validFrom: number }>(tables: readonly Table[], at: number): Table | undefined {
  let newest: Table | undefined
  for (const table of tables) {
    if (table.validFrom <= at && (newest === undefined || table.validFrom > newest.validFrom)) newest = table
  }
  return newest
}

/** What one row says of a code. Two rows or tables are never composed: what no row says is `person-decides`. */
export function equivalentCode(rows: readonly EquivalenceRow[] | undefined, code: string): string {
  return rows?.find(({ from }) => from === code)?.to ?? PERSON_DECIDES
}

/** One version of a table from the words of a policy to those of another: directed, dated, never inverted. */
export interface MappingTable {
  readonly id: string
  readonly from: string
  readonly to: string
  readonly validFrom: number
  readonly validUntil?: number
  readonly classifications: readonly EquivalenceRow[]
  /** `tag/CODE` of each side. */
  readonly categories: readonly EquivalenceRow[]
  readonly personRules: readonly EquivalenceRow[]
}

export type MapAnswer =
  | { readonly ok: true; readonly alternative: AlternativeLabel }
  | {
      readonly ok: false
      readonly code: 'label/person-decides'
      /** No table is valid, no row names an equivalent (`values.text`), or the other policy does not allow what came out (`values.cause`). */
      readonly reason: 'no-table' | 'no-equivalent' | 'not-allowed'
      readonly values: MessageValues
    }

/**
 * A partner's reading of a label under another policy, by the version of the table that is valid at `at` (spec/label.md
 * section 5). `policy` is the label's, `to` the other; `by` is who maps. Everything that decides needs a row; informative
 * values without one are left out, for nobody is tested by them; sets of nations stay what they are.
 */
export function mapLabel(label: Label, tables: readonly MappingTable[], to: MarkingPolicy, at: number, by: string): MapAnswer {
  const newest = newestAt(
    tables.filter((one) => one.from === label.policy && one.to === to.id),
    at,
  )
  // A version that has run out does not bring back the one before it.
  const table = newest?.validUntil !== undefined && newest.validUntil <= at ? undefined : newest
  const decide = (reason: 'no-table' | 'no-equivalent' | 'not-allowed', values: MessageValues): MapAnswer => ({
    ok: false,
    code: 'label/person-decides',
    reason,
    values,
  })
  if (table === undefined) return decide('no-table', { from: label.policy, to: to.id })
  const mapped = inWordsOf(label, table, to)
  if (typeof mapped === 'string') return decide('no-equivalent', { text: mapped, table: table.id })
  const problem = problemOf(mapped, to)
  if (problem !== undefined) return decide('not-allowed', { cause: problem.code, table: table.id })
  return { ok: true, alternative: { label: mapped, by, at, table: table.id } }
}

/** The label in the other's words, or the word that has no equivalent. */
function inWordsOf(label: Label, table: MappingTable, to: MarkingPolicy): Label | string {
  const classification = equivalentCode(table.classifications, label.classification)
  if (classification === PERSON_DECIDES) return label.classification
  const known = policyCodes(to)
  const said = new Said(to)
  for (const { tag, kind, values: codes } of label.categories) {
    for (const code of codes) {
      const target = equivalentCode(table.categories, `${tag}/${code}`)
      if (target === PERSON_DECIDES && kind === 'informative') continue
      if (target === PERSON_DECIDES) return `${tag}/${code}`
      const [newTag = '', newCode = ''] = target.split('/')
      // What every reader must hold may not become what nobody is asked for.
      if (known.categories.get(newTag)?.kind !== kind) return `${tag}/${code}`
      said.add(newTag, newCode, 0)
    }
  }
  for (const { code, nations } of label.personRules) {
    const target = equivalentCode(table.personRules, code)
    const rule = known.personRules.get(target)
    if (rule === undefined || rule.nations.some((nation) => !nations.includes(nation))) return code
    said.add(PERSON, target, 0)
  }
  const succession = label.succession === undefined ? undefined : inWordsOf(label.succession.label, table, to)
  if (typeof succession === 'string') return succession
  return {
    policy: to.id,
    classification,
    categories: said.categories(),
    personRules: said.personRules(),
    originators: label.originators,
    created: label.created,
    ...(label.review === undefined ? {} : { review: label.review }),
    ...(succession === undefined || label.succession === undefined ? {} : { succession: { at: label.succession.at, label: succession } }),
  }
}

const word = v.pipe(v.string(), v.minLength(1), v.maxLength(193))
const rows: Shape<readonly EquivalenceRow[]> = v.pipe(
  v.array(v.strictObject({ from: word, to: v.exactOptional(word) })),
  v.maxLength(512),
  v.check((all) => new Set(all.map(({ from }) => from)).size === all.length, 'each `from` once'),
)
const tablesShape: Shape<readonly MappingTable[]> = v.pipe(
  v.array(
    v.strictObject({
      id: v.pipe(v.string(), v.minLength(1), v.maxLength(128)),
      from: policyIdShape,
      to: policyIdShape,
      validFrom: shapes.instant,
      validUntil: v.exactOptional(shapes.instant),
      classifications: v.pipe(
        v.array(v.strictObject({ from: codeShape, to: v.exactOptional(codeShape) })),
        v.check((all) => new Set(all.map(({ from }) => from)).size === all.length, 'each `from` once'),
      ),
      categories: rows,
      personRules: rows,
    }),
  ),
  v.minLength(1),
  v.maxLength(64),
) as Shape<readonly MappingTable[]>

/** The versions of equivalence tables out of parsed JSON. Throws `canonical/shape` when they are not. */
export function readMappingTables(value: unknown): readonly MappingTable[] {
  return readShape(tablesShape, value, 'equivalence tables')
}
