import { RETURN_CODES, type ReturnCode, returnDraft } from '@entente/client'
import { type ReactNode, useEffect, useRef, useState } from 'react'
import { useWords } from '../../frame/language.tsx'
import { useSession } from '../../frame/session-context.ts'
import { useKeys } from '../../keys/keys.ts'
import { Problem } from '../../parts/states.tsx'

/** Why a report goes back to its author: one key a reason; only `other` asks for words. */
export function Decline(props: { readonly draft: string; readonly cancel: () => void; readonly done: () => void }): ReactNode {
  const { draft, cancel, done } = props
  const { api } = useSession()
  const { say, message } = useWords()
  const [reason, setReason] = useState<string>()
  const [error, setError] = useState<unknown>()
  const first = useRef<HTMLButtonElement>(null)
  const send = (code: ReturnCode, text?: string): void => {
    returnDraft(api, draft, text === undefined ? { code } : { code, reason: text }).then(done, setError)
  }
  const choose = (code: ReturnCode): void => (code === 'other' ? setReason('') : send(code))
  useKeys([
    ...RETURN_CODES.map((code, index) => ({ keys: String(index + 1), says: 'queue/decline-send' as const, run: () => choose(code) })),
    { keys: 'Escape', says: 'frame/back', run: cancel, inText: true },
  ])
  useEffect(() => first.current?.focus(), [])
  return (
    <div className="decline" role="group" aria-label={say('queue/decline')}>
      <p>{say('queue/decline-why')}</p>
      {RETURN_CODES.map((code, index) => (
        <button
          key={code}
          ref={index === 0 ? first : undefined}
          type="button"
          className="button button-bad decline-reason"
          onClick={() => choose(code)}
        >
          <kbd>{index + 1}</kbd> {code === 'other' ? say('queue/decline-other') : message(`returned/${code}`)}
        </button>
      ))}
      {reason === undefined ? null : (
        <form
          onSubmit={(event) => {
            event.preventDefault()
            if (reason.trim() !== '') send('other', reason.trim())
          }}
        >
          <label className="field">
            {say('queue/decline-other')}
            <textarea autoFocus rows={3} value={reason} maxLength={4_096} onChange={(event) => setReason(event.target.value)} />
          </label>
          <button type="submit" className="button button-first" aria-disabled={reason.trim() === ''}>
            {say('queue/decline-send')}
          </button>
        </form>
      )}
      {error === undefined ? null : <Problem error={error} />}
      <button type="button" className="button button-quiet" onClick={cancel}>
        {say('frame/back')} <kbd>Esc</kbd>
      </button>
    </div>
  )
}
