import { type Disclosure, type DisclosureReason, readDisclosure } from '@entente/client'
import { reasonSentence } from '@entente/words'
import { useQueries } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { useWords } from '../../frame/language.tsx'
import { namedValues } from '../../parts/value-names.ts'
import { useSession } from '../../frame/session-context.ts'
import { Mark } from '../../parts/mark.tsx'
import type { ShownMarking } from '../../parts/marking.ts'
import { nationName } from '../../parts/names.ts'
import { Problem, Skeleton } from '../../parts/states.tsx'
import { dateText, timeText } from '../../parts/time.ts'
import type { Stored } from './draft.ts'
import type { Fate } from './outline.tsx'

/** What the node said for one partner, of what it has. */
export interface Explained {
  readonly to: string
  readonly stored: Stored
  readonly disclosure: Disclosure
}

/** Asks for each partner what of the stored draft may go; asked anew after each save, the answer before stands until then. */
export function useExplained(stored: Stored | undefined, partners: readonly string[]) {
  const { api } = useSession()
  return useQueries({
    queries: partners.map((to) => ({
      queryKey: ['disclosure', stored?.id, to, stored?.revision],
      enabled: stored !== undefined,
      refetchOnWindowFocus: false,
      placeholderData: (before: Explained | undefined) => before,
      queryFn: async (): Promise<Explained> => {
        if (stored === undefined) throw new TypeError('nothing is stored')
        return { to, stored, disclosure: await readDisclosure(api, stored.id, to) }
      },
    })),
  })
}

/** What becomes of each portion of the page, by its key. */
export function fatesOf(explained: Explained | undefined): ReadonlyMap<string, Fate> {
  const fates = new Map<string, Fate>()
  for (const { id, goes } of explained?.disclosure.portions ?? []) {
    const key = explained?.stored.portions.get(id)?.key
    if (key !== undefined) fates.set(key, goes ? 'goes' : 'stays')
  }
  return fates
}

/** Who could read it: how many at home and there, which portions go and which stay, and why. */
export function Readers(props: {
  readonly stored: Stored | undefined
  readonly unsaved: boolean
  readonly partners: readonly string[]
  readonly partner: string | undefined
  readonly choose: (partner: string) => void
  readonly answers: ReturnType<typeof useExplained>
  readonly shown: (marking: string) => ShownMarking
  readonly numberOf: (key: string) => number | undefined
  readonly tear: boolean
  readonly setTear: (on: boolean) => void
}): ReactNode {
  const { stored, unsaved, partners, partner, choose, answers, tear, setTear } = props
  const session = useSession()
  const { say, lang } = useWords()
  const at = partners.indexOf(partner ?? '')
  const answer = answers[at]
  return (
    <section className="desk-readers" aria-labelledby="desk-readers">
      <h2 id="desk-readers">{say('desk/readers')}</h2>
      {partners.length < 2 ? null : (
        <label className="field">
          {say('desk/partner')}
          <select value={partner} onChange={(event) => choose(event.target.value)}>
            {partners.map((nation) => (
              <option key={nation} value={nation}>
                {nationName(session, nation, lang)}
              </option>
            ))}
          </select>
        </label>
      )}
      {stored === undefined ? <p className="desk-quiet">{say('desk/readers-wait')}</p> : null}
      {stored?.at === undefined ? null : (
        <p className="desk-quiet">{say(unsaved ? 'desk/readers-old' : 'desk/readers-saved', { time: clockText(stored.at) })}</p>
      )}
      {answer === undefined || stored === undefined ? null : answer.error !== null ? (
        <Problem error={answer.error} again={() => void answer.refetch()} />
      ) : answer.data === undefined ? (
        <Skeleton rows={3} />
      ) : (
        <>
          <Counts explained={answer.data} />
          <button type="button" className="button button-second" aria-pressed={tear} onClick={() => setTear(!tear)}>
            {tear ? say('desk/tear-line-back') : say('desk/tear-line', { nation: nationName(session, answer.data.to, lang) })}
            <kbd>Alt T</kbd>
          </button>
          <Portions explained={answer.data} shown={props.shown} numberOf={props.numberOf} />
        </>
      )}
    </section>
  )
}

function Counts({ explained }: { readonly explained: Explained }): ReactNode {
  const session = useSession()
  const { say, lang } = useWords()
  const { to, disclosure } = explained
  const option = disclosure.option === undefined ? undefined : disclosure.explanation.options[disclosure.option]
  const [own, nation] = [nationName(session, session.me.nation, lang), nationName(session, to, lang)]
  const { ownReaderCount: count, roster } = disclosure
  return (
    <ul className="desk-counts">
      <li>{count === undefined ? say('desk/readers-own-none', { nation: own }) : say('desk/readers-own', { nation: own, count })}</li>
      <li>
        {option === undefined
          ? say('desk/readers-nothing', { nation })
          : option.readers === undefined
            ? say('desk/readers-no-roster', { nation })
            : say('desk/readers-partner', { nation, count: option.readers.atMost })}
        {option?.readers === undefined || roster === undefined ? null : (
          <span className="desk-small">{say('desk/readers-roster', { number: roster.number, time: timeText(lang, roster.at) })}</span>
        )}
        {option === undefined ? null : (
          <span className="desk-small">{say('desk/readers-basis', { article: option.basis.article, date: dateText(option.until) })}</span>
        )}
      </li>
    </ul>
  )
}

function Portions(props: {
  readonly explained: Explained
  readonly shown: (marking: string) => ShownMarking
  readonly numberOf: (key: string) => number | undefined
}): ReactNode {
  const { explained, shown, numberOf } = props
  const { say } = useWords()
  return (
    <ul className="desk-outcomes">
      {explained.disclosure.portions.map((outcome) => {
        const portion = explained.stored.portions.get(outcome.id)
        if (portion?.marking === undefined || portion.marking === null) return null
        return (
          <li key={outcome.id} className={outcome.goes ? 'desk-outcome' : 'desk-outcome desk-outcome-stays'}>
            <p>
              {numberOf(portion.key) ?? '–'} <Mark marking={shown(portion.marking)} />{' '}
              <span className={`desk-fate desk-${outcome.goes ? 'goes' : 'stays'}`}>{say(outcome.goes ? 'desk/goes' : 'desk/stays')}</span>
            </p>
            {outcome.goes
              ? null
              : outcome.reasons.map((reason, index) => (
                  <Why
                    key={`${reason.code} ${reason.rule ?? ''}`}
                    reason={reason}
                    helps={outcome.reasons.findIndex(({ nearest }) => nearest === reason.nearest) === index}
                  />
                ))}
          </li>
        )
      })}
    </ul>
  )
}

/** `helps`: what would help was not said of this portion yet. */
function Why({ reason, helps }: { readonly reason: DisclosureReason; readonly helps: boolean }): ReactNode {
  const session = useSession()
  const { say, lang, message } = useWords()
  const { nearest, ...worded } = reason
  const sentence = reasonSentence(lang, { ...worded, values: namedValues(session, worded.values, lang) })
  return (
    <>
      <p>{lang === 'ja' ? `${sentence}。` : `${sentence.charAt(0).toUpperCase()}${sentence.slice(1)}.`}</p>
      {nearest === undefined || !helps ? null : <p className="desk-quiet">{say('desk/helps', { what: message(nearest) })}</p>}
    </>
  )
}

/** `12:31`, local. */
export function clockText(milliseconds: number): string {
  const at = new Date(milliseconds)
  return `${String(at.getHours()).padStart(2, '0')}:${String(at.getMinutes()).padStart(2, '0')}`
}
