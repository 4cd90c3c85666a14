import type { Node } from 'prosemirror-model'
import { type Command, Plugin, type Transaction } from 'prosemirror-state'
import { type TextLang, langOf, types } from './schema.ts'

/** The language that a text shows by its writing; undefined where it shows none (`AIS`, `0340Z`). */
function writtenIn(text: string): TextLang | undefined {
  if (langOf(text) === 'ja') return 'ja'
  return /\p{L}{2}.*[\s,.;:]\p{L}{2}/su.test(text) ? 'en' : undefined
}

/** Sets the language of every portion that has one passage to that in which it is written. */
function settle(doc: Node, tr: Transaction): Transaction | null {
  doc.forEach((portion, at) => {
    if (portion.type !== types.portion || portion.childCount > 1) return
    const lang = writtenIn(portion.textContent)
    if (lang !== undefined && lang !== portion.firstChild?.attrs['lang']) tr.setNodeAttribute(at + 1, 'lang', lang)
  })
  return tr.docChanged ? tr : null
}

/** What a composition wrote gets its language when the composition has ended. */
export const settleLanguages: Command = (state, dispatch) => {
  const tr = settle(state.doc, state.tr)
  if (tr === null) return false
  dispatch?.(tr)
  return true
}

/**
 * A portion in one language is marked as written in it, whatever the screen's language is: voices and glyphs follow the
 * mark. Never while an input method composes: to draw the passage anew would end the composition.
 */
export function keepLanguages(): Plugin {
  return new Plugin({
    appendTransaction(transactions, _, after) {
      if (!transactions.some(({ docChanged }) => docChanged)) return null
      if (transactions.some((tr) => tr.getMeta('composition') !== undefined)) return null
      return settle(after.doc, after.tr)
    },
  })
}
