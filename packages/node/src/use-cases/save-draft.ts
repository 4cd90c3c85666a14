import { type Json, canonicalBytes, readShape, toBase64Url } from '@entente/canonical'
import { isFileName } from '@entente/container'
import { type Label, LabelError, type MarkingPolicy, type Portion, parseMarking, portionShape } from '@entente/label'
import { NodeError } from '../errors.ts'
import type { Nation } from '../nation.ts'
import { type Draft, MAX_DRAFT_BYTES } from '../store/drafts.ts'
import { newUuid } from '../uuid.ts'
import { type DraftView, inDraftTurn, openDraftOf, ownPolicy, viewOf } from './draft-access.ts'
import { factsOf } from './own-person.ts'
import { removeUnneededFiles } from './remove-draft.ts'

/** A portion as its author gives it: with its marking as it is written. */
export type PortionInput =
  | { readonly kind: 'text'; readonly marking: string; readonly texts: readonly { readonly lang: 'en' | 'ja'; readonly text: string }[] }
  | {
      readonly kind: 'file'
      readonly marking: string
      readonly name: string
      readonly mediaType: string
      readonly size: number
      readonly sha256: string
    }

/** A draft as its author gives it. */
export interface DraftInput {
  readonly title: { readonly en?: string; readonly ja?: string }
  readonly area: string
  readonly portions: readonly PortionInput[]
}

type Needs = Pick<Nation, 'crypto' | 'config' | 'policies' | 'drafts' | 'draftFiles' | 'itemKeys' | 'db' | 'office' | 'now'>

/**
 * Saves a new draft. Every portion has a marking, or nothing is saved: throws the label's own code with `values.portion`
 * (from 0), `node/above-clearance` for what the author may not read, `node/bad-request` for file names, `node/too-large`.
 */
export async function saveDraft(nation: Needs, author: string, input: DraftInput): Promise<DraftView> {
  const at = nation.now()
  const policy = ownPolicy(nation)
  const portions = await markedPortions(nation, author, input, policy)
  const { title, area } = input
  const draft: Draft = { id: newUuid(nation.crypto), author, title, area, portions, state: 'draft', created: at, updated: at }
  checkSize(draft)
  await nation.drafts.save(draft)
  return viewOf(draft, policy)
}

/** Replaces a draft's content whole; throws as `saveDraft`, and `node/absent`, `node/draft-state`. */
export async function replaceDraft(nation: Needs, author: string, id: string, input: DraftInput): Promise<DraftView> {
  return inDraftTurn(nation, id, async () => {
    const before = await openDraftOf(nation, author, id)
    const policy = ownPolicy(nation)
    const portions = await markedPortions(nation, author, input, policy)
    const { title, area } = input
    const named = new Set(portions.flatMap((portion) => (portion.kind === 'file' ? [portion.sha256] : [])))
    const uploaded = (before.uploaded ?? []).filter((sha256) => named.has(sha256))
    const draft: Draft = { ...before, title, area, portions, uploaded, updated: nation.now() }
    checkSize(draft)
    await nation.drafts.save(draft)
    await removeUnneededFiles(nation, before)
    return viewOf(draft, policy)
  })
}

async function markedPortions(nation: Needs, author: string, input: DraftInput, policy: MarkingPolicy): Promise<readonly Portion[]> {
  const facts = await factsOf(nation, author, '')
  const readable = new Set(policy.clearances.find(({ code }) => code === facts.clearance)?.classifications)
  const names = new Set<string>()
  return input.portions.map((portion, index) => {
    const label = labelOf(portion.marking, index, policy, nation.now())
    if (!readable.has(label.classification)) {
      throw new NodeError('node/above-clearance', "a portion above its author's clearance", {
        values: { portion: index, classification: label.classification },
      })
    }
    if (portion.kind === 'file') checkFileName(portion.name, names, index)
    const id = toBase64Url(nation.crypto.random(12))
    const { marking: _, ...content } = portion
    return readShape(portionShape, { ...content, id, label }, 'portion')
  })
}

/** The label of a marking; what is wrong with it is told with the portion that it stands before. */
function labelOf(marking: string, portion: number, policy: MarkingPolicy, created: number): Label {
  try {
    return parseMarking(marking, { policy, form: 'any', created })
  } catch (cause) {
    if (!(cause instanceof LabelError)) throw cause
    throw new LabelError(cause.code, cause.message, { cause, values: { ...cause.values, portion } })
  }
}

/** As strict as the report in the container will be: better told now than when it is sealed. */
function checkFileName(name: string, names: Set<string>, portion: number): void {
  const folded = name.normalize('NFKC').toLowerCase()
  if (!isFileName(name) || names.has(folded))
    throw new NodeError('node/bad-request', 'a file name cannot be kept, or comes twice', { values: { what: `portions/${portion}/name` } })
  names.add(folded)
}

function checkSize(draft: Draft): void {
  if (canonicalBytes(draft as unknown as Json).length > MAX_DRAFT_BYTES)
    throw new NodeError('node/too-large', 'the draft is too large', { values: { limit: MAX_DRAFT_BYTES } })
}
