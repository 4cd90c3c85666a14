import type { MessageValues } from '@entente/canonical'
import { AgreementError, type AgreementCode } from './errors.ts'
import type { AgreementVersion } from './model.ts'

/**
 * Checks that versions, oldest first, are one agreement's unbroken history: one name and realm, numbers 1, 2, 3 …, each
 * naming the id of the one before, each in force later than the one before. Signatures are `verifyAgreement`'s.
 * Throws `agreement/chain-empty`, `-name`, `-number`, `-previous`, `-dates`.
 */
export function verifyChain(versions: readonly AgreementVersion[]): void {
  const first = versions[0]
  if (first === undefined) throw new AgreementError('agreement/chain-empty', 'an agreement has at least one version')
  let previous: AgreementVersion | undefined
  for (const version of versions) {
    const { body } = version
    if (body.agreement !== first.body.agreement || body.realm !== first.body.realm) throw broken('agreement/chain-name', version)
    if (body.version !== (previous?.body.version ?? 0) + 1) throw broken('agreement/chain-number', version)
    if (body.previous !== previous?.id) throw broken('agreement/chain-previous', version)
    if (previous !== undefined && body.inForceFrom <= previous.body.inForceFrom) throw broken('agreement/chain-dates', version)
    previous = version
  }
}

function broken(code: AgreementCode, version: AgreementVersion): AgreementError {
  const values: MessageValues = { agreement: version.body.agreement, version: version.body.version }
  return new AgreementError(code, `version ${version.body.version} does not continue the agreement`, { values })
}

/**
 * The version of one agreement in force at `at` (seconds): the newest that has begun, unless it has ended. A version that
 * ended does not give way to an older one.
 */
export function inForce<V extends AgreementVersion>(versions: readonly V[], at: number): V | undefined {
  let newest: V | undefined
  for (const version of versions) {
    if (version.body.inForceFrom <= at && (newest === undefined || version.body.version > newest.body.version)) newest = version
  }
  return newest === undefined || hasEnded(newest, at) ? undefined : newest
}

function hasEnded(version: AgreementVersion, at: number): boolean {
  return version.body.inForceUntil !== undefined && version.body.inForceUntil <= at
}
