import { useQuery } from '@tanstack/react-query'
import { type DraftView, type ReleaseProgress, readDisclosure, readDraft, releaseReport } from '@entente/client'
import { type ReactNode, useState } from 'react'
import { useBanner } from '../../frame/frame.tsx'
import { useWords } from '../../frame/language.tsx'
import { useSession } from '../../frame/session-context.ts'
import { useKeys } from '../../keys/keys.ts'
import { shownText } from '../../parts/marking.ts'
import { nationName } from '../../parts/names.ts'
import { useOutbox } from '../../parts/outbox.ts'
import { Problem, Skeleton } from '../../parts/states.tsx'
import { sizeText } from '../../parts/time.ts'
import { Decline } from './decline.tsx'
import { Portions } from './portions.tsx'
import type { ReleasedReport } from './released.tsx'
import { Verdict } from './verdict.tsx'

/** One report under review: the text with what may go, the decision clause by clause, and the officer's act. */
export function Review({ id, done }: { readonly id: string; readonly done: (what: string | ReleasedReport) => void }): ReactNode {
  const { api } = useSession()
  const draft = useQuery({ queryKey: ['draft', id], queryFn: () => readDraft(api, id) })
  if (draft.error !== null) return <Problem error={draft.error} again={() => void draft.refetch()} />
  if (draft.data === undefined) return <Skeleton rows={6} />
  return <ReviewOf draft={draft.data} done={done} />
}

function ReviewOf({ draft, done }: { readonly draft: DraftView; readonly done: (what: string | ReleasedReport) => void }): ReactNode {
  const session = useSession()
  const { me, api, client } = session
  const { say, lang, pick } = useWords()
  const partners = [...client.pins.trust.partners.keys()].sort()
  const [looking] = partners
  const [to, setTo] = useState<ReadonlySet<string>>(() => new Set(partners))
  const [view, setView] = useState<'difference' | 'tear-line'>('difference')
  const [declining, setDeclining] = useState(false)
  const [progress, setProgress] = useState<ReleaseProgress>()
  const [error, setError] = useState<unknown>()
  const disclosure = useQuery({
    queryKey: ['disclosure', draft.id, looking ?? ''],
    queryFn: () => readDisclosure(api, draft.id, looking ?? ''),
    enabled: looking !== undefined,
  })
  const goes = new Set(disclosure.data?.portions.filter((one) => one.goes).map((one) => one.id))
  const chosen = [...to].filter((nation) => nation !== looking || goes.size > 0)
  const own = draft.author === me.id
  useBanner(draft.banner === undefined ? undefined : shownText(session, draft.banner, me.nation))

  const release = async (): Promise<void> => {
    setError(undefined)
    try {
      const officer = await session.officer()
      const outcome = await releaseReport(client, {
        draft: draft.id,
        to: chosen,
        officer,
        scratch: session.scratch,
        shown: draft,
        progress: setProgress,
      })
      done({ title: pick(draft.title), outcome })
    } catch (cause) {
      setError(cause)
    } finally {
      setProgress(undefined)
    }
  }
  const outbox = useOutbox(() => void release())
  const busy = outbox.left !== undefined || progress !== undefined
  const approve = (): void => {
    if (outbox.left !== undefined) outbox.hurry()
    else if (!busy && !own && disclosure.data !== undefined) outbox.put()
  }
  useKeys([
    { keys: 'a', says: 'queue/approve', run: approve },
    { keys: 'u', says: 'queue/take-back', run: outbox.takeBack },
    { keys: 'd', says: 'queue/decline', run: () => (busy || own ? undefined : setDeclining(true)) },
    { keys: 't', says: 'queue/view', run: () => setView(view === 'difference' ? 'tear-line' : 'difference') },
  ])

  return (
    <div className="review">
      <article className="reader">
        <h2 className="reader-title">{pick(draft.title)}</h2>
        <p className="line-facts">{say('queue/author', { name: draft.author })}</p>
        <div className="views" role="radiogroup" aria-label={say('queue/view')}>
          {(['difference', 'tear-line'] as const).map((one) => (
            <label key={one} className="view">
              <input type="radio" name="view" checked={view === one} onChange={() => setView(one)} />
              {say(`queue/view-${one}`, { nation: looking === undefined ? '' : nationName(session, looking, lang) })}
            </label>
          ))}
          <kbd aria-hidden="true">t</kbd>
        </div>
        <Portions draft={draft} disclosure={disclosure.data} view={view} />
      </article>
      <aside className="side" aria-label={say('queue/decision')}>
        {own ? <p className="notice notice-warn">{say('queue/own-report')}</p> : null}
        <fieldset className="field" disabled={busy}>
          <legend>{say('queue/recipients')}</legend>
          <p>✓ {say('queue/own-always', { nation: nationName(session, me.nation, lang) })}</p>
          {partners.map((nation) => (
            <label key={nation} className="switch">
              <input
                type="checkbox"
                checked={to.has(nation) && (nation !== looking || goes.size > 0)}
                disabled={nation === looking && disclosure.data !== undefined && goes.size === 0}
                onChange={(event) => setTo(new Set(event.target.checked ? [...to, nation] : [...to].filter((one) => one !== nation)))}
              />
              {say('queue/partner', { nation: nationName(session, nation, lang) })}
            </label>
          ))}
        </fieldset>
        {disclosure.error === null ? null : <Problem error={disclosure.error} again={() => void disclosure.refetch()} />}
        {disclosure.data === undefined || looking === undefined ? null : (
          <Verdict disclosure={disclosure.data} to={looking} area={draft.area} />
        )}
        {error === undefined ? null : <Problem error={error} />}
        <div className="side-acts">
          {declining ? (
            <Decline draft={draft.id} cancel={() => setDeclining(false)} done={() => done(say('queue/declined'))} />
          ) : (
            <Acts
              left={outbox.left}
              progress={progress}
              disabled={own || disclosure.data === undefined}
              label={say(chosen.length === 0 ? 'queue/approve-own' : 'queue/approve')}
              approve={approve}
              takeBack={outbox.takeBack}
              decline={() => setDeclining(true)}
            />
          )}
        </div>
      </aside>
    </div>
  )
}

function Acts(props: {
  readonly left: number | undefined
  readonly progress: ReleaseProgress | undefined
  readonly disabled: boolean
  readonly label: string
  readonly approve: () => void
  readonly takeBack: () => void
  readonly decline: () => void
}): ReactNode {
  const { left, progress, disabled, label, approve, takeBack, decline } = props
  const session = useSession()
  const { say, lang } = useWords()
  if (progress !== undefined) {
    const { step, rendition, renditions, recipient, bytes, size } = progress
    const values = { nation: nationName(session, recipient, lang), at: rendition, count: renditions }
    return (
      <div role="status">
        <p>{say(step === 'sealing' ? 'queue/sealing' : 'queue/sending', values)}</p>
        <progress
          aria-label={say('queue/sealing', values)}
          value={rendition - 1 + (size === undefined || bytes === undefined ? 0.2 : bytes / Math.max(size, 1))}
          max={renditions}
        />
        {size === undefined ? null : <p className="line-facts">{`${sizeText(bytes ?? 0)} / ${sizeText(size)}`}</p>}
      </div>
    )
  }
  if (left !== undefined) {
    return (
      <div role="status">
        <p>{say('queue/approving', { count: left })}</p>
        <p className="acts">
          <button type="button" className="button button-second" onClick={takeBack}>
            {say('queue/take-back')} <kbd>u</kbd>
          </button>
          <button type="button" className="button button-first" onClick={approve}>
            {say('queue/seal-now')} <kbd>a</kbd>
          </button>
        </p>
      </div>
    )
  }
  return (
    <p className="acts">
      <button type="button" className="button button-first" aria-disabled={disabled} onClick={approve}>
        {label} <kbd>a</kbd>
      </button>
      <button type="button" className="button button-bad" aria-disabled={disabled} onClick={() => (disabled ? undefined : decline())}>
        {say('queue/decline')} <kbd>d</kbd>
      </button>
    </p>
  )
}
