import { areaCovers } from '../areas.ts'
import { equivalentClearance } from '../equivalence.ts'
import type { Agreement, Grant, Prohibition } from '../model.ts'
import type { Findings } from './findings.ts'
import { readersOf } from './rules.ts'

/** Rules that contradict each other, and rules that nothing can ever meet: warnings, for the document is sound. */
export function reachProblems(findings: Findings): void {
  const { grants, delegations = [], retention, survival } = findings.agreement
  grants.forEach((grant, index) => {
    const where = `grants/${index}`
    const slices = slicesOf(findings, grant)
    if (slices.every((slice) => findings.agreement.prohibitions.some((rule) => covers(findings, rule, slice))))
      findings.add('agreement/grant-forbidden', where, { rule: grant.id })
    if (!readersOf(findings, grant).some((reader) => canBeMet(findings, grant, reader)))
      findings.add('agreement/grant-unmeetable', where, { rule: grant.id })
    if (retention?.itemDays !== undefined && retention.itemDays < grant.lifeDays)
      findings.add('agreement/life-cut', `${where}/lifeDays`, { rule: grant.id, days: retention.itemDays })
    const own = delegations.filter(({ nation }) => nation === grant.from)
    const order = (code: string): number => findings.terms('markings', grant.from)?.get(code) ?? Infinity
    const reached = own.some(
      (one) =>
        one.modes.includes(grant.mode) &&
        (grant.floor === undefined || order(one.ceiling) >= order(grant.floor)) &&
        one.areas.some((area) => grant.areas.some((granted) => overlaps(findings.agreement, area, granted))),
    )
    if (own.length > 0 && !reached) findings.add('agreement/grant-not-delegated', where, { rule: grant.id, nation: grant.from })
  })
  const beyond = survival?.acts.filter((act) => !grants.some(({ acts }) => acts.includes(act))) ?? []
  for (const act of beyond) findings.add('agreement/survival-beyond-grants', 'survival/acts', { act })
}

function overlaps(agreement: Agreement, a: string, b: string): boolean {
  return areaCovers(agreement, a, b) || areaCovers(agreement, b, a)
}

/** A grant for one reader's nation, one act and one purpose (absent: any): small enough for one prohibition to take it away. */
interface Slice {
  readonly grant: Grant
  readonly to: string
  readonly act: Grant['acts'][number]
  readonly purpose?: string
}

function slicesOf(findings: Findings, grant: Grant): readonly Slice[] {
  const { acts, person } = grant
  const whole = readersOf(findings, grant).flatMap((to) => acts.map((act): Slice => ({ grant, to, act })))
  return person.purposes.length === 0 ? whole : whole.flatMap((slice) => person.purposes.map((purpose) => ({ ...slice, purpose })))
}

/** Whether every question that the slice permits matches the prohibition (spec/decision.md 4). */
function covers(findings: Findings, rule: Prohibition, { grant, to, act, purpose }: Slice): boolean {
  const { agreement } = findings
  const { person } = grant
  // An item need not bear a person rule or category, nor a question a use: a prohibition of those leaves the rest.
  if (rule.personRules !== undefined || rule.categories !== undefined || rule.uses !== undefined) return false
  if (rule.from !== undefined && rule.from !== grant.from) return false
  if (rule.to !== undefined && rule.to !== to) return false
  if (rule.via !== undefined && rule.via !== grant.via) return false
  if (rule.acts !== undefined && !rule.acts.includes(act)) return false
  if (rule.areas !== undefined && !grant.areas.every((area) => rule.areas?.some((one) => areaCovers(agreement, one, area)))) return false
  if (rule.atLeast !== undefined && !startsAt(findings, grant, rule.atLeast)) return false
  return (
    isOutside(person.citizenship, rule.citizenshipOutside) &&
    isOutside(person.organisations, rule.organisationsOutside) &&
    isOutside(person.posts, rule.postsOutside) &&
    isOutside(person.facilities, rule.facilitiesOutside) &&
    isOutside(purpose === undefined ? undefined : [purpose], rule.purposesOutside)
  )
}

/** Whether whoever meets a condition stands outside a prohibition's list; without a list there is nothing to stand inside of. */
function isOutside(listed: readonly string[] | undefined, list: readonly string[] | undefined): boolean {
  return list === undefined || (listed !== undefined && listed.every((one) => !list.includes(one)))
}

/** Whether the lowest level of a grant is this one or a higher one. */
function startsAt(findings: Findings, grant: Grant, level: string): boolean {
  const levels = findings.terms('markings', grant.from) ?? new Map<string, number>()
  const lowest = grant.floor === undefined ? Math.min(...levels.values()) : levels.get(grant.floor)
  return lowest !== undefined && lowest >= (levels.get(level) ?? Infinity)
}

/** Whether some clearance of the reader's nation opens some level of the grant through the table, while both are members. */
function canBeMet(findings: Findings, grant: Grant, reader: string): boolean {
  const { agreement, policies } = findings
  const levels = findings.terms('markings', grant.from)
  const ceiling = levels?.get(grant.ceiling) ?? -Infinity
  const floor = (grant.floor === undefined ? undefined : levels?.get(grant.floor)) ?? -Infinity
  const granted = [...(levels ?? [])].filter(([, order]) => order >= floor && order <= ceiling).map(([code]) => code)
  const latest = Math.max(agreement.inForceFrom, ...agreement.equivalence.map(({ validFrom }) => validFrom))
  const opened = (policies.get(reader)?.clearances ?? []).flatMap(({ code }) =>
    [agreement.inForceFrom, latest].flatMap((at) => {
      const equivalent = equivalentClearance(agreement, reader, grant.from, code, at)
      return policies.get(grant.from)?.clearances.find((one) => one.code === equivalent)?.classifications ?? []
    }),
  )
  return (
    granted.some((level) => opened.includes(level)) &&
    meet(agreement, [grant.from, reader, ...(grant.via === undefined ? [] : [grant.via])])
  )
}

/** Whether these nations are ever members at one time. */
function meet(agreement: Agreement, nations: readonly string[]): boolean {
  const parties = agreement.parties.filter(({ nation }) => nations.includes(nation))
  const from = Math.max(agreement.inForceFrom, ...parties.map(({ memberFrom = 0 }) => memberFrom))
  const until = Math.min(agreement.inForceUntil ?? Infinity, ...parties.map(({ memberUntil = Infinity }) => memberUntil))
  return from < until
}
