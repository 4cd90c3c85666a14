import { agreementDomain, type Agreement } from '@entente/agreement'
import { type Json, type Signed, signingBytes } from '@entente/canonical'
import { type AgreementLife, type NegotiationAct, type Proposal, initialledBy, missingSeals, proposalState } from '@entente/exchange'
import type { Person } from '../identity/index.ts'
import type { Nation } from '../nation.ts'
import { type LifeNeeds, lifeOf, stepsOf } from './agreement-steps.ts'
import { findProposal } from './seal-agreement.ts'

/** A proposal, as lists show it. */
export interface ProposalLine {
  readonly id: string
  readonly agreement: string
  readonly number: number
  /** Whose negotiator proposed it, and when. */
  readonly nation: string
  readonly at: number
  readonly state: 'proposed' | 'answered' | 'initialled' | 'settled' | 'sealed' | 'held' | 'in-force' | 'superseded'
  readonly answers?: string
  readonly initialled: readonly string[]
  readonly seals: readonly { readonly nation: string; readonly keyId: string }[]
  readonly missing: readonly { readonly nation: string; readonly keyId: string }[]
  /** How many acts there are about it. */
  readonly acts: number
}

/** A proposal with everything that was said of it. */
export interface ProposalView extends ProposalLine {
  readonly body: Agreement
  readonly said: readonly ActLine[]
}

/** One act of a negotiator. */
export interface ActLine {
  readonly id: string
  readonly act: NegotiationAct['act']
  readonly nation: string
  readonly at: number
  /** The own person; a partner's are not known here. */
  readonly officer?: string
  /** What the own person is called, where the node knows them still. */
  readonly officerNames?: Person['names']
  readonly text?: string
  readonly article?: string
  readonly signed: Json
}

type Needs = LifeNeeds & Pick<Nation, 'now'>

/** Every proposal of every agreement, the latest first. */
export async function listProposals(nation: Needs): Promise<{ readonly proposals: readonly ProposalLine[] }> {
  const lines: ProposalLine[] = []
  for (const agreement of nation.trust().agreements.keys()) {
    const life = await lifeOf(nation, agreement)
    for (const proposal of life.proposals.values()) lines.push(await lineOf(nation, life, proposal))
  }
  return { proposals: lines.toSorted((a, b) => b.at - a.at || (a.id < b.id ? -1 : 1)) }
}

/** One proposal with its body and every act about it. Throws `node/absent`. */
export async function readProposal(nation: Needs & Pick<Nation, 'person'>, id: string): Promise<ProposalView> {
  const { life, proposal } = await findProposal(nation, id)
  const said = (await stepsOf(nation, proposal.body.agreement))
    .filter(({ kind, proposal: about }) => kind === 'act' && about === id)
    .map(({ id: act, person, document }): ActLine => {
      const signed = JSON.parse(document) as Signed<NegotiationAct>
      const { body } = signed
      const known = person === null ? undefined : nation.person(person)
      return {
        id: act,
        act: body.act,
        nation: body.nation,
        at: body.at,
        ...(person === null ? {} : { officer: person }),
        ...(known === undefined ? {} : { officerNames: known.names }),
        ...(body.act === 'comment' ? { text: body.text, ...(body.article === undefined ? {} : { article: body.article }) } : {}),
        signed: signed as unknown as Json,
      }
    })
  return { ...(await lineOf(nation, life, proposal)), body: proposal.body, said }
}

/** Exactly what every seal of a proposal signs. Throws `node/absent`. */
export async function proposalSigningBytes(nation: Needs, id: string): Promise<Uint8Array> {
  const { proposal } = await findProposal(nation, id)
  return signingBytes(agreementDomain(nation.config.realm), proposal.body as unknown as Json)
}

async function lineOf(nation: Needs, life: AgreementLife, proposal: Proposal): Promise<ProposalLine> {
  const { id, number, nation: by, at, answers, seals, body } = proposal
  const rows = await stepsOf(nation, body.agreement)
  return {
    id,
    agreement: body.agreement,
    number,
    nation: by,
    at,
    state: stateOf(nation, life, proposal),
    ...(answers === undefined ? {} : { answers }),
    initialled: initialledBy(life, proposal),
    seals: [...seals].map(([keyId, one]) => ({ nation: one, keyId })),
    missing: missingSeals(proposal),
    acts: rows.filter(({ kind, proposal: about }) => kind === 'act' && about === id).length,
  }
}

/** A whole version is held here as soon as trust has it, and in force when trust says so. */
function stateOf(nation: Needs, life: AgreementLife, proposal: Proposal): ProposalLine['state'] {
  const state = proposalState(life, proposal)
  if (state !== 'whole') return state
  const held = nation
    .trust()
    .agreements.get(proposal.body.agreement)
    ?.find(({ id }) => id === proposal.id)
  if (held === undefined) return 'sealed'
  return held.narrowingOnly === true || held.since > nation.now() ? 'held' : 'in-force'
}
