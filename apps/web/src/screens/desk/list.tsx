import { useQuery } from '@tanstack/react-query'
import { type DraftLine, discardDraft, listDrafts } from '@entente/client'
import { type ReactNode, useEffect, useState } from 'react'
import { useBanner } from '../../frame/frame.tsx'
import { useWords } from '../../frame/language.tsx'
import { useSession } from '../../frame/session-context.ts'
import { useKeys } from '../../keys/keys.ts'
import { Mark } from '../../parts/mark.tsx'
import { type ShownMarking, highest, shownText } from '../../parts/marking.ts'
import { areaName } from '../../parts/names.ts'
import { Empty, Problem, Skeleton } from '../../parts/states.tsx'
import { DISCARD_SECONDS, type Discard, discardLater, keepDraft, useDiscards } from './discards.ts'

const REFRESH_MILLISECONDS = 10_000

/** Own drafts with how they stand. */
export function DraftList({ open, begin }: { readonly open: (id: string) => void; readonly begin: () => void }): ReactNode {
  const session = useSession()
  const { say, pick } = useWords()
  const discards = useDiscards()
  const [at, setAt] = useState(0)
  const { data, error, refetch } = useQuery({
    queryKey: ['drafts'],
    queryFn: () => listDrafts(session.api),
    refetchInterval: REFRESH_MILLISECONDS,
    placeholderData: (before) => before,
  })
  const own = data?.filter(({ author, id }) => author === session.me.id && discards.every((one) => one.id !== id))
  const drafts = own ?? []
  const here = Math.min(at, Math.max(drafts.length - 1, 0))
  const markings = new Map(
    drafts.flatMap(({ id, banner }) => (banner === undefined ? [] : [[id, shownText(session, banner, session.me.nation)]])),
  )
  useBanner(highest([...markings.values()]))
  const move = (step: number): void => {
    const next = Math.min(Math.max(here + step, 0), drafts.length - 1)
    setAt(next)
    document.getElementById(`line-${drafts[next]?.id ?? ''}`)?.focus()
  }
  const chosen = drafts[here]
  const discard = (): void => {
    if (chosen === undefined || chosen.state === 'review') return
    const title = pick(chosen.title) === '' ? say('desk/untitled') : pick(chosen.title)
    discardLater({ id: chosen.id, title }, async (id) => {
      await discardDraft(session.api, id)
      await refetch()
    })
  }
  useKeys([
    { keys: 'j', says: 'frame/move', run: () => move(1) },
    { keys: 'k', says: 'frame/move', run: () => move(-1) },
    { keys: 'Enter', says: 'frame/open', run: () => (chosen === undefined ? undefined : open(chosen.id)) },
    { keys: 'n', says: 'desk/new', run: begin },
    { keys: 'x', says: 'desk/discard', run: discard },
    { keys: 'u', says: 'desk/undo-discard', run: () => (discards[0] === undefined ? undefined : keepDraft(discards[0].id)) },
  ])
  useEffect(() => {
    document.getElementById('content')?.focus()
  }, [])
  return (
    <div className="split">
      <section className="list" aria-label={say('desk/title')}>
        <div className="list-head">
          <h1>{say('desk/title')}</h1>
          {own === undefined ? null : (
            <p className="list-count" role="status">
              {say('desk/count', { count: drafts.length })}
            </p>
          )}
          <button type="button" className="button button-first" onClick={begin}>
            {say('desk/new')} <kbd>n</kbd>
          </button>
        </div>
        <Discarding discards={discards} />
        {own === undefined && error === null ? <Skeleton rows={4} /> : null}
        {error === null ? null : <Problem error={error} again={() => void refetch()} />}
        <ul className="lines">
          {drafts.map((line, index) => (
            <Line
              key={line.id}
              line={line}
              marking={markings.get(line.id)}
              here={index === here}
              open={() => open(line.id)}
              come={() => setAt(index)}
            />
          ))}
        </ul>
        {drafts.length === 0 ? null : (
          <p className="list-keys" aria-hidden="true">
            <kbd>j</kbd> <kbd>k</kbd> {say('frame/move')} <kbd>Enter</kbd> {say('frame/open')} <kbd>x</kbd> {say('desk/discard')}
          </p>
        )}
      </section>
      <section className="pane">
        {own === undefined ? null : <Empty>{say(drafts.length === 0 ? 'desk/empty' : 'desk/choose')}</Empty>}
      </section>
    </div>
  )
}

function Line(props: {
  readonly line: DraftLine
  readonly marking: ShownMarking | undefined
  readonly here: boolean
  readonly open: () => void
  readonly come: () => void
}): ReactNode {
  const { line, marking, here, open, come } = props
  const session = useSession()
  const { say, lang, pick, message } = useWords()
  const title = pick(line.title)
  const titleLang = line.title[lang] === undefined ? (lang === 'ja' ? 'en' : 'ja') : lang
  return (
    <li className={here ? 'line line-here' : 'line'}>
      <button
        type="button"
        id={`line-${line.id}`}
        className="line-button"
        aria-current={here ? 'true' : undefined}
        onClick={open}
        onFocus={come}
      >
        {marking === undefined ? <span className="mark mark-none">{say('desk/unmarked')}</span> : <Mark marking={marking} form="short" />}
        <span className="line-text">
          <span className={line.state === 'returned' ? 'line-title line-new' : 'line-title'} {...(title === '' ? {} : { lang: titleLang })}>
            {title === '' ? say('desk/untitled') : title}
          </span>
          <span className="line-facts">{[say(`desk/state-${line.state}`), areaName(session, undefined, line.area, lang)].join(' · ')}</span>
          {line.returned === undefined ? null : <span className="line-facts">{message(`returned/${line.returned.code}`)}</span>}
        </span>
      </button>
    </li>
  )
}

/** What is about to go, and how to keep it. */
function Discarding({ discards }: { readonly discards: readonly Discard[] }): ReactNode {
  const { say } = useWords()
  return (
    <div role="status">
      {discards.map(({ id, title, error }) => (
        <div key={id} className="notice notice-warn desk-notice">
          <p>{error === undefined ? say('desk/discarding', { title, seconds: DISCARD_SECONDS }) : say('desk/discard-failed')}</p>
          {error === undefined ? null : <Problem error={error} />}
          <button type="button" className="button button-second" onClick={() => keepDraft(id)}>
            {error === undefined ? say('desk/undo-discard') : say('frame/close')} <kbd>u</kbd>
          </button>
        </div>
      ))}
    </div>
  )
}
