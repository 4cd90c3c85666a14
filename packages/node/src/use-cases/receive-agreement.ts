import { noticeId, verifyNotice } from '@entente/agreement'
import { type Json, canonicalText, codeOf } from '@entente/canonical'
import {
  type RefusalCode,
  type VerifiedEnvelope,
  ExchangeError,
  foldLife,
  initialOf,
  negotiatorKeys,
  checkNotice,
  readHeld,
  readSeal,
  verifyHeld,
  verifyNegotiation,
} from '@entente/exchange'
import type { Effect } from '../ledger/record.ts'
import type { Nation } from '../nation.ts'
import { statementOf } from '../pins.ts'
import type { RecordBody } from '../store/projection.ts'
import { type LifeNeeds, lifeOf, noticeIn, signedVersions, stepOf as stepById, versionOfNotice } from './agreement-steps.ts'
import { checkInvariants } from './check-invariants.ts'
import { isStop, noticeFields, noticeStep } from './give-notice.ts'
import { checkBody, fieldsOf, stepOf } from './negotiate-agreement.ts'
import { sealFields, sealStep, verifySeal } from './seal-agreement.ts'

type Needs = LifeNeeds & Pick<Nation, 'policies' | 'now' | 'notice'>

/** What an accepted letter on an agreement changes here. */
export interface TakenStep {
  readonly act: string
  readonly fields: Readonly<Record<string, Json>>
  readonly body: RecordBody
  readonly effects: readonly Effect[]
}

/** Letters that speak of an agreement's own life. */
export const LIFE_LETTERS = ['agreement-act', 'agreement-seal', 'agreement-held', 'agreement-notice'] as const
export type LifeLetter = (typeof LIFE_LETTERS)[number]

/** Whether an envelope is one of these. */
export function isLifeLetter(type: string): type is LifeLetter {
  return (LIFE_LETTERS as readonly string[]).includes(type)
}

/**
 * Takes a partner's step in: verified against its own keys, and in its turn; one out of turn is refused and changes nothing, and one that
 * overtook a third nation's waits for that (spec/agreement.md 8). Throws what makes the body unreadable (`ExchangeError`, `CanonicalError`, `AgreementError`).
 */
export async function takeStep(
  nation: Needs,
  envelope: VerifiedEnvelope,
  type: LifeLetter,
  from: string,
): Promise<TakenStep | RefusalCode> {
  try {
    switch (type) {
      case 'agreement-act':
        return await takeAct(nation, envelope, from)
      case 'agreement-seal':
        return await takeSeal(nation, envelope, from)
      case 'agreement-held':
        return await takeHeld(nation, envelope, from)
      case 'agreement-notice':
        return await takeNotice(nation, envelope, from)
      default:
        return type satisfies never
    }
  } catch (error) {
    if (!(error instanceof ExchangeError) || !error.code.startsWith('exchange/life-')) throw error
    nation.notice('inbox/refused', { partner: from, type, reason: error.code })
    return 'not-permitted'
  }
}

async function takeAct(nation: Needs, { body: { body, link, at } }: VerifiedEnvelope, from: string): Promise<TakenStep> {
  const { crypto, config, trust, now } = nation
  const verified = await verifyNegotiation(crypto, body, {
    realm: config.realm,
    nation: from,
    agreement: link,
    // Whoever negotiated when it was written, by either clock: the letter may have waited.
    negotiators: negotiatorKeys(statementOf(trust(), from), Math.min(at, now())),
  })
  checkBody(nation, verified.act)
  foldLife(crypto, await lifeOf(nation, link), { step: 'act', id: verified.id, act: verified.act })
  const fields = fieldsOf(verified)
  return { act: `${fields.act}-received`, fields, body: { agreements: [stepOf(verified)] }, effects: [] }
}

async function takeSeal(nation: Needs, { body: { body, link } }: VerifiedEnvelope, from: string): Promise<TakenStep> {
  const seal = readSeal(body, { realm: nation.config.realm, agreement: link })
  const life = await lifeOf(nation, link)
  const { number, proposal, signature } = seal
  foldLife(nation.crypto, life, { step: 'seal', nation: from, number, proposal, keyId: signature.keyId })
  const sealed = life.proposals.get(proposal)
  if (sealed === undefined) throw new ExchangeError('exchange/life-unknown', 'no such proposal')
  await verifySeal(nation, life, sealed, seal)
  return { act: 'agreement-seal-received', fields: sealFields(seal), body: { agreements: [sealStep(from, seal)] }, effects: [] }
}

/**
 * Why a partner's seal is refused before it is looked at: it is on a version of which an invariant does not hold. Only what the own nation
 * initialled is proved, so that nobody else's texts take this node's time. Throws `node/invariant-unproven`: the letter comes again.
 */
export async function refusalOfSeal(
  nation: Needs,
  { body: { body, link } }: VerifiedEnvelope,
  from: string,
): Promise<RefusalCode | undefined> {
  try {
    const { proposal: id, number } = readSeal(body, { realm: nation.config.realm, agreement: link })
    const life = await lifeOf(nation, link)
    const proposal = life.proposals.get(id)
    if (proposal !== undefined && initialOf(life, number, life.self) === id) await checkInvariants(nation, proposal)
    return undefined
  } catch (error) {
    const reason = codeOf(error)
    if (reason === 'node/invariant-unproven') throw error
    if (reason !== 'node/invariant-refuted') return undefined
    nation.notice('inbox/refused', { partner: from, type: 'agreement-seal', reason })
    return 'not-permitted'
  }
}

async function takeHeld(nation: Needs, { body: { body, link } }: VerifiedEnvelope, from: string): Promise<TakenStep | RefusalCode> {
  const { crypto, config, trust } = nation
  const held = readHeld(body, config.realm)
  const { agreement, number, version, of, partner } = held
  if (agreement !== link || of !== from || partner !== config.nation) return 'not-permitted'
  // Its last signature may come by another link, after this word: then the word counts with it.
  const known = (await signedVersions(nation, agreement)).some((one) => one.id === version && one.body.version === number)
  if (!known) return 'not-permitted'
  await verifyHeld(crypto, trust(), held)
  const step = {
    id: `proof:${version}:${of}:${partner}`,
    agreement,
    kind: 'proof',
    nation: of,
    number,
    proposal: version,
    document: canonicalText(held as unknown as Json),
  } as const
  const fields = { number, version }
  return { act: 'agreement-held-received', fields, body: { agreements: [step] }, effects: [{ effect: 'agreement', agreement }] }
}

async function takeNotice(nation: Needs, { body: { body, link } }: VerifiedEnvelope, from: string): Promise<TakenStep | RefusalCode> {
  const { crypto, trust } = nation
  const signed = noticeIn(body)
  const { body: notice } = signed
  if (notice.agreement !== link || notice.nation !== from) return 'not-permitted'
  const versions = await signedVersions(nation, link)
  const version = versionOfNotice(nation, signed, versions)
  await verifyNotice(crypto, signed, version)
  const id = noticeId(crypto, notice)
  if ((await stepById(nation, id)) !== undefined) throw new ExchangeError('exchange/life-repeated', 'the notice was taken before')
  if (!isStop(notice)) checkNotice(versions, trust().notices.get(link) ?? [], notice)
  const { act, ...fields } = noticeFields(id, notice)
  return {
    act: `${act}-received`,
    fields,
    body: { agreements: [noticeStep(id, signed, version.body.version)] },
    effects: [{ effect: 'agreement', agreement: link }],
  }
}
