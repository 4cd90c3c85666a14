import { type ReactNode, useEffect, useRef } from 'react'
import { isScreenKey } from '@entente/words'
import { useWords } from '../../frame/language.tsx'
import { Problem } from '../../parts/states.tsx'
import type { Signing } from './going.ts'

/** A signature that waits, is being given, was taken back, or came to something. */
export function SigningNotice({ signing }: { readonly signing: Signing }): ReactNode {
  const { say } = useWords()
  const first = useRef<HTMLButtonElement>(null)
  const { subject, left, acting, outcome, error, takenBack, hurry, takeBack, putAway } = signing
  const waiting = left !== undefined
  useEffect(() => {
    if (waiting) first.current?.focus()
  }, [waiting])
  if (takenBack && subject === undefined) {
    return (
      <p className="notice" role="status" data-signing="taken-back">
        {say('room/taken-back')}
      </p>
    )
  }
  if (subject === undefined) return null
  if (left !== undefined) {
    return (
      <div className="notice notice-warn" role="status" data-signing="waiting">
        <p className="waits-left">
          {subject.kind === 'seal'
            ? say('room/seal-in', { count: left })
            : say('room/notice-in', { notice: say(`room/give-${subject.wish.notice}`), count: left })}
        </p>
        <p className="acts">
          <button ref={first} type="button" className="button button-second" onClick={hurry}>
            {say('room/seal-now')}
          </button>
          <button type="button" className="button button-quiet" onClick={takeBack}>
            {say('room/take-back')} <kbd>u</kbd>
          </button>
        </p>
      </div>
    )
  }
  if (acting) {
    return (
      <p className="notice" role="status" data-signing="acting">
        {say('room/sealing')}
      </p>
    )
  }
  if (outcome === undefined) return <Problem error={error} again={putAway} />
  const state = `room/state-${outcome.state}`
  return (
    <p className="notice notice-good" role="status" data-signing="done">
      {subject.kind === 'seal'
        ? say('room/sealed', { state: isScreenKey(state) ? say(state) : outcome.state })
        : say(outcome.state === 'waiting' ? 'room/noticed-waiting' : 'room/noticed-accepted')}
    </p>
  )
}
