import type { Json } from '@entente/canonical'
import { NodeError } from '../errors.ts'
import type { Nation } from '../nation.ts'
import { policyOf } from '../policies.ts'
import { agreementAt, logName, partnersIn } from '../trust.ts'
import { entryFor } from './entries.ts'
import { type PostNeeds, enterWithLetter } from './post-envelope.ts'
import { ownRosterFact } from './received-rosters.ts'

/** The roles that a roster counts: those who would read. */
const ROLES = ['reader'] as const

/**
 * Has the clearance office count the nation's readers for a partner, and sends the signed counts. The frame is the
 * agreement's: every level of the own policy, every area, nobody named, no cell below `rosterMinimum`.
 * Throws `node/trust` (`agreement`), `node/absent` (no party of it), and `clearance/roster-axis` where a reader stands outside.
 */
export async function sendRoster(
  nation: PostNeeds & Pick<Nation, 'trust' | 'policies' | 'office'>,
  input: { readonly agreement: string; readonly to: string },
): Promise<{ readonly number: number }> {
  const { config, now } = nation
  const { body } = agreementAt(nation.trust(), input.agreement, now())
  if (!partnersIn(body, config.nation).includes(input.to)) throw new NodeError('node/absent', 'nothing is here')
  const policy = policyOf(nation.policies, config.nation)
  if (policy === undefined) throw new NodeError('node/config', 'the own marking policy is missing', { values: { what: 'nations' } })
  const signed = await nation.office.call('roster', {
    agreement: body.agreement,
    k: body.rosterMinimum,
    clearances: policy.clearances.map(({ code }) => code),
    areas: body.areas.map(({ code }) => code),
    roles: ROLES,
  })
  const { number } = signed.body
  const at = now()
  await enterWithLetter(
    nation,
    {
      at,
      kind: 'roster',
      body: { facts: [{ name: ownRosterFact(body.agreement), value: JSON.stringify(signed) }] },
      entries: [entryFor(nation, logName(body.agreement, input.to), at, { act: 'roster', number })],
      effects: [],
      conditions: [],
    },
    { partner: input.to, agreement: body.agreement, type: 'roster', body: signed as unknown as Json },
  )
  return { number }
}
