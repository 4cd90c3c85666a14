import { Link } from '@tanstack/react-router'
import type { ReleaseOutcome } from '@entente/client'
import type { ReactNode } from 'react'
import { useWords } from '../../frame/language.tsx'
import { useSession } from '../../frame/session-context.ts'
import { nationName } from '../../parts/names.ts'
import { type PostedDecision, putAway } from './decisions.ts'

/** What came of decisions; heard by whoever does not see it. */
export function Outcomes({ over }: { readonly over: readonly PostedDecision[] }): ReactNode {
  return (
    <div role="status" className="outcomes">
      {over.map((one) => (
        <Outcome key={one.id} decision={one} />
      ))}
    </div>
  )
}

function Outcome({ decision }: { readonly decision: PostedDecision }): ReactNode {
  const { say, pick } = useWords()
  const { now, subject, id } = decision
  if (now.step !== 'done') return null
  return (
    <div className="notice notice-good" data-decided={now.outcome === 'returned' ? 'returned' : 'released'}>
      <p className="state-title">{pick(subject.title)}</p>
      {now.outcome === 'returned' ? <p>{say('queue/declined')}</p> : <Released outcome={now.outcome} />}
      <button type="button" className="button button-quiet" onClick={() => putAway(id)}>
        {say('queue/put-away')}
      </button>
    </div>
  )
}

/** Says truthfully what was sealed and entered, and leads to its evidence. */
function Released({ outcome }: { readonly outcome: ReleaseOutcome }): ReactNode {
  const session = useSession()
  const { say, lang } = useWords()
  return (
    <>
      <p>{say('queue/released', { n: outcome.n, count: outcome.items.length })}</p>
      <p>{say('queue/released-draft-gone')}</p>
      <ul className="outcome-items">
        {outcome.items.map(({ item, recipient }) => (
          <li key={item}>
            <Link to="/ledger/{-$item}" params={{ item }}>
              {say('ledger/to', { nation: nationName(session, recipient, lang) })} · {say('queue/to-evidence')}
            </Link>{' '}
            <code className="hash">{item}</code>
          </li>
        ))}
      </ul>
    </>
  )
}
