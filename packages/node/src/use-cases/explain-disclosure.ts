import type { ReleaseExplanation } from '@entente/decision'
import { NodeError } from '../errors.ts'
import type { Nation } from '../nation.ts'
import { bannerText, ownPolicy, reviewedDraft } from './draft-access.ts'
import { explainFor, rosterOf, tearLineOf } from './release-options.ts'

/** Everything that an officer sees before deciding what goes to one nation. */
export interface Disclosure {
  readonly explanation: ReleaseExplanation
  /** The roster on which the counts rest. */
  readonly roster?: { readonly at: number; readonly number: number }
  /** Ids of the portions that would go. */
  readonly tearLine: readonly string[]
  /** Of the whole report. */
  readonly banner: string
  /** Of what would go; missing when nothing would. */
  readonly tearLineBanner?: string
}

/** Says what of a report may go to a nation, under which grant, to whom. Throws `node/absent`, `node/own-report`, `node/bad-request`. */
export async function explainDisclosure(
  nation: Pick<Nation, 'config' | 'policies' | 'drafts' | 'trust' | 'decider' | 'db' | 'now'>,
  officer: string,
  id: string,
  to: string,
): Promise<Disclosure> {
  const draft = await reviewedDraft(nation, officer, id)
  if (!nation.trust().partners.has(to)) throw new NodeError('node/bad-request', 'no such partner', { values: { what: 'to' } })
  const policy = ownPolicy(nation)
  const roster = await rosterOf(nation, to)
  const explanation = explainFor(nation, { to, area: draft.area, portions: draft.portions, ...(roster === undefined ? {} : { roster }) })
  const tearLine = tearLineOf(nation, policy, draft, to, explanation)
  return {
    explanation,
    ...(roster === undefined ? {} : { roster: { at: roster.at, number: roster.number } }),
    tearLine: (tearLine?.portions ?? []).map((portion) => portion.id),
    banner: bannerText(draft.portions, policy),
    ...(tearLine === undefined ? {} : { tearLineBanner: bannerText(tearLine.portions, policy) }),
  }
}
