import type { FastifyInstance, FastifyRequest } from 'fastify'
import { callerOf } from '../http/index.ts'
import type { Nation } from '../nation.ts'
import { signedTrust } from '../trust.ts'
import { enrolDevice, getCredential, getNonce } from '../use-cases/get-credential.ts'
import { describePerson } from '../use-cases/describe-person.ts'
import { type ListQuestion, listItems, readItem, readItemContainer } from '../use-cases/list-items.ts'
import { nodeStatus } from '../use-cases/node-status.ts'
import { openItem } from '../use-cases/open-item.ts'
import { reportJoined } from '../use-cases/report-joined.ts'
import { MAX_QUERY_LENGTH } from '../use-cases/search-query.ts'
import { described, sendBytes, strict, words } from './parts.ts'

const ITEM = strict({ item: words.uuid })
const LIST = strict(
  {
    purpose: words.code,
    q: { type: 'string', maxLength: MAX_QUERY_LENGTH },
    limit: { type: 'string', pattern: '^(?:[1-9][0-9]?|1[0-9]{2}|200)$' },
    after: { type: 'string', pattern: '^[A-Za-z0-9_-]{1,100}$' },
  },
  'purpose',
  'q',
  'limit',
  'after',
)
const PURPOSE = strict({ purpose: words.code }, 'purpose')

/** Registers what readers do: who they are, what is there for them, and opening it. Whether they may is decided, not a role. */
export function registerReading(app: FastifyInstance, nation: Nation): void {
  registerPerson(app, nation)
  registerItems(app, nation)
  registerOpening(app, nation)
}

function registerPerson(app: FastifyInstance, nation: Nation): void {
  app.get('/api/me', { schema: described('readMe', 'Who calls', {}) }, async (request) => {
    const { person, roles } = callerOf(request)
    return describePerson(nation, person, roles)
  })
  app.get('/api/status', { schema: described('readStatus', 'How the node stands, and whether its partners answer', {}) }, async () =>
    nodeStatus(nation),
  )
  app.get('/api/trust', { schema: described('readTrust', 'Agreements and key statements as they were signed', {}) }, async () =>
    signedTrust(nation.trust()),
  )
  app.get(
    '/api/policies',
    { schema: described('readPolicies', 'Marking policies as they are configured, to be compared with what a device has pinned', {}) },
    async () => ({ policies: [...nation.policies.values()].sort((a, b) => (a.id < b.id ? -1 : 1)) }),
  )
}

function registerItems(app: FastifyInstance, nation: Nation): void {
  app.get(
    '/api/items',
    { schema: described('listItems', 'Items that the caller may know of, a page at a time', { querystring: LIST }) },
    async (request) => {
      const { limit, ...asked } = request.query as Omit<ListQuestion, 'limit'> & { readonly limit?: string }
      return listItems(nation, callerOf(request).person, { ...asked, ...(limit === undefined ? {} : { limit: Number(limit) }) })
    },
  )
  app.get('/api/items/:item', { schema: described('readItem', 'One item', { params: ITEM, querystring: PURPOSE }) }, async (request) =>
    readItem(nation, callerOf(request).person, itemOf(request), purposeOf(request)),
  )
  app.get(
    '/api/items/:item/container',
    { schema: described('readItemContainer', 'The sealed container of an item', { params: ITEM }) },
    async (request, reply) => sendBytes(reply, await readItemContainer(nation, callerOf(request).person, itemOf(request))),
  )
}

function registerOpening(app: FastifyInstance, nation: Nation): void {
  app.post(
    '/api/enrolments',
    { schema: described('enrolDevice', 'Enrol an own device', { body: strict({ signed: words.document }) }) },
    async (request, reply) =>
      reply.code(201).send(await enrolDevice(nation, callerOf(request).person, (request.body as { signed: unknown }).signed)),
  )
  app.post(
    '/api/credentials',
    { schema: described('getCredential', 'A credential for one item', { body: strict({ request: words.document, item: words.uuid }) }) },
    async (request) => {
      const { request: asked, item } = request.body as { request: unknown; item: string }
      return getCredential(nation, callerOf(request).person, item, asked)
    },
  )
  app.post(
    '/api/nonces',
    {
      schema: described('getNonce', 'A nonce of an originator', {
        body: strict(
          { originator: words.nation, thumbprint: { type: 'string', pattern: '^[A-Za-z0-9_-]{43}$' }, item: words.uuid },
          'item',
        ),
      }),
    },
    async (request) => {
      return getNonce(nation, callerOf(request).person, request.body as { originator: string; thumbprint: string; item?: string })
    },
  )
  app.post(
    '/api/openings',
    { schema: described('openItem', 'Open an item', { body: strict({ request: { type: 'string', minLength: 1, maxLength: 65_536 } }) }) },
    async (request) => openItem(nation, callerOf(request).person, (request.body as { request: string }).request),
  )
  app.post(
    '/api/openings/joined',
    { schema: described('reportJoined', 'Say what became of an opening', { body: strict({ item: words.uuid, joined: words.document }) }) },
    async (request, reply) => {
      const { item, joined } = request.body as { item: string; joined: unknown }
      await reportJoined(nation, item, joined)
      return reply.code(204).send()
    },
  )
}

function itemOf(request: FastifyRequest): string {
  return (request.params as { item: string }).item
}

function purposeOf(request: FastifyRequest): string | undefined {
  return (request.query as { purpose?: string }).purpose
}
