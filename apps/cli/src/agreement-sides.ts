import { join } from 'node:path'
import type { Agreement, AgreementVersion } from '@entente/agreement'
import { codeOf } from '@entente/canonical'
import type { Side } from '@entente/difference'
import type { MarkingPolicy } from '@entente/label'
import { type AgreementFile, readAgreementFile } from './agreement-file.ts'
import { ROOT, policyFor } from './data.ts'
import { CliError } from './errors.ts'

/** An agreement from a file, or by the name of a specimen of the checkout. Throws `cli/file`, `cli/not-verified`. */
export async function givenAgreement(name: string): Promise<AgreementFile> {
  const isName = /^[a-z0-9-]+$/u.test(name)
  return readAgreementFile(isName ? join(ROOT, 'agreements', name, 'agreement.json') : name)
}

/**
 * A version for rules to be read from: what a template leaves open (keys, dates) is filled so that it is in force from the beginning.
 * No rule reads it.
 */
export function versionOf(file: AgreementFile): AgreementVersion {
  if (file.form !== 'template') return { id: file.form === 'signed' ? file.id : '', body: file.body }
  const whole = file.body as Agreement
  return { id: '', body: { ...whole, inForceFrom: 0, equivalence: whole.equivalence.map((table) => ({ ...table, validFrom: 0 })) } }
}

/** A side of a comparison; what its agreements rest on is taken to be in force. */
export function sideOf(versions: readonly AgreementVersion[], policies: readonly MarkingPolicy[], at: number): Side {
  const presumed = versions.flatMap(({ body }) => (body.basis ?? []).map((reference) => reference.agreement))
  return { agreements: versions, policies, at, presumed }
}

/**
 * The marking policies of all parties: from a folder, `aus/nation.json` and so on, where it has them, from the checkout otherwise. Throws
 * `cli/no-nation`, and `cli/file` for a folder that has none of them.
 */
export async function policiesOf(versions: readonly AgreementVersion[], folder?: string): Promise<readonly MarkingPolicy[]> {
  const nations = [...new Set(versions.flatMap(({ body }) => body.parties.map((party) => party.nation.toLowerCase())))].sort()
  const given = new Map<string, MarkingPolicy>()
  for (const nation of folder === undefined ? [] : nations) {
    const policy = await policyFor(nation, folder).catch((error: unknown) => {
      if (codeOf(error) !== 'cli/no-nation') throw error
      return undefined
    })
    if (policy !== undefined) given.set(nation, policy)
  }
  if (folder !== undefined && given.size === 0)
    throw new CliError('cli/file', `no policy in ${folder}`, { values: { path: folder, why: 'ENOENT' } })
  return Promise.all(nations.map(async (nation) => given.get(nation) ?? policyFor(nation)))
}

/** The instant at which terms that have dates are asked: a day as given, else now, or when the last of the versions comes into force. */
export function instantOf(day: string | undefined, versions: readonly AgreementVersion[], now: number): number | undefined {
  if (day === undefined) return Math.max(now, ...versions.map(({ body }) => body.inForceFrom))
  const at = /^\d{4}-\d{2}-\d{2}$/u.test(day) ? Date.parse(`${day}T00:00:00Z`) : Number.NaN
  return Number.isNaN(at) ? undefined : at / 1000
}
