import * as oauth from 'oauth4webapi'
import { chooseOnPage } from './choose.ts'
import { deviceKey, type SavedSession, saveSession } from './device.ts'
import { LoginError } from './errors.ts'
import { awaitRedirect } from './redirect.ts'
import { CLIENT, discover, libraryOptions, NO_PROVIDER, openSession, type Session, tokensOf, understood } from './session.ts'

export type LoginOptions = {
  /** Address of the node: scheme, host, port. */
  readonly node: string
  /** Folder of this device's secrets. */
  readonly deviceDir: string
  /** Seconds since 1970; the machine's clock unless given. */
  readonly now?: () => number
}

/** Path of the provider at which one person of an exercise signs in, and of the one at which anybody does. */
const personProvider = (person: string): string => `/identity/as/${person}`
const ANYBODY = '/identity/all'

/**
 * Signs a person of an exercise in without a browser: the same code flow, with the page's own form filled in.
 * Throws `login/person-unknown`, `login/refused`, `login/unreachable`, `login/not-secure`.
 */
export async function loginAs(options: LoginOptions & { readonly person: string }): Promise<Session> {
  const { person } = options
  const unknown = (cause?: unknown): LoginError => new LoginError('login/person-unknown', 'no such person', { values: { person }, cause })
  if (!/^[a-z0-9-]{1,64}$/u.test(person)) throw unknown()
  try {
    return await codeFlow(options, personProvider(person), 'http://127.0.0.1/callback', async (start, redirect) =>
      chooseOnPage(start, redirect, person),
    )
  } catch (error) {
    throw error instanceof LoginError && error.values['error'] === NO_PROVIDER ? unknown(error) : error
  }
}

/**
 * Signs somebody in with a browser: `show` is given the address to open, the answer comes to a port of this machine
 * (RFC 8252 section 7.3). Throws as `loginAs`, and `login/timed-out`.
 */
export async function login(
  options: LoginOptions & {
    readonly show: (address: URL) => void
    readonly page: string
    readonly provider?: string
    readonly waitSeconds?: number
  },
): Promise<Session> {
  await using listener = await awaitRedirect({ page: options.page, waitSeconds: options.waitSeconds ?? 300 })
  return await codeFlow(options, options.provider ?? ANYBODY, listener.redirect, async (start) => {
    options.show(start)
    return await listener.arrived
  })
}

/** RFC 6749 code flow with PAR, PKCE and DPoP. `authorize` takes the person through the provider and returns the redirect's address. */
async function codeFlow(
  options: LoginOptions,
  path: string,
  redirect: string,
  authorize: (start: URL, redirect: string) => Promise<URL>,
): Promise<Session> {
  const { node, deviceDir, now = () => Math.floor(Date.now() / 1000) } = options
  const issuer = new URL(path, node)
  const library = libraryOptions(issuer)
  const provider = await discover(issuer)
  const DPoP = oauth.DPoP(CLIENT, await deviceKey(deviceDir))
  const [verifier, state, nonce] = [oauth.generateRandomCodeVerifier(), oauth.generateRandomState(), oauth.generateRandomNonce()]

  const request = {
    response_type: 'code',
    redirect_uri: redirect,
    scope: 'openid api',
    code_challenge: await oauth.calculatePKCECodeChallenge(verifier),
    code_challenge_method: 'S256',
    state,
    nonce,
    // A session that the browser still has must not sign another person in without asking.
    prompt: 'login',
  }
  const pushed = await oauth.pushedAuthorizationRequest(provider, CLIENT, oauth.None(), request, { DPoP, ...library })
  const { request_uri } = await understood(async () => oauth.processPushedAuthorizationResponse(provider, CLIENT, pushed))

  const start = new URL(provider.authorization_endpoint ?? issuer)
  start.searchParams.set('client_id', CLIENT.client_id)
  start.searchParams.set('request_uri', request_uri)
  const back = await authorize(start, redirect)
  const callback = await understood(async () => oauth.validateAuthResponse(provider, CLIENT, back, state))

  const answer = await oauth.authorizationCodeGrantRequest(provider, CLIENT, oauth.None(), callback, redirect, verifier, {
    DPoP,
    ...library,
  })
  const tokens = await understood(async () =>
    oauth.processAuthorizationCodeResponse(provider, CLIENT, answer, { expectedNonce: nonce, requireIdToken: true }),
  )
  const person = oauth.getValidatedIdTokenClaims(tokens)?.sub ?? ''
  const saved: SavedSession = { version: 1, node, provider: path, person, ...tokensOf(tokens, now()) }
  await saveSession(deviceDir, saved)
  return await openSession({ deviceDir, saved, now })
}
