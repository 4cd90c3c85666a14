import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type Json, EntenteError, utf8 } from '@entente/canonical'
import { type DraftParts, draftReport, readDisclosure, readRegister, readStatus, submitDraft } from '@entente/client'
import { type World, twoNations } from '@entente/testkit'
import { type Meddle, clientOf } from './flows-world.ts'

const codeIs = (code: string) => (error: unknown) => error instanceof EntenteError && (error as EntenteError).code === code

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
