import type { Grant, Provider, ProviderContext } from 'oidc-provider'
import { PROOF_ALGORITHMS, TOKEN_ALGORITHM } from './authenticate.ts'
import type { ProviderKeys } from './keys.ts'
import type { FindPerson } from './people.ts'

/** The browser's client id. */
export const WEB_CLIENT = 'entente-web'
/** The command line's client id; any port of 127.0.0.1 may be its redirect address (RFC 8252 section 7.3). */
export const CLI_CLIENT = 'entente-cli'
export const CLI_REDIRECT = 'http://127.0.0.1/callback'
/** The one scope of the node's API; what a caller may do follows from the person's roles, looked up at each request. */
export const API_SCOPE = 'api'

/** How long things live, in seconds. */
export type Lifetimes = {
  readonly accessToken: number
  readonly refreshToken: number
  readonly session: number
}

export const LIFETIMES: Lifetimes = { accessToken: 300, refreshToken: 43_200, session: 43_200 }

export type PathOptions = {
  /** The path's own part below the base address, such as `/identity/as/chen`. */
  readonly path: string
  readonly baseUrl: string
  /** The nation's stable node name: the audience of every access token. */
  readonly audience: string
  readonly person: FindPerson
  readonly keys: ProviderKeys
  readonly lifetimes: Lifetimes
  /** Paths below the base address to which the browser may be sent back. */
  readonly webRedirects: readonly string[]
  readonly adapter: (model: string) => object
}

/**
 * The configuration of one provider path: public clients only, pushed requests (RFC 9126), PKCE with S256, tokens bound to
 * the client's key (RFC 9449), JWT access tokens (RFC 9068) for one audience. Refresh tokens are bound to the key as well
 * and therefore not rotated (FAPI 2.0 Security Profile 5.3.2.1): a client that dies in the middle of a refresh loses nothing.
 */
export function providerConfiguration(options: PathOptions): object {
  const { path, audience, keys, lifetimes } = options
  const cookie = { httpOnly: true, sameSite: 'lax', signed: true, secure: options.baseUrl.startsWith('https:') }
  return {
    adapter: options.adapter,
    jwks: keys.signing,
    clients: clients(options),
    // The path keeps the cookies of two people apart in one browser.
    cookies: { keys: [keys.cookie], long: { ...cookie, path }, short: cookie },
    scopes: ['openid'],
    responseTypes: ['code'],
    clientAuthMethods: ['none'],
    pkce: { required: () => true },
    acceptQueryParamAccessTokens: false,
    allowOmittingSingleRegisteredRedirectUri: false,
    // The own pages, which say their origin as any page does; nobody else's.
    clientBasedCORS: (_: ProviderContext, origin: string) => origin === new URL(options.baseUrl).origin,
    clockTolerance: 5,
    enabledJWA: { idTokenSigningAlgValues: [TOKEN_ALGORITHM], dPoPSigningAlgValues: [...PROOF_ALGORITHMS] },
    expiresWithSession: () => false,
    issueRefreshToken: async (_: ProviderContext, client: { grantTypeAllowed(type: string): boolean }) =>
      client.grantTypeAllowed('refresh_token'),
    rotateRefreshToken: false,
    ttl: {
      AccessToken: lifetimes.accessToken,
      AuthorizationCode: 60,
      Grant: lifetimes.refreshToken,
      IdToken: 300,
      Interaction: 600,
      RefreshToken: lifetimes.refreshToken,
      Session: lifetimes.session,
    },
    features: {
      devInteractions: { enabled: false },
      dPoP: { enabled: true },
      pushedAuthorizationRequests: { enabled: true, requirePushedAuthorizationRequests: true },
      // Public clients revoke their own tokens when a person signs out.
      revocation: {
        enabled: true,
        allowedPolicy: async (_: ProviderContext, client: { clientId: string }, token: { clientId: string }) =>
          token.clientId === client.clientId,
      },
      rpInitiatedLogout: { enabled: false },
      userinfo: { enabled: false },
      resourceIndicators: {
        enabled: true,
        defaultResource: async () => audience,
        useGrantedResource: async () => true,
        getResourceServerInfo: async () => ({
          scope: API_SCOPE,
          audience,
          accessTokenFormat: 'jwt',
          accessTokenTTL: lifetimes.accessToken,
          jwt: { sign: { alg: TOKEN_ALGORITHM } },
        }),
      },
    },
    findAccount: async (_: ProviderContext, sub: string) =>
      options.person(sub) === undefined ? undefined : { accountId: sub, claims: async () => ({ sub }) },
    interactions: { url: async (_: ProviderContext, interaction: { uid: string }) => `${path}/interaction/${interaction.uid}` },
    loadExistingGrant: async (context: ProviderContext & { oidc: { provider: Provider } }) => grantOf(context, audience),
    renderError: async (context: ProviderContext, answer: { error: string }) => {
      context.type = 'text/plain'
      context.body = `${answer.error}\n`
    },
  }
}

/** Both clients are the nation's own: signing in is the consent. */
async function grantOf(context: ProviderContext & { oidc: { provider: Provider } }, audience: string): Promise<Grant> {
  const { client, session, provider } = context.oidc
  const known = session.grantIdFor(client.clientId)
  const earlier = known === undefined ? undefined : await provider.Grant.find(known)
  if (earlier !== undefined) return earlier
  const grant = new provider.Grant({ clientId: client.clientId, accountId: session.accountId })
  grant.addOIDCScope('openid')
  grant.addResourceScope(audience, API_SCOPE)
  await grant.save()
  return grant
}

function clients(options: PathOptions): object[] {
  const common = {
    token_endpoint_auth_method: 'none',
    grant_types: ['authorization_code', 'refresh_token'],
    response_types: ['code'],
    id_token_signed_response_alg: TOKEN_ALGORITHM,
    dpop_bound_access_tokens: true,
    require_pushed_authorization_requests: true,
  }
  return [
    {
      ...common,
      client_id: WEB_CLIENT,
      application_type: 'web',
      redirect_uris: options.webRedirects.map((to) => `${options.baseUrl}${to}`),
    },
    { ...common, client_id: CLI_CLIENT, application_type: 'native', redirect_uris: [CLI_REDIRECT] },
  ]
}
