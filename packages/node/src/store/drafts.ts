import { mkdir, readFile, readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import * as v from 'valibot'
import { type Json, type Shape, canonicalBytes, readDocument, readJson, shapes, codeOf } from '@entente/canonical'
import { type Portion, portionShape } from '@entente/label'
import { writeDurably } from '../config.ts'
import { syncDirectory } from '../journal/journal.ts'

/** Why an officer gives a report back. */
export const RETURN_CODES = ['needs-rewrite', 'wrong-marking', 'not-releasable', 'not-useful', 'other'] as const

/** A reason by code, with the officer's own words where there are any; `other` has always some. */
export interface Returned {
  readonly code: (typeof RETURN_CODES)[number]
  readonly reason?: string
}

/** A report while it is written and reviewed: the only plaintext that a node ever holds, and only of its own nation. */
export interface Draft {
  readonly id: string
  readonly author: string
  readonly title: { readonly en?: string; readonly ja?: string }
  readonly area: string
  readonly portions: readonly Portion[]
  /** SHA-256 of the files that its author has uploaded: naming a hash that somebody else's file has gives nobody that file. */
  readonly uploaded?: readonly string[]
  readonly state: 'draft' | 'review' | 'returned'
  /** Why it came back; where its state is `returned`. */
  readonly returned?: Returned
  readonly created: number
  readonly updated: number
}

/** The largest draft without its files. */
export const MAX_DRAFT_BYTES = 1_048_576

const draftShape: Shape<Draft> = v.strictObject({
  id: shapes.uuid,
  author: shapes.shortText,
  title: v.strictObject({ en: v.exactOptional(shapes.shortText), ja: v.exactOptional(shapes.shortText) }),
  area: shapes.shortText,
  portions: v.pipe(v.array(portionShape), v.maxLength(2_000)),
  uploaded: v.exactOptional(v.pipe(v.array(shapes.sha256), v.maxLength(2_000))),
  state: v.picklist(['draft', 'review', 'returned']),
  returned: v.exactOptional(v.strictObject({ code: v.picklist(RETURN_CODES), reason: v.exactOptional(shapes.text) })),
  created: shapes.instant,
  updated: shapes.instant,
})

/** Drafts on disk, one file each; the files of a draft are blobs of their own folder. */
export interface Drafts {
  save(draft: Draft): Promise<void>
  find(id: string): Promise<Draft | undefined>
  all(): Promise<readonly Draft[]>
  /** Keeps what was prepared for a draft's release; it is no act yet, so the journal knows nothing of it. */
  keepSealing(id: string, sealing: Json): Promise<void>
  /** What was prepared last. */
  findSealing(id: string): Promise<Json | undefined>
  removeSealing(id: string): Promise<void>
  /** Deletes the draft and what was prepared for it; its blobs are the caller's to remove. */
  remove(id: string): Promise<void>
}

/** Opens (and makes) the folder. */
export async function openDrafts(folder: string): Promise<Drafts> {
  await mkdir(folder, { recursive: true, mode: 0o700 })
  const pathOf = (id: string): string => join(folder, `${v.parse(shapes.uuid, id)}.json`)
  const sealingOf = (id: string): string => join(folder, `${v.parse(shapes.uuid, id)}.sealing`)
  const read = async (path: string): Promise<Draft> => readDocument(draftShape, await readFile(path), 'draft', MAX_DRAFT_BYTES)
  return {
    async save(draft) {
      const own = v.parse(draftShape, draft)
      await writeDurably(pathOf(own.id), canonicalBytes(own as unknown as Json))
    },
    async find(id) {
      if (!v.is(shapes.uuid, id)) return undefined
      try {
        return await read(pathOf(id))
      } catch (error) {
        if (codeOf(error) === 'ENOENT') return undefined
        throw error
      }
    },
    async all() {
      const names = (await readdir(folder)).filter((name) => name.endsWith('.json')).sort()
      return Promise.all(names.map((name) => read(join(folder, name))))
    },
    keepSealing: (id, sealing) => writeDurably(sealingOf(id), canonicalBytes(sealing)),
    async findSealing(id) {
      try {
        return readJson(await readFile(sealingOf(id)), MAX_DRAFT_BYTES)
      } catch (error) {
        if (codeOf(error) === 'ENOENT') return undefined
        throw error
      }
    },
    async removeSealing(id) {
      await rm(sealingOf(id), { force: true })
      await syncDirectory(folder)
    },
    async remove(id) {
      await rm(sealingOf(id), { force: true })
      await rm(pathOf(id), { force: true })
      await syncDirectory(folder)
    },
  }
}
