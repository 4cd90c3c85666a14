import { RETURN_CODES, type ReturnCode, type Returned } from '@entente/client'
import { type ReactNode, useEffect, useRef, useState } from 'react'
import { useWords } from '../../frame/language.tsx'
import { useKeys } from '../../keys/keys.ts'

/** Why a report goes back to its author: one key a reason; only `other` asks for words. */
export function Decline(props: { readonly cancel: () => void; readonly send: (why: Returned) => void }): ReactNode {
  const { cancel, send } = props
  const { say, message } = useWords()
  const [reason, setReason] = useState<string>()
  const first = useRef<HTMLButtonElement>(null)
  const choose = (code: ReturnCode): void => (code === 'other' ? setReason('') : send({ code }))
  const sendWords = (): void => {
    const words = reason?.trim() ?? ''
    if (words !== '') send({ code: 'other', reason: words })
  }
  const writing = reason !== undefined
  const back = (): void => (writing ? setReason(undefined) : cancel())
  useKeys([
    ...RETURN_CODES.map((code, index) => ({
      keys: String(index + 1),
      says: `queue/decline-key-${code}` as const,
      run: () => choose(code),
    })),
    { keys: 'Ctrl Enter', says: 'queue/decline-send', run: sendWords, inText: true },
    { keys: 'Escape', says: 'frame/back', run: back, inText: true },
  ])
  useEffect(() => first.current?.focus(), [writing])
  return (
    <div className="decline" role="group" aria-label={say('queue/decline')}>
      {reason === undefined ? (
        <>
          <p className="state-title">{say('queue/decline-why')}</p>
          {RETURN_CODES.map((code, index) => (
            <button
              key={code}
              ref={index === 0 ? first : undefined}
              type="button"
              className="button button-bad decline-reason"
              onClick={() => choose(code)}
            >
              <kbd>{index + 1}</kbd> <span>{code === 'other' ? say('queue/decline-other') : message(`returned/${code}`)}</span>
            </button>
          ))}
        </>
      ) : (
        <form
          onSubmit={(event) => {
            event.preventDefault()
            sendWords()
          }}
        >
          <label className="field">
            {say('queue/decline-other')}
            <textarea autoFocus rows={4} value={reason} maxLength={4_096} onChange={(event) => setReason(event.target.value)} />
          </label>
          <button type="submit" className="button button-first" aria-disabled={reason.trim() === ''}>
            {say('queue/decline-send')} <kbd>Ctrl Enter</kbd>
          </button>
        </form>
      )}
      <button type="button" className="button button-quiet" onClick={back}>
        {say('frame/back')} <kbd>Esc</kbd>
      </button>
    </div>
  )
}
