import type { IncomingMessage, ServerResponse } from 'node:http'
import type { JSONWebKeySet } from 'jose'
import type * as Library from 'oidc-provider'
import { type Lifetimes, LIFETIMES, providerConfiguration } from './configuration.ts'
import { AuthError } from './errors.ts'
import { chooseInteraction } from './interaction.ts'
import { providerKeys } from './keys.ts'
import { findIn, type Person } from './people.ts'
import { type ProviderStorage, ProviderStore } from './store.ts'

/** Everything of the provider stands below this path. */
export const IDENTITY_PREFIX = '/identity'

export type ProviderOptions = {
  /** Scheme, host and port at which the people's browsers reach the node, asked anew at the first request of each path. */
  readonly baseUrl: () => string
  /** The nation's stable node name (`https://node.…`): the audience of the tokens, whatever the address. */
  readonly audience: string
  readonly people: readonly Person[]
  /** Whose node this is, for whoever chooses a person there. */
  readonly nation?: { readonly en: string; readonly ja: string } | undefined
  /** The caller's word that every policy in force is an exercise: this provider asks for no password. */
  readonly demo: true
  /** Where the people's browsers get their devices. */
  readonly devices?: string
  readonly storage: ProviderStorage
  /** Seconds since 1970. */
  readonly now: () => number
  readonly lifetimes?: Lifetimes
  readonly webRedirects?: readonly string[]
  /** Told of faults, which the caller of the provider sees only as `server_error`. */
  readonly onFault?: (error: Error) => void
}

export type Handle = (request: IncomingMessage, response: ServerResponse) => Promise<void>

export type IdentityProvider = {
  /** What serves this path (without query), or undefined when nothing of the provider is there. */
  readonly find: (path: string) => Handle | undefined
  /** Public keys, for `createAuthenticator`. */
  readonly keys: JSONWebKeySet
  readonly isIssuer: (issuer: string) => boolean
}

/** The person's own provider path: two people can be signed in side by side in one browser. */
export function personPath(person: string): string {
  return `${IDENTITY_PREFIX}/as/${person}`
}

/** The provider path at which any person can be chosen. */
export const EVERYBODY_PATH: string = `${IDENTITY_PREFIX}/all`

const SUBPATH =
  /^\/(?:\.well-known\/openid-configuration|jwks|request|token|token\/revocation|auth|auth\/[\w-]{1,64}|interaction\/[\w-]{1,64}|session\/end\/confirm)$/u
const PERSON_ID = /^[a-z0-9-]{1,64}$/u

/**
 * The embedded OpenID Provider of an exercise: one issuer a person (`/identity/as/ID`) and one for all (`/identity/all`).
 * An issuer is the address at which it is reached, as discovery demands; the tokens name the nation's stable name as their
 * audience, are read by the own node only, and live minutes, so that a change of port costs nothing but a new discovery.
 * `GET /identity/people` names the nation and lists who can be chosen. `oidc-provider` is loaded at the first request, not at the start.
 * Throws `auth/state-not-valid` when saved state does not read.
 */
export async function createProvider(options: ProviderOptions): Promise<IdentityProvider> {
  for (const { id } of options.people)
    if (!PERSON_ID.test(id)) throw new AuthError('auth/state-not-valid', 'a person id is no path', { values: { what: 'people' } })
  const keys = await providerKeys(options.storage)
  const store = await ProviderStore.open(options.storage, options.now)
  const paths = new Map<string, readonly Person[]>([
    [EVERYBODY_PATH, options.people],
    ...options.people.map((person): [string, Person[]] => [personPath(person.id), [person]]),
  ])
  const started = new Map<string, Promise<Library.Provider>>()

  return {
    find,
    keys: keys.verifying,
    isIssuer: (issuer) => issuer.startsWith(options.baseUrl()) && paths.has(issuer.slice(options.baseUrl().length)),
  }

  function find(path: string): Handle | undefined {
    if (path === `${IDENTITY_PREFIX}/people`) return async (request, response) => listPeople(options, request, response)
    for (const [prefix, people] of paths) {
      if (path.startsWith(`${prefix}/`) && SUBPATH.test(path.slice(prefix.length)))
        return async (request, response) => serve(prefix, people, request, response)
    }
    return undefined
  }

  async function serve(path: string, people: readonly Person[], request: IncomingMessage, response: ServerResponse): Promise<void> {
    response.setHeader('cache-control', 'no-store')
    response.setHeader('x-content-type-options', 'nosniff')
    response.setHeader('referrer-policy', 'no-referrer')
    // INVARIANT: addresses in answers and in proofs are the configured ones; what the Host header says is never used.
    request.headers.host = new URL(options.baseUrl()).host
    const provider = await providerAt(path, people)
    const below = (request.url ?? '').slice(path.length)
    if (below.startsWith('/interaction/')) return chooseInteraction(provider, people, request, response)
    Object.assign(request, { baseUrl: path, url: below })
    await provider.callback()(request, response)
  }

  function providerAt(path: string, people: readonly Person[]): Promise<Library.Provider> {
    const running = started.get(path) ?? startProvider(path, people)
    started.set(path, running)
    return running
  }

  async function startProvider(path: string, people: readonly Person[]): Promise<Library.Provider> {
    const { Provider } = await loadLibrary()
    const baseUrl = options.baseUrl()
    const provider = new Provider(
      `${baseUrl}${path}`,
      providerConfiguration({
        path,
        baseUrl,
        audience: options.audience,
        person: findIn(people),
        keys,
        lifetimes: options.lifetimes ?? LIFETIMES,
        webRedirects: options.webRedirects ?? ['/signed-in'],
        adapter: store.adapter(path),
      }),
    )
    provider.silent = true
    provider.on('server_error', (_, error) => options.onFault?.(error))
    provider.on('error', (error) => options.onFault?.(error))
    return provider
  }
}

/** The library warns on the console about every runtime that is not called LTS, the one that this project pins included. */
async function loadLibrary(): Promise<typeof Library> {
  const { warn } = console
  // oxlint-disable-next-line no-console -- put back below
  console.warn = (...words: unknown[]) => {
    if (!String(words[0]).includes('Unsupported runtime')) warn(...words)
  }
  try {
    return await import('oidc-provider')
  } finally {
    // oxlint-disable-next-line no-console -- as it was
    console.warn = warn
  }
}

function listPeople(
  { people, devices, nation }: Pick<ProviderOptions, 'people' | 'devices' | 'nation'>,
  request: IncomingMessage,
  response: ServerResponse,
): void {
  const list = people.map(({ id, names, roles }) => ({ id, names, roles, issuer: personPath(id) }))
  response.setHeader('content-type', 'application/json; charset=utf-8')
  response.setHeader('cache-control', 'no-store')
  response.setHeader('x-content-type-options', 'nosniff')
  response.end(request.method === 'GET' ? JSON.stringify({ exercise: true, nation, devices, people: list }) : '')
}
