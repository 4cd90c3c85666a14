import { type ReactNode, useEffect, useRef, useState } from 'react'
import { Link } from '@tanstack/react-router'
import { useWords } from '../../frame/language.tsx'
import { useSession } from '../../frame/session-context.ts'
import { useKeys } from '../../keys/keys.ts'
import { Problem } from '../../parts/states.tsx'
import { timeText } from '../../parts/time.ts'
import { STOP_REASONS, type StopReason, type Stopping } from './use-stopping.ts'

/** Stopping an own item for good: how much, and why; each reason has a key, and the outbox waits ten seconds. */
export function StopSection(props: { readonly item: string; readonly stopped: boolean; readonly stopping: Stopping }): ReactNode {
  const { item, stopped, stopping } = props
  const { me } = useSession()
  const { say } = useWords()
  const [choosing, setChoosing] = useState(false)
  const may = ['security-officer', 'disclosure-officer'].some((role) => me.roles.includes(role))
  const busy = stopping.signing || stopping.left !== undefined
  const open = (): void => (stopped || busy ? undefined : setChoosing(true))
  useKeys(may && !stopped ? [{ keys: 'r', says: 'ledger/revoke', run: open }] : [])
  if (!may || stopped) return null
  return (
    <section className="evidence-part" aria-labelledby="stop-title">
      <h3 id="stop-title">{say('ledger/revoke-title')}</h3>
      <p>{say('ledger/revoke-what')}</p>
      {choosing && !busy ? (
        <Choose
          cancel={() => setChoosing(false)}
          choose={(reason, wholeReport) => {
            setChoosing(false)
            stopping.put({ item, reason, wholeReport })
          }}
        />
      ) : (
        <p className="acts">
          <button type="button" className="button button-bad" aria-disabled={busy} onClick={open}>
            {say('ledger/revoke')} <kbd>r</kbd>
          </button>
        </p>
      )}
    </section>
  )
}

function Choose(props: { readonly cancel: () => void; readonly choose: (reason: StopReason, wholeReport: boolean) => void }): ReactNode {
  const { cancel, choose } = props
  const { say } = useWords()
  const [whole, setWhole] = useState(false)
  const first = useRef<HTMLButtonElement>(null)
  useKeys([
    ...STOP_REASONS.map((reason, at) => ({ keys: String(at + 1), says: `stop/${reason}` as const, run: () => choose(reason, whole) })),
    { keys: 'w', says: 'ledger/revoke-whole', run: () => setWhole(!whole) },
    { keys: 'Escape', says: 'frame/back', run: cancel, inText: true },
  ])
  useEffect(() => {
    first.current?.scrollIntoView({ block: 'center' })
    first.current?.focus()
  }, [])
  return (
    <div className="stop-choose" role="group" aria-labelledby="stop-title">
      <fieldset className="stop-scope">
        <legend>
          {say('ledger/revoke-scope')} <kbd aria-hidden="true">w</kbd>
        </legend>
        {[false, true].map((one) => (
          <label key={String(one)} className="stop-radio">
            <input type="radio" name="stop-scope" checked={whole === one} onChange={() => setWhole(one)} />
            {say(one ? 'ledger/revoke-whole' : 'ledger/revoke-one')}
          </label>
        ))}
      </fieldset>
      <p>{say('ledger/revoke-reason')}</p>
      {STOP_REASONS.map((reason, at) => (
        <button
          key={reason}
          ref={at === 0 ? first : undefined}
          type="button"
          className="button button-bad stop-reason"
          onClick={() => choose(reason, whole)}
        >
          <kbd>{at + 1}</kbd> {say(`stop/${reason}`)}
        </button>
      ))}
      <button type="button" className="button button-quiet" onClick={cancel}>
        {say('frame/back')} <kbd>Esc</kbd>
      </button>
    </div>
  )
}

/** The stop that waits, is being signed, was taken back, or came to something: above whatever item is shown. */
export function StopNotice({ stopping }: { readonly stopping: Stopping }): ReactNode {
  const { say, lang } = useWords()
  const { chosen, left, hurry, signing, outcome, error, takenBack, takeBack } = stopping
  if (chosen === undefined) return null
  const what = (
    <p className="state-title">
      {say('ledger/untitled', { item: chosen.item.slice(0, 8) })} · {say(`stop/${chosen.reason}`)} ·{' '}
      {say(chosen.wholeReport ? 'ledger/revoke-whole' : 'ledger/revoke-one')}
    </p>
  )
  if (left !== undefined) {
    return (
      <div className="notice notice-warn" data-stop="waiting">
        {what}
        <p role="timer">{say('ledger/revoke-in', { count: left })}</p>
        <p className="acts">
          <button type="button" className="button button-second" autoFocus onClick={takeBack}>
            {say('queue/take-back')} <kbd>u</kbd>
          </button>
          <button type="button" className="button button-bad" onClick={() => hurry()}>
            {say('ledger/revoke-now')}
          </button>
        </p>
      </div>
    )
  }
  if (signing) {
    return (
      <div className="notice notice-warn" role="status" data-stop="signing">
        {what}
        <p>{say('ledger/revoking')}</p>
      </div>
    )
  }
  if (error !== undefined) return <Problem error={error} />
  if (takenBack) {
    return (
      <p className="notice" role="status" data-stop="taken-back">
        {say('ledger/revoke-taken-back')}
      </p>
    )
  }
  if (outcome === undefined) return null
  return (
    <div className="notice notice-good" role="status" data-stop="done">
      {what}
      <p>{say('ledger/revoked', { time: timeText(lang, outcome.effective), n: outcome.n, count: outcome.items.length })}</p>
      <ul className="conditions">
        {outcome.items.map((item) => (
          <li key={item}>
            <Link to="/ledger/{-$item}" params={{ item }}>
              {say('ledger/untitled', { item: item.slice(0, 8) })}
            </Link>
          </li>
        ))}
      </ul>
    </div>
  )
}
