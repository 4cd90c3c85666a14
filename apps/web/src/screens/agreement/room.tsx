import { readStatus } from '@entente/client'
import { useQuery } from '@tanstack/react-query'
import { useNavigate, useParams, useSearch } from '@tanstack/react-router'
import { type ReactNode, useEffect, useRef } from 'react'
import { useWords } from '../../frame/language.tsx'
import { type KeyAct, useKeys } from '../../keys/keys.ts'
import { Absent, Empty, Problem, Skeleton, codeFor } from '../../parts/states.tsx'
import { timeText } from '../../parts/time.ts'
import { AmendView } from './amend.tsx'
import { ArticlesView } from './articles.tsx'
import { ChangesView } from './changes.tsx'
import { CompareList, next } from './compare-list.tsx'
import { MatrixView } from './matrix-view.tsx'
import { NoticesView } from './notices.tsx'
import { ProposalScreen } from './proposal.tsx'
import { TablesView } from './tables.tsx'
import { TimelineView } from './timeline.tsx'
import { type Room, useRoom } from './use-room.ts'
import { VIEWS, type View, viewKey, viewOf } from './views.ts'

/** Views that may hold nothing that takes the focus: they are scrolled by keys themselves. */
const SCROLLED: ReadonlySet<View> = new Set(['tables', 'proposal', 'notices'])

/** The agreement room: what was agreed, what would change, what it permits, who signs. */
export function AgreementScreen(): ReactNode {
  const { say, lang } = useWords()
  const { part } = useParams({ from: '/signed/agreement/{-$part}' })
  const search = useSearch({ from: '/signed/agreement/{-$part}' })
  const view = viewOf(part)
  const navigate = useNavigate()
  const { room, loaded, error, again } = useRoom(view, search)
  const pane = useRef<HTMLElement>(null)
  useEffect(() => {
    // What scrolling returns is no clean-up: newer browsers give a promise.
    pane.current?.scrollTo({ top: 0 })
  }, [view])
  useKeys(room === undefined ? [] : keysOf(room, view))
  const refused = error !== null && codeFor(error) === 'client/absent' && !loaded
  return (
    <div className="split room" data-room={room === undefined ? 'none' : view}>
      <section className="list" aria-label={say('room/title')}>
        <div className="list-head">
          <h1>{say('room/title')}</h1>
        </div>
        {!loaded && error === null ? <Skeleton rows={5} /> : null}
        {room === undefined ? null : <RoomSide room={room} view={view} />}
      </section>
      <section className="pane room-pane" ref={pane} tabIndex={SCROLLED.has(view) ? 0 : -1} aria-label={say(viewKey(view))}>
        {error === null ? null : refused ? <Absent /> : <Problem error={error} again={again} />}
        {loaded && room === undefined ? <Empty>{say('room/empty')}</Empty> : null}
        {search.at === undefined ? null : (
          <p className="notice notice-warn room-then" role="status">
            {say('room/as-of', { time: timeText(lang, search.at) })}{' '}
            <button
              type="button"
              className="button button-second"
              onClick={() => {
                const { at: _, ...now } = search
                void navigate({ to: '/agreement/{-$part}', params: { part: view }, search: now })
              }}
            >
              {say('room/to-now')} <kbd>n</kbd>
            </button>
          </p>
        )}
        {!loaded && error === null ? <Skeleton rows={6} /> : null}
        {room === undefined ? null : <PartnerAway room={room} />}
        {room === undefined ? null : <Shown room={room} view={view} />}
      </section>
    </div>
  )
}

/** What goes on while a partner does not answer, for whoever is about to propose or sign. */
function PartnerAway({ room }: { readonly room: Room }): ReactNode {
  const { say } = useWords()
  const { api } = room.session
  const { data } = useQuery({ queryKey: ['status'], queryFn: () => readStatus(api) })
  return data?.partners.some(({ reachable }) => !reachable) === true ? (
    <p className="notice notice-warn">{say('room/partner-away')}</p>
  ) : null
}

function keysOf(room: Room, view: View): readonly KeyAct[] {
  const { at, ...now } = room.search
  return [
    ...VIEWS.map((one, index) => ({ keys: String(index + 1), says: viewKey(one), run: () => room.go(one) })),
    { keys: 'd', says: 'room/changes', run: () => room.go('changes') },
    { keys: 't', says: 'room/timeline', run: () => room.go('timeline') },
    { keys: 'p', says: 'room/next-proposal', run: () => room.go('proposal', next(room)) },
    ...(at === undefined
      ? []
      : [{ keys: 'n', says: 'room/to-now' as const, run: () => room.go(view, { ...now, at: undefined } as never) }]),
  ]
}

function RoomSide({ room, view }: { readonly room: Room; readonly view: View }): ReactNode {
  const { say, pick } = useWords()
  const { version, views, search } = room
  const verified = room.pins.trust.agreements.get(version.body.agreement)?.some(({ id }) => id === version.id) === true
  return (
    <>
      <div className="room-which">
        {views.length < 2 ? null : (
          <label className="field">
            {say('room/agreement')}
            <select value={room.view.agreement} onChange={(event) => room.go(view, { agreement: event.target.value })}>
              {views.map(({ agreement }) => (
                <option key={agreement} value={agreement}>
                  {agreement}
                </option>
              ))}
            </select>
          </label>
        )}
        <p className="room-name">{pick(version.body.title)}</p>
        <p className={`room-state room-state-${room.view.state}`} role="status">
          {say('room/version', { number: version.body.version })} · {say(`room/state-${room.view.state}`)}
        </p>
        <p className="line-facts">{say(verified ? 'room/verified' : 'room/unverified')}</p>
      </div>
      <nav aria-label={say('room/views')} className="room-views">
        {VIEWS.map((one, index) => (
          <button
            key={one}
            type="button"
            className={one === view ? 'room-view room-view-here' : 'room-view'}
            aria-current={one === view ? 'page' : undefined}
            onClick={() => room.go(one)}
          >
            <kbd aria-hidden="true">{index + 1}</kbd> {say(viewKey(one))}
          </button>
        ))}
      </nav>
      <CompareList room={room} view={view} />
      <p className="list-keys" aria-hidden="true">
        {search.with === undefined ? <>{say('room/compare-first', { key: 'p' })} </> : null}
        <kbd>d</kbd> {say('room/changes')} <kbd>e</kbd> {say('room/examples')} <kbd>t</kbd> {say('room/timeline')}
      </p>
    </>
  )
}

function Shown({ room, view }: { readonly room: Room; readonly view: View }): ReactNode {
  switch (view) {
    case 'articles':
      return <ArticlesView room={room} />
    case 'tables':
      return <TablesView room={room} />
    case 'matrix':
      return <MatrixView room={room} />
    case 'timeline':
      return <TimelineView room={room} />
    case 'changes':
      return <ChangesView room={room} />
    case 'proposal':
      return <ProposalScreen room={room} />
    case 'amend':
      return <AmendView room={room} />
    default:
      return <NoticesView room={room} />
  }
}
