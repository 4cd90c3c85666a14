import { type PersonFacts, attestedIn } from '@entente/clearance'
import type { Nation } from '../nation.ts'

/** What the own clearance office says of an own person. Nothing of it leaves the nation from here. */
export async function factsOf(nation: Pick<Nation, 'office' | 'config'>, person: string, purpose: string): Promise<PersonFacts> {
  const status = await nation.office.call('person', { person })
  // For decisions at home a pseudonym names nobody: the person is authenticated, and no entry carries these facts.
  const known = { nation: nation.config.nation, pseudonym: 'home' }
  if (status.state !== 'cleared') return { ...known, suspended: status.state === 'suspended' }
  const purposes = new Set(status.assignments.flatMap((assignment) => assignment.purposes))
  return {
    ...known,
    clearance: status.clearance,
    citizenships: status.citizenships,
    areas: status.assignments.map((assignment) => assignment.area),
    briefings: status.briefings,
    ...attestedIn(status),
    suspended: false,
    ...(purposes.has(purpose) ? { purpose } : {}),
  }
}
