import { AgreementError } from '@entente/agreement'
import { type Json, type Shape, type Signed, CanonicalError, codeOf, fromUtf8, readShape, shapes, utf8 } from '@entente/canonical'
import * as v from 'valibot'
import { signedRosterShape, verifyRoster } from '@entente/clearance'
import {
  type ReleaseStatement,
  ContainerError,
  cardDigest,
  checkPayloadDigest,
  readCard,
  readContainer,
  verifyContainer,
} from '@entente/container'
import {
  type InboxEnd,
  type RefusalCode,
  type VerifiedEnvelope,
  ExchangeError,
  arriveAt,
  readBody,
  readEnvelope,
  signReceipt,
  verifyEnvelope,
  verifyJoined,
} from '@entente/exchange'
import { attributesOf, toStanag4774 } from '@entente/label'
import { crc32 } from 'node:zlib'
import { NodeError } from '../errors.ts'
import type { Effect } from '../ledger/record.ts'
import type { Nation } from '../nation.ts'
import { releasingOfficers, statementOf } from '../pins.ts'
import { linkedUnder, logName, partnerOf } from '../trust.ts'
import { TurnsOf } from '../turns.ts'
import type { RecordBody } from '../store/projection.ts'
import { inAgreementTurn } from './agreement-steps.ts'
import { entryFor } from './entries.ts'
import { followAgreement } from './hold-agreement.ts'
import { linkName } from './post-envelope.ts'
import { isLifeLetter, refusalOfSeal, takeStep } from './receive-agreement.ts'
import { findItem } from './register.ts'

type Needs = Pick<
  Nation,
  | 'crypto'
  | 'config'
  | 'trust'
  | 'renewTrust'
  | 'policies'
  | 'db'
  | 'ledger'
  | 'enter'
  | 'now'
  | 'envelopes'
  | 'blobs'
  | 'partners'
  | 'notice'
  | 'wake'
>

/** What an accepted envelope changes here. */
interface Taken {
  readonly act: string
  readonly fields: Readonly<Record<string, Json>>
  readonly body: RecordBody
  readonly effects: readonly Effect[]
}

/** As much of a joined receipt as is needed to find what it is about; `verifyJoined` reads the rest. */
const joinedLeafShape: Shape<{ readonly body: { readonly leaf: string } }> = v.object({ body: v.object({ leaf: shapes.sha256 }) })

/** Turns of each link: one envelope after the other, so that a resend waits for the first and gets its receipt. */
const turns = new TurnsOf()

/**
 * Takes an envelope in: verified, its content fetched and checked, entered together with the receipt that answers it now
 * and every later time. Throws for what must not be answered with a receipt (a stranger, another chain), and where it should
 * simply come again (`node/partner-unreachable`, `node/disk-full`).
 */
export async function receiveEnvelope(
  nation: Needs,
  from: string,
  bytes: Uint8Array,
): Promise<{ readonly receipt: string } | { readonly expected: number }> {
  const { link: agreement, type: said } = readEnvelope(bytes).body
  const newest = nation.trust().agreements.get(agreement)?.at(-1)
  const isParty = newest?.body.parties.some((party) => party.nation === from) === true
  // Who was invited to become a party speaks of the agreement, and of nothing under it.
  if (!isParty && !(isLifeLetter(said) && linkedUnder(nation.trust(), agreement).includes(from)))
    throw new ExchangeError('exchange/wrong-link', 'no such link with this nation', { values: { link: agreement } })
  const envelope = await verifyEnvelope(nation.crypto, bytes, {
    realm: nation.config.realm,
    self: nation.config.nation,
    peer: from,
    link: agreement,
    peerKeys: [partnerOf(nation.trust(), from).keys.envelope],
  })
  const { type } = envelope.body
  return turns.of(nation.db).take(linkName('in', agreement, from), async () => {
    if (!isLifeLetter(type)) return takeInTurn(nation, envelope, agreement, from)
    // Before the agreement's turn, in which the own authority's notices wait.
    const refusal = type === 'agreement-seal' ? await refusalOfSeal(nation, envelope, from) : undefined
    const answer = await inAgreementTurn(nation, agreement, () => takeInTurn(nation, envelope, agreement, from, refusal))
    if (type === 'agreement-held' || type === 'agreement-notice')
      await nation.renewTrust().catch((error: unknown) => nation.notice('version/waiting', { reason: codeOf(error) }))
    await followAgreement(nation, agreement)
    return answer
  })
}

async function takeInTurn(
  nation: Needs,
  envelope: VerifiedEnvelope,
  agreement: string,
  from: string,
  refusal?: RefusalCode,
): Promise<{ readonly receipt: string } | { readonly expected: number }> {
  const link = linkName('in', agreement, from)
  const last = await nation.ledger.call('link', { link })
  const arrival = arriveAt(await inboxAt(nation, link, last, envelope.body.seq), envelope, nation.now())
  if (arrival.kind === 'gap') return { expected: arrival.expected }
  if (arrival.kind === 'duplicate') return { receipt: arrival.receipt }
  const taken = arrival.kind === 'lapsed' ? 'expired' : (refusal ?? (await take(nation, envelope, from)))
  const at = nation.now()
  const outcome = typeof taken === 'string' ? ({ outcome: 'refused', code: taken } as const) : ({ outcome: 'accepted' } as const)
  const receipt = await signReceipt(nation.crypto, envelope, { ...outcome, at }, nation.envelopes)
  const accepted: Taken = typeof taken === 'string' ? { act: 'refuse-delivery', fields: { code: taken }, body: {}, effects: [] } : taken
  const { id, body } = envelope
  const record: RecordBody = { ...accepted.body, in: [{ id, link, seq: body.seq, type: body.type, text: envelope.text, receipt }] }
  await nation.enter({
    at,
    kind: 'received',
    body: record as unknown as Json,
    entries: [entryFor(nation, logName(agreement, from), at, { act: accepted.act, envelope: id, ...accepted.fields })],
    effects: [...accepted.effects, { effect: 'link', link, seq: body.seq, id }],
    conditions: [{ condition: 'next', link, seq: body.seq, previous: last.id }],
  })
  return { receipt }
}

/** The inbox as far as this envelope needs it: the end of the chain, and what stands at its number. */
async function inboxAt(nation: Needs, link: string, last: { readonly seq: number; readonly id: string }, seq: number): Promise<InboxEnd> {
  const row = await nation.db
    .selectFrom('envelopes')
    .select(['id', 'receipt'])
    .where('link', '=', link)
    .where('direction', '=', 'in')
    .where('seq', '=', seq)
    .executeTakeFirst()
  const taken = row === undefined || row.receipt === null ? undefined : { id: row.id, receipt: fromUtf8(row.receipt) }
  return { nextSeq: last.seq + 1, lastId: last.id, taken }
}

async function take(nation: Needs, envelope: VerifiedEnvelope, from: string): Promise<Taken | RefusalCode> {
  const { type } = envelope.body
  try {
    if (isLifeLetter(type)) return await takeStep(nation, envelope, type, from)
    switch (type) {
      case 'offer':
        return await takeOffer(nation, envelope, from)
      case 'revoke':
        return await takeRevocation(nation, envelope, from)
      case 'roster':
        return await takeRoster(nation, envelope, from)
      case 'joined':
        return await takeJoined(nation, envelope)
      default:
        return 'not-understood'
    }
  } catch (error) {
    // What is wrong with the content is told by a receipt; what is wrong here and now is told by none, so that it comes again.
    const isContent = [ContainerError, CanonicalError, ExchangeError, AgreementError].some((one) => error instanceof one)
    if (isContent || (isLifeLetter(type) && error instanceof NodeError && ['node/trust', 'node/absent'].includes(error.code))) {
      nation.notice('inbox/refused', { partner: from, type, reason: codeOf(error) })
      return 'unreadable'
    }
    throw error
  }
}

async function takeOffer(nation: Needs, envelope: VerifiedEnvelope, from: string): Promise<Taken | RefusalCode> {
  const { crypto, config, trust } = nation
  const offer = readBody(envelope, 'offer')
  // A uuid is fresh for every rendition and nation: a second offer of one would put another statement in its place.
  if ((await findItem(nation, offer.item)) !== undefined || (await nation.ledger.call('item', { item: offer.item })) !== undefined)
    return 'not-permitted'
  const attachment = envelope.body.attachments.find((one) => one.sha256 === offer.container)
  if (attachment === undefined) return 'unreadable'
  if (!(await nation.blobs.has(offer.container))) await fetchContainer(nation, from, offer.item, attachment)
  const source = await nation.blobs.access(offer.container)
  try {
    const container = await readContainer(crypto, source)
    const stated = container.statement?.body
    const verified = await verifyContainer(crypto, container, {
      realm: config.realm,
      originator: from,
      recipient: config.nation,
      officers:
        stated === undefined ? [] : releasingOfficers(trust(), statementOf(trust(), from), policyFor(nation, stated.label.policy), stated),
      attributesOf: (label) => attributesOf(label, policyFor(nation, label.policy)),
      labelXmlOf: (label) => toStanag4774(label, policyFor(nation, label.policy)),
    })
    await checkPayloadDigest(crypto, verified, (bytes, crc) => crc32(bytes, crc))
    const { body, id } = verified.statement
    const card = readCard(offer.card)
    if (id !== offer.statement || body.item !== offer.item || body.serial !== offer.serial || cardDigest(crypto, card) !== body.cardDigest)
      return 'unreadable'
    // The version that was in force when it was released, at every node that knows the same entries; a clock that is a little ahead
    // counts as now. One that is not yet in force here, by the own clock or for want of a third nation's word, is taken, and listed to nobody
    // before it is: every list and opening is decided under the version that the release names, and under no other.
    const named = trust()
      .agreements.get(envelope.body.link)
      ?.find((version) => version.id === body.basis?.version)
    const next = trust()
      .agreements.get(envelope.body.link)
      ?.find((version) => version.narrowingOnly !== true && version.body.version === (named?.body.version ?? 0) + 1)
    if (body.basis?.agreement !== envelope.body.link || named === undefined) return 'not-in-force'
    if (body.released < named.since || (next !== undefined && body.released >= next.since)) return 'not-in-force'
    const signed = container.statement as Signed<ReleaseStatement>
    return {
      act: 'deliver',
      fields: { item: body.item, serial: body.serial, statement: id, container: offer.container },
      body: { items: [{ signed, statement: id, card, container: offer.container, containerSize: attachment.size }] },
      effects: [{ effect: 'item', item: body.item, serial: body.serial, statement: id, state: 'released' }],
    }
  } finally {
    await source.close()
  }
}

function policyFor(nation: Needs, id: string) {
  const policy = nation.policies.get(id)
  if (policy === undefined)
    throw new CanonicalError('canonical/shape', 'a label of an unknown policy', { values: { what: 'label', where: 'policy' } })
  return policy
}

async function fetchContainer(
  nation: Needs,
  from: string,
  item: string,
  attachment: { readonly sha256: string; readonly size: number },
): Promise<void> {
  const start = await nation.blobs.partialSize(attachment.sha256)
  try {
    await nation.blobs.receive(
      attachment.sha256,
      attachment.size,
      await nation.partners.download(from, '/containers', { item, from: start }),
    )
  } catch (cause) {
    if (cause instanceof NodeError) throw cause
    throw new NodeError('node/partner-unreachable', 'the container did not come whole', { values: { nation: from }, cause })
  }
  if (!(await nation.blobs.has(attachment.sha256)))
    throw new NodeError('node/partner-unreachable', 'the container did not come whole', { values: { nation: from } })
}

async function takeRevocation(nation: Needs, envelope: VerifiedEnvelope, from: string): Promise<Taken | RefusalCode> {
  const { item, serial, reason } = readBody(envelope, 'revoke')
  const row = await nation.db.selectFrom('items').select(['originator', 'statement', 'serial']).where('item', '=', item).executeTakeFirst()
  // An offer always comes before its stop, so what is not here was refused when it came: there is nothing to stop.
  if (row === undefined) return { act: 'recall-received', fields: { item, serial, reason }, body: {}, effects: [] }
  // Only the originator stops its own.
  if (row.originator !== from) return 'not-permitted'
  const stopped: Effect = { effect: 'item', item, serial, statement: row.statement, state: 'stopped' }
  return { act: 'recall-received', fields: { item, serial, reason }, body: { stops: [item] }, effects: [stopped] }
}

async function takeRoster(nation: Needs, envelope: VerifiedEnvelope, from: string): Promise<Taken | RefusalCode> {
  const signed = readShape(signedRosterShape, envelope.body.body, 'roster')
  const roster = await verifyRoster(nation.crypto, nation.config.realm, signed, statementOf(nation.trust(), from).keys.status)
  if (roster.nation !== from || roster.agreement !== envelope.body.link) return 'not-permitted'
  return {
    act: 'roster-received',
    fields: { number: roster.number },
    body: { facts: [{ name: `roster:${roster.agreement}:${from}`, value: JSON.stringify(signed) }] },
    effects: [],
  }
}

async function takeJoined(nation: Needs, envelope: VerifiedEnvelope): Promise<Taken | RefusalCode> {
  const signed = readBody(envelope, 'joined')
  const { leaf } = readShape(joinedLeafShape, signed, 'joined').body
  const row = await nation.db.selectFrom('openings').selectAll().where('leaf', '=', leaf).executeTakeFirst()
  if (row === undefined) return 'not-permitted'
  const { outcome } = await verifyJoined(nation.crypto, utf8(JSON.stringify(signed)), {
    realm: nation.config.realm,
    holderKey: Uint8Array.fromBase64(row.holder_key, { alphabet: 'base64url' }),
    request: row.request,
    leaf,
  })
  // What was not opened by this request is not received by it; the link's order puts the opening first.
  if (outcome === 'acknowledged' && row.outcome !== 'opened') return 'not-permitted'
  return {
    act: 'joined',
    fields: { item: row.item, request: row.request, opening: leaf, outcome },
    body: { joined: [{ leaf, outcome }] },
    effects: [],
  }
}
