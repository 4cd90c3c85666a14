import { type Json, readJson, codeOf, toBase64Url } from '@entente/canonical'
import { type ParsedPresentation, credentialHash, parsePresentation, shapedStaple, verifyPresentation } from '@entente/clearance'
import {
  GRANT_SECONDS,
  type GrantFields,
  type RequestBody,
  answerEnvelope,
  ephemeralHash,
  readAnswerEnvelope,
  readRequestBody,
  writeRelayedRequest,
} from '@entente/exchange'
import { NodeError } from '../errors.ts'
import type { Standing } from '../living-trust.ts'
import type { Nation } from '../nation.ts'
import { issuerOf, statementOf } from '../pins.ts'
import { HOME_LOG, logName, witnessName } from '../trust.ts'
import { decidedAnew, decidingVersion, requireUnchanged, unchanged } from './agreement-moves.ts'
import { COSIGN_MILLISECONDS, answerOwnOpening } from './answer-opening.ts'
import { entryAt, entryFor, evidenceOf } from './entries.ts'
import { manifestOf } from './manifest.ts'
import { factsOf } from './own-person.ts'
import { type RegisteredItem, findItem, questionOf } from './register.ts'
import { grantedFact } from './report-joined.ts'

/** How long the originator's node has to answer. */
const RELAY_MILLISECONDS = 20_000
const BINDING_SECONDS = 60
const SKEW_SECONDS = 30

type Needs = Pick<
  Nation,
  | 'crypto'
  | 'config'
  | 'trust'
  | 'decider'
  | 'standing'
  | 'renewTrust'
  | 'db'
  | 'keys'
  | 'ledger'
  | 'office'
  | 'enter'
  | 'now'
  | 'nonceKey'
  | 'itemKeys'
  | 'blobs'
  | 'notice'
  | 'partners'
>

/** What a reader's client gets back: each nation's entry and sealed answer, as it came. */
export interface OpeningAnswers {
  readonly originator: Json
  readonly recipient?: Json
}

/**
 * A reader opens an item: grant first (own nation), the originator last (6-key-release, steps 4 to 6). Everything that
 * this reader may not know of ends as `node/absent`, with its entry.
 */
export async function openItem(nation: Needs, reader: string, compact: string): Promise<OpeningAnswers> {
  const request = parsePresentation(nation.crypto, compact)
  const { payload } = request.keyBinding
  const credentialId = request.credential.payload.status.credential
  const body = readRequestBody(payload.requestBody ?? '')
  const { person: holder } = await nation.office.call('holderOf', { credentialId })
  const item = await findItem(nation, body.item)
  const facts = await factsOf(nation, reader, body.purpose)
  const listed =
    item !== undefined &&
    item.body.recipient === nation.config.nation &&
    nation.decider().decide(questionOf(item, facts, 'list', body.purpose, nation.now())).permit
  if (item === undefined || !listed || holder !== reader || item.body.serial !== body.serial || item.statement !== body.statement) {
    await enterAbsence(nation, body.item, reader)
    throw new NodeError('node/absent', 'nothing is here')
  }
  const staple = (await nation.office.call('staple', {
    credentialId,
    credentialHash: credentialHash(nation.crypto, credentialId),
    nonce: payload.nonce ?? '',
  })) as unknown as Json
  if (item.body.originator === nation.config.nation)
    return { originator: readJson(await answerOwnOpening(nation, reader, request, body, staple)) }
  return relayOpening(nation, reader, item, request, body, staple)
}

/** An attempt at something that is not there, or not there for this person: one kind of entry for both. */
export async function enterAbsence(
  nation: Pick<Nation, 'crypto' | 'config' | 'enter' | 'now'>,
  item: string,
  reader: string,
): Promise<void> {
  const at = nation.now()
  const entry = entryFor(nation, HOME_LOG, at, { act: 'refuse', item, person: reader, decision: 'refuse' })
  await nation.enter({ at, kind: 'absence', body: {}, entries: [entry], effects: [], conditions: [] })
}

async function relayOpening(
  nation: Needs,
  reader: string,
  item: RegisteredItem,
  request: ParsedPresentation,
  body: RequestBody,
  staple: Json,
): Promise<OpeningAnswers> {
  const { crypto, config, now } = nation
  const { originator, basis } = item.body
  if (basis === undefined) throw new NodeError('node/internal', 'a received item without a basis')
  const partner = statementOf(nation.trust(), originator)
  const presented = await verifyPresentation(crypto, request, {
    realm: config.realm,
    agreement: basis.agreement,
    originator,
    audience: partner.names.node,
    // The originator checks its own nonce; at home it ties the staple to the request.
    nonce: request.keyBinding.payload.nonce ?? '',
    issuers: [issuerOf(nation.trust().own)],
    staple: shapedStaple(staple),
    now: now(),
    maxKeyBindingAgeSeconds: BINDING_SECONDS,
    clockSkewSeconds: SKEW_SECONDS,
  })
  const facts = await factsOf(nation, reader, body.purpose)
  return decidedAnew(nation, (standing) => grantAndRelay(nation, standing, { reader, item, request, staple, presented, body, facts }))
}

/** What a request came to before anything was decided. */
interface Presented {
  readonly reader: string
  readonly item: RegisteredItem
  readonly request: ParsedPresentation
  readonly staple: Json
  readonly presented: Awaited<ReturnType<typeof verifyPresentation>>
  readonly body: RequestBody
  readonly facts: Awaited<ReturnType<typeof factsOf>>
}

async function grantAndRelay(nation: Needs, standing: Standing, asked: Presented): Promise<OpeningAnswers> {
  const { crypto, config, now } = nation
  const { reader, item, request, staple, presented, body, facts } = asked
  const { originator, basis } = item.body
  if (basis === undefined) throw new NodeError('node/internal', 'a received item without a basis')
  const partner = statementOf(standing.trust, originator)
  const decision = standing.decider.decide(questionOf(item, facts, body.act, body.purpose, now()))
  if (!decision.permit) {
    await enterAbsence(nation, item.body.item, reader)
    throw new NodeError('node/refused', 'the own nation refuses', {
      values: { reasons: decision.reasons.map((reason) => reason.code).join(' ') },
    })
  }
  const at = now()
  const fields: GrantFields = {
    act: 'grant',
    item: body.item,
    serial: body.serial,
    statement: item.statement,
    request: presented.requestHash,
    ephemeral: ephemeralHash(crypto, body.ephemeral),
    pseudonym: presented.facts.pseudonym,
    purpose: body.purpose,
    version: decidingVersion(standing.trust, basis.agreement, at),
    expires: at + GRANT_SECONDS,
  }
  const fresh = entryFor(nation, logName(basis.agreement, originator), at, { ...fields })
  const key = `grant:${presented.requestHash}`
  const appended = await nation
    .enter({
      at,
      kind: 'grant',
      body: {
        facts: [grantedFact(presented.requestHash, { item: body.item, holderKey: toBase64Url(presented.holderKey) })],
        readings: [{ request: presented.requestHash, item: body.item, person: reader }],
      },
      entries: [fresh],
      effects: [{ effect: 'request', request: key, until: at + GRANT_SECONDS * 2 }],
      conditions: [
        { condition: 'live', item: body.item, serial: body.serial, statement: item.statement },
        ...unchanged(standing, basis.agreement),
      ],
      request: key,
      cosigned: { by: witnessName(partner.names.kas, config.realm), withinMilliseconds: COSIGN_MILLISECONDS },
    })
    .catch((error: unknown) => {
      // The grant stands, but its witness is the originator: without it there is nobody to ask.
      if (codeOf(error) !== 'node/not-cosigned') throw error
      throw new NodeError('node/partner-unreachable', 'the originator cannot be reached', { values: { nation: originator }, cause: error })
    })
  const [position] = appended.positions
  const grant = appended.repeated && position !== undefined ? await entryAt(nation, position) : fresh
  const evidence = evidenceOf(nation, grant, appended.proof ?? '')
  const answer = await nation.partners.post(
    originator,
    '/openings',
    'application/json',
    writeRelayedRequest({ request: request.compact, staple, grant: evidence }),
    {
      timeoutMilliseconds: RELAY_MILLISECONDS,
    },
  )
  if (answer.status === 503)
    throw new NodeError('node/partner-unreachable', 'the originator cannot answer now', { values: { nation: originator } })
  if (answer.status !== 200)
    throw new NodeError('node/refused', 'the originator did not take the request', { values: { reasons: 'node/partner-refused' } })
  const envelope = readAnswerEnvelope(answer.body)
  const answers = { originator: envelope as unknown as Json }
  if (item.body.keyControl !== 'both') return answers
  // A stop of the agreement may have come while the originator was asked.
  await requireUnchanged(nation, standing, basis.agreement)
  const { sealed: _, ...counterEntry } = envelope
  const sealed = await nation.keys.call('release', {
    role: 'recipient',
    request: request.compact,
    staple,
    manifest: await manifestOf(nation, item.row.container),
    entry: evidence,
    counterEntry,
  })
  await requireUnchanged(nation, standing, basis.agreement)
  return { ...answers, recipient: answerEnvelope(evidence, sealed) as unknown as Json }
}

/** A nonce of the originator's for a device key: own, or asked of the partner. */
export async function nonceFor(
  nation: Pick<Nation, 'crypto' | 'config' | 'nonceKey' | 'now' | 'partners'>,
  originator: string,
  thumbprint: string,
): Promise<string> {
  const answer = (await nation.partners.ask(originator, '/nonces', { thumbprint })) as { readonly nonce?: unknown }
  if (typeof answer.nonce !== 'string')
    throw new NodeError('node/partner-refused', 'the partner gave no nonce', { values: { nation: originator, status: 200 } })
  return answer.nonce
}
