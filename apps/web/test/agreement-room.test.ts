/** The pure parts of the agreement room: the matrix says what the decision says, the editor goes forth and back, examples are decided. */
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { describe, test } from 'node:test'
import { type Agreement, type AgreementVersion, agreementProblems, completeSpecimen, readAgreementTemplate } from '@entente/agreement'
import type { HybridPublicKey } from '@entente/canonical'
import { compile } from '@entente/decision'
import { type Side, difference, prove, proveVersion, questionOf } from '@entente/difference'
import { type MarkingPolicy, readPolicy } from '@entente/label'
import { type Draft, type Edit, beginDraft, draftAfter, edited, freeId } from '../src/screens/agreement/edit.ts'
import { compute } from '../src/screens/agreement/compute.ts'
import { termNames } from '../src/parts/terms.ts'
import { namedBy } from '../src/parts/value-names.ts'
import { statementsChanged } from '../src/screens/agreement/statements.ts'
import { placeOf } from '../src/screens/agreement/places.ts'
import { examplesOf } from '../src/screens/agreement/examples.ts'
import {
  areasOf,
  clearancesFor,
  countMarks,
  directionsIn,
  exactMarks,
  marksOf,
  matrixOf,
  matrixPairs,
} from '../src/screens/agreement/matrix.ts'

const ROOT = new URL('../../../', import.meta.url)
const AT = 1_800_000_000
const KEY = { ed25519: 'A'.repeat(43), mldsa65: 'A'.repeat(2_603) } as unknown as HybridPublicKey

function specimen(name: string): { readonly body: Agreement; readonly policies: readonly MarkingPolicy[] } {
  const template = readAgreementTemplate(readFileSync(new URL(`agreements/${name}/agreement.json`, ROOT)))
  const nations = template.parties.map(({ nation }) => nation)
  const body = completeSpecimen(template, { authorityKeys: Object.fromEntries(nations.map((nation) => [nation, KEY])), inForceFrom: AT })
  const policies = nations.map((nation) =>
    readPolicy(JSON.parse(readFileSync(new URL(`nations/${nation.toLowerCase()}/nation.json`, ROOT), 'utf8'))),
  )
  return { body, policies }
}

const { body: BODY, policies: POLICIES } = specimen('jpn-aus')
const VERSION: AgreementVersion = { id: 'a'.repeat(64), body: BODY }
const sideOf = (body: Agreement, id = 'a'.repeat(64)): Side => ({ agreements: [{ id, body }], policies: POLICIES, at: AT })
const SIDE = sideOf(BODY)

/** Agreements round the specimen, each with something of its own. */
const grantAt = (id: string): string => `grants/${BODY.grants.findIndex((grant) => grant.id === id)}`
const set = (at: string, to: unknown): Edit => ({ edit: 'set', at, to })
const CLEARANCES = BODY.equivalence.findIndex(({ kind, from }) => kind === 'clearances' && from === 'JPN')
const TOKUTEI = BODY.equivalence[CLEARANCES]!.rows.findIndex(({ from }) => from === 'TEKIKAKU-TOKUTEI')
const CHANGED: readonly (readonly Edit[])[] = [
  [set(`${grantAt('aus-jpn-classified')}/ceiling`, 'TOP-SECRET')],
  [set(`${grantAt('aus-jpn-classified')}/ceiling`, 'PROTECTED'), set(`${grantAt('aus-jpn-classified')}/areas`, ['air', 'cyber-incidents'])],
  [set(`${grantAt('jpn-aus-classified')}/mode`, 'show'), set(`${grantAt('jpn-aus-classified')}/acts`, ['list', 'show'])],
  [set(`${grantAt('jpn-aus-classified')}/lifeDays`, 30), set(`${grantAt('jpn-aus-classified')}/keyControl`, 'either')],
  [set(`${grantAt('aus-jpn-neutral')}/acts`, ['list', 'open', 'print', 'show'])],
  [{ edit: 'add', at: 'prohibitions', what: { id: 'no-air', article: '3', areas: ['air'] } }],
  [{ edit: 'add', at: 'prohibitions', what: { id: 'no-secret', article: '3', from: 'AUS', atLeast: 'SECRET' } }],
  [{ edit: 'add', at: 'prohibitions', what: { id: 'no-open', article: '3', acts: ['open'], areas: ['space'] } }],
  [{ edit: 'remove', at: grantAt('jpn-aus-classified') }],
  [set(`equivalence/${CLEARANCES}/rows/${TOKUTEI}/to`, undefined)],
]
const STEPS = CHANGED.flat().filter(({ edit }) => edit !== 'remove')
const after = (edits: readonly Edit[]): Agreement => edits.reduce(edited, BODY)

describe('matrix', () => {
  test('areas stand below the ones above them, each once', () => {
    const areas = areasOf([BODY.areas, BODY.areas])
    assert.equal(areas.length, BODY.areas.length)
    for (const { code, depth } of areas) assert.equal(depth === 0, BODY.areas.find((area) => area.code === code)?.parent === undefined)
  })

  for (const [name, body] of [['as it is', BODY] as const, ...CHANGED.map((edits, at) => [`change ${at}`, after(edits)] as const)]) {
    test(`says of every cell what the decision says: ${name}`, () => {
      const side = sideOf(body)
      const version = { id: 'a'.repeat(64), body }
      const decider = compile({ deciding: 'JPN', agreements: [version], policies: POLICIES })
      let asked = 0
      for (const direction of directionsIn([side])) {
        const areas = areasOf([body.areas])
        const matrix = matrixOf(side, direction, areas)
        for (const { code: area } of areas) {
          for (const classification of matrix.levels) {
            const may = (act: 'show' | 'open'): boolean =>
              body.grants
                .filter(({ from, to }) => from === direction.from && to === direction.to)
                .some((grant) =>
                  POLICIES.find(({ nation }) => nation === direction.to)!.clearances.some(({ code: clearance }) => {
                    asked++
                    const point = {
                      direction,
                      area,
                      classification,
                      categories: [],
                      personRules: [],
                      act,
                      ageDays: 0,
                      clearance,
                      citizenships: [direction.to],
                      needs: [area],
                      attested: 'assessment',
                      purpose: 'assessment',
                    }
                    const basis = { agreement: body.agreement, version: version.id, article: grant.article, grant: grant.id }
                    return decider.decide(questionOf(side, point, basis)).permit
                  }),
                )
            const { allowed } = matrix.cell(area, classification)
            assert.equal(allowed !== 'not', may('show'), `${direction.from} ${area} ${classification}`)
            if (allowed === 'give' && !body.prohibitions.some(({ acts }) => acts?.includes('open'))) assert.ok(may('open'))
            if (allowed === 'show') assert.equal(may('open'), false)
          }
        }
      }
      assert.ok(asked > 500)
    })
  }

  test('what it draws at once is what the exact difference says', () => {
    for (const edit of CHANGED) {
      const now = sideOf(after(edit), 'b'.repeat(64))
      const exact = difference(SIDE, now)
      const pairs = matrixPairs(SIDE, now)
      for (const pair of pairs) {
        const { direction, areas, levels } = pair.now
        for (const { code } of areas) {
          for (const level of levels) {
            const [quick, whole] = [marksOf(pair, code, level), exactMarks(exact, direction, code, level)]
            const where = `${JSON.stringify(edit)} ${direction.from} ${code} ${level}`
            assert.equal(quick.gained, whole.gained, `gained: ${where}`)
            assert.equal(quick.lost, whole.lost, `lost: ${where}`)
            assert.ok(quick.changed || !whole.changed, `changed: ${where}`)
            for (const mark of ['gained', 'lost'] as const) {
              const causes = pair.change(code, level)?.[mark] ?? []
              assert.equal(causes.length > 0, quick[mark], where)
            }
          }
        }
      }
      const counts = countMarks(pairs)
      assert.equal(counts.gained > 0, exact.gained.regions.length > 0)
      assert.equal(counts.lost > 0, exact.lost.regions.length > 0)
    }
  })

  test('a nation without a marking policy: drawn without marks, and not thrown', () => {
    const party = { ...BODY.parties[0]!, nation: 'XAA', memberFrom: AT }
    const grant = { ...BODY.grants[0]!, id: 'to-all', to: 'members' }
    const body = after([
      { edit: 'add', at: 'parties', what: party },
      { edit: 'add', at: 'grants', what: grant },
    ])
    const pairs = matrixPairs(SIDE, sideOf(body, 'b'.repeat(64)))
    assert.ok(pairs.length > 2)
    assert.throws(() => difference(SIDE, sideOf(body, 'b'.repeat(64))), { code: 'difference/policy-missing' })
    assert.deepEqual([countMarks(pairs).gained, countMarks(pairs).lost], [0, 0])
  })

  test('a clearance opens through the table alone', () => {
    const asked = { from: 'AUS', to: 'JPN', level: 'SECRET', at: AT }
    assert.deepEqual(clearancesFor(POLICIES, BODY, asked), ['TEKIKAKU-2', 'TEKIKAKU-TOKUTEI'])
    assert.deepEqual(clearancesFor(POLICIES, BODY, { ...asked, level: 'TOP-SECRET' }), [])
  })

  test('a suspended agreement permits nothing', () => {
    const [direction] = directionsIn([SIDE])
    const matrix = matrixOf({ ...SIDE, suspended: ['jpn-aus'] }, direction!, areasOf([BODY.areas]))
    for (const { code } of matrix.areas) for (const level of matrix.levels) assert.equal(matrix.cell(code, level).allowed, 'not')
  })
})

describe('examples', () => {
  for (const grant of BODY.grants) {
    test(`${grant.id}: what fits is allowed, and every other one is refused with its reason`, () => {
      const examples = examplesOf(VERSION, grant, SIDE, 'JPN')
      assert.ok(examples.length >= 6)
      for (const { kind, decision } of examples) {
        assert.equal(decision.permit, kind === 'fits', kind)
        if (!decision.permit) assert.ok(decision.reasons[0].code.startsWith('decision/'))
      }
    })
  }
})

describe('invariants', () => {
  test('the room proves a version alone, as its node does before a seal: what another agreement forbids helps no invariant', () => {
    const eyesOnly = BODY.prohibitions.find(({ id }) => id === 'aus-eyes-only')
    assert.ok(eyesOnly)
    const prohibitions = BODY.prohibitions.filter((one) => one !== eyesOnly)
    const draft = { id: 'b'.repeat(64), body: { ...BODY, version: 2, previous: VERSION.id, inForceFrom: AT + 1, prohibitions } }
    // Another agreement between the two, which permits nothing and forbids just that.
    const { invariants: _, ...rest } = BODY
    const beside = { id: 'c'.repeat(64), body: { ...rest, agreement: 'beside', grants: [], prohibitions: [eyesOnly] } }
    const after: Side = { agreements: [draft, beside], policies: POLICIES, at: AT + 1 }
    const invariant = BODY.invariants?.find(({ id }) => id === 'never-austeo')
    assert.ok(invariant)
    assert.equal(prove(after, draft, invariant).proved, true, 'with its help it holds')
    const refuted = ['never-austeo']
    const failing = (proofs: readonly { readonly invariant: string; readonly proved: boolean }[]): readonly string[] =>
      proofs.filter(({ proved }) => !proved).map((one) => one.invariant)
    assert.deepEqual(failing(proveVersion(draft, POLICIES)), refuted)
    const tell = (): void => {}
    const shown = compute({ task: 'proofs', version: draft, policies: POLICIES }, tell)
    const checked = compute({ task: 'check', before: { ...after, agreements: [VERSION, beside] }, after, draft, newest: VERSION }, tell)
    assert.deepEqual(failing(shown as readonly { readonly invariant: string; readonly proved: boolean }[]), refuted)
    assert.ok('proofs' in checked)
    assert.deepEqual(failing(checked.proofs), refuted)
  })
})

describe('what reads otherwise', () => {
  const names = { en: termNames('en', POLICIES, [BODY]), ja: termNames('ja', POLICIES, [BODY]) }
  const changed = (edits: readonly Edit[], lang: 'en' | 'ja') => {
    const body = after(edits)
    return statementsChanged({ body: BODY, side: SIDE }, { body, side: sideOf(body) }, names[lang])
  }

  test('nothing, where nothing was changed', () => {
    for (const lang of ['en', 'ja'] as const) assert.deepEqual(changed([], lang), [])
  })

  test('each change stands under its own heading alone, in both languages, as it was and as it would be', () => {
    const cases: readonly (readonly [heading: string, edit: Edit, gone: number, come: number, en: RegExp, ja: RegExp])[] = [
      [
        'room/edit-grants',
        set(`${grantAt('aus-jpn-classified')}/areas`, ['maritime']),
        1,
        1,
        /Maritime and all below it/u,
        /海洋（下位の分野を含む）/u,
      ],
      ['room/edit-prohibitions', { edit: 'remove', at: 'prohibitions/2' }, 1, 0, /CABINET/u, /閣議関係/u],
      [
        'room/edit-provisions',
        set('survival', { article: '10', acts: ['show'], days: 30 }),
        0,
        2,
        /article 10: .*show/u,
        /第 10 条：.*表示/u,
      ],
      ['room/edit-clocks', set('clocks/1/hours', 48), 1, 1, /within 48 hours/u, /48 時間以内/u],
      ['room/edit-equivalence', set(`equivalence/${CLEARANCES}/rows/${TOKUTEI}/to`, undefined), 1, 1, /a person decides/u, /人が判断/u],
      [
        'room/edit-areas',
        { edit: 'add', at: 'areas', what: { code: 'seabed', parent: 'maritime', names: { en: 'x', ja: 'x' } } },
        0,
        1,
        /Maritime/u,
        /海洋/u,
      ],
      ['room/edit-limits', set('rosterMinimum', 5), 1, 1, /5/u, /5/u],
      ['room/edit-limits', set('witness/rhythm', { kind: 'fixed', milliseconds: 500 }), 1, 1, /every 500 ms/u, /500 ミリ秒ごと/u],
      [
        'room/edit-parties',
        set('parties/0/countersigningKey', KEY),
        1,
        1,
        /one person signs.*two persons sign/u,
        /一名が署名.*二名が署名/u,
      ],
      ['room/edit-articles', set('articles/0/text/en', 'another'), 0, 1, /Article 1 .*another text/u, /第 1 条.*文言の変更/u],
    ]
    for (const [heading, edit, gone, come, ...texts] of cases) {
      for (const [index, lang] of (['en', 'ja'] as const).entries()) {
        const found = changed([edit], lang)
        assert.deepEqual(
          found.map((one) => [one.heading, one.gone.length, one.new.length]),
          [[heading, gone, come]],
        )
        assert.match([...(found[0]?.gone ?? []), ...(found[0]?.new ?? [])].join(' '), texts[index]!)
      }
    }
  })

  test('the values of a problem are said by name, in a list too; what has no name stays', () => {
    const said = namedBy(names.ja, {
      from: 'AUS',
      nations: 'AUS JPN',
      category: 'caveat/CABINET',
      kind: 'markings',
      days: 3,
      purpose: 'x-y',
    })
    assert.deepEqual(said, {
      from: 'オーストラリア',
      nations: 'オーストラリア 日本国',
      category: 'CABINET（閣議関係）',
      kind: '秘密区分',
      days: 3,
      purpose: 'x-y',
    })
  })
})

describe('editor', () => {
  const edit = (draft: Draft, one: Edit): Draft => draftAfter(draft, { act: 'edit', edit: one })
  const begun = beginDraft(VERSION, AT + 100)

  test('a draft continues the newest version', () => {
    assert.deepEqual([begun.present.version, begun.present.previous, begun.present.inForceFrom], [2, VERSION.id, AT + 100])
    assert.equal(beginDraft(VERSION, AT - 100).present.inForceFrom, AT + 1)
    const counter = beginDraft(VERSION, AT, { id: 'c'.repeat(64), body: after(CHANGED[0]!) })
    assert.equal(counter.answers, 'c'.repeat(64))
    assert.equal(counter.present.grants[0]?.ceiling, 'TOP-SECRET')
  })

  test('each edit is undone and done again; what changes nothing is no step', () => {
    const states = [begun.present]
    let draft = begun
    for (const one of STEPS) {
      draft = edit(draft, one)
      states.push(draft.present)
    }
    assert.equal(draft.done.length, STEPS.length)
    assert.equal(edit(draft, { edit: 'remove', at: 'grants/99' }), draft)
    for (let at = states.length - 2; at >= 0; at--) {
      draft = draftAfter(draft, { act: 'undo' })
      assert.deepEqual(draft.present, states[at])
    }
    assert.equal(draftAfter(draft, { act: 'undo' }), draft)
    for (const state of states.slice(1)) {
      draft = draftAfter(draft, { act: 'redo' })
      assert.deepEqual(draft.present, state)
    }
    assert.equal(draftAfter(draft, { act: 'redo' }), draft)
  })

  test('an edit after an undo ends what could be done again', () => {
    const undone = draftAfter(edit(begun, STEPS[0]!), { act: 'undo' })
    assert.equal(undone.undone.length, 1)
    assert.equal(edit(undone, STEPS[3]!).undone.length, 0)
  })

  test('typing on in one field is one step; after an undo it is another', () => {
    const typed = (text: string): Edit => ({ edit: 'set', at: 'articles/4/title/en', to: text, run: true })
    let draft = begun
    for (const text of ['a', 'ab', 'abc']) draft = edit(draft, typed(text))
    assert.equal(draft.done.length, 1)
    assert.deepEqual(draftAfter(draft, { act: 'undo' }).present, begun.present)
    const again = edit(draftAfter(draftAfter(draft, { act: 'undo' }), { act: 'redo' }), typed('abcd'))
    assert.equal(again.done.length, 2)
  })

  test('sets stay sorted and without repetition; what is set to nothing goes', () => {
    const grant = grantAt('aus-jpn-classified')
    const now = after([set(`${grant}/acts`, ['show', 'list', 'print', 'open', 'list']), set(`${grant}/floor`, undefined)])
    const found = now.grants.find(({ id }) => id === 'aus-jpn-classified')
    assert.deepEqual(found?.acts, ['list', 'open', 'print', 'show'])
    assert.equal('floor' in found!, false)
  })

  test('parties stand in the order of their nations', () => {
    const party = { ...BODY.parties[0]!, nation: 'CAN' }
    assert.deepEqual(
      after([{ edit: 'add', at: 'parties', what: party }]).parties.map(({ nation }) => nation),
      ['AUS', 'CAN', 'JPN'],
    )
  })

  test('a name that is taken is not given again', () => {
    const first = freeId(BODY, 'prohibition')
    const now = after([{ edit: 'add', at: 'prohibitions', what: { id: first, article: '3', acts: ['derive'] } }])
    assert.notEqual(freeId(now, 'prohibition'), first)
  })

  test('the last delegation takes its list with it; the clock of a suspected compromise is said twice', () => {
    const delegation = { id: 'd-1', article: '5', nation: 'JPN', office: 'X', ceiling: 'HI', areas: ['air'], modes: ['give'] }
    const add: Edit = { edit: 'add', at: 'delegations', what: delegation }
    assert.equal(after([add]).delegations?.length, 1)
    assert.equal('delegations' in after([add, { edit: 'remove', at: 'delegations/0' }]), false)
    const clock = BODY.clocks!.findIndex(({ event }) => event === 'compromise-suspected')
    assert.equal(after([set(`clocks/${clock}/hours`, 12)]).compromiseHours, 12)
    assert.equal(after([set('compromiseHours', 6)]).clocks![clock]?.hours, 6)
  })

  test('every path that a problem names leads to a part of the editor', () => {
    const broken = after([
      set(`${grantAt('aus-jpn-classified')}/ceiling`, 'NO-SUCH'),
      set('areas/1/parent', 'nowhere'),
      set('survival', { article: '99', acts: ['list'] }),
      { edit: 'add', at: 'successions', what: { kind: 'grant', from: 'a', to: 'b', article: '3' } },
      set('parties/0/countersigningKey', KEY),
      { edit: 'add', at: 'invariants', what: { id: 'x', text: { en: 'x', ja: 'x' }, never: { areas: ['nowhere'] } } },
    ])
    const found = agreementProblems(broken, POLICIES, VERSION).map(({ where }) => placeOf(where).part)
    assert.deepEqual(placeOf('witness/rhythm/milliseconds').part, 'limits')
    for (const part of ['grants', 'areas', 'provisions', 'successions', 'invariants', 'parties'] as const)
      assert.ok(found.includes(part), part)
  })
})
