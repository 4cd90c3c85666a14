import type { Crypto, HybridPublicKey } from '@entente/canonical'
import { fromBase64Url } from '@entente/canonical'
import type { PinnedIssuer } from '@entente/clearance'
import type { KeyStatement } from '@entente/exchange'
import type { Policy } from '@entente/ledger'
import { logPolicy } from './ledger/keys.ts'
import { HOME_LOG, type Trust, logName, logOrigin, partnerOf, secondWitnessName, witnessName } from './trust.ts'

/** Agreement name in credentials that a nation's own people use for its own items. */
export const HOME_AGREEMENT = 'home'

/** The clearance office of a nation, as its key statement names it. */
export function issuerOf(statement: KeyStatement): PinnedIssuer {
  const { nation, names, keys } = statement
  return { nation, name: names.office, keys: [{ kid: keys.issuer.kid, publicKey: fromBase64Url(keys.issuer.jwk.x) }], statusKey: keys.status }
}

/** Device keys of a nation's officers whose delegation held at a time (seconds). */
export function officerKeys(statement: KeyStatement, at: number): readonly HybridPublicKey[] {
  return statement.delegations.filter((delegation) => at < delegation.until).map((delegation) => delegation.key)
}

/** The key statement of a nation, own or partner. */
export function statementOf(trust: Trust, nation: string): KeyStatement {
  return nation === trust.anchors.nation ? trust.own : partnerOf(trust, nation)
}

/** What a proof from this nation's home log must show: its own second witness. */
export function homePolicy(crypto: Crypto, trust: Trust, nation: string = trust.anchors.nation): Policy {
  const statement = statementOf(trust, nation)
  const { kas } = statement.names
  return logPolicy(
    crypto,
    { statement, origin: logOrigin(kas, trust.anchors.realm, HOME_LOG) },
    { statement, name: secondWitnessName(kas, trust.anchors.realm) },
  )
}

/** What a proof from `of`'s log with `partner` must show: the partner's cosignature. */
export function linkPolicy(crypto: Crypto, trust: Trust, agreement: string, of: string, partner: string): Policy {
  const statement = statementOf(trust, of)
  const witness = statementOf(trust, partner)
  const { realm } = trust.anchors
  return logPolicy(
    crypto,
    { statement, origin: logOrigin(statement.names.kas, realm, logName(agreement, partner)) },
    { statement: witness, name: witnessName(witness.names.kas, realm) },
  )
}
