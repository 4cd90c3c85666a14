import type { Agreement, Succession } from '@entente/agreement'
import type { CompiledAgreement, CompiledVersion } from './compile.ts'

/** What a version puts in the place of older terms, and back. */
export interface Successions {
  readonly newer: ReadonlyMap<string, string>
  readonly older: ReadonlyMap<string, readonly string[]>
}

/** What an item and its reader bring along, in the words of one version. */
export interface Terms {
  readonly grant: string
  readonly area: string
  readonly classification: string
  /** What the reader's clearance is in that version: all of them must suffice. Absent: unknown. */
  readonly clearances?: readonly string[]
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

/** Whose terms are read, and when: the reader's nation, and the clearance where it is known. */
export interface Read {
  readonly originator: string
  readonly nation: string
  readonly clearance?: string | undefined
  readonly grant: string
  readonly area: string
  readonly classification: string
  readonly at: number
}

/**
 * The terms as a version says them: read through the successions of every version after the one released under, whose id
 * is `from`.
 */
export function termsIn(agreement: CompiledAgreement, from: string, version: CompiledVersion, terms: Read): Terms {
  const { number } = agreement.versions.find(({ id }) => id === from) ?? version
  const between = agreement.versions.filter((one) => one.number > number && one.number <= version.number)
  const read = (kind: Succession['kind'], code: string, nation?: string): string => {
    const prefix = prefixOf(kind, nation)
    return between.reduce((term, { successions }) => successions.newer.get(prefix + term) ?? term, code)
  }
  const { originator, nation, at } = terms
  const found = {
    grant: read('grant', terms.grant),
    area: read('area', terms.area),
    classification: read('classification', terms.classification, originator),
  }
  if (terms.clearance === undefined) return found
  const clearance = read('clearance', terms.clearance, nation)
  if (version.clearanceTable(nation, originator, at)?.named.has(clearance) === true) return { ...found, clearances: [clearance] }
  return { ...found, clearances: olderClearances(agreement, version, nation, terms.clearance, at) }
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
