import assert from 'node:assert/strict'
import { test } from 'node:test'
import { message } from '@entente/words'
import { ownPolicy } from '#src/use-cases/draft-access.ts'
import { type Disclosure, explainDisclosure } from '#src/use-cases/explain-disclosure.ts'
import { bestOption, explainFor, reasonsAgainstWhole } from '#src/use-cases/release-options.ts'
import { type DraftInput, saveDraft } from '#src/use-cases/save-draft.ts'
import { submitDraft } from '#src/use-cases/submit-draft.ts'
import { DraftingWorld, codeOf } from './drafting-world.ts'

const text = (marking: string) => ({ kind: 'text', marking, texts: [{ lang: 'en', text: 'EXERCISE words' }] }) as const
const INPUT: DraftInput = {
  title: { en: 'EXERCISE report' },
  area: 'maritime',
  portions: [text('SECRET//REL AUS, JPN'), text('SECRET//AUSTEO')],
}
const CHEN = { person: 'chen', roles: ['author', 'reader'] }
const WALKER = { person: 'walker', roles: ['disclosure-officer', 'author'] }
const MORGAN = { person: 'morgan', roles: ['reader'] }

async function written(input: DraftInput = INPUT): Promise<{ readonly world: DraftingWorld; readonly id: string }> {
  const world = await DraftingWorld.make()
  world.clear('chen', 'NV1')
  return { world, id: (await saveDraft(world.nation, 'chen', input)).id }
}

/** Codes of what keeps each portion; empty where it goes. */
function kept({ portions }: Disclosure): readonly (readonly string[])[] {
  return portions.map((portion) => (portion.goes ? [] : portion.reasons.map(({ code }) => code)))
}

test('an author sees in any state what the desk would see, and whose draft it is not sees nothing', async () => {
  const { world, id } = await written()
  await using _ = world
  const { nation } = world
  const draft = await explainDisclosure(nation, CHEN, id, 'JPN')
  assert.deepEqual(
    [draft.banner, draft.tearLineBanner, draft.option, draft.tearLine.length, draft.roster],
    ['SECRET//AUSTEO', 'SECRET//REL AUS, JPN', 0, 1, undefined],
  )
  const [goes, stays] = kept(draft)
  assert.deepEqual(goes, [])
  assert.ok(stays?.every((code) => !message('en', code).startsWith('there are no words')) && stays.length > 0)
  assert.equal(draft.explanation.options[0]?.readers, undefined, 'nobody is counted before a roster has come')
  for (const caller of [WALKER, MORGAN]) assert.equal(await codeOf(explainDisclosure(nation, caller, id, 'JPN')), 'node/absent')
  await submitDraft(nation, 'chen', id)
  const { ownReaders, ...desk } = await explainDisclosure(nation, WALKER, id, 'JPN')
  assert.deepEqual(desk, await explainDisclosure(nation, CHEN, id, 'JPN'), 'the author sees the same, but no names')
  assert.ok(ownReaders !== undefined)
  assert.equal(await codeOf(explainDisclosure(nation, MORGAN, id, 'JPN')), 'node/absent')
  assert.equal(await codeOf(explainDisclosure(nation, { ...CHEN, person: 'chan' }, id, 'JPN')), 'node/absent')
  assert.equal(await codeOf(explainDisclosure(nation, CHEN, id, 'XKA')), 'node/bad-request')
})

test('own readers are those whom the home rule lets open the whole: officers see who, authors how many', async () => {
  const { world, id } = await written()
  await using _ = world
  const { nation } = world
  await submitDraft(nation, 'chen', id)
  const seen = async (): Promise<unknown[]> => {
    const { ownReaders, ownReaderCount } = await explainDisclosure(nation, WALKER, id, 'JPN')
    const author = await explainDisclosure(nation, CHEN, id, 'JPN')
    assert.deepEqual([author.ownReaderCount, author.ownReaders], [ownReaderCount, undefined])
    assert.equal(ownReaderCount, ownReaders?.length)
    return ownReaders?.map(({ person, names }) => [person, names.ja]) ?? []
  }
  const chen = ['chen', 'チェン（訓練）']
  assert.deepEqual(await seen(), [chen])
  world.clear('morgan', 'NV1')
  world.clear('walker', 'BASELINE')
  assert.deepEqual(await seen(), [chen, ['morgan', 'モーガン（訓練）']])
  world.clear('morgan', 'NV1', 'air')
  assert.deepEqual(await seen(), [chen], 'need to know is of the area')
})

test('a roster that has come is said with its number and date', async () => {
  const { world, id } = await written()
  await using _ = world
  const { nation } = world
  const cells = [{ clearance: 'TEKIKAKU-TOKUTEI', area: 'maritime', role: 'reader', count: 4 }]
  const body = { nation: 'JPN', agreement: 'jpn-aus', at: world.now - 60, number: 3, cells }
  const fact = { name: 'roster:jpn-aus:JPN', value: JSON.stringify({ body, signatures: [] }) }
  await nation.enter({ at: world.now, kind: 'received', body: { facts: [fact] }, entries: [], effects: [], conditions: [] })
  const { roster, explanation, option } = await explainDisclosure(nation, CHEN, id, 'JPN')
  assert.deepEqual(roster, { agreement: 'jpn-aus', at: world.now - 60, number: 3 })
  assert.equal(explanation.options[option ?? -1]?.readers?.atMost, 4)
})

test('where nothing goes every portion says why; a draft without a banner says who decides', async () => {
  const { world, id } = await written({ ...INPUT, portions: [text('SECRET//AUSTEO'), text('OFFICIAL')] })
  await using _ = world
  const { nation } = world
  const none = await explainDisclosure(nation, CHEN, id, 'JPN')
  assert.equal(none.portions.length, 2)
  const going = new Set(none.tearLine)
  for (const portion of none.portions) {
    assert.equal(portion.goes, going.has(portion.id))
    if (!portion.goes) assert.ok(portion.reasons.length > 0)
  }
  const { id: kept } = await saveDraft(nation, 'chen', { ...INPUT, portions: [text('SECRET//AUSTEO')] })
  const alone = await explainDisclosure(nation, CHEN, kept, 'JPN')
  assert.deepEqual([alone.option, alone.tearLine, alone.tearLineBanner], [undefined, [], undefined])
  assert.equal(alone.portions[0]?.goes, false)
  const { id: empty } = await saveDraft(nation, 'chen', { ...INPUT, portions: [] })
  const nothing = await explainDisclosure(nation, CHEN, empty, 'JPN')
  assert.deepEqual(
    [nothing.banner, nothing.personDecides, nothing.portions, nothing.ownReaderCount],
    [undefined, 'nothing-to-join', [], undefined],
  )
})

test('before any agreement is in force no rule lets anything go', async () => {
  const { world, id } = await written()
  await using _ = world
  world.now -= 10 * 365 * 86_400
  const { explanation, portions } = await explainDisclosure(world.nation, CHEN, id, 'JPN')
  assert.deepEqual(explanation.options, [])
  const reasons = [{ code: 'decision/no-grant', values: { from: 'AUS', to: 'JPN' } }]
  assert.deepEqual(
    portions.map((portion) => !portion.goes && portion.reasons),
    [reasons, reasons],
  )
})

test('what keeps portions together back although each may go: the floor, or what their joint label is', async () => {
  const { world, id } = await written({ ...INPUT, portions: [text('OFFICIAL')] })
  await using _ = world
  const { nation } = world
  const { portions } = (await nation.drafts.find(id)) ?? assert.fail()
  const [classified, neutral] = explainFor(nation, { to: 'JPN', area: 'maritime', portions }).options
  if (classified === undefined || neutral === undefined) assert.fail('two grants')
  const against = (option: typeof classified, given: typeof portions) =>
    reasonsAgainstWhole(nation, ownPolicy(nation), { area: 'maritime', portions: given }, { to: 'JPN' }, option).map(({ code }) => code)
  assert.deepEqual(against(classified, portions), ['decision/below-floor'])
  const [portion = assert.fail()] = portions
  const higher = (await saveDraft(nation, 'chen', { ...INPUT, portions: [text('SECRET//REL AUS, JPN')] })).portions[0] ?? assert.fail()
  assert.deepEqual(against(neutral, [{ ...portion, label: higher.label }]), ['decision/above-ceiling'])
  assert.deepEqual(against(neutral, []), ['label/person-decides'])
  assert.equal(bestOption({ options: [{ ...classified, portions: [] }, neutral], stay: [] }), neutral)
})
