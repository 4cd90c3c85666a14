import assert from 'node:assert/strict'
import { test } from 'node:test'
import { toBase64Url } from '@entente/canonical'
import { nodeCrypto as crypto } from '@entente/crypto-node'
import { signJoined } from '@entente/exchange'
import { listItems } from '#src/use-cases/list-items.ts'
import { prepareSealing } from '#src/use-cases/prepare-sealing.ts'
import { releaseReport } from '#src/use-cases/release-report.ts'
import { removeReleasedDrafts } from '#src/use-cases/remove-draft.ts'
import { reportJoined } from '#src/use-cases/report-joined.ts'
import { saveDraft } from '#src/use-cases/save-draft.ts'
import { submitDraft } from '#src/use-cases/submit-draft.ts'
import { DraftingWorld, codeOf } from './drafting-world.ts'

const INPUT = {
  title: { en: 'EXERCISE' },
  area: 'maritime',
  portions: [{ kind: 'text', marking: 'SECRET', texts: [{ lang: 'en', text: 'EXERCISE' }] }],
} as const

async function releasable(world: DraftingWorld) {
  const { nation } = world
  world.clear('chen', 'NV1')
  world.clear('morgan', 'NV1')
  await world.engine.reconcile()
  const { id } = await saveDraft(nation, 'chen', INPUT)
  await submitDraft(nation, 'chen', id)
  const renditions = await prepareSealing(nation, 'walker', id, [])
  return { id, handedIn: await Promise.all(renditions.map((rendition) => world.handIn(rendition))) }
}

test('a crash between record and clean-up leaves no plaintext after the next start', async () => {
  await using world = await DraftingWorld.make()
  const { id, handedIn } = await releasable(world)
  const drafts = { ...world.nation.drafts, remove: async () => Promise.reject(new Error('the crash')) }
  await assert.rejects(releaseReport({ ...world.nation, drafts }, 'walker', id, handedIn), /the crash/u)
  assert.equal((await world.nation.drafts.all()).length, 1)
  assert.equal(await removeReleasedDrafts(world.nation), 1)
  assert.equal((await world.nation.drafts.all()).length, 0)
  assert.equal((await releaseReport(world.nation, 'walker', id, handedIn)).items.length, 1, 'the officer asks again and is told')
})

test('two releases of one report at once: one record', async () => {
  await using world = await DraftingWorld.make()
  const { id, handedIn } = await releasable(world)
  const both = await Promise.all([releaseReport(world.nation, 'walker', id, handedIn), releaseReport(world.nation, 'walker', id, handedIn)])
  assert.equal(both[0].n, both[1].n)
  assert.equal((await world.nation.db.selectFrom('items').select('item').execute()).length, 1)
})

test('a row that somebody changed is no item any more', async () => {
  await using world = await DraftingWorld.make()
  const { nation } = world
  const { id, handedIn } = await releasable(world)
  await releaseReport(nation, 'walker', id, handedIn)
  assert.equal((await listItems(nation, 'morgan', {})).count, 1)
  await nation.db.updateTable('items').set({ area: 'air' }).execute()
  assert.equal((await listItems(nation, 'morgan', {})).count, 0)
  assert.ok(world.notices.includes('register/row-does-not-hold'))
})

test('what became of an own opening is entered once, and only by the key that asked', async () => {
  await using world = await DraftingWorld.make()
  const { nation } = world
  const { id, handedIn } = await releasable(world)
  const { items } = await releaseReport(nation, 'walker', id, handedIn)
  const item = items[0]?.item ?? ''
  const [holder, thief] = [await crypto.signer('Ed25519'), await crypto.signer('Ed25519')]
  const [leaf, request] = ['ab'.repeat(32), 'cd'.repeat(32)]
  const opening = { leaf, request, item, holderKey: toBase64Url(holder.publicKey) }
  await nation.enter({ at: world.now, kind: 'open', body: { openings: [opening] }, entries: [], effects: [], conditions: [] })
  const receipt = { realm: 'exercise', request, leaf, at: world.now, outcome: 'opened' } as const
  assert.equal(await codeOf(reportJoined(nation, item, await signJoined(receipt, thief))), 'exchange/joined-invalid')
  assert.equal(await codeOf(reportJoined(nation, item, await signJoined({ ...receipt, leaf: 'ef'.repeat(32) }, holder))), 'node/absent')
  const joined = await signJoined(receipt, holder)
  await reportJoined(nation, item, joined)
  await reportJoined(nation, item, joined)
  assert.equal((await nation.db.selectFrom('entries').select('n').where('act', '=', 'joined').execute()).length, 1)
  assert.equal((await nation.db.selectFrom('openings').select('outcome').executeTakeFirstOrThrow()).outcome, 'opened')
})
