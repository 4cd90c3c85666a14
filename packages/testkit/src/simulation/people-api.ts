import { type Json, type Shape, readShape } from '@entente/canonical'
import type { NodeApi } from '@entente/client'
import {
  type DraftInput,
  type Nation,
  type Person,
  announceContainer,
  assessDamage,
  completeUpload,
  enrolDevice,
  enterClearanceAct,
  enterEnrolmentCode,
  getCredential,
  getNonce,
  itemEvidence,
  listDrafts,
  listItems,
  nextClearanceAct,
  openItem,
  prepareSealing,
  readDraft,
  readItem,
  readItemContainer,
  releaseReport,
  type ListQuestion,
  reportJoined,
  returnDraft,
  saveDraft,
  sendRoster,
  stopItem,
  submitDraft,
  takePart,
} from '@entente/node'
import type { HostedNation } from '../hosted-nation.ts'

/** One call of a person: the nation as it runs, who calls, the parts of the path, the query and the body. */
interface Call {
  readonly parts: Nation
  readonly caller: Person
  readonly at: readonly string[]
  readonly query: URLSearchParams
  readonly body: never
}

type Route = (call: Call) => unknown

/** By method and path; `*` stands for one part of it. */
const ROUTES: Readonly<Record<string, Route>> = {
  'GET api/items': ({ parts, caller, query }) => listItems(parts, caller.id, questionIn(query)),
  'GET api/items/*': ({ parts, caller, at, query }) => readItem(parts, caller.id, at[2] ?? '', query.get('purpose') ?? undefined),
  'GET api/items/*/container': async ({ parts, caller, at }) => (await readItemContainer(parts, caller.id, at[2] ?? '')).bytes,
  'GET api/items/*/evidence': async ({ parts, at }) => ({ entries: await itemEvidence(parts, at[2] ?? '') }),
  'GET api/items/*/damage': ({ parts, caller, at }) => assessDamage(parts, at[2] ?? '', { scope: 'item', person: caller.id }),
  'POST api/items/*/revoke': ({ parts, at, body }) => stopItem(parts, at[2] ?? '', body),
  'POST api/credentials': ({ parts, caller, body }) =>
    getCredential(parts, caller.id, (body as { item: string }).item, (body as { request: unknown }).request),
  'POST api/nonces': ({ parts, caller, body }) => getNonce(parts, caller.id, body),
  'POST api/openings': ({ parts, caller, body }) => openItem(parts, caller.id, (body as { request: string }).request),
  'POST api/openings/joined': ({ parts, body }) =>
    reportJoined(parts, (body as { item: string }).item, (body as { joined: unknown }).joined),
  'POST api/enrolments': ({ parts, caller, body }) => enrolDevice(parts, caller.id, (body as { signed: unknown }).signed),
  'GET api/drafts': async ({ parts, caller }) => ({ drafts: await listDrafts(parts, callerAs(caller)) }),
  'GET api/drafts/*': ({ parts, caller, at }) => readDraft(parts, callerAs(caller), at[2] ?? ''),
  'POST api/drafts': ({ parts, caller, body }) => saveDraft(parts, caller.id, body as DraftInput),
  'POST api/drafts/*/submit': ({ parts, caller, at }) => submitDraft(parts, caller.id, at[2] ?? ''),
  'POST api/drafts/*/return': ({ parts, caller, at, body }) => returnDraft(parts, caller.id, at[2] ?? '', body),
  'POST api/drafts/*/sealing': async ({ parts, caller, at, body }) => ({
    renditions: await prepareSealing(parts, caller.id, at[2] ?? '', (body as { to: string[] }).to),
  }),
  'POST api/containers': async ({ parts, caller, body }) => ({ upload: await announceContainer(parts, caller.id, body) }),
  'PUT api/uploads/*/parts/*': ({ parts, caller, at, query, body }) =>
    takePart(parts, caller.id, at[2] ?? '', { number: Number(at[4]), bytes: body, sha256: query.get('sha256') ?? '' }),
  'POST api/uploads/*/complete': ({ parts, caller, at, body }) => completeUpload(parts, caller.id, at[2] ?? '', body),
  'POST api/releases': ({ parts, caller, body }) =>
    releaseReport(parts, caller.id, (body as { draft: string }).draft, (body as { renditions: never[] }).renditions),
  'GET api/clearance/next': ({ parts }) => nextClearanceAct(parts),
  'POST api/clearance/acts': ({ parts, caller, body }) => enterClearanceAct(parts, caller.id, (body as { signed: unknown }).signed),
  'POST api/clearance/codes': ({ parts, body }) => enterEnrolmentCode(parts, (body as { signed: unknown }).signed),
  'POST api/rosters': ({ parts, body }) => sendRoster(parts, body),
}

function questionIn(query: URLSearchParams): ListQuestion {
  const limit = query.get('limit')
  const texts = ['purpose', 'q', 'after'].flatMap((name) => {
    const value = query.get(name)
    return value === null ? [] : [[name, value] as const]
  })
  return { ...Object.fromEntries(texts), ...(limit === null ? {} : { limit: Number(limit) }) }
}

function callerAs({ id, roles }: Person): { readonly person: string; readonly roles: readonly string[] } {
  return { person: id, roles }
}

/**
 * A nation's API for one person, over the same use cases as its routes, of the nation as it runs at the moment of each
 * call. An answer comes only from a nation that is still the same one: one that was killed meanwhile answers nobody.
 */
export function peopleApi(host: HostedNation, person: string): NodeApi {
  const ask = async (method: 'GET' | 'POST' | 'PUT', path: string, body: unknown): Promise<unknown> => {
    const { pathname, searchParams: query } = new URL(path, 'http://node.invalid')
    const at = pathname.slice(1).split('/')
    const route = routeOf(method, at)
    const { parts } = host
    const caller = parts.person(person)
    if (caller === undefined) throw new Error(`${person} is nobody at ${host.code}`)
    const answer = await route({ parts, caller, at, query, body: body as never })
    if (!host.isUp || host.parts !== parts) throw new Error(`${host.code} is down`)
    return answer
  }
  const checked = async <T>(answer: Promise<unknown>, shape: Shape<T>, path: string): Promise<T> =>
    readShape(shape, (await answer) as Json, path)
  return {
    get: (path, shape) => checked(ask('GET', path, undefined), shape, path),
    post: (path, body, shape) => checked(ask('POST', path, body), shape, path),
    async send(path, body) {
      await ask('POST', path, body)
    },
    replace: (path, body, shape) => checked(ask('PUT', path, body), shape, path),
    async put(path, bytes) {
      await ask('PUT', path, bytes)
    },
    stream: (path) => ask('GET', path, undefined) as Promise<AsyncIterable<Uint8Array>>,
  }
}

function routeOf(method: string, at: readonly string[]): Route {
  for (const [known, route] of Object.entries(ROUTES)) {
    const [verb, pattern = ''] = known.split(' ')
    const parts = pattern.split('/')
    if (verb === method && parts.length === at.length && parts.every((part, index) => part === '*' || part === at[index])) return route
  }
  throw new Error(`no use case behind ${method} ${at.join('/')}`)
}
