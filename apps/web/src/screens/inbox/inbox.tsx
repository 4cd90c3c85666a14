import { useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { useNavigate, useParams, useSearch } from '@tanstack/react-router'
import { type ListedLine, listItems, readItem } from '@entente/client'
import { type ReactNode, useEffect, useRef, useState } from 'react'
import { useBanner } from '../../frame/frame.tsx'
import { useWords } from '../../frame/language.tsx'
import { useSession } from '../../frame/session-context.ts'
import { useKeys } from '../../keys/keys.ts'
import { ListLine } from '../../parts/line.tsx'
import { highest, shownText } from '../../parts/marking.ts'
import { Absent, Empty, Problem, Skeleton, codeFor } from '../../parts/states.tsx'
import { timeText } from '../../parts/time.ts'
import { areaName, nationName } from '../../parts/names.ts'
import { Reader } from './reader.tsx'

const REFRESH_MILLISECONDS = 10_000

/** Inbox and reader: what the person may know of, and one report of it. */
export function InboxScreen(): ReactNode {
  const session = useSession()
  const { say } = useWords()
  const navigate = useNavigate()
  const { item: chosen } = useParams({ from: '/signed/inbox/{-$item}' })
  const { q } = useSearch({ from: '/signed/inbox/{-$item}' })
  const box = useRef<HTMLInputElement>(null)
  const [typed, setTyped] = useState(q ?? '')
  const { data, error, refetch, hasNextPage, isFetchingNextPage, fetchNextPage } = useInfiniteQuery({
    queryKey: ['items', q ?? ''],
    queryFn: ({ pageParam }) =>
      listItems(session.client, { ...(q === undefined ? {} : { q }), ...(pageParam === '' ? {} : { after: pageParam }) }),
    initialPageParam: '',
    getNextPageParam: ({ next }) => next,
    refetchInterval: REFRESH_MILLISECONDS,
    placeholderData: (before) => before,
  })
  const items = data?.pages.flatMap((page) => page.items) ?? []
  const markings = new Map(items.map((one) => [one.item, shownText(session, one.marking, one.originator, one.equivalent)]))
  const at = items.findIndex(({ item }) => item === chosen)
  useBanner(highest([...markings.values()]))

  const goTo = (line: ListedLine | undefined): void => {
    if (line === undefined) return
    void navigate({ to: '/inbox/{-$item}', params: { item: line.item }, search: q === undefined ? {} : { q } })
  }
  const search = (words: string): void => {
    void navigate({ to: '/inbox/{-$item}', params: {}, search: words.trim() === '' ? {} : { q: words.trim() } })
  }
  useKeys([
    {
      keys: 'j',
      says: 'frame/next',
      run() {
        if (at === items.length - 1 && hasNextPage) void fetchNextPage()
        else goTo(items[at + 1])
      },
    },
    { keys: 'k', says: 'frame/previous', run: () => goTo(items[Math.max(at - 1, 0)]) },
    { keys: '/', says: 'inbox/search', run: () => box.current?.focus() },
  ])
  useEffect(() => {
    document.getElementById(`line-${chosen ?? ''}`)?.scrollIntoView({ block: 'nearest' })
  }, [chosen])

  const line = items[at]
  return (
    <div className="split">
      <section className="list" aria-label={say('inbox/title')}>
        <div className="list-head">
          <h1>{say('inbox/title')}</h1>
          {data === undefined ? null : (
            <p className="list-count" role="status">
              {say(q === undefined ? 'inbox/count' : 'inbox/count-found', { count: data.pages[0]?.count ?? 0 })}
              {q === undefined && items.some(({ opened }) => opened === undefined)
                ? ` · ${say('inbox/unread', { count: items.filter(({ opened }) => opened === undefined).length })}`
                : null}
            </p>
          )}
          <form
            role="search"
            className="search"
            onSubmit={(event) => {
              event.preventDefault()
              search(typed)
            }}
          >
            <input
              ref={box}
              type="search"
              value={typed}
              aria-label={say('inbox/search')}
              placeholder={say('inbox/search')}
              onChange={(event) => {
                setTyped(event.target.value)
                if (event.target.value === '') search('')
              }}
              onKeyDown={(event) => {
                if (event.key === 'Escape') box.current?.blur()
              }}
            />
            <kbd aria-hidden="true">/</kbd>
          </form>
          <p className="search-how">{say('inbox/search-how')}</p>
        </div>
        {data === undefined && error === null ? <Skeleton rows={5} /> : null}
        {error === null ? null : <Problem error={error} again={() => void refetch()} />}
        {data !== undefined && items.length === 0 ? <Empty>{say(q === undefined ? 'inbox/empty' : 'inbox/none-found')}</Empty> : null}
        <ul className="lines">
          {items.map((one) => (
            <Line key={one.item} line={one} marking={markings.get(one.item)} here={one.item === chosen} choose={() => goTo(one)} />
          ))}
        </ul>
        {hasNextPage ? (
          <button type="button" className="more" disabled={isFetchingNextPage} onClick={() => void fetchNextPage()}>
            {say('inbox/more')}
          </button>
        ) : null}
        {items.length === 0 ? null : (
          <p className="list-keys" aria-hidden="true">
            <kbd>j</kbd> <kbd>k</kbd> {say('frame/move')} <kbd>Enter</kbd> {say('frame/open')} <kbd>a</kbd> {say('reader/acknowledge')}
          </p>
        )}
      </section>
      <section className="pane">
        {line !== undefined ? (
          <Reader key={line.item} line={line} changed={() => void refetch()} />
        ) : chosen !== undefined && data !== undefined ? (
          <Elsewhere key={chosen} item={chosen} changed={() => void refetch()} />
        ) : items.length === 0 ? null : (
          <Empty>{say('inbox/choose')}</Empty>
        )}
      </section>
    </div>
  )
}

/** A report that somebody came to by a link, and that is not among the lines shown. */
function Elsewhere({ item, changed }: { readonly item: string; readonly changed: () => void }): ReactNode {
  const { client } = useSession()
  const { data, error, refetch } = useQuery({ queryKey: ['item', item], queryFn: () => readItem(client, item) })
  if (error !== null) return codeFor(error) === 'client/absent' ? <Absent /> : <Problem error={error} again={() => void refetch()} />
  return data === undefined ? <Skeleton rows={5} /> : <Reader line={data} changed={changed} />
}

function Line(props: {
  readonly line: ListedLine
  readonly marking: ReturnType<typeof shownText> | undefined
  readonly here: boolean
  readonly choose: () => void
}): ReactNode {
  const { line, marking, here, choose } = props
  const session = useSession()
  const { say, lang, pick } = useWords()
  return (
    <ListLine
      id={line.item}
      marking={marking}
      title={pick(line.card.title)}
      facts={[
        line.originator === session.me.nation ? say('inbox/own') : nationName(session, line.originator, lang),
        areaName(session, line.agreement, line.card.area, lang),
        timeText(lang, line.released),
        ...(line.opened === undefined ? [] : [say('inbox/opened')]),
      ]}
      here={here}
      fresh={line.opened === undefined}
      choose={choose}
    />
  )
}
