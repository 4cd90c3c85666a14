import { Link } from '@tanstack/react-router'
import type { RegisterLine } from '@entente/client'
import type { ReactNode } from 'react'
import { useWords } from '../../frame/language.tsx'
import { useKeys } from '../../keys/keys.ts'
import { timeText } from '../../parts/time.ts'
import type { Sweep } from './checking.ts'

/** How far verifying everything is, and what came of it: loud where anything does not hold. */
export function SweepNotice(props: {
  readonly sweep: Sweep
  readonly stop: () => void
  readonly lines: readonly RegisterLine[]
}): ReactNode {
  const { sweep, stop, lines } = props
  const { say, lang } = useWords()
  const { count, done, tally, wrong, unread, running } = sweep
  useKeys(running ? [{ keys: 'Escape', says: 'ledger/verify-stop', run: stop }] : [])
  if (running) {
    const words = say('ledger/verifying-all', { done, count, entries: tally.proven + tally.pending + tally.wrong })
    return (
      <div className="notice" data-sweep="running">
        <p>{words}</p>
        <progress className="sweep-bar" aria-label={say('ledger/verify')} value={done} max={Math.max(count, 1)} />
        <p className="acts">
          <button type="button" className="button button-second" onClick={stop}>
            {say('ledger/verify-stop')} <kbd>Esc</kbd>
          </button>
        </p>
      </div>
    )
  }
  const bad = tally.wrong > 0 || unread.length > 0
  return (
    <div className={bad ? 'notice notice-bad' : 'notice notice-good'} role={bad ? 'alert' : 'status'} data-sweep={bad ? 'wrong' : 'good'}>
      {tally.wrong === 0 ? null : <p className="loud">✕ {say('ledger/not-verified', { count: tally.wrong })}</p>}
      <Items items={wrong} lines={lines} />
      {unread.length === 0 ? null : <p className="loud">✕ {say('ledger/not-read', { count: unread.length })}</p>}
      <Items items={unread} lines={lines} />
      <p>
        {tally.wrong > 0 ? '' : '✓ '}
        {say('ledger/verified-all', { count: tally.proven, items: done - unread.length })}
      </p>
      {tally.newest === undefined ? null : <p>{say('ledger/verified-until', { time: timeText(lang, tally.newest) })}</p>}
      {tally.pending === 0 ? null : <p>{say('ledger/pending', { count: tally.pending })}</p>}
      {done === count ? null : <p>{say('ledger/verified-part', { done, count })}</p>}
    </div>
  )
}

function Items({ items, lines }: { readonly items: readonly string[]; readonly lines: readonly RegisterLine[] }): ReactNode {
  const { say, pick } = useWords()
  if (items.length === 0) return null
  return (
    <ul className="conditions">
      {items.map((item) => {
        const title = lines.find((line) => line.item === item)?.title
        return (
          <li key={item}>
            <Link to="/ledger/{-$item}" params={{ item }}>
              {title === undefined ? say('ledger/untitled', { item: item.slice(0, 8) }) : pick(title)}
            </Link>
          </li>
        )
      })}
    </ul>
  )
}
