import type { Disclosure, DisclosureOption, DisclosureReason, ReaderCounts } from '@entente/client'
import type { ReactNode } from 'react'
import { useWords } from '../../frame/language.tsx'
import { useSession } from '../../frame/session-context.ts'
import { agreementName, agreementNow, areaName, nationName } from '../../parts/names.ts'
import { dateText, timeText } from '../../parts/time.ts'
import { tallyOf } from './going.ts'
import { Reasons, useReasonSentence } from './reasons.tsx'

/** The decision on a report for one nation: under what, until when, who could read it. */
export function Verdict(props: { readonly disclosure: Disclosure; readonly to: string }): ReactNode {
  const { disclosure, to } = props
  const session = useSession()
  const { say, lang } = useWords()
  const { goes, stays } = tallyOf(disclosure.portions)
  const nation = nationName(session, to, lang)
  const option = disclosure.option === undefined ? undefined : disclosure.explanation.options[disclosure.option]
  return (
    <>
      <section className="verdict" aria-labelledby="verdict-title">
        <h3 id="verdict-title">{say('queue/decision')}</h3>
        {goes === 0 ? (
          <p className="outcome outcome-stays">{say('queue/nothing-goes', { nation })}</p>
        ) : (
          <p className="tally">
            <span className="outcome outcome-goes">{say('queue/goes-count', { count: goes })}</span>
            {stays === 0 ? null : <span className="outcome outcome-stays">{say('queue/stays-count', { count: stays })}</span>}
          </p>
        )}
        {option === undefined ? null : <Option option={option} />}
      </section>
      <WhoReads disclosure={disclosure} option={option} to={to} />
      {option === undefined ? null : <Conditions conditions={option.conditions} />}
    </>
  )
}

/** The grant: its article to open, its term, who holds the key, in which form it goes. */
function Option({ option }: { readonly option: DisclosureOption }): ReactNode {
  const session = useSession()
  const { say, lang } = useWords()
  const { basis, until, keyControl, mode, reasons } = option
  const article = agreementNow(session, basis.agreement)?.articles.find(({ id }) => id === basis.article)
  return (
    <>
      <details className="article">
        <summary>{say('queue/under', { agreement: agreementName(session, basis.agreement, lang), article: basis.article })}</summary>
        {article === undefined ? null : <p>{article.text[lang]}</p>}
      </details>
      <dl className="facts">
        <dt>{say('queue/until')}</dt>
        <dd>{dateText(until)}</dd>
        <dt>{say('queue/key-control')}</dt>
        <dd>{say(`queue/key-${keyControl}`)}</dd>
        <dt>{say('queue/mode')}</dt>
        <dd>{say(`queue/mode-${mode}`)}</dd>
      </dl>
      {reasons.length === 0 ? null : <Reasons reasons={reasons} />}
    </>
  )
}

/** How many could read what: at home by name, there by the newest roster. */
function WhoReads(props: {
  readonly disclosure: Disclosure
  readonly option: DisclosureOption | undefined
  readonly to: string
}): ReactNode {
  const { disclosure, option, to } = props
  const session = useSession()
  const { say, lang, pick } = useWords()
  const { ownReaders, ownReaderCount } = disclosure
  return (
    <section className="verdict" aria-labelledby="readers-title">
      <h3 id="readers-title">{say('queue/readers')}</h3>
      {ownReaderCount === undefined ? null : (
        <p>{say('queue/readers-own', { nation: nationName(session, session.me.nation, lang), count: ownReaderCount })}</p>
      )}
      {ownReaders === undefined || ownReaders.length === 0 ? null : (
        <p className="line-facts">{ownReaders.map(({ names }) => pick(names)).join(lang === 'ja' ? '、' : ', ')}</p>
      )}
      {option === undefined ? null : option.readers === undefined ? (
        <p>{say('queue/no-roster', { nation: nationName(session, to, lang) })}</p>
      ) : (
        <Readers readers={option.readers} nation={to} agreement={option.basis.agreement} />
      )}
    </section>
  )
}

/** How many could read it there, small cells merged. */
export function Readers(props: { readonly readers: ReaderCounts; readonly nation: string; readonly agreement: string }): ReactNode {
  const { readers, nation, agreement } = props
  const session = useSession()
  const { say, lang } = useWords()
  const policy = [...session.client.pins.policies.values()].find((one) => one.nation === nation)
  return (
    <>
      <p>{say('queue/readers-there', { nation: nationName(session, nation, lang), count: readers.atMost })}</p>
      <ul className="cells">
        {readers.cells.map((cell) => (
          <li key={`${cell.clearance} ${cell.area} ${cell.role}`}>
            {say('queue/readers-cell', {
              clearance: policy?.clearances.find(({ code }) => code === cell.clearance)?.names[lang] ?? cell.clearance,
              area: areaName(session, agreement, cell.area, lang),
              count:
                cell.count === undefined
                  ? say('queue/fewer-than', { count: cell.fewerThan ?? 0 })
                  : say('queue/people', { count: cell.count }),
            })}
          </li>
        ))}
      </ul>
      <p className="line-facts">{say('queue/roster-of', { number: readers.number, time: timeText(lang, readers.at) })}</p>
    </>
  )
}

/** What every reader there must fulfil. */
export function Conditions({ conditions }: { readonly conditions: readonly DisclosureReason[] }): ReactNode {
  const { say } = useWords()
  const sentenceOf = useReasonSentence()
  if (conditions.length === 0) return null
  return (
    <section className="verdict" aria-labelledby="conditions-title">
      <h3 id="conditions-title">{say('queue/conditions')}</h3>
      <ul className="conditions">
        {conditions.map((condition) => (
          <li key={`${condition.code} ${condition.rule ?? ''}`}>{sentenceOf(condition)}</li>
        ))}
      </ul>
    </section>
  )
}
