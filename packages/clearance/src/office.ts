import { readShape, unreachable } from '@entente/canonical'
import { ATTESTED_CLAIMS, type AttestedClaim, type ClearanceAct, clearanceActShape } from './acts.ts'
import { MAX_CREDENTIAL_SECONDS } from './credential-shape.ts'
import { reading, refusal } from './errors.ts'
import type { RosterReader } from './roster.ts'
import type { CredentialState } from './status.ts'

/** What an area's need to know rests on. */
export interface Assignment {
  readonly area: string
  readonly role: string
  readonly purposes: readonly string[]
  readonly until: number
}

/** A device key of a person, for one originator. */
export interface Device {
  /** `holderThumbprint`. */
  readonly device: string
  readonly originator: string
  readonly until: number
}

/** What is attested of a person: at most one code a claim. */
export type Attested = { readonly [Claim in AttestedClaim]?: string }

/** A person in the office's books. Withdrawal removes clearance, briefings, assignments, attestations and devices, and leaves the row. */
export interface PersonRecord {
  readonly clearance?: string
  readonly citizenships: readonly string[]
  readonly validFrom: number
  readonly validUntil: number
  readonly suspended: boolean
  readonly briefings: ReadonlyMap<string, number>
  readonly assignments: ReadonlyMap<string, Assignment>
  readonly attestations: ReadonlyMap<AttestedClaim, { readonly code: string; readonly until: number }>
  readonly devices: ReadonlyMap<string, Device>
}

/** What follows from all acts so far. */
export interface OfficeState {
  /** Number of the last act; 0 before the first. */
  readonly number: number
  readonly at: number
  readonly people: ReadonlyMap<string, PersonRecord>
}

/** Of these facts, those that a nation attests. */
export function attestedIn(facts: Attested): Attested {
  return Object.fromEntries(ATTESTED_CLAIMS.flatMap((claim) => (facts[claim] === undefined ? [] : [[claim, facts[claim]]])))
}

/** What may be said of a person at a moment. Only `cleared` gives a credential. */
export type PersonStatus =
  | { readonly state: 'unknown' | 'withdrawn' | 'suspended' | 'expired' | 'not-yet-valid' }
  | ({
      readonly state: 'cleared'
      readonly clearance: string
      readonly citizenships: readonly string[]
      readonly validUntil: number
      /** Sorted by area. */
      readonly assignments: readonly Assignment[]
      /** Sorted. */
      readonly briefings: readonly string[]
      readonly devices: readonly Device[]
    } & Attested)

/** What the office keeps of a credential that it issued, by credential id. */
export interface IssuedCredential extends Attested {
  readonly person: string
  /** `holderThumbprint` of the key in it. */
  readonly device: string
  readonly originator: string
  readonly clearance: string
  readonly citizenships: readonly string[]
  readonly areas: readonly string[]
  readonly briefings: readonly string[]
}

/** The state before any act. */
export const emptyOffice: OfficeState = { number: 0, at: 0, people: new Map() }

/** The state that all acts lead to, in order. Throws as `applyAct`. */
export function foldClearances(acts: Iterable<ClearanceAct>): OfficeState {
  let state = emptyOffice
  for (const act of acts) state = applyAct(state, act)
  return state
}

/**
 * The state after one more act; the given one stays as it is. Throws `clearance/input` for an act of no known form,
 * `clearance/act-order` for a number or time out of order, `clearance/act-impossible` for one that the person's state rules out.
 */
export function applyAct(state: OfficeState, act: ClearanceAct): OfficeState {
  const own = reading('clearance/input', 'act', () => readShape(clearanceActShape, act, 'act'))
  if (own.number !== state.number + 1 || own.at < state.at) {
    throw refusal('clearance/act-order', 'an act is out of order', { number: own.number, expected: state.number + 1 })
  }
  const people = new Map(state.people)
  people.set(own.person, nextRecord(state, own))
  return { number: own.number, at: own.at, people }
}

/**
 * What may be said of a person at an instant. Suspension and withdrawal count whatever the instant: a clock that is
 * behind must not undo a stop (6-key-release, stops). For the past, fold the acts up to then.
 */
export function personStatus(state: OfficeState, person: string, at: number): PersonStatus {
  const record = state.people.get(person)
  if (record === undefined) return { state: 'unknown' }
  if (record.clearance === undefined) return { state: 'withdrawn' }
  if (record.suspended) return { state: 'suspended' }
  if (at < record.validFrom) return { state: 'not-yet-valid' }
  if (at >= record.validUntil) return { state: 'expired' }
  return {
    state: 'cleared',
    clearance: record.clearance,
    citizenships: record.citizenships,
    validUntil: record.validUntil,
    assignments: [...record.assignments.values()].filter((one) => at < one.until).sort((a, b) => order(a.area, b.area)),
    briefings: [...record.briefings].flatMap(([briefing, until]) => (at < until ? [briefing] : [])).sort(),
    ...Object.fromEntries([...record.attestations].flatMap(([claim, { code, until }]) => (at < until ? [[claim, code]] : []))),
    devices: [...record.devices.values()].filter((one) => at < one.until).sort((a, b) => order(a.device, b.device)),
  }
}

/**
 * The state of one issued credential, for its staple: `valid` only while its holder is cleared and everything that the
 * credential can show is still so. A withdrawn area or a lowered level thus acts at once, not when the credential ends.
 */
export function credentialState(state: OfficeState, issued: IssuedCredential, at: number): CredentialState {
  const status = personStatus(state, issued.person, at)
  switch (status.state) {
    case 'cleared':
      return stillHolds(status, issued) ? 'valid' : 'withdrawn'
    case 'suspended':
      return 'suspended'
    case 'unknown':
    case 'withdrawn':
    case 'expired':
    case 'not-yet-valid':
      return 'withdrawn'
    default:
      return unreachable(status)
  }
}

/**
 * Latest expiry of a credential that starts at `notBefore`: 8 hours later, or sooner when the clearance, the device or
 * anything that it states ends sooner. Throws `clearance/act-impossible` when the person does not hold all of it then.
 */
export function latestExpiry(state: OfficeState, wanted: IssuedCredential, notBefore: number): number {
  const record = state.people.get(wanted.person)
  if (record === undefined || credentialState(state, wanted, notBefore) !== 'valid') throw impossible('issue', 'not-held')
  return Math.min(
    notBefore + MAX_CREDENTIAL_SECONDS,
    record.validUntil,
    record.devices.get(wanted.device)?.until ?? 0,
    ...wanted.areas.map((area) => record.assignments.get(area)?.until ?? 0),
    ...wanted.briefings.map((briefing) => record.briefings.get(briefing) ?? 0),
    ...ATTESTED_CLAIMS.flatMap((claim) => (wanted[claim] === undefined ? [] : [record.attestations.get(claim)?.until ?? 0])),
  )
}

/** Everybody who is cleared at an instant, as a roster counts them: a row for each role that the person has. */
export function rosterReaders(state: OfficeState, at: number): RosterReader[] {
  const readers: RosterReader[] = []
  for (const person of state.people.keys()) {
    const status = personStatus(state, person, at)
    if (status.state !== 'cleared') continue
    for (const { area, role } of status.assignments) readers.push({ person, clearance: status.clearance, areas: [area], role })
  }
  return readers
}

function stillHolds(status: Extract<PersonStatus, { state: 'cleared' }>, issued: IssuedCredential): boolean {
  const areas = new Set(status.assignments.map((assignment) => assignment.area))
  return (
    status.clearance === issued.clearance &&
    sortedSet(status.citizenships).join() === sortedSet(issued.citizenships).join() &&
    status.devices.some((one) => one.device === issued.device && one.originator === issued.originator) &&
    issued.areas.every((area) => areas.has(area)) &&
    issued.briefings.every((briefing) => status.briefings.includes(briefing)) &&
    ATTESTED_CLAIMS.every((claim) => issued[claim] === undefined || issued[claim] === status[claim])
  )
}

function nextRecord(state: OfficeState, act: ClearanceAct): PersonRecord {
  const record = state.people.get(act.person)
  if (act.act === 'grant') return granted(record, act)
  if (record?.clearance === undefined) throw impossible(act.act, record === undefined ? 'unknown' : 'withdrawn')
  switch (act.act) {
    case 'upgrade':
      if (act.validUntil <= act.at) throw impossible(act.act, 'already-over')
      return { ...record, clearance: act.clearance, validUntil: act.validUntil }
    case 'suspend':
      return { ...record, suspended: true }
    case 'reinstate':
      if (!record.suspended) throw impossible(act.act, 'not-suspended')
      return { ...record, suspended: false }
    case 'withdraw':
      return withdrawn(record)
    case 'change-citizenships':
      return { ...record, citizenships: sortedSet(act.citizenships) }
    case 'brief':
      return { ...record, briefings: withEntry(record.briefings, act.briefing, act.until) }
    case 'debrief':
      return { ...record, briefings: withoutEntry(record.briefings, act.briefing, act.act) }
    case 'assign': {
      const { area, role, purposes, until } = act
      return { ...record, assignments: withEntry(record.assignments, area, { area, role, purposes: sortedSet(purposes), until }) }
    }
    case 'unassign':
      return { ...record, assignments: withoutEntry(record.assignments, act.area, act.act) }
    case 'attest': {
      if (act.until <= act.at) throw impossible(act.act, 'already-over')
      return { ...record, attestations: withEntry(record.attestations, act.claim, { code: act.code, until: act.until }) }
    }
    case 'retract':
      return { ...record, attestations: withoutEntry(record.attestations, act.claim, act.act) }
    case 'enrol-device':
      return { ...record, devices: enrolled(state, record, act) }
    case 'retire-device':
      return { ...record, devices: withoutEntry(record.devices, act.device, act.act) }
    default:
      return unreachable(act)
  }
}

function granted(record: PersonRecord | undefined, act: Extract<ClearanceAct, { act: 'grant' }>): PersonRecord {
  // A grant over a clearance in force would lift a suspension in passing; that takes `reinstate`, in so many words.
  if (record?.clearance !== undefined) throw impossible(act.act, 'cleared')
  if (act.validUntil <= act.validFrom) throw impossible(act.act, 'empty-period')
  return {
    clearance: act.clearance,
    citizenships: sortedSet(act.citizenships),
    validFrom: act.validFrom,
    validUntil: act.validUntil,
    suspended: false,
    briefings: new Map(),
    assignments: new Map(),
    attestations: new Map(),
    devices: new Map(),
  }
}

function withdrawn({ citizenships, validFrom, validUntil }: PersonRecord): PersonRecord {
  const none = { briefings: new Map(), assignments: new Map(), attestations: new Map(), devices: new Map() }
  return { citizenships, validFrom, validUntil, suspended: false, ...none }
}

function enrolled(
  state: OfficeState,
  record: PersonRecord,
  act: Extract<ClearanceAct, { act: 'enrol-device' }>,
): ReadonlyMap<string, Device> {
  for (const [, other] of state.people) {
    // One key for two persons would merge them, one for two originators would let these compare notes.
    if (other.devices.has(act.device)) throw impossible(act.act, 'device-in-use')
  }
  return withEntry(record.devices, act.device, { device: act.device, originator: act.originator, until: act.until })
}

function withEntry<K, T>(map: ReadonlyMap<K, T>, key: K, value: T): ReadonlyMap<K, T> {
  return new Map(map).set(key, value)
}

function withoutEntry<K, T>(map: ReadonlyMap<K, T>, key: K, act: string): ReadonlyMap<K, T> {
  const next = new Map(map)
  if (!next.delete(key)) throw impossible(act, 'not-held')
  return next
}

function sortedSet(values: readonly string[]): readonly string[] {
  return [...new Set(values)].sort()
}

function order(a: string, b: string): number {
  return a < b ? -1 : Number(a > b)
}

function impossible(act: string, state: string): Error {
  return refusal('clearance/act-impossible', `act ${act} is impossible: ${state}`, { act, state })
}
