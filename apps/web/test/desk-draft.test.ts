/** Drafts as pages and back, and the marks that can be chosen. */
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import * as fc from 'fast-check'
import type { DraftView } from '@entente/client'
import { parseMarking } from '@entente/label'
import { unmarkedIn } from '../src/screens/desk/commands.ts'
import { type FileBytes, lostFiles, pageOf, sendable } from '../src/screens/desk/content.ts'
import { canStand, factsOf } from '../src/screens/desk/files.ts'
import { atLevel, choicesOf, isLowered, jointLabel, jointMark, toggleNation, toggleTerm, typedMarking } from '../src/screens/desk/marks.ts'
import { type TextLang, fileNode, types } from '../src/screens/desk/schema.ts'
import { FACTS, HIGH, LOW, SHARED, lowest, marked, markings, own, pageWith, partner, secret, short, texts } from './desk-pages.ts'

const NO_BYTES: FileBytes = { chosen: () => undefined, stored: () => undefined, isUploaded: () => false }
const langs = fc.constantFrom<TextLang>('en', 'ja')
const textPortions = fc.tuple(markings, langs, texts, fc.option(texts, { nil: undefined })).map(([marking, lang, text, second]) => ({
  kind: 'text' as const,
  id: 't',
  marking,
  texts: [{ lang, text }, ...(second === undefined ? [] : [{ lang: lang === 'en' ? ('ja' as const) : ('en' as const), text: second }])],
}))
const drafts = fc.array(
  fc.oneof(
    { weight: 4, arbitrary: textPortions },
    {
      weight: 1,
      arbitrary: fc.record({
        kind: fc.constant('file' as const),
        id: fc.constant('f'),
        marking: markings,
        name: fc.constantFrom('a.png', 'b.pdf', '図.png'),
        mediaType: fc.constant('image/png'),
        size: fc.nat(),
        sha256: fc.constantFrom('aa', 'bb'),
      }),
    },
  ),
  { minLength: 1, maxLength: 6 },
)

function viewOf(portions: unknown): DraftView {
  return { id: 'd', author: 'a', title: {}, area: 'x', state: 'draft', portions } as DraftView
}

describe('a draft and its page', () => {
  test('what the node has comes back as it was, files by what the node has of them', () => {
    fc.assert(
      fc.property(drafts, (portions) => {
        const page = pageOf(viewOf(portions), 'en')
        page.check()
        const bytes = { ...NO_BYTES, isUploaded: () => true }
        const back = sendable(page, bytes).portions
        const expected = portions.map((portion) => {
          if (portion.kind === 'text') return { kind: 'text', marking: portion.marking, texts: portion.texts }
          const { id: _, ...file } = portion
          return { ...file, kind: 'kept' }
        })
        assert.deepEqual(back, expected)
      }),
    )
  })

  test('a page begins with one empty portion in the language that is asked for, and sends nothing', () => {
    const page = pageOf(undefined, 'ja')
    assert.deepEqual(short(page), ['- ja:'])
    assert.deepEqual(sendable(page, NO_BYTES), { keys: [], portions: [] })
    assert.deepEqual(unmarkedIn(page), [])
  })

  test('an unmarked portion is never sent, not even beside marked ones', () => {
    const page = pageWith([HIGH, ['en', 'one']], [null, ['en', 'two']])
    assert.throws(() => sendable(page, NO_BYTES), TypeError)
    assert.equal(unmarkedIn(page).length, 1)
  })

  test('what holds only white space is left out, a portion as much as a passage', () => {
    const page = pageWith([HIGH, ['en', 'one'], ['ja', ' \u3000\n']], [null, ['en', '  ']])
    assert.deepEqual(sendable(page, NO_BYTES).portions, [{ kind: 'text', marking: HIGH, texts: [{ lang: 'en', text: 'one' }] }])
  })

  test('a chosen file is sent, one that the node has is kept, and one that nobody has must be chosen again', () => {
    const file = fileNode(SHARED, FACTS)
    const page = types.doc.create(null, [file])
    const key = String(file.attrs['key'])
    const chosen = { name: FACTS.name, read: () => [][Symbol.iterator]() as never }
    assert.deepEqual(lostFiles(page, NO_BYTES), [key])
    assert.throws(() => sendable(page, NO_BYTES), TypeError)
    const fresh = { ...NO_BYTES, chosen: () => chosen }
    assert.deepEqual(lostFiles(page, fresh), [])
    assert.equal(sendable(page, fresh).portions[0]?.kind, 'file')
    const there = { ...fresh, stored: () => ({ size: 3, sha256: 'aa' }), isUploaded: (sha256: string) => sha256 === 'aa' }
    assert.equal(sendable(page, there).portions[0]?.kind, 'kept')
    // The node let it go meanwhile: what was chosen here is sent again.
    assert.equal(sendable(page, { ...there, isUploaded: () => false }).portions[0]?.kind, 'file')
  })

  test('files: a type that is none becomes bytes; names that fold to one cannot stand together', () => {
    assert.equal(factsOf({ name: 'a', type: 'Image/PNG; q=1', size: 1 }).mediaType, 'image/png')
    assert.equal(factsOf({ name: 'a', type: 'nonsense', size: 1 }).mediaType, 'application/octet-stream')
    assert.equal(canStand('chart.png', ['other.png']), true)
    assert.equal(canStand('chart.png', ['ＣＨＡＲＴ.png']), false)
    assert.equal(canStand('../chart.png', []), false)
  })
})

describe('marks', () => {
  test('every mark that can be chosen is one that the own policy reads and prints the same', () => {
    for (const { code } of own.classifications) {
      const bare = marked(atLevel(null, code, own))
      const { nations, terms } = choicesOf(bare, own)
      const all = [
        ...nations.filter(({ possible }) => possible).map(({ nation }) => toggleNation(bare, nation, own)),
        ...terms.map(({ term }) => toggleTerm(bare, term, own)),
      ]
      for (const one of [bare, ...all.map(marked)]) assert.equal(marked(typedMarking(one, own)), one)
    }
  })

  test('choosing twice is choosing nothing', () => {
    assert.equal(marked(toggleNation(SHARED, partner, own)), HIGH)
    for (const { term } of choicesOf(HIGH, own).terms)
      assert.equal(marked(toggleTerm(marked(toggleTerm(HIGH, term, own)), term, own)), HIGH)
  })

  test('a level that does not know a caveat drops it, and says which', () => {
    const limited = choicesOf(HIGH, own).terms.find(({ term }) => {
      const there = choicesOf(LOW, own).terms
      return !there.some((one) => one.term.kind === term.kind && one.term.code === term.code)
    })
    assert.ok(limited !== undefined, 'the policy has a caveat that begins above its lowest level')
    const changed = atLevel(marked(toggleTerm(HIGH, limited.term, own)), lowest, own)
    assert.ok(changed.ok)
    assert.deepEqual(changed.dropped, [limited.name])
    assert.equal(changed.marking, LOW)
  })

  test('lower is: a lower level, a wider set; not: the same, or higher, or narrower', () => {
    assert.equal(isLowered(HIGH, LOW, own), true)
    assert.equal(isLowered(HIGH, SHARED, own), true)
    assert.equal(isLowered(SHARED, HIGH, own), false)
    assert.equal(isLowered(LOW, HIGH, own), false)
    assert.equal(isLowered(HIGH, HIGH, own), false)
  })

  test('the banner is the join of the marks, whatever their order', () => {
    fc.assert(
      fc.property(fc.array(markings, { minLength: 1, maxLength: 5 }), (all) => {
        const joint = jointMark(all, own)
        assert.equal(jointMark(all.toReversed(), own), joint)
        assert.ok(joint !== null)
        for (const one of all) assert.equal(isLowered(one, joint, own), false)
        assert.equal(joint === HIGH || all.every((one) => one !== HIGH), true)
      }),
    )
    assert.equal(jointMark([HIGH, null], own), null)
    const nothing = jointLabel([], own)
    assert.ok(!nothing.ok)
    assert.equal(nothing.reason, 'nothing-to-join')
  })

  test('what is written and cannot be read is told with its place, and changes nothing', () => {
    const wrong = typedMarking('(S//XX', own)
    assert.ok(!wrong.ok)
    assert.match(wrong.error.code, /^label\//u)
    assert.equal(parseMarking(HIGH, { policy: own, form: 'any', created: 0 }).classification, secret)
  })
})
