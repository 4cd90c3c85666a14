import type { FastifyInstance, FastifyRequest } from 'fastify'
import { callerOf } from '../http/index.ts'
import type { Nation } from '../nation.ts'
import { giveNotice } from '../use-cases/give-notice.ts'
import { listAgreements } from '../use-cases/list-agreements.ts'
import { listHoldings } from '../use-cases/list-holdings.ts'
import { listProposals, proposalSigningBytes, readProposal } from '../use-cases/list-proposals.ts'
import { toldRosters } from '../use-cases/received-rosters.ts'
import { negotiateAgreement } from '../use-cases/negotiate-agreement.ts'
import { sealAgreement } from '../use-cases/seal-agreement.ts'
import { ROLES, described, forRoles, strict, words } from './parts.ts'

const ID = strict({ id: words.sha256 })
/** Who weighs what an agreement would change: no reader and no author. */
const OFFICERS = ['negotiator', 'signatory', 'disclosure-officer', 'security-officer', 'clearance-officer'] as const
const SIGNED = strict({ signed: words.document })

/**
 * Registers the life of agreements: how they stand, what is proposed, and the acts of negotiators and signatories (spec/node.md 9). Somebody
 * without any role finds nothing there.
 */
export function registerAgreements(app: FastifyInstance, nation: Nation): void {
  registerReading(app, nation)
  registerActs(app, nation)
}

function registerReading(app: FastifyInstance, nation: Nation): void {
  app.get(
    '/api/agreements',
    {
      ...forRoles(...ROLES),
      schema: described('listAgreements', 'Every version of every agreement, with its signatures, and how it stands at a time', {
        querystring: strict({ at: { type: 'string', pattern: '^(?:0|[1-9][0-9]{0,11})$' } }, 'at'),
      }),
    },
    async (request) => {
      const { at } = request.query as { at?: string }
      return listAgreements(nation, at === undefined ? undefined : Number(at))
    },
  )
  app.get(
    '/api/agreements/proposals',
    { ...forRoles(...ROLES), schema: described('listProposals', 'Versions that were proposed, and how far each has come', {}) },
    async () => listProposals(nation),
  )
  app.get(
    '/api/agreements/proposals/:id',
    { ...forRoles(...ROLES), schema: described('readProposal', 'One proposal with its body and every act about it', { params: ID }) },
    async (request) => readProposal(nation, idOf(request)),
  )
  app.get(
    '/api/agreements/proposals/:id/signing-bytes',
    {
      ...forRoles(...ROLES),
      schema: described('readSigningBytes', 'Exactly the bytes that every seal of a proposal signs', { params: ID }),
    },
    async (request, reply) => reply.type('application/octet-stream').send(Buffer.from(await proposalSigningBytes(nation, idOf(request)))),
  )
  app.get(
    '/api/agreements/holdings',
    { ...forRoles(...ROLES), schema: described('listHoldings', 'What the caller may list, as a difference of agreements places it', {}) },
    async (request) => listHoldings(nation, callerOf(request).person),
  )
  app.get(
    '/api/agreements/rosters',
    {
      ...forRoles(...OFFICERS),
      schema: described('toldRosters', 'How many readers each nation has, as it last told its partners: counts alone', {}),
    },
    async () => ({ rosters: await toldRosters(nation) }),
  )
}

function registerActs(app: FastifyInstance, nation: Nation): void {
  app.post(
    '/api/agreements/acts',
    { ...forRoles('negotiator'), schema: described('negotiateAgreement', 'Propose, counter, comment or initial', { body: SIGNED }) },
    async (request) => negotiateAgreement(nation, callerOf(request).person, signedOf(request)),
  )
  app.post(
    '/api/agreements/seals',
    {
      ...forRoles('signatory'),
      schema: described('sealAgreement', "One authority key's signature over a proposal", {
        body: strict({ proposal: words.sha256, signature: words.document }),
      }),
    },
    async (request) => sealAgreement(nation, callerOf(request).person, request.body as { proposal: string; signature: unknown }),
  )
  app.post(
    '/api/agreements/notices',
    {
      ...forRoles('signatory'),
      schema: described('giveNotice', 'Note, suspend, resume, terminate or withdraw; waits for the second person', { body: SIGNED }),
    },
    async (request) => giveNotice(nation, callerOf(request).person, signedOf(request)),
  )
}

function idOf(request: FastifyRequest): string {
  return (request.params as { id: string }).id
}

function signedOf(request: FastifyRequest): unknown {
  return (request.body as { signed: unknown }).signed
}
