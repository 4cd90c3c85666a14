import type { ReactNode } from 'react'
import { useWords } from '../../frame/language.tsx'
import { timeText } from '../../parts/time.ts'
import type { Room } from './use-room.ts'
import type { RoomSearch, View } from './views.ts'

/** The proposal after the one that is compared, round and round: the latest one first. */
export function next({ proposals, search }: Room): RoomSearch {
  const at = proposals.findIndex(({ id }) => id === search.with)
  const found = proposals[(at + 1) % Math.max(1, proposals.length)]
  return found === undefined ? {} : { with: found.id }
}

/** Proposals and other versions, one of which can be compared with what is in force. */
export function CompareList({ room, view }: { readonly room: Room; readonly view: View }): ReactNode {
  const { say, lang } = useWords()
  const { proposals, search, version } = room
  const known = new Set(proposals.map(({ id }) => id))
  const versions = room.view.versions.filter(({ id }) => id !== version.id && !known.has(id))
  const compare = (id: string | undefined): void => {
    if (id === undefined) room.go(view === 'proposal' ? 'articles' : view, { with: undefined } as never)
    else room.go(view === 'articles' || view === 'amend' || view === 'notices' || view === 'timeline' ? 'changes' : view, { with: id })
  }
  const names = room.names[lang]
  return (
    <div className="room-compare" role="group" aria-labelledby="room-compare">
      <h2 id="room-compare" className="room-small">
        {say('room/compare')}
      </h2>
      {proposals.length === 0 ? <p className="line-facts room-none">{say('room/no-proposals')}</p> : null}
      <ul className="lines">
        <Choice here={search.with === undefined} choose={() => compare(undefined)} title={say('room/compare-none')} facts={[]} />
        {proposals.map(({ id, number, nation, state, at }) => (
          <Choice
            key={id}
            id={id}
            here={id === search.with}
            choose={() => compare(id)}
            title={say('room/event-proposal', { number, nation: names.nation(nation) })}
            facts={[say(`room/state-${state}`), timeText(lang, at), id.slice(0, 12)]}
          />
        ))}
        {versions.map(({ id, number, state }) => (
          <Choice
            key={id}
            here={id === search.with}
            choose={() => compare(id)}
            title={say('room/version', { number })}
            facts={[say(`room/state-${state}`), id.slice(0, 12)]}
          />
        ))}
      </ul>
    </div>
  )
}

function Choice(props: {
  readonly id?: string
  readonly here: boolean
  readonly choose: () => void
  readonly title: string
  readonly facts: readonly string[]
}): ReactNode {
  const { id, here, choose, title, facts } = props
  return (
    <li className={here ? 'line line-here' : 'line'} data-proposal={id}>
      <button type="button" className="line-button room-choice" aria-pressed={here} onClick={choose}>
        <span className="line-text">
          <span className="line-title">{title}</span>
          <span className="line-facts line-facts-listed">
            {facts.map((fact) => (
              <span key={fact} className="line-fact">
                {fact}
              </span>
            ))}
          </span>
        </span>
      </button>
    </li>
  )
}
