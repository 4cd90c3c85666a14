/** Who a caller is: the embedded OpenID Provider of an exercise, and the check of bound tokens that every request passes. */
export { type Authenticate, type AuthenticatorOptions, type Caller, createAuthenticator, type Credentials } from './authenticate.ts'
export { CLI_CLIENT, CLI_REDIRECT, type Lifetimes, LIFETIMES, WEB_CLIENT } from './configuration.ts'
export { type AuthCode, AuthError } from './errors.ts'
export { findIn, type FindPerson, type Person } from './people.ts'
export {
  createProvider,
  EVERYBODY_PATH,
  type Handle,
  IDENTITY_PREFIX,
  type IdentityProvider,
  personPath,
  type ProviderOptions,
} from './provider.ts'
export type { ProviderStorage } from './store.ts'
export { ReplayWindow } from './replay.ts'
