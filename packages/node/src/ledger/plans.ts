import type { Crypto } from '@entente/canonical'
import type { NoteKey } from '@entente/ledger'
import { HOME_LOG, type Trust, logName, logOrigin, linkedUnder, secondWitnessName, witnessName } from '../trust.ts'
import type { LogPlan } from './engine.ts'
import { logNoteKeys, logPolicy, logSigners, originsOf } from './keys.ts'

/** Names of the partner logs that a nation operates: one per agreement and nation with which it is linked under it. */
export function partnerLogs(trust: Trust): { readonly name: string; readonly agreement: string; readonly partner: string }[] {
  const logs: { name: string; agreement: string; partner: string }[] = []
  for (const agreement of trust.agreements.keys())
    for (const partner of linkedUnder(trust, agreement)) logs.push({ name: logName(agreement, partner), agreement, partner })
  return logs
}

/** Every log that this nation operates: home, cosigned by its second witness, and one per agreement and paired partner, cosigned there. */
export async function logPlans(crypto: Crypto, trust: Trust, masterSeed: string): Promise<readonly LogPlan[]> {
  const { own, partners, anchors } = trust
  const { kas } = own.names
  const plan = async (name: string, witness: { statement: typeof own; name: string }): Promise<LogPlan> => {
    const origin = logOrigin(kas, anchors.realm, name)
    return {
      name,
      origin,
      signers: await logSigners(crypto, masterSeed, origin),
      witness: witness.name,
      policy: logPolicy(crypto, { statement: own, origin }, witness),
    }
  }
  const plans = [await plan(HOME_LOG, { statement: own, name: secondWitnessName(kas, anchors.realm) })]
  for (const { name, partner } of partnerLogs(trust)) {
    const statement = partners.get(partner)
    if (statement === undefined) continue
    plans.push(await plan(name, { statement, name: witnessName(statement.names.kas, anchors.realm) }))
  }
  return plans
}

/** The keys of partners' logs that this nation witnesses: those of the partners' logs with this nation, and no others. */
export function witnessedKeys(crypto: Crypto, trust: Trust): (origin: string) => readonly NoteKey[] | undefined {
  const known = new Map<string, readonly NoteKey[]>()
  for (const { agreement, partner } of partnerLogs(trust)) {
    const statement = trust.partners.get(partner)
    if (statement === undefined) continue
    const origin = logOrigin(statement.names.kas, trust.anchors.realm, logName(agreement, trust.anchors.nation))
    if (originsOf(statement, trust.anchors.realm).includes(origin)) known.set(origin, logNoteKeys(crypto, statement, origin))
  }
  return (origin) => known.get(origin)
}

/** The keys of this nation's home log, which its second witness watches. */
export function homeKeys(crypto: Crypto, trust: Trust): (origin: string) => readonly NoteKey[] | undefined {
  const origin = logOrigin(trust.own.names.kas, trust.anchors.realm, HOME_LOG)
  const keys = logNoteKeys(crypto, trust.own, origin)
  return (asked) => (asked === origin ? keys : undefined)
}
