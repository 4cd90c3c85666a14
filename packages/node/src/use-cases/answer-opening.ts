import { type Json, toBase64Url, toHex, codeOf } from '@entente/canonical'
import {
  type ParsedPresentation,
  type VerifiedPresentation,
  parsePresentation,
  shapedStaple,
  readUnverified,
  verifyPresentation,
} from '@entente/clearance'
import type { Decision, Question } from '@entente/decision'
import {
  type AnswerContext,
  type EntryEvidence,
  type RequestBody,
  NO_AGREEMENT,
  RELAY_VISIBLE,
  checkNonce,
  ephemeralHash,
  proveEntry,
  readRelayedRequest,
  readRequestBody,
  requireFields,
  writeAnswerEnvelope,
} from '@entente/exchange'
import { NodeError } from '../errors.ts'
import { evidenceChecks, requireWhole } from '../keys/unwrap.ts'
import type { Condition, Effect, RecordEntry } from '../ledger/record.ts'
import type { Standing } from '../living-trust.ts'
import type { Nation } from '../nation.ts'
import { HOME_AGREEMENT, issuerOf, linkPolicy, statementOf } from '../pins.ts'
import { HOME_LOG, agreementAt, logName, partnersIn, secondWitnessName, witnessName } from '../trust.ts'
import { decidedAnew, decidingVersion, requireUnchanged, unchanged } from './agreement-moves.ts'
import { entryAt, entryFor, evidenceOf, leafHashOf } from './entries.ts'
import { type RegisteredItem, findItem, questionOf } from './register.ts'
import { manifestOf } from './manifest.ts'

/** How long a nonce and a key binding live, and how far two nations' clocks may be apart, in seconds. */
const BINDING_SECONDS = 60
const SKEW_SECONDS = 30
/** How long an opening waits for the cosignature before it counts as not to be had. */
export const COSIGN_MILLISECONDS = 8_000
const SECONDS_A_DAY = 86_400

type Needs = Pick<
  Nation,
  | 'crypto'
  | 'config'
  | 'trust'
  | 'standing'
  | 'renewTrust'
  | 'db'
  | 'keys'
  | 'enter'
  | 'ledger'
  | 'now'
  | 'nonceKey'
  | 'itemKeys'
  | 'blobs'
  | 'notice'
>

/** A request on its way through the originator's checks: everything in it was verified. */
interface Checked {
  /** Nation of the reader. */
  readonly from: string
  readonly request: string
  readonly staple: Json
  readonly presented: VerifiedPresentation
  readonly body: RequestBody
  /** Hash of its key E. */
  readonly ephemeral: string
  readonly rememberNonceUntil: number
  readonly nonce: string
  readonly grant?: EntryEvidence
  readonly grantHash?: string
  readonly purpose: string
  /** The agreement of the link, and the version by which the reader's nation decided; absent for an own reader. */
  readonly agreement?: { readonly name: string; readonly version: unknown }
  /** The own person who asked; absent for a partner's, who is a pseudonym here. */
  readonly reader?: string
}

/** Answers a request that a partner's node relays (6-key-release, step 5): the originator decides last. */
export async function answerRelayedOpening(nation: Needs, from: string, bytes: Uint8Array): Promise<Uint8Array> {
  const relayed = readRelayedRequest(bytes)
  const request = parsePresentation(nation.crypto, relayed.request)
  const text = request.keyBinding.payload.requestBody
  if (text === undefined) throw new NodeError('node/refused', 'no agreement with this nation')
  const body = readRequestBody(text)
  const agreement = agreementWith(nation, from, body)
  const checked = await checkRequest(nation, from, request, body, relayed.staple, agreement)
  const { realm } = nation.config
  const policy = linkPolicy(nation.crypto, nation.trust(), agreement, from, nation.config.nation)
  requireWhole(relayed.grant)
  const grant = await proveEntry(nation.crypto, relayed.grant, realm, policy, evidenceChecks(nation.crypto))
  requireFields(
    grant,
    {
      act: 'grant',
      item: checked.body.item,
      serial: checked.body.serial,
      statement: checked.body.statement,
      request: checked.presented.requestHash,
      ephemeral: checked.ephemeral,
      pseudonym: checked.presented.facts.pseudonym,
      purpose: checked.body.purpose,
    },
    'exchange/counter-entry-mismatch',
  )
  if (Math.abs(nation.now() - grant.at) > BINDING_SECONDS + SKEW_SECONDS)
    throw new NodeError('node/clock', 'the grant is of another minute', {
      values: { seconds: Math.abs(nation.now() - grant.at), limit: BINDING_SECONDS },
    })
  return decideAndAnswer(
    nation,
    { ...checked, grant: relayed.grant, grantHash: grant.leafHash, agreement: { name: agreement, version: grant.fields['version'] } },
    logName(agreement, from),
    witnessName(statementOf(nation.trust(), from).names.kas, realm),
  )
}

/** Answers an own reader's request for an own item: home log, own second witness, no link. */
export async function answerOwnOpening(
  nation: Needs,
  reader: string,
  request: ParsedPresentation,
  body: RequestBody,
  staple: Json,
): Promise<Uint8Array> {
  const checked = await checkRequest(nation, nation.config.nation, request, body, staple, HOME_AGREEMENT)
  return decideAndAnswer(nation, { ...checked, reader }, HOME_LOG, secondWitnessName(nation.config.names.kas, nation.config.realm))
}

function agreementWith(nation: Needs, from: string, { basis }: RequestBody): string {
  const agreement = basis?.agreement
  // Only names the log and the kind of credential; what the item rests on is read from the register.
  const version = agreement === undefined ? undefined : agreementAt(nation.trust(), agreement, nation.now())
  if (version === undefined || !partnersIn(version.body, nation.config.nation).includes(from))
    throw new NodeError('node/refused', 'no agreement with this nation')
  return version.body.agreement
}

/** K's signature, credential, status, nonce. What fails here is no entry: nobody has signed for it yet. `body` as read from the request. */
async function checkRequest(
  nation: Needs,
  from: string,
  request: ParsedPresentation,
  body: RequestBody,
  staple: Json,
  agreement: string,
): Promise<Checked> {
  const { crypto, config, now } = nation
  const unverified = readUnverified(crypto, request)
  const nonce = unverified.nonce ?? ''
  const { rememberUntil } = checkNonce(
    crypto,
    nation.nonceKey,
    { realm: config.realm, recipient: from, thumbprint: unverified.holderThumbprint },
    nonce,
    now(),
  )
  const presented = await verifyPresentation(crypto, request, {
    realm: config.realm,
    agreement,
    originator: config.nation,
    audience: config.names.node,
    nonce,
    issuers: [issuerOf(statementOf(nation.trust(), from))],
    staple: shapedStaple(staple),
    now: now(),
    maxKeyBindingAgeSeconds: BINDING_SECONDS,
    clockSkewSeconds: SKEW_SECONDS,
  })
  if (body.realm !== config.realm) throw new NodeError('node/wrong-realm', 'a request of another realm', { values: { realm: body.realm } })
  if (now() >= body.expires)
    throw new NodeError('node/clock', 'the request has expired', { values: { seconds: now() - body.expires, limit: 0 } })
  const ephemeral = ephemeralHash(crypto, body.ephemeral)
  return {
    from,
    request: request.compact,
    staple,
    presented,
    body,
    ephemeral,
    rememberNonceUntil: rememberUntil,
    nonce,
    purpose: body.purpose,
  }
}

async function decideAndAnswer(nation: Needs, checked: Checked, log: string, witness: string): Promise<Uint8Array> {
  return decidedAnew(nation, (standing) => decideBy(nation, standing, checked, log, witness))
}

async function decideBy(nation: Needs, standing: Standing, checked: Checked, log: string, witness: string): Promise<Uint8Array> {
  const item = await findItem(nation, checked.body.item)
  const decision = decideOn(nation, standing, checked, item)
  if (decision.permit && item !== undefined) {
    try {
      return await permit(nation, standing, checked, item, decision, log, witness)
    } catch (error) {
      // A stop, a spent nonce or a limit that came between deciding and entering: the sequencer has the last word.
      const code = codeOf(error)
      if (!['node/item-stopped', 'node/nonce-spent', 'node/limit'].includes(code)) throw error
      return refuse(nation, checked, [code], log, witness)
    }
  }
  return refuse(nation, checked, decision.permit ? ['decision/no-grant'] : decision.reasons.map((reason) => reason.code), log, witness)
}

function decideOn(nation: Needs, standing: Standing, checked: Checked, item: RegisteredItem | undefined): Decision {
  const absent: Decision = { permit: false, reasons: [{ code: 'decision/no-grant', values: {} }] }
  if (item === undefined) return absent
  const { agreement } = checked
  // Both nations decide by one version, or nobody does (spec/agreement.md 8).
  if (agreement !== undefined && decidingVersion(standing.trust, agreement.name, nation.now()) !== agreement.version) {
    return {
      permit: false,
      reasons: [{ code: 'decision/agreement-not-in-force', values: { agreement: agreement.name, at: nation.now() } }],
    }
  }
  const { body } = item
  const same = body.serial === checked.body.serial && item.statement === checked.body.statement
  if (!same || body.originator !== nation.config.nation || body.recipient !== checked.from) return absent
  const question: Question = questionOf(
    item,
    { ...checked.presented.facts, purpose: checked.purpose },
    checked.body.act,
    checked.purpose,
    nation.now(),
  )
  return standing.decider.decide(question)
}

async function permit(
  nation: Needs,
  standing: Standing,
  checked: Checked,
  item: RegisteredItem,
  decision: Decision & { permit: true },
  log: string,
  witness: string,
): Promise<Uint8Array> {
  const at = nation.now()
  const day = Math.floor(at / SECONDS_A_DAY)
  const fields = {
    ...commonFields(nation, checked),
    act: 'open',
    decision: 'permit',
    articles: decision.articles.map((one) => `${one.agreement} ${one.article} ${one.grant}`).sort(),
  }
  const entry = entryFor(nation, log, at, fields)
  const limits = item.body.basis === undefined ? undefined : agreementAt(nation.trust(), item.body.basis.agreement, at).body.limits
  const person = `person:${checked.from}:${checked.presented.facts.pseudonym}`
  const people = `nation:${checked.from}`
  const conditions: Condition[] = [
    { condition: 'live', item: item.body.item, serial: item.body.serial, statement: item.statement },
    { condition: 'unspent', nonce: checked.nonce },
    ...unchanged(standing, item.body.basis?.agreement),
    ...(limits === undefined
      ? []
      : ([
          { condition: 'below', key: person, day, limit: limits.openingsPerPersonPerDay },
          { condition: 'below', key: people, day, limit: limits.openingsPerNationPerDay },
        ] as const)),
  ]
  const request = `open:${checked.presented.requestHash}`
  const effects: Effect[] = [
    { effect: 'spend', nonce: checked.nonce, until: checked.rememberNonceUntil },
    { effect: 'request', request, until: at + BINDING_SECONDS * 2 },
    ...(limits === undefined
      ? []
      : ([
          { effect: 'count', key: person, day },
          { effect: 'count', key: people, day },
        ] as const)),
  ]
  const opening = {
    leaf: leafHashOf(nation, entry),
    request: checked.presented.requestHash,
    item: item.body.item,
    holderKey: toBase64Url(checked.presented.holderKey),
  }
  const appended = await nation.enter({
    at,
    kind: 'open',
    body: {
      openings: [opening],
      ...(checked.reader === undefined
        ? {}
        : { readings: [{ request: checked.presented.requestHash, item: item.body.item, person: checked.reader }] }),
    },
    entries: [entry],
    effects,
    conditions,
    request,
    cosigned: { by: witness, withinMilliseconds: COSIGN_MILLISECONDS },
  })
  const [position] = appended.positions
  const entered = appended.repeated && position !== undefined ? await entryAt(nation, position) : entry
  const proof = appended.proof ?? ''
  const sealedItemKey = await nation.itemKeys.find(item.body.item)
  // Destroyed by a stop that came after the entry was made.
  if (sealedItemKey === undefined) throw new NodeError('node/item-stopped', 'the item has no key any more')
  const sealed = await nation.keys.call('release', {
    role: 'originator',
    request: checked.request,
    staple: checked.staple,
    manifest: await manifestOf(nation, item.row.container),
    entry: evidenceOf(nation, entered, proof),
    ...(checked.grant === undefined ? {} : { counterEntry: checked.grant }),
    sealedItemKey,
  })

  // A stop may have become durable while cosignature and sealing were under way: from that moment no key leaves (P3).
  const now = await nation.ledger.call('item', { item: item.body.item })
  if (now === undefined || now.stopped) throw new NodeError('node/item-stopped', 'the item stopped while its key was being sealed')
  await requireUnchanged(nation, standing, item.body.basis?.agreement)
  return writeAnswerEnvelope(evidenceOf(nation, entered, proof, RELAY_VISIBLE), sealed)
}

async function refuse(nation: Needs, checked: Checked, reasons: readonly string[], log: string, witness: string): Promise<Uint8Array> {
  const at = nation.now()
  // The same fields as an opening has, so that their number says nothing; the reasons stand where articles would.
  const entry: RecordEntry = entryFor(nation, log, at, {
    ...commonFields(nation, checked),
    act: 'refuse',
    decision: 'refuse',
    articles: [...new Set(reasons)].sort(),
  })
  const { proof } = await nation.enter({
    at,
    kind: 'refuse',
    body: {},
    entries: [entry],
    effects: [{ effect: 'spend', nonce: checked.nonce, until: checked.rememberNonceUntil }],
    conditions: [],
    cosigned: { by: witness, withinMilliseconds: COSIGN_MILLISECONDS },
  })
  const evidence = evidenceOf(nation, entry, proof ?? '')
  const context: AnswerContext = {
    realm: nation.config.realm,
    // INVARIANT: what the client took the basis for, never what the register has: under the version of an item that somebody
    // else was given, the answer would be unreadable and so tell that the item exists (spec/leaks.md). For an item of theirs the
    // two are one, or the statement that the client verified was not ours.
    version: checked.body.basis?.version ?? NO_AGREEMENT,
    statement: checked.body.statement,
    request: checked.presented.requestHash,
    leaf: leafHashOf(nation, entry),
    ephemeral: checked.ephemeral,
    role: 'originator',
  }
  const sealed = await nation.keys.call('refuse', { ephemeral: checked.body.ephemeral, opening: evidence.opening, context })
  return writeAnswerEnvelope(evidenceOf(nation, entry, proof ?? '', RELAY_VISIBLE), sealed)
}

function commonFields(nation: Needs, checked: Checked): Record<string, Json> {
  const { body, presented, ephemeral } = checked
  return {
    item: body.item,
    serial: body.serial,
    statement: body.statement,
    request: presented.requestHash,
    ephemeral,
    pseudonym: presented.facts.pseudonym,
    level: presented.facts.clearance ?? 'undisclosed',
    purpose: body.purpose,
    version: checked.agreement === undefined ? NO_AGREEMENT : decidingVersion(nation.trust(), checked.agreement.name, nation.now()),
    grant: checked.grantHash ?? toHex(new Uint8Array(32)),
  }
}
