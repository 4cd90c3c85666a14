import { unreachable } from '@entente/canonical'
import { ExchangeError } from './errors.ts'
import type { StopReason } from './message.ts'

/** What happens to a released item between the two nations, as either side's journal has it. */
export type OfferStep =
  /** The offer is in the outbox. */
  | { readonly step: 'offered'; readonly at: number; readonly expires?: number }
  /** The recipient's node has the envelope: its receipt says accepted or refused. */
  | { readonly step: 'delivered'; readonly at: number }
  | { readonly step: 'refused'; readonly at: number; readonly code: string }
  /** The recipient holds the container whole, and has said so in a receipt with an entry. */
  | { readonly step: 'receipted'; readonly at: number; readonly leaf: string }
  | { readonly step: 'withdrawn'; readonly at: number }
  /** Takes effect at once, whatever the link does. */
  | { readonly step: 'revoked'; readonly at: number; readonly reason: StopReason }
  /** The partner's receipt for the revocation: it knows. */
  | { readonly step: 'revocation-receipted'; readonly at: number }

/** Where an offer stands. `partnerKnows` is false while a stop waits for the link; the stop holds all the same. */
export type OfferState =
  | { readonly state: 'none' }
  | { readonly state: 'offered' | 'delivered' | 'receipted'; readonly since: number; readonly expires?: number }
  | { readonly state: 'refused'; readonly since: number; readonly code: string }
  | { readonly state: 'withdrawn'; readonly since: number }
  | { readonly state: 'revoked'; readonly since: number; readonly reason: StopReason; readonly partnerKnows: boolean }

/** Before anything was offered. */
export const noOffer: OfferState = { state: 'none' }

/**
 * The state after one more step. A receipt that arrives after a stop changes nothing; a stop after a stop changes
 * nothing. Throws `exchange/step-not-allowed` for a step that cannot follow (a receipt of what was never delivered).
 */
export function foldOffer(offer: OfferState, event: OfferStep): OfferState {
  const over = offer.state === 'withdrawn' || offer.state === 'revoked' || offer.state === 'refused'
  switch (event.step) {
    case 'offered':
      if (offer.state !== 'none') throw notAllowed(offer.state, event.step)
      return { state: 'offered', since: event.at, ...(event.expires === undefined ? {} : { expires: event.expires }) }
    case 'delivered':
    case 'receipted': {
      if (over) return offer
      const before = event.step === 'delivered' ? 'offered' : 'delivered'
      if (offer.state !== before) throw notAllowed(offer.state, event.step)
      return { ...offer, state: event.step, since: event.at }
    }
    case 'refused':
      if (offer.state === 'withdrawn' || offer.state === 'revoked') return offer
      if (offer.state !== 'offered') throw notAllowed(offer.state, event.step)
      return { state: 'refused', since: event.at, code: event.code }
    case 'withdrawn':
      if (over) return offer
      // What the recipient has acknowledged whole is no offer any more; taking it back is a revocation.
      if (offer.state !== 'offered' && offer.state !== 'delivered') throw notAllowed(offer.state, event.step)
      return { state: 'withdrawn', since: event.at }
    case 'revoked':
      if (offer.state === 'none') throw notAllowed(offer.state, event.step)
      if (offer.state === 'revoked') return offer
      return { state: 'revoked', since: event.at, reason: event.reason, partnerKnows: false }
    case 'revocation-receipted':
      if (offer.state !== 'revoked') throw notAllowed(offer.state, event.step)
      return { ...offer, partnerKnows: true }
    default:
      return unreachable(event)
  }
}

/** Whether the offer, as such, still lets anything be opened at `now` (seconds). The register decides; this never says more. */
export function offerLives(offer: OfferState, now: number): boolean {
  switch (offer.state) {
    case 'offered':
    case 'delivered':
    case 'receipted':
      return offer.expires === undefined || now < offer.expires
    case 'none':
    case 'refused':
    case 'withdrawn':
    case 'revoked':
      return false
    default:
      return unreachable(offer)
  }
}

/** Steps of a damage assessment: asked, known to be asked, answered in parts, closed by the one who asked. */
export type DamageStep =
  | { readonly step: 'asked'; readonly at: number; readonly due: number; readonly items: readonly string[] }
  | { readonly step: 'received'; readonly at: number }
  | { readonly step: 'answered'; readonly at: number; readonly part: 'partial' | 'final'; readonly items: readonly string[] }
  | { readonly step: 'closed'; readonly at: number }

export type DamageState =
  | { readonly state: 'none' }
  | {
      readonly state: 'asked' | 'received' | 'partly-answered' | 'answered' | 'closed'
      readonly since: number
      readonly due: number
      /** Items of which nothing has been said yet, sorted. */
      readonly open: readonly string[]
    }

/** Before anything was asked. */
export const noDamage: DamageState = { state: 'none' }

/**
 * The state of a damage assessment after one more step. A final answer must leave no item open.
 * Throws `exchange/step-not-allowed`.
 */
export function foldDamage(damage: DamageState, event: DamageStep): DamageState {
  if (event.step === 'asked') {
    if (damage.state !== 'none') throw notAllowed(damage.state, event.step)
    return { state: 'asked', since: event.at, due: event.due, open: event.items }
  }
  if (damage.state === 'none' || damage.state === 'closed') throw notAllowed(damage.state, event.step)
  switch (event.step) {
    case 'received':
      return damage.state === 'asked' ? { ...damage, state: 'received', since: event.at } : damage
    case 'answered': {
      if (damage.state === 'answered') throw notAllowed(damage.state, event.step)
      const open = damage.open.filter((item) => !event.items.includes(item))
      if (event.part === 'final' && open.length > 0) throw notAllowed(damage.state, event.step)
      return { ...damage, state: event.part === 'final' ? 'answered' : 'partly-answered', since: event.at, open }
    }
    case 'closed':
      if (damage.state !== 'answered') throw notAllowed(damage.state, event.step)
      return { ...damage, state: 'closed', since: event.at }
    default:
      return unreachable(event)
  }
}

/** Whether an answer is late at `now` (seconds): the clock of the agreement runs whether or not the link is up. */
export function damageOverdue(damage: DamageState, now: number): boolean {
  return damage.state !== 'none' && damage.state !== 'answered' && damage.state !== 'closed' && now >= damage.due
}

function notAllowed(state: string, step: string): ExchangeError {
  return new ExchangeError('exchange/step-not-allowed', `${step} cannot follow ${state}`, { values: { state, step } })
}
