import { receivedMarking } from '@entente/label'
import { type ReactNode, useEffect, useRef } from 'react'
import { useWords } from '../../frame/language.tsx'
import { useSession } from '../../frame/session-context.ts'
import { Mark } from '../../parts/mark.tsx'
import { type ShownMarking, ownPolicy, shownText } from '../../parts/marking.ts'
import { nationName } from '../../parts/names.ts'
import { sizeText } from '../../parts/time.ts'
import type { Explained } from './readers.tsx'

/** The draft as the other side would see it: what goes, nothing of what stays, under the banner of what goes. */
export function TearLine(props: {
  readonly explained: Explained
  readonly title: { readonly en: string; readonly ja: string }
  readonly shown: (marking: string) => ShownMarking
}): ReactNode {
  const { explained, title, shown } = props
  const session = useSession()
  const { say, lang } = useWords()
  const { disclosure, stored, to } = explained
  const nation = nationName(session, to, lang)
  const whole = useRef<HTMLElement>(null)
  useEffect(() => whole.current?.focus(), [])
  const theirs = [...session.client.pins.policies.values()].find((policy) => policy.nation === to)
  const outcomes = new Map(disclosure.portions.map((outcome) => [outcome.id, outcome]))
  if (disclosure.tearLine.length === 0 || disclosure.tearLineBanner === undefined) {
    return (
      <section ref={whole} tabIndex={-1} className="desk-tear" aria-label={say('desk/tear-line', { nation })}>
        <p className="notice notice-warn">{say('desk/tear-line-none', { nation })}</p>
      </section>
    )
  }
  const banner = shownText(session, disclosure.tearLineBanner, session.me.nation)
  /** How the other side marks it on its own screens. */
  const held = (code: string): string => {
    if (code === 'person-decides' || theirs === undefined) return say('frame/person-decides')
    return say('desk/tear-line-held', { level: receivedMarking(theirs, ownPolicy(session).nationNames, code)[lang] })
  }
  return (
    <article ref={whole} tabIndex={-1} className="desk-tear" aria-label={say('desk/tear-line', { nation })}>
      <p className="notice">{say('desk/tear-line-note', { nation })}</p>
      <p className="desk-tear-banner">
        <Mark marking={banner} />
      </p>
      {(lang === 'ja' ? (['ja', 'en'] as const) : (['en', 'ja'] as const)).map((one) =>
        title[one].trim() === '' ? null : (
          <h2 key={one} lang={one}>
            {title[one]}
          </h2>
        ),
      )}
      {disclosure.tearLine.map((id) => {
        const portion = stored.portions.get(id)
        const outcome = outcomes.get(id)
        if (portion === undefined || portion.marking === null) return null
        return (
          <section key={id} className="portion">
            <p className="desk-quiet">
              <Mark marking={shown(portion.marking)} /> {outcome?.goes === true ? held(outcome.marking) : null}
            </p>
            {portion.file === undefined ? null : (
              <p>
                <span className="file-name">{portion.file.name}</span>{' '}
                <span className="file-facts">
                  {portion.file.mediaType} · {sizeText(portion.file.size)}
                </span>
              </p>
            )}
            {portion.texts.map(({ lang: textLang, text }) => (
              <p key={textLang} lang={textLang} className="passage">
                {text}
              </p>
            ))}
          </section>
        )
      })}
    </article>
  )
}
