import { type ClearanceAct, ClearanceError, type PersonStatus } from '@entente/clearance'
import { signedActShape, unknownIn } from '@entente/exchange'
import * as v from 'valibot'
import type { Nation } from '../nation.ts'
import { HOME_LOG } from '../trust.ts'
import { entryFor } from './entries.ts'

type Needs = Pick<Nation, 'crypto' | 'config' | 'trust' | 'policies' | 'person' | 'office' | 'enter' | 'now'>

/** Number that the office's next act must carry. */
export function nextClearanceAct(nation: Pick<Nation, 'office'>): Promise<{ readonly number: number }> {
  return nation.office.call('nextAct', {})
}

/**
 * Hands a clearance officer's signed act to the office, which alone judges who signed it and whether it may be; that it was done is an
 * entry at home. Throws `clearance/input` (`what`, `known`) for an act that gives something to nobody here, or under a code that nobody
 * here knows, and what the office throws: `node/refused`, `exchange/malformed`, `clearance/act-order`, `clearance/act-impossible`.
 */
export async function enterClearanceAct(nation: Needs, officer: string, signed: unknown): Promise<{ readonly number: number }> {
  const read = v.safeParse(signedActShape, signed)
  // What is no act at all is the office's to refuse.
  if (read.success) checkKnown(nation, read.output.body.act)
  const { number } = await nation.office.call('act', { signed })
  const at = nation.now()
  const entry = entryFor(nation, HOME_LOG, at, { act: 'attest', number, person: officer })
  await nation.enter({ at, kind: 'attest', body: {}, entries: [entry], effects: [], conditions: [] })
  return { number }
}

/** Hands the signed digest of an enrolment code to the office; throws as `enterClearanceAct`, and `node/clock`. */
export async function enterEnrolmentCode(nation: Pick<Nation, 'office' | 'person'>, signed: unknown): Promise<void> {
  const read = v.safeParse(personShape, signed)
  if (read.success) checkPerson(nation, read.output.body.person)
  await nation.office.call('enrolmentCode', { signed })
}

const personShape = v.object({ body: v.object({ person: v.string() }) })

function checkKnown(nation: Pick<Nation, 'trust' | 'policies' | 'person'>, act: ClearanceAct): void {
  if (TAKES_AWAY.has(act.act)) return
  checkPerson(nation, act.person)
  const unknown = unknownIn(act, { trust: nation.trust(), policies: nation.policies.values() })
  if (unknown === undefined) return
  const { what, known } = unknown
  const values = { what, ...(known.length === 0 ? {} : { known: known.join(', ') }) }
  throw new ClearanceError('clearance/input', 'a code that is not known here', { values })
}

/** Of somebody who was struck off, too, everything can be taken. */
const TAKES_AWAY: ReadonlySet<ClearanceAct['act']> = new Set([
  'suspend',
  'withdraw',
  'change-citizenships',
  'debrief',
  'unassign',
  'retract',
  'retire-device',
])

function checkPerson({ person }: Pick<Nation, 'person'>, id: string): void {
  if (person(id) === undefined) throw new ClearanceError('clearance/input', 'nobody of this nation', { values: { what: id } })
}

/** What the office says of one of its own people, who is `unknown` where it has never heard of them. */
export function personAtOffice(nation: Pick<Nation, 'office'>, person: string): Promise<PersonStatus> {
  return nation.office.call('person', { person })
}
