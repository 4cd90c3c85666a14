import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import {
  type ClearanceAct,
  ClearanceError,
  type IssuedCredential,
  applyAct,
  credentialState,
  foldClearances,
  latestExpiry,
  personStatus,
  rosterReaders,
} from '@entente/clearance'

const T = 1_795_478_400
const DEVICE = 'd'.repeat(43)
type Step = ClearanceAct extends infer A
  ? A extends ClearanceAct
    ? Omit<A, 'number' | 'at' | 'by' | 'person'> & { at?: number; person?: string }
    : never
  : never

function acts(...steps: readonly Step[]): ClearanceAct[] {
  return steps.map((step, i) => ({ number: i + 1, at: T, by: 'EXERCISE-OFFICER', person: 'EXERCISE-0001', ...step }) as ClearanceAct)
}

const grant: Step = { act: 'grant', clearance: 'GOKUHI', citizenships: ['JPN'], validFrom: T, validUntil: T + 1_000_000 }
const assign: Step = { act: 'assign', area: 'maritime', role: 'analyst', purposes: ['EXERCISE'], until: T + 500_000 }
const enrol: Step = { act: 'enrol-device', device: DEVICE, originator: 'AUS', until: T + 400_000 }
const brief: Step = { act: 'brief', briefing: 'caveat/KITE', until: T + 300_000 }
const full = [grant, assign, enrol, brief]
const issued: IssuedCredential = {
  person: 'EXERCISE-0001',
  device: DEVICE,
  originator: 'AUS',
  clearance: 'GOKUHI',
  citizenships: ['JPN'],
  areas: ['maritime'],
  briefings: ['caveat/KITE'],
}

function stateAfter(...more: readonly Step[]) {
  return credentialState(foldClearances(acts(...full, ...more)), issued, T + 1)
}

function codeOf(what: () => unknown): string {
  try {
    what()
    return 'accepted'
  } catch (error) {
    assert.ok(error instanceof ClearanceError, String(error))
    return error.values['state'] === undefined ? error.code : `${error.code} ${String(error.values['state'])}`
  }
}

test('a grant, an assignment, a briefing and a device make a cleared person', () => {
  assert.deepEqual(personStatus(foldClearances(acts(...full)), 'EXERCISE-0001', T + 1), {
    state: 'cleared',
    clearance: 'GOKUHI',
    citizenships: ['JPN'],
    validUntil: T + 1_000_000,
    assignments: [{ area: 'maritime', role: 'analyst', purposes: ['EXERCISE'], until: T + 500_000 }],
    briefings: ['caveat/KITE'],
    devices: [{ device: DEVICE, originator: 'AUS', until: T + 400_000 }],
  })
})

test('each part ends at its own time', () => {
  const state = foldClearances(acts(...full))
  const at = (seconds: number) => {
    const status = personStatus(state, 'EXERCISE-0001', T + seconds)
    return status.state === 'cleared' ? [status.briefings.length, status.devices.length, status.assignments.length] : status.state
  }
  assert.equal(at(-1), 'not-yet-valid')
  assert.deepEqual(at(0), [1, 1, 1])
  assert.deepEqual(at(300_000), [0, 1, 1])
  assert.deepEqual(at(400_000), [0, 0, 1])
  assert.deepEqual(at(500_000), [0, 0, 0])
  assert.equal(at(1_000_000), 'expired')
  assert.equal(personStatus(state, 'EXERCISE-0002', T).state, 'unknown')
})

test('whatever narrows a person stops the credentials that say more, at once', () => {
  assert.equal(stateAfter(), 'valid')
  assert.equal(stateAfter({ act: 'suspend' }), 'suspended')
  assert.equal(stateAfter({ act: 'suspend' }, { act: 'reinstate' }), 'valid')
  assert.equal(stateAfter({ act: 'withdraw' }), 'withdrawn')
  assert.equal(stateAfter({ act: 'unassign', area: 'maritime' }), 'withdrawn')
  assert.equal(stateAfter({ act: 'debrief', briefing: 'caveat/KITE' }), 'withdrawn')
  assert.equal(stateAfter({ act: 'retire-device', device: DEVICE }), 'withdrawn')
  assert.equal(stateAfter({ act: 'change-citizenships', citizenships: ['AUS', 'JPN'] }), 'withdrawn')
  assert.equal(stateAfter({ act: 'upgrade', clearance: 'TOKUTEI', validUntil: T + 2_000_000 }), 'withdrawn')
  assert.equal(stateAfter({ ...assign, area: 'cyber' }), 'valid')
  // A new grant revives no credential of the old one: its device is gone.
  assert.equal(stateAfter({ act: 'withdraw' }, grant, assign, brief), 'withdrawn')
  assert.equal(credentialState(foldClearances(acts(...full)), { ...issued, originator: 'GBR' }, T + 1), 'withdrawn')
})

test('organisation, post and facility are attested one of each, for a time, and taken back at once', () => {
  const attest = (claim: 'organisation' | 'post' | 'facility', code: string, until = T + 200_000): Step => ({
    act: 'attest',
    claim,
    code,
    until,
  })
  const all = [attest('organisation', 'EXERCISE-A'), attest('post', 'EXERCISE-P'), attest('facility', 'EXERCISE-F', T + 100_000)]
  const held = { ...issued, organisation: 'EXERCISE-A', post: 'EXERCISE-P', facility: 'EXERCISE-F' }
  const after = (seconds: number, ...more: readonly Step[]) =>
    credentialState(foldClearances(acts(...full, ...all, ...more)), held, T + seconds)
  assert.equal(credentialState(foldClearances(acts(...full)), held, T + 1), 'withdrawn', 'nothing was attested')
  assert.equal(after(1), 'valid')
  assert.equal(after(99_999), 'valid')
  assert.equal(after(100_000), 'withdrawn', 'one of them is over')
  assert.equal(after(1, { act: 'retract', claim: 'post' }), 'withdrawn')
  assert.equal(after(1, attest('organisation', 'EXERCISE-B')), 'withdrawn', 'another took its place')
  assert.equal(after(1, { act: 'withdraw' }, ...full), 'withdrawn', 'a new grant revives none of them')
  const status = personStatus(foldClearances(acts(...full, ...all)), 'EXERCISE-0001', T + 100_000)
  assert.deepEqual(status.state === 'cleared' && [status.organisation, status.post, status.facility], [
    'EXERCISE-A',
    'EXERCISE-P',
    undefined,
  ])
  assert.equal(latestExpiry(foldClearances(acts(...full, ...all)), held, T + 99_000), T + 100_000)
  const refused = (...steps: readonly Step[]) => codeOf(() => foldClearances(acts(...full, ...steps)))
  assert.equal(refused({ act: 'retract', claim: 'post' }), 'clearance/act-impossible not-held')
  assert.equal(refused(attest('post', 'EXERCISE-P', T)), 'clearance/act-impossible already-over')
  assert.equal(refused({ ...attest('post', 'X'), claim: 'rank' } as never), 'clearance/input')
})

test('a clock that is behind undoes no stop', () => {
  const state = foldClearances(acts(...full, { act: 'withdraw', at: T + 100 }))
  assert.equal(personStatus(state, 'EXERCISE-0001', T + 50).state, 'withdrawn')
})

test('acts that cannot be are refused, each with its reason', () => {
  const after = (...steps: readonly Step[]) => codeOf(() => foldClearances(acts(...steps)))
  assert.equal(after({ act: 'suspend' }), 'clearance/act-impossible unknown')
  assert.equal(after(grant, grant), 'clearance/act-impossible cleared')
  assert.equal(after(grant, { act: 'suspend' }, grant), 'clearance/act-impossible cleared')
  assert.equal(after(grant, { act: 'withdraw' }, { act: 'reinstate' }), 'clearance/act-impossible withdrawn')
  assert.equal(after(grant, { act: 'reinstate' }), 'clearance/act-impossible not-suspended')
  assert.equal(after(grant, { act: 'unassign', area: 'maritime' }), 'clearance/act-impossible not-held')
  assert.equal(after(grant, { act: 'upgrade', clearance: 'X', validUntil: T }), 'clearance/act-impossible already-over')
  assert.equal(after({ ...grant, validUntil: T } as Step), 'clearance/act-impossible empty-period')
  assert.equal(
    after(grant, { ...grant, person: 'EXERCISE-0002' }, enrol, { ...enrol, person: 'EXERCISE-0002' }),
    'clearance/act-impossible device-in-use',
  )
  assert.equal(after(grant, enrol, { ...enrol, originator: 'GBR' } as Step), 'clearance/act-impossible device-in-use')
  assert.equal(after(grant, { ...assign, at: T - 1 }), 'clearance/act-order')
  assert.equal(
    codeOf(() => foldClearances(acts(grant, assign).toReversed())),
    'clearance/act-order',
  )
  assert.equal(after({ act: 'promote' } as never), 'clearance/input')
  assert.equal(after({ ...grant, rank: 'EXERCISE' } as never), 'clearance/input')
})

test('applying an act leaves the state before it as it was', () => {
  const before = foldClearances(acts(...full))
  applyAct(before, { number: 5, at: T, by: 'EXERCISE-OFFICER', person: 'EXERCISE-0001', act: 'withdraw' })
  assert.equal(personStatus(before, 'EXERCISE-0001', T).state, 'cleared')
})

test('a credential never outlives what it states', () => {
  const state = foldClearances(acts(...full))
  assert.equal(latestExpiry(state, issued, T), T + 28_800)
  assert.equal(latestExpiry(state, issued, T + 299_000), T + 300_000)
  assert.equal(latestExpiry(state, { ...issued, briefings: [] }, T + 399_000), T + 400_000)
  assert.equal(
    codeOf(() => latestExpiry(state, issued, T + 300_000)),
    'clearance/act-impossible not-held',
  )
  assert.equal(
    codeOf(() => latestExpiry(state, { ...issued, areas: ['space'] }, T)),
    'clearance/act-impossible not-held',
  )
})

test('in no sequence of acts does a stopped person have a valid credential', () => {
  const step = fc.constantFrom<Step>(
    ...full,
    { act: 'suspend' },
    { act: 'reinstate' },
    { act: 'withdraw' },
    { act: 'unassign', area: 'maritime' },
    { act: 'debrief', briefing: 'caveat/KITE' },
    { act: 'retire-device', device: DEVICE },
  )
  fc.assert(
    fc.property(fc.array(step, { maxLength: 30 }), (steps) => {
      let state = foldClearances([])
      const held = new Set<string>()
      for (const one of steps) {
        const [act] = acts(one)
        assert.ok(act !== undefined)
        try {
          state = applyAct(state, { ...act, number: state.number + 1 })
        } catch (error) {
          assert.ok(error instanceof ClearanceError)
          continue
        }
        // The slow opinion: a set of words, changed by each act that was taken.
        const ends: Partial<Record<ClearanceAct['act'], string>> = {
          reinstate: 'suspend',
          unassign: 'assign',
          debrief: 'brief',
          'retire-device': 'enrol-device',
        }
        const ended = ends[act.act]
        if (act.act === 'withdraw') held.clear()
        else if (ended === undefined) held.add(act.act)
        else held.delete(ended)
        const valid = ['grant', 'assign', 'enrol-device', 'brief'].every((word) => held.has(word)) && !held.has('suspend')
        assert.equal(credentialState(state, issued, T + 1) === 'valid', valid)
      }
    }),
    { numRuns: 300 },
  )
})

test('the roster counts cleared persons by assignment', () => {
  const state = foldClearances(
    acts(
      ...full,
      { ...grant, person: 'EXERCISE-0002' },
      { ...assign, person: 'EXERCISE-0002' },
      { act: 'suspend', person: 'EXERCISE-0002' },
    ),
  )
  assert.deepEqual(rosterReaders(state, T + 1), [{ person: 'EXERCISE-0001', clearance: 'GOKUHI', areas: ['maritime'], role: 'analyst' }])
})
