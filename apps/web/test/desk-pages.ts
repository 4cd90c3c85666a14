/** Pages of the desk and what is done to them, without a browser. */
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import * as fc from 'fast-check'
import { readPolicy } from '@entente/label'
import { history } from 'prosemirror-history'
import type { Node } from 'prosemirror-model'
import { type Command, EditorState, TextSelection } from 'prosemirror-state'
import { keepMarks } from '../src/screens/desk/commands.ts'
import { keepLanguages } from '../src/screens/desk/languages.ts'
import { atLevel, toggleNation } from '../src/screens/desk/marks.ts'
import { type TextLang, portionsIn, textNode, types } from '../src/screens/desk/schema.ts'

export const own = readPolicy(JSON.parse(readFileSync(new URL('../../../nations/aus/nation.json', import.meta.url), 'utf8')))
export const partner = own.releasableTo.map(({ nation }) => nation).find((nation) => nation !== own.nation) ?? ''
export const [lowest = '', , , secret = ''] = own.classifications.toSorted((a, b) => a.order - b.order).map(({ code }) => code)

/** The marking that a change gives; fails where it is refused. */
export function marked(changed: ReturnType<typeof atLevel>): string {
  assert.ok(changed.ok)
  return changed.marking
}

export const LOW = marked(atLevel(null, lowest, own))
export const HIGH = marked(atLevel(null, secret, own))
export const SHARED = marked(toggleNation(HIGH, partner, own))

/** One portion: its mark, and its passages. */
export type Portion = readonly [marking: string | null, ...texts: (readonly [TextLang, string])[]]

export function pageWith(...portions: readonly Portion[]): Node {
  return types.doc.create(
    null,
    portions.map(([marking, ...texts]) =>
      textNode(
        marking,
        texts.map(([lang, text]) => ({ lang, text })),
      ),
    ),
  )
}

export function stateOf(doc: Node): EditorState {
  return EditorState.create({ doc, plugins: [history(), keepMarks(own), keepLanguages()] })
}

/** Runs commands one after the other; each must do something. */
export function after(state: EditorState, ...commands: readonly Command[]): EditorState {
  let now = state
  for (const command of commands) {
    let done = false
    assert.ok(command(now, (tr) => void ((now = now.apply(tr)), (done = true))))
    assert.ok(done)
  }
  now.doc.check()
  return now
}

/** The cursor in this portion's passage, so many characters into it. */
export function cursor(state: EditorState, portion: number, offset = 0, passage = 0): EditorState {
  const at = portionsIn(state.doc)[portion]?.at ?? -1
  const node = state.doc.nodeAt(at)
  assert.ok(node !== null)
  const before = passage === 0 ? 0 : (node.firstChild?.nodeSize ?? 0)
  return state.apply(state.tr.setSelection(TextSelection.create(state.doc, at + 2 + before + offset)))
}

export function typed(state: EditorState, text: string): EditorState {
  return state.apply(state.tr.insertText(text))
}

/** A page in short: mark, then language and text of each passage, or a file's name. */
export function short(doc: Node): readonly string[] {
  return portionsIn(doc).map(({ at, marking, file }) => {
    const passages = doc.nodeAt(at)?.children.map((one) => `${String(one.attrs['lang'])}:${one.textContent}`) ?? []
    return [marking ?? '-', ...(file === undefined ? passages : [file.name])].join(' ')
  })
}

/** What a page says of a file that was just chosen. */
export const FACTS = { name: 'chart.png', mediaType: 'image/png', size: 3, sha256: null }

export const markings = fc.constantFrom(LOW, HIGH, SHARED)
export const texts = fc
  .oneof(fc.string({ minLength: 1, maxLength: 40 }), fc.constantFrom('Three tankers went on.', 'タンカー三隻が航行した。', 'a\nb'))
  .filter((text) => text.trim() !== '' && !/[\p{Cc}\p{Cs}]/u.test(text.replaceAll('\n', '')))
