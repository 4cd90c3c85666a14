import { readFile, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { AgreementVersion } from '@entente/agreement'
import { type Crypto, readDocument, codeOf } from '@entente/canonical'
import { type KeyStatement, type Trust, agreementInForce, anchorsShape, verifyTrust } from '@entente/exchange'
import { NodeError } from './errors.ts'

export {
  type Anchors,
  HOME_LOG,
  type Trust,
  logName,
  logOrigin,
  partnersIn,
  secondWitnessName,
  witnessName,
} from '@entente/exchange'

/**
 * Reads the trust folder (`agreements/*.json`, `statements/*.json`, file names sorted) against this process's own anchors.
 * Throws `node/trust` when anything in it does not hold: a process does not run on half of it.
 */
export async function loadTrust(crypto: Crypto, folder: string, anchorsFile: string): Promise<Trust> {
  const anchors = readDocument(anchorsShape, await readFile(anchorsFile), 'anchors')
  try {
    const agreements = await filesIn(join(folder, 'agreements'))
    return await verifyTrust(crypto, anchors, { agreements, statements: await filesIn(join(folder, 'statements')) })
  } catch (cause) {
    throw new NodeError('node/trust', `the trust folder does not hold: ${(cause as Error).message}`, { cause, values: { reason: codeOf(cause) } })
  }
}

async function filesIn(folder: string): Promise<Uint8Array[]> {
  const names = await readdir(folder).catch(() => [])
  return Promise.all(names.filter((name) => name.endsWith('.json')).sort().map((name) => readFile(join(folder, name))))
}

/** A partner's key statement; throws `node/trust` for a nation that was never paired. */
export function partnerOf(trust: Trust, nation: string): KeyStatement {
  const statement = trust.partners.get(nation)
  if (statement === undefined) throw new NodeError('node/trust', 'this nation was never paired', { values: { nation } })
  return statement
}

/** The version of an agreement in force at `at` (seconds); throws `node/trust` when there is none. */
export function agreementAt(trust: Trust, agreement: string, at: number): AgreementVersion {
  const version = agreementInForce(trust, agreement, at)
  if (version === undefined) throw new NodeError('node/trust', 'no version of this agreement is in force', { values: { agreement } })
  return version
}
