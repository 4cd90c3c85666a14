import type { MessageValues } from '@entente/canonical'
import { AgreementError, type AgreementCode } from './errors.ts'
import type { Agreement, AgreementVersion } from './model.ts'

/**
 * Checks that versions, oldest first, are one agreement's unbroken history: one name and realm, numbers 1, 2, 3 …, each
 * naming the id of the one before, each in force later than the one before. Signatures are `verifyAgreement`'s.
 * Throws `agreement/chain-empty`, `-name`, `-number`, `-previous`, `-dates`.
 */
export function verifyChain(versions: readonly AgreementVersion[]): void {
  if (versions.length === 0) throw new AgreementError('agreement/chain-empty', 'an agreement has at least one version')
  let previous: AgreementVersion | undefined
  for (const version of versions) {
    const code = chainProblem(version.body, previous)
    if (code !== undefined) throw broken(code, version)
    previous = version
  }
}

/** What is wrong with a body as the successor of a version, or as the first one: the code, if anything is. */
export function chainProblem(body: Agreement, previous: AgreementVersion | undefined): AgreementCode | undefined {
  if (previous !== undefined && (body.agreement !== previous.body.agreement || body.realm !== previous.body.realm))
    return 'agreement/chain-name'
  if (body.version !== (previous?.body.version ?? 0) + 1) return 'agreement/chain-number'
  if (body.previous !== previous?.id) return 'agreement/chain-previous'
  if (previous !== undefined && body.inForceFrom <= previous.body.inForceFrom) return 'agreement/chain-dates'
  return undefined
}

/**
 * Whether verified versions follow those that are held: `newer` replaces them, `same` are the ones that are held. Throws
 * `agreement/replayed` for a history that ends earlier, and `agreement/forked` for one that differs in what is held: all
 * parties signed two versions of one number, and it is not for software to choose.
 */
export function followVersions(held: readonly AgreementVersion[], offered: readonly AgreementVersion[]): 'newer' | 'same' {
  for (const [index, version] of held.entries()) {
    const same = offered[index]
    if (same === undefined) throw broken('agreement/replayed', version)
    if (same.id !== version.id) throw broken('agreement/forked', version)
  }
  return offered.length > held.length ? 'newer' : 'same'
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
