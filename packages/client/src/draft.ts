import type { Crypto, Json } from '@entente/canonical'
import { ClientError } from './errors.ts'
import type { NodeApi } from './node-api.ts'
import { type Disclosure, disclosureShape } from './disclosure.ts'
import { type DraftLine, type DraftView, type Returned, draftListShape, draftShape, jsonShape } from './shapes.ts'
import { type Announced, type UploadOptions, measure, uploadFile } from './upload.ts'

/** A file of a report, where its bytes are. */
export interface DraftFile {
  readonly kind: 'file'
  readonly marking: string
  readonly name: string
  /** For instance `image/png`. */
  readonly mediaType: string
  /** Reads it from the beginning; called twice: once to hash, once to send. */
  read(): AsyncIterable<Uint8Array>
}

/** A text of a report, in one language or both. */
export interface DraftText {
  readonly kind: 'text'
  readonly marking: string
  readonly texts: readonly { readonly lang: 'en' | 'ja'; readonly text: string }[]
}

/** A file of a draft that stays as it is: the node has its bytes, and its marking or name may change. */
export interface KeptFile extends Announced {
  readonly kind: 'kept'
  readonly marking: string
  readonly name: string
  readonly mediaType: string
}

/** What an author writes: every portion with its marking. */
export interface DraftParts {
  readonly title: { readonly en?: string; readonly ja?: string }
  readonly area: string
  readonly portions: readonly (DraftText | DraftFile)[]
}

/** What an author writes anew in a draft that is there. */
export interface ReplacedParts extends Omit<DraftParts, 'portions'> {
  readonly portions: readonly (DraftText | DraftFile | KeptFile)[]
}

type Needs = { readonly crypto: Crypto; readonly api: NodeApi }

/**
 * Saves a draft with its files: hashes every file, saves the words, sends what the node has not got. Throws what the node
 * says of a marking (its code, `portion` from 0), and `client/file-changed` for a file that changed on the way.
 */
export async function draftReport(needs: Needs, parts: DraftParts, options: UploadOptions = {}): Promise<DraftView> {
  return saveWith(needs, parts, options, (body) => needs.api.post('/api/drafts', body, draftShape))
}

/**
 * Replaces the content of an own draft whole, as `draftReport`. A portion of the kind `kept` is a file of this draft whose
 * bytes the node has (`uploaded` of the draft names it); files that no portion names any more are gone from the node.
 */
export async function replaceDraft(needs: Needs, draft: string, parts: ReplacedParts, options: UploadOptions = {}): Promise<DraftView> {
  return saveWith(needs, parts, options, (body) => needs.api.replace(`/api/drafts/${draft}`, body, draftShape))
}

async function saveWith(
  { crypto, api }: Needs,
  parts: ReplacedParts,
  options: UploadOptions,
  save: (body: Json) => Promise<DraftView>,
): Promise<DraftView> {
  const files: { readonly file: DraftFile; readonly announced: Announced }[] = []
  const portions: Json[] = []
  for (const portion of parts.portions) {
    if (portion.kind === 'text') {
      portions.push({ kind: 'text', marking: portion.marking, texts: portion.texts.map(({ lang, text }) => ({ lang, text })) })
      continue
    }
    const { marking, name, mediaType } = portion
    const { size, sha256 } = portion.kind === 'kept' ? portion : await measure(crypto, portion.read())
    if (portion.kind === 'file') files.push({ file: portion, announced: { size, sha256 } })
    portions.push({ kind: 'file', marking, name, mediaType, size, sha256 })
  }
  const draft = await save({ title: parts.title, area: parts.area, portions })
  const there = new Set(draft.uploaded)
  for (const { file, announced } of files) {
    if (there.has(announced.sha256)) continue
    await uploadFile(crypto, api, draft.id, announced, unchanged(file, announced), options)
    there.add(announced.sha256)
  }
  return { ...draft, ...(there.size === 0 ? {} : { uploaded: [...there] }) }
}

/** The file's bytes again; a length that changed is told here, other bytes of the same length by the node, which hashes all. */
async function* unchanged(file: DraftFile, announced: Announced): AsyncGenerator<Uint8Array> {
  let size = 0
  for await (const piece of file.read()) {
    size += piece.length
    if (size > announced.size) break
    yield piece
  }
  if (size !== announced.size)
    throw new ClientError('client/file-changed', 'a file changed while it was read', { values: { name: file.name } })
}

/** Gives a draft to review: from then on its author changes it no more. */
export async function submitDraft(api: NodeApi, draft: string): Promise<void> {
  await api.post(`/api/drafts/${draft}/submit`, {}, jsonShape)
}

/** Takes an own draft back from review. Throws `node/draft-state` where it is not there any more. */
export async function withdrawDraft(api: NodeApi, draft: string): Promise<void> {
  await api.post(`/api/drafts/${draft}/withdraw`, {}, jsonShape)
}

/** Removes an own draft, which is not in review, with its files, for good. */
export async function discardDraft(api: NodeApi, draft: string): Promise<void> {
  await api.send(`/api/drafts/${draft}/discard`, {})
}

/** Gives a draft back to its author, and says why. */
export async function returnDraft(api: NodeApi, draft: string, why: Returned): Promise<void> {
  await api.send(`/api/drafts/${draft}/return`, { ...why })
}

/**
 * What of a draft may go to a nation and why, who could read it: for a disclosure officer while it is in review, for its
 * author always. Throws `client/absent`.
 */
export async function readDisclosure(api: NodeApi, draft: string, to: string): Promise<Disclosure> {
  return api.get(`/api/drafts/${draft}/disclosure?to=${to}`, disclosureShape)
}

/** Own drafts; for disclosure officers those in review too. As the node gives them. */
export async function listDrafts(api: NodeApi): Promise<readonly DraftLine[]> {
  return (await api.get('/api/drafts', draftListShape)).drafts
}

/** One draft, with its portions. */
export async function readDraft(api: NodeApi, draft: string): Promise<DraftView> {
  return api.get(`/api/drafts/${draft}`, draftShape)
}
