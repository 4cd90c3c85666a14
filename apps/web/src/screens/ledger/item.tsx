import { useQuery } from '@tanstack/react-query'
import { type CheckedEntry, type CouldRead, type RegisterLine, readCouldRead, readEvidence } from '@entente/client'
import type { ReactNode } from 'react'
import { useWords } from '../../frame/language.tsx'
import { useSession } from '../../frame/session-context.ts'
import { Mark } from '../../parts/mark.tsx'
import { shownText } from '../../parts/marking.ts'
import { agreementName, areaName, nationName } from '../../parts/names.ts'
import { Absent, Problem, Skeleton, codeFor } from '../../parts/states.tsx'
import { dateText, timeText } from '../../parts/time.ts'
import { Conditions, Readers } from '../queue/verdict.tsx'
import { readingOf, tallyOf } from './checking.ts'
import { DamageSection } from './damage.tsx'
import { EntriesTable } from './entries.tsx'
import { Letters } from './letters.tsx'
import { StopSection } from './stop.tsx'
import { useEntriesChecked } from './use-checking.ts'
import type { Stopping } from './use-stopping.ts'

/** An entry that waits for its cosignature is asked for again after this. */
const PENDING_MILLISECONDS = 3_000

/** One item's evidence: how it stands, what was entered about it, who could read it, and what an officer may do. */
export function ItemEvidence(props: {
  readonly item: string
  readonly line: RegisterLine | undefined
  readonly stopping: Stopping
  readonly round: number
}): ReactNode {
  const { item, line, stopping, round } = props
  const session = useSession()
  const { say } = useWords()
  const { me, client, api } = session
  const mayRead = me.roles.includes('security-officer') || me.roles.includes('auditor')
  const acts = stopping.outcome === undefined ? '' : String(stopping.outcome.n)
  const evidence = useQuery({
    queryKey: ['evidence', item, acts],
    queryFn: () => readEvidence(client, item),
    enabled: mayRead,
    refetchInterval: ({ state }) => (state.data?.some(({ proof }) => proof === undefined) === true ? PENDING_MILLISECONDS : false),
    placeholderData: (before) => before,
  })
  const couldRead = useQuery({
    queryKey: ['could-read', item, acts],
    queryFn: () => readCouldRead(api, item),
    placeholderData: (before) => before,
  })
  const { checked, done, running, error } = useEntriesChecked(item, evidence.data, round)
  const wrong = tallyOf(checked).wrong
  const missing = (fault: unknown): boolean => fault !== null && codeFor(fault) === 'client/absent'
  // Whoever asks for a number that nobody gave is entered like anybody else: entries alone make no item.
  const unknown = line === undefined && missing(couldRead.error)
  if (unknown && (!mayRead || missing(evidence.error))) return <Absent />
  const own = couldRead.data?.originator === me.nation || line !== undefined
  return (
    <div className="evidence" data-item={item}>
      {wrong === 0 ? null : <Wrong count={wrong} />}
      <div className="evidence-columns">
        <div className="evidence-main">
          <Head item={item} line={line} couldRead={couldRead.data} unknown={unknown} checked={mayRead ? checked : undefined} />
          {own ? <Letters item={item} acts={acts} stopped={couldRead.data?.stopped === true} /> : null}
          <section className="evidence-part" aria-labelledby="entries-title">
            <EntriesHead mayRead={mayRead} />
            {evidence.error === null ? null : <Problem error={evidence.error} again={() => void evidence.refetch()} />}
            {error === undefined ? null : <Problem error={error} />}
            {mayRead && evidence.data === undefined && evidence.error === null ? <Skeleton rows={4} /> : null}
            {evidence.data === undefined ? null : <EntriesTable entries={evidence.data} checked={checked} done={done} running={running} />}
          </section>
        </div>
        {unknown ? null : (
          <div className="evidence-side">
            <section className="evidence-part" aria-labelledby="readers-title">
              <h3 id="readers-title">{say('ledger/readers')}</h3>
              {couldRead.data !== undefined ? (
                <WhoCouldRead couldRead={couldRead.data} />
              ) : couldRead.error === null ? (
                <Skeleton rows={2} />
              ) : (
                <Problem error={couldRead.error} again={() => void couldRead.refetch()} />
              )}
            </section>
            {own ? <StopSection item={item} stopped={couldRead.data?.stopped ?? line?.state === 'stopped'} stopping={stopping} /> : null}
            {me.roles.includes('security-officer') ? <DamageSection item={item} asked={() => void evidence.refetch()} /> : null}
          </div>
        )}
      </div>
    </div>
  )
}

function Wrong({ count }: { readonly count: number }): ReactNode {
  const { say } = useWords()
  return (
    <div className="notice notice-bad" role="alert" data-wrong>
      <p className="loud">✕ {say('ledger/not-verified', { count })}</p>
    </div>
  )
}

function EntriesHead({ mayRead }: { readonly mayRead: boolean }): ReactNode {
  const { say } = useWords()
  return (
    <>
      <h3 id="entries-title">{say('ledger/entries')}</h3>
      {mayRead ? null : <p className="line-facts">{say('ledger/entries-role')}</p>}
    </>
  )
}

function Head(props: {
  readonly item: string
  readonly line: RegisterLine | undefined
  readonly couldRead: CouldRead | undefined
  /** The nation neither gave nor was given an item of this number. */
  readonly unknown: boolean
  readonly checked: readonly CheckedEntry[] | undefined
}): ReactNode {
  const { item, line, couldRead, unknown, checked } = props
  const session = useSession()
  const { say, lang, pick } = useWords()
  const { nation } = session.me
  const agreement = line?.agreement ?? couldRead?.basis?.agreement
  const article = line?.article ?? couldRead?.basis?.article
  const to = line?.recipient ?? couldRead?.recipient
  const until = line?.expires ?? couldRead?.until
  const state = couldRead?.stopped === true ? 'stopped' : (line?.state ?? (couldRead === undefined ? undefined : 'live'))
  const since =
    state === 'stopped' && line?.stoppedAt !== undefined ? say('ledger/stopped-since', { time: timeText(lang, line.stoppedAt) }) : undefined
  const facts: [string, ReactNode][] = []
  if (state !== undefined)
    facts.push([say('ledger/state'), <span className={`standing standing-${state}`}>{since ?? say(`ledger/${state}`)}</span>])
  if (couldRead !== undefined && couldRead.originator !== nation)
    facts.push([say('ledger/came-from'), nationName(session, couldRead.originator, lang)])
  if (to !== undefined) facts.push([say('ledger/went-to'), to === nation ? say('ledger/own') : nationName(session, to, lang)])
  // A basis only where there is something that rests on it.
  if (line !== undefined || couldRead !== undefined)
    facts.push([
      say('reader/basis'),
      agreement === undefined || article === undefined
        ? say('reader/basis-home')
        : say('queue/under', { agreement: agreementName(session, agreement, lang), article }),
    ])
  if (line !== undefined) {
    facts.push([say('reader/area'), areaName(session, line.agreement, line.area, lang)])
    facts.push([say('reader/released'), timeText(lang, line.released)])
  }
  if (until !== undefined) facts.push([say('reader/expires'), dateText(until)])
  if (checked !== undefined) facts.push([say('ledger/openings'), say('ledger/openings-count', { ...readingOf(checked) })])
  return (
    <>
      {line === undefined ? null : (
        <p>
          <Mark marking={shownText(session, line.marking, nation)} />
        </p>
      )}
      <h2>{line?.title === undefined ? say('ledger/untitled', { item: item.slice(0, 8) }) : pick(line.title)}</h2>
      {line !== undefined && line.title === undefined ? <p className="line-facts">{say('ledger/untitled-why')}</p> : null}
      <p className="line-facts">
        {say('ledger/number')}: <code className="hash">{item}</code>
      </p>
      {unknown ? <p className="notice">{say('ledger/unknown')}</p> : null}
      <dl className="handling">
        {facts.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
    </>
  )
}

/** Abroad by number, as the partner's roster counts; at home the home rule decides and the node names nobody. */
function WhoCouldRead({ couldRead }: { readonly couldRead: CouldRead }): ReactNode {
  const session = useSession()
  const { say, lang } = useWords()
  return (
    <>
      {couldRead.stopped ? (
        <p>
          <strong>{say('ledger/readers-none')}</strong> {say('ledger/readers-past')}
        </p>
      ) : null}
      <p>{say('ledger/until', { date: dateText(couldRead.until) })}</p>
      {couldRead.basis === undefined ? (
        <p>{say('ledger/readers-home')}</p>
      ) : couldRead.readers === undefined ? (
        <p>{say('queue/no-roster', { nation: nationName(session, couldRead.recipient, lang) })}</p>
      ) : (
        <Readers readers={couldRead.readers} nation={couldRead.recipient} agreement={couldRead.basis.agreement} />
      )}
      <Conditions conditions={couldRead.conditions} />
    </>
  )
}
