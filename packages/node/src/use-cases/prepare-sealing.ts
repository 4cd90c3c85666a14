import { type Json, toBase64Url } from '@entente/canonical'
import { type Label, type MarkingPolicy, REVIEW_AFTER_SECONDS, bannerOf } from '@entente/label'
import { NodeError } from '../errors.ts'
import type { Nation } from '../nation.ts'
import type { Draft } from '../store/drafts.ts'
import { partnerOf } from '../trust.ts'
import { newUuid } from '../uuid.ts'
import { inDraftTurn, ownPolicy, reviewedDraft } from './draft-access.ts'
import { propose } from './release-options.ts'
import { abandonSealing } from './remove-draft.ts'
import type { PreparedKeyService, PreparedRendition, Sealing } from './sealing.ts'

type Needs = Pick<
  Nation,
  'crypto' | 'config' | 'policies' | 'trust' | 'decider' | 'db' | 'keys' | 'drafts' | 'draftFiles' | 'itemKeys' | 'person' | 'now'
>

/**
 * Prepares a release: the full rendition for the own nation, a tear line for each nation in `to`, with fresh uuids and
 * keys. Preparing again gives up what was prepared before. Throws `node/absent`, `node/own-report`, `node/bad-request`,
 * `node/person-decides`, and `node/refused` with `nation` and `reasons` where nothing may go.
 */
export async function prepareSealing(
  nation: Needs,
  officer: string,
  id: string,
  to: readonly string[],
): Promise<readonly PreparedRendition[]> {
  return inDraftTurn(nation, id, async () => {
    const draft = await reviewedDraft(nation, officer, id)
    if (new Set(to).size !== to.length || !to.every((one) => nation.trust().partners.has(one))) {
      throw new NodeError('node/bad-request', 'partners, each once', { values: { what: 'to' } })
    }
    const policy = ownPolicy(nation)
    const at = nation.now()
    // All of it is decided before the first key is made.
    const plans = [ownPlan(nation, policy, draft, at), ...to.map((one) => partnerPlan(nation, policy, draft, { officer, to: one }, at))]
    await abandonSealing(nation, id)
    const renditions: PreparedRendition[] = []
    for (const plan of plans) renditions.push(await withKeys(nation, plan))
    const sealing: Sealing = { officer, updated: draft.updated, at, renditions }
    await nation.drafts.keepSealing(id, sealing as unknown as Json)
    return renditions
  })
}

type Plan = Omit<PreparedRendition, 'keyServices'>

function ownPlan(nation: Needs, policy: MarkingPolicy, draft: Draft, at: number): Plan {
  const joined = bannerOf(draft.portions, policy)
  if (!joined.ok) throw new NodeError('node/person-decides', 'the portions have no common banner', { values: { reason: joined.reason } })
  const own = nation.config.nation
  return {
    ...common(nation, own, draft.portions, joined.label, draft.area, at),
    keyControl: 'originator',
    // Nobody's agreement limits what a nation keeps itself: it lasts until its marking is to be looked at again.
    expires: joined.label.review !== undefined && joined.label.review > at ? joined.label.review : at + REVIEW_AFTER_SECONDS,
  }
}

function partnerPlan(
  nation: Needs,
  policy: MarkingPolicy,
  draft: Draft,
  ask: { readonly officer: string; readonly to: string },
  at: number,
): Plan {
  const { to } = ask
  const { explanation, tearLine } = propose(nation, policy, draft, ask)
  if (tearLine === undefined) {
    const reasons = explanation.options.flatMap((option) => [
      ...option.reasons.map(({ code }) => code),
      ...option.portions.flatMap((portion) => (portion.goes ? [] : portion.reasons.map(({ code }) => code))),
    ])
    throw new NodeError('node/refused', 'nothing of this may go there', {
      values: { nation: to, reasons: [...new Set(reasons.length === 0 ? ['decision/no-grant'] : reasons)].sort().join(' ') },
    })
  }
  const { option, portions, label } = tearLine
  return {
    ...common(nation, to, portions, label, draft.area, at),
    basis: option.basis,
    keyControl: option.keyControl,
    expires: option.until,
  }
}

function common(
  nation: Needs,
  recipient: string,
  portions: Draft['portions'],
  label: Label,
  area: string,
  at: number,
): Omit<Plan, 'keyControl' | 'expires'> {
  return {
    item: newUuid(nation.crypto),
    serial: 1,
    originator: nation.config.nation,
    recipient,
    portions: portions.map(({ id }) => id),
    label,
    area,
    released: at,
  }
}

/** Makes the item's own key, and names the key services in the order of the manifest. */
async function withKeys(nation: Needs, plan: Plan): Promise<PreparedRendition> {
  const { kid, publicKey, sealed } = await nation.keys.call('itemKey', { item: plan.item })
  // Kept before anything is wrapped for it: a container whose key was lost would be lost with it.
  await nation.itemKeys.keep(plan.item, sealed)
  const keyServices: PreparedKeyService[] = [{ role: 'originator', name: nation.config.names.kas, kid, publicKey: toBase64Url(publicKey) }]
  if (plan.keyControl !== 'originator') {
    const { names, keys } = partnerOf(nation.trust(), plan.recipient)
    keyServices.push({ role: 'recipient', name: names.kas, kid: keys.kas.kid, publicKey: keys.kas.kem })
  }
  return { ...plan, keyServices }
}
