import { EntenteError } from '@entente/canonical'

export type LoginCode =
  | 'login/unreachable'
  | 'login/not-secure'
  | 'login/refused'
  | 'login/person-unknown'
  | 'login/ended'
  | 'login/no-session'
  | 'login/store-not-valid'
  | 'login/timed-out'

/** Signing in failed, or the session that it made is over. */
export class LoginError extends EntenteError<LoginCode> {
  override name = 'LoginError'
}
