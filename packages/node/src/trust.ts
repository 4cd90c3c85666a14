import { readFile, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { Agreement, AgreementVersion } from '@entente/agreement'
import { type Crypto, type Json, codeOf, readDocument, readJson } from '@entente/canonical'
import { type KeyStatement, type Trust, agreementInForce, anchorsShape, verifyTrust } from '@entente/exchange'
import { NodeError } from './errors.ts'

export { type Anchors, HOME_LOG, type Trust, logName, logOrigin, partnersIn, secondWitnessName, witnessName } from '@entente/exchange'

/** Agreements and key statements as they were signed. */
export interface SignedTrust {
  readonly agreements: readonly Json[]
  readonly statements: readonly Json[]
}

const loaded = new WeakMap<Trust, SignedTrust>()

/** The documents from which `loadTrust` made this, for clients that verify them against their own pins. */
export function signedTrust(trust: Trust): SignedTrust {
  return loaded.get(trust) ?? { agreements: [], statements: [] }
}

/**
 * Reads the trust folder (`agreements/*.json`, `statements/*.json`, file names sorted) against this process's own anchors.
 * Throws `node/trust` when anything in it does not hold: a process does not run on half of it.
 */
export async function loadTrust(crypto: Crypto, folder: string, anchorsFile: string): Promise<Trust> {
  const anchors = readDocument(anchorsShape, await readFile(anchorsFile), 'anchors')
  try {
    const documents = { agreements: await filesIn(join(folder, 'agreements')), statements: await filesIn(join(folder, 'statements')) }
    const trust = await verifyTrust(crypto, anchors, documents)
    for (const version of [...trust.agreements.values()].flat()) refuseUnkept(version.body)
    loaded.set(trust, {
      agreements: documents.agreements.map((bytes) => readJson(bytes)),
      statements: documents.statements.map((bytes) => readJson(bytes)),
    })
    return trust
  } catch (cause) {
    if (cause instanceof NodeError) throw cause
    throw new NodeError('node/trust', `the trust folder does not hold: ${(cause as Error).message}`, {
      cause,
      values: { reason: codeOf(cause) },
    })
  }
}

/**
 * Throws `node/trust` (`witness.rhythm`) for an agreement that asks for what this node does not do: it neither signs nor serves
 * a promise that it would break.
 */
export function refuseUnkept({ agreement, witness }: Agreement): void {
  if (witness.rhythm.kind !== 'on-demand') {
    throw new NodeError('node/trust', 'a fixed rhythm of checkpoints is not built', { values: { agreement, reason: 'witness.rhythm' } })
  }
}

async function filesIn(folder: string): Promise<Uint8Array[]> {
  const names = await readdir(folder).catch(() => [])
  return Promise.all(
    names
      .filter((name) => name.endsWith('.json'))
      .sort()
      .map((name) => readFile(join(folder, name))),
  )
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
