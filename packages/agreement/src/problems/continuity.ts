import type { MarkingPolicy } from '@entente/label'
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
  const { kind, nation, from, to } = one
  const owned = kind === 'classification' || kind === 'clearance'
  if (owned !== (nation !== undefined)) {
    findings.add('agreement/succession-nation', `${where}/nation`, { of: from })
    return
  }
  if (nation !== undefined && !findings.party(nation, `${where}/nation`)) return
  const policy = findings.policies.get(nation ?? '')
  if (owned && policy === undefined) return
  const rule = KINDS[kind]
  const now = { agreement: findings.agreement, policy }
  // Of a version that is not given nothing is denied.
  const replaced = previous === undefined ? !owned || rule.has(now, from) : rule.has({ agreement: previous, policy }, from)
  const replacing = rule.has(now, to)
  if (!replaced) findings.add('agreement/succession-unknown', `${where}/from`, { code: from })
  if (!replacing) findings.add('agreement/succession-unknown', `${where}/to`, { code: to })
  if (from === to || rule.uses(findings.agreement, from, nation))
    findings.add('agreement/succession-current', `${where}/from`, { code: from })
  else if (replaced && replacing && rule.raises({ agreement: previous, policy }, now, one))
    findings.add('agreement/succession-raises', where, { code: from, by: to })
}

interface Side<A = Agreement> {
  readonly agreement: A
  /** The scheme of the nation that the term belongs to. It keeps what is retired, so that old labels can be read. */
  readonly policy: MarkingPolicy | undefined
}

interface KindRule {
  /** Whether a side has such a term. */
  readonly has: (side: Side, code: string) => boolean
  /** Whether a version's own rules still say it. */
  readonly uses: (agreement: Agreement, code: string, nation: string | undefined) => boolean
  /** Whether anybody could read by the new term what the old one kept from them. */
  readonly raises: (before: Side<Agreement | undefined>, now: Side, succession: Succession) => boolean
}

const KINDS: Readonly<Record<Succession['kind'], KindRule>> = {
  grant: {
    has: ({ agreement }, code) => agreement.grants.some(({ id }) => id === code),
    uses: (agreement, code) => agreement.grants.some(({ id }) => id === code),
    raises: (before, now, { from, to }) => {
      const old = before.agreement?.grants.find(({ id }) => id === from)
      const next = now.agreement.grants.find(({ id }) => id === to)
      return old !== undefined && (old.from !== next?.from || old.to !== next.to || old.via !== next.via)
    },
  },
  area: {
    has: ({ agreement }, code) => agreement.areas.some((area) => area.code === code),
    uses: (agreement, code) => agreement.areas.some((area) => area.code === code),
    raises: () => false,
  },
  classification: {
    has: ({ policy }, code) => policy?.classifications.some((level) => level.code === code) ?? false,
    uses: ({ grants, prohibitions, delegations = [], invariants = [] }, code, nation) =>
      [
        ...grants.filter(({ from }) => from === nation).flatMap(({ ceiling, floor }) => [ceiling, floor]),
        ...[...prohibitions, ...invariants.map(({ never }) => never)].filter(({ from }) => from === nation).map(({ atLeast }) => atLeast),
        ...delegations.filter((one) => one.nation === nation).map(({ ceiling }) => ceiling),
      ].includes(code),
    raises: (_, { policy }, { from, to }) =>
      policy?.clearances.some(({ classifications }) => classifications.includes(to) && !classifications.includes(from)) ?? false,
  },
  clearance: {
    has: ({ policy }, code) => policy?.clearances.some((level) => level.code === code) ?? false,
    uses: () => false,
    raises: (_, { policy }, { from, to }) => {
      const opens = (code: string): readonly string[] => policy?.clearances.find((one) => one.code === code)?.classifications ?? []
      return opens(to).some((level) => !opens(from).includes(level))
    },
  },
}
