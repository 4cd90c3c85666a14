import { type Json, type Shape, readShape } from '@entente/canonical'
import type { NodeApi } from '@entente/client'
import { giveNonce, nonceFor, openItem } from '@entente/node'
import type { HostedNation } from './hosted-nation.ts'

/** What a use case answers to the body of a request. */
type Operation = (host: HostedNation, person: string, body: never) => Promise<unknown>

const GET: Readonly<Record<string, Operation>> = {
  '/api/clearance/next': ({ parts }) => parts.office.call('nextAct', {}),
}

const POST: Readonly<Record<string, Operation>> = {
  '/api/clearance/acts': ({ parts }, _, body: { signed: unknown }) => parts.office.call('act', body),
  '/api/clearance/codes': ({ parts }, _, body: { signed: unknown }) => parts.office.call('enrolmentCode', body),
  '/api/enrolments': ({ parts }, _, body: { signed: unknown }) => parts.office.call('enrol', body),
  // The office itself: what a reader may not list has a credential too, and is refused by whom it is shown to.
  '/api/credentials': ({ parts }, _, { request }: { request: unknown }) =>
    parts.office.call('credential', { request, pseudonymLife: 'item' }),
  async '/api/nonces'({ parts }, _, { originator, thumbprint }: { originator: string; thumbprint: string }) {
    const isOwn = originator === parts.config.nation
    return { nonce: isOwn ? giveNonce(parts, originator, { thumbprint }).nonce : await nonceFor(parts, originator, thumbprint) }
  },
  '/api/openings': ({ parts }, person, { request }: { request: string }) => openItem(parts, person, request),
}

/**
 * A nation's API for one person's client, over the use cases of the nation as it runs at the moment of each call: no HTTP
 * between, so that what is refused comes with the code of whoever refused it. Knows what a reader and a clearance officer
 * send; throws for every other path.
 */
export function useCaseApi(host: HostedNation, person: string): NodeApi {
  const ask = async (operations: Readonly<Record<string, Operation>>, path: string, body: unknown): Promise<unknown> => {
    const operation = operations[path]
    if (operation === undefined) throw new Error(`no use case behind ${path}`)
    return operation(host, person, body as never)
  }
  const checked = async <T>(answer: Promise<unknown>, shape: Shape<T>, path: string): Promise<T> =>
    readShape(shape, (await answer) as Json, path)
  return {
    get: (path, shape) => checked(ask(GET, path, undefined), shape, path),
    post: (path, body, shape) => checked(ask(POST, path, body), shape, path),
    async send(path, body) {
      await ask(POST, path, body)
    },
    replace: (path) => Promise.reject(new Error(`no use case behind ${path}`)),
    put: (path) => Promise.reject(new Error(`no use case behind ${path}`)),
    stream: (path) => Promise.reject(new Error(`no use case behind ${path}`)),
  }
}
