import { type DraftView, readDraft } from '@entente/client'
import { useQuery } from '@tanstack/react-query'
import { type ReactNode, useEffect, useState } from 'react'
import { useWords } from '../../frame/language.tsx'
import { useSession } from '../../frame/session-context.ts'
import { codeFor } from '../../parts/states.tsx'
import { portionsIn } from './schema.ts'
import type { SheetState } from './use-sheet.ts'

const WATCH_MILLISECONDS = 5_000

/** How a draft stands towards review, and what its author does about it. */
export interface Review {
  /** `released`: the officer has decided, and the draft is no more. */
  readonly state: DraftView['state'] | 'released'
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
  const [state, setState] = useState<Review['state']>(draft?.state ?? 'draft')
  const [returned, setReturned] = useState(draft?.returned)
  const [error, setError] = useState<unknown>()
  const [busy, setBusy] = useState(false)
  const [sent, setSent] = useState(false)
  const [round, setRound] = useState(0)

  // While it is in review an officer may decide at any moment.
  const { api } = useSession()
  const id = sheet.stored?.id
  const { data: now, error: away } = useQuery({
    // Anew for each sending: what was decided of the one before says nothing of this one.
    queryKey: ['draft-in-review', id, round],
    enabled: state === 'review' && id !== undefined,
    refetchInterval: WATCH_MILLISECONDS,
    queryFn: () => readDraft(api, id ?? ''),
  })
  useEffect(() => {
    if (state !== 'review') return
    if (away !== null && codeFor(away) === 'client/absent') setState('released')
    if (now === undefined || now.state === 'review') return
    setState(now.state)
    setReturned(now.returned)
    setSent(false)
  }, [now, away, state])

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
      setRound((before) => before + 1)
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

  const banner =
    state === 'review' ? (
      <div className={sent ? 'notice notice-good desk-notice' : 'notice desk-notice'} role="status">
        <p>{say(sent ? 'desk/sent' : 'desk/in-review')}</p>
        <button type="button" className="button button-second" disabled={busy} onClick={() => void takeBack()}>
          {say('desk/undo-send')} <kbd>u</kbd>
        </button>
      </div>
    ) : state === 'released' ? (
      <p className="notice notice-good" role="status">
        {say('desk/released')}
      </p>
    ) : state === 'returned' && returned !== undefined ? (
      <div className="notice notice-warn" role="status">
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
    state === 'review' || state === 'released' ? null : (
      <button type="button" className="button button-first" aria-disabled={busy} onClick={() => void submit()}>
        {busy ? say('desk/sending') : say('desk/send')} <kbd>Ctrl Enter</kbd>
      </button>
    )
  return { state, error, banner, acts, submit, takeBack }
}
