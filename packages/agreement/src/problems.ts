import type { MessageValues } from '@entente/canonical'
import type { MarkingPolicy } from '@entente/label'
import { areaAndAbove } from './areas.ts'
import { AgreementError, type AgreementCode } from './errors.ts'
import type { Agreement, EquivalenceTable, Grant, Prohibition } from './model.ts'

/** One thing that is wrong with an agreement, and where: `grants/2/ceiling`. */
export interface AgreementProblem {
  readonly code: AgreementCode
  readonly where: string
  readonly values: MessageValues
}

/**
 * Checks a version against itself and against the marking policies of its parties. Throws `AgreementError` with the code of the
 * first problem and `values.where`; `agreementProblems` gives them all.
 */
export function validateAgreement(agreement: Agreement, policies: readonly MarkingPolicy[]): void {
  const [first] = agreementProblems(agreement, policies)
  if (first === undefined) return
  throw new AgreementError(
    first.code,
    `agreement \`${agreement.agreement}\`: at ${first.where}: ${first.code.slice('agreement/'.length)}`,
    {
      values: { ...first.values, where: first.where },
    },
  )
}

/** Everything that is wrong with a version, in the order of the document; empty when it may be signed (spec/agreement.md 3). */
export function agreementProblems(agreement: Agreement, policies: readonly MarkingPolicy[]): readonly AgreementProblem[] {
  const check = new Check(agreement, policies)
  check.frame()
  check.areas()
  agreement.equivalence.forEach((table, index) => check.table(table, index))
  agreement.grants.forEach((grant, index) => check.grant(grant, `grants/${index}`))
  agreement.prohibitions.forEach((prohibition, index) => check.prohibition(prohibition, `prohibitions/${index}`))
  return check.problems
}

class Check {
  readonly problems: AgreementProblem[] = []
  readonly #agreement: Agreement
  readonly #policies: ReadonlyMap<string, MarkingPolicy>
  readonly #articles: ReadonlySet<string>
  readonly #areas: ReadonlySet<string>

  constructor(agreement: Agreement, policies: readonly MarkingPolicy[]) {
    this.#agreement = agreement
    const parties = new Set(agreement.parties.map((party) => party.nation))
    // A policy of the other realm says nothing here, even when it is the same nation's.
    const own = policies.filter((policy) => policy.realm === agreement.realm && parties.has(policy.nation))
    this.#policies = new Map(own.map((policy) => [policy.nation, policy]))
    this.#articles = new Set(agreement.articles.map((article) => article.id))
    this.#areas = new Set(agreement.areas.map((area) => area.code))
  }

  frame(): void {
    const { version, previous, parties, articles, areas, grants, prohibitions, inForceFrom, inForceUntil } = this.#agreement
    if ((version === 1) !== (previous === undefined)) this.#add('agreement/previous', 'previous', { version })
    this.#sortedSet(
      parties.map((party) => party.nation),
      'parties',
    )
    parties.forEach(({ nation }, index) => {
      if (!this.#policies.has(nation)) this.#add('agreement/unknown-policy', `parties/${index}/nation`, { nation })
    })
    this.#distinct(
      articles.map((article) => article.id),
      'articles',
    )
    this.#distinct(
      areas.map((area) => area.code),
      'areas',
    )
    // Grants and prohibitions share one space of ids: a reason names its rule by nothing else.
    this.#distinct(
      [...grants, ...prohibitions].map((rule) => rule.id),
      'rules',
    )
    if (inForceUntil !== undefined && inForceUntil <= inForceFrom) this.#add('agreement/window', 'inForceUntil', {})
  }

  areas(): void {
    const { areas } = this.#agreement
    areas.forEach((area, index) => {
      if (area.parent === undefined) return
      const where = `areas/${index}/parent`
      if (!this.#areas.has(area.parent)) this.#add('agreement/unknown-area', where, { area: area.parent })
      else if (runsInCircle(this.#agreement, area.code)) this.#add('agreement/area-cycle', where, { area: area.code })
    })
  }

  table(table: EquivalenceTable, index: number): void {
    const where = `equivalence/${index}`
    this.#article(table.article, where)
    const { equivalence } = this.#agreement
    const twin = equivalence.findIndex((other) => sameDirection(other, table) && other.validFrom === table.validFrom)
    if (twin !== index) this.#add('agreement/duplicate', where, { of: table.kind })
    if (!this.#direction(table, where)) return
    const from = this.#terms(table.kind, table.from)
    const to = this.#terms(table.kind, table.to)
    if (from === undefined || to === undefined) return
    const unknown = table.kind === 'markings' ? 'agreement/unknown-classification' : 'agreement/unknown-clearance'
    table.rows.forEach((row, at) => {
      if (!from.has(row.from)) this.#add(unknown, `${where}/rows/${at}/from`, { code: row.from })
      if (row.to !== undefined && !to.has(row.to)) this.#add(unknown, `${where}/rows/${at}/to`, { code: row.to })
    })
    this.#distinct(
      table.rows.map((row) => row.from),
      `${where}/rows`,
    )
    for (const code of from.keys()) {
      if (!table.rows.some((row) => row.from === code)) this.#add('agreement/table-incomplete', `${where}/rows`, { code })
    }
    this.#monotone(table, from, to, where)
  }

  grant(grant: Grant, where: string): void {
    this.#article(grant.article, where)
    this.#areaList(grant.areas, `${where}/areas`)
    this.#sortedSet(grant.categories, `${where}/categories`)
    this.#sortedSet(grant.acts, `${where}/acts`)
    this.#sortedSet(grant.duties, `${where}/duties`)
    this.#sortedSet(grant.person.citizenship, `${where}/person/citizenship`)
    this.#sortedSet(grant.person.purposes, `${where}/person/purposes`)
    // Shown means that no copy is kept: whoever may open, print or export was given it (spec/agreement.md 5).
    if (grant.mode === 'show' && grant.acts.some((act) => act !== 'list' && act !== 'show')) {
      this.#add('agreement/show-is-not-give', `${where}/acts`, { rule: grant.id })
    }
    if (!this.#direction(grant, where)) return
    this.#needsTable('markings', grant.from, grant.to, where)
    this.#needsTable('clearances', grant.to, grant.from, where)
    const levels = this.#terms('markings', grant.from)
    if (levels === undefined) return
    const ceiling = levels.get(grant.ceiling)
    const floor = grant.floor === undefined ? undefined : levels.get(grant.floor)
    if (ceiling === undefined) this.#add('agreement/unknown-classification', `${where}/ceiling`, { code: grant.ceiling })
    if (grant.floor !== undefined && floor === undefined)
      this.#add('agreement/unknown-classification', `${where}/floor`, { code: grant.floor })
    if (ceiling !== undefined && floor !== undefined && floor > ceiling)
      this.#add('agreement/floor-above-ceiling', `${where}/floor`, { rule: grant.id })
    this.#categories(grant.categories, [grant.from], `${where}/categories`)
  }

  prohibition(prohibition: Prohibition, where: string): void {
    this.#article(prohibition.article, where)
    const parties = this.#agreement.parties.map((party) => party.nation)
    for (const end of ['from', 'to'] as const) {
      const nation = prohibition[end]
      if (nation !== undefined && !parties.includes(nation)) this.#add('agreement/unknown-nation', `${where}/${end}`, { nation })
    }
    if (prohibition.from !== undefined && prohibition.from === prohibition.to)
      this.#add('agreement/direction', where, { from: prohibition.from })
    if (prohibition.areas !== undefined) this.#areaList(prohibition.areas, `${where}/areas`)
    this.#sortedSet(prohibition.acts ?? [], `${where}/acts`)
    this.#sortedSet(prohibition.citizenshipOutside ?? [], `${where}/citizenshipOutside`)
    this.#sortedSet(prohibition.categories ?? [], `${where}/categories`)
    this.#sortedSet(prohibition.personRules ?? [], `${where}/personRules`)
    const from = prohibition.from === undefined ? parties : [prohibition.from]
    this.#categories(prohibition.categories ?? [], from, `${where}/categories`)
    prohibition.personRules?.forEach((code, index) => {
      const known = from.some((nation) => this.#policies.get(nation)?.personRules.some((rule) => rule.code === code))
      if (!known) this.#add('agreement/unknown-person-rule', `${where}/personRules/${index}`, { code })
    })
  }

  #add(code: AgreementCode, where: string, values: MessageValues): void {
    this.problems.push({ code, where, values })
  }

  #article(id: string, where: string): void {
    if (!this.#articles.has(id)) this.#add('agreement/unknown-article', `${where}/article`, { article: id })
  }

  #areaList(codes: readonly string[], where: string): void {
    this.#sortedSet(codes, where)
    codes.forEach((area, index) => {
      if (!this.#areas.has(area)) this.#add('agreement/unknown-area', `${where}/${index}`, { area })
    })
  }

  #direction(rule: { readonly from: string; readonly to: string }, where: string): boolean {
    let holds = true
    for (const end of ['from', 'to'] as const) {
      if (this.#agreement.parties.some((party) => party.nation === rule[end])) continue
      this.#add('agreement/unknown-nation', `${where}/${end}`, { nation: rule[end] })
      holds = false
    }
    if (rule.from === rule.to) {
      this.#add('agreement/direction', where, { from: rule.from })
      holds = false
    }
    return holds
  }

  #needsTable(kind: EquivalenceTable['kind'], from: string, to: string, where: string): void {
    const { equivalence, inForceFrom } = this.#agreement
    const found = equivalence.some(
      (table) => table.kind === kind && table.from === from && table.to === to && table.validFrom <= inForceFrom,
    )
    if (!found) this.#add('agreement/table-missing', where, { kind, from, to })
  }

  /** Codes of a nation's classifications or clearances, with their order. */
  #terms(kind: EquivalenceTable['kind'], nation: string): ReadonlyMap<string, number> | undefined {
    const policy = this.#policies.get(nation)
    if (policy === undefined) return undefined
    const terms = kind === 'markings' ? policy.classifications : policy.clearances
    return new Map(terms.map((term) => [term.code, term.order]))
  }

  /** Of two terms the higher never stands for less than the lower. Cells without an equivalent stand outside the comparison. */
  #monotone(table: EquivalenceTable, from: ReadonlyMap<string, number>, to: ReadonlyMap<string, number>, where: string): void {
    const steps = table.rows
      .map((row) => ({ code: row.from, from: from.get(row.from), to: row.to === undefined ? undefined : to.get(row.to) }))
      .filter((step): step is { code: string; from: number; to: number } => step.from !== undefined && step.to !== undefined)
      .sort((a, b) => a.from - b.from)
    let highest = -Infinity
    for (const step of steps) {
      if (step.to < highest) this.#add('agreement/table-not-monotone', `${where}/rows`, { code: step.code })
      highest = Math.max(highest, step.to)
    }
  }

  #categories(values: readonly string[], nations: readonly string[], where: string): void {
    values.forEach((value, index) => {
      const slash = value.indexOf('/')
      const tag = value.slice(0, slash)
      const code = value.slice(slash + 1)
      const known = nations.some((nation) =>
        this.#policies.get(nation)?.categories.some((category) => category.tag === tag && category.values.some((one) => one.code === code)),
      )
      if (!known) this.#add('agreement/unknown-category', `${where}/${index}`, { category: value })
    })
  }

  #distinct(ids: readonly string[], where: string): void {
    const seen = new Set<string>()
    for (const id of ids) {
      if (seen.has(id)) this.#add('agreement/duplicate', where, { of: id })
      seen.add(id)
    }
  }

  /** Sets on the wire are sorted arrays without repetition, so that one set has one spelling and one id. */
  #sortedSet(values: readonly string[], where: string): void {
    for (let index = 1; index < values.length; index++) {
      if ((values[index - 1] ?? '') >= (values[index] ?? '')) {
        this.#add('agreement/not-a-sorted-set', `${where}/${index}`, {})
        return
      }
    }
  }
}

function sameDirection(a: EquivalenceTable, b: EquivalenceTable): boolean {
  return a.kind === b.kind && a.from === b.from && a.to === b.to
}

/** True only for a code on or below a cycle: an ancestry that ends in a missing area is another problem. */
function runsInCircle(agreement: Agreement, code: string): boolean {
  if (areaAndAbove(agreement, code).length > 0) return false
  const seen = new Set<string>()
  let at: string | undefined = code
  while (at !== undefined && !seen.has(at)) {
    seen.add(at)
    const below: string = at
    at = agreement.areas.find((area) => area.code === below)?.parent
  }
  return at !== undefined
}
