import type { Agreement, Succession } from '@entente/agreement'
import type { CompiledAgreement, CompiledVersion } from './compile.ts'

/** What a version puts in the place of older terms, and back. */
export interface Successions {
  readonly newer: ReadonlyMap<string, string>
  readonly older: ReadonlyMap<string, readonly string[]>
}

/** What an item brings along, in the words of one version. */
export interface Terms {
  readonly grant: string
  readonly area: string
  readonly classification: string
}

/** Successions of a version, looked up by kind, nation and code. */
export function compileSuccessions({ successions = [] }: Agreement): Successions {
  const keyed = successions.map((one) => ({ ...one, prefix: prefixOf(one.kind, one.nation) }))
  return {
    // The first of two that replace one term: which validation refuses.
    newer: new Map(keyed.toReversed().map(({ prefix, from, to }) => [prefix + from, to])),
    older: new Map([...Map.groupBy(keyed, ({ prefix, to }) => prefix + to)].map(([key, list]) => [key, list.map(({ from }) => from)])),
  }
}

function prefixOf(kind: Succession['kind'], nation = ''): string {
  return `${kind} ${nation} `
}

/** The versions after the one released under, whose id is `from`, up to another. */
function between({ versions }: CompiledAgreement, from: string, version: CompiledVersion): readonly CompiledVersion[] {
  const { number } = versions.find(({ id }) => id === from) ?? version
  return versions.filter((one) => one.number > number && one.number <= version.number)
}

function read(steps: readonly CompiledVersion[], code: string, kind: Succession['kind'], nation?: string): string {
  const prefix = prefixOf(kind, nation)
  return steps.reduce((term, { successions }) => successions.newer.get(prefix + term) ?? term, code)
}

/** The terms of a release under the version whose id is `from`, as a version says them. */
export function termsIn(agreement: CompiledAgreement, from: string, version: CompiledVersion, terms: Terms, originator: string): Terms {
  const steps = between(agreement, from, version)
  if (steps.length === 0) return terms
  return {
    grant: read(steps, terms.grant, 'grant'),
    area: read(steps, terms.area, 'area'),
    classification: read(steps, terms.classification, 'classification', originator),
  }
}

/** What a reader's clearance is in a version that is asked about a release under the version whose id is `from`: all must suffice. */
export function clearancesIn(
  agreement: CompiledAgreement,
  from: string,
  version: CompiledVersion,
  {
    nation,
    originator,
    clearance,
    at,
  }: { readonly nation: string; readonly originator: string; readonly clearance: string; readonly at: number },
): readonly string[] {
  const steps = between(agreement, from, version)
  const term = steps.length === 0 ? clearance : read(steps, clearance, 'clearance', nation)
  if (version.clearanceTable(nation, originator, at)?.named.has(term) === true) return [term]
  return olderClearances(agreement, version, nation, clearance, at)
}

/**
 * The clearances of an older version that a newer one stands for. A nation grants clearances in the terms of now; a version
 * that does not know them yet is asked about each that gave way to them since.
 */
function olderClearances(
  agreement: CompiledAgreement,
  version: CompiledVersion,
  nation: string,
  clearance: string,
  at: number,
): readonly string[] {
  const prefix = prefixOf('clearance', nation)
  const since = agreement.versions.filter((one) => one.number > version.number && one.narrowsFrom <= at).toReversed()
  return since.reduce<readonly string[]>(
    (terms, { successions }) => terms.flatMap((term) => successions.older.get(prefix + term) ?? [term]),
    [clearance],
  )
}
