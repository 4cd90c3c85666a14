import { NodeError } from '../errors.ts'
import type { Nation } from '../nation.ts'
import type { Draft } from '../store/drafts.ts'
import { type DraftView, bannerText, inDraftTurn, openDraftOf, ownPolicy, reviewedDraft, viewOf } from './draft-access.ts'
import { abandonSealing } from './remove-draft.ts'

type Needs = Pick<Nation, 'config' | 'policies' | 'drafts' | 'draftFiles' | 'itemKeys' | 'db' | 'now'>

/**
 * Gives a draft to review. It must have portions, a banner, and all its files: throws `node/bad-request` (`what`: `portions`
 * or the portion of a missing file), `node/person-decides`, `node/absent`, `node/draft-state`.
 */
export async function submitDraft(nation: Needs, author: string, id: string): Promise<DraftView> {
  return inDraftTurn(nation, id, async () => {
    const { reason: _, ...before } = await openDraftOf(nation, author, id)
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

/** Gives a draft back to its author, with the reason. Throws `node/absent`, `node/own-report`. */
export async function returnDraft(nation: Needs, officer: string, id: string, reason: string): Promise<void> {
  await inDraftTurn(nation, id, async () => {
    const before = await reviewedDraft(nation, officer, id)
    await abandonSealing(nation, id)
    await nation.drafts.save({ ...before, state: 'returned', reason, updated: nation.now() })
  })
}
