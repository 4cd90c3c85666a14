import { useQuery } from '@tanstack/react-query'
import { useNavigate, useParams } from '@tanstack/react-router'
import { listDrafts } from '@entente/client'
import { type ReactNode, useEffect } from 'react'
import { useBanner } from '../../frame/frame.tsx'
import { type Words, useWords } from '../../frame/language.tsx'
import { useSession } from '../../frame/session-context.ts'
import { useKeys } from '../../keys/keys.ts'
import { ListLine } from '../../parts/line.tsx'
import { highest, shownText } from '../../parts/marking.ts'
import { areaName } from '../../parts/names.ts'
import { Empty, Problem, Skeleton } from '../../parts/states.tsx'
import { type PostedDecision, putAway, takeBack, useDecisions } from './decisions.ts'
import { Outcomes } from './outcomes.tsx'
import { Review } from './review.tsx'

const REFRESH_MILLISECONDS = 5_000

/** Reports that wait for a disclosure officer, and the review of one. */
export function QueueScreen(): ReactNode {
  const session = useSession()
  const { me, api } = session
  const words = useWords()
  const { say, lang, pick } = words
  const navigate = useNavigate()
  const { draft: chosen } = useParams({ from: '/signed/queue/{-$draft}' })
  const decisions = useDecisions()
  const { data, error, refetch } = useQuery({
    queryKey: ['drafts'],
    queryFn: () => listDrafts(api),
    refetchInterval: REFRESH_MILLISECONDS,
    // The lines stay while they are asked for again.
    placeholderData: (before) => before,
  })
  const released = new Set(decisions.filter(({ subject, now }) => subject.kind === 'release' && now.step === 'done').map(({ id }) => id))
  const waiting = (data ?? []).filter(({ id, state }) => state === 'review' && !released.has(id))
  const at = waiting.findIndex(({ id }) => id === chosen)
  const markingOf = (banner: string | undefined) => (banner === undefined ? undefined : shownText(session, banner, me.nation))
  // What is read stands before the lines: of two that are equally high its marking is shown.
  const read = waiting[at]
  useBanner(highest([...(read === undefined ? [] : [read]), ...waiting].flatMap(({ banner }) => markingOf(banner) ?? [])))

  const over = decisions.filter(({ now }) => now.step === 'done')
  const decided = chosen === undefined ? undefined : over.find(({ id }) => id === chosen)
  const overCount = over.length
  useEffect(() => {
    if (overCount > 0) void refetch()
  }, [overCount, refetch])
  useEffect(() => {
    // What was decided leaves the pane; what came of it stands there instead.
    if (decided !== undefined) void navigate({ to: '/queue/{-$draft}', params: { draft: undefined }, replace: true })
  }, [decided, navigate])

  const goTo = (id: string | undefined): void => {
    if (id === undefined) return
    for (const one of over) putAway(one.id)
    void navigate({ to: '/queue/{-$draft}', params: { draft: id } })
    document.getElementById(`line-${id}`)?.scrollIntoView({ block: 'nearest' })
  }
  const undo = (): void => {
    const waits = decisions.filter(({ now }) => now.step === 'waiting')
    const last = waits.find(({ id }) => id === chosen) ?? waits.at(-1)
    if (last !== undefined) takeBack(last.id)
  }
  useKeys([
    { keys: 'j', says: 'frame/next', run: () => goTo(waiting[Math.min(at + 1, waiting.length - 1)]?.id) },
    { keys: 'k', says: 'frame/previous', run: () => goTo(waiting[Math.max(at - 1, 0)]?.id) },
    { keys: 'u', says: 'queue/take-back', run: undo },
  ])

  return (
    <div className="split queue">
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
              facts={[
                one.author === me.id
                  ? say('queue/author-self')
                  : say('queue/author', { name: one.authorNames === undefined ? one.author : pick(one.authorNames) }),
                areaName(session, undefined, one.area, lang),
                ...stateOf(
                  decisions.find(({ id }) => id === one.id),
                  words,
                ),
              ]}
              here={one.id === chosen}
              fresh={one.author !== me.id}
              choose={() => goTo(one.id)}
            />
          ))}
        </ul>
        {waiting.length === 0 ? null : (
          <p className="list-keys" aria-hidden="true">
            <kbd>j</kbd> <kbd>k</kbd> {say('frame/move')} <kbd>n</kbd> <kbd>p</kbd> {say('queue/move-portion')} <kbd>a</kbd>{' '}
            {say('queue/approve')} <kbd>d</kbd> {say('queue/decline')}
            {decisions.some(({ now }) => now.step === 'waiting') ? (
              <>
                {' '}
                <kbd>u</kbd> {say('queue/take-back')}
              </>
            ) : null}
          </p>
        )}
        {chosen === undefined ? null : <Outcomes over={over} />}
      </section>
      <section className="pane queue-pane">
        {chosen === undefined ? (
          <div className="queue-nothing">
            <Outcomes over={over} />
            {waiting.length === 0 ? null : <Empty>{say('queue/choose')}</Empty>}
          </div>
        ) : (
          <Review
            key={chosen}
            id={chosen}
            listed={data === undefined ? undefined : read !== undefined}
            decision={decisions.find(({ id }) => id === chosen)}
          />
        )}
      </section>
    </div>
  )
}

/** How a decision on a line stands, in a few words. */
function stateOf(decision: PostedDecision | undefined, { say }: Words): readonly string[] {
  if (decision === undefined) return []
  const { subject, now } = decision
  if (now.step === 'waiting') return [say(subject.kind === 'release' ? 'queue/waits-release' : 'queue/waits-return', { count: now.left })]
  if (now.step === 'failed') return [say('queue/is-failed')]
  if (now.step === 'done') return []
  if (subject.kind === 'return') return [say('queue/busy-return')]
  return [say('queue/is-sealing', { percent: Math.floor((now.progress?.share ?? 0) * 100) })]
}
