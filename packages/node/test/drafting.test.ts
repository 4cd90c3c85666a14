import assert from 'node:assert/strict'
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import { toHex } from '@entente/canonical'
import { nodeCrypto as crypto } from '@entente/crypto-node'
import { type DraftInput, replaceDraft, saveDraft } from '#src/use-cases/save-draft.ts'
import { explainDisclosure } from '#src/use-cases/explain-disclosure.ts'
import { listDrafts, readDraft } from '#src/use-cases/list-drafts.ts'
import { listItems, readItem } from '#src/use-cases/list-items.ts'
import { prepareSealing } from '#src/use-cases/prepare-sealing.ts'
import { releaseReport } from '#src/use-cases/release-report.ts'
import { returnDraft, submitDraft } from '#src/use-cases/submit-draft.ts'
import { announceDraftFile, completeUpload, readDraftFile, takePart } from '#src/use-cases/upload.ts'
import { DraftingWorld, codeOf, lesser, stranger } from './drafting-world.ts'

const text = (marking: string, words = 'EXERCISE words') => ({ kind: 'text', marking, texts: [{ lang: 'en', text: words }] }) as const
const FILE = new TextEncoder().encode('EXERCISE file')
const file = {
  kind: 'file',
  marking: 'SECRET//REL AUS, JPN',
  name: 'track.csv',
  mediaType: 'text/csv',
  size: FILE.length,
  sha256: toHex(crypto.sha256(FILE)),
} as const
const INPUT: DraftInput = {
  title: { en: 'EXERCISE report' },
  area: 'maritime',
  portions: [text('SECRET//REL AUS, JPN'), text('SECRET//AUSTEO'), file],
}

async function worldWithAuthor(): Promise<DraftingWorld> {
  const world = await DraftingWorld.make()
  world.clear('chen', 'NV1')
  return world
}

async function submitted(world: DraftingWorld, input: DraftInput = INPUT): Promise<string> {
  const { nation } = world
  const { id } = await saveDraft(nation, 'chen', input)
  if (input.portions.some(({ kind }) => kind === 'file')) {
    const upload = await announceDraftFile(nation, 'chen', id, file)
    await takePart(nation, 'chen', upload, { number: 0, bytes: FILE, sha256: file.sha256 })
    await completeUpload(nation, 'chen', upload, file)
  }
  await submitDraft(nation, 'chen', id)
  return id
}

test("nothing is saved unmarked, wrongly marked, or above the author's clearance", async () => {
  await using world = await worldWithAuthor()
  const { nation } = world
  const save = (marking: string, person = 'chen') => saveDraft(nation, person, { ...INPUT, portions: [text('OFFICIAL'), text(marking)] })
  await assert.rejects(save(''), { code: 'label/empty', values: { at: 0, portion: 1 } })
  assert.match(await codeOf(save('SECRIT')), /^label\/unknown/u)
  await assert.rejects(save('TOP SECRET//REL AUS'), { code: 'node/above-clearance', values: { portion: 1, classification: 'TOP-SECRET' } })
  assert.equal(await codeOf(save('OFFICIAL', 'morgan')), 'node/above-clearance', 'nobody is cleared by default')
  assert.equal(await codeOf(saveDraft(nation, 'chen', { ...INPUT, portions: [file, file] })), 'node/bad-request')
  assert.deepEqual(await nation.drafts.all(), [])
})

test("a draft is its author's; in review also the officers', and nobody changes it", async () => {
  await using world = await worldWithAuthor()
  const { nation } = world
  const [chen, walker, morgan] = ['author', 'disclosure-officer', 'reader'].map((role, index) => ({
    person: ['chen', 'walker', 'morgan'][index] ?? '',
    roles: [role],
  }))
  const draft = await saveDraft(nation, 'chen', INPUT)
  assert.equal(draft.banner, 'SECRET//AUSTEO')
  assert.equal(await codeOf(readDraft(nation, walker ?? assert.fail(), draft.id)), 'node/absent')
  assert.equal(await codeOf(submitDraft(nation, 'chen', draft.id)), 'node/bad-request', 'a file is missing')
  const upload = await announceDraftFile(nation, 'chen', draft.id, file)
  assert.equal(await announceDraftFile(nation, 'chen', draft.id, file), upload, 'an upload goes on after a break')
  assert.equal(await codeOf(takePart(nation, 'walker', upload, { number: 0, bytes: FILE, sha256: file.sha256 })), 'node/absent')
  assert.equal(await codeOf(takePart(nation, 'chen', upload, { number: 1, bytes: FILE, sha256: file.sha256 })), 'node/bad-request')
  await takePart(nation, 'chen', upload, { number: 0, bytes: FILE, sha256: file.sha256 })
  await completeUpload(nation, 'chen', upload, file)
  await completeUpload(nation, 'chen', upload, file)
  world.clear('walker', 'NV1')
  const thief = await saveDraft(nation, 'walker', { ...INPUT, portions: [file] })
  const empty = await announceDraftFile(nation, 'walker', thief.id, file)
  assert.equal(await codeOf(completeUpload(nation, 'walker', empty, file)), 'node/bad-request', 'a hash is not the file')
  assert.equal(await codeOf(readDraftFile(nation, { person: 'walker', roles: ['author'] }, thief.id, file.sha256)), 'node/absent')
  assert.equal((await submitDraft(nation, 'chen', draft.id)).state, 'review')
  assert.equal((await readDraft(nation, walker ?? assert.fail(), draft.id)).portions.length, 3)
  assert.equal(await codeOf(readDraft(nation, morgan ?? assert.fail(), draft.id)), 'node/absent')
  assert.equal(await codeOf(replaceDraft(nation, 'chen', draft.id, INPUT)), 'node/draft-state')
  await returnDraft(nation, 'walker', draft.id, { code: 'needs-rewrite', reason: 'EXERCISE: say more' })
  assert.deepEqual((await listDrafts(nation, chen ?? assert.fail()))[0]?.returned, {
    code: 'needs-rewrite',
    reason: 'EXERCISE: say more',
  })
  assert.deepEqual(
    (await listDrafts(nation, walker ?? assert.fail())).map(({ id }) => id),
    [thief.id],
  )
  await replaceDraft(nation, 'chen', draft.id, { ...INPUT, portions: [text('SECRET')] })
  await replaceDraft(nation, 'walker', thief.id, { ...INPUT, portions: [text('SECRET')] })
  assert.equal(await nation.draftFiles.has(file.sha256), false, 'a file that no draft names is gone')
})

test('a release: tear line, statement, one record, letter; then no plaintext is left', async () => {
  await using world = await worldWithAuthor()
  const { nation } = world
  const id = await submitted(world)
  const disclosure = await explainDisclosure(nation, { person: 'walker', roles: ['disclosure-officer'] }, id, 'JPN')
  assert.equal(disclosure.tearLine.length, 2)
  assert.equal(disclosure.tearLineBanner, 'SECRET//REL AUS, JPN')
  assert.equal(disclosure.explanation.stay.length, 1)
  assert.equal(await codeOf(prepareSealing(nation, 'chen', id, ['JPN'])), 'node/own-report')
  const renditions = await prepareSealing(nation, 'walker', id, ['JPN'])
  assert.deepEqual(
    renditions.map(({ recipient, portions, keyControl, keyServices }) => [recipient, portions.length, keyControl, keyServices.length]),
    [
      ['AUS', 3, 'originator', 1],
      ['JPN', 2, 'both', 2],
    ],
  )
  const handedIn = []
  for (const rendition of renditions) handedIn.push(await world.handIn(rendition))
  assert.equal(await codeOf(releaseReport(nation, 'walker', id, handedIn)), 'node/behind', 'no log is open before its witness was asked')
  await world.engine.reconcile()
  assert.equal(await codeOf(releaseReport(nation, 'chen', id, handedIn)), 'node/own-report')
  const released = await releaseReport(nation, 'walker', id, handedIn)
  assert.deepEqual(
    released.items.map(({ recipient }) => recipient),
    ['AUS', 'JPN'],
  )
  assert.deepEqual(await releaseReport(nation, 'walker', id, handedIn), released, 'the same release again gets the same answer')

  assert.deepEqual(await readdir(join(world.own, 'node/drafts')), [])
  assert.deepEqual(await readdir(join(world.own, 'node/draft-files')), ['incoming'])
  const entries = await nation.db.selectFrom('entries').selectAll().where('act', '=', 'release').orderBy('log').execute()
  assert.deepEqual(
    entries.map(({ log, n }) => [log, n]),
    [
      ['home', released.n],
      ['jpn-aus.jpn', released.n],
    ],
  )
  assert.doesNotMatch(entries[1]?.opening ?? '', /walker|chen/u, 'no name goes into a log of a partner')
  const [letter] = await nation.db.selectFrom('envelopes').selectAll().execute()
  assert.equal(letter?.type, 'offer')
  assert.equal(world.woken, 1)

  world.clear('morgan', 'NV1')
  const listed = await listItems(nation, 'morgan', {})
  assert.deepEqual(
    listed.items.map(({ marking, originator }) => [marking, originator]),
    [['SECRET//AUSTEO', 'AUS']],
  )
  const [item] = listed.items
  assert.equal((await readItem(nation, 'morgan', item?.item ?? '', undefined)).container.sha256, handedIn[0]?.container.sha256)
  world.clear('morgan', 'BASELINE')
  assert.equal((await listItems(nation, 'morgan', { purpose: 'assessment' })).count, 0)
  const absences = async () => (await nation.db.selectFrom('entries').select('n').where('act', '=', 'refuse').execute()).length
  assert.equal(await codeOf(readItem(nation, 'morgan', item?.item ?? '', undefined)), 'node/absent')
  assert.equal(await codeOf(readItem(nation, 'morgan', '5c9e0f3a-1c1b-4a5e-9f57-0c3a9d1b2e4f', undefined)), 'node/absent')
  assert.equal(await absences(), 2)
})

test('what differs from what was prepared, or is beyond the officer, is not released', async () => {
  await using world = await worldWithAuthor()
  const { nation } = world
  await world.engine.reconcile()
  const id = await submitted(world, { ...INPUT, portions: [text('SECRET//REL AUS, JPN')] })
  const [own, tear] = await prepareSealing(nation, 'walker', id, ['JPN'])
  if (own === undefined || tear === undefined) assert.fail('two renditions')
  const good = await world.handIn(own)
  const release = async (second: Parameters<DraftingWorld['handIn']>[1]) =>
    codeOf(releaseReport(nation, 'walker', id, [good, await world.handIn(tear, second)]))
  assert.equal(await release({ change: (body) => ({ ...body, expires: body.expires + 1 }) }), 'node/not-as-prepared')
  assert.equal(await release({ change: (body) => ({ ...body, serial: 2 }) }), 'node/not-as-prepared')
  assert.equal(await release({ change: (body) => ({ ...body, area: 'air' }) }), 'node/not-as-prepared')
  assert.equal(await release({ card: { banner: 'OFFICIAL' } }), 'node/not-as-prepared')
  assert.equal(await release({ unsalted: true }), 'node/not-as-prepared')
  assert.equal(await release({ signer: stranger }), 'container/statement-signer')
  assert.equal(await release({ signer: lesser }), 'node/above-delegation')
  const other = await world.handIn(tear)
  const changed = { ...(other.card as object), title: { en: 'EXERCISE other' } }
  assert.equal(await codeOf(releaseReport(nation, 'walker', id, [good, { ...other, card: changed }])), 'container/card-digest')
  assert.equal(await codeOf(releaseReport(nation, 'walker', id, [good])), 'node/not-as-prepared')
  assert.equal(await codeOf(releaseReport(nation, 'walker', id, [good, good])), 'node/not-as-prepared')
  const swapped = { ...other, container: good.container }
  assert.notEqual(await codeOf(releaseReport(nation, 'walker', id, [good, swapped])), 'ok')
  world.now += 3_600
  assert.equal(await codeOf(releaseReport(nation, 'walker', id, [good, other])), 'node/conflict', 'what was prepared lapses')
  assert.equal((await nation.itemKeys.find(own.item)) === undefined, false)
  const again = await prepareSealing(nation, 'walker', id, [])
  assert.equal(await nation.itemKeys.find(own.item), undefined, 'keys of what was given up are gone')
  const home = await Promise.all(again.map((rendition) => world.handIn(rendition)))
  assert.equal((await releaseReport(nation, 'walker', id, home)).items.length, 1)
})

test('where no grant lets anything go, nothing is prepared', async () => {
  await using world = await worldWithAuthor()
  const { nation } = world
  const id = await submitted(world, { ...INPUT, portions: [text('SECRET//AUSTEO')] })
  await assert.rejects(prepareSealing(nation, 'walker', id, ['JPN']), { code: 'node/refused' })
  assert.equal(await codeOf(prepareSealing(nation, 'walker', id, ['XKA'])), 'node/bad-request')
  assert.equal(await nation.drafts.findSealing(id), undefined)
})

test('where the agreement delegates to offices, the key statement must name one that reaches so far', async () => {
  const delegation = {
    id: 'aus-disclosure',
    article: '5',
    nation: 'AUS',
    office: 'EXERCISE-DISCLOSURE-OFFICE',
    ceiling: 'SECRET',
    areas: ['maritime'],
    modes: ['give' as const],
  }
  const office = delegation.office
  for (const [why, given] of [
    ['no office named', { delegations: [delegation] }],
    ['a lower ceiling', { delegations: [{ ...delegation, ceiling: 'PROTECTED' }], office }],
    ['showing only', { delegations: [{ ...delegation, modes: ['show' as const] }], office }],
  ] as const) {
    await using world = await DraftingWorld.make(given)
    world.clear('chen', 'NV1')
    const id = await submitted(world, { ...INPUT, portions: [text('SECRET//REL AUS, JPN')] })
    await assert.rejects(prepareSealing(world.nation, 'walker', id, ['JPN']), { code: 'node/refused' }, why)
    // What stays at home is no agreement's.
    assert.equal((await prepareSealing(world.nation, 'walker', id, [])).length, 1, why)
  }
  await using world = await DraftingWorld.make({ delegations: [delegation], office })
  world.clear('chen', 'NV1')
  await world.engine.reconcile()
  const { nation } = world
  const id = await submitted(world, { ...INPUT, portions: [text('SECRET//REL AUS, JPN')] })
  const renditions = await prepareSealing(nation, 'walker', id, ['JPN'])
  const given = await Promise.all(renditions.map((rendition) => world.handIn(rendition)))
  // Between preparing and releasing the authority may have named another office.
  const trust = nation.trust()
  const renamed = trust.own.delegations.map((one) => ({ ...one, office: 'EXERCISE-ENERGY-RESILIENCE' }))
  const bent = { ...nation, trust: () => ({ ...trust, own: { ...trust.own, delegations: renamed } }) }
  assert.equal(await codeOf(releaseReport(bent, 'walker', id, given)), 'node/above-delegation')
  assert.equal((await releaseReport(nation, 'walker', id, given)).items.length, 2)
})
