import type { DraftView } from '@entente/client'
import { type ReactNode, useState } from 'react'
import { useWords } from '../../frame/language.tsx'
import { portionsIn } from './schema.ts'
import type { SheetState } from './use-sheet.ts'

/** How a draft stands towards review, and what its author does about it. */
export interface Review {
  readonly state: DraftView['state']
  readonly error: unknown
  readonly banner: ReactNode
  readonly acts: ReactNode
  submit(): Promise<void>
  takeBack(): Promise<void>
}

/** Sending for review and taking back: no question before, an undo after. */
export function useReview(props: {
  readonly draft: DraftView | undefined
  readonly sheet: SheetState
  readonly unmarked: number
  readonly joins: boolean
  readonly tell: (text: string | undefined, kind?: 'plain' | 'warn') => void
}): Review {
  const { draft, sheet, unmarked, joins, tell } = props
  const { say, message, hint, lang } = useWords()
  const [state, setState] = useState<DraftView['state']>(draft?.state ?? 'draft')
  const [error, setError] = useState<unknown>()
  const [busy, setBusy] = useState(false)
  const [sent, setSent] = useState(false)

  const obstacle = (): string | undefined => {
    const { title, doc } = sheet.content
    if (unmarked > 0) return say('desk/cannot-send-unmarked', { count: unmarked })
    if (portionsIn(doc).every(({ empty }) => empty)) return say('desk/cannot-send-empty')
    if (title.en.trim() === '' && title.ja.trim() === '') return say('desk/cannot-send-title')
    if (!joins) return say('desk/cannot-send-person')
    const lost = sheet.kept.lost(doc)
    return lost.length === 0 ? undefined : say('desk/file-lost', { names: lost.join(lang === 'ja' ? '、' : ', ') })
  }
  const run = async (act: () => Promise<void>): Promise<void> => {
    if (busy) return
    setBusy(true)
    setError(undefined)
    try {
      await act()
    } catch (cause) {
      setError(cause)
    } finally {
      setBusy(false)
    }
  }
  const submit = async (): Promise<void> => {
    const why = obstacle()
    if (why !== undefined) return tell(why, 'warn')
    await run(async () => {
      tell(undefined)
      if (sheet.saver.unsaved && !(await sheet.saver.save())) return tell(say('desk/cannot-send-unsaved'), 'warn')
      await sheet.kept.submit()
      setSent(true)
      setState('review')
      // The text can no longer be typed in; the keys of this screen act from here.
      document.getElementById('content')?.focus()
    })
  }
  const takeBack = async (): Promise<void> =>
    run(async () => {
      await sheet.kept.withdraw()
      setSent(false)
      setState('draft')
      tell(say('desk/taken-back'))
    })

  const returned = draft?.returned
  const banner =
    state === 'review' ? (
      <div className={sent ? 'notice notice-good desk-notice' : 'notice desk-notice'} role="status">
        <p>{say(sent ? 'desk/sent' : 'desk/in-review')}</p>
        <button type="button" className="button button-second" disabled={busy} onClick={() => void takeBack()}>
          {say('desk/undo-send')} <kbd>u</kbd>
        </button>
      </div>
    ) : state === 'returned' && returned !== undefined ? (
      <div className="notice notice-warn">
        <p className="state-title">
          {say('desk/returned')}
          {lang === 'ja' ? '：' : ': '}
          {message(`returned/${returned.code}`)}
        </p>
        {returned.reason === undefined ? null : (
          <p>
            {say('desk/returned-words')} <span lang="">{returned.reason}</span>
          </p>
        )}
        <p>{hint(`returned/${returned.code}`)}</p>
      </div>
    ) : null
  const acts =
    state === 'review' ? null : (
      <button type="button" className="button button-first" aria-disabled={busy} onClick={() => void submit()}>
        {busy ? say('desk/sending') : say('desk/send')} <kbd>Ctrl Enter</kbd>
      </button>
    )
  return { state, error, banner, acts, submit, takeBack }
}
