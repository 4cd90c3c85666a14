import { baseKeymap } from 'prosemirror-commands'
import { history, redo, undo } from 'prosemirror-history'
import { keymap } from 'prosemirror-keymap'
import type { Node } from 'prosemirror-model'
import { type Command, EditorState, NodeSelection, Plugin } from 'prosemirror-state'
import { Decoration, DecorationSet, EditorView } from 'prosemirror-view'
import type { MarkingPolicy } from '@entente/label'
import { type ReactNode, type Ref, useEffect, useImperativeHandle, useRef } from 'react'
import { useWords } from '../../frame/language.tsx'
import { keepLanguages, settleLanguages } from './languages.ts'
import { breakLine, joinAfter, joinBefore, keepMarks, pasteText, portionAt, splitPortion } from './commands.ts'
import { type PageWords, pageViews } from './page-views.ts'
import { paragraphsOf } from './schema.ts'

/** The page has read what a composition wrote this long after it ended. */
const COMPOSITION_ENDS_MILLISECONDS = 100

/** What the rest of the desk may do with the page. */
export interface PageHandle {
  state(): EditorState
  run(command: Command): boolean
  focus(): void
}

/** A report from its first portion to its last, written with ProseMirror. The document lives here; `changed` tells every state. */
export function Page(props: {
  readonly doc: Node
  readonly policy: MarkingPolicy
  readonly words: PageWords
  readonly readOnly: boolean
  readonly handle: Ref<PageHandle>
  readonly changed: (state: EditorState, docChanged: boolean) => void
  readonly files: (files: readonly File[]) => void
  /** So many portions were pasted, and none has a mark. */
  readonly pasted: (count: number) => void
}): ReactNode {
  const { say } = useWords()
  const place = useRef<HTMLDivElement>(null)
  const view = useRef<EditorView | undefined>(undefined)
  const now = useRef(props)
  now.current = props
  const label = say('desk/page')
  const placeholder = say('desk/placeholder')
  const attributes = useRef({ label, placeholder })
  attributes.current = { label, placeholder }

  useEffect(() => {
    const mount = place.current
    if (mount === null) return undefined
    const made = new EditorView(mount, {
      state: EditorState.create({
        doc: now.current.doc,
        plugins: [
          keymap({ 'Mod-z': undo, 'Mod-y': redo, 'Mod-Shift-z': redo, Enter: splitPortion, 'Shift-Enter': breakLine }),
          keymap({ Backspace: joinBefore, Delete: joinAfter }),
          keymap(baseKeymap),
          history(),
          keepMarks(now.current.policy),
          keepLanguages(),
          here(() => attributes.current.placeholder),
        ],
      }),
      editable: () => !now.current.readOnly,
      attributes: () => ({
        role: 'textbox',
        'aria-multiline': 'true',
        'aria-label': attributes.current.label,
        class: 'desk-text',
        tabindex: '0',
        ...(now.current.readOnly ? { 'aria-readonly': 'true' } : {}),
      }),
      nodeViews: pageViews(now.current.words),
      // A letter never takes the place of a file.
      handleTextInput: (at) => at.state.selection instanceof NodeSelection,
      handleDOMEvents: {
        // Chords are the desk's: it hears them after this view has left them alone.
        keydown(at, event) {
          if (event.keyCode === 229) onlyText(at)
          if (event.isComposing) return false
          return event.altKey || event.key === 'F8' || event.key === 'Escape' || (event.key === 'Enter' && event.ctrlKey)
        },
        compositionstart: onlyText,
        compositionend: () => {
          setTimeout(() => {
            const at = view.current
            if (at !== undefined && !at.composing) settleLanguages(at.state, at.dispatch)
          }, COMPOSITION_ENDS_MILLISECONDS)
        },
        paste: (target, event) => {
          event.preventDefault()
          const files = [...(event.clipboardData?.files ?? [])]
          const text = event.clipboardData?.getData('text/plain') ?? ''
          if (now.current.readOnly) return true
          if (files.length > 0) now.current.files(files)
          else if (pasteText(text)(target.state, target.dispatch)) now.current.pasted(paragraphsOf(text).length)
          return true
        },
        // Portions move by key: a text that is dragged would land under another mark. Files may be dropped.
        dragstart: (_, event) => {
          event.preventDefault()
          return true
        },
        drop: (_, event) => {
          event.preventDefault()
          const files = [...(event.dataTransfer?.files ?? [])]
          if (files.length > 0 && !now.current.readOnly) now.current.files(files)
          return true
        },
      },
      dispatchTransaction(tr) {
        const before = made.state
        made.updateState(before.apply(tr))
        now.current.changed(made.state, !before.doc.eq(made.state.doc))
      },
    })
    view.current = made
    now.current.changed(made.state, false)
    return () => {
      view.current = undefined
      made.destroy()
    }
  }, [])
  useEffect(() => {
    // Other words, or other marks: everything that is drawn beside the text is drawn again.
    view.current?.setProps({ nodeViews: pageViews(props.words) })
  }, [props.words, props.readOnly, label])
  useImperativeHandle(props.handle, () => ({
    state: () => current().state,
    run: (command) => command(current().state, current().dispatch, current()),
    focus: () => view.current?.focus(),
  }))
  const current = (): EditorView => {
    if (view.current === undefined) throw new TypeError('the page is gone')
    return view.current
  }
  return <div ref={place} className="desk-page" />
}

/** On a file there is nothing to compose into: without a portion of its own the text would fall into the one before. */
function onlyText(view: EditorView): void {
  if (view.editable && view.state.selection instanceof NodeSelection) splitPortion(view.state, view.dispatch)
}

/** Shows which portion the cursor is in, and where nothing is written yet. */
function here(placeholder: () => string): Plugin {
  return new Plugin({
    props: {
      decorations(state) {
        const portion = portionAt(state)
        const node = portion === undefined ? null : state.doc.nodeAt(portion.at)
        if (portion === undefined || node === null) return null
        const blank = state.doc.childCount === 1 && portion.empty && node.textContent === ''
        const { key } = portion
        const drawn = [Decoration.node(portion.at, portion.at + node.nodeSize, { class: 'portion-here', 'data-key': key })]
        if (blank)
          drawn.push(
            Decoration.node(portion.at + 1, portion.at + node.nodeSize - 1, { class: 'desk-blank', 'data-nothing': placeholder() }),
          )
        return DecorationSet.create(state.doc, drawn)
      },
    },
  })
}
