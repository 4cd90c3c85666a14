import { type Json, type Shape, readShape, shapes } from '@entente/canonical'
import * as v from 'valibot'
import type { EnvelopeType, VerifiedEnvelope } from './envelope.ts'
import { ExchangeError, reading } from './errors.ts'
import { wire } from './wire.ts'

/** A sealed rendition is offered: its statement, its container by hash, its card. */
export interface Offer {
  readonly item: string
  readonly serial: number
  /** Id of the release statement. */
  readonly statement: string
  /** The signed release statement. */
  readonly release: Json
  /** What lists show; its digest stands in the statement. */
  readonly card: Json
  /** SHA-256 of the container, which is among the attachments. */
  readonly container: string
}

/** Why something is taken back; no text, so that it can say nothing that was not to be released. */
export const STOP_REASONS = ['withdrawn', 'superseded', 'reclassified', 'compromised', 'agreement', 'mistake'] as const
export type StopReason = (typeof STOP_REASONS)[number]

/** A stop: it took effect at the originator when it was durable there; this tells the partner. */
export interface Revocation {
  readonly item: string
  readonly serial: number
  readonly reason: StopReason
  /** When it took effect, seconds. */
  readonly effective: number
}

/** An offer that was not yet answered is taken back. */
export interface Withdrawal {
  readonly item: string
  readonly serial: number
}

/** What a recipient tells the originator about an item. */
export interface Feedback {
  readonly item: string
  readonly serial: number
  readonly kind: 'useful' | 'not-useful' | 'doubt' | 'question'
  readonly text?: string
}

/** The originator asks what became of items: who may have opened them, in counts. */
export interface DamageRequest {
  readonly request: string
  /** Items by uuid, sorted. */
  readonly items: readonly string[]
  readonly reason: 'compromise-suspected' | 'compromise-confirmed' | 'audit'
  /** The span asked about, seconds. */
  readonly from: number
  readonly until: number
  /** When the answer is due, seconds: the agreement's `compromiseHours`. */
  readonly due: number
}

/** Counts of one item: openings entered, those whose client confirmed, and those that only may have happened. */
export interface DamageCount {
  readonly item: string
  readonly entered: number
  readonly joined: number
  readonly possible: number
}

export interface DamageAnswer {
  readonly request: string
  readonly part: 'partial' | 'final'
  /** By item, sorted; at most the items asked about. */
  readonly counts: readonly DamageCount[]
}

/** One day's openings with the grants that they rest on, by leaf hash, and what found no counterpart. */
export interface PairingDaily {
  /** `2026-11-24`. */
  readonly day: string
  readonly openings: readonly { readonly opening: string; readonly grant: string }[]
  readonly grants: readonly string[]
}

/** The body of every type of envelope. Documents of other packages travel as they are and are read there. */
export interface MessageBodies {
  readonly offer: Offer
  readonly revoke: Revocation
  readonly 'withdraw-offer': Withdrawal
  readonly feedback: Feedback
  readonly 'damage-request': DamageRequest
  readonly 'damage-answer': DamageAnswer
  readonly 'pairing-daily': PairingDaily
  readonly 'key-statement': Json
  readonly 'agreement-act': Json
  readonly 'agreement-seal': Json
  readonly 'agreement-held': Json
  readonly 'agreement-notice': Json
  readonly roster: Json
  readonly joined: Json
}

/** The body of a message by its type. */
export type BodyOf<T extends EnvelopeType> = MessageBodies[T]

const sortedUuids = v.pipe(
  v.array(shapes.uuid),
  v.minLength(1),
  v.maxLength(1_024),
  v.check((items) => items.every((item, at) => at === 0 || (items[at - 1] ?? '') < item), 'a sorted set'),
)

const bodies: { readonly [T in EnvelopeType]: Shape<BodyOf<T>> } = {
  offer: v.strictObject({
    item: shapes.uuid,
    serial: wire.positive,
    statement: shapes.sha256,
    release: shapes.json,
    card: shapes.json,
    container: shapes.sha256,
  }),
  revoke: v.strictObject({ item: shapes.uuid, serial: wire.positive, reason: v.picklist(STOP_REASONS), effective: shapes.instant }),
  'withdraw-offer': v.strictObject({ item: shapes.uuid, serial: wire.positive }),
  feedback: v.strictObject({
    item: shapes.uuid,
    serial: wire.positive,
    kind: v.picklist(['useful', 'not-useful', 'doubt', 'question']),
    text: v.exactOptional(v.pipe(v.string(), v.minLength(1), v.maxLength(4_096))),
  }),
  'damage-request': v.pipe(
    v.strictObject({
      request: shapes.uuid,
      items: sortedUuids,
      reason: v.picklist(['compromise-suspected', 'compromise-confirmed', 'audit']),
      from: shapes.instant,
      until: shapes.instant,
      due: shapes.instant,
    }),
    v.check((request) => request.from < request.until, 'a span'),
  ),
  'damage-answer': v.pipe(
    v.strictObject({
      request: shapes.uuid,
      part: v.picklist(['partial', 'final']),
      counts: v.pipe(
        v.array(v.strictObject({ item: shapes.uuid, entered: shapes.natural, joined: shapes.natural, possible: shapes.natural })),
        v.maxLength(1_024),
      ),
    }),
    v.check(({ counts }) => counts.every((count, at) => at === 0 || (counts[at - 1]?.item ?? '') < count.item), 'sorted by item'),
    v.check(
      ({ counts }) => counts.every((count) => count.joined + count.possible === count.entered),
      'every entered opening is joined or possible',
    ),
  ),
  'pairing-daily': v.strictObject({
    day: v.pipe(v.string(), v.isoDate()),
    openings: v.pipe(v.array(v.strictObject({ opening: shapes.sha256, grant: shapes.sha256 })), v.maxLength(4_096)),
    grants: v.pipe(v.array(shapes.sha256), v.maxLength(4_096)),
  }),
  'key-statement': shapes.json,
  'agreement-act': shapes.json,
  'agreement-seal': shapes.json,
  'agreement-held': shapes.json,
  'agreement-notice': shapes.json,
  joined: shapes.json,
  roster: shapes.json,
}

/**
 * Reads the body of a verified envelope as what its type says; an offer's container must be among the attachments.
 * Throws `exchange/wrong-kind` (another type than the caller handles) and `exchange/malformed`.
 */
export function readBody<T extends EnvelopeType>(envelope: VerifiedEnvelope, type: T): BodyOf<T> {
  if (envelope.body.type !== type) {
    throw new ExchangeError('exchange/wrong-kind', `an envelope of type ${envelope.body.type}`, { values: { type: envelope.body.type } })
  }
  const body = writeBody(type, envelope.body.body)
  if (type === 'offer') {
    const { container } = body as Offer
    if (!envelope.body.attachments.some((attachment) => attachment.sha256 === container)) {
      throw new ExchangeError('exchange/malformed', 'offer: its container is not attached', {
        values: { what: 'offer', why: 'attachment' },
      })
    }
  }
  return body
}

/** Checks a body that is to be sent; gives it back as own data. Throws `exchange/malformed`. */
export function writeBody<T extends EnvelopeType>(type: T, body: unknown): BodyOf<T> {
  return reading(type, () => readShape(bodies[type] as Shape<BodyOf<T>>, body, type))
}

/** What one day's exchange of pairs shows. Anything in it is an alarm (spec/key-release.md 9). */
export interface Unmatched {
  /** Openings of the originator that rest on a grant that the reader's nation has not entered. */
  readonly openingsWithoutGrant: readonly string[]
  /** Two openings on one grant: every opening after the first. */
  readonly openingsOnUsedGrant: readonly string[]
  /** Grants that the originator never answered: asked for and lost, or withheld. */
  readonly grantsWithoutOpening: readonly string[]
}

/** Compares the originator's openings of a day with the grants of the reader's nation, by leaf hash. */
export function matchPairs(openings: PairingDaily['openings'], grants: readonly string[]): Unmatched {
  const entered = new Set(grants)
  const used = new Set<string>()
  const openingsWithoutGrant: string[] = []
  const openingsOnUsedGrant: string[] = []
  for (const { opening, grant } of openings) {
    if (!entered.has(grant)) openingsWithoutGrant.push(opening)
    else if (used.has(grant)) openingsOnUsedGrant.push(opening)
    used.add(grant)
  }
  return { openingsWithoutGrant, openingsOnUsedGrant, grantsWithoutOpening: grants.filter((grant) => !used.has(grant)) }
}
