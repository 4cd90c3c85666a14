import * as oauth from 'oauth4webapi'
import { deviceKey, dropSession, loadSession, type SavedSession, saveSession } from './device.ts'
import { LoginError } from './errors.ts'
import { type Fetch, type FetchInit, isLoopback, nodeFetch } from './node-fetch.ts'

/** The command line's client id at every node. */
export const CLIENT: oauth.Client = { client_id: 'entente-cli' }

/** A token is renewed this many seconds before it expires, so that it does not expire on the way. */
const EARLY_SECONDS = 15

/** Somebody signed in on this device. */
export type Session = {
  readonly person: string
  /** Address of the node: scheme, host, port. */
  readonly node: string
  readonly fetch: Fetch
}

/** How the library speaks to a provider at `address`: with our `fetch`, and without TLS on this machine only. */
export function libraryOptions(address: string | URL): {
  [oauth.customFetch]: (url: string, init: object) => Promise<Response>
  [oauth.allowInsecureRequests]: boolean
} {
  return {
    [oauth.customFetch]: async (url, init) => nodeFetch(url, init as FetchInit),
    [oauth.allowInsecureRequests]: isLoopback(new URL(address).hostname),
  }
}

/** `values.error` when an address has no provider. */
export const NO_PROVIDER = 'no-provider'

/** The provider's own description (OpenID Connect Discovery). Throws `login/refused` when the address has none. */
export async function discover(issuer: URL): Promise<oauth.AuthorizationServer> {
  const answer = await oauth.discoveryRequest(issuer, { algorithm: 'oidc', ...libraryOptions(issuer) })
  if (answer.status === 404) throw new LoginError('login/refused', 'no provider is at the address', { values: { error: NO_PROVIDER } })
  return await understood(async () => oauth.processDiscoveryResponse(issuer, answer))
}

/** Runs a step of the library; what the provider refused becomes `login/refused` with its OAuth error code. */
export async function understood<T>(step: () => Promise<T>): Promise<T> {
  try {
    return await step()
  } catch (cause) {
    if (cause instanceof oauth.ResponseBodyError || cause instanceof oauth.AuthorizationResponseError) {
      throw new LoginError('login/refused', `the provider answered ${cause.error}`, { values: { error: cause.error }, cause })
    }
    if (cause instanceof oauth.OperationProcessingError || cause instanceof oauth.WWWAuthenticateChallengeError) {
      throw new LoginError('login/refused', 'the provider answered something else', { values: { error: cause.code ?? '' }, cause })
    }
    throw cause
  }
}

/**
 * Takes up the session saved in `deviceDir`. `node` gives the node's present address when it has moved since.
 * Throws `login/no-session` when nobody has signed in there.
 */
export async function resumeSession(options: { deviceDir: string; node?: string; now?: () => number }): Promise<Session> {
  const saved = await loadSession(options.deviceDir)
  if (saved === undefined) throw new LoginError('login/no-session', 'nobody is signed in on this device')
  const { node = saved.node } = options
  // A token names the address of its issuer: after a move it is renewed before it is used.
  return await openSession({ ...options, saved: node === saved.node ? saved : { ...saved, node, expires: 0 } })
}

/** A session over saved tokens: every request carries token and proof, and a token that is about to expire is renewed first. */
export async function openSession(options: { deviceDir: string; saved: SavedSession; now?: () => number }): Promise<Session> {
  const { deviceDir, now = () => Math.floor(Date.now() / 1000) } = options
  const DPoP = oauth.DPoP(CLIENT, await deviceKey(deviceDir))
  let saved = options.saved
  let renewing: Promise<void> | undefined

  return { person: saved.person, node: saved.node, fetch: authorizedFetch(saved.node) }

  function authorizedFetch(node: string): Fetch {
    return async (url, init = {}) => {
      const address = new URL(url, node)
      // INVARIANT: a token goes to the node that it was made for, and nowhere else.
      if (address.origin !== new URL(node).origin)
        throw new LoginError('login/not-secure', 'the address is not the own node', { values: { host: address.host } })
      if (saved.expires - EARLY_SECONDS <= now()) await renewOnce()
      const { method = 'GET', headers, body, signal } = init
      return await send(saved.accessToken, method, address, new Headers(headers), body, signal)
    }
  }

  async function send(
    token: string,
    method: string,
    address: URL,
    headers: Headers,
    body: FetchInit['body'],
    signal: AbortSignal | undefined,
  ): Promise<Response> {
    try {
      return await oauth.protectedResourceRequest(token, method, address, headers, body as oauth.ProtectedResourceRequestBody, {
        DPoP,
        ...libraryOptions(address),
        ...(signal === undefined ? {} : { signal }),
      })
    } catch (error) {
      // The library throws on a challenge; to us a refusal is an answer like any other.
      if (error instanceof oauth.WWWAuthenticateChallengeError) return error.response
      throw error
    }
  }

  /** Many requests at once renew once. */
  async function renewOnce(): Promise<void> {
    renewing ??= renew().finally(() => {
      renewing = undefined
    })
    await renewing
  }

  async function renew(): Promise<void> {
    if (saved.refreshToken === undefined) throw new LoginError('login/ended', 'the session is over')
    const issuer = new URL(saved.provider, saved.node)
    const provider = await discover(issuer)
    const answer = await oauth.refreshTokenGrantRequest(provider, CLIENT, oauth.None(), saved.refreshToken, {
      DPoP,
      ...libraryOptions(issuer),
    })
    const tokens = await understood(async () => oauth.processRefreshTokenResponse(provider, CLIENT, answer)).catch((cause: unknown) => {
      throw cause instanceof LoginError ? new LoginError('login/ended', 'the session is over', { cause }) : cause
    })
    saved = { ...saved, ...tokensOf(tokens, now()) }
    await saveSession(deviceDir, saved)
  }
}

/** The part of a token answer that is saved. */
export function tokensOf(answer: oauth.TokenEndpointResponse, now: number): Pick<SavedSession, 'accessToken' | 'expires' | 'refreshToken'> {
  return {
    accessToken: answer.access_token,
    expires: now + (answer.expires_in ?? 60),
    ...(answer.refresh_token === undefined ? {} : { refreshToken: answer.refresh_token }),
  }
}

/** Signs out: the provider forgets the refresh token, the device forgets both. The device is clean even if nobody answers. */
export async function logout(options: { deviceDir: string; node?: string }): Promise<void> {
  const saved = await loadSession(options.deviceDir)
  await dropSession(options.deviceDir)
  if (saved?.refreshToken === undefined) return
  const issuer = new URL(saved.provider, options.node ?? saved.node)
  const answer = await oauth.revocationRequest(await discover(issuer), CLIENT, oauth.None(), saved.refreshToken, libraryOptions(issuer))
  await understood(async () => oauth.processRevocationResponse(answer))
}
