import type { Crypto, Json } from '@entente/canonical'
import { ClientError } from './errors.ts'
import type { NodeApi } from './node-api.ts'
import { type Disclosure, disclosureShape } from './disclosure.ts'
import { type DraftLine, type DraftView, draftListShape, draftShape, jsonShape } from './shapes.ts'
import { type Announced, type UploadOptions, measure, uploadBytes } from './upload.ts'

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

/** What an author writes: every portion with its marking. */
export interface DraftParts {
  readonly title: { readonly en?: string; readonly ja?: string }
  readonly area: string
  readonly portions: readonly (DraftText | DraftFile)[]
}

type Needs = { readonly crypto: Crypto; readonly api: NodeApi }

/**
 * Saves a draft with its files: hashes every file, saves the words, sends what the node has not got. Throws what the node
 * says of a marking (its code, `portion` from 0), and `client/file-changed` for a file that changed on the way.
 */
export async function draftReport({ crypto, api }: Needs, parts: DraftParts, options: UploadOptions = {}): Promise<DraftView> {
  const files: { readonly file: DraftFile; readonly announced: Announced }[] = []
  const portions: Json[] = []
  for (const portion of parts.portions) {
    if (portion.kind === 'text') {
      portions.push({ kind: 'text', marking: portion.marking, texts: portion.texts.map(({ lang, text }) => ({ lang, text })) })
      continue
    }
    const announced = await measure(crypto, portion.read())
    files.push({ file: portion, announced })
    const { kind, marking, name, mediaType } = portion
    portions.push({ kind, marking, name, mediaType, ...announced })
  }
  const draft = await api.post('/api/drafts', { title: parts.title, area: parts.area, portions }, draftShape)
  const sent = new Set<string>()
  for (const { file, announced } of files) {
    if (sent.has(announced.sha256)) continue
    await uploadBytes(crypto, api, `/api/drafts/${draft.id}/files`, announced, unchanged(file, announced), options)
    sent.add(announced.sha256)
  }
  return draft
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

/** Gives a draft back to its author, with a reason. */
export async function returnDraft(api: NodeApi, draft: string, reason: string): Promise<void> {
  await api.send(`/api/drafts/${draft}/return`, { reason })
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
