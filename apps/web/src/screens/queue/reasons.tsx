import type { DisclosureReason } from '@entente/client'
import type { ReactNode } from 'react'
import { useWords } from '../../frame/language.tsx'
import { useSession } from '../../frame/session-context.ts'
import { namedValues } from '../../parts/value-names.ts'

/** Makes a whole sentence of a reason or condition, with the rule and the article that it rests on. */
export function useReasonSentence(): (reason: DisclosureReason) => string {
  const session = useSession()
  const { message, lang } = useWords()
  return ({ code, rule, article, values }) =>
    message(code, {
      ...namedValues(session, values, lang),
      ...(rule === undefined ? {} : { rule }),
      ...(article === undefined ? {} : { article }),
    })
}

/** What is in the way, and the nearest changes that would help; each once. */
export function Reasons({ reasons }: { readonly reasons: readonly DisclosureReason[] }): ReactNode {
  const session = useSession()
  const { say, message, lang } = useWords()
  const sentenceOf = useReasonSentence()
  const changes = reasons.flatMap(({ nearest, values }) =>
    nearest === undefined ? [] : [message(nearest, namedValues(session, values, lang))],
  )
  return (
    <div className="reasons">
      <ul>
        {[...new Set(reasons.map(sentenceOf))].map((sentence) => (
          <li key={sentence}>{sentence}</li>
        ))}
      </ul>
      {[...new Set(changes)].map((change) => (
        <p key={change} className="suggestion">
          {say('queue/suggestion', { text: change })}
        </p>
      ))}
    </div>
  )
}
