import { readFile, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { Agreement } from '@entente/agreement'
import { type Crypto, type Json, type MessageValues, EntenteError, codeOf, readDocument, readJson } from '@entente/canonical'
import { type HeldVersion, type KeyStatement, type Trust, anchorsShape, lastBegun, verifyTrust } from '@entente/exchange'
import { NodeError } from './errors.ts'

export {
  type Anchors,
  HOME_LOG,
  type Trust,
  linkedUnder,
  logName,
  logOrigin,
  partnersIn,
  secondWitnessName,
  witnessName,
} from '@entente/exchange'

/** Agreements, key statements, words of holding and notices as they were signed. */
export type SignedTrust = { readonly [Kind in (typeof KINDS)[number]]: readonly Json[] }

/** Folders below `trust/`. */
const KINDS = ['agreements', 'statements', 'held', 'notices'] as const

const loaded = new WeakMap<Trust, SignedTrust>()

/** The documents from which `loadTrust` made this, for clients that verify them against their own pins. */
export function signedTrust(trust: Trust): SignedTrust {
  return loaded.get(trust) ?? { agreements: [], statements: [], held: [], notices: [] }
}

/**
 * Reads the trust folder (`agreements/*.json`, `statements/*.json`, `held/*.json`, `notices/*.json`, file names sorted) against this
 * process's own anchors. Throws `node/trust` when anything in it does not hold, with the agreement and the version if it is one's: a
 * process does not run on half of it.
 */
export async function loadTrust(crypto: Crypto, folder: string, anchorsFile: string): Promise<Trust> {
  const anchors = readDocument(anchorsShape, await readFile(anchorsFile), 'anchors')
  try {
    const [agreements = [], statements = [], held = [], notices = []] = await Promise.all(KINDS.map((kind) => filesIn(join(folder, kind))))
    const documents = { agreements, statements, held, notices }
    const trust = await verifyTrust(crypto, anchors, documents)
    for (const version of [...trust.agreements.values()].flat()) refuseUnkept(version.body)
    const asSigned = (files: readonly Uint8Array[]): Json[] => files.map((bytes) => readJson(bytes))
    loaded.set(trust, {
      agreements: asSigned(agreements),
      statements: asSigned(statements),
      held: asSigned(held),
      notices: asSigned(notices),
    })
    return trust
  } catch (cause) {
    if (cause instanceof NodeError) throw cause
    throw new NodeError('node/trust', `the trust folder does not hold: ${(cause as Error).message}`, {
      cause,
      values: { ...aboutVersion(cause), reason: codeOf(cause) },
    })
  }
}

/** Which agreement and version an error is about, where it says so. */
function aboutVersion(cause: unknown): MessageValues {
  const { agreement, version } = cause instanceof EntenteError ? cause.values : {}
  return { ...(agreement === undefined ? {} : { agreement }), ...(version === undefined ? {} : { version }) }
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

/** The version of an agreement whose terms hold at `at` (seconds), also where they outlive it; throws `node/trust` when none ever began. */
export function agreementAt(trust: Trust, agreement: string, at: number): HeldVersion {
  const version = lastBegun(trust, agreement, at)
  if (version === undefined) throw new NodeError('node/trust', 'no version of this agreement is in force', { values: { agreement } })
  return version
}
