import type { EquivalenceTable, Grant, Region } from '../model.ts'
import type { Findings } from './findings.ts'

/** Grants, prohibitions and invariants, each by itself. */
export function ruleProblems(findings: Findings): void {
  const { grants, prohibitions, invariants = [] } = findings.agreement
  grants.forEach((one, index) => grant(findings, one, `grants/${index}`))
  prohibitions.forEach((one, index) => {
    findings.article(one.article, `prohibitions/${index}`)
    region(findings, one, `prohibitions/${index}`)
  })
  findings.distinct(
    invariants.map(({ id }) => id),
    'invariants',
  )
  invariants.forEach(({ never }, index) => region(findings, never, `invariants/${index}/never`))
}

/** The nations that a grant lets read: the one, or every other party. */
export function readersOf(findings: Findings, { from, to }: Pick<Grant, 'from' | 'to'>): readonly string[] {
  return to === 'members' ? findings.parties.filter((nation) => nation !== from) : [to]
}

function grant(findings: Findings, one: Grant, where: string): void {
  const { person } = one
  findings.article(one.article, where)
  findings.areaList(one.areas, `${where}/areas`)
  findings.sortedSet(one.acts, `${where}/acts`)
  findings.sortedSet(one.uses, `${where}/uses`)
  findings.sortedSet(one.duties, `${where}/duties`)
  for (const list of ['citizenship', 'purposes', 'organisations', 'posts', 'facilities'] as const)
    findings.sortedSet(person[list], `${where}/person/${list}`)
  // Shown means that no copy is kept: whoever may open, print or export was given it (spec/agreement.md 5).
  if (one.mode === 'show' && one.acts.some((act) => act !== 'list' && act !== 'show'))
    findings.add('agreement/show-is-not-give', `${where}/acts`, { rule: one.id })
  if (!ends(findings, one, where)) return
  for (const reader of readersOf(findings, one)) {
    needsTable(findings, 'markings', one.from, reader, where)
    needsTable(findings, 'clearances', reader, one.from, where)
  }
  const ceiling = findings.level(one.from, one.ceiling, `${where}/ceiling`)
  const floor = one.floor === undefined ? undefined : findings.level(one.from, one.floor, `${where}/floor`)
  if (ceiling !== undefined && floor !== undefined && floor > ceiling)
    findings.add('agreement/floor-above-ceiling', `${where}/floor`, { rule: one.id })
  findings.categories(one.categories, [one.from], `${where}/categories`)
}

function ends(findings: Findings, { from, to, via }: Grant, where: string): boolean {
  const resolved = to === 'members' ? findings.party(from, `${where}/from`) : findings.direction({ from, to }, where)
  if (via !== undefined) through(findings, { from, to, via }, where)
  return resolved
}

/** An intermediary is a party, and a third one: a grant to all members cannot go through one of them. */
function through(findings: Findings, { from, to, via }: { from?: string; to?: string; via: string }, where: string): void {
  findings.party(via, `${where}/via`)
  if (via === from || via === to || to === 'members') findings.add('agreement/via', `${where}/via`, { nation: via })
}

function needsTable(findings: Findings, kind: EquivalenceTable['kind'], from: string, to: string, where: string): void {
  const { equivalence, inForceFrom } = findings.agreement
  const found = equivalence.some((table) => table.kind === kind && table.from === from && table.to === to && table.validFrom <= inForceFrom)
  if (!found) findings.add('agreement/table-missing', where, { kind, from, to })
}

/** What every region must hold, of a prohibition and of an invariant alike. */
function region(findings: Findings, one: Region, where: string): void {
  const { from, to, via, atLeast, personRules = [], categories = [] } = one
  for (const end of ['from', 'to'] as const) {
    const nation = one[end]
    if (nation !== undefined) findings.party(nation, `${where}/${end}`)
  }
  if (from !== undefined && from === to) findings.add('agreement/direction', where, { from })
  if (via !== undefined) through(findings, { ...(from === undefined ? {} : { from }), ...(to === undefined ? {} : { to }), via }, where)
  if (one.areas !== undefined) findings.areaList(one.areas, `${where}/areas`)
  const lists = [
    'acts',
    'uses',
    'citizenshipOutside',
    'organisationsOutside',
    'postsOutside',
    'facilitiesOutside',
    'purposesOutside',
  ] as const
  for (const list of lists) findings.sortedSet(one[list], `${where}/${list}`)
  // A code says nothing without the scheme that it is a code of.
  if (atLeast !== undefined && from === undefined) findings.add('agreement/level-without-scheme', `${where}/atLeast`, { code: atLeast })
  if (atLeast !== undefined && from !== undefined) findings.level(from, atLeast, `${where}/atLeast`)
  const origins = from === undefined ? findings.parties : [from]
  findings.categories(categories, origins, `${where}/categories`)
  findings.sortedSet(personRules, `${where}/personRules`)
  personRules.forEach((code, index) => {
    const known = origins.some((nation) => findings.policies.get(nation)?.personRules.some((rule) => rule.code === code))
    if (!known) findings.add('agreement/unknown-person-rule', `${where}/personRules/${index}`, { code })
  })
}
