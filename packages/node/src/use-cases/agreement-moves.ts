import { codeOf } from '@entente/canonical'
import { NodeError } from '../errors.ts'
import type { Condition } from '../ledger/record.ts'
import type { Standing } from '../living-trust.ts'
import type { Nation } from '../nation.ts'
import { type Trust, agreementAt } from '../trust.ts'

/** How often something is decided anew where an agreement changes meanwhile. */
const TRIES = 3

/**
 * Does what rests on a decision; where an agreement changed between deciding and entering, it is decided anew by what holds then. Throws
 * `node/agreement-moved` where it changes again and again.
 */
export async function decidedAnew<T>(
  nation: Pick<Nation, 'standing' | 'renewTrust'>,
  work: (standing: Standing) => Promise<T>,
): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await work(nation.standing())
    } catch (error) {
      if (codeOf(error) !== 'node/agreement-moved' || attempt === TRIES) throw error
      await nation.renewTrust()
    }
  }
}

/** The condition that nothing of an agreement changed since it was decided by `standing`; none where no agreement has a say. */
export function unchanged(standing: Standing, agreement: string | undefined): readonly Condition[] {
  return agreement === undefined ? [] : [{ condition: 'agreement', agreement, changes: standing.changes[agreement] ?? 0 }]
}

/** The same, asked of the ledger before something leaves that took a while. Throws `node/agreement-moved`. */
export async function requireUnchanged(nation: Pick<Nation, 'ledger'>, standing: Standing, agreement: string | undefined): Promise<void> {
  if (agreement === undefined) return
  const { changes } = await nation.ledger.call('changes', {})
  if ((changes[agreement] ?? 0) !== (standing.changes[agreement] ?? 0))
    throw new NodeError('node/agreement-moved', 'the agreement changed while a key was being sealed', { values: { agreement } })
}

/** Id of the version by which this nation decides now: what its entries name. */
export function decidingVersion(trust: Trust, agreement: string, at: number): string {
  return agreementAt(trust, agreement, at).id
}
