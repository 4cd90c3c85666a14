import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { type Delegation, completeSpecimen, readAgreementTemplate } from '@entente/agreement'
import { type HybridSigner, utf8 } from '@entente/canonical'
import { compile } from '@entente/decision'
import { parseMarking, readPolicy } from '@entente/label'
import type { Nation } from '#src/nation.ts'
import { couldRead } from '#src/use-cases/could-read.ts'
import { explainDisclosure } from '#src/use-cases/explain-disclosure.ts'
import { prepareSealing } from '#src/use-cases/prepare-sealing.ts'
import { explainFor } from '#src/use-cases/release-options.ts'
import { releaseReport } from '#src/use-cases/release-report.ts'
import { saveDraft } from '#src/use-cases/save-draft.ts'
import { submitDraft } from '#src/use-cases/submit-draft.ts'
import { DraftingWorld, codeOf, lesser, officer } from './drafting-world.ts'

const [DISCLOSURE, ENERGY] = ['EXERCISE-DISCLOSURE-OFFICE', 'EXERCISE-ENERGY-RESILIENCE']
/** The three are members by then. */
const NOW = 1_795_478_400
const MARKING = 'SECRET//REL AUS, JPN'

function delegation(id: string, office: string, ceiling: string): Delegation {
  return { id, article: '5', nation: 'AUS', office, ceiling, areas: ['maritime'], modes: ['give'] }
}

/** The agreement lets the disclosure office release SECRET, and the energy office nothing above PROTECTED. */
async function worldOf(): Promise<{ readonly world: DraftingWorld; readonly id: string }> {
  const world = await DraftingWorld.make({
    delegations: [delegation('aus-energy', ENERGY, 'PROTECTED'), delegation('aus-disclosure', DISCLOSURE, 'SECRET')],
    office: DISCLOSURE,
  })
  world.clear('chen', 'NV1')
  await world.engine.reconcile()
  const portions = [{ kind: 'text', marking: MARKING, texts: [{ lang: 'en', text: 'EXERCISE words' }] }] as const
  const { id } = await saveDraft(world.nation, 'chen', { title: { en: 'EXERCISE report' }, area: 'maritime', portions })
  await submitDraft(world.nation, 'chen', id)
  return { world, id }
}

interface Line {
  readonly officer: string
  readonly key?: HybridSigner
  readonly office?: string
  readonly ceiling?: string
}

/** The same node, with these lines in its authority's key statement. */
function withLines(world: DraftingWorld, lines: readonly Line[]): Nation {
  const trust = world.nation.trust()
  const delegations = lines.map(({ officer: name, key = officer, office, ceiling = 'SECRET' }) => ({
    nation: 'AUS',
    officer: name,
    key: key.publicKey,
    ceiling,
    areas: ['maritime'],
    until: world.now + 86_400,
    ...(office === undefined ? {} : { office }),
  }))
  return { ...world.nation, trust: () => ({ ...trust, own: { ...trust.own, delegations } }) }
}

/** How preparing, sealing and releasing end for the officer. */
async function released(world: DraftingWorld, id: string, nation: Nation): Promise<string> {
  const prepared = await prepareSealing(nation, 'walker', id, ['JPN']).catch((error: unknown) => error as { readonly code: string })
  if ('code' in prepared) return `prepare: ${prepared.code}`
  const given = await Promise.all(prepared.map((rendition) => world.handIn(rendition)))
  return codeOf(releaseReport(nation, 'walker', id, given))
}

for (const [why, lines, end] of [
  [
    'the first role id is of an office that may not',
    [
      { officer: 'desk-a', key: lesser, office: ENERGY },
      { officer: 'desk-b', office: DISCLOSURE },
    ],
    'ok',
  ],
  [
    'one key in two lines, the first of an office that may not',
    [
      { officer: 'desk-a', office: ENERGY },
      { officer: 'walker', office: DISCLOSURE },
    ],
    'ok',
  ],
  [
    'one key in two lines, the first with a lower ceiling',
    [
      { officer: 'desk-a', office: DISCLOSURE, ceiling: 'PROTECTED' },
      { officer: 'walker', office: DISCLOSURE },
    ],
    'ok',
  ],
  [
    'one key in two lines, and neither may',
    [
      { officer: 'desk-a', office: ENERGY },
      { officer: 'walker', office: DISCLOSURE, ceiling: 'PROTECTED' },
    ],
    'node/above-delegation',
  ],
  ['only another person is of an office that may', [{ officer: 'morgan', key: lesser, office: DISCLOSURE }], 'prepare: node/refused'],
  [
    'the own line names no office',
    [{ officer: 'morgan', key: lesser, office: DISCLOSURE }, { officer: 'walker' }],
    'prepare: node/refused',
  ],
  ['the own office may not', [{ officer: 'walker', office: ENERGY }], 'prepare: node/refused'],
] satisfies readonly (readonly [string, readonly Line[], string])[]) {
  test(`a release is judged by every office in whose name it may be made: ${why}`, async () => {
    const { world, id } = await worldOf()
    await using _ = world
    assert.equal(await released(world, id, withLines(world, lines)), end)
  })
}

test('an office that was prepared for and another that signed: the one that signed decides', async () => {
  const { world, id } = await worldOf()
  await using _ = world
  const prepared = await prepareSealing(
    withLines(world, [
      { officer: 'desk-a', key: lesser, office: ENERGY },
      { officer: 'desk-b', office: DISCLOSURE },
    ]),
    'walker',
    id,
    ['JPN'],
  )
  const given = await Promise.all(prepared.map((rendition) => world.handIn(rendition)))
  const swapped = withLines(world, [
    { officer: 'desk-a', office: ENERGY },
    { officer: 'desk-b', key: lesser, office: DISCLOSURE },
  ])
  assert.equal(await codeOf(releaseReport(swapped, 'walker', id, given)), 'node/above-delegation')
  assert.equal(await codeOf(releaseReport(world.nation, 'walker', id, given)), 'ok')
})

test('who writes sees what any office could let go; who could read an item hangs on no office', async () => {
  const { world, id } = await worldOf()
  await using _ = world
  const lines = withLines(world, [
    { officer: 'desk-a', office: ENERGY },
    { officer: 'morgan', key: lesser, office: DISCLOSURE },
  ])
  const seen = await explainDisclosure(lines, { person: 'chen', roles: ['author'] }, id, 'JPN')
  assert.equal(seen.tearLine.length, 1)
  const officerSees = await explainDisclosure(lines, { person: 'walker', roles: ['disclosure-officer'] }, id, 'JPN')
  assert.equal(officerSees.tearLine.length, 0)
  const prepared = await prepareSealing(world.nation, 'walker', id, ['JPN'])
  const given = await Promise.all(prepared.map((rendition) => world.handIn(rendition)))
  const { items } = await releaseReport(world.nation, 'walker', id, given)
  const item = items.find(({ recipient }) => recipient === 'JPN')?.item ?? ''
  const { conditions } = await couldRead(world.nation, item)
  assert.ok(conditions.some(({ code }) => code === 'condition/clearance'))
})

test('what may go by way of an intermediary alone is not offered: nobody could open it', async () => {
  const read = async (...path: readonly string[]): Promise<string> =>
    readFile(join(fileURLToPath(new URL('../../../', import.meta.url)), ...path), 'utf8')
  const template = readAgreementTemplate(utf8(await read('agreements/jpn-kor-usa/agreement.json')))
  const policies = await Promise.all(
    ['jpn', 'kor', 'usa'].map(async (nation) => readPolicy(JSON.parse(await read('nations', nation, 'nation.json')))),
  )
  const key = officer.publicKey
  const authorityKeys = Object.fromEntries(template.parties.map((party) => [party.nation, key]))
  const body = completeSpecimen(template, { authorityKeys, inForceFrom: 1 })
  const { basis: _, ...alone } = body
  const decider = compile({ deciding: 'JPN', agreements: [{ id: 'a'.repeat(64), body: alone }], policies })
  const [scheme] = policies
  if (scheme === undefined) assert.fail('a policy')
  const label = parseMarking('極秘//REL JPN, KOR, USA', { policy: scheme, created: 2, form: 'any' })
  const nation = { config: { nation: 'JPN' }, decider: () => decider, now: () => NOW } as unknown as Nation
  const ask = { area: 'missile', office: 'EXERCISE-KAIJI-SHINSA', portions: [{ id: 'p', label }] }
  assert.equal(decider.explainRelease({ ...ask, from: 'JPN', to: 'KOR', at: NOW }).options[0]?.via, 'USA')
  assert.deepEqual(explainFor(nation, { ...ask, to: 'KOR' }), { options: [], stay: ['p'] })
  assert.equal(explainFor(nation, { ...ask, to: 'USA' }).options.length, 1)
})
