import type { Agreement, Succession } from '@entente/agreement'
import type { CompiledAgreement, CompiledVersion } from './compile.ts'
import { type CompiledTable, tableAt } from './tables.ts'

/** What a version puts in the place of older terms of one kind and nation, and back. */
interface Replaced {
  readonly newer: ReadonlyMap<string, string>
  readonly older: ReadonlyMap<string, readonly string[]>
}

/** What a version puts in the place of older terms: by kind, then by nation, which is empty where the kind has none. */
export type Successions = ReadonlyMap<Succession['kind'], ReadonlyMap<string, Replaced>>

/** What an item brings along, in the words of one version. */
export interface Terms {
  readonly grant: string
  readonly area: string
  readonly classification: string
}

/** Successions of a version, looked up by kind, nation and code. */
export function compileSuccessions({ successions = [] }: Agreement): Successions {
  const kinds = Map.groupBy(successions, ({ kind }) => kind)
  return new Map(
    [...kinds].map(([kind, list]) => {
      const nations = Map.groupBy(list, ({ nation = '' }) => nation)
      return [kind, new Map([...nations].map(([nation, own]) => [nation, replacedBy(own)]))]
    }),
  )
}

function replacedBy(list: readonly Succession[]): Replaced {
  return {
    // The first of two that replace one term: which validation refuses.
    newer: new Map(list.toReversed().map(({ from, to }) => [from, to])),
    older: new Map([...Map.groupBy(list, ({ to }) => to)].map(([to, own]) => [to, own.map(({ from }) => from)])),
  }
}

/** A term read through the versions after the one released under, whose id is `from`, up to another. */
function read(
  { renaming, byId }: CompiledAgreement,
  from: string,
  version: CompiledVersion,
  code: string,
  kind: Succession['kind'],
  nation = '',
): string {
  const { number } = byId.get(from) ?? version
  let term = code
  for (const one of renaming) {
    if (one.number > number && one.number <= version.number) term = one.successions.get(kind)?.get(nation)?.newer.get(term) ?? term
  }
  return term
}

/** The terms of a release under the version whose id is `from`, as a version says them. */
export function termsIn(agreement: CompiledAgreement, from: string, version: CompiledVersion, terms: Terms, originator: string): Terms {
  if (agreement.renaming.length === 0 || version.id === from) return terms
  return {
    grant: read(agreement, from, version, terms.grant, 'grant'),
    area: read(agreement, from, version, terms.area, 'area'),
    classification: read(agreement, from, version, terms.classification, 'classification', originator),
  }
}

/**
 * What a reader's clearance is in a version that is asked about a release under the version whose id is `from`: all must suffice.
 * `tables` are that version's, from the reader's nation to the originator's.
 */
export function clearancesIn(
  agreement: CompiledAgreement,
  from: string,
  version: CompiledVersion,
  tables: readonly CompiledTable[],
  { nation, clearance, at }: { readonly nation: string; readonly clearance: string; readonly at: number },
): readonly string[] {
  const term = read(agreement, from, version, clearance, 'clearance', nation)
  if (tableAt(tables, at)?.named.has(term) === true) return [term]
  return olderClearances(agreement, version, nation, clearance, at)
}

/**
 * The clearances of an older version that a newer one stands for. A nation grants clearances in the terms of now; a version
 * that does not know them yet is asked about each that gave way to them since.
 */
function olderClearances(
  { renaming }: CompiledAgreement,
  version: CompiledVersion,
  nation: string,
  clearance: string,
  at: number,
): readonly string[] {
  const since = renaming.filter((one) => one.number > version.number && one.narrowsFrom <= at).toReversed()
  return since.reduce<readonly string[]>(
    (terms, { successions }) => {
      const older = successions.get('clearance')?.get(nation)?.older
      return older === undefined ? terms : terms.flatMap((term) => older.get(term) ?? [term])
    },
    [clearance],
  )
}
