import { type ProposalView, commentProposal, initialProposal } from '@entente/client'
import { type FormEvent, type ReactNode, useState } from 'react'
import { useWords } from '../../frame/language.tsx'
import { useKeys } from '../../keys/keys.ts'
import { Empty, Problem } from '../../parts/states.tsx'
import { timeText } from '../../parts/time.ts'
import { Ceremony } from './ceremony.tsx'
import { Choose, TextField } from './fields.tsx'
import { personOf } from './persons.ts'
import type { Compared, Room } from './use-room.ts'

/** A proposal: what it waits for, what was said of it, and what negotiators and signatories do with it. */
export function ProposalScreen({ room }: { readonly room: Room }): ReactNode {
  const { say } = useWords()
  const { compared } = room
  return (
    <>
      <h2>{say('room/proposal')}</h2>
      {compared?.proposal === undefined ? (
        <Empty>{say(room.proposals.length === 0 ? 'room/no-proposals' : 'room/proposal-choose')}</Empty>
      ) : (
        <Shown key={compared.proposal.id} room={room} compared={compared} proposal={compared.proposal} />
      )}
    </>
  )
}

function Shown({
  room,
  compared,
  proposal,
}: {
  readonly room: Room
  readonly compared: Compared
  readonly proposal: ProposalView
}): ReactNode {
  const { say, lang } = useWords()
  const { roles } = room.session.me
  const names = room.names[lang]
  return (
    <div data-proposal-state={proposal.state}>
      <p className="room-answer">
        {say('room/event-proposal', { number: proposal.number, nation: names.nation(proposal.nation) })} ·{' '}
        {say(`room/state-${proposal.state}`)}
      </p>
      <p>
        <code>{proposal.id}</code>
      </p>
      <Waits room={room} proposal={proposal} />
      <SealBoxes room={room} proposal={proposal} />
      <Said room={room} proposal={proposal} />
      {roles.includes('negotiator') ? <Negotiate room={room} proposal={proposal} /> : null}
      {roles.includes('signatory') ? <Ceremony room={room} compared={compared} proposal={proposal} /> : null}
      {roles.includes('negotiator') || roles.includes('signatory') ? null : <p className="line-facts">{say('room/for-negotiators')}</p>}
    </div>
  )
}

/** Who or what has to act before it is in force. */
function Waits({ room, proposal }: { readonly room: Room; readonly proposal: ProposalView }): ReactNode {
  const { say, lang } = useWords()
  const names = room.names[lang]
  const { state, body, initialled, missing } = proposal
  const open = ['proposed', 'answered', 'initialled'].includes(state)
  const signing = ['settled', 'sealed'].includes(state)
  const initials = open ? body.parties.filter(({ nation }) => !initialled.includes(nation)) : []
  const seals = signing ? missing : []
  const later = state !== 'superseded' && state !== 'in-force' && body.inForceFrom > room.session.client.now()
  return (
    <section className="room-part" aria-labelledby="room-waits">
      <h3 id="room-waits">{say('room/waits-for')}</h3>
      <ul className="rule-words">
        {initials.map(({ nation }) => (
          <li key={nation}>{say('room/waits-initial', { nation: names.nation(nation) })}</li>
        ))}
        {seals.map(({ nation, keyId }) => (
          <li key={keyId}>{say('room/waits-seal', { nation: names.nation(nation), ...personOf(room, { nation, keyId }) })}</li>
        ))}
        {state === 'held' ? <li>{say('room/waits-logs')}</li> : null}
        {later ? <li>{say('room/waits-date', { time: timeText(lang, body.inForceFrom) })}</li> : null}
        {state === 'in-force' ? <li>{say('room/waits-nothing')}</li> : null}
        {state === 'superseded' ? <li>{say('room/state-superseded')}</li> : null}
      </ul>
    </section>
  )
}

/** The boxes of a form: each key of each authority, sealed or not yet. */
function SealBoxes({ room, proposal }: { readonly room: Room; readonly proposal: ProposalView }): ReactNode {
  const { say, lang } = useWords()
  const names = room.names[lang]
  const keys = [
    ...proposal.seals.map((key) => ({ ...key, sealed: true })),
    ...proposal.missing.map((key) => ({ ...key, sealed: false })),
  ].toSorted((a, b) => (`${a.nation} ${a.keyId}` < `${b.nation} ${b.keyId}` ? -1 : 1))
  if (keys.length === 0) return null
  return (
    <dl className="seals">
      {keys.map(({ nation, keyId, sealed }) => (
        <div key={keyId} className={sealed ? 'seal' : 'seal seal-open'} data-seal={sealed ? 'sealed' : 'open'}>
          <dt>
            {say('room/seal-of', {
              nation: names.nation(nation),
              ...personOf(room, { nation, keyId }),
            })}
          </dt>
          <dd>
            {sealed ? `◉ ${say('room/sealed-by')}` : `○ ${say('room/not-sealed')}`}
            <span className="line-facts">{keyId.slice(0, 8)}</span>
          </dd>
        </div>
      ))}
    </dl>
  )
}

function Said({ room, proposal }: { readonly room: Room; readonly proposal: ProposalView }): ReactNode {
  const { say, lang, pick } = useWords()
  const names = room.names[lang]
  return (
    <section className="room-part" aria-labelledby="room-said">
      <h3 id="room-said">{say('room/said')}</h3>
      <ol className="said">
        {proposal.said.map(({ id, act, nation, at, officer, officerNames, text, article }) => (
          <li key={id} data-said={act}>
            <p>
              <strong>
                {names.nation(nation)} · {say(`room/act-${act}`)}
              </strong>{' '}
              <span className="line-facts">
                {article === undefined ? '' : `${say('room/on-article', { article })} · `}
                {officer === undefined ? '' : `${officerNames === undefined ? officer : pick(officerNames)} · `}
                {timeText(lang, at)}
              </span>
            </p>
            {text === undefined ? null : <p lang="und">{text}</p>}
          </li>
        ))}
      </ol>
    </section>
  )
}

function Negotiate({ room, proposal }: { readonly room: Room; readonly proposal: ProposalView }): ReactNode {
  const { say, lang } = useWords()
  const { session, pins } = room
  const [text, setText] = useState('')
  const [article, setArticle] = useState('')
  const [busy, setBusy] = useState(false)
  const [error, setError] = useState<unknown>()
  const open = ['proposed', 'answered', 'initialled'].includes(proposal.state)
  const mine = proposal.initialled.includes(session.me.nation)
  const act = async (run: (negotiating: Parameters<typeof initialProposal>[0]) => Promise<unknown>): Promise<void> => {
    if (busy) return
    setBusy(true)
    setError(undefined)
    try {
      await run({ ...session.client, pins, negotiator: await session.officer() })
      room.refresh()
    } catch (cause) {
      setError(cause)
    } finally {
      setBusy(false)
    }
  }
  const initial = (): void => void (open && !mine ? act((client) => initialProposal(client, proposal.id)) : undefined)
  const comment = (event?: FormEvent): void => {
    event?.preventDefault()
    if (text.trim() === '') return
    void act(async (client) => {
      await commentProposal(client, proposal.id, { text: text.trim(), ...(article === '' ? {} : { article }) })
      setText('')
    })
  }
  const counter = (): void => room.go('amend', { with: proposal.id })
  useKeys([
    { keys: 'i', says: 'room/initial', run: initial },
    { keys: 'c', says: 'room/comment', run: () => document.querySelector<HTMLElement>('[data-field="comment"]')?.focus() },
    { keys: 'o', says: 'room/counter', run: counter },
    { keys: 'Ctrl Enter', says: 'room/send', run: comment, inText: true },
  ])
  return (
    <section className="room-part" aria-labelledby="room-comment">
      <h3 id="room-comment">{say('room/comment')}</h3>
      {error === undefined ? null : <Problem error={error} />}
      <form className="form" onSubmit={comment}>
        <Choose
          label={say('room/comment-article')}
          value={article}
          options={[
            { value: '', name: say('room/whole') },
            ...proposal.body.articles.map(({ id, title }) => ({
              value: id,
              name: say('room/shown-article', { article: id, title: title[lang] }),
            })),
          ]}
          change={setArticle}
        />
        <TextField long name="comment" label={say('room/comment-text')} value={text} change={setText} />
        <p className="acts">
          <button type="submit" className="button button-second" aria-disabled={busy || text.trim() === ''}>
            {say('room/send')} <kbd>Ctrl Enter</kbd>
          </button>
          <button type="button" className="button button-second" onClick={counter}>
            {say('room/counter')} <kbd>o</kbd>
          </button>
          <button type="button" className="button button-first" aria-disabled={busy || !open || mine} onClick={initial}>
            {say('room/initial')} <kbd>i</kbd>
          </button>
        </p>
      </form>
    </section>
  )
}
