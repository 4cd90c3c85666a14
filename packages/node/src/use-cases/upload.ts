import { type Crypto, concatBytes, fromHex, sameBytes, toHex, uint64, utf8 } from '@entente/canonical'
import { NodeError } from '../errors.ts'
import type { Nation } from '../nation.ts'
import { type Blobs, PART_BYTES } from '../store/blobs.ts'
import type { Draft } from '../store/drafts.ts'
import { type Drafter, draftFor, inDraftTurn, openDraftOf } from './draft-access.ts'

/** Bytes that are announced: how many, and their SHA-256. */
export interface Announced {
  readonly size: number
  readonly sha256: string
}

/** A container that is announced: how many bytes, and the id of the release statement that was signed over them. */
export interface AnnouncedContainer {
  readonly size: number
  readonly statement: string
}

type Needs = Pick<Nation, 'crypto' | 'nonceKey' | 'drafts' | 'draftFiles' | 'blobs'>

/** The largest file or container: 16 GiB. */
const MAX_UPLOAD_BYTES = 17_179_869_184
const KINDS = ['draft-file', 'container'] as const
type Kind = (typeof KINDS)[number]
const NAME_BYTES = 1 + 8 + 16 + 16

/**
 * Announces a file that a portion of an own draft names, and gives the upload's name. The same announcement gives the
 * same name, so that an upload goes on after a break. Throws `node/absent`, `node/draft-state`, `node/bad-request`.
 */
export async function announceDraftFile(nation: Needs, author: string, draft: string, file: Announced): Promise<string> {
  if (!namesFile(await openDraftOf(nation, author, draft), file)) {
    throw new NodeError('node/bad-request', 'no portion of the draft names this file', { values: { what: 'sha256' } })
  }
  return begin(nation, 'draft-file', author, file.size, file.sha256)
}

/**
 * As `announceDraftFile`, for a container that an officer sealed. Its hash is nobody's to announce: what stands in it is checked
 * against what was signed when it is released.
 */
export async function announceContainer(nation: Needs, officer: string, container: AnnouncedContainer): Promise<string> {
  return begin(nation, 'container', officer, container.size, container.statement)
}

/** Takes part `number` (from 0) of an upload. Throws `node/absent` for another person's, `node/bad-request`, `node/disk-full`. */
export async function takePart(
  nation: Needs,
  person: string,
  upload: string,
  part: { readonly number: number; readonly bytes: Uint8Array; readonly sha256: string },
): Promise<void> {
  const { kind, size } = readName(nation, person, upload)
  const end = part.number * PART_BYTES + part.bytes.length
  const last = end === size
  if (end > size || (!last && part.bytes.length !== PART_BYTES))
    throw new NodeError('node/bad-request', 'a part does not fit the announced size', { values: { what: 'part' } })
  await storeOf(nation, kind).writePart(upload, part.number, part.bytes, part.sha256)
}

/**
 * Ends an upload: what came is what was announced, and durable; the author's drafts that name the file have it from now on.
 * Gives its size and its SHA-256, which only a file's author says too. Throws `node/absent`, `node/bad-request`.
 */
export async function completeUpload(
  nation: Needs,
  person: string,
  upload: string,
  announced: { readonly size: number; readonly sha256?: string },
): Promise<Announced> {
  const { kind, size, id } = readName(nation, person, upload)
  const { sha256 } = announced
  const same = announced.size === size && (kind === 'container') === (sha256 === undefined)
  if (!same || (sha256 !== undefined && !sameBytes(fromHex(sha256).subarray(0, 16), id))) {
    throw new NodeError('node/bad-request', 'not what was announced', { values: { what: 'upload' } })
  }
  // A container's upload stays until it is swept, a second name of one file: whoever lost the answer asks again.
  if (sha256 === undefined) return { size, sha256: await nation.blobs.completeUpload(upload, { size }) }
  await completeDraftFile(nation, person, upload, { size, sha256 })
  return { size, sha256 }
}

async function completeDraftFile(nation: Needs, person: string, upload: string, whole: Announced): Promise<void> {
  const naming = (await nation.drafts.all()).filter((draft) => draft.author === person && namesFile(draft, whole))
  const having = naming.filter((draft) => draft.uploaded?.includes(whole.sha256) === true)
  if (having.length === 0) await nation.draftFiles.completeUpload(upload, whole)
  for (const { id } of naming) await inDraftTurn(nation, id, () => noteUploaded(nation, id, whole))
  // INVARIANT: no plaintext without a draft that names it; what this was for may have been discarded meanwhile.
  if (!(await nation.drafts.all()).some((draft) => namesFile(draft, whole))) {
    await nation.draftFiles.endUpload(upload)
    await nation.draftFiles.remove(whole.sha256)
    throw new NodeError('node/absent', 'no draft names this file any more')
  }
  // Only now: who completes it again after a full disk must still have shown the bytes.
  await nation.draftFiles.endUpload(upload)
}

async function noteUploaded(nation: Needs, id: string, file: Announced): Promise<void> {
  const draft = await nation.drafts.find(id)
  if (draft === undefined || !namesFile(draft, file) || draft.uploaded?.includes(file.sha256) === true) return
  await nation.drafts.save({ ...draft, uploaded: [...(draft.uploaded ?? []), file.sha256] })
}

/** Forgets uploads that were begun for a draft and that no other draft of its author waits for. */
export async function giveUpUploads(nation: Needs, draft: Draft): Promise<void> {
  const others = (await nation.drafts.all()).filter(({ id, author }) => id !== draft.id && author === draft.author)
  for (const portion of draft.portions) {
    if (portion.kind !== 'file' || others.some((other) => namesFile(other, portion))) continue
    await nation.draftFiles.endUpload(nameOf(nation, 'draft-file', draft.author, portion.size, portion.sha256))
  }
}

function namesFile(draft: Draft, file: Announced): boolean {
  return draft.portions.some((portion) => portion.kind === 'file' && portion.sha256 === file.sha256 && portion.size === file.size)
}

/** A file of a draft, for whoever may read the draft: its size and its bytes. Throws `node/absent`. */
export async function readDraftFile(
  nation: Needs,
  caller: Drafter,
  id: string,
  sha256: string,
): Promise<{ readonly size: number; readonly bytes: AsyncIterable<Uint8Array> }> {
  const { uploaded } = await draftFor(nation, caller, id)
  if (uploaded?.includes(sha256) !== true) throw new NodeError('node/absent', 'nothing is here')
  return { size: await nation.draftFiles.size(sha256), bytes: nation.draftFiles.read(sha256) }
}

async function begin(nation: Needs, kind: Kind, person: string, size: number, id: string): Promise<string> {
  if (size > MAX_UPLOAD_BYTES) throw new NodeError('node/too-large', 'larger than is taken', { values: { limit: MAX_UPLOAD_BYTES } })
  const name = nameOf(nation, kind, person, size, id)
  await storeOf(nation, kind).beginUpload(name)
  return name
}

/** A name says what was announced and by whom; nothing is kept of it, so a restart of the node forgets nothing. */
function nameOf(nation: Needs, kind: Kind, person: string, size: number, id: string): string {
  const head = concatBytes(new Uint8Array([KINDS.indexOf(kind)]), uint64(size), fromHex(id).subarray(0, 16))
  return toHex(concatBytes(head, nameMac(nation.crypto, nation.nonceKey, person, head)))
}

function readName(nation: Needs, person: string, upload: string): { readonly kind: Kind; readonly size: number; readonly id: Uint8Array } {
  const bytes = /^[0-9a-f]{82}$/u.test(upload) ? fromHex(upload) : new Uint8Array(NAME_BYTES)
  const head = bytes.subarray(0, NAME_BYTES - 16)
  const kind = KINDS[bytes[0] ?? KINDS.length]
  if (kind === undefined || !nation.crypto.equal(nameMac(nation.crypto, nation.nonceKey, person, head), bytes.subarray(NAME_BYTES - 16))) {
    throw new NodeError('node/absent', 'no such upload')
  }
  return { kind, size: Number(new DataView(bytes.buffer, bytes.byteOffset).getBigUint64(1)), id: head.subarray(9) }
}

function nameMac(crypto: Crypto, key: Uint8Array, person: string, head: Uint8Array): Uint8Array {
  return crypto.hmacSha256(key, utf8(`entente/upload/v1\n${person}\n`), head).subarray(0, 16)
}

function storeOf(nation: Needs, kind: Kind): Blobs {
  return kind === 'container' ? nation.blobs : nation.draftFiles
}
