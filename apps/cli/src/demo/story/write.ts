import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { open, stat } from 'node:fs/promises'
import { basename, extname } from 'node:path'
import { DemoError } from '../errors.ts'
import { ask, call } from '../call.ts'
import type { WorldReport } from '../world.ts'
import { type Actor, type Scene, type StoryFile, filled } from './scene.ts'

/** Parts of an upload. */
const PART_BYTES = 8_388_608

const MEDIA_TYPES: Readonly<Record<string, string>> = {
  '.pdf': 'application/pdf',
  '.docx': 'application/vnd.openxmlformats-officedocument.wordprocessingml.document',
  '.doc': 'application/msword',
  '.png': 'image/png',
  '.jpg': 'image/jpeg',
  '.jpeg': 'image/jpeg',
  '.txt': 'text/plain',
  '.csv': 'text/csv',
}

/** A file of the story as it travels. Throws `demo/usage` for one that cannot be read. */
export async function readStoryFile(path: string, marking: string): Promise<StoryFile> {
  try {
    const { size } = await stat(path)
    const hash = createHash('sha256')
    for await (const chunk of createReadStream(path)) hash.update(chunk as Buffer)
    return { path, name: basename(path).normalize('NFC'), marking, sha256: hash.digest('hex'), size }
  } catch (cause) {
    throw new DemoError('demo/usage', `${path} does not read`, { cause, values: { why: path } })
  }
}

/** A draft as the node shows it to its author. */
export interface DraftView {
  readonly id: string
  readonly state: string
  readonly banner: string
  readonly portions: readonly { readonly id: string; readonly marking: string }[]
}

/** The author writes a report and uploads its files. */
export async function writeDraft(scene: Scene, author: Actor, report: WorldReport, files: readonly StoryFile[]): Promise<DraftView> {
  const portions = [
    ...filled(scene, report),
    ...files.map(({ marking, name, size, sha256 }) => ({
      kind: 'file' as const,
      marking,
      name,
      mediaType: MEDIA_TYPES[extname(name).toLowerCase()] ?? 'application/octet-stream',
      size,
      sha256,
    })),
  ]
  const draft = await call<DraftView>(author.session, 'POST', '/api/drafts', {
    title: report.title,
    area: scene.world.story.area,
    portions,
  })
  for (const file of new Map(files.map((one) => [one.sha256, one])).values()) await uploadFile(author, draft.id, file)
  return draft
}

async function uploadFile(author: Actor, draft: string, file: StoryFile): Promise<void> {
  const { sha256, size } = file
  const { upload } = await call<{ upload: string }>(author.session, 'POST', `/api/drafts/${draft}/files`, { sha256, size })
  const handle = await open(file.path)
  try {
    for (let number = 0, at = 0; at < size; number++) {
      const { buffer, bytesRead } = await handle.read(Buffer.alloc(Math.min(PART_BYTES, size - at)), 0, undefined, at)
      const part = buffer.subarray(0, bytesRead)
      const hash = createHash('sha256').update(part).digest('hex')
      const answer = await author.session.fetch(`/api/uploads/${upload}/parts/${number}?sha256=${hash}`, {
        method: 'PUT',
        headers: { 'content-type': 'application/octet-stream' },
        body: part,
      })
      if (answer.status !== 204)
        throw new DemoError('demo/call-refused', `part ${number}: ${answer.status} ${await answer.text()}`, {
          values: { method: 'PUT', path: '/api/uploads', status: answer.status, code: '' },
        })
      at += bytesRead
    }
  } finally {
    await handle.close()
  }
  await call(author.session, 'POST', `/api/uploads/${upload}/complete`, { size, sha256 })
}

/** The author gives the draft to review. */
export async function submit(author: Actor, draft: string): Promise<void> {
  await call(author.session, 'POST', `/api/drafts/${draft}/submit`)
}

/** An entry about an item, as the evidence shows it. */
export interface EvidenceEntry {
  readonly log: string
  readonly index: number
  readonly n: number
  readonly at: number
  readonly act: string
  readonly leaf: string
  readonly opening: { readonly fields: readonly { readonly name: string; readonly salt: string; readonly value: unknown }[] }
  readonly state: 'cosigned' | 'partner-pending'
  readonly proof?: string
}

/** Every entry that a nation has about an item; empty where it has none. */
export async function evidenceOf(officer: Actor, item: string): Promise<readonly EvidenceEntry[]> {
  const answer = await ask(officer.session, 'GET', `/api/items/${item}/evidence`)
  if (answer.status === 404) return []
  return (JSON.parse(new TextDecoder().decode(answer.bytes)) as { entries: readonly EvidenceEntry[] }).entries
}

/** What a list shows of an item. */
export interface ListedItem {
  readonly item: string
  readonly marking: string
  readonly equivalent?: string
  readonly originator: string
  readonly expires: number
}

export async function listOf(scene: Scene, reader: Actor): Promise<readonly ListedItem[]> {
  return (await call<{ items: readonly ListedItem[] }>(reader.session, 'GET', `/api/items?purpose=${scene.world.story.purpose}`)).items
}
