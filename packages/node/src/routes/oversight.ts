import type { FastifyInstance, FastifyRequest } from 'fastify'
import { callerOf } from '../http/index.ts'
import type { Nation } from '../nation.ts'
import { assessDamage } from '../use-cases/assess-damage.ts'
import { enterClearanceAct, enterEnrolmentCode, nextClearanceAct, personAtOffice } from '../use-cases/clearance-acts.ts'
import { couldRead } from '../use-cases/could-read.ts'
import { discloseLog } from '../use-cases/disclose-log.ts'
import { examineNode } from '../use-cases/examine-node.ts'
import { itemEvidence } from '../use-cases/item-evidence.ts'
import { itemLetters } from '../use-cases/item-letters.ts'
import { ledgerPolicy } from '../use-cases/ledger-policy.ts'
import { acceptRestoration, restorationOf } from '../use-cases/reconcile-restored.ts'
import { receivedRosters } from '../use-cases/received-rosters.ts'
import { releasedItems } from '../use-cases/released-items.ts'
import { sendRoster } from '../use-cases/send-roster.ts'
import { stopItem } from '../use-cases/stop-item.ts'
import { described, forRoles, strict, words } from './parts.ts'

const itemParams = strict({ item: words.uuid })
/** A log's name: `home`, or agreement and partner. */
const logQuery = strict({ log: { type: 'string', pattern: '^[a-z0-9][a-z0-9.-]{0,127}$' } })
const signedBody = strict({ signed: words.document })

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
  app.get(
    '/api/register',
    {
      ...forRoles('disclosure-officer', 'security-officer', 'auditor'),
      schema: described('releasedItems', 'What this nation released, and how it stands', {}),
    },
    async (request) => releasedItems(nation, callerOf(request).person),
  )
  app.post(
    '/api/items/:item/revoke',
    {
      ...forRoles('security-officer', 'disclosure-officer'),
      schema: described('stopItem', 'Stop an item for ever', {
        params: itemParams,
        body: strict({ reason: { type: 'string', maxLength: 64 }, signed: words.document }),
      }),
    },
    async (request) => {
      const { reason, signed } = request.body as { reason: string; signed: unknown }
      return stopItem(nation, itemOf(request), { reason, signed })
    },
  )
  app.get(
    '/api/items/:item/readers',
    {
      ...forRoles('disclosure-officer', 'security-officer', 'auditor'),
      schema: described('couldRead', 'Who could read an item', { params: itemParams }),
    },
    async (request) => couldRead(nation, itemOf(request)),
  )
  app.get(
    '/api/items/:item/evidence',
    {
      ...forRoles('security-officer', 'auditor'),
      schema: described('itemEvidence', 'Every entry about an item, with its proof', { params: itemParams }),
    },
    async (request) => ({ entries: await itemEvidence(nation, itemOf(request)) }),
  )
  app.get(
    '/api/items/:item/letters',
    {
      ...forRoles('disclosure-officer', 'security-officer', 'auditor'),
      schema: described('itemLetters', 'What was written to the partner about an own item, and its receipts', { params: itemParams }),
    },
    async (request) => ({ letters: await itemLetters(nation, itemOf(request)) }),
  )
  app.get(
    '/api/items/:item/damage',
    {
      ...forRoles('security-officer'),
      schema: described('assessDamage', 'What a compromise of an item or of its whole report would mean', {
        params: itemParams,
        querystring: strict({ scope: { type: 'string', enum: ['item', 'report'] } }, 'scope'),
      }),
    },
    async (request) => {
      const { scope = 'item' } = request.query as { scope?: 'item' | 'report' }
      return assessDamage(nation, itemOf(request), { scope, person: callerOf(request).person })
    },
  )
}

function registerClearance(app: FastifyInstance, nation: Nation): void {
  app.get(
    '/api/clearance/next',
    { ...forRoles('clearance-officer'), schema: described('nextClearanceAct', 'Number of the next clearance act', {}) },
    async () => nextClearanceAct(nation),
  )
  app.post(
    '/api/clearance/acts',
    { ...forRoles('clearance-officer'), schema: described('enterClearanceAct', 'Enter a signed clearance act', { body: signedBody }) },
    async (request) => enterClearanceAct(nation, callerOf(request).person, signedOf(request)),
  )
  app.post(
    '/api/clearance/codes',
    { ...forRoles('clearance-officer'), schema: described('enterEnrolmentCode', 'Enter a signed enrolment code', { body: signedBody }) },
    async (request, reply) => {
      await enterEnrolmentCode(nation, signedOf(request))
      return reply.code(204).send()
    },
  )
  app.get(
    '/api/clearance/people/:person',
    {
      ...forRoles('clearance-officer'),
      schema: described('personAtOffice', 'What the office says of an own person', {
        params: strict({ person: { type: 'string', pattern: '^[a-z0-9-]{1,64}$' } }),
      }),
    },
    async (request) => personAtOffice(nation, (request.params as { person: string }).person),
  )
  app.post(
    '/api/rosters',
    {
      ...forRoles('clearance-officer', 'security-officer'),
      schema: described('sendRoster', 'Count the own readers for a partner and send the counts', {
        body: strict({ agreement: words.code, to: words.nation }),
      }),
    },
    async (request) => sendRoster(nation, request.body as { agreement: string; to: string }),
  )
  app.get(
    '/api/rosters',
    {
      ...forRoles('clearance-officer', 'security-officer', 'disclosure-officer'),
      schema: described('receivedRosters', 'The newest roster of every partner', {}),
    },
    async () => ({ rosters: await receivedRosters(nation) }),
  )
}

function registerLedger(app: FastifyInstance, nation: Nation): void {
  app.get(
    '/api/ledger',
    { ...forRoles('auditor'), schema: described('ledgerStatus', 'The own logs: sizes, cosigned sizes, which are closed', {}) },
    async () => nation.ledger.call('status', {}),
  )
  app.get(
    '/api/ledger/policy',
    { ...forRoles('auditor'), schema: described('ledgerPolicy', 'The tlog-policy of one of the own logs', { querystring: logQuery }) },
    async (request, reply) => reply.type('text/plain; charset=utf-8').send(ledgerPolicy(nation, logOf(request))),
  )
  app.get(
    '/api/ledger/disclosure',
    {
      ...forRoles('auditor'),
      schema: described('discloseLog', 'Every entry of one of the own logs with its full opening', { querystring: logQuery }),
    },
    async (request, reply) => {
      const bytes = await discloseLog(nation, logOf(request), callerOf(request).person)
      return reply.type('application/json').send(Buffer.from(bytes))
    },
  )
  app.get(
    '/api/restored',
    {
      ...forRoles('security-officer', 'auditor'),
      schema: described('restorationOf', 'Whether the node came out of a backup, and what its witnesses say', {}),
    },
    async () => restorationOf(nation),
  )
  app.post(
    '/api/restored',
    { ...forRoles('security-officer'), schema: described('acceptRestoration', 'Let a restored node go on', { body: signedBody }) },
    async (request) => acceptRestoration(nation, signedOf(request)),
  )
  // Not for readers: how far a log has grown tells what others were given and did (spec/leaks.md).
  app.get(
    '/api/doctor',
    {
      ...forRoles('security-officer', 'auditor'),
      schema: described('examineNode', 'What is well with this node and what is not', {}),
    },
    async () => ({ checks: await examineNode(nation) }),
  )
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
