import type { ReactNode } from 'react'
import { useWords } from '../../frame/language.tsx'
import { Empty } from '../../parts/states.tsx'
import { Computing, useDifference } from './computing.tsx'
import { Consequences, useHeld } from './consequence-list.tsx'
import { Legend, Matrices, usePairs } from './matrix-view.tsx'
import { Statements } from './statements-view.tsx'
import type { Compared, Room } from './use-room.ts'

/** What would exactly be given, and gotten, if this were signed. */
export function ChangesView({ room }: { readonly room: Room }): ReactNode {
  const { say } = useWords()
  const { compared } = room
  return (
    <>
      <h2>{say('room/changes')}</h2>
      {compared === undefined ? <Empty>{say('room/compare-first', { key: 'p' })}</Empty> : <Changes room={room} compared={compared} />}
    </>
  )
}

function Changes({ room, compared }: { readonly room: Room; readonly compared: Compared }): ReactNode {
  const { say } = useWords()
  const { before, after } = compared
  const computed = useDifference(compared)
  const exact = computed.answer
  const pairs = usePairs(before, after)
  const held = useHeld(room)
  if (exact === undefined) return <Computing {...computed} />
  return (
    <div data-difference="exact">
      <p className="room-answer">{say('room/answer')}</p>
      <Consequences room={room} compared={compared} exact={exact} held={held} keyed>
        <section className="room-part" aria-labelledby="changes-rules">
          <h3 id="changes-rules">{say('room/rules-changed')}</h3>
          <Statements room={room} compared={compared} part="rules" />
        </section>
      </Consequences>
      <section className="room-part" aria-labelledby="changes-other">
        <h3 id="changes-other">{say('room/other-changes')}</h3>
        <p className="line-facts">{say('room/other-changes-how')}</p>
        <Statements room={room} compared={compared} part="rest" />
      </section>
      <section className="room-part" aria-labelledby="changes-matrix">
        <h3 id="changes-matrix">{say('room/matrix')}</h3>
        <Legend marks />
        <Matrices room={room} before={before} after={after} pairs={pairs} exact={exact} marked />
      </section>
    </div>
  )
}
