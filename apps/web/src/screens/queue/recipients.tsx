import { useQuery } from '@tanstack/react-query'
import { type Disclosure, type DraftView, readStatus } from '@entente/client'
import type { ReactNode } from 'react'
import { useWords } from '../../frame/language.tsx'
import { useSession } from '../../frame/session-context.ts'
import { Mark } from '../../parts/mark.tsx'
import { shownText } from '../../parts/marking.ts'
import { nationName } from '../../parts/names.ts'
import type { PostedDecision } from './decisions.ts'

/** Who gets what: the own nation the whole, each chosen partner its tear line under its own banner. */
export function Recipients(props: {
  readonly draft: DraftView
  readonly partners: readonly string[]
  readonly answers: ReadonlyMap<string, Disclosure>
  readonly unwanted: ReadonlySet<string>
  readonly want: (unwanted: ReadonlySet<string>) => void
  readonly busy: boolean
  readonly looked: string | undefined
  readonly look: (nation: string) => void
}): ReactNode {
  const { draft, partners, answers, unwanted, want, busy, looked, look } = props
  const session = useSession()
  const { me } = session
  const { say, lang } = useWords()
  // The frame asks for this too, every few seconds.
  const { data: status } = useQuery({ queryKey: ['status'], queryFn: () => readStatus(session.api) })
  const away = partners.filter((nation) => status?.partners.some((one) => one.nation === nation && !one.reachable))
  const mark = (banner: string | undefined): ReactNode =>
    banner === undefined ? null : <Mark marking={shownText(session, banner, me.nation)} />
  return (
    <section aria-labelledby="recipients-title" className="recipients">
      <h3 id="recipients-title">{say('queue/recipients')}</h3>
      <ul>
        <li className="recipient">
          <span className="recipient-check" aria-hidden="true">
            ✓
          </span>
          <span>
            {say('queue/own-always', { nation: nationName(session, me.nation, lang) })} {mark(draft.banner)}
          </span>
        </li>
        {partners.map((nation) => {
          const answer = answers.get(nation)
          const goes = answer?.tearLine.length ?? 0
          const values = { nation: nationName(session, nation, lang), count: goes, all: draft.portions.length }
          return (
            <li key={nation}>
              <label className="recipient">
                <input
                  type="checkbox"
                  checked={goes > 0 && !unwanted.has(nation)}
                  disabled={busy || goes === 0}
                  onChange={(event) =>
                    want(event.target.checked ? new Set([...unwanted].filter((one) => one !== nation)) : new Set([...unwanted, nation]))
                  }
                />
                <span>
                  {say(answer === undefined ? 'queue/partner-unknown' : goes === 0 ? 'queue/partner-nothing' : 'queue/partner', values)}{' '}
                  {mark(answer?.tearLineBanner)}
                </span>
              </label>
            </li>
          )
        })}
      </ul>
      {partners.length === 0 ? <p className="line-facts">{say('queue/no-partners')}</p> : null}
      {away.map((nation) => (
        <p key={nation} className="notice notice-warn">
          {say('queue/partner-away', { nation: nationName(session, nation, lang) })}
        </p>
      ))}
      {partners.length < 2 ? null : (
        <label className="field">
          <span>
            {say('queue/partner-looked-at')} <kbd>o</kbd>
          </span>
          <select value={looked} onChange={(event) => look(event.target.value)}>
            {partners.map((nation) => (
              <option key={nation} value={nation}>
                {nationName(session, nation, lang)}
              </option>
            ))}
          </select>
        </label>
      )}
    </section>
  )
}

/** Who drafted it and who decides on its disclosure, as boxes of a form that officials of both sides read at once. */
export function Seals(props: { readonly author: string; readonly own: boolean; readonly decision: PostedDecision | undefined }): ReactNode {
  const { author, own, decision } = props
  const { me } = useSession()
  const { say, pick } = useWords()
  const deciding = decision !== undefined && decision.now.step !== 'failed' && !own
  return (
    <dl className="seals" aria-label={say('queue/seals')}>
      <div className="seal">
        <dt>{say('queue/seal-drafted')}</dt>
        <dd>{author}</dd>
      </div>
      <div className={deciding ? 'seal' : 'seal seal-open'}>
        <dt>{say('queue/seal-released')}</dt>
        <dd>
          {deciding ? pick(me.names) : say('queue/seal-open')}
          {deciding && decision.subject.kind === 'release' ? <span className="line-facts">{say('queue/signed-by-device')}</span> : null}
        </dd>
      </div>
    </dl>
  )
}
