import type { Nation } from '../nation.ts'
import type { Draft } from '../store/drafts.ts'
import { type Sealing, readSealing } from './sealing.ts'

type Needs = Pick<Nation, 'drafts' | 'draftFiles' | 'itemKeys' | 'db'>

/** Removes files that a draft had and that no draft names any more. */
export async function removeUnneededFiles(nation: Pick<Nation, 'drafts' | 'draftFiles'>, before: Draft): Promise<void> {
  const needed = new Set((await nation.drafts.all()).flatMap(filesOf))
  for (const sha256 of filesOf(before)) if (!needed.has(sha256)) await nation.draftFiles.remove(sha256)
}

/** Removes a draft, once its items are durable or its author gave it up: its plaintext, its files, what was prepared for it. */
export async function removeDraft(nation: Needs, draft: Draft): Promise<void> {
  // The files first: until the draft itself is gone, a crash leaves something that points to the rest.
  const others = (await nation.drafts.all()).filter(({ id }) => id !== draft.id)
  const needed = new Set(others.flatMap(filesOf))
  for (const sha256 of filesOf(draft)) if (!needed.has(sha256)) await nation.draftFiles.remove(sha256)
  await nation.drafts.remove(draft.id)
}

/** Removes drafts whose release became durable just before a crash. Called when the node starts. Returns how many. */
export async function removeReleasedDrafts(nation: Needs): Promise<number> {
  let removed = 0
  for (const draft of await nation.drafts.all()) {
    const item = await nation.db.selectFrom('items').select('item').where('report', '=', draft.id).executeTakeFirst()
    if (item === undefined) continue
    await removeDraft(nation, draft)
    removed++
  }
  return removed
}

/** Gives up what was prepared for a draft: the keys that were made for it open nothing and go. */
export async function abandonSealing(nation: Needs, draft: string): Promise<void> {
  const sealing: Sealing | undefined = await readSealing(nation, draft)
  for (const { item } of sealing?.renditions ?? []) {
    const released = await nation.db.selectFrom('items').select('item').where('item', '=', item).executeTakeFirst()
    if (released === undefined) await nation.itemKeys.destroy(item)
  }
  await nation.drafts.removeSealing(draft)
}

/** Hashes of a draft's files. */
export function filesOf(draft: Draft): readonly string[] {
  return draft.portions.flatMap((portion) => (portion.kind === 'file' ? [portion.sha256] : []))
}
