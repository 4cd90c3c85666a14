import * as oauth from 'oauth4webapi'
import type { Device } from '../device/parcel.ts'
import { deviceOf } from '../device/keep.ts'
import { type Tokens, dropTokens, keepBegun, keepTokens, readTokens, takeBegun } from './tokens.ts'

const CLIENT: oauth.Client = { client_id: 'entente-web' }
const REDIRECT = '/signed-in'
/** A token is renewed this many seconds before it expires, so that it does not expire on the way. */
const EARLY_SECONDS = 15

/** Why nobody is signed in. */
export class SignInError extends Error {
  override name = 'SignInError'
  readonly code: 'login/refused' | 'login/ended' | 'login/no-session' | 'login/unreachable'

  constructor(code: SignInError['code'], message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause })
    this.code = code
  }
}

/** Seconds since 1970. */
export function now(): number {
  return Math.floor(Date.now() / 1_000)
}

/** Leaves the page for the sign-in that a session needs which is over; whoever signs in comes back to here. */
export function signInAgain(): void {
  location.assign(`/?ended&to=${encodeURIComponent(location.pathname)}`)
}

/** Loopback speaks without TLS; everything else must not. */
const library = { [oauth.allowInsecureRequests]: isLoopback(location.hostname) }

/** The browser takes a blob over; other bytes it copies on this thread, which keys would wait for. */
function fetchWithBlob(
  url: string,
  { body, signal, ...rest }: oauth.CustomFetchOptions<string, oauth.ProtectedResourceRequestBody>,
): Promise<Response> {
  const sent = body instanceof Uint8Array ? new Blob([body as Uint8Array<ArrayBuffer>]) : (body as BodyInit | null | undefined)
  return fetch(url, { ...rest, ...(signal === undefined ? {} : { signal }), ...(sent === undefined ? {} : { body: sent }) })
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || host.endsWith('.localhost') || host === '127.0.0.1'
}

async function discover(provider: string): Promise<oauth.AuthorizationServer> {
  const issuer = new URL(provider, location.origin)
  try {
    return await oauth.processDiscoveryResponse(issuer, await oauth.discoveryRequest(issuer, { algorithm: 'oidc', ...library }))
  } catch (cause) {
    throw new SignInError('login/unreachable', 'the node does not answer', cause)
  }
}

/** Begins the code flow (PAR, PKCE, DPoP) of a person at the own provider, and leaves the page for it. */
export async function beginSignIn(person: string, provider: string, device: Device, to: string): Promise<void> {
  const server = await discover(provider)
  const [verifier, state, nonce] = [oauth.generateRandomCodeVerifier(), oauth.generateRandomState(), oauth.generateRandomNonce()]
  const request = {
    response_type: 'code',
    redirect_uri: `${location.origin}${REDIRECT}`,
    scope: 'openid api',
    code_challenge: await oauth.calculatePKCECodeChallenge(verifier),
    code_challenge_method: 'S256',
    state,
    nonce,
    // A session that the browser still has must not sign another person in without asking.
    prompt: 'login',
  }
  const DPoP = oauth.DPoP(CLIENT, device.dpop)
  const pushed = await oauth.pushedAuthorizationRequest(server, CLIENT, oauth.None(), request, { DPoP, ...library })
  const { request_uri } = await oauth.processPushedAuthorizationResponse(server, CLIENT, pushed)
  keepBegun({ person, provider, verifier, state, nonce, to })
  const start = new URL(server.authorization_endpoint ?? provider, location.origin)
  start.searchParams.set('client_id', CLIENT.client_id)
  start.searchParams.set('request_uri', request_uri)
  location.assign(start)
}

/** Ends the code flow at `/signed-in`; gives the path to which the person wanted to go. Throws `SignInError`. */
export async function finishSignIn(): Promise<string> {
  const begun = takeBegun()
  const device = begun === undefined ? undefined : await deviceOf(begun.person)
  if (begun === undefined || device === undefined) throw new SignInError('login/no-session', 'no sign-in was begun in this tab')
  try {
    const server = await discover(begun.provider)
    const callback = oauth.validateAuthResponse(server, CLIENT, new URL(location.href), begun.state)
    const DPoP = oauth.DPoP(CLIENT, device.dpop)
    const redirect = `${location.origin}${REDIRECT}`
    const answer = await oauth.authorizationCodeGrantRequest(server, CLIENT, oauth.None(), callback, redirect, begun.verifier, {
      DPoP,
      ...library,
    })
    const result = await oauth.processAuthorizationCodeResponse(server, CLIENT, answer, {
      expectedNonce: begun.nonce,
      requireIdToken: true,
    })
    const person = oauth.getValidatedIdTokenClaims(result)?.sub ?? ''
    if (person !== begun.person) throw new SignInError('login/refused', 'another person was signed in')
    keepTokens({ person, provider: begun.provider, ...tokensOf(result) })
    return begun.to
  } catch (cause) {
    throw cause instanceof SignInError ? cause : new SignInError('login/refused', 'the provider refused', cause)
  }
}

function tokensOf(answer: oauth.TokenEndpointResponse): Pick<Tokens, 'accessToken' | 'expires' | 'refreshToken'> {
  return { accessToken: answer.access_token, expires: now() + (answer.expires_in ?? 60), refreshToken: answer.refresh_token }
}

/** Forgets the tokens of this tab, and tells the provider where it can. */
export async function signOut(): Promise<void> {
  const tokens = readTokens()
  dropTokens()
  if (tokens?.refreshToken === undefined) return
  await discover(tokens.provider)
    .then((server) => oauth.revocationRequest(server, CLIENT, oauth.None(), tokens.refreshToken ?? '', library))
    .catch(() => {})
}

/** Calls the own node with the person's token and a proof of the device's key. */
export type NodeFetch = (path: string, init: { method: string; headers?: HeadersInit; body?: Uint8Array }) => Promise<Response>

/** The way to the node for the tokens of this tab; several calls at once renew a token once. */
export function nodeFetch(device: Device): NodeFetch {
  const DPoP = oauth.DPoP(CLIENT, device.dpop)
  let renewing: Promise<void> | undefined
  return async (path, { method, headers, body }) => {
    const tokens = readTokens()
    if (tokens === undefined) throw new SignInError('login/no-session', 'nobody is signed in')
    if (tokens.expires - EARLY_SECONDS <= now()) {
      renewing ??= renew(tokens, DPoP).finally(() => {
        renewing = undefined
      })
      await renewing
    }
    const { accessToken } = readTokens() ?? tokens
    try {
      return await oauth.protectedResourceRequest(
        accessToken,
        method,
        new URL(path, location.origin),
        new Headers(headers),
        body as Uint8Array<ArrayBuffer> | undefined,
        { DPoP, ...library, [oauth.customFetch]: fetchWithBlob },
      )
    } catch (error) {
      // The library throws on a challenge; here a refusal is an answer like any other.
      if (error instanceof oauth.WWWAuthenticateChallengeError) return error.response
      if (error instanceof TypeError) throw new SignInError('login/unreachable', 'the node does not answer', error)
      throw error
    }
  }
}

async function renew(tokens: Tokens, DPoP: oauth.DPoPHandle): Promise<void> {
  if (tokens.refreshToken === undefined) throw new SignInError('login/ended', 'the session is over')
  try {
    const server = await discover(tokens.provider)
    const answer = await oauth.refreshTokenGrantRequest(server, CLIENT, oauth.None(), tokens.refreshToken, { DPoP, ...library })
    keepTokens({ ...tokens, ...tokensOf(await oauth.processRefreshTokenResponse(server, CLIENT, answer)) })
  } catch (cause) {
    if (cause instanceof SignInError) throw cause
    // Only what the provider itself refuses ends the session: a node that is stopped, busy or cut off in the middle does not.
    if (!(cause instanceof oauth.ResponseBodyError)) throw new SignInError('login/unreachable', 'the node does not answer', cause)
    dropTokens()
    throw new SignInError('login/ended', 'the session is over', cause)
  }
}
