import type { Reason, ReleaseExplanation, ReleaseOption } from '@entente/decision'
import type { RosterStatement } from '@entente/clearance'
import { type Label, type MarkingPolicy, type Portion, bannerOf } from '@entente/label'
import type { Nation } from '../nation.ts'

type Needs = Pick<Nation, 'config' | 'trust' | 'decider' | 'db' | 'now'>

/** To which nation something would go, and in the name of which office: where an agreement delegates to offices, unknown is none. */
export interface Outgoing {
  readonly to: string
  readonly office?: string
}

/**
 * To a nation, by a person now, once for each office in whose name they could: those of the person's own delegations in force and of role
 * ids that are no person's, whose keys the node cannot tell apart before one has signed. For nobody in particular (who writes): all.
 */
function outgoings(
  { trust, person, now }: Pick<Nation, 'trust' | 'person' | 'now'>,
  officer: string | undefined,
  to: string,
): readonly Outgoing[] {
  const offices = trust()
    .own.delegations.filter((one) => now() < one.until)
    .filter((one) => officer === undefined || one.officer === officer || person(one.officer) === undefined)
    .map(({ office }) => office)
  const distinct = [...new Set(offices)].map((office): Outgoing => ({ to, ...(office === undefined ? {} : { office }) }))
  return distinct.length === 0 ? [{ to }] : distinct
}

/** What could go to one nation, in the name of the office that lets most of it go. */
export interface Proposed {
  readonly goes: Outgoing
  readonly explanation: ReleaseExplanation
  /** Absent where nothing goes as a whole. */
  readonly tearLine?: TearLine
}

/**
 * What of a draft goes to a nation by this officer (by whoever may, if absent), under the office by which most portions go; the first
 * among equals. Each office is asked about alone: two of them together release nothing that neither may.
 */
export function propose(
  nation: Pick<Nation, 'config' | 'trust' | 'decider' | 'person' | 'now'>,
  policy: MarkingPolicy,
  draft: { readonly area: string; readonly portions: readonly Portion[] },
  ask: { readonly officer?: string; readonly to: string; readonly roster?: RosterStatement },
): Proposed {
  const { officer, to, roster } = ask
  const [first, ...more] = outgoings(nation, officer, to).map((goes): Proposed => {
    const explanation = explainFor(nation, {
      ...goes,
      area: draft.area,
      portions: draft.portions,
      ...(roster === undefined ? {} : { roster }),
    })
    const tearLine = tearLineOf(nation, policy, draft, goes, explanation)
    return { goes, explanation, ...(tearLine === undefined ? {} : { tearLine }) }
  })
  if (first === undefined) throw new TypeError('there is always one way to ask')
  const going = ({ tearLine }: Proposed): number => tearLine?.portions.length ?? 0
  return more.reduce((best, one) => (going(one) > going(best) ? one : best), first)
}

/** What goes to one nation under one grant: the tear line. */
export interface TearLine {
  readonly option: ReleaseOption
  /** The portions that go, in order. */
  readonly portions: readonly Portion[]
  /** Their joint label. */
  readonly label: Label
}

/** The newest roster that a nation sent, under the agreement that it shares with this one. */
export async function rosterOf(nation: Needs, to: string): Promise<RosterStatement | undefined> {
  const names = [...nation.trust().agreements.keys()].map((agreement) => `roster:${agreement}:${to}`)
  if (names.length === 0) return undefined
  const rows = await nation.db.selectFrom('meta').select('value').where('name', 'in', names).execute()
  // Each was verified when it came in.
  const rosters = rows.map(({ value }) => (JSON.parse(value) as { readonly body: RosterStatement }).body)
  return rosters.toSorted((a, b) => b.at - a.at)[0]
}

/**
 * Every grant under which portions might go straight to a nation now, and what keeps the others. No grant by way of an intermediary: nodes
 * relay nothing, and a release that names no way is opened by nobody (spec/decision.md 6).
 */
export function explainFor(
  nation: Pick<Nation, 'config' | 'decider' | 'now'>,
  what: Outgoing & {
    readonly area: string
    readonly portions: readonly { readonly id: string; readonly label: Label }[]
    readonly roster?: RosterStatement
  },
): ReleaseExplanation {
  const { options } = nation.decider().explainRelease({ ...what, from: nation.config.nation, at: nation.now() })
  const direct = options.filter(({ via }) => via === undefined)
  const gone = new Set(direct.flatMap(({ portions }) => portions.flatMap(({ id, goes }) => (goes ? [id] : []))))
  return { options: direct, stay: what.portions.map(({ id }) => id).filter((id) => !gone.has(id)) }
}

/**
 * The grant under which most portions go, the first among equals, if what goes may go as a whole: joined, too, its label
 * passes the same grant.
 */
function tearLineOf(
  nation: Pick<Nation, 'config' | 'decider' | 'now'>,
  policy: MarkingPolicy,
  draft: { readonly area: string; readonly portions: readonly Portion[] },
  goes: Outgoing,
  explanation: ReleaseExplanation,
): TearLine | undefined {
  let best: TearLine | undefined
  for (const option of explanation.options) {
    if (option.reasons.length > 0) continue
    const going = new Set(option.portions.filter(({ goes }) => goes).map(({ id }) => id))
    const portions = draft.portions.filter(({ id }) => going.has(id))
    if (portions.length === 0 || portions.length <= (best?.portions.length ?? 0)) continue
    const joined = bannerOf(portions, policy)
    if (joined.ok && passes(nation, { ...goes, area: draft.area, labels: [joined.label] }, option.basis))
      best = { option, portions, label: joined.label }
  }
  return best
}

/** Of the grants under which nothing goes as a whole, the one under which most portions would; the first among equals. */
export function bestOption({ options }: ReleaseExplanation): ReleaseOption | undefined {
  const going = (option: ReleaseOption): number => option.portions.filter(({ goes }) => goes).length
  return options.reduce<ReleaseOption | undefined>(
    (best, option) => (best === undefined || going(option) > going(best) ? option : best),
    undefined,
  )
}

/** Why portions that each may go under a grant may not go together; at least one reason. */
export function reasonsAgainstWhole(
  nation: Pick<Nation, 'config' | 'decider' | 'now'>,
  policy: MarkingPolicy,
  draft: { readonly area: string; readonly portions: readonly Portion[] },
  goes: Outgoing,
  option: ReleaseOption,
): readonly (Omit<Reason, 'code'> & { readonly code: string })[] {
  if (option.reasons.length > 0) return option.reasons
  const going = new Set(option.portions.filter(({ goes }) => goes).map(({ id }) => id))
  const joined = bannerOf(
    draft.portions.filter(({ id }) => going.has(id)),
    policy,
  )
  if (!joined.ok) return [{ code: joined.code, values: joined.values }]
  const { options } = explainFor(nation, { ...goes, area: draft.area, portions: [{ id: 'whole', label: joined.label }] })
  const same = options.find(({ basis }) => basis.agreement === option.basis.agreement && basis.grant === option.basis.grant)
  const verdict = same?.portions[0]
  if (verdict?.goes === false) return verdict.reasons
  return same !== undefined && same.reasons.length > 0
    ? same.reasons
    : [{ code: 'decision/no-grant', values: { from: nation.config.nation, to: goes.to } }]
}

/** Whether all of these labels, as they are, may go to a nation under exactly this basis now. */
export function passes(
  nation: Pick<Nation, 'config' | 'decider' | 'now'>,
  { labels, ...what }: Outgoing & { readonly area: string; readonly labels: readonly Label[] },
  basis: ReleaseOption['basis'],
): ReleaseOption | undefined {
  const portions = labels.map((label, index) => ({ id: String(index), label }))
  const { options } = explainFor(nation, { ...what, portions })
  const option = options.find(
    (one) =>
      one.basis.agreement === basis.agreement &&
      one.basis.version === basis.version &&
      one.basis.article === basis.article &&
      one.basis.grant === basis.grant,
  )
  return option !== undefined && option.reasons.length === 0 && option.portions.every(({ goes }) => goes) ? option : undefined
}
