import type { MessageValues } from '@entente/canonical'
import type { MarkingPolicy } from '@entente/label'
import type { AgreementCode } from '../errors.ts'
import type { Agreement, EquivalenceTable } from '../model.ts'

/** One thing that is wrong with an agreement, and where: `grants/2/ceiling`. */
export interface AgreementProblem {
  readonly code: AgreementCode
  /** What has an error is not signed; a warning says that something will probably not do what its authors meant. */
  readonly severity: 'error' | 'warning'
  readonly where: string
  readonly values: MessageValues
}

const WARNINGS: ReadonlySet<AgreementCode> = new Set([
  'agreement/grant-forbidden',
  'agreement/grant-unmeetable',
  'agreement/grant-not-delegated',
  'agreement/life-cut',
  'agreement/survival-beyond-grants',
  'agreement/window-overlap',
  'agreement/window-gap',
])

/** A problem, as severe as its code is. */
export function problem(code: AgreementCode, where: string, values: MessageValues = {}): AgreementProblem {
  return { code, severity: WARNINGS.has(code) ? 'warning' : 'error', where, values }
}

/** What was found, and the look-ups that every part of the check needs. */
export class Findings {
  readonly problems: AgreementProblem[] = []
  readonly agreement: Agreement
  readonly policies: ReadonlyMap<string, MarkingPolicy>
  /** Nations that are parties, in the order of the document. */
  readonly parties: readonly string[]
  readonly #articles: ReadonlySet<string>
  readonly #areas: ReadonlySet<string>

  constructor(agreement: Agreement, policies: readonly MarkingPolicy[]) {
    this.agreement = agreement
    this.parties = agreement.parties.map(({ nation }) => nation)
    // A policy of the other realm says nothing here, even when it is the same nation's.
    const own = policies.filter((policy) => policy.realm === agreement.realm && this.parties.includes(policy.nation))
    this.policies = new Map(own.map((policy) => [policy.nation, policy]))
    this.#articles = new Set(agreement.articles.map((article) => article.id))
    this.#areas = new Set(agreement.areas.map((area) => area.code))
  }

  add(code: AgreementCode, where: string, values: MessageValues = {}): void {
    this.problems.push(problem(code, where, values))
  }

  article(id: string, where: string): void {
    if (!this.#articles.has(id)) this.add('agreement/unknown-article', `${where}/article`, { article: id })
  }

  hasArea(code: string): boolean {
    return this.#areas.has(code)
  }

  areaList(codes: readonly string[], where: string): void {
    this.sortedSet(codes, where)
    codes.forEach((area, index) => {
      if (!this.#areas.has(area)) this.add('agreement/unknown-area', `${where}/${index}`, { area })
    })
  }

  /** Whether it names a party; a nation that is none is a finding. */
  party(nation: string, where: string): boolean {
    const known = this.parties.includes(nation)
    if (!known) this.add('agreement/unknown-nation', where, { nation })
    return known
  }

  /** Whether both ends are parties, and two. */
  direction(rule: { readonly from: string; readonly to: string }, where: string): boolean {
    const ends = [this.party(rule.from, `${where}/from`), this.party(rule.to, `${where}/to`)]
    if (rule.from === rule.to) this.add('agreement/direction', where, { from: rule.from })
    return ends.every(Boolean) && rule.from !== rule.to
  }

  /** Codes of a nation's classifications or clearances, with their order. */
  terms(kind: EquivalenceTable['kind'], nation: string): ReadonlyMap<string, number> | undefined {
    const policy = this.policies.get(nation)
    if (policy === undefined) return undefined
    const terms = kind === 'markings' ? policy.classifications : policy.clearances
    return new Map(terms.map((term) => [term.code, term.order]))
  }

  /** The order of a classification; one that a known policy does not have is a finding. */
  level(nation: string, code: string, where: string): number | undefined {
    const levels = this.terms('markings', nation)
    if (levels !== undefined && !levels.has(code)) this.add('agreement/unknown-classification', where, { code })
    return levels?.get(code)
  }

  categories(values: readonly string[], nations: readonly string[], where: string): void {
    this.sortedSet(values, where)
    values.forEach((value, index) => {
      const slash = value.indexOf('/')
      const tag = value.slice(0, slash)
      const code = value.slice(slash + 1)
      const known = nations.some((nation) =>
        this.policies.get(nation)?.categories.some((category) => category.tag === tag && category.values.some((one) => one.code === code)),
      )
      if (!known) this.add('agreement/unknown-category', `${where}/${index}`, { category: value })
    })
  }

  distinct(ids: readonly string[], where: string): void {
    const seen = new Set<string>()
    for (const id of ids) {
      if (seen.has(id)) this.add('agreement/duplicate', where, { of: id })
      seen.add(id)
    }
  }

  /** Sets on the wire are sorted arrays without repetition, so that one set has one spelling and one id. */
  sortedSet(values: readonly string[] | undefined, where: string): void {
    const unsorted = values?.findIndex((value, index) => index > 0 && (values[index - 1] ?? '') >= value) ?? -1
    if (unsorted !== -1) this.add('agreement/not-a-sorted-set', `${where}/${unsorted}`)
  }
}
