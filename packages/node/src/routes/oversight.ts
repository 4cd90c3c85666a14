import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { absent, callerOf } from '../http/index.ts'
import type { Nation } from '../nation.ts'
import { assessDamage } from '../use-cases/assess-damage.ts'
import { enterClearanceAct, enterEnrolmentCode, nextClearanceAct, personAtOffice } from '../use-cases/clearance-acts.ts'
import { couldRead } from '../use-cases/could-read.ts'
import { discloseLog } from '../use-cases/disclose-log.ts'
import { examineNode } from '../use-cases/examine-node.ts'
import { itemEvidence } from '../use-cases/item-evidence.ts'
import { ledgerPolicy } from '../use-cases/ledger-policy.ts'
import { receivedRosters } from '../use-cases/received-rosters.ts'
import { sendRoster } from '../use-cases/send-roster.ts'
import { stopItem } from '../use-cases/stop-item.ts'

/** A role that some route here asks for. */
type Role = 'disclosure-officer' | 'security-officer' | 'clearance-officer' | 'auditor'

const ITEM_PATTERN = '^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$'
const LOG_PATTERN = '^[a-z0-9][a-z0-9.-]{0,127}$'
const itemParams = strict({ item: { type: 'string', pattern: ITEM_PATTERN } })
const logQuery = strict({ log: { type: 'string', pattern: LOG_PATTERN } })
/** Checked in full where it is verified: its shape belongs to the document and not to the route. */
const signedDocument = { type: 'object' }

/**
 * Registers what officers and auditors do: stopping items, who could read, evidence, damage, clearances, rosters, the
 * ledger, and the state of the node. Somebody without the role finds nothing there.
 */
export function registerOversight(app: FastifyInstance, nation: Nation): void {
  registerItems(app, nation)
  registerClearance(app, nation)
  registerLedger(app, nation)
}

function registerItems(app: FastifyInstance, nation: Nation): void {
  app.post(
    '/api/items/:item/revoke',
    {
      schema: described('stopItem', 'Stop an item for ever', {
        params: itemParams,
        body: strict({ reason: { type: 'string', maxLength: 64 }, signed: signedDocument }),
      }),
    },
    guarded(['security-officer', 'disclosure-officer'], async (request) => {
      const { reason, signed } = request.body as { reason: string; signed: unknown }
      return stopItem(nation, itemOf(request), { reason, signed })
    }),
  )
  app.get(
    '/api/items/:item/readers',
    { schema: described('couldRead', 'Who could read an item', { params: itemParams }) },
    guarded(['disclosure-officer', 'security-officer', 'auditor'], async (request) => couldRead(nation, itemOf(request))),
  )
  app.get(
    '/api/items/:item/evidence',
    { schema: described('itemEvidence', 'Every entry about an item, with its proof', { params: itemParams }) },
    guarded(['security-officer', 'auditor'], async (request) => ({ entries: await itemEvidence(nation, itemOf(request)) })),
  )
  app.get(
    '/api/items/:item/damage',
    {
      schema: described('assessDamage', 'What a compromise of an item or of its whole report would mean', {
        params: itemParams,
        querystring: { ...strict({ scope: { type: 'string', enum: ['item', 'report'] } }), required: [] },
      }),
    },
    guarded(['security-officer'], async (request) => {
      const { scope = 'item' } = request.query as { scope?: 'item' | 'report' }
      return assessDamage(nation, itemOf(request), { scope, person: callerOf(request).person })
    }),
  )
}

function registerClearance(app: FastifyInstance, nation: Nation): void {
  app.get(
    '/api/clearance/next',
    { schema: described('nextClearanceAct', 'Number of the next clearance act', {}) },
    guarded(['clearance-officer'], async () => nextClearanceAct(nation)),
  )
  app.post(
    '/api/clearance/acts',
    { schema: described('enterClearanceAct', 'Enter a signed clearance act', { body: strict({ signed: signedDocument }) }) },
    guarded(['clearance-officer'], async (request) => enterClearanceAct(nation, callerOf(request).person, signedOf(request))),
  )
  app.post(
    '/api/clearance/codes',
    { schema: described('enterEnrolmentCode', 'Enter a signed enrolment code', { body: strict({ signed: signedDocument }) }) },
    guarded(['clearance-officer'], async (request, reply) => {
      await enterEnrolmentCode(nation, signedOf(request))
      return reply.code(204).send()
    }),
  )
  app.get(
    '/api/clearance/people/:person',
    {
      schema: described('personAtOffice', 'What the office says of an own person', {
        params: strict({ person: { type: 'string', pattern: '^[a-z0-9-]{1,64}$' } }),
      }),
    },
    guarded(['clearance-officer'], async (request) => personAtOffice(nation, (request.params as { person: string }).person)),
  )
  app.post(
    '/api/rosters',
    {
      schema: described('sendRoster', 'Count the own readers for a partner and send the counts', {
        body: strict({ agreement: { type: 'string', minLength: 1, maxLength: 64 }, to: { type: 'string', pattern: '^[A-Z]{3}$' } }),
      }),
    },
    guarded(['clearance-officer', 'security-officer'], async (request) => sendRoster(nation, request.body as { agreement: string; to: string })),
  )
  app.get(
    '/api/rosters',
    { schema: described('receivedRosters', 'The newest roster of every partner', {}) },
    guarded(['clearance-officer', 'security-officer', 'disclosure-officer'], async () => ({ rosters: await receivedRosters(nation) })),
  )
}

function registerLedger(app: FastifyInstance, nation: Nation): void {
  app.get(
    '/api/ledger',
    { schema: described('ledgerStatus', 'The own logs: sizes, cosigned sizes, which are closed', {}) },
    guarded(['auditor'], async () => nation.ledger.call('status', {})),
  )
  app.get(
    '/api/ledger/policy',
    { schema: described('ledgerPolicy', 'The tlog-policy of one of the own logs', { querystring: logQuery }) },
    guarded(['auditor'], async (request, reply) => reply.type('text/plain; charset=utf-8').send(ledgerPolicy(nation, logOf(request)))),
  )
  app.get(
    '/api/ledger/disclosure',
    { schema: described('discloseLog', 'Every entry of one of the own logs with its full opening', { querystring: logQuery }) },
    guarded(['auditor'], async (request, reply) => {
      const bytes = await discloseLog(nation, logOf(request), callerOf(request).person)
      return reply.type('application/json').send(Buffer.from(bytes))
    }),
  )
  app.get('/api/doctor', { schema: described('examineNode', 'What is well with this node and what is not', {}) }, async () => ({
    checks: await examineNode(nation),
  }))
}

type Handler = (request: FastifyRequest, reply: FastifyReply) => Promise<unknown>

/** Runs the handler for a caller with one of the roles; anybody else learns nothing, not even that the route is there. */
function guarded(roles: readonly Role[], handle: Handler): Handler {
  return async (request, reply) => {
    if (!callerOf(request).roles.some((role) => (roles as readonly string[]).includes(role))) return absent(reply)
    return handle(request, reply)
  }
}

/** An object whose members are all needed, and no others allowed. */
function strict(properties: Readonly<Record<string, object>>): { readonly type: 'object'; readonly additionalProperties: false; readonly required: string[]; readonly properties: object } {
  return { type: 'object', additionalProperties: false, required: Object.keys(properties), properties }
}

function described(operationId: string, summary: string, parts: Readonly<Record<string, object>>): object {
  return { operationId, summary, ...parts }
}

function itemOf(request: FastifyRequest): string {
  return (request.params as { item: string }).item
}

function logOf(request: FastifyRequest): string {
  return (request.query as { log: string }).log
}

function signedOf(request: FastifyRequest): unknown {
  return (request.body as { signed: unknown }).signed
}
