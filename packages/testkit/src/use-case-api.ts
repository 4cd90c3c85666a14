import { type Json, type Shape, readShape } from '@entente/canonical'
import type { NodeApi } from '@entente/client'
import {
  enterClearanceAct,
  enterEnrolmentCode,
  giveNonce,
  giveNotice,
  listAgreements,
  listProposals,
  negotiateAgreement,
  nextClearanceAct,
  nonceFor,
  openItem,
  readProposal,
  sealAgreement,
} from '@entente/node'
import type { HostedNation } from './hosted-nation.ts'

/** What a use case answers to the body of a request. */
type Operation = (host: HostedNation, person: string, body: never) => Promise<unknown>

const GET: Readonly<Record<string, Operation>> = {
  '/api/clearance/next': ({ parts }) => nextClearanceAct(parts),
}

const POST: Readonly<Record<string, Operation>> = {
  '/api/clearance/acts': ({ parts }, person, { signed }: { signed: unknown }) => enterClearanceAct(parts, person, signed),
  '/api/clearance/codes': ({ parts }, _, { signed }: { signed: unknown }) => enterEnrolmentCode(parts, signed),
  '/api/enrolments': ({ parts }, _, body: { signed: unknown }) => parts.office.call('enrol', body),
  // The office itself: what a reader may not list has a credential too, and is refused by whom it is shown to.
  '/api/credentials': ({ parts }, _, { request }: { request: unknown }) =>
    parts.office.call('credential', { request, pseudonymLife: 'item' }),
  async '/api/nonces'({ parts }, _, { originator, thumbprint }: { originator: string; thumbprint: string }) {
    const isOwn = originator === parts.config.nation
    return { nonce: isOwn ? giveNonce(parts, originator, { thumbprint }).nonce : await nonceFor(parts, originator, thumbprint) }
  },
  '/api/agreements/acts': ({ parts }, person, { signed }: { signed: unknown }) => negotiateAgreement(parts, person, signed),
  '/api/agreements/seals': ({ parts }, person, body: { proposal: string; signature: unknown }) => sealAgreement(parts, person, body),
  '/api/agreements/notices': ({ parts }, person, { signed }: { signed: unknown }) => giveNotice(parts, person, signed),
  '/api/openings': ({ parts }, person, { request }: { request: string }) => openItem(parts, person, request),
}

/** What anybody may read of agreements; a path may name a proposal or a time. */
async function askOfAgreements({ parts }: HostedNation, path: string): Promise<unknown> {
  const [, proposal] = /^\/api\/agreements\/proposals\/([0-9a-f]{64})$/u.exec(path) ?? []
  if (proposal !== undefined) return readProposal(parts, proposal)
  if (path === '/api/agreements/proposals') return listProposals(parts)
  const [, at] = /^\/api\/agreements(?:\?at=([0-9]+))?$/u.exec(path) ?? []
  return listAgreements(parts, at === undefined ? undefined : Number(at))
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
    get: (path, shape) =>
      checked(path.startsWith('/api/agreements') ? askOfAgreements(host, path) : ask(GET, path, undefined), shape, path),
    post: (path, body, shape) => checked(ask(POST, path, body), shape, path),
    async send(path, body) {
      await ask(POST, path, body)
    },
    replace: (path) => Promise.reject(new Error(`no use case behind ${path}`)),
    put: (path) => Promise.reject(new Error(`no use case behind ${path}`)),
    stream: (path) => Promise.reject(new Error(`no use case behind ${path}`)),
  }
}
