import { type Shape, shapes } from '@entente/canonical'
import * as v from 'valibot'

/** Where a person belongs, sits and reads: what a nation attests of its own, each a code of its own. */
export const ATTESTED_CLAIMS = ['facility', 'organisation', 'post'] as const
export type AttestedClaim = (typeof ATTESTED_CLAIMS)[number]

/** Members that every act of the clearance office has. */
interface ActHead {
  /** From 1, without gaps, over the whole office. */
  readonly number: number
  /** Seconds since 1970; never earlier than the act before. */
  readonly at: number
  /** Who decided, as the office's own books name them. */
  readonly by: string
  /** The person concerned, as the office's own books name them; never leaves the nation. */
  readonly person: string
}

/** One thing that a clearance office does. Its journal of acts is the truth; `foldClearances` says what follows from it. */
export type ClearanceAct = ActHead &
  (
    | {
        readonly act: 'grant'
        readonly clearance: string
        /** All of them, ISO 3166-1 alpha-3. */
        readonly citizenships: readonly string[]
        readonly validFrom: number
        readonly validUntil: number
      }
    | { readonly act: 'upgrade'; readonly clearance: string; readonly validUntil: number }
    | { readonly act: 'suspend' }
    | { readonly act: 'reinstate' }
    | { readonly act: 'withdraw' }
    | { readonly act: 'change-citizenships'; readonly citizenships: readonly string[] }
    /** Briefed into a compartment, `tag/value`. */
    | { readonly act: 'brief'; readonly briefing: string; readonly until: number }
    | { readonly act: 'debrief'; readonly briefing: string }
    /** Need to know: an area, in a role, for these purposes. */
    | { readonly act: 'assign'; readonly area: string; readonly role: string; readonly purposes: readonly string[]; readonly until: number }
    | { readonly act: 'unassign'; readonly area: string }
    /** One of each: a later one takes the place of the one before. */
    | { readonly act: 'attest'; readonly claim: AttestedClaim; readonly code: string; readonly until: number }
    | { readonly act: 'retract'; readonly claim: AttestedClaim }
    | {
        readonly act: 'enrol-device'
        /** `holderThumbprint` of the device key; the office has seen the device sign. */
        readonly device: string
        /** The one originator towards which this key is used. */
        readonly originator: string
        readonly until: number
      }
    | { readonly act: 'retire-device'; readonly device: string }
  )

const code = v.pipe(v.string(), v.minLength(1), v.maxLength(128))
const citizenships = v.pipe(v.array(shapes.nation), v.minLength(1), v.maxLength(16))
const head = {
  number: v.pipe(v.number(), v.safeInteger(), v.minValue(1)),
  at: shapes.instant,
  by: code,
  person: code,
}

/** The shape of an act as the journal keeps it. */
export const clearanceActShape: Shape<ClearanceAct> = v.variant('act', [
  v.strictObject({
    ...head,
    act: v.literal('grant'),
    clearance: code,
    citizenships,
    validFrom: shapes.instant,
    validUntil: shapes.instant,
  }),
  v.strictObject({ ...head, act: v.literal('upgrade'), clearance: code, validUntil: shapes.instant }),
  v.strictObject({ ...head, act: v.literal('suspend') }),
  v.strictObject({ ...head, act: v.literal('reinstate') }),
  v.strictObject({ ...head, act: v.literal('withdraw') }),
  v.strictObject({ ...head, act: v.literal('change-citizenships'), citizenships }),
  v.strictObject({ ...head, act: v.literal('brief'), briefing: code, until: shapes.instant }),
  v.strictObject({ ...head, act: v.literal('debrief'), briefing: code }),
  v.strictObject({
    ...head,
    act: v.literal('assign'),
    area: code,
    role: code,
    purposes: v.pipe(v.array(code), v.maxLength(32)),
    until: shapes.instant,
  }),
  v.strictObject({ ...head, act: v.literal('unassign'), area: code }),
  v.strictObject({ ...head, act: v.literal('attest'), claim: v.picklist(ATTESTED_CLAIMS), code, until: shapes.instant }),
  v.strictObject({ ...head, act: v.literal('retract'), claim: v.picklist(ATTESTED_CLAIMS) }),
  v.strictObject({
    ...head,
    act: v.literal('enrol-device'),
    device: v.pipe(v.string(), v.regex(/^[A-Za-z0-9_-]{43}$/u)),
    originator: shapes.nation,
    until: shapes.instant,
  }),
  v.strictObject({ ...head, act: v.literal('retire-device'), device: v.pipe(v.string(), v.regex(/^[A-Za-z0-9_-]{43}$/u)) }),
])
