import type { Delegation } from '../model.ts'
import type { Findings } from './findings.ts'

/** Basis, clocks, delegations, and the provisions on the agreement's own life. */
export function provisionProblems(findings: Findings): void {
  const { agreement } = findings
  basis(findings)
  clocks(findings)
  const { delegations = [] } = agreement
  findings.distinct(
    delegations.map(({ id }) => id),
    'delegations',
  )
  delegations.forEach((one, index) => delegation(findings, one, `delegations/${index}`))
  for (const provision of ['thirdParty', 'retention', 'entry', 'amendment', 'suspension', 'termination', 'survival'] as const) {
    const cited = agreement[provision]
    if (cited !== undefined) findings.article(cited.article, provision)
  }
  findings.sortedSet(agreement.survival?.acts, 'survival/acts')
}

function basis(findings: Findings): void {
  const { agreement, basis: references = [] } = findings.agreement
  findings.sortedSet(
    references.map((one) => one.agreement),
    'basis',
  )
  references.forEach((one, index) => {
    if (one.agreement === agreement) findings.add('agreement/basis-circle', `basis/${index}/agreement`, { agreement })
  })
}

function clocks(findings: Findings): void {
  const { clocks: all = [], compromiseHours } = findings.agreement
  findings.distinct(
    all.map(({ event }) => event),
    'clocks',
  )
  all.forEach(({ article, event, hours }, index) => {
    findings.article(article, `clocks/${index}`)
    if (event === 'compromise-suspected' && hours !== compromiseHours)
      findings.add('agreement/clocks-differ', `clocks/${index}/hours`, { hours, compromiseHours })
  })
}

function delegation(findings: Findings, one: Delegation, where: string): void {
  findings.article(one.article, where)
  findings.areaList(one.areas, `${where}/areas`)
  findings.sortedSet(one.modes, `${where}/modes`)
  if (one.until !== undefined && one.until <= findings.agreement.inForceFrom)
    findings.add('agreement/delegation-ended', `${where}/until`, { rule: one.id })
  if (!findings.party(one.nation, `${where}/nation`)) return
  findings.level(one.nation, one.ceiling, `${where}/ceiling`)
  const policy = findings.policies.get(one.nation)
  if (policy !== undefined && !policy.offices.some(({ code }) => code === one.office))
    findings.add('agreement/unknown-office', `${where}/office`, { office: one.office })
}
