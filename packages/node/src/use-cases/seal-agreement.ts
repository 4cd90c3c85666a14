import { agreementDomain, authorityKeys } from '@entente/agreement'
import { type Json, canonicalText, keyIdOf, signingBytes, verifyHybrid } from '@entente/canonical'
import {
  type AgreementLife,
  type Proposal,
  type ProposalState,
  type Seal,
  ExchangeError,
  foldLife,
  missingSeals,
  proposalState,
  readSeal,
} from '@entente/exchange'
import { NodeError } from '../errors.ts'
import type { Nation } from '../nation.ts'
import { type LifeNeeds, type NewStep, entriesUnder, inAgreementTurn, lettersUnder, lifeOf } from './agreement-steps.ts'
import { checkInvariants } from './check-invariants.ts'
import { followAgreement } from './hold-agreement.ts'
import { type PostNeeds, enterWithLetters } from './post-envelope.ts'

type Needs = PostNeeds & LifeNeeds & Pick<Nation, 'policies' | 'renewTrust' | 'notice'>

/** What became of a seal. */
export interface Sealed {
  readonly proposal: string
  readonly state: ProposalState
  readonly missing: readonly { readonly nation: string; readonly keyId: string }[]
}

/**
 * Takes one detached signature of an own authority key over a proposal's signing bytes. With the last one the version is whole, and held
 * here at once. The same seal again gets the same answer. Throws `node/absent`, `exchange/life-…`, `exchange/signature-invalid`, and, where
 * an invariant of the version does not hold, what `checkInvariants` throws.
 */
export async function sealAgreement(
  nation: Needs,
  person: string,
  ask: { readonly proposal: string; readonly signature: unknown },
): Promise<Sealed> {
  const { agreement, proposal: asked } = await findProposal(nation, ask.proposal)
  // Not in the agreement's turn: a notice waits for no proof.
  await checkInvariants(nation, asked)
  const answer = await inAgreementTurn(nation, agreement, async () => {
    const life = await lifeOf(nation, agreement)
    const proposal = life.proposals.get(ask.proposal)
    if (proposal === undefined) throw new NodeError('node/absent', 'nothing is here')
    const seal = readSeal(
      { realm: nation.config.realm, agreement, number: proposal.number, proposal: proposal.id, signature: ask.signature },
      { realm: nation.config.realm, agreement },
    )
    const { keyId } = seal.signature
    if (proposal.seals.get(keyId) === nation.config.nation) return sealedAs(life, proposal)
    const after = foldLife(nation.crypto, life, {
      step: 'seal',
      nation: nation.config.nation,
      number: proposal.number,
      proposal: proposal.id,
      keyId,
    })
    await verifySeal(nation, life, proposal, seal)
    const at = nation.now()
    // INVARIANT: one key, one text of a number, also where two nodes ever ran on one journal's copy.
    const once = `seal:${agreement}:${proposal.number}:${keyId}`
    await enterWithLetters(
      nation,
      {
        at,
        kind: 'agreement-seal',
        body: { agreements: [sealStep(nation.config.nation, seal, person)] },
        entries: entriesUnder(nation, agreement, at, sealFields(seal)),
        effects: [{ effect: 'spend', nonce: once, until: Number.MAX_SAFE_INTEGER }],
        conditions: [{ condition: 'unspent', nonce: once }],
      },
      lettersUnder(nation, agreement, 'agreement-seal', seal),
    )
    const sealed = after.proposals.get(proposal.id) ?? proposal
    return sealedAs(after, sealed)
  })
  await followAgreement(nation, agreement)
  return answer
}

/** Throws `exchange/signature-invalid` unless the key that a seal names signed exactly this body. The key is one that must sign it. */
export async function verifySeal(
  { crypto, config }: Pick<Nation, 'crypto' | 'config'>,
  life: AgreementLife,
  proposal: Proposal,
  { signature }: Seal,
): Promise<void> {
  const key = [...life.newest.body.parties, ...proposal.body.parties]
    .flatMap(authorityKeys)
    .find((candidate) => keyIdOf(crypto, candidate) === signature.keyId)
  const message = signingBytes(agreementDomain(config.realm), proposal.body as unknown as Json)
  if (key === undefined || !(await verifyHybrid(crypto, key, message, signature)))
    throw new ExchangeError('exchange/signature-invalid', 'the signature of a seal does not hold', { values: { key: signature.keyId } })
}

/** A proposal by its id, wherever it belongs. Throws `node/absent`. */
export async function findProposal(
  nation: LifeNeeds,
  id: string,
): Promise<{ readonly agreement: string; readonly life: AgreementLife; readonly proposal: Proposal }> {
  for (const agreement of nation.trust().agreements.keys()) {
    const life = await lifeOf(nation, agreement)
    const proposal = life.proposals.get(id)
    if (proposal !== undefined) return { agreement, life, proposal }
  }
  throw new NodeError('node/absent', 'nothing is here')
}

function sealedAs(life: AgreementLife, proposal: Proposal): Sealed {
  return { proposal: proposal.id, state: proposalState(life, proposal), missing: missingSeals(proposal) }
}

/** What the log with a partner says of a seal. */
export function sealFields({ number, proposal, signature }: Seal): Readonly<Record<string, Json>> {
  return { act: 'agreement-seal', number, proposal, key: signature.keyId }
}

/** The seal as a step. */
export function sealStep(nation: string, seal: Seal, person?: string): NewStep {
  const { agreement, number, proposal, signature } = seal
  return {
    id: `${proposal}:${signature.keyId}`,
    agreement,
    kind: 'seal',
    nation,
    number,
    proposal,
    document: canonicalText(seal as unknown as Json),
    ...(person === undefined ? {} : { person }),
  }
}
