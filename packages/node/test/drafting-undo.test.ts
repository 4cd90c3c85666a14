import assert from 'node:assert/strict'
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import { toHex } from '@entente/canonical'
import { nodeCrypto as crypto } from '@entente/crypto-node'
import { discardDraft } from '#src/use-cases/discard-draft.ts'
import { prepareSealing } from '#src/use-cases/prepare-sealing.ts'
import { releaseReport } from '#src/use-cases/release-report.ts'
import { type DraftInput, saveDraft } from '#src/use-cases/save-draft.ts'
import { returnDraft, submitDraft, withdrawDraft } from '#src/use-cases/submit-draft.ts'
import { announceDraftFile, completeUpload, takePart } from '#src/use-cases/upload.ts'
import { DraftingWorld, codeOf } from './drafting-world.ts'

const text = { kind: 'text', marking: 'SECRET', texts: [{ lang: 'en', text: 'EXERCISE words' }] } as const
const FILE = new TextEncoder().encode('EXERCISE file')
const SHA256 = toHex(crypto.sha256(FILE))
const file = { kind: 'file', marking: 'SECRET', name: 'a.csv', mediaType: 'text/csv', size: FILE.length, sha256: SHA256 } as const
const INPUT: DraftInput = { title: { en: 'EXERCISE report' }, area: 'maritime', portions: [text] }
const WITH_FILE: DraftInput = { ...INPUT, portions: [text, file] }

async function worldWithAuthor(): Promise<DraftingWorld> {
  const world = await DraftingWorld.make()
  world.clear('chen', 'NV1')
  await world.engine.reconcile()
  return world
}

async function saved(world: DraftingWorld, input: DraftInput = INPUT): Promise<string> {
  return (await saveDraft(world.nation, 'chen', input)).id
}

/** Plaintext of files that lies on disk, whole or in part. */
async function filesOnDisk(world: DraftingWorld): Promise<string[]> {
  const folder = join(world.own, 'node/draft-files')
  return [...(await readdir(folder)).filter((name) => name !== 'incoming'), ...(await readdir(join(folder, 'incoming')))]
}

test('an author takes a report back from review; what was prepared for its release opens nothing any more', async () => {
  await using world = await worldWithAuthor()
  const { nation } = world
  const id = await saved(world)
  assert.equal(await codeOf(withdrawDraft(nation, 'chen', id)), 'node/draft-state')
  await submitDraft(nation, 'chen', id)
  const renditions = await prepareSealing(nation, 'walker', id, [])
  const handedIn = await Promise.all(renditions.map((rendition) => world.handIn(rendition)))
  for (const person of ['walker', 'morgan']) assert.equal(await codeOf(withdrawDraft(nation, person, id)), 'node/absent')
  assert.equal((await withdrawDraft(nation, 'chen', id)).state, 'draft')
  assert.equal(await nation.drafts.findSealing(id), undefined)
  for (const { item } of renditions) assert.equal(await nation.itemKeys.find(item), undefined)
  assert.equal(await codeOf(releaseReport(nation, 'walker', id, handedIn)), 'node/absent')
  assert.equal((await submitDraft(nation, 'chen', id)).state, 'review', 'it may be submitted again')
})

test('a report comes back with a reason by code; another reason needs words', async () => {
  await using world = await worldWithAuthor()
  const { nation } = world
  const id = await saved(world)
  await submitDraft(nation, 'chen', id)
  assert.equal(await codeOf(returnDraft(nation, 'walker', id, { code: 'other' })), 'node/bad-request')
  assert.equal((await nation.drafts.find(id))?.state, 'review')
  await returnDraft(nation, 'walker', id, { code: 'wrong-marking' })
  assert.deepEqual((await nation.drafts.find(id))?.returned, { code: 'wrong-marking' })
  assert.equal((await submitDraft(nation, 'chen', id)).returned, undefined)
  await returnDraft(nation, 'walker', id, { code: 'other', reason: 'EXERCISE' })
  assert.deepEqual((await nation.drafts.find(id))?.returned, { code: 'other', reason: 'EXERCISE' })
})

test('what an author discards is gone from the disk, also files that came in part; nobody else can, and not in review', async () => {
  await using world = await worldWithAuthor()
  const { nation } = world
  const [whole, partly, kept] = [await saved(world, WITH_FILE), await saved(world, WITH_FILE), await saved(world, WITH_FILE)]
  const upload = await announceDraftFile(nation, 'chen', whole, file)
  await takePart(nation, 'chen', upload, { number: 0, bytes: FILE, sha256: SHA256 })
  await discardDraft(nation, 'chen', partly)
  assert.equal((await filesOnDisk(world)).length, 1, 'another draft still waits for it')
  await completeUpload(nation, 'chen', upload, file)
  for (const person of ['walker', 'morgan']) assert.equal(await codeOf(discardDraft(nation, person, whole)), 'node/absent')
  await submitDraft(nation, 'chen', whole)
  assert.equal(await codeOf(discardDraft(nation, 'chen', whole)), 'node/draft-state')
  await returnDraft(nation, 'walker', whole, { code: 'not-useful' })
  await discardDraft(nation, 'chen', whole)
  assert.deepEqual(await filesOnDisk(world), [SHA256], 'another draft has it')
  await discardDraft(nation, 'chen', kept)
  assert.deepEqual([await filesOnDisk(world), await nation.drafts.all()], [[], []])
  assert.equal(await codeOf(discardDraft(nation, 'chen', kept)), 'node/absent')

  const last = await saved(world, WITH_FILE)
  const broken = await announceDraftFile(nation, 'chen', last, file)
  await takePart(nation, 'chen', broken, { number: 0, bytes: FILE, sha256: SHA256 })
  await discardDraft(nation, 'chen', last)
  assert.deepEqual(await filesOnDisk(world), [])
  assert.equal(await codeOf(completeUpload(nation, 'chen', broken, file)), 'node/absent')
  assert.equal(await codeOf(takePart(nation, 'chen', broken, { number: 0, bytes: FILE, sha256: SHA256 })), 'node/absent')
})

test('a draft discarded while its file is being ended leaves no file', async () => {
  await using world = await worldWithAuthor()
  const { nation } = world
  const id = await saved(world, WITH_FILE)
  const upload = await announceDraftFile(nation, 'chen', id, file)
  await takePart(nation, 'chen', upload, { number: 0, bytes: FILE, sha256: SHA256 })
  const draftFiles = {
    ...nation.draftFiles,
    completeUpload: async (...given: Parameters<typeof nation.draftFiles.completeUpload>) => {
      const sha256 = await nation.draftFiles.completeUpload(...given)
      await nation.drafts.remove(id)
      return sha256
    },
  }
  assert.equal(await codeOf(completeUpload({ ...nation, draftFiles }, 'chen', upload, file)), 'node/absent')
  assert.deepEqual(await filesOnDisk(world), [])
})
