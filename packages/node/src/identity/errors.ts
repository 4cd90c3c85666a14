import { EntenteError } from '@entente/canonical'

export type AuthCode =
  | 'auth/credential-missing'
  | 'auth/scheme'
  | 'auth/token-not-valid'
  | 'auth/token-expired'
  | 'auth/person-unknown'
  | 'auth/proof-missing'
  | 'auth/proof-not-valid'
  | 'auth/proof-stale'
  | 'auth/proof-replayed'
  | 'auth/proof-other-key'
  | 'auth/state-not-valid'

/** Who calls could not be established. None of the codes says whether anything asked for exists. */
export class AuthError extends EntenteError<AuthCode> {
  override name = 'AuthError'
}
