import type { PolicyClearance } from '@entente/label'
import { chainProblem } from '../chain.ts'
import type { Agreement, AgreementVersion, Succession } from '../model.ts'
import type { Findings } from './findings.ts'

/** What a version must continue: the version before it, where that is given, and the terms that it replaces. */
export function continuityProblems(findings: Findings, previous: AgreementVersion | undefined): void {
  const { agreement } = findings
  if (previous !== undefined) {
    const broken = chainProblem(agreement, previous)
    if (broken !== undefined) findings.add(broken, 'previous', { agreement: agreement.agreement, version: agreement.version })
    const { inForceUntil } = previous.body
    if (inForceUntil !== undefined && inForceUntil > agreement.inForceFrom) findings.add('agreement/window-overlap', 'inForceFrom')
    if (inForceUntil !== undefined && inForceUntil < agreement.inForceFrom) findings.add('agreement/window-gap', 'inForceFrom')
  }
  const { successions = [] } = agreement
  findings.distinct(
    successions.map(({ kind, nation = '', from }) => [kind, nation, from].filter(Boolean).join(' ')),
    'successions',
  )
  successions.forEach((one, index) => succession(findings, one, `successions/${index}`, previous?.body))
}

function succession(findings: Findings, one: Succession, where: string, previous: Agreement | undefined): void {
  findings.article(one.article, where)
  const { kind, nation } = one
  const owned = kind === 'classification' || kind === 'clearance'
  if (owned !== (nation !== undefined)) {
    findings.add('agreement/succession-nation', `${where}/nation`, { of: one.from })
    return
  }
  if (nation !== undefined && !findings.party(nation, `${where}/nation`)) return
  if (nation !== undefined && !findings.policies.has(nation)) return
  // Schemes keep what is retired, so that old labels can be read; the rules of a version do not use it any more.
  const replaced = isKnown(findings, one, one.from, previous)
  const replacing = isKnown(findings, one, one.to, findings.agreement)
  if (!replaced) findings.add('agreement/succession-unknown', `${where}/from`, { code: one.from })
  if (!replacing) findings.add('agreement/succession-unknown', `${where}/to`, { code: one.to })
  if (isInUse(findings.agreement, one)) findings.add('agreement/succession-current', `${where}/from`, { code: one.from })
  else if (replaced && replacing && raises(findings, one, previous))
    findings.add('agreement/succession-raises', where, { code: one.from, by: one.to })
}

/** Whether a term is one of `of`, or of the nation's scheme; of a version that is not given nothing is denied. */
function isKnown(findings: Findings, { kind, nation = '' }: Succession, code: string, of: Agreement | undefined): boolean {
  const policy = findings.policies.get(nation)
  switch (kind) {
    case 'grant':
      return of === undefined || of.grants.some(({ id }) => id === code)
    case 'area':
      return of === undefined || of.areas.some((area) => area.code === code)
    case 'classification':
      return policy?.classifications.some((level) => level.code === code) ?? false
    case 'clearance':
      return policy?.clearances.some((level) => level.code === code) ?? false
  }
}

/** Whether this version still says the term that it replaces. */
function isInUse(agreement: Agreement, { kind, nation, from, to }: Succession): boolean {
  switch (kind) {
    case 'grant':
      return agreement.grants.some(({ id }) => id === from)
    case 'area':
      return agreement.areas.some(({ code }) => code === from)
    case 'classification': {
      const { grants, prohibitions, delegations = [], invariants = [] } = agreement
      return [
        ...grants.filter((one) => one.from === nation).flatMap(({ ceiling, floor }) => [ceiling, floor]),
        ...[...prohibitions, ...invariants.map(({ never }) => never)].filter((one) => one.from === nation).map(({ atLeast }) => atLeast),
        ...delegations.filter((one) => one.nation === nation).map(({ ceiling }) => ceiling),
      ].includes(from)
    }
    case 'clearance':
      return from === to
  }
}

/** Whether anybody could read by the new term what the old one kept from them. */
function raises(findings: Findings, { kind, nation = '', from, to }: Succession, previous: Agreement | undefined): boolean {
  const clearances = findings.policies.get(nation)?.clearances ?? []
  switch (kind) {
    case 'grant': {
      const old = previous?.grants.find(({ id }) => id === from)
      const now = findings.agreement.grants.find(({ id }) => id === to)
      return old !== undefined && now !== undefined && (old.from !== now.from || old.to !== now.to || old.via !== now.via)
    }
    case 'area':
      return false
    case 'classification':
      return clearances.some(({ classifications }) => classifications.includes(to) && !classifications.includes(from))
    case 'clearance':
      return opens(clearances, to).some((level) => !opens(clearances, from).includes(level))
  }
}

function opens(clearances: readonly PolicyClearance[], code: string): readonly string[] {
  return clearances.find((one) => one.code === code)?.classifications ?? []
}
