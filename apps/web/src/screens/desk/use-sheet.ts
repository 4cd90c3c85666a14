import type { DraftView } from '@entente/client'
import type { EditorState } from 'prosemirror-state'
import { useCallback, useEffect, useMemo, useRef, useState } from 'react'
import type { Session } from '../../session/session.ts'
import { unmarkedIn } from './commands.ts'
import { pageOf } from './content.ts'
import { type DeskContent, type KeptDraft, type Stored, isPassing, keptDraft, storedOf } from './draft.ts'
import { areasOf } from './partners.ts'
import { type SaveState, type Saver, makeSaver } from './saving.ts'
import type { TextLang } from './schema.ts'

/** One draft on the desk: what is written, how it stands towards the node. */
export interface SheetState {
  readonly content: DeskContent
  /** Undefined until the page stands. */
  readonly page: EditorState | undefined
  readonly save: SaveState
  readonly stored: Stored | undefined
  readonly saver: Saver
  readonly kept: KeptDraft
  setTitle(lang: TextLang, title: string): void
  setArea(area: string): void
  pageChanged(state: EditorState, docChanged: boolean): void
}

/** Holds what is written and saves it by itself. `made` is told the id that the first save gives. */
export function useSheet(session: Session, draft: DraftView | undefined, lang: TextLang, made: (id: string) => void): SheetState {
  const tellMade = useRef(made)
  tellMade.current = made
  const first = useMemo(() => firstContent(session, draft, lang), [])
  const [content, setContent] = useState<DeskContent>(first)
  const latest = useRef(content)
  const [page, setPage] = useState<EditorState>()
  const [save, setSave] = useState<SaveState>({ state: 'untouched' })
  const [stored, setStored] = useState<Stored | undefined>(draft === undefined ? undefined : storedOf(draft, first.doc))
  const kept = useMemo(() => keptDraft(session, draft, (id) => tellMade.current(id)), [])
  const saver = useMemo(
    () =>
      makeSaver({
        hindrance() {
          const { title, doc } = latest.current
          if (unmarkedIn(doc).length > 0) return 'unmarked'
          return title.en.trim() === '' && title.ja.trim() === '' ? 'title' : undefined
        },
        send: async () => setStored(await kept.send(latest.current)),
        isPassing,
        now: () => Date.now(),
        after(milliseconds, run) {
          const timer = setTimeout(run, milliseconds)
          return () => clearTimeout(timer)
        },
        told: setSave,
      }),
    [],
  )
  useEffect(() => {
    saver.resume()
    return () => saver.stop()
  }, [saver])
  const change = useCallback(
    (next: Partial<DeskContent>) => {
      latest.current = { ...latest.current, ...next }
      setContent(latest.current)
      saver.changed()
    },
    [saver],
  )
  return {
    content,
    page,
    save,
    stored,
    saver,
    kept,
    setTitle: (titleLang, title) => change({ title: { ...latest.current.title, [titleLang]: title } }),
    setArea: (area) => change({ area }),
    pageChanged(state, docChanged) {
      setPage(state)
      if (docChanged) change({ doc: state.doc })
    },
  }
}

/** The draft as it was opened; a new one begins in the first area that its author is to know of. */
function firstContent(session: Session, draft: DraftView | undefined, lang: TextLang): DeskContent {
  const known = areasOf(session).map(({ code }) => code)
  const area = draft?.area ?? session.me.clearance?.areas.map((one) => one.area).find((one) => known.includes(one)) ?? known[0] ?? ''
  return { title: { en: draft?.title.en ?? '', ja: draft?.title.ja ?? '' }, area, doc: pageOf(draft, lang) }
}
