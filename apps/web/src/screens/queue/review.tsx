import { useQueries, useQuery } from '@tanstack/react-query'
import { type Disclosure, type DraftView, readDisclosure, readDraft } from '@entente/client'
import { codeOf } from '@entente/canonical'
import { type ReactNode, useEffect, useRef, useState } from 'react'
import { useWords } from '../../frame/language.tsx'
import { useSession } from '../../frame/session-context.ts'
import { useKeys } from '../../keys/keys.ts'
import { nationName } from '../../parts/names.ts'
import { Problem, Skeleton } from '../../parts/states.tsx'
import { partnersOf } from '../desk/partners.ts'
import { Acts } from './acts.tsx'
import { type PostedDecision, hurry, postRelease, postReturn, putAway } from './decisions.ts'
import { Decline } from './decline.tsx'
import { nationsThatGet } from './going.ts'
import { Portions, TearLine } from './portions.tsx'
import { Recipients, Seals } from './recipients.tsx'
import { Verdict } from './verdict.tsx'

interface ReviewProps {
  readonly id: string
  /** Whether the list has it; undefined while that is not known. */
  readonly listed: boolean | undefined
  readonly decision: PostedDecision | undefined
}

/** One report under review: the text with what may go, the decision clause by clause, and the officer's act. */
export function Review({ id, listed, decision }: ReviewProps): ReactNode {
  const { api } = useSession()
  const { data, error, refetch } = useQuery({ queryKey: ['draft', id], queryFn: () => readDraft(api, id) })
  const failed = decision?.now.step === 'failed'
  useEffect(() => {
    // What was refused may have changed meanwhile.
    if (failed) void refetch()
  }, [failed, refetch])
  const busy = decision?.now.step === 'acting'
  if (error !== null && codeOf(error) === 'client/absent') return <Gone />
  if (!busy && (listed === false || (data !== undefined && data.state !== 'review'))) return <Gone />
  if (data === undefined) {
    return (
      <div className="queue-nothing">{error === null ? <Skeleton rows={6} /> : <Problem error={error} again={() => void refetch()} />}</div>
    )
  }
  return <ReviewOf draft={data} decision={decision} />
}

/** Somebody else was quicker, or its author took it back. */
function Gone(): ReactNode {
  const { say } = useWords()
  return (
    <div className="queue-nothing">
      <div className="state state-absent" role="alert">
        <p className="state-title">{say('queue/gone')}</p>
        <p>{say('queue/gone-why')}</p>
      </div>
    </div>
  )
}

function ReviewOf({ draft, decision }: { readonly draft: DraftView; readonly decision: PostedDecision | undefined }): ReactNode {
  const session = useSession()
  const { me, api } = session
  const { say, lang, pick } = useWords()
  const partners = partnersOf(session)
  const [looked, setLooked] = useState(partners[0])
  const [unwanted, setUnwanted] = useState<ReadonlySet<string>>(new Set())
  const [view, setView] = useState<'difference' | 'tear-line'>('difference')
  const [declining, setDeclining] = useState(false)
  const page = useRef<HTMLElement>(null)
  const side = useRef<HTMLDivElement>(null)
  const queries = useQueries({
    queries: partners.map((to) => ({ queryKey: ['disclosure', draft.id, to], queryFn: () => readDisclosure(api, draft.id, to) })),
  })
  const answers = new Map<string, Disclosure>(partners.flatMap((nation, at) => (queries[at]?.data ? [[nation, queries[at].data]] : [])))
  const asked = queries[partners.indexOf(looked ?? '')]
  const disclosure = answers.get(looked ?? '')
  const chosen = nationsThatGet(partners, unwanted, answers)
  const own = draft.author === me.id
  const step = decision?.now.step
  const busy = step === 'waiting' || step === 'acting'
  // INVARIANT: nobody decides on an answer that is not there: a node that is away is not a node that says `nothing may go`.
  const known = queries.every(({ data }) => data !== undefined)
  const unable = own || !known || draft.banner === undefined
  const nation = looked === undefined ? '' : nationName(session, looked, lang)
  const author = draft.authorNames === undefined ? draft.author : pick(draft.authorNames)

  const approve = (): void => {
    if (step === 'waiting') hurry(draft.id)
    else if (!busy && !unable) {
      setDeclining(false)
      postRelease(session, draft, chosen, answers)
    }
  }
  const decline = (): void => {
    if (busy || own) return
    putAway(draft.id)
    setDeclining(true)
  }
  const goPortion = (by: number): void => {
    const all = [...(page.current?.querySelectorAll<HTMLElement>('.portion') ?? [])]
    const here = all.findIndex((one) => one === document.activeElement)
    all[Math.min(Math.max(here + by, 0), all.length - 1)]?.focus()
  }
  useKeys([
    { keys: 'a', says: step === 'waiting' ? 'queue/seal-now' : 'queue/approve', run: approve },
    { keys: 'd', says: 'queue/decline', run: decline },
    { keys: 't', says: 'queue/view', run: () => setView(view === 'difference' ? 'tear-line' : 'difference') },
    { keys: 'n', says: 'reader/next-portion', run: () => goPortion(1) },
    { keys: 'p', says: 'reader/previous-portion', run: () => goPortion(-1) },
    ...(partners.length < 2
      ? []
      : [
          {
            keys: 'o',
            says: 'queue/next-partner' as const,
            run: () => setLooked(partners[(partners.indexOf(looked ?? '') + 1) % partners.length]),
          },
        ]),
  ])
  useEffect(() => {
    // The arrows scroll what was chosen with j and k; who is on a line of the list stays there.
    if (document.activeElement === document.body || document.activeElement?.id === 'content') page.current?.focus({ preventScroll: true })
  }, [])
  const stage = useRef('')
  useEffect(() => {
    // A button that was pressed and is gone leaves the keyboard where its answer stands.
    const now = `${step ?? ''} ${declining}`
    if (stage.current !== '' && stage.current !== now) {
      side.current?.scrollIntoView({ block: 'nearest' })
      if (document.activeElement === document.body) side.current?.focus()
    }
    stage.current = now
  }, [step, declining])

  return (
    <div className="review">
      <article className="reader review-page" ref={page} tabIndex={-1} aria-label={pick(draft.title)}>
        <h2 className="reader-title">{pick(draft.title)}</h2>
        <Seals author={author} own={own} decision={decision} />
        <div className="views">
          <div role="radiogroup" aria-label={say('queue/view')} className="views-group">
            {(['difference', 'tear-line'] as const).map((one) => (
              <label key={one} className={view === one ? 'view view-on' : 'view'}>
                <input type="radio" name="view" checked={view === one} disabled={looked === undefined} onChange={() => setView(one)} />
                {say(`queue/view-${one}`, { nation })}
              </label>
            ))}
          </div>
          <kbd aria-hidden="true">t</kbd>
        </div>
        {view === 'tear-line' && disclosure !== undefined && looked !== undefined ? (
          <TearLine draft={draft} disclosure={disclosure} to={looked} />
        ) : (
          <Portions draft={draft} disclosure={disclosure} to={looked} />
        )}
      </article>
      <aside className="side" aria-label={say('queue/decision')}>
        <div className="side-read">
          {own ? <p className="notice notice-warn">{say('queue/own-report')}</p> : null}
          {draft.banner === undefined ? <p className="notice notice-warn">{say('queue/person-decides')}</p> : null}
          <Recipients
            draft={draft}
            partners={partners}
            answers={answers}
            unwanted={unwanted}
            want={setUnwanted}
            busy={busy || own}
            looked={looked}
            look={setLooked}
          />
          {asked === undefined ? null : disclosure !== undefined && looked !== undefined ? (
            <Verdict disclosure={disclosure} to={looked} />
          ) : asked.error === null ? (
            <Skeleton rows={4} />
          ) : (
            <Problem error={asked.error} again={() => void asked.refetch()} />
          )}
        </div>
        <div className="side-acts" ref={side} tabIndex={-1}>
          {declining && !busy ? (
            <Decline
              cancel={() => setDeclining(false)}
              send={(why) => {
                setDeclining(false)
                postReturn(session, draft, why)
              }}
            />
          ) : (
            <Acts
              decision={decision}
              unable={unable}
              own={own}
              label={say(known && chosen.length === 0 ? 'queue/approve-own' : 'queue/approve')}
              approve={approve}
              decline={decline}
            />
          )}
        </div>
      </aside>
    </div>
  )
}
