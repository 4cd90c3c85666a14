import type { Nation } from '../nation.ts'
import { inDraftTurn, openDraftOf } from './draft-access.ts'
import { removeDraft } from './remove-draft.ts'
import { giveUpUploads } from './upload.ts'

type Needs = Pick<Nation, 'crypto' | 'nonceKey' | 'drafts' | 'draftFiles' | 'blobs' | 'itemKeys' | 'db'>

/**
 * Removes an own draft that is not in review, with its files, also those that came in part: nothing of it is left in the
 * file system. Throws `node/absent`, `node/draft-state`.
 */
export async function discardDraft(nation: Needs, author: string, id: string): Promise<void> {
  await inDraftTurn(nation, id, async () => {
    const draft = await openDraftOf(nation, author, id)
    await giveUpUploads(nation, draft)
    await removeDraft(nation, draft)
  })
}
