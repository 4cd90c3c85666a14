/** What keys do to a page: text, whole portions, languages; no mark is ever lowered by it. */
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import * as fc from 'fast-check'
import { joinLabels } from '@entente/label'
import { undo } from 'prosemirror-history'
import { AllSelection, NodeSelection, TextSelection } from 'prosemirror-state'
import {
  addFiles,
  breakLine,
  deletePortion,
  joinAfter,
  joinBefore,
  movePortion,
  nextUnmarked,
  otherLanguage,
  pasteText,
  portionAt,
  setMarking,
  splitPortion,
  toPortion,
  unmarkedIn,
} from '../src/screens/desk/commands.ts'
import { pageOf } from '../src/screens/desk/content.ts'
import { settleLanguages } from '../src/screens/desk/languages.ts'
import { jointMark, labelOf } from '../src/screens/desk/marks.ts'
import { fileNode, langOf, paragraphsOf, portionsIn, textNode, types } from '../src/screens/desk/schema.ts'
import {
  FACTS,
  HIGH,
  LOW,
  type Portion,
  SHARED,
  after,
  cursor,
  markings,
  own,
  pageWith,
  short,
  stateOf,
  texts,
  typed,
} from './desk-pages.ts'

describe('writing', () => {
  test('Enter divides a portion: both halves have its mark, and no character is lost', () => {
    fc.assert(
      fc.property(texts, fc.nat(), (text, where) => {
        const at = where % (text.length + 1)
        const state = after(cursor(stateOf(pageWith([SHARED, ['en', text]])), 0, at), splitPortion)
        const portions = portionsIn(state.doc)
        assert.equal(portions.length, 2)
        assert.deepEqual(
          portions.map(({ marking }) => marking),
          [SHARED, SHARED],
        )
        assert.equal(state.doc.textContent, text)
        assert.notEqual(portions[0]?.key, portions[1]?.key)
        // And Backspace at the beginning brings them together again.
        assert.equal(after(cursor(state, 1), joinBefore).doc.textContent, text)
      }),
    )
  })

  test('Enter leaves the other language where it is', () => {
    const state = after(cursor(stateOf(pageWith([HIGH, ['en', 'one two'], ['ja', '一']])), 0, 3), splitPortion)
    assert.deepEqual(short(state.doc), [`${HIGH} en:one ja:一`, `${HIGH} en: two`])
  })

  test('Shift-Enter breaks the line inside the passage', () => {
    const state = after(cursor(stateOf(pageWith([HIGH, ['en', 'ab']])), 0, 1), breakLine)
    assert.deepEqual(short(state.doc), [`${HIGH} en:a\nb`])
  })

  test('what runs together takes the joint mark, and none where one had none: never a lower one', () => {
    const joined = after(cursor(stateOf(pageWith([LOW, ['en', 'low']], [HIGH, ['en', 'high']])), 1), joinBefore)
    assert.deepEqual(short(joined.doc), [`${HIGH} en:lowhigh`])
    const forward = after(cursor(stateOf(pageWith([SHARED, ['en', 'shared']], [HIGH, ['en', 'own']])), 0, 6), joinAfter)
    assert.deepEqual(short(forward.doc), [`${HIGH} en:sharedown`])
    const unmarked = after(cursor(stateOf(pageWith([LOW, ['en', 'low']], [null, ['en', 'none']])), 1), joinBefore)
    assert.deepEqual(short(unmarked.doc), ['- en:lownone'])
  })

  test('deleting across portions, wherever it begins and ends: each remaining text is under marks that join to its own or more', () => {
    const portions = fc.array(fc.tuple(fc.oneof(markings, fc.constant(null)), texts), { minLength: 2, maxLength: 5 })
    fc.assert(
      fc.property(portions, fc.nat(), fc.nat(), (parts, a, b) => {
        // Each portion is written in one letter of its own: what remains tells where it came from.
        const letters = parts.map(
          ([marking, text], index) => [marking, ['en', String.fromCodePoint(97 + index).repeat(text.length)]] as Portion,
        )
        const state = stateOf(pageWith(...letters))
        const size = state.doc.content.size
        const [from, to] = [a % size, b % size].toSorted((one, other) => one - other) as [number, number]
        const spot = TextSelection.between(state.doc.resolve(from), state.doc.resolve(to))
        const done = state.apply(state.tr.setSelection(spot).deleteSelection())
        done.doc.check()
        for (const {
          marking,
          texts: [passage],
        } of portionsIn(done.doc)) {
          const sources = [...new Set(passage?.text)].map((letter) => parts[(letter.codePointAt(0) ?? 0) - 97]?.[0] ?? null)
          if (marking === null || sources.length === 0) continue
          assert.ok(!sources.includes(null), short(done.doc).join('\n'))
          const joint = joinLabels([...sources.map((one) => labelOf(one ?? '', own)), labelOf(marking, own)], own)
          assert.ok(joint.ok)
          assert.equal(jointMark([...sources, marking], own), marking)
        }
      }),
    )
  })

  test('typing over everything leaves an unmarked portion; undo brings all marks back', () => {
    const state = stateOf(pageWith([LOW, ['en', 'one']], [HIGH, ['ja', '二']]))
    const before = short(state.doc)
    const over = typed(state.apply(state.tr.setSelection(new AllSelection(state.doc))), 'x')
    assert.deepEqual(
      portionsIn(over.doc).map(({ marking }) => marking),
      [null],
    )
    assert.deepEqual(short(after(over, undo).doc), before)
  })

  test('Backspace at a file selects it, and deletes no text', () => {
    const doc = types.doc.create(null, [fileNode(SHARED, FACTS), textNode(HIGH, [{ lang: 'en', text: 'after' }])])
    const state = after(cursor(stateOf(doc), 1), joinBefore)
    assert.ok(state.selection instanceof NodeSelection)
    assert.deepEqual(short(state.doc), [`${SHARED} chart.png`, `${HIGH} en:after`])
    // Enter there begins an unmarked portion: text has not the mark of a file.
    assert.deepEqual(short(after(state, splitPortion).doc), [`${SHARED} chart.png`, '- en:', `${HIGH} en:after`])
  })

  test('Alt L adds the other language, goes there and back, and never makes a third', () => {
    const state = after(cursor(stateOf(pageWith([HIGH, ['en', 'one']])), 0, 3), otherLanguage)
    assert.deepEqual(short(state.doc), [`${HIGH} en:one ja:`])
    const both = after(typed(state, '一'), otherLanguage)
    assert.deepEqual(short(both.doc), [`${HIGH} en:one ja:一`])
    assert.equal(both.selection.$from.parent.textContent, 'one')
    const empty = after(cursor(stateOf(pageWith([null, ['en', '']])), 0), otherLanguage)
    assert.deepEqual(short(empty.doc), ['- ja:'])
  })
})

describe('whole portions', () => {
  test('moving up and down again changes nothing; the cursor goes along; the ends hold', () => {
    const state = cursor(stateOf(pageWith([LOW, ['en', 'one']], [HIGH, ['en', 'two']], [SHARED, ['en', 'three']])), 1, 2)
    const up = after(state, movePortion(-1))
    assert.deepEqual(short(up.doc), [`${HIGH} en:two`, `${LOW} en:one`, `${SHARED} en:three`])
    assert.equal(portionAt(up)?.key, portionAt(state)?.key)
    assert.equal(up.selection.$from.parentOffset, 2)
    assert.equal(movePortion(-1)(up), false)
    assert.ok(after(up, movePortion(1)).doc.eq(state.doc))
  })

  test('a deleted portion comes back by one undo, whatever was typed just before', () => {
    const state = typed(cursor(stateOf(pageWith([LOW, ['en', 'one']], [HIGH, ['en', 'two']])), 1, 3), '!')
    const gone = after(state, deletePortion)
    assert.deepEqual(short(gone.doc), [`${LOW} en:one`])
    assert.ok(after(gone, undo).doc.eq(state.doc))
    const last = after(cursor(stateOf(pageWith([HIGH, ['ja', '一']])), 0), deletePortion)
    assert.deepEqual(short(last.doc), ['- ja:'])
  })

  test('one undo takes one mark back', () => {
    const state = cursor(stateOf(pageWith([LOW, ['en', 'one']])), 0)
    const twice = after(state, setMarking(HIGH), setMarking(SHARED))
    assert.deepEqual(short(after(twice, undo).doc), [`${HIGH} en:one`])
  })

  test('pasted paragraphs are portions of their own, unmarked, each in its language, after the portion of the cursor', () => {
    const state = after(
      cursor(stateOf(pageWith([HIGH, ['en', 'one']], [LOW, ['en', 'two']])), 0),
      pasteText('First.\r\n\r\n二番目。\n\n  \n'),
    )
    assert.deepEqual(short(state.doc), [`${HIGH} en:one`, '- en:First.', '- ja:二番目。', `${LOW} en:two`])
    assert.equal(unmarkedIn(state.doc).length, 2)
    assert.equal(pasteText(' \n ')(state), false)
    const blank = after(stateOf(pageOf(undefined, 'en')), pasteText('Only.'))
    assert.deepEqual(short(blank.doc), ['- en:Only.'])
  })

  test('pasted text brings no characters that cannot be seen', () => {
    assert.deepEqual(paragraphsOf('a\u202Eb\u0000c\u200B'), ['abc'])
    assert.deepEqual(paragraphsOf('one\ntwo'), ['one', 'two'])
    assert.deepEqual(paragraphsOf('one\ntwo\n\nthree'), ['one\ntwo', 'three'])
  })

  test('files come after the portion of the cursor, unmarked, by the keys under which they are kept', () => {
    const kept = new Map<string, number>()
    const both = [FACTS, { ...FACTS, name: 'b.png' }]
    const state = after(
      cursor(stateOf(pageWith([HIGH, ['en', 'one']])), 0),
      addFiles(both, (key, index) => void kept.set(key, index)),
    )
    assert.deepEqual(short(state.doc), [`${HIGH} en:one`, '- chart.png', '- b.png'])
    assert.deepEqual(
      portionsIn(state.doc)
        .slice(1)
        .map(({ key }) => kept.get(key)),
      [0, 1],
    )
    assert.deepEqual(short(after(state, setMarking(SHARED)).doc).at(-1), `${SHARED} b.png`)
  })

  test('F8 goes through what is unmarked and round again; where all is marked it goes nowhere', () => {
    const state = cursor(stateOf(pageWith([null, ['en', 'a']], [HIGH, ['en', 'b']], [null, ['en', 'c']])), 1)
    const third = after(state, nextUnmarked)
    assert.deepEqual(portionAt(third)?.texts[0]?.text, 'c')
    const first = after(third, nextUnmarked)
    assert.deepEqual(portionAt(first)?.texts[0]?.text, 'a')
    assert.equal(nextUnmarked(stateOf(pageWith([HIGH, ['en', 'b']], [null, ['en', '']]))), false)
    const [beginning] = portionsIn(state.doc)
    assert.equal(portionAt(after(state, toPortion(beginning?.at ?? -1)))?.key, beginning?.key)
  })
})

describe('languages', () => {
  test('a portion in one language is marked as what it is written in; names and times alone say nothing', () => {
    const ja = typed(cursor(stateOf(pageWith([null, ['en', '']])), 0), 'タンカー')
    assert.deepEqual(short(ja.doc), ['- ja:タンカー'])
    const en = typed(cursor(stateOf(pageWith([null, ['ja', '']])), 0), 'Three tankers')
    assert.deepEqual(short(en.doc), ['- en:Three tankers'])
    const name = typed(cursor(stateOf(pageWith([null, ['ja', '']])), 0), 'AIS')
    assert.deepEqual(short(name.doc), ['- ja:AIS'])
    assert.equal(langOf('漢字'), 'ja')
  })

  test('nothing is drawn anew while an input method composes; when it has ended, the language is set', () => {
    const state = cursor(stateOf(pageWith([null, ['en', '']])), 0)
    const composing = state.apply(state.tr.insertText('た').setMeta('composition', 1))
    assert.deepEqual(short(composing.doc), ['- en:た'])
    assert.deepEqual(short(after(composing, settleLanguages).doc), ['- ja:た'])
    assert.equal(settleLanguages(after(composing, settleLanguages)), false)
  })

  test('a portion in two languages keeps both as they were written', () => {
    const state = typed(cursor(stateOf(pageWith([HIGH, ['en', 'one'], ['ja', '一']])), 0, 3), ' 三')
    assert.deepEqual(short(state.doc), [`${HIGH} en:one 三 ja:一`])
  })
})
