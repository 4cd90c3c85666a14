import type { CheckedEntry, EvidenceEntry } from '@entente/client'
import { keyIdOf } from '@entente/canonical'
import { HOME_LOG } from '@entente/exchange'
import type { ReactNode } from 'react'
import { useWords } from '../../frame/language.tsx'
import { useSession } from '../../frame/session-context.ts'
import { nationName } from '../../parts/names.ts'
import type { Session } from '../../session/session.ts'
import { timeText } from '../../parts/time.ts'
import { actorsOf, partnerOfLog, wordsOfAct } from './acts.ts'
import { placeOf, tallyOf } from './checking.ts'

/** Who did what when, each line with the state of its proof; what it says in detail only once it is proven. */
export function EntriesTable(props: {
  readonly entries: readonly EvidenceEntry[]
  readonly checked: readonly CheckedEntry[]
  readonly done: number
  readonly running: boolean
}): ReactNode {
  const { entries, checked, done, running } = props
  const { say } = useWords()
  const found = new Map(checked.map((one) => [placeOf(one.entry), one]))
  const next = entries.find((entry) => !found.has(placeOf(entry)))
  return (
    <>
      <Progress entries={entries} checked={checked} done={done} running={running} />
      <table className="entries" data-verified={running ? 'running' : 'done'}>
        <thead>
          <tr>
            <th scope="col">{say('ledger/when')}</th>
            <th scope="col">{say('ledger/act')}</th>
            <th scope="col">{say('ledger/log')}</th>
            <th scope="col">{say('ledger/proof')}</th>
          </tr>
        </thead>
        <tbody>
          {entries.map((entry, row) => (
            <Entry
              key={`${placeOf(entry)} ${row}`}
              entry={entry}
              // By place alone, a line that was given twice would show what the other came to.
              checked={checked[row]?.entry === entry ? checked[row] : found.get(placeOf(entry))}
              checking={running && entry === next}
            />
          ))}
        </tbody>
      </table>
    </>
  )
}

function Progress({ entries, checked, done, running }: Parameters<typeof EntriesTable>[0]): ReactNode {
  const { say, lang } = useWords()
  const { proven, pending, wrong, newest } = tallyOf(checked)
  if (running) {
    const words = say('ledger/verifying', { done, count: entries.length })
    return (
      <p className="line-facts">
        {words} <progress className="sweep-bar" aria-label={words} value={done} max={Math.max(entries.length, 1)} />
      </p>
    )
  }
  return (
    <div role="status" className="line-facts">
      {wrong > 0 ? null : <p className="proof proof-proven">✓ {say('ledger/verified', { count: proven })}</p>}
      {newest === undefined ? null : <p>{say('ledger/verified-until', { time: timeText(lang, newest) })}</p>}
      {pending === 0 ? null : <p>{say('ledger/pending', { count: pending })}</p>}
    </div>
  )
}

function Entry(props: {
  readonly entry: EvidenceEntry
  readonly checked: CheckedEntry | undefined
  readonly checking: boolean
}): ReactNode {
  const { entry, checked, checking } = props
  const session = useSession()
  const { say, lang } = useWords()
  const proven = checked?.state === 'proven' ? checked.proven : undefined
  const partner = partnerOfLog(entry.log)
  const key = wordsOfAct(entry)
  const who =
    proven === undefined
      ? ''
      : actorsOf(proven.fields)
          .map(({ kind, name }) =>
            kind === 'nation'
              ? nationName(session, session.me.nation, lang)
              : say(`ledger/who-${kind}`, { name: calledIn(session, entry, name, lang) }),
          )
          .join(' · ')
  return (
    <tr
      className={checked?.state === 'wrong' ? 'entry entry-wrong' : 'entry'}
      data-act={entry.act}
      data-proof={checked?.state ?? 'unproven'}
    >
      <td>{timeText(lang, proven?.at ?? entry.at)}</td>
      <td>
        <p className="entry-act">{key === undefined ? entry.act : say(key)}</p>
        {who === '' ? null : <p className="line-facts">{who}</p>}
        {checked === undefined ? null : <Fields checked={checked} />}
      </td>
      <td>
        {entry.log === HOME_LOG ? say('ledger/log-home') : say('ledger/log-with', { nation: nationName(session, partner, lang) })}
        <span className="line-facts"> {entry.index}</span>
      </td>
      <td>
        <Proof checked={checked} checking={checking} />
      </td>
    </tr>
  )
}

/** What somebody is called, with the id that the entry holds; of a long number its beginning. */
function calledIn({ client }: Session, { names }: EvidenceEntry, id: string, lang: 'en' | 'ja'): string {
  const short = id.length > 24 ? `${id.slice(0, 12)}…` : id
  const { own } = client.pins.trust
  const key = own.delegations.find((one) => keyIdOf(client.crypto, one.key) === id)
  const offices = [...client.pins.policies.values()].find(({ nation }) => nation === own.nation)?.offices
  const known = names?.[id]?.[lang] ?? offices?.find(({ code }) => code === key?.office)?.names[lang] ?? key?.officer
  if (known === undefined) return short
  return lang === 'ja' ? `${known}（${short}）` : `${known} (${short})`
}

function Proof({ checked, checking }: { readonly checked: CheckedEntry | undefined; readonly checking: boolean }): ReactNode {
  const { say } = useWords()
  if (checked === undefined) {
    return <span className="proof">{checking ? `◐ ${say('ledger/checking')}` : `○ ${say('ledger/unproven')}`}</span>
  }
  if (checked.state === 'proven') return <span className="proof proof-proven">✓ {say('ledger/proven')}</span>
  if (checked.state === 'pending') return <span className="proof proof-pending">… {say('ledger/waiting')}</span>
  return <span className="proof proof-wrong">✕ {say('ledger/wrong')}</span>
}

/** Everything that the entry commits to and that was opened, where its proof stands; or the code of what does not hold. */
function Fields({ checked }: { readonly checked: CheckedEntry }): ReactNode {
  const session = useSession()
  const { say, lang, message } = useWords()
  if (checked.state === 'pending') return null
  if (checked.state === 'wrong') {
    return (
      <p className="proof-wrong">
        {message(checked.code, { log: checked.entry.log })} <code>{checked.code}</code> {say('ledger/details-unbelieved')}
      </p>
    )
  }
  const { proven, entry } = checked
  const { index, size, time } = proven.place
  const partner = partnerOfLog(entry.log)
  return (
    <details className="article">
      <summary>{say('ledger/details')}</summary>
      <dl className="fields">
        {Object.entries(proven.fields).map(([name, value]) => (
          <div key={name}>
            <dt>
              <code>{name}</code>
            </dt>
            <dd>
              <code>{typeof value === 'string' ? value : JSON.stringify(value)}</code>
            </dd>
          </div>
        ))}
        <div>
          <dt>{say('ledger/details-leaf')}</dt>
          <dd>
            <code>{proven.leafHash}</code>
          </dd>
        </div>
        <div>
          <dt>{say('ledger/proof')}</dt>
          <dd>
            {say('ledger/details-place', { index, size, time: timeText(lang, time) })};{' '}
            {entry.log === HOME_LOG
              ? say('ledger/cosigned-home')
              : say('ledger/cosigned-by', { nation: nationName(session, partner, lang) })}
          </dd>
        </div>
      </dl>
    </details>
  )
}
