import { type FormEvent, type ReactNode, useState } from 'react'
import { useWords } from '../../frame/language.tsx'
import { useKeys } from '../../keys/keys.ts'
import { timeText } from '../../parts/time.ts'
import type { TermNames } from '../../parts/terms.ts'
import type { Room } from './use-room.ts'

interface TimelineEvent {
  readonly key: string
  readonly at: number
  readonly text: string
  readonly state?: string
}

/** Versions, notices and proposals in their order; each leads to the room as it stood then. */
export function TimelineView({ room }: { readonly room: Room }): ReactNode {
  const { say, lang } = useWords()
  const names = room.names[lang]
  const events = eventsOf(room, names, say)
  const [at, setAt] = useState(0)
  const here = events[Math.min(at, events.length - 1)]
  const travel = (seconds: number): void => room.go('timeline', { at: seconds })
  const focus = (index: number): void => {
    setAt(index)
    document.getElementById(`event-${events[index]?.key ?? ''}`)?.focus()
  }
  useKeys([
    { keys: 'j', says: 'frame/next', run: () => focus(Math.min(at + 1, events.length - 1)) },
    { keys: 'k', says: 'frame/previous', run: () => focus(Math.max(at - 1, 0)) },
    { keys: 'Enter', says: 'room/travel', run: () => (here === undefined ? undefined : travel(here.at)) },
  ])
  return (
    <>
      <h2>{say('room/timeline')}</h2>
      <TravelTo travel={travel} />
      <ol className="timeline">
        {events.map(({ key, at: when, text, state }, index) => (
          <li key={key} className={room.search.at === when ? 'event event-here' : 'event'}>
            <button type="button" id={`event-${key}`} className="event-button" onFocus={() => setAt(index)} onClick={() => travel(when)}>
              <span className="event-when">{timeText(lang, when)}</span>
              <span className="event-what">{text}</span>
              {state === undefined ? null : <span className="line-facts">{state}</span>}
            </button>
          </li>
        ))}
      </ol>
    </>
  )
}

function TravelTo({ travel }: { readonly travel: (seconds: number) => void }): ReactNode {
  const { say } = useWords()
  const [text, setText] = useState('')
  const go = (event: FormEvent): void => {
    event.preventDefault()
    const at = Date.parse(text)
    if (!Number.isNaN(at)) travel(Math.floor(at / 1_000))
  }
  return (
    <form className="travel" onSubmit={go}>
      <label className="field">
        {say('room/travel-to')}
        <input type="datetime-local" value={text} onChange={(event) => setText(event.target.value)} />
      </label>
      <button type="submit" className="button button-second">
        {say('room/travel')}
      </button>
    </form>
  )
}

function eventsOf({ view, proposals }: Room, names: TermNames, say: ReturnType<typeof useWords>['say']): readonly TimelineEvent[] {
  const versions = view.versions.flatMap(({ id, number, state, since, signed, held }): readonly TimelineEvent[] => [
    {
      key: `${id}-from`,
      at: since ?? signed.body.inForceFrom,
      text: say(state === 'to-come' || state === 'narrowing' ? 'room/event-to-come' : 'room/event-in-force', { number }),
      state: say(`room/state-${state}`),
    },
    ...(signed.body.inForceUntil === undefined
      ? []
      : [{ key: `${id}-until`, at: signed.body.inForceUntil, text: say('room/event-ends', { number }) }]),
    ...held.map(({ nation, at }) => ({
      key: `${id}-${nation}`,
      at,
      text: say('room/event-held', { number, nation: names.nation(nation) }),
    })),
  ])
  const notices = view.notices.map(({ id, state, signed: { body } }) => ({
    key: id,
    at: body.effectiveAt,
    text: say(`room/event-${body.notice}`, { nation: names.nation(body.nation) }),
    state: say(`room/notice-${state}`),
  }))
  const proposed = proposals.map(({ id, number, nation, at, state }) => ({
    key: `${id}-proposed`,
    at,
    text: say('room/event-proposal', { number, nation: names.nation(nation) }),
    state: say(`room/state-${state}`),
  }))
  return [...versions, ...notices, ...proposed].toSorted((a, b) => b.at - a.at)
}
