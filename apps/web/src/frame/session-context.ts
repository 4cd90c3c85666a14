import { createContext, useContext } from 'react'
import type { Session } from '../session/session.ts'

export const SessionContext: React.Context<Session | null> = createContext<Session | null>(null)

/** Who works in this tab; only below the frame, where somebody does. */
export function useSession(): Session {
  const session = useContext(SessionContext)
  if (session === null) throw new TypeError('nobody is signed in')
  return session
}
