import { type Agreement, type AgreementNotice, type AgreementVersion, type KnownNotice, authorityKeys } from '@entente/agreement'
import { type Crypto, type MessageValues, keyIdOf } from '@entente/canonical'
import { type ExchangeCode, ExchangeError } from './errors.ts'
import type { NegotiationAct } from './negotiation.ts'

interface ActStep {
  readonly step: 'act'
  readonly id: string
  readonly act: NegotiationAct
}

/** One step in the life of a version. Signatures were verified before; what comes here is asked for its order only. */
export type LifeStep =
  | ActStep
  | { readonly step: 'seal'; readonly nation: string; readonly number: number; readonly proposal: string; readonly keyId: string }

/** A body that somebody proposed, and how far it has come. */
export interface Proposal {
  readonly id: string
  readonly number: number
  /** Whose negotiator proposed it, and when. */
  readonly nation: string
  readonly at: number
  readonly body: Agreement
  /** The proposal that it answers. */
  readonly answers?: string
  /** Keys that must sign it, by id: those of its own parties and those of the version before. */
  readonly keys: ReadonlyMap<string, string>
  /** Keys that have, by id. */
  readonly seals: ReadonlyMap<string, string>
}

/** Everything that two nodes know of what comes after an agreement's newest version. */
export interface AgreementLife {
  /** The newest version with every signature. */
  readonly newest: AgreementVersion
  readonly proposals: ReadonlyMap<string, Proposal>
  /** The proposal of a number that a nation holds for settled, by `number nation`: its latest word. */
  readonly initials: ReadonlyMap<string, string>
  /** Ids of the acts that were taken. */
  readonly acts: ReadonlySet<string>
  /** Others' acts that overtook what they speak of, which is on its way by another link: each counts once that is here. */
  readonly waiting: readonly ActStep[]
  /** Whose node looks at it: what others knew when they acted may not have come here yet. */
  readonly self: string
}

/** Before anything was proposed after `newest`. */
export function lifeAfter(newest: AgreementVersion, self: string): AgreementLife {
  return { newest, proposals: new Map(), initials: new Map(), acts: new Set(), waiting: [], self }
}

/** The nation's latest word on which text of a number is settled. */
export function initialOf(life: AgreementLife, number: number, nation: string): string | undefined {
  return life.initials.get(`${number} ${nation}`)
}

/** Nations whose latest initial is this proposal's, sorted. */
export function initialledBy(life: AgreementLife, { id, number, keys }: Proposal): readonly string[] {
  return [...new Set(keys.values())].filter((nation) => initialOf(life, number, nation) === id).sort()
}

/** Whether every nation that must sign has initialled it: from then on nobody can initial another text of its number. */
export function isSettled(life: AgreementLife, proposal: Proposal): boolean {
  return initialledBy(life, proposal).length === new Set(proposal.keys.values()).size
}

/** Keys that have not signed yet, with their nations. */
export function missingSeals({ keys, seals }: Proposal): readonly { readonly nation: string; readonly keyId: string }[] {
  return [...keys].filter(([keyId]) => !seals.has(keyId)).map(([keyId, nation]) => ({ nation, keyId }))
}

/**
 * The life after one more step (spec/agreement.md 8). Each nation's steps come in the order in which it took them, and may come before
 * another nation's that they follow upon: then they wait. Throws `exchange/life-…` with the reason why the step may not be taken.
 */
export function foldLife(crypto: Crypto, life: AgreementLife, step: LifeStep): AgreementLife {
  if (step.step === 'seal') return followed(crypto, foldSeal(life, step))
  if (life.acts.has(step.id)) throw refused('exchange/life-repeated', 'the act was taken before')
  const taken = { ...life, acts: new Set([...life.acts, step.id]) }
  if (isEarly(life, step.act)) return { ...taken, waiting: [...life.waiting, step] }
  return followed(crypto, foldAct(crypto, taken, step.act))
}

/** Whether another nation's act speaks of what is not here yet: a proposal, or the version before its own. */
function isEarly(life: AgreementLife, act: NegotiationAct): boolean {
  const next = life.newest.body.version + 1
  if (act.nation === life.self || act.number < next) return false
  if (act.number > next) return true
  if (act.act === 'propose') return false
  return !life.proposals.has(act.act === 'counter' ? act.answers : act.proposal)
}

/** Takes the acts that waited for what has come, in their order. One that may not be taken then changes nothing. */
function followed(crypto: Crypto, life: AgreementLife): AgreementLife {
  const ripe = life.waiting.find(({ act }) => !isEarly(life, act))
  if (ripe === undefined) return life
  const rest = { ...life, waiting: life.waiting.filter((one) => one !== ripe) }
  try {
    return followed(crypto, foldAct(crypto, rest, ripe.act))
  } catch (error) {
    if (error instanceof ExchangeError && error.code.startsWith('exchange/life-')) return followed(crypto, rest)
    throw error
  }
}

function foldAct(crypto: Crypto, life: AgreementLife, act: NegotiationAct): AgreementLife {
  const next = life.newest.body.version + 1
  if (act.number !== next) throw refused('exchange/life-number', 'not the next version', { number: act.number, next })
  switch (act.act) {
    case 'propose':
    case 'counter':
      return { ...life, proposals: new Map([...life.proposals, [act.proposal, proposed(crypto, life, act)]]) }
    case 'comment':
      proposalFor(life, act.proposal, act.nation)
      return life
    case 'initial':
      checkInitial(life, proposalFor(life, act.proposal, act.nation), act.nation)
      return { ...life, initials: new Map([...life.initials, [`${act.number} ${act.nation}`, act.proposal]]) }
    default:
      return act satisfies never
  }
}

function proposed(crypto: Crypto, life: AgreementLife, act: NegotiationAct & { readonly act: 'propose' | 'counter' }): Proposal {
  const { body, proposal: id, nation, number, at } = act
  const { newest } = life
  if (life.proposals.has(id)) throw refused('exchange/life-repeated', 'the body was proposed before')
  if (body.previous !== newest.id || body.inForceFrom <= newest.body.inForceFrom)
    throw refused('exchange/life-previous', 'not a continuation of the newest version', { number })
  const answers = act.act === 'counter' ? act.answers : undefined
  if (answers !== undefined && life.proposals.get(answers)?.number !== number)
    throw refused('exchange/life-unknown', 'it answers a proposal that was not made')
  const keys = new Map(
    [...newest.body.parties, ...body.parties].flatMap((party) =>
      authorityKeys(party).map((key) => [keyIdOf(crypto, key), party.nation] as const),
    ),
  )
  checkParty(keys, nation)
  return { id, number, nation, at, body, ...(answers === undefined ? {} : { answers }), keys, seals: new Map() }
}

/**
 * INVARIANT: where two nations initialled two texts at once, the one with the smaller id stands, and who initialled the other may
 * follow and nobody may go the other way: so both nodes settle on one text, whatever crossed on the wire.
 */
function checkInitial(life: AgreementLife, proposal: Proposal, nation: string): void {
  const { id, number, keys } = proposal
  const before = initialOf(life, number, nation)
  if (before === undefined) return
  if (before === id) throw refused('exchange/life-repeated', 'it is initialled already')
  const isFollowed = nation !== life.self || [...keys.values()].some((other) => initialOf(life, number, other) === id)
  if (id > before || !isFollowed) throw refused('exchange/life-initialled', 'another text of this number is initialled', { number })
}

function foldSeal(life: AgreementLife, step: LifeStep & { readonly step: 'seal' }): AgreementLife {
  const { number, nation, keyId } = step
  const next = life.newest.body.version + 1
  if (number !== next) throw refused('exchange/life-number', 'not the next version', { number, next })
  const proposal = proposalFor(life, step.proposal, nation)
  if (proposal.keys.get(keyId) !== nation) throw refused('exchange/life-key', 'no key of this authority', { nation })
  if (proposal.seals.has(keyId)) throw refused('exchange/life-repeated', 'it is sealed with this key already')
  if (!isSettledFor(life, proposal, nation)) throw refused('exchange/life-not-settled', 'not every party has initialled it', { number })
  // INVARIANT: no key signs two texts of one number, so that no two versions of one number can ever both be whole.
  if ([...life.proposals.values()].some((other) => other.number === number && other.id !== proposal.id && other.seals.has(keyId)))
    throw refused('exchange/life-sealed', 'another text of this number is sealed with this key', { number })
  const sealed: Proposal = { ...proposal, seals: new Map([...proposal.seals, [keyId, nation]]) }
  const proposals = new Map([...life.proposals, [proposal.id, sealed]])
  const isWhole = missingSeals(sealed).length === 0
  return { ...life, proposals, ...(isWhole ? { newest: { id: sealed.id, body: sealed.body } } : {}) }
}

/** A partner seals what it, and this node's own nation, initialled; that the others did too, it may have heard before us. */
function isSettledFor(life: AgreementLife, proposal: Proposal, nation: string): boolean {
  if (nation === life.self) return isSettled(life, proposal)
  return [nation, life.self].every((one) => initialOf(life, proposal.number, one) === proposal.id)
}

function proposalFor(life: AgreementLife, id: string, nation: string): Proposal {
  const proposal = life.proposals.get(id)
  if (proposal === undefined) throw refused('exchange/life-unknown', 'no such proposal')
  checkParty(proposal.keys, nation)
  return proposal
}

function checkParty(keys: ReadonlyMap<string, string>, nation: string): void {
  if (![...keys.values()].includes(nation)) throw refused('exchange/life-party', 'no party to it', { nation })
}

function refused(code: ExchangeCode, message: string, values: MessageValues = {}): ExchangeError {
  return new ExchangeError(code, message, { values })
}

/** How far a proposal has come, as lists say it. */
export type ProposalState = 'proposed' | 'answered' | 'initialled' | 'settled' | 'sealed' | 'whole' | 'superseded'

/** The state of a proposal: `whole` once every signature is there; what the nodes then do with it is `Trust`'s to say. */
export function proposalState(life: AgreementLife, proposal: Proposal): ProposalState {
  const { id, number, seals } = proposal
  if (missingSeals(proposal).length === 0) return 'whole'
  if (number <= life.newest.body.version) return 'superseded'
  if (seals.size > 0) return 'sealed'
  if (isSettled(life, proposal)) return 'settled'
  if (initialledBy(life, proposal).length > 0) return 'initialled'
  return [...life.proposals.values()].some(({ answers }) => answers === id) ? 'answered' : 'proposed'
}

/**
 * Throws `exchange/life-notice` (`why`) where a notice says what cannot be said of these versions now: a note where none is asked for, a
 * resumption of no suspension, a withdrawal from two. A partner's stop is taken whatever it names: stops wait for nobody.
 */
export function checkNotice(versions: readonly AgreementVersion[], notices: readonly KnownNotice[], notice: AgreementNotice): void {
  const version = versions.find(({ id }) => id === notice.version)
  const refuse = (why: string): never => {
    throw refused('exchange/life-notice', `no ${notice.notice} is possible: ${why}`, { why })
  }
  switch (notice.notice) {
    case 'note':
      if (version?.body.entry?.by !== 'notes') refuse('entry')
      return
    case 'resume':
      if (!notices.some(({ id, body }) => id === notice.of && body.notice === 'suspend')) refuse('of')
      return
    case 'withdraw':
      if ((version?.body.parties.length ?? 0) <= 2) refuse('parties')
      return
    case 'suspend':
    case 'terminate':
      return
    default:
      notice.notice satisfies never
  }
}
