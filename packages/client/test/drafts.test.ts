import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type Json, utf8 } from '@entente/canonical'
import {
  type DraftFile,
  type DraftParts,
  discardDraft,
  draftReport,
  listDrafts,
  readDisclosure,
  readDraft,
  readRegister,
  readStatus,
  replaceDraft,
  returnDraft,
  submitDraft,
  withdrawDraft,
} from '@entente/client'
import { type World, twoNations } from '@entente/testkit'
import { type Meddle, clientOf, codeIs } from './flows-world.ts'

function parts(world: World): DraftParts {
  return {
    title: { en: 'EXERCISE: two portions', ja: '演習：二つの部分' },
    area: world.data.story.area,
    portions: [
      { kind: 'text', marking: world.data.story.fileMarking, texts: [{ lang: 'en', text: 'EXERCISE. This goes.' }] },
      { kind: 'text', marking: 'SECRET//AUSTEO', texts: [{ lang: 'en', text: 'EXERCISE. This stays.' }] },
    ],
  }
}

test('author and officer read what may go; officers read who at home could read it', async (t) => {
  await using world = await twoNations({ seed: 'client-disclosure' })
  const { cast } = world.data.story
  const to = world.recipient.code
  await world.roster(world.recipient)
  await world.settle()
  await using author = await clientOf(world, world.originator, cast.author)
  const draft = await draftReport(author, parts(world))
  const preview = await readDisclosure(author.api, draft.id, to)
  assert.deepEqual(
    preview.portions.map(({ goes }) => goes),
    [true, false],
  )
  assert.deepEqual([preview.tearLine, preview.roster?.number], [[draft.portions[0]?.id], 1])
  assert.ok((preview.ownReaderCount ?? 0) > 0)
  await submitDraft(author.api, draft.id)
  await using officer = await clientOf(world, world.originator, cast.disclosureOfficer)
  const { ownReaders, ...desk } = await readDisclosure(officer.api, draft.id, to)
  assert.deepEqual(desk, await readDisclosure(author.api, draft.id, to))
  assert.equal(ownReaders?.length, desk.ownReaderCount)
  await using reader = await clientOf(world, world.recipient, cast.firstReader)
  await assert.rejects(readDisclosure(reader.api, draft.id, to), codeIs('client/absent'))

  const bent: readonly [string, (value: Record<string, Json>) => void][] = [
    ['an option that is not there', (value) => void (value['option'] = 99)],
    ['a portion that stays for no reason', (value) => void (value['portions'] = [{ id: 'x', goes: false, reasons: [] }])],
  ]
  for (const [name, change] of bent) {
    await t.test(name, async () => {
      const meddle: Meddle = (path, answer) => {
        if (!path.includes('/disclosure')) return answer
        const value = JSON.parse(Buffer.from(answer).toString()) as Record<string, Json>
        change(value)
        return utf8(JSON.stringify(value))
      }
      await using lied = await clientOf(world, world.originator, cast.author, meddle)
      await assert.rejects(readDisclosure(lied.api, draft.id, to), codeIs('client/answer-malformed'))
    })
  }
})

test('the frame and the register read as the node gives them', async () => {
  await using world = await twoNations({ seed: 'client-frame' })
  const { cast } = world.data.story
  const { items } = await world.release()
  await using officer = await clientOf(world, world.originator, cast.disclosureOfficer)
  const register = await readRegister(officer.api)
  assert.deepEqual(Object.fromEntries(register.map(({ recipient, item }) => [recipient, item])), items)
  assert.equal(new Set(register.map(({ report }) => report)).size, 1)
  const { nation, exercise, partners } = await readStatus(officer.api)
  assert.deepEqual([nation, exercise, partners.map((one) => one.nation)], [world.originator.code, true, [world.recipient.code]])
  await using author = await clientOf(world, world.originator, cast.author)
  await assert.rejects(readRegister(author.api), codeIs('client/absent'))
})

function file(name: string, content: string): DraftFile {
  return {
    kind: 'file',
    marking: 'SECRET//AUSTEO',
    name,
    mediaType: 'text/plain',
    read: async function* () {
      yield utf8(content)
    },
  }
}

test('a draft is replaced without sending again what the node has, submitted, withdrawn, returned, discarded', async () => {
  await using world = await twoNations({ seed: 'client-undo' })
  const { cast } = world.data.story
  const sent: string[] = []
  await using author = await clientOf(world, world.originator, cast.author, (path, answer) => {
    if (path.includes('/parts/')) sent.push(path)
    return answer
  })
  const { api } = author
  const first = parts(world)
  const written = await draftReport(author, { ...first, portions: [...first.portions, file('a.txt', 'one'), file('b.txt', 'two')] })
  const [one, two] = written.portions.flatMap((portion) => (portion.kind === 'file' ? [portion] : []))
  if (one === undefined || two === undefined) assert.fail('two files')
  assert.equal(sent.length, 2)
  const { name, mediaType, size, sha256 } = one
  const kept = { kind: 'kept', marking: 'OFFICIAL', name: `new-${name}`, mediaType, size, sha256 } as const
  const replaced = await replaceDraft(author, written.id, { ...first, portions: [kept, file('c.txt', 'three'), file('d.txt', 'one')] })
  assert.equal(sent.length, 3, 'only what the node has not got')
  assert.deepEqual(
    replaced.portions.map((portion) => [portion.marking, portion.kind === 'file' && portion.name]),
    [
      ['(O)', 'new-a.txt'],
      ['(S//AUSTEO)', 'c.txt'],
      ['(S//AUSTEO)', 'd.txt'],
    ],
  )
  assert.deepEqual([...((await readDraft(api, written.id)).uploaded ?? [])].sort(), [...(replaced.uploaded ?? [])].sort())
  assert.equal(await world.originator.parts.draftFiles.has(two.sha256), false)
  await submitDraft(api, written.id)
  await withdrawDraft(api, written.id)
  await submitDraft(api, written.id)
  await using officer = await clientOf(world, world.originator, cast.disclosureOfficer)
  await returnDraft(officer.api, written.id, { code: 'other', reason: 'EXERCISE' })
  assert.deepEqual((await readDraft(api, written.id)).returned, { code: 'other', reason: 'EXERCISE' })
  await assert.rejects(discardDraft(officer.api, written.id), codeIs('client/absent'))
  await discardDraft(api, written.id)
  assert.deepEqual(await listDrafts(api), [])
  assert.equal(await world.originator.parts.draftFiles.has(sha256), false)
})
