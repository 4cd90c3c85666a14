import type { Disclosure, DraftView, MarkedPortion, PortionOutcome } from '@entente/client'
import { receivedMarking } from '@entente/label'
import type { ReactNode } from 'react'
import { useWords } from '../../frame/language.tsx'
import { useSession } from '../../frame/session-context.ts'
import { Mark } from '../../parts/mark.tsx'
import { ownPolicy, shownLabel, shownText } from '../../parts/marking.ts'
import { nationName } from '../../parts/names.ts'
import type { Session } from '../../session/session.ts'
import { DraftFile } from './draft-file.tsx'
import { Reasons } from './reasons.tsx'

/** Every portion of a report under review, with what goes and what stays, and why. */
export function Portions(props: {
  readonly draft: DraftView
  readonly disclosure: Disclosure | undefined
  readonly to: string | undefined
}): ReactNode {
  const { draft, disclosure, to } = props
  const outcomes = new Map(disclosure?.portions.map((one) => [one.id, one]))
  return (
    <div className="report">
      {draft.portions.map((portion) => (
        <ReviewedPortion key={portion.id} draft={draft.id} portion={portion} outcome={outcomes.get(portion.id)} to={to} />
      ))}
    </div>
  )
}

/** The report as a partner would see it: what goes, under its banner, and no trace of the rest. */
export function TearLine(props: { readonly draft: DraftView; readonly disclosure: Disclosure; readonly to: string }): ReactNode {
  const { draft, disclosure, to } = props
  const session = useSession()
  const { say, lang } = useWords()
  const nation = nationName(session, to, lang)
  const { tearLineBanner: banner } = disclosure
  const goes = new Set(disclosure.tearLine)
  if (banner === undefined) return <p className="notice notice-warn">{say('queue/tear-line-none', { nation })}</p>
  return (
    <div className="report tear-line">
      <p className="notice">{say('queue/tear-line-note', { nation })}</p>
      <p className="tear-line-banner">
        <Mark marking={shownText(session, banner, session.me.nation)} />
      </p>
      {draft.portions
        .filter(({ id }) => goes.has(id))
        .map((portion) => (
          <ReviewedPortion key={portion.id} draft={draft.id} portion={portion} outcome={undefined} to={to} />
        ))}
      <p className="tear-line-banner">
        <Mark marking={shownText(session, banner, session.me.nation)} />
      </p>
    </div>
  )
}

function ReviewedPortion(props: {
  readonly draft: string
  readonly portion: MarkedPortion
  readonly outcome: PortionOutcome | undefined
  readonly to: string | undefined
}): ReactNode {
  const { draft, portion, outcome, to } = props
  const session = useSession()
  const { lang } = useWords()
  const marking = <Mark marking={shownLabel(session, portion.label, undefined, 'portion')} />
  const fate = outcome === undefined ? '' : outcome.goes ? ' portion-goes' : ' portion-stays'
  return (
    <section className={`portion${fate}`} tabIndex={-1}>
      {outcome === undefined ? null : <Fate outcome={outcome} to={to} />}
      {portion.kind === 'text' ? (
        // The officer's language first; both go.
        portion.texts
          .toSorted((a, b) => Number(b.lang === lang) - Number(a.lang === lang))
          .map((one) => (
            <p key={one.lang} lang={one.lang} className="passage">
              {marking} {one.text}
            </p>
          ))
      ) : (
        <DraftFile draft={draft} portion={portion} marking={marking} />
      )}
      {outcome === undefined || outcome.goes ? null : <Reasons reasons={outcome.reasons} />}
    </section>
  )
}

/** Whether it goes, and what it is held as there. */
function Fate({ outcome, to }: { readonly outcome: PortionOutcome; readonly to: string | undefined }): ReactNode {
  const session = useSession()
  const { say, lang } = useWords()
  if (!outcome.goes) return <p className="outcome outcome-stays">{say('queue/stays')}</p>
  return (
    <p className="outcome outcome-goes">
      {say('queue/goes')}{' '}
      {to === undefined ? null : (
        <span className="outcome-held">
          {outcome.marking === 'person-decides'
            ? say('frame/person-decides')
            : say('queue/marking-there', { marking: heldAs(session, to, outcome.marking)[lang] })}
        </span>
      )}
    </p>
  )
}

/** How a partner marks what it holds at this level. */
function heldAs(session: Session, nation: string, level: string): { readonly en: string; readonly ja: string } {
  const theirs = [...session.client.pins.policies.values()].find((policy) => policy.nation === nation)
  return theirs === undefined ? { en: level, ja: level } : receivedMarking(theirs, ownPolicy(session).nationNames, level)
}
