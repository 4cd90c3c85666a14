import { useQuery } from '@tanstack/react-query'
import { type CheckedLetter, readLetters, readStatus } from '@entente/client'
import type { ReactNode } from 'react'
import { useWords } from '../../frame/language.tsx'
import { useSession } from '../../frame/session-context.ts'
import { nationName } from '../../parts/names.ts'
import { Problem, Skeleton, codeFor } from '../../parts/states.tsx'
import { timeText } from '../../parts/time.ts'

/** As often as the node is asked about a letter that waits. */
const WAITING_MILLISECONDS = 2_000

/** What came of an own item at the partner: offered, stopped, each confirmed by a signed receipt or still on its way. */
export function Letters({ item, acts, stopped }: { readonly item: string; readonly acts: string; readonly stopped: boolean }): ReactNode {
  const { client } = useSession()
  const { say } = useWords()
  const { data, error, refetch } = useQuery({
    queryKey: ['letters', item, acts],
    queryFn: () => readLetters(client, item),
    refetchInterval: ({ state }) => (state.data?.some((letter) => letter.state === 'waiting') === true ? WAITING_MILLISECONDS : false),
    placeholderData: (before) => before,
  })
  if (error !== null && codeFor(error) === 'client/absent') return null
  if (data !== undefined && data.length === 0) return null
  return (
    <section className="evidence-part" aria-labelledby="letters-title">
      <h3 id="letters-title">{say('ledger/letters')}</h3>
      {error === null ? null : <Problem error={error} again={() => void refetch()} />}
      {data === undefined && error === null ? <Skeleton rows={1} /> : null}
      <div role="status">
        <dl className="letters">
          {(data ?? []).map((letter, at) => (
            <div key={`${letter.type} ${at}`} data-letter={letter.type} data-state={letter.state}>
              <dt>{say(`ledger/letter-${letter.type}`)}</dt>
              <dd>
                <LetterState letter={letter} />
              </dd>
            </div>
          ))}
        </dl>
      </div>
      {data?.some(({ state }) => state === 'accepted') === true ? <p className="line-facts">{say('ledger/letter-accepted-why')}</p> : null}
      {stopped && data?.some(({ state }) => state === 'waiting') === true ? <p>{say('ledger/letter-unreachable-stop')}</p> : null}
    </section>
  )
}

function LetterState({ letter }: { readonly letter: CheckedLetter }): ReactNode {
  const session = useSession()
  const { say, lang, message } = useWords()
  const nation = nationName(session, letter.to, lang)
  // The frame asks on its clock; here its answer is only looked at.
  const { data: status } = useQuery({ queryKey: ['status'], queryFn: () => readStatus(session.api) })
  if (letter.state === 'accepted') {
    return <span className="proof proof-proven">✓ {say('ledger/letter-accepted', { nation, time: timeText(lang, letter.received) })}</span>
  }
  if (letter.state === 'refused') {
    return <span className="proof proof-wrong">✕ {say('ledger/letter-refused', { nation, time: timeText(lang, letter.received) })}</span>
  }
  if (letter.state === 'wrong') {
    return (
      <span className="proof proof-wrong">
        ✕ {say('ledger/letter-wrong', { nation })}: {message(letter.code)} <code>{letter.code}</code>
      </span>
    )
  }
  const partner = status?.partners.find((one) => one.nation === letter.to)
  return (
    <span className="proof proof-pending">
      …{' '}
      {partner === undefined || partner.reachable
        ? say('ledger/letter-waiting', { nation })
        : say('ledger/letter-unreachable', { nation, time: timeText(lang, partner.since) })}
    </span>
  )
}
