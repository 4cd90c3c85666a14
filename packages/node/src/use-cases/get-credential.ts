import { codeOf, readShape } from '@entente/canonical'
import { credentialRequestShape, enrolmentShape } from '@entente/exchange'
import { NodeError } from '../errors.ts'
import type { Nation } from '../nation.ts'
import { HOME_AGREEMENT } from '../pins.ts'
import { agreementAt } from '../trust.ts'
import { giveNonce } from './give-nonce.ts'
import { listedItem } from './list-items.ts'
import { enterAbsence, nonceFor } from './open-item.ts'

/** Enrols a device of the caller's own; the office checks the code. Throws `node/not-enrolled`. */
export async function enrolDevice(nation: Pick<Nation, 'office'>, person: string, signed: unknown): Promise<{ readonly number: number }> {
  const { body } = readShape(enrolmentShape, signed, 'enrolment')
  if (body.person !== person) throw new NodeError('node/not-enrolled', 'an enrolment for somebody else')
  return nation.office.call('enrol', { signed })
}

/**
 * A credential for one item that the caller may list, from the own office. Throws `node/absent` (with an entry) for any
 * other item, `node/bad-request` for a request that is about something else, `node/not-enrolled`.
 */
export async function getCredential(
  nation: Parameters<typeof listedItem>[0],
  person: string,
  id: string,
  request: unknown,
): Promise<{ readonly credential: string }> {
  const { body } = readShape(credentialRequestShape, request, 'credential request')
  const item = await listedItem(nation, person, id, undefined)
  const { basis, originator } = item.body
  const agreement = basis?.agreement ?? HOME_AGREEMENT
  if (body.item !== id || body.originator !== originator || body.agreement !== agreement)
    throw new NodeError('node/bad-request', 'a request about another item', { values: { what: 'request' } })
  // At home nobody is to be kept apart; the shortest life gives away least.
  const pseudonymLife = basis === undefined ? 'item' : agreementAt(nation.trust(), basis.agreement, nation.now()).body.pseudonymLife
  return nation.office.call('credential', { request, pseudonymLife })
}

/**
 * A nonce of an originator's for a device key: the own, or asked of the partner. Where the partner cannot be reached, the
 * attempt at `item` ends here, and is entered like any other that came to nothing.
 */
export async function getNonce(
  nation: Pick<Nation, 'crypto' | 'config' | 'nonceKey' | 'now' | 'partners' | 'trust' | 'enter'>,
  person: string,
  asked: { readonly originator: string; readonly thumbprint: string; readonly item?: string },
): Promise<{ readonly nonce: string }> {
  const { originator, thumbprint, item } = asked
  if (originator === nation.config.nation) return giveNonce(nation, originator, { thumbprint })
  if (!nation.trust().partners.has(originator))
    throw new NodeError('node/bad-request', 'no such partner', { values: { what: 'originator' } })
  try {
    return { nonce: await nonceFor(nation, originator, thumbprint) }
  } catch (error) {
    if (item !== undefined && codeOf(error) === 'node/partner-unreachable') await enterAbsence(nation, item, person)
    throw error
  }
}
