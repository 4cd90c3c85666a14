import { areaAndAbove } from '../areas.ts'
import type { Agreement, EquivalenceTable } from '../model.ts'
import { membersAt } from '../state.ts'
import type { Findings } from './findings.ts'

/** Frame, membership, areas and tables. */
export function documentProblems(findings: Findings): void {
  frame(findings)
  membership(findings)
  areas(findings)
  findings.agreement.equivalence.forEach((one, index) => table(findings, one, `equivalence/${index}`))
}

function frame(findings: Findings): void {
  const { version, previous, articles, areas: all, grants, prohibitions, inForceFrom, inForceUntil } = findings.agreement
  if ((version === 1) !== (previous === undefined)) findings.add('agreement/previous', 'previous', { version })
  findings.sortedSet(findings.parties, 'parties')
  findings.parties.forEach((nation, index) => {
    if (!findings.policies.has(nation)) findings.add('agreement/unknown-policy', `parties/${index}/nation`, { nation })
  })
  findings.distinct(
    articles.map((article) => article.id),
    'articles',
  )
  findings.distinct(
    all.map((area) => area.code),
    'areas',
  )
  // Grants and prohibitions share one space of ids: a reason names its rule by nothing else.
  findings.distinct(
    [...grants, ...prohibitions].map((rule) => rule.id),
    'rules',
  )
  if (inForceUntil !== undefined && inForceUntil <= inForceFrom) findings.add('agreement/window', 'inForceUntil')
}

function membership(findings: Findings): void {
  const { agreement } = findings
  agreement.parties.forEach(({ nation, authorityKey, countersigningKey: second, memberFrom = 0, memberUntil = Infinity }, index) => {
    // One key twice would let one person sign as two.
    if (second !== undefined && (second.ed25519 === authorityKey.ed25519 || second.mldsa65 === authorityKey.mldsa65))
      findings.add('agreement/duplicate', `parties/${index}/countersigningKey`, { of: nation })
    if (memberUntil <= memberFrom) findings.add('agreement/membership', `parties/${index}/memberUntil`, { nation })
  })
  if (membersAt({ id: '', body: agreement }, agreement.inForceFrom).length < 2) findings.add('agreement/too-few-members', 'parties')
}

function areas(findings: Findings): void {
  const { agreement } = findings
  agreement.areas.forEach((area, index) => {
    if (area.parent === undefined) return
    const where = `areas/${index}/parent`
    if (!findings.hasArea(area.parent)) findings.add('agreement/unknown-area', where, { area: area.parent })
    else if (runsInCircle(agreement, area.code)) findings.add('agreement/area-cycle', where, { area: area.code })
  })
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

function table(findings: Findings, one: EquivalenceTable, where: string): void {
  findings.article(one.article, where)
  const { equivalence } = findings.agreement
  const twin = equivalence.find((other) => sameDirection(other, one) && other.validFrom === one.validFrom)
  if (twin !== one) findings.add('agreement/duplicate', where, { of: one.kind })
  if (!findings.direction(one, where)) return
  const from = findings.terms(one.kind, one.from)
  const to = findings.terms(one.kind, one.to)
  if (from === undefined || to === undefined) return
  const unknown = one.kind === 'markings' ? 'agreement/unknown-classification' : 'agreement/unknown-clearance'
  one.rows.forEach((row, at) => {
    if (!from.has(row.from)) findings.add(unknown, `${where}/rows/${at}/from`, { code: row.from })
    if (row.to !== undefined && !to.has(row.to)) findings.add(unknown, `${where}/rows/${at}/to`, { code: row.to })
  })
  findings.distinct(
    one.rows.map((row) => row.from),
    `${where}/rows`,
  )
  for (const code of from.keys()) {
    if (!one.rows.some((row) => row.from === code)) findings.add('agreement/table-incomplete', `${where}/rows`, { code })
  }
  monotone(findings, one, from, to, where)
}

/** Of two terms the higher never stands for less than the lower. Cells without an equivalent stand outside the comparison. */
function monotone(
  findings: Findings,
  one: EquivalenceTable,
  from: ReadonlyMap<string, number>,
  to: ReadonlyMap<string, number>,
  where: string,
): void {
  const steps = one.rows
    .map((row) => ({ code: row.from, from: from.get(row.from), to: row.to === undefined ? undefined : to.get(row.to) }))
    .filter((step): step is { code: string; from: number; to: number } => step.from !== undefined && step.to !== undefined)
    .sort((a, b) => a.from - b.from)
  let highest = -Infinity
  for (const step of steps) {
    if (step.to < highest) findings.add('agreement/table-not-monotone', `${where}/rows`, { code: step.code })
    highest = Math.max(highest, step.to)
  }
}

function sameDirection(a: EquivalenceTable, b: EquivalenceTable): boolean {
  return a.kind === b.kind && a.from === b.from && a.to === b.to
}
