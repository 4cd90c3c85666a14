import type { Realm } from '@entente/canonical'
import type { Nation } from '../nation.ts'

/** What a person is told of himself. */
export interface PersonDescription {
  readonly id: string
  readonly names: { readonly en: string; readonly ja: string }
  readonly roles: readonly string[]
  readonly nation: string
  readonly realm: Realm
  /** As the own office has it now; absent for whoever is not cleared, for whatever reason. */
  readonly clearance?: {
    readonly level: string
    /** Seconds; from then on it counts no more. */
    readonly until: number
    readonly areas: readonly { readonly area: string; readonly purposes: readonly string[] }[]
  }
}

/** Who calls, and what the own clearance office says of them. */
export async function describePerson(
  nation: Pick<Nation, 'config' | 'office' | 'person'>,
  id: string,
  roles: readonly string[],
): Promise<PersonDescription> {
  const names = nation.person(id)?.names ?? { en: id, ja: id }
  const status = await nation.office.call('person', { person: id })
  const head = { id, names, roles, nation: nation.config.nation, realm: nation.config.realm }
  if (status.state !== 'cleared') return head
  const areas = status.assignments.map(({ area, purposes }) => ({ area, purposes }))
  return { ...head, clearance: { level: status.clearance, until: status.validUntil, areas } }
}
