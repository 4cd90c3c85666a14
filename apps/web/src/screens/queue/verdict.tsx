import type { CouldRead, Disclosure, DisclosureOption, ReaderCounts } from '@entente/client'
import { reasonSentence } from '@entente/words'
import type { ReactNode } from 'react'
import { useWords } from '../../frame/language.tsx'
import { useSession } from '../../frame/session-context.ts'
import { agreementName, agreementNow, areaName, nationName } from '../../parts/names.ts'
import { dateText, timeText } from '../../parts/time.ts'

/** The decision on a report for one nation: under what, until when, who could read it. */
export function Verdict({
  disclosure,
  to,
  area,
}: {
  readonly disclosure: Disclosure
  readonly to: string
  readonly area: string
}): ReactNode {
  const session = useSession()
  const { say, lang, pick } = useWords()
  const { explanation, portions, ownReaders, ownReaderCount, roster } = disclosure
  const option = disclosure.option === undefined ? undefined : explanation.options[disclosure.option]
  const goes = portions.filter((one) => one.goes).length
  const nation = nationName(session, to, lang)
  return (
    <>
      <section className="verdict" aria-labelledby="verdict-title">
        <h3 id="verdict-title">{say('queue/decision')}</h3>
        {goes === 0 ? (
          <p className="outcome outcome-stays">✕ {say('queue/nothing-goes', { nation })}</p>
        ) : (
          <p>
            <span className="outcome outcome-goes">✓ {say('queue/goes-count', { count: goes })}</span>
            {portions.length === goes ? null : (
              <span className="outcome outcome-stays"> ✕ {say('queue/stays-count', { count: portions.length - goes })}</span>
            )}
          </p>
        )}
        {option === undefined ? null : <Option option={option} />}
      </section>
      <section className="verdict" aria-labelledby="readers-title">
        <h3 id="readers-title">{say('queue/readers')}</h3>
        <p>{say('queue/readers-own', { nation: nationName(session, session.me.nation, lang), count: ownReaderCount ?? 0 })}</p>
        {ownReaders === undefined || ownReaders.length === 0 ? null : (
          <p className="line-facts">{ownReaders.map(({ names }) => pick(names)).join(lang === 'ja' ? '、' : ', ')}</p>
        )}
        {goes === 0 ? null : roster === undefined || option?.readers === undefined ? (
          <p>{say('queue/no-roster', { nation })}</p>
        ) : (
          <Readers readers={option.readers} nation={to} agreement={option.basis.agreement} />
        )}
        <p className="line-facts">{areaName(session, option?.basis.agreement, area, lang)}</p>
      </section>
    </>
  )
}

function Option({ option }: { readonly option: DisclosureOption }): ReactNode {
  const session = useSession()
  const { say, lang } = useWords()
  const { basis, until, keyControl, mode, conditions, reasons } = option
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
      {reasons.length === 0 ? null : (
        <ul className="reasons">
          {reasons.map((reason) => (
            <li key={reason.code}>{reasonSentence(lang, reason)}</li>
          ))}
        </ul>
      )}
      <Conditions conditions={conditions} />
    </>
  )
}

/** What every reader must fulfil. */
export function Conditions({ conditions }: { readonly conditions: CouldRead['conditions'] }): ReactNode {
  const { say, lang } = useWords()
  if (conditions.length === 0) return null
  return (
    <>
      <h4>{say('queue/conditions')}</h4>
      <ul className="conditions">
        {conditions.map((condition) => (
          <li key={`${condition.code} ${condition.rule ?? ''}`}>{reasonSentence(lang, condition)}</li>
        ))}
      </ul>
    </>
  )
}

/** How many could read it there, by the newest roster, small cells merged. */
export function Readers(props: {
  readonly readers: ReaderCounts
  readonly nation: string
  readonly agreement: string | undefined
}): ReactNode {
  const { readers, nation, agreement } = props
  const session = useSession()
  const { say, lang } = useWords()
  const policy = [...session.client.pins.policies.values()].find((one) => one.nation === nation)
  return (
    <>
      <p>{say('queue/readers-there', { nation: nationName(session, nation, lang), count: readers.atMost })}</p>
      <ul className="conditions">
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
