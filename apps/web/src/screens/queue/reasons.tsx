import type { DisclosureReason } from '@entente/client'
import type { ReactNode } from 'react'
import { useWords } from '../../frame/language.tsx'

/** Makes a whole sentence of a reason or condition, with the rule and the article that it rests on. */
export function useReasonSentence(): (reason: DisclosureReason) => string {
  const { message } = useWords()
  return ({ code, rule, article, values }) =>
    message(code, { ...values, ...(rule === undefined ? {} : { rule }), ...(article === undefined ? {} : { article }) })
}

/** What is in the way, and the nearest changes that would help; each once. */
export function Reasons({ reasons }: { readonly reasons: readonly DisclosureReason[] }): ReactNode {
  const { say, message } = useWords()
  const sentenceOf = useReasonSentence()
  const changes = reasons.flatMap(({ nearest, values }) => (nearest === undefined ? [] : [message(nearest, values)]))
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
