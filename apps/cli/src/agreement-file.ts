import { join } from 'node:path'
import {
  type Agreement,
  type AgreementTemplate,
  type AgreementVersion,
  agreementId,
  readAgreement,
  readAgreementTemplate,
  readSignedAgreement,
} from '@entente/agreement'
import { codeOf } from '@entente/canonical'
import { nodeCrypto } from '@entente/crypto-node'
import type { Side } from '@entente/difference'
import type { MarkingPolicy } from '@entente/label'
import { ROOT, policyFor, readGiven } from './data.ts'
import { CliError } from './errors.ts'

/** An agreement in any of its forms; with an id where it is signed: what is only about to be signed has none to rely on. */
export interface GivenAgreement {
  readonly body: AgreementTemplate
  readonly id?: string
}

/** An agreement from a file, or by the name of a specimen of the checkout. Throws `cli/file`, `cli/not-verified`. */
export async function givenAgreement(name: string): Promise<GivenAgreement> {
  const isName = /^[a-z0-9-]+$/u.test(name)
  const bytes = await readGiven(isName ? join(ROOT, 'agreements', name, 'agreement.json') : name)
  try {
    const { body } = readSignedAgreement(bytes)
    return { body, id: agreementId(nodeCrypto, body) }
  } catch (first) {
    for (const readBody of [readAgreement, readAgreementTemplate]) {
      try {
        return { body: readBody(bytes) }
      } catch {
        // The next form may fit; where none does, the first reason is told.
      }
    }
    throw new CliError('cli/not-verified', 'not an agreement', { cause: first, values: { what: 'agreement', why: codeOf(first) } })
  }
}

/**
 * A version for rules to be read from: what a template leaves open (keys, dates) is filled so that it is in force from the beginning.
 * No rule reads it.
 */
export function versionOf({ body, id }: GivenAgreement): AgreementVersion {
  const whole = body as Agreement
  const inForceFrom = 'inForceFrom' in body ? whole.inForceFrom : 0
  return { id: id ?? '', body: { ...whole, inForceFrom, equivalence: whole.equivalence.map((table) => ({ ...table, validFrom: table.validFrom ?? 0 })) } }
}

/** A side of a comparison; what its agreements rest on is taken to be in force. */
export function sideOf(versions: readonly AgreementVersion[], policies: readonly MarkingPolicy[], at: number): Side {
  const presumed = versions.flatMap(({ body }) => (body.basis ?? []).map((reference) => reference.agreement))
  return { agreements: versions, policies, at, presumed }
}

/** The marking policies of all parties, from the checkout; throws `cli/no-nation`. */
export async function policiesOf(versions: readonly AgreementVersion[]): Promise<readonly MarkingPolicy[]> {
  const nations = new Set(versions.flatMap(({ body }) => body.parties.map((party) => party.nation)))
  return Promise.all([...nations].sort().map((nation) => policyFor(nation.toLowerCase())))
}

/** The instant at which terms that have dates are asked: a day as given, else now, or when the last of the versions comes into force. */
export function instantOf(day: string | undefined, versions: readonly AgreementVersion[], now: number): number | undefined {
  if (day === undefined) return Math.max(now, ...versions.map(({ body }) => body.inForceFrom))
  const at = /^\d{4}-\d{2}-\d{2}$/u.test(day) ? Date.parse(`${day}T00:00:00Z`) : Number.NaN
  return Number.isNaN(at) ? undefined : at / 1000
}
