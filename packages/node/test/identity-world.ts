import { EntenteError } from '@entente/canonical'
import {
  absent,
  callerOf,
  createHttp,
  type HttpEvent,
  listenOnFreePort,
  mount,
  createAuthenticator,
  createProvider,
  findIn,
  IDENTITY_PREFIX,
  type Lifetimes,
  type Person,
  type ProviderStorage,
} from '@entente/node'

export const PEOPLE: readonly Person[] = [
  { id: 'sato', names: { en: 'Sato (EXERCISE)', ja: '佐藤（訓練）' }, roles: ['author'] },
  { id: 'takahashi', names: { en: 'Takahashi (EXERCISE)', ja: '高橋（訓練）' }, roles: ['officer', 'reader'] },
]

/** A storage in memory, as a caller's file would keep it. */
export function memoryStorage(): ProviderStorage & { readonly texts: Map<string, string> } {
  const texts = new Map<string, string>()
  return {
    texts,
    load: async (name) => texts.get(name),
    save: async (name, text) => {
      texts.set(name, text)
    },
  }
}

export type World = AsyncDisposable & {
  readonly baseUrl: string
  readonly port: number
  readonly events: HttpEvent[]
  /** Seconds by which the authenticator's clock runs ahead. */
  ahead: number
}

/** One nation's edge on a real socket: provider, authentication, and a few routes. */
export async function openWorld(
  options: { host?: string; audience?: string; storage?: ProviderStorage; lifetimes?: Lifetimes; people?: readonly Person[] } = {},
): Promise<World> {
  const { host = 'jpn.localhost', audience = 'https://node.jpn.entente.example', storage = memoryStorage(), people = PEOPLE } = options
  let baseUrl = ''
  const events: HttpEvent[] = []
  const faults: Error[] = []
  const clock = (): number => Math.floor(Date.now() / 1000)
  const provider = await createProvider({
    baseUrl: () => baseUrl,
    audience,
    people,
    demo: true,
    storage,
    now: clock,
    ...(options.lifetimes === undefined ? {} : { lifetimes: options.lifetimes }),
    onFault: (error) => faults.push(error),
  })
  const world = { ahead: 0 }
  const authenticate = createAuthenticator({
    keys: provider.keys,
    isIssuer: provider.isIssuer,
    audience,
    baseUrl: () => baseUrl,
    person: findIn(people),
    now: () => clock() + world.ahead,
  })
  const app = createHttp({
    info: { title: 'test', version: '0' },
    authenticate,
    bodyLimitBytes: 1024,
    statuses: { 'canonical/shape': 400, 'test/teapot': 418 },
    wording: (code) => ({ en: `the sentence of ${code}` }),
    onEvent: (event) => events.push(event),
    health: async () => ({ ready: true, members: { realm: 'exercise' } }),
  })
  mount(app, IDENTITY_PREFIX, provider.find)
  addRoutes(app)
  await app.ready()
  const port = await listenOnFreePort(app.server, { preferred: 42_600 })
  baseUrl = `http://${host}:${port}`
  return Object.assign(world, {
    baseUrl,
    port,
    events,
    async [Symbol.asyncDispose]() {
      await app.close()
      if (faults.length > 0) throw new AggregateError(faults, 'the provider failed')
    },
  })
}

function addRoutes(app: ReturnType<typeof createHttp>): void {
  app.get('/api/me', callerOf)
  app.get('/api/items/:item', async (request, reply) => {
    const { item } = request.params as { item: string }
    if (item === 'mine') return { item }
    // `theirs` exists and is not for this caller.
    return absent(reply.header('x-trace', item))
  })
  app.post(
    '/api/notes',
    {
      schema: {
        body: {
          type: 'object',
          additionalProperties: false,
          required: ['text'],
          properties: { text: { type: 'string' }, count: { type: 'integer' } },
        },
      },
    },
    (request) => request.body,
  )
  app.get('/api/teapot', { config: { access: 'open' } }, async () => {
    throw new EntenteError('test/teapot', 'no coffee', { values: { cups: 2 } })
  })
  app.get('/api/broken', { config: { access: 'open' } }, async () => {
    throw new Error('secret detail')
  })
}
