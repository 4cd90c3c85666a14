import type { ReactNode } from 'react'
import { useWords } from '../../frame/language.tsx'
import { useSession } from '../../frame/session-context.ts'
import { nationName } from '../../parts/names.ts'
import { Problem, codeFor } from '../../parts/states.tsx'
import { sizeText } from '../../parts/time.ts'
import { type PostedDecision, type Sealing, takeBack } from './decisions.ts'

/** What the officer can do now: decide, take back what has not happened yet, or see it happen. */
export function Acts(props: {
  readonly decision: PostedDecision | undefined
  readonly unable: boolean
  readonly own: boolean
  readonly label: string
  readonly approve: () => void
  readonly decline: () => void
}): ReactNode {
  const { decision, unable, own, label, approve, decline } = props
  const { say } = useWords()
  const now = decision?.now
  if (decision !== undefined && now?.step === 'waiting') return <Waits decision={decision} left={now.left} hurry={approve} />
  if (decision !== undefined && now?.step === 'acting') {
    return decision.subject.kind === 'return' ? <p role="status">{say('queue/busy-return')}</p> : <Progress sealing={now.progress} />
  }
  return (
    <>
      {now?.step === 'failed' ? (
        <div className="side-failed">
          <p className="state-title">
            {say(
              // Whether a node did what it was asked before it went away, nobody here can know.
              codeFor(now.error) === 'login/unreachable'
                ? 'queue/failed-unknown'
                : decision?.subject.kind === 'return'
                  ? 'queue/failed-return'
                  : 'queue/failed',
            )}
          </p>
          <Problem error={now.error} />
        </div>
      ) : null}
      <p className="acts">
        <button type="button" className="button button-first" aria-disabled={unable} onClick={approve}>
          {label} <kbd>a</kbd>
        </button>
        <button type="button" className="button button-bad" aria-disabled={own} onClick={decline}>
          {say('queue/decline')} <kbd>d</kbd>
        </button>
      </p>
    </>
  )
}

function Waits(props: { readonly decision: PostedDecision; readonly left: number; readonly hurry: () => void }): ReactNode {
  const { decision, left, hurry } = props
  const { say } = useWords()
  const release = decision.subject.kind === 'release'
  return (
    <div className="waits">
      <p role="status">{say(release ? 'queue/approving' : 'queue/returning')}</p>
      {/* Counted for the eye only: a number each second would drown everything else that is read aloud. */}
      <p className="waits-left" aria-hidden="true">
        {say('queue/seconds-left', { count: left })}
      </p>
      <p className="acts">
        <button type="button" className="button button-second" onClick={() => takeBack(decision.id)}>
          {say('queue/take-back')} <kbd>u</kbd>
        </button>
        <button type="button" className="button button-first" onClick={hurry}>
          {say(release ? 'queue/seal-now' : 'queue/return-now')} <kbd>a</kbd>
        </button>
      </p>
    </div>
  )
}

function Progress({ sealing }: { readonly sealing: Sealing | undefined }): ReactNode {
  const session = useSession()
  const { say, lang } = useWords()
  const values =
    sealing === undefined
      ? undefined
      : { nation: nationName(session, sealing.recipient, lang), at: sealing.rendition, count: sealing.renditions }
  return (
    <div className="sealing">
      <p role="status">
        {values === undefined ? say('queue/preparing') : say(sealing?.step === 'sealing' ? 'queue/sealing' : 'queue/sending', values)}
      </p>
      <progress aria-label={say('queue/whole-progress')} value={sealing?.share ?? 0} max={1} />
      <p className="line-facts">
        {`${Math.floor((sealing?.share ?? 0) * 100)} %`}
        {sealing?.size === undefined ? null : ` · ${sizeText(Math.min(sealing.bytes ?? 0, sealing.size))} / ${sizeText(sealing.size)}`}
      </p>
      <p className="line-facts">{say('queue/go-on')}</p>
    </div>
  )
}
