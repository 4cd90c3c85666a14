import type { Agreement, AgreementVersion, Succession } from './model.ts'

/** The kinds of term that a later version may replace. */
export type TermKind = Succession['kind']

/** What an item and its reader bring along in the words of the version of the release. */
export interface Terms {
  /** Id of the grant of the basis. */
  readonly grant: string
  readonly area: string
  /** A classification of the originator's scheme. */
  readonly classification: string
  /** A clearance of the reader's nation's scheme; absent where it is unknown. */
  readonly clearance?: string
}

/** Whose schemes the terms belong to. */
export interface TermOwners {
  readonly originator: string
  readonly reader: string
}

/**
 * Reads one term through the successions of some versions, in the order given: oldest first (spec/agreement.md 4). At most
 * one step a version; a term that none of them replaces is itself. `nation` is whose classification or clearance it is.
 */
export function followSuccessions(
  versions: readonly Pick<AgreementVersion, 'body'>[],
  kind: TermKind,
  code: string,
  nation?: string,
): string {
  return versions.reduce((term, { body }) => successionOf(body, kind, term, nation)?.to ?? term, code)
}

/** The succession of a version that replaces this term, if one does. */
export function successionOf(body: Pick<Agreement, 'successions'>, kind: TermKind, code: string, nation?: string): Succession | undefined {
  const owned = kind === 'classification' || kind === 'clearance'
  return body.successions?.find((one) => one.kind === kind && one.from === code && (!owned || one.nation === nation))
}

/**
 * The terms of version number `basis` as version number `number` says them: read through the successions of every version
 * after the one up to the other, whether or not it was ever in force. `versions` may come in any order.
 */
export function effectiveTerms(
  versions: readonly AgreementVersion[],
  span: { readonly basis: number; readonly number: number },
  terms: Terms,
  owners: TermOwners,
): Terms {
  const between = versions
    .filter(({ body }) => body.version > span.basis && body.version <= span.number)
    .toSorted((a, b) => a.body.version - b.body.version)
  return {
    grant: followSuccessions(between, 'grant', terms.grant),
    area: followSuccessions(between, 'area', terms.area),
    classification: followSuccessions(between, 'classification', terms.classification, owners.originator),
    ...(terms.clearance === undefined ? {} : { clearance: followSuccessions(between, 'clearance', terms.clearance, owners.reader) }),
  }
}
