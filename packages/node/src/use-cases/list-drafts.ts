import type { Nation } from '../nation.ts'
import { type DraftView, type Drafter, draftFor, ownPolicy, viewOf } from './draft-access.ts'

/** A draft in a list: without its portions. */
export type DraftLine = Omit<DraftView, 'portions'>

type Needs = Pick<Nation, 'config' | 'policies' | 'drafts' | 'person'>

/** An author's own drafts; for a disclosure officer also everything in review. The latest first. */
export async function listDrafts(nation: Needs, caller: Drafter): Promise<readonly DraftLine[]> {
  const policy = ownPolicy(nation)
  const reviews = caller.roles.includes('disclosure-officer')
  const drafts = (await nation.drafts.all()).filter((draft) => draft.author === caller.person || (reviews && draft.state === 'review'))
  return drafts
    .toSorted((a, b) => b.updated - a.updated || (a.id < b.id ? -1 : 1))
    .map((draft) => {
      const { portions: _, ...line } = named(nation, viewOf(draft, policy))
      return line
    })
}

/** One draft with its portions; throws `node/absent` as `draftFor`. */
export async function readDraft(nation: Needs, caller: Drafter, id: string): Promise<DraftView> {
  return named(nation, viewOf(await draftFor(nation, caller, id), ownPolicy(nation)))
}

/** With the author's names, where the node knows them. */
function named(nation: Pick<Nation, 'person'>, view: DraftView): DraftView {
  const authorNames = nation.person(view.author)?.names
  return authorNames === undefined ? view : { ...view, authorNames }
}
