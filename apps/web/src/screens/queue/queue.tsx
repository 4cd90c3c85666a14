import { useQuery } from '@tanstack/react-query'
import { useNavigate, useParams } from '@tanstack/react-router'
import { listDrafts } from '@entente/client'
import { type ReactNode, useEffect, useState } from 'react'
import { useBanner } from '../../frame/frame.tsx'
import { useWords } from '../../frame/language.tsx'
import { useSession } from '../../frame/session-context.ts'
import { useKeys } from '../../keys/keys.ts'
import { ListLine } from '../../parts/line.tsx'
import { highest, shownText } from '../../parts/marking.ts'
import { areaName } from '../../parts/names.ts'
import { Empty, Problem, Skeleton } from '../../parts/states.tsx'
import { Released, type ReleasedReport } from './released.tsx'
import { Review } from './review.tsx'

const REFRESH_MILLISECONDS = 5_000

/** Reports that wait for a disclosure officer, and the review of one. */
export function QueueScreen(): ReactNode {
  const session = useSession()
  const { me, api } = session
  const { say, lang, pick } = useWords()
  const navigate = useNavigate()
  const { draft: chosen } = useParams({ from: '/work/queue/{-$draft}' })
  const [released, setReleased] = useState<ReleasedReport>()
  const [notice, setNotice] = useState<string>()
  const { data, error, refetch } = useQuery({
    queryKey: ['drafts'],
    queryFn: () => listDrafts(api),
    refetchInterval: REFRESH_MILLISECONDS,
  })
  const waiting = (data ?? []).filter(({ state }) => state === 'review')
  const at = waiting.findIndex(({ id }) => id === chosen)
  const here = waiting[at]
  const markingOf = (banner: string | undefined) => (banner === undefined ? undefined : shownText(session, banner, me.nation))
  useBanner(highest(waiting.flatMap(({ banner }) => markingOf(banner) ?? [])))

  const goTo = (id: string | undefined): void => {
    setReleased(undefined)
    setNotice(undefined)
    if (id !== undefined) void navigate({ to: '/queue/{-$draft}', params: { draft: id } })
  }
  const done = (what: string | ReleasedReport): void => {
    if (typeof what === 'string') setNotice(what)
    else setReleased(what)
    void navigate({ to: '/queue/{-$draft}', params: {} })
    void refetch()
  }
  useKeys([
    { keys: 'j', says: 'frame/next', run: () => goTo(waiting[Math.min(at + 1, waiting.length - 1)]?.id) },
    { keys: 'k', says: 'frame/previous', run: () => goTo(waiting[Math.max(at - 1, 0)]?.id) },
  ])
  useEffect(() => setNotice(undefined), [lang])

  return (
    <div className="split">
      <section className="list" aria-label={say('queue/title')}>
        <div className="list-head">
          <h1>{say('queue/title')}</h1>
          {data === undefined ? null : (
            <p className="list-count" role="status">
              {say('queue/count', { count: waiting.length })}
            </p>
          )}
        </div>
        {data === undefined && error === null ? <Skeleton rows={4} /> : null}
        {error === null ? null : <Problem error={error} again={() => void refetch()} />}
        {data !== undefined && waiting.length === 0 ? <Empty>{say('queue/empty')}</Empty> : null}
        <ul className="lines">
          {waiting.map((one) => (
            <ListLine
              key={one.id}
              id={one.id}
              marking={markingOf(one.banner)}
              title={pick(one.title)}
              facts={[say('queue/author', { name: one.author }), areaName(session, undefined, one.area, lang)]}
              here={one.id === chosen}
              fresh
              choose={() => goTo(one.id)}
            />
          ))}
        </ul>
        <p className="list-keys" aria-hidden="true">
          <kbd>j</kbd> <kbd>k</kbd> {say('frame/move')} <kbd>a</kbd> {say('queue/approve')} <kbd>d</kbd> {say('queue/decline')}
        </p>
      </section>
      <section className="pane">
        {notice === undefined ? null : (
          <p className="notice notice-good" role="status">
            {notice}
          </p>
        )}
        {released === undefined ? null : <Released released={released} />}
        {here === undefined ? (
          waiting.length === 0 || released !== undefined ? null : (
            <Empty>{say('queue/choose')}</Empty>
          )
        ) : (
          <Review key={here.id} id={here.id} done={done} />
        )}
      </section>
    </div>
  )
}
