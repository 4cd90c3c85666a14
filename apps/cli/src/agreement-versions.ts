import { type Agreement, type AgreementVersion, verifyVersions } from '@entente/agreement'
import { nodeCrypto } from '@entente/crypto-node'
import { type AgreementFile, completedTemplate, readAgreementFile } from './agreement-file.ts'
import { CliError } from './errors.ts'

type Version = Exclude<AgreementFile, { readonly form: 'template' }>

/**
 * Versions out of files, those of each agreement oldest first. Signatures and chain of an agreement that is signed throughout
 * must hold by the keys that its first version names; whether these are the right keys is not looked at. Throws `cli/file`,
 * `cli/not-verified`, and what `verifyVersions` throws.
 */
export async function versionsFrom(paths: readonly string[]): Promise<readonly AgreementVersion[]> {
  const given = await Promise.all(paths.map(readVersion))
  const chains = [...Map.groupBy(given, ({ body }) => body.agreement).values()]
  const versions = await Promise.all(chains.map((chain) => versionsOf(chain.toSorted((a, b) => a.body.version - b.body.version))))
  return versions.flat()
}

/** One version: a template has no id that a release could name. */
async function readVersion(path: string): Promise<Version> {
  const file = await readAgreementFile(path)
  if (file.form !== 'template') return file
  throw new CliError('cli/not-verified', 'a template is no version', { values: { what: 'agreement', why: 'agreement/key-missing' } })
}

async function versionsOf(chain: readonly Version[]): Promise<readonly AgreementVersion[]> {
  const signed = chain.flatMap((one) => (one.form === 'signed' ? [one.signed] : []))
  const [first] = signed
  if (first === undefined || signed.length < chain.length) return chain.map(({ id, body }) => ({ id, body }))
  const anchors = Object.fromEntries(first.body.parties.map(({ nation, authorityKey }) => [nation, authorityKey]))
  return verifyVersions(nodeCrypto, signed, anchors)
}

/** A body to look at: signed, about to be, or a template, which then counts from the beginning of time and has no keys. */
export async function bodyFrom(path: string): Promise<Agreement> {
  const file = await readAgreementFile(path)
  return file.form === 'template' ? completedTemplate(file.body, 0, undefined).body : file.body
}
