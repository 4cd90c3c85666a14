import { Link } from '@tanstack/react-router'
import type { ReleaseOutcome } from '@entente/client'
import type { ReactNode } from 'react'
import { useWords } from '../../frame/language.tsx'
import { useSession } from '../../frame/session-context.ts'
import { nationName } from '../../parts/names.ts'

/** What came of a release, for its officer. */
export interface ReleasedReport {
  readonly title: string
  readonly outcome: ReleaseOutcome
}

/** Says truthfully what was sealed and entered, and leads to its evidence. */
export function Released({ released }: { readonly released: ReleasedReport }): ReactNode {
  const session = useSession()
  const { say, lang } = useWords()
  const { outcome, title } = released
  return (
    <div className="notice notice-good" role="status" data-released>
      <p className="state-title">{title}</p>
      <p>{say('queue/released', { n: outcome.n, count: outcome.items.length })}</p>
      <p>{say('queue/released-draft-gone')}</p>
      <ul>
        {outcome.items.map(({ item, recipient }) => (
          <li key={item}>
            <Link to="/ledger/{-$item}" params={{ item }}>
              {say('ledger/to', { nation: nationName(session, recipient, lang) })} · {say('queue/to-evidence')}
            </Link>{' '}
            <code className="hash">{item}</code>
          </li>
        ))}
      </ul>
    </div>
  )
}
