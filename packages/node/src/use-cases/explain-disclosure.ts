import type { PortionVerdict, Reason, ReleaseExplanation } from '@entente/decision'
import { type Label, type PersonDecidesReason, bannerOf, printMarking } from '@entente/label'
import { NodeError } from '../errors.ts'
import type { Person } from '../identity/index.ts'
import type { Nation } from '../nation.ts'
import type { Draft } from '../store/drafts.ts'
import { type Drafter, ownPolicy, reviewedDraft } from './draft-access.ts'
import { factsOf } from './own-person.ts'
import { type Outgoing, type TearLine, bestOption, propose, reasonsAgainstWhole, rosterOf } from './release-options.ts'

/** What becomes of one portion, and what is in its way: under the tear line's grant, or under the one that lets most go. */
export type PortionOutcome =
  | Extract<PortionVerdict, { readonly goes: true }>
  | { readonly id: string; readonly goes: false; readonly reasons: readonly (Omit<Reason, 'code'> & { readonly code: string })[] }

/** Everything that an officer sees before deciding what goes to one nation; and its author, while it is written. */
export interface Disclosure {
  readonly explanation: ReleaseExplanation
  /** Place in `explanation.options` of the grant that the tear line rests on; absent when nothing would go. */
  readonly option?: number
  /** Every portion, in order. */
  readonly portions: readonly PortionOutcome[]
  /** The roster on which the counts rest; absent while none has come, and then nobody is counted. */
  readonly roster?: { readonly agreement: string; readonly at: number; readonly number: number }
  /** Ids of the portions that would go. */
  readonly tearLine: readonly string[]
  /** Of the whole report; where the portions have no common one, `personDecides` says why. */
  readonly banner?: string
  readonly personDecides?: PersonDecidesReason
  /** Of what would go; missing when nothing would. */
  readonly tearLineBanner?: string
  /** How many of the own people could read the whole report; missing while it has no banner. */
  readonly ownReaderCount?: number
  /** Who they are, sorted by person; for disclosure officers only. */
  readonly ownReaders?: readonly { readonly person: string; readonly names: Person['names'] }[]
}

type Needs = Pick<Nation, 'config' | 'policies' | 'drafts' | 'trust' | 'decider' | 'db' | 'office' | 'people' | 'person' | 'now'>

/**
 * Says what of a report may go to a nation, under which grant, to whom: to an officer for what is in review, to its author
 * in any state. Throws `node/absent`, `node/bad-request`.
 */
export async function explainDisclosure(nation: Needs, caller: Drafter, id: string, to: string): Promise<Disclosure> {
  const { draft, isAuthor } = await readable(nation, caller, id)
  if (!nation.trust().partners.has(to)) throw new NodeError('node/bad-request', 'no such partner', { values: { what: 'to' } })
  const policy = ownPolicy(nation)
  const roster = await rosterOf(nation, to)
  const { goes, explanation, tearLine } = propose(nation, policy, draft, {
    to,
    // Who writes is told what could go at all; who decides, what they could let go.
    ...(isAuthor ? {} : { officer: caller.person }),
    ...(roster === undefined ? {} : { roster }),
  })
  const whole = bannerOf(draft.portions, policy)
  const readers = whole.ok ? await ownReaders(nation, draft, whole.label) : undefined
  return {
    explanation,
    ...(tearLine === undefined ? {} : { option: explanation.options.indexOf(tearLine.option) }),
    portions: portionOutcomes(nation, draft, goes, explanation, tearLine),
    ...(roster === undefined ? {} : { roster: { agreement: roster.agreement, at: roster.at, number: roster.number } }),
    tearLine: (tearLine?.portions ?? []).map((portion) => portion.id),
    ...(whole.ok ? { banner: printMarking(whole.label, policy, { form: 'banner' }) } : { personDecides: whole.reason }),
    ...(tearLine === undefined ? {} : { tearLineBanner: printMarking(tearLine.label, policy, { form: 'banner' }) }),
    ...(readers === undefined ? {} : { ownReaderCount: readers.length }),
    ...(readers === undefined || isAuthor ? {} : { ownReaders: readers.map(({ id: person, names }) => ({ person, names })) }),
  }
}

async function readable(nation: Needs, caller: Drafter, id: string): Promise<{ readonly draft: Draft; readonly isAuthor: boolean }> {
  const own = await nation.drafts.find(id)
  if (own?.author === caller.person) return { draft: own, isAuthor: true }
  if (!caller.roles.includes('disclosure-officer')) throw new NodeError('node/absent', 'nothing is here')
  return { draft: await reviewedDraft(nation, caller.person, id), isAuthor: false }
}

function portionOutcomes(
  nation: Needs,
  draft: Draft,
  goes: Outgoing,
  explanation: ReleaseExplanation,
  tearLine: TearLine | undefined,
): readonly PortionOutcome[] {
  if (tearLine !== undefined) return tearLine.option.portions
  const nearest = bestOption(explanation)
  const noGrant = { code: 'decision/no-grant', values: { from: nation.config.nation, to: goes.to } } as const
  if (nearest === undefined) return draft.portions.map(({ id }) => ({ id, goes: false, reasons: [noGrant] }))
  const whole = reasonsAgainstWhole(nation, ownPolicy(nation), draft, goes, nearest)
  return nearest.portions.map((verdict) => (verdict.goes ? { id: verdict.id, goes: false, reasons: whole } : verdict))
}

/** The own people whom the home rule would let open the whole report now. */
async function ownReaders(nation: Needs, draft: Draft, label: Label): Promise<readonly Person[]> {
  const at = nation.now()
  const item = { originator: nation.config.nation, label, area: draft.area, releasedAt: at, stopped: false }
  const permitted = await Promise.all(
    nation.people.map(async ({ id }) => {
      const person = await factsOf(nation, id, '')
      return nation.decider().decide({ act: 'open', person, item, purpose: '', at }).permit
    }),
  )
  return nation.people.filter((_, index) => permitted[index] === true).toSorted((a, b) => (a.id < b.id ? -1 : 1))
}
