import type { PersonStatus } from '@entente/clearance'
import type { Nation } from '../nation.ts'
import { HOME_LOG } from '../trust.ts'
import { entryFor } from './entries.ts'

type Needs = Pick<Nation, 'crypto' | 'config' | 'office' | 'enter' | 'now'>

/** Number that the office's next act must carry. */
export function nextClearanceAct(nation: Pick<Nation, 'office'>): Promise<{ readonly number: number }> {
  return nation.office.call('nextAct', {})
}

/**
 * Hands a clearance officer's signed act to the office, which alone judges it; that it was done is an entry at home.
 * Throws what the office throws: `node/refused`, `exchange/malformed`, `clearance/act-order`, `clearance/act-impossible`.
 */
export async function enterClearanceAct(nation: Needs, officer: string, signed: unknown): Promise<{ readonly number: number }> {
  const { number } = await nation.office.call('act', { signed })
  const at = nation.now()
  const entry = entryFor(nation, HOME_LOG, at, { act: 'attest', number, person: officer })
  await nation.enter({ at, kind: 'attest', body: {}, entries: [entry], effects: [], conditions: [] })
  return { number }
}

/** Hands the signed digest of an enrolment code to the office; throws as `enterClearanceAct`, and `node/clock`. */
export function enterEnrolmentCode(nation: Pick<Nation, 'office'>, signed: unknown): Promise<void> {
  return nation.office.call('enrolmentCode', { signed })
}

/** What the office says of one of its own people, who is `unknown` where it has never heard of them. */
export function personAtOffice(nation: Pick<Nation, 'office'>, person: string): Promise<PersonStatus> {
  return nation.office.call('person', { person })
}
