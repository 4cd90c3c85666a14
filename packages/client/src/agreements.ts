import {
  type Agreement,
  type AgreementNotice,
  type KnownNotice,
  agreementDomain,
  agreementId,
  agreementShape,
  noticeId,
  readSignedNotice,
  signNotice,
} from '@entente/agreement'
import {
  type HybridSignature,
  type HybridSigner,
  type Json,
  type Shape,
  type Signed,
  canonicalText,
  keyIdOf,
  shapes,
  signHybrid,
  signedShape,
  signingBytes,
  utf8,
} from '@entente/canonical'
import { type RosterStatement, rosterShape } from '@entente/clearance'
import { type Holding, holdingShape } from './holdings.ts'
import { type NegotiationAct, signNegotiation } from '@entente/exchange'
import * as v from 'valibot'
import { ClientError } from './errors.ts'
import type { Client } from './pins.ts'

/** A key of an authority, by its id. */
export interface KeyLine {
  readonly nation: string
  readonly keyId: string
}

/** A version that was proposed, as lists show it. */
export interface ProposalLine {
  readonly id: string
  readonly agreement: string
  readonly number: number
  readonly nation: string
  readonly at: number
  readonly state: ProposalStateName
  readonly answers?: string
  readonly initialled: readonly string[]
  readonly seals: readonly KeyLine[]
  readonly missing: readonly KeyLine[]
  readonly acts: number
}

const PROPOSAL_STATES = ['proposed', 'answered', 'initialled', 'settled', 'sealed', 'held', 'in-force', 'superseded'] as const
export type ProposalStateName = (typeof PROPOSAL_STATES)[number]

/** What was said of a proposal; nothing of it is believed to be its nation's word before `signed` is verified. */
export interface SaidLine {
  readonly id: string
  readonly act: NegotiationAct['act']
  readonly nation: string
  readonly at: number
  readonly officer?: string
  /** Of an own person, where the node knows them. */
  readonly officerNames?: { readonly en: string; readonly ja: string }
  readonly text?: string
  readonly article?: string
  readonly signed: Json
}

/** One proposal with its body, which hashes to its id. */
export interface ProposalView extends ProposalLine {
  readonly body: Agreement
  readonly said: readonly SaidLine[]
}

/** A version, and how it stands at the time that was asked about. */
export interface VersionLine {
  readonly id: string
  readonly number: number
  readonly state: 'to-come' | 'narrowing' | 'in-force' | 'ended'
  readonly since?: number
  readonly signed: Signed<Agreement>
  readonly held: readonly { readonly nation: string; readonly at: number }[]
}

/** A notice with the signatures that it has. */
export interface NoticeLine {
  readonly id: string
  readonly state: 'waiting' | 'to-come' | 'acting' | 'resumed'
  readonly signed: Signed<AgreementNotice>
  readonly missing: readonly KeyLine[]
}

/** An agreement at a time, as the own node sees it. */
export interface AgreementView {
  readonly agreement: string
  readonly state: 'in-force' | 'suspended' | 'ended' | 'none'
  readonly inForce?: string
  readonly versions: readonly VersionLine[]
  readonly notices: readonly NoticeLine[]
}

const text = v.pipe(v.string(), v.maxLength(4_096))
const keyLine = v.object({ nation: shapes.nation, keyId: shapes.sha256 })
const lineMembers = {
  id: shapes.sha256,
  agreement: text,
  number: shapes.natural,
  nation: shapes.nation,
  at: shapes.instant,
  state: v.picklist(PROPOSAL_STATES),
  answers: v.exactOptional(shapes.sha256),
  initialled: v.array(shapes.nation),
  seals: v.array(keyLine),
  missing: v.array(keyLine),
  acts: shapes.natural,
}
const proposalsShape: Shape<{ readonly proposals: readonly ProposalLine[] }> = v.object({
  proposals: v.array(v.object(lineMembers)),
}) as never
const proposalShape: Shape<ProposalView> = v.object({
  ...lineMembers,
  body: agreementShape,
  said: v.array(
    v.object({
      id: shapes.sha256,
      act: v.picklist(['propose', 'counter', 'comment', 'initial']),
      nation: shapes.nation,
      at: shapes.instant,
      officer: v.exactOptional(text),
      officerNames: v.exactOptional(v.object({ en: text, ja: text })),
      text: v.exactOptional(text),
      article: v.exactOptional(text),
      signed: shapes.json,
    }),
  ),
}) as never
const noticeShape = v.pipe(
  shapes.json,
  v.transform((document) => readSignedNotice(utf8(canonicalText(document)))),
)
const agreementsShape: Shape<{ readonly at: number; readonly agreements: readonly AgreementView[] }> = v.object({
  at: shapes.instant,
  agreements: v.array(
    v.object({
      agreement: text,
      state: v.picklist(['in-force', 'suspended', 'ended', 'none']),
      inForce: v.exactOptional(shapes.sha256),
      versions: v.array(
        v.object({
          id: shapes.sha256,
          number: shapes.natural,
          state: v.picklist(['to-come', 'narrowing', 'in-force', 'ended']),
          since: v.exactOptional(shapes.instant),
          signed: signedShape(agreementShape, 256),
          held: v.array(v.object({ nation: shapes.nation, at: shapes.instant })),
        }),
      ),
      notices: v.array(
        v.object({
          id: shapes.sha256,
          state: v.picklist(['waiting', 'to-come', 'acting', 'resumed']),
          signed: noticeShape,
          missing: v.array(keyLine),
        }),
      ),
    }),
  ),
}) as never
const negotiatedShape: Shape<{ readonly id: string; readonly proposal: string; readonly state: string }> = v.object({
  id: shapes.sha256,
  proposal: shapes.sha256,
  state: text,
})
const sealedShape: Shape<{ readonly proposal: string; readonly state: string; readonly missing: readonly KeyLine[] }> = v.object({
  proposal: shapes.sha256,
  state: text,
  missing: v.array(keyLine),
})
const noticedShape: Shape<{ readonly id: string; readonly state: 'waiting' | 'accepted'; readonly missing: readonly KeyLine[] }> = v.object(
  {
    id: shapes.sha256,
    state: v.picklist(['waiting', 'accepted']),
    missing: v.array(keyLine),
  },
)
const rostersShape: Shape<{ readonly rosters: readonly RosterStatement[] }> = v.object({ rosters: v.array(rosterShape) })
const holdingsShape: Shape<{ readonly holdings: readonly Holding[] }> = v.object({ holdings: v.array(holdingShape) }) as never

/** What signing an act needs; `negotiator` is the device's key. */
export type Negotiating = Pick<Client, 'crypto' | 'api' | 'pins' | 'now'> & { readonly negotiator: HybridSigner }

/** Every agreement as it stands at `at` (now if absent), on the word of the own node. */
export async function listAgreements({ api }: Pick<Client, 'api'>, at?: number): Promise<readonly AgreementView[]> {
  return (await api.get(`/api/agreements${at === undefined ? '' : `?at=${at}`}`, agreementsShape)).agreements
}

/** Every proposal, the latest first. */
export async function listProposals({ api }: Pick<Client, 'api'>): Promise<readonly ProposalLine[]> {
  return (await api.get('/api/agreements/proposals', proposalsShape)).proposals
}

/** One proposal; its body is the one that its id names. Throws `client/absent`, `client/answer-malformed`. */
export async function readProposal({ crypto, api }: Pick<Client, 'crypto' | 'api'>, id: string): Promise<ProposalView> {
  const proposal = await api.get(`/api/agreements/proposals/${id}`, proposalShape)
  if (proposal.id !== id || agreementId(crypto, proposal.body) !== id)
    throw new ClientError('client/answer-malformed', 'the node gave another body than was asked for', { values: { why: 'proposal' } })
  return proposal
}

/** What the caller may list, for a difference to place. */
export async function listHoldings({ api }: Pick<Client, 'api'>): Promise<readonly Holding[]> {
  return (await api.get('/api/agreements/holdings', holdingsShape)).holdings
}

/** How many readers each nation has, as it last told its partners. Throws `client/absent` for somebody who does not weigh agreements. */
export async function listRosters({ api }: Pick<Client, 'api'>): Promise<readonly RosterStatement[]> {
  return (await api.get('/api/agreements/rosters', rostersShape)).rosters
}

/** Proposes a body; with `answers` as a counter-proposal to that one. Gives its id. */
export async function proposeAgreement(client: Negotiating, body: Agreement, answers?: string): Promise<string> {
  const head = { body, ...headOf(client, body, agreementId(client.crypto, body)) }
  const act: NegotiationAct = answers === undefined ? { act: 'propose', ...head } : { act: 'counter', ...head, answers }
  return (await sendAct(client, act)).proposal
}

/** Says something of a proposal, or of one of its articles. */
export async function commentProposal(
  client: Negotiating,
  id: string,
  comment: { readonly text: string; readonly article?: string },
): Promise<void> {
  const { body } = await readProposal(client, id)
  await sendAct(client, { act: 'comment', ...headOf(client, body, id), ...comment })
}

/** Settles the text for the own nation. Gives the proposal's state after it. */
export async function initialProposal(client: Negotiating, id: string): Promise<string> {
  const { body } = await readProposal(client, id)
  return (await sendAct(client, { act: 'initial', ...headOf(client, body, id) })).state
}

function headOf({ pins, now }: Negotiating, body: Agreement, proposal: string) {
  const { realm, nation } = pins.trust.anchors
  return { realm, agreement: body.agreement, nation, number: body.version, proposal, at: now() }
}

async function sendAct({ crypto, api, negotiator }: Negotiating, act: NegotiationAct) {
  return api.post('/api/agreements/acts', { signed: await signNegotiation(crypto, act, negotiator) }, negotiatedShape)
}

/** What a signatory needs; `authority` is the key of the authority that this person holds. */
export type Signing = Pick<Client, 'crypto' | 'api' | 'pins' | 'now'> & { readonly authority: HybridSigner }

/**
 * Signs a proposal with one of the authority's keys: the body that this device read and hashed, and that continues the newest version that
 * it trusts. Throws `client/trust` for any other.
 */
export async function sealProposal(
  client: Signing,
  id: string,
): Promise<{ readonly proposal: string; readonly state: string; readonly missing: readonly KeyLine[] }> {
  const { crypto, api, pins, authority } = client
  const { body } = await readProposal(client, id)
  const newest = pins.trust.agreements.get(body.agreement)?.findLast((version) => version.body.version < body.version)
  if (body.realm !== pins.trust.anchors.realm || newest === undefined || body.previous !== newest.id)
    throw new ClientError('client/trust', 'the proposal continues nothing that this device trusts', {
      values: { reason: 'agreement/chain-previous' },
    })
  const message = signingBytes(agreementDomain(body.realm), body as unknown as Json)
  const signature: HybridSignature = await signHybrid(crypto, authority, message)
  return api.post('/api/agreements/seals', { proposal: id, signature }, sealedShape)
}

/** What a notice says; `of` names the suspension that is resumed from. Both times in seconds; it acts at once if none is given. */
export interface NoticeWish {
  readonly agreement: string
  readonly notice: AgreementNotice['notice']
  readonly version?: string
  readonly of?: string
  readonly effectiveAt?: number
}

/**
 * Gives notice with one of the authority's keys. Where the first person of the authority has given the same one, this adds the second
 * signature to it; otherwise it begins one. Throws `client/absent` where there is no version to speak of.
 */
export async function giveNotice(
  client: Signing,
  wish: NoticeWish,
): Promise<{ readonly id: string; readonly state: 'waiting' | 'accepted'; readonly missing: readonly KeyLine[] }> {
  const { crypto, api, pins, now, authority } = client
  const { realm, nation } = pins.trust.anchors
  const waiting = (await waitingFor(client, wish))?.signed.body
  const at = now()
  const version = wish.version ?? pins.trust.agreements.get(wish.agreement)?.findLast((one) => one.narrowingOnly !== true)?.id
  if (version === undefined) throw new ClientError('client/absent', 'no version to speak of')
  const fresh: AgreementNotice = {
    agreement: wish.agreement,
    realm,
    version,
    nation,
    notice: wish.notice,
    ...(wish.of === undefined ? {} : { of: wish.of }),
    at,
    effectiveAt: Math.max(wish.effectiveAt ?? at, at),
  }
  return api.post('/api/agreements/notices', { signed: await signNotice(crypto, waiting ?? fresh, authority) }, noticedShape)
}

/** The own authority's notice of this kind that lacks this person's signature, if there is one. */
async function waitingFor({ crypto, api, authority }: Signing, { agreement, notice, of }: NoticeWish): Promise<NoticeLine | undefined> {
  const own = keyIdOf(crypto, authority.publicKey)
  const found = (await listAgreements({ api })).find((one) => one.agreement === agreement)
  return found?.notices.find(
    ({ state, signed: { body }, missing, id }) =>
      state === 'waiting' &&
      body.notice === notice &&
      (of === undefined || body.of === of) &&
      id === noticeId(crypto, body) &&
      missing.some(({ keyId }) => keyId === own),
  )
}

/** The suspension of an agreement that is in effect, if one is: what a resumption names. */
export async function suspensionOf(client: Pick<Client, 'api'>, agreement: string): Promise<KnownNotice['id'] | undefined> {
  const found = (await listAgreements(client)).find((one) => one.agreement === agreement)
  return found?.notices.findLast(({ state, signed }) => signed.body.notice === 'suspend' && (state === 'acting' || state === 'to-come'))?.id
}
