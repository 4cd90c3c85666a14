import { fromUtf8 } from '@entente/canonical'
import { type Policy, printPolicy } from '@entente/ledger'
import { NodeError } from '../errors.ts'
import { partnerLogs } from '../ledger/plans.ts'
import type { Nation } from '../nation.ts'
import { homePolicy, linkPolicy } from '../pins.ts'
import { HOME_LOG } from '../trust.ts'

/** The tlog-policy of one of this nation's logs: what anybody needs to check its checkpoints and proofs. Throws `node/absent`. */
export function ledgerPolicy(nation: Pick<Nation, 'crypto' | 'trust'>, log: string): string {
  return fromUtf8(printPolicy(nation.crypto, policyFor(nation, log)))
}

function policyFor({ crypto, trust }: Pick<Nation, 'crypto' | 'trust'>, log: string): Policy {
  const known = trust()
  if (log === HOME_LOG) return homePolicy(crypto, known)
  const link = partnerLogs(known).find((one) => one.name === log)
  if (link === undefined || !known.partners.has(link.partner)) throw new NodeError('node/absent', 'nothing is here')
  return linkPolicy(crypto, known, link.agreement, known.anchors.nation, link.partner)
}
