import { readShape } from '@entente/canonical'
import { type RosterStatement, signedRosterShape } from '@entente/clearance'
import type { Nation } from '../nation.ts'

const PREFIX = 'roster:'
/** Of the own nation, as it was last told to partners. */
const OWN_PREFIX = 'own-roster:'

/** The name under which a statement that is sent is kept. */
export function ownRosterFact(agreement: string): string {
  return `${OWN_PREFIX}${agreement}`
}

/** The newest roster statement that a partner sent under an agreement; its signature was checked when it came. */
export async function receivedRoster(nation: Pick<Nation, 'db'>, agreement: string, from: string): Promise<RosterStatement | undefined> {
  const row = await nation.db.selectFrom('meta').select('value').where('name', '=', `${PREFIX}${agreement}:${from}`).executeTakeFirst()
  return row === undefined ? undefined : rosterIn(row.value)
}

/** The newest roster of every partner and agreement, sorted by agreement, then nation. */
export async function receivedRosters(nation: Pick<Nation, 'db'>): Promise<readonly RosterStatement[]> {
  return rostersOf(nation, PREFIX)
}

/** The same, after what the own nation last told its partners: counts that both sides have, and nobody newer. */
export async function toldRosters(nation: Pick<Nation, 'db'>): Promise<readonly RosterStatement[]> {
  return [...(await rostersOf(nation, OWN_PREFIX)), ...(await rostersOf(nation, PREFIX))]
}

async function rostersOf(nation: Pick<Nation, 'db'>, prefix: string): Promise<readonly RosterStatement[]> {
  const rows = await nation.db.selectFrom('meta').select('value').where('name', 'like', `${prefix}%`).orderBy('name').execute()
  return rows.map(({ value }) => rosterIn(value))
}

function rosterIn(value: string): RosterStatement {
  return readShape(signedRosterShape, JSON.parse(value), 'roster').body
}
