import { type MarkingPolicy, type Portion, bannerOf, printMarking } from '@entente/label'
import { NodeError } from '../errors.ts'
import type { Nation } from '../nation.ts'
import { policyOf } from '../policies.ts'
import type { Draft } from '../store/drafts.ts'
import { Turns } from '../turns.ts'

/** A person who calls, as far as drafts care. */
export interface Drafter {
  readonly person: string
  readonly roles: readonly string[]
}

/** What a screen shows of a portion: its marking beside everything else. */
export type MarkedPortion = Portion & { readonly marking: string }

/** A draft with its markings in words. `banner` is missing where the portions have no common one: then `personDecides` says why. */
export interface DraftView extends Omit<Draft, 'portions'> {
  readonly banner?: string
  readonly personDecides?: string
  /** For those who read it: absent where the node does not know the author any more. */
  readonly authorNames?: { readonly en: string; readonly ja: string }
  readonly portions: readonly MarkedPortion[]
}

/** The own nation's marking policy; without it a node cannot start. Throws `node/config`. */
export function ownPolicy(nation: Pick<Nation, 'config' | 'policies'>): MarkingPolicy {
  const policy = policyOf(nation.policies, nation.config.nation)
  if (policy === undefined) throw new NodeError('node/config', 'no marking policy of the own nation', { values: { what: 'nations' } })
  return policy
}

/** The banner marking of portions; throws `node/person-decides` with the reason where a machine must not choose one. */
export function bannerText(portions: readonly Portion[], policy: MarkingPolicy): string {
  const joined = bannerOf(portions, policy)
  if (!joined.ok) throw new NodeError('node/person-decides', 'the portions have no common banner', { values: { reason: joined.reason } })
  return printMarking(joined.label, policy, { form: 'banner' })
}

/** A draft as its author and officers see it. */
export function viewOf(draft: Draft, policy: MarkingPolicy): DraftView {
  const joined = bannerOf(draft.portions, policy)
  return {
    ...draft,
    ...(joined.ok ? { banner: printMarking(joined.label, policy, { form: 'banner' }) } : { personDecides: joined.reason }),
    portions: draft.portions.map((portion) => ({ ...portion, marking: printMarking(portion.label, policy, { form: 'portion' }) })),
  }
}

/** A draft for its author, or for a disclosure officer while it is in review; for anybody else there is none (`node/absent`). */
export async function draftFor(nation: Pick<Nation, 'drafts'>, caller: Drafter, id: string): Promise<Draft> {
  const draft = await nation.drafts.find(id)
  const officer = caller.roles.includes('disclosure-officer') && draft?.state === 'review'
  if (draft === undefined || (draft.author !== caller.person && !officer)) throw new NodeError('node/absent', 'nothing is here')
  return draft
}

/** A draft that its author may change now. Throws `node/absent` for anybody else, `node/draft-state` while it is in review. */
export async function openDraftOf(nation: Pick<Nation, 'drafts'>, author: string, id: string): Promise<Draft> {
  const draft = await nation.drafts.find(id)
  if (draft === undefined || draft.author !== author) throw new NodeError('node/absent', 'nothing is here')
  if (draft.state === 'review') throw inState(draft)
  return draft
}

/**
 * A draft that an officer may act on: in review, and not the officer's own. Throws `node/absent`, `node/draft-state`,
 * `node/own-report`.
 */
export async function reviewedDraft(nation: Pick<Nation, 'drafts'>, officer: string, id: string): Promise<Draft> {
  const draft = await nation.drafts.find(id)
  if (draft === undefined) throw new NodeError('node/absent', 'nothing is here')
  // INVARIANT: nobody releases what he or she wrote.
  if (draft.author === officer) throw new NodeError('node/own-report', 'an own report is released by somebody else')
  if (draft.state !== 'review') throw new NodeError('node/absent', 'nothing is here')
  return draft
}

/** The refusal of something that the draft's state does not allow. */
export function inState(draft: Draft): NodeError {
  return new NodeError('node/draft-state', `the draft is in state ${draft.state}`, { values: { state: draft.state } })
}

const turns = new WeakMap<object, Turns>()

/** One change of a draft after the other: what was read is still so when it is written. */
export function inDraftTurn<T>(nation: Pick<Nation, 'drafts'>, id: string, change: () => Promise<T>): Promise<T> {
  const ofDrafts = turns.get(nation.drafts) ?? new Turns()
  turns.set(nation.drafts, ofDrafts)
  return ofDrafts.take(id, change)
}
