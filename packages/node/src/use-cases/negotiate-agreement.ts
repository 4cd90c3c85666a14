import { checkAnchors, validateAgreement } from '@entente/agreement'
import type { Json } from '@entente/canonical'
import {
  type NegotiationAct,
  type ProposalState,
  type VerifiedNegotiation,
  foldLife,
  negotiatorKeys,
  proposalState,
  verifyNegotiation,
} from '@entente/exchange'
import { NodeError } from '../errors.ts'
import type { Nation } from '../nation.ts'
import { refuseUnkept } from '../trust.ts'
import { type LifeNeeds, type NewStep, entriesUnder, inAgreementTurn, lettersUnder, lifeOf } from './agreement-steps.ts'
import { checkInvariants } from './check-invariants.ts'
import { type PostNeeds, enterWithLetters } from './post-envelope.ts'

/** How far a device's clock may be off, in seconds. */
const CLOCK_SECONDS = 120

type Needs = PostNeeds & LifeNeeds & Pick<Nation, 'policies'>

/** What became of a negotiator's act. */
export interface Negotiated {
  readonly id: string
  readonly proposal: string
  readonly state: ProposalState
}

/**
 * Takes an own negotiator's signed act: propose, counter, comment, initial (spec/agreement.md 8). It is entered in the log with every
 * partner and told to each in the same record. The same act again gets the same answer. Throws `node/absent` (no such agreement),
 * `node/clock`, `exchange/life-…`, `agreement/…` (a body that nobody may sign), what `verifyNegotiation` throws, and for an initial what
 * `checkInvariants` throws: a text that nobody will seal is settled by nobody.
 */
export async function negotiateAgreement(nation: Needs, person: string, signed: unknown): Promise<Negotiated> {
  const { crypto, config, trust, now } = nation
  const verified = await verifyNegotiation(crypto, signed, {
    realm: config.realm,
    nation: config.nation,
    negotiators: negotiatorKeys(trust().own, now()),
  })
  const { act, id } = verified
  if (act.act === 'initial') await checkProposal(nation, act)
  return inAgreementTurn(nation, act.agreement, async () => {
    const life = await lifeOf(nation, act.agreement)
    const answer = (after: typeof life): Negotiated => {
      const proposal = after.proposals.get(act.proposal)
      if (proposal === undefined) throw new NodeError('node/absent', 'nothing is here')
      return { id, proposal: act.proposal, state: proposalState(after, proposal) }
    }
    if (life.acts.has(id)) return answer(life)
    const seconds = Math.abs(now() - act.at)
    if (seconds > CLOCK_SECONDS)
      throw new NodeError('node/clock', "the device's clock is off", { values: { seconds, limit: CLOCK_SECONDS } })
    checkBody(nation, act)
    const after = foldLife(crypto, life, { step: 'act', id, act })
    const at = now()
    await enterWithLetters(
      nation,
      {
        at,
        kind: 'agreement-act',
        body: { agreements: [stepOf(verified, person)] },
        entries: entriesUnder(nation, act.agreement, at, fieldsOf(verified)),
        effects: [],
        conditions: [],
      },
      lettersUnder(nation, act.agreement, 'agreement-act', verified.signed),
    )
    return answer(after)
  })
}

async function checkProposal(nation: Needs, { agreement, proposal }: NegotiationAct): Promise<void> {
  const found = (await lifeOf(nation, agreement)).proposals.get(proposal)
  if (found !== undefined) await checkInvariants(nation, found)
}

/** A body that somebody could sign: it holds against itself and the marking policies, and every party is known here. */
export function checkBody({ config, trust, policies }: Pick<Nation, 'config' | 'trust' | 'policies'>, act: NegotiationAct): void {
  if (act.act !== 'propose' && act.act !== 'counter') return
  refuseUnkept(act.body)
  validateAgreement(act.body, [...policies.values()])
  for (const { nation } of act.body.parties) {
    if (nation !== config.nation && !trust().partners.has(nation))
      throw new NodeError('node/trust', 'a party that was never paired', { values: { nation } })
  }
  checkAnchors(act.body, trust().anchors.authorities, trust().agreements.get(act.agreement)?.at(-1)?.body)
}

/** What the log with a partner says of an act: who signed it by key, never by name. */
export function fieldsOf({ id, act, key }: VerifiedNegotiation): Readonly<Record<string, Json>> & { readonly act: string } {
  return { act: `agreement-${act.act}`, number: act.number, proposal: act.proposal, signed: id, negotiator: key }
}

/** The act as a step. */
export function stepOf({ id, act, signed }: VerifiedNegotiation, person?: string): NewStep {
  return {
    id,
    agreement: act.agreement,
    kind: 'act',
    nation: act.nation,
    number: act.number,
    proposal: act.proposal,
    document: JSON.stringify(signed),
    ...(person === undefined ? {} : { person }),
  }
}
