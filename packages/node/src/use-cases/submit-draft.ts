import { NodeError } from '../errors.ts'
import type { Nation } from '../nation.ts'
import type { Draft, Returned } from '../store/drafts.ts'
import { type DraftView, bannerText, inDraftTurn, inState, openDraftOf, ownPolicy, reviewedDraft, viewOf } from './draft-access.ts'
import { abandonSealing } from './remove-draft.ts'

type Needs = Pick<Nation, 'config' | 'policies' | 'drafts' | 'draftFiles' | 'itemKeys' | 'db' | 'now'>

/**
 * Gives a draft to review. It must have portions, a banner, and all its files: throws `node/bad-request` (`what`: `portions`
 * or the portion of a missing file), `node/person-decides`, `node/absent`, `node/draft-state`.
 */
export async function submitDraft(nation: Needs, author: string, id: string): Promise<DraftView> {
  return inDraftTurn(nation, id, async () => {
    const { returned: _, ...before } = await openDraftOf(nation, author, id)
    const policy = ownPolicy(nation)
    if (before.portions.length === 0) throw new NodeError('node/bad-request', 'a draft without portions', { values: { what: 'portions' } })
    bannerText(before.portions, policy)
    for (const [index, portion] of before.portions.entries()) {
      if (portion.kind !== 'file') continue
      if (before.uploaded?.includes(portion.sha256) !== true) {
        throw new NodeError('node/bad-request', 'a file has not come yet', { values: { what: `portions/${index}/sha256` } })
      }
    }
    const draft: Draft = { ...before, state: 'review', updated: nation.now() }
    await nation.drafts.save(draft)
    return viewOf(draft, policy)
  })
}

/**
 * Takes an own draft back from review, before anybody decided: what was prepared for its release is given up. Throws
 * `node/absent`, `node/draft-state`.
 */
export async function withdrawDraft(nation: Needs, author: string, id: string): Promise<DraftView> {
  return inDraftTurn(nation, id, async () => {
    const before = await nation.drafts.find(id)
    if (before === undefined || before.author !== author) throw new NodeError('node/absent', 'nothing is here')
    if (before.state !== 'review') throw inState(before)
    await abandonSealing(nation, id)
    const draft: Draft = { ...before, state: 'draft', updated: nation.now() }
    await nation.drafts.save(draft)
    return viewOf(draft, ownPolicy(nation))
  })
}

/** Gives a draft back to its author, and says why. Throws `node/absent`, `node/own-report`, `node/bad-request` for `other` without words. */
export async function returnDraft(nation: Needs, officer: string, id: string, why: Returned): Promise<void> {
  await inDraftTurn(nation, id, async () => {
    const before = await reviewedDraft(nation, officer, id)
    if (why.code === 'other' && why.reason === undefined)
      throw new NodeError('node/bad-request', 'another reason needs words', { values: { what: 'reason' } })
    await abandonSealing(nation, id)
    await nation.drafts.save({ ...before, state: 'returned', returned: why, updated: nation.now() })
  })
}
