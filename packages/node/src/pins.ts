import type { KeyStatement } from '@entente/exchange'
import { type Trust, partnerOf } from './trust.ts'

export {
  HOME_AGREEMENT,
  agreementInForce,
  agreementStateAt,
  homePolicy,
  issuerOf,
  linkPolicy,
  officerKeys,
  releasingOfficers,
} from '@entente/exchange'

/** The key statement of a nation, own or partner; throws `node/trust` for a nation that was never paired. */
export function statementOf(trust: Trust, nation: string): KeyStatement {
  return nation === trust.anchors.nation ? trust.own : partnerOf(trust, nation)
}
