import { useQuery } from '@tanstack/react-query'
import { useNavigate, useParams } from '@tanstack/react-router'
import { type RegisterLine, readRegister } from '@entente/client'
import { type ReactNode, useEffect, useRef, useState } from 'react'
import { useBanner } from '../../frame/frame.tsx'
import { useWords } from '../../frame/language.tsx'
import { useSession } from '../../frame/session-context.ts'
import { useKeys } from '../../keys/keys.ts'
import { ListLine } from '../../parts/line.tsx'
import { type ShownMarking, highest, shownText } from '../../parts/marking.ts'
import { areaName, nationName } from '../../parts/names.ts'
import { Absent, Empty, Problem, Skeleton, codeFor } from '../../parts/states.tsx'
import { timeText } from '../../parts/time.ts'
import { Find } from './find.tsx'
import { ItemEvidence } from './item.tsx'
import { StopNotice } from './stop.tsx'
import { SweepNotice } from './sweep.tsx'
import { useSweep } from './use-checking.ts'
import { useStopping } from './use-stopping.ts'

/** The register of what the nation released, and one report's evidence. */
export function LedgerScreen(): ReactNode {
  const session = useSession()
  const { me, client } = session
  const { say } = useWords()
  const navigate = useNavigate()
  const { item: chosen } = useParams({ from: '/signed/ledger/{-$item}' })
  const box = useRef<HTMLInputElement>(null)
  const pane = useRef<HTMLElement>(null)
  const [round, setRound] = useState(0)
  // Each list is an entry in the ledger, so it is not asked for on a clock.
  const { data, error, refetch } = useQuery({ queryKey: ['register'], queryFn: () => readRegister(client.api) })
  const sweeping = useSweep()
  const stopping = useStopping(() => void refetch())
  const lines = data ?? []
  const at = lines.findIndex(({ item }) => item === chosen)
  const here = lines[at]
  const markings = new Map(lines.map((one) => [one.item, shownText(session, one.marking, me.nation)]))
  // What is looked at stands before the lines: of two that are equally high its marking is shown.
  const shown = markings.get(chosen ?? '')
  useBanner(highest([...(shown === undefined ? [] : [shown]), ...markings.values()]))
  const mayVerify = ['security-officer', 'auditor'].some((role) => me.roles.includes(role))

  const goTo = (item: string | undefined): void => {
    if (item === undefined || item === chosen) return
    stopping.putAway()
    void navigate({ to: '/ledger/{-$item}', params: { item } })
  }
  const verify = (): void => {
    if (!mayVerify) return
    setRound(round + 1)
    const found = chosen === undefined || here !== undefined ? [] : [chosen]
    sweeping.start([...lines.map(({ item }) => item), ...found])
  }
  useKeys([
    { keys: 'j', says: 'frame/next', run: () => goTo(lines[Math.min(at + 1, lines.length - 1)]?.item) },
    { keys: 'k', says: 'frame/previous', run: () => goTo(lines[Math.max(at - 1, 0)]?.item) },
    { keys: 'Enter', says: 'frame/open', run: () => pane.current?.focus() },
    { keys: '/', says: 'ledger/find', run: () => box.current?.focus() },
    ...(mayVerify ? [{ keys: 'Shift V', says: 'ledger/verify' as const, run: verify }] : []),
    ...(stopping.left === undefined ? [] : [{ keys: 'u', says: 'queue/take-back' as const, run: stopping.takeBack }]),
  ])
  useEffect(() => {
    document.getElementById(`line-${chosen ?? ''}`)?.scrollIntoView({ block: 'nearest' })
  }, [chosen, here === undefined])
  useEffect(() => {
    // In a block: newer browsers give a promise here, which is no clean-up.
    pane.current?.scrollTo({ top: 0 })
  }, [chosen])

  const refused = error !== null && codeFor(error) === 'client/absent'
  return (
    <div className="split">
      <section className="list" aria-label={say('ledger/title')}>
        <div className="list-head">
          <h1>{say('ledger/title')}</h1>
          {data === undefined ? null : (
            <p className="list-count" role="status">
              {say('ledger/count', { count: lines.length })}
            </p>
          )}
          {refused ? null : <Find box={box} goTo={goTo} />}
          {mayVerify ? (
            <button type="button" className="button button-second" onClick={verify}>
              {say('ledger/verify')} <kbd>Shift V</kbd>
            </button>
          ) : null}
        </div>
        {data === undefined && error === null ? <Skeleton rows={5} /> : null}
        {error === null ? null : refused ? <Absent /> : <Problem error={error} again={() => void refetch()} />}
        {data !== undefined && lines.length === 0 ? <Empty>{say('ledger/empty')}</Empty> : null}
        <ul className="lines">
          {lines.map((one) => (
            <Line key={one.item} line={one} marking={markings.get(one.item)} here={one.item === chosen} choose={() => goTo(one.item)} />
          ))}
        </ul>
        {lines.length === 0 ? null : (
          <p className="list-keys" aria-hidden="true">
            <kbd>j</kbd> <kbd>k</kbd> {say('frame/move')} <kbd>Enter</kbd> {say('frame/open')} <kbd>/</kbd> {say('ledger/find')}
          </p>
        )}
      </section>
      <section className="pane" ref={pane} tabIndex={-1} aria-label={say('ledger/standing')}>
        <StopNotice stopping={stopping} />
        {sweeping.sweep === undefined ? null : <SweepNotice sweep={sweeping.sweep} stop={sweeping.stop} lines={lines} />}
        {chosen !== undefined && !refused && (data !== undefined || error !== null) ? (
          <ItemEvidence key={chosen} item={chosen} line={here} stopping={stopping} round={round} />
        ) : lines.length === 0 ? null : (
          <Empty>{say('ledger/choose')}</Empty>
        )}
      </section>
    </div>
  )
}

function Line(props: {
  readonly line: RegisterLine
  readonly marking: ShownMarking | undefined
  readonly here: boolean
  readonly choose: () => void
}): ReactNode {
  const { line, marking, here, choose } = props
  const session = useSession()
  const { say, lang, pick } = useWords()
  return (
    <ListLine
      id={line.item}
      marking={marking}
      title={line.title === undefined ? say('ledger/untitled', { item: line.item.slice(0, 8) }) : pick(line.title)}
      facts={[
        line.recipient === session.me.nation ? say('ledger/own') : say('ledger/to', { nation: nationName(session, line.recipient, lang) }),
        say(`ledger/${line.state}`),
        areaName(session, line.agreement, line.area, lang),
        timeText(lang, line.released),
      ]}
      here={here}
      fresh={line.state === 'live'}
      choose={choose}
    />
  )
}
