import { EntenteError, codeOf } from '@entente/canonical'
import type { ReactNode } from 'react'
import { useWords } from '../frame/language.tsx'
import { SignInError, signInAgain } from '../session/sign-in.ts'
import { Sentence } from './sentence.tsx'

/** Nothing is here yet: what will appear, and the one next act. */
export function Empty({ children, act }: { readonly children: ReactNode; readonly act?: ReactNode }): ReactNode {
  return (
    <div className="state state-empty">
      <p>{children}</p>
      {act}
    </div>
  )
}

/** The shape of what will come, while it comes. */
export function Skeleton({ rows }: { readonly rows: number }): ReactNode {
  const { say } = useWords()
  return (
    <div className="skeleton" role="status" aria-label={say('frame/loading')}>
      {Array.from({ length: rows }, (_, row) => (
        <div key={row} className="skeleton-row" aria-hidden="true">
          <span className="skeleton-mark" />
          <span className="skeleton-line" />
        </div>
      ))}
    </div>
  )
}

/** What happened, why, what one can do, and the code to quote. */
export function Problem({ error, again }: { readonly error: unknown; readonly again?: () => void }): ReactNode {
  const { say, message, hint } = useWords()
  const code = codeFor(error)
  const values = error instanceof EntenteError ? error.values : {}
  // The hints of signing in are those of the command line; a page has a button for it.
  const help = code.startsWith('login/') ? null : hint(code, values)
  const over = code === 'login/ended' || code === 'login/no-session'
  return (
    <div className="state state-problem" role="alert">
      <p className="state-title">
        <Sentence text={code === 'login/unreachable' ? say('frame/node-away') : message(code, values)} />
      </p>
      {help === null ? null : (
        <p>
          <Sentence text={help} />
        </p>
      )}
      <p className="state-code">
        {say('frame/code')}: <code>{code}</code>
      </p>
      {over || again !== undefined ? (
        <button type="button" className="button button-second" onClick={over ? signInAgain : again}>
          {say(over ? 'frame/sign-in-again' : 'frame/again')}
        </button>
      ) : null}
    </div>
  )
}

/** The code of whatever was thrown; a fault of this page is `web/fault`. */
export function codeFor(error: unknown): string {
  if (error instanceof SignInError) return error.code
  const code = codeOf(error)
  return code.includes('/') ? code : 'web/fault'
}

/** A refusal that says no more than an absence does. */
export function Absent(): ReactNode {
  const { say, lang } = useWords()
  return (
    <div className="state state-absent" role="alert">
      <p className="state-title">{say('reader/absent')}</p>
      <p>{say('reader/absent-why')}</p>
      <p className="state-code">
        <code>client/absent</code> ·{' '}
        {new Date()
          .toISOString()
          .slice(0, 16)
          .replace('T', lang === 'ja' ? '　' : ' ')}
        Z
      </p>
    </div>
  )
}
