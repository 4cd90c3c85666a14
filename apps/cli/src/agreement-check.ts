import { readdir, stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { type Agreement, type AgreementVersion, agreementProblems, basisProblems } from '@entente/agreement'
import { EntenteError, type MessageValues, codeOf } from '@entente/canonical'
import { pointText, proveVersion } from '@entente/difference'
import type { MarkingPolicy } from '@entente/label'
import { type AgreementFile, completedTemplate, readAgreementFile } from './agreement-file.ts'
import { policyFor } from './data.ts'
import { CliError } from './errors.ts'

/** One thing that is wrong with an agreement in a file. */
export interface Found {
  readonly code: string
  readonly severity: 'error' | 'warning'
  readonly where: string
  readonly values: MessageValues
}

/** What a check says of one file. */
export interface Checked {
  readonly path: string
  readonly form?: AgreementFile['form']
  readonly version?: AgreementVersion
  readonly found: readonly Found[]
  /** Invariants that were proved. */
  readonly proved: number
}

/** The files named, and every JSON file below the folders named, sorted. Throws `cli/file` for what is not there. */
export async function agreementPaths(given: readonly string[]): Promise<readonly string[]> {
  const paths = await Promise.all(
    given.map(async (path) => {
      if (!(await isFolder(path))) return [path]
      const inside = await readdir(path, { recursive: true })
      return inside.filter((name) => name.endsWith('.json')).map((name) => join(path, name))
    }),
  )
  return [...new Set(paths.flat())].toSorted()
}

async function isFolder(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isDirectory()
  } catch (cause) {
    throw new CliError('cli/file', `cannot read ${path}`, { cause, values: { path, why: codeOf(cause) } })
  }
}

/**
 * Everything that is wrong with agreements in files, each by itself, after the version before it where that stands in the same
 * folder, and all together: problems, bases, invariants. `at` (seconds) dates what has no date yet.
 */
export async function checkAgreements(paths: readonly string[], at: number): Promise<readonly Checked[]> {
  const files = await Promise.all(paths.map(async (path) => ({ path, file: await readOrFound(path) })))
  const checked: Checked[] = []
  const inOrder = files.toSorted((a, b) => numberOf(a.file) - numberOf(b.file))
  for (const { path, file } of inOrder) {
    if ('code' in file) checked.push({ path, found: [file], proved: 0 })
    else checked.push(await checkOne(path, file, at, checked))
  }
  return withBases(checked).toSorted((a, b) => (a.path < b.path ? -1 : 1))
}

async function readOrFound(path: string): Promise<AgreementFile | Found> {
  try {
    return await readAgreementFile(path)
  } catch (error) {
    if (!(error instanceof EntenteError)) throw error
    return { code: codeOf(error), severity: 'error', where: '', values: error.values }
  }
}

function numberOf(file: AgreementFile | Found): number {
  return 'code' in file ? 0 : file.body.version
}

async function checkOne(path: string, file: AgreementFile, at: number, before: readonly Checked[]): Promise<Checked> {
  const { agreement, realm, version: number, parties } = file.body
  const candidates = before.filter(
    (one) => dirname(one.path) === dirname(path) && one.version?.body.agreement === agreement && one.version.body.realm === realm,
  )
  const previous = candidates.find((one) => one.version?.body.version === number - 1)?.version
  const version = file.form === 'template' ? completedTemplate(file.body, at, previous) : { id: file.id, body: file.body }
  const policies = await policiesOf(parties.map(({ nation }) => nation))
  const problems: Found[] = [...agreementProblems(version.body, policies, previous)]
  const refuted = problems.some(({ severity }) => severity === 'error') ? [] : refutedInvariants(version, policies)
  const isSound = problems.every(({ severity }) => severity !== 'error')
  const proved = isSound ? (version.body.invariants?.length ?? 0) - refuted.length : 0
  return { path, form: file.form, version, found: [...problems, ...refuted], proved }
}

async function policiesOf(nations: readonly string[]): Promise<readonly MarkingPolicy[]> {
  const found = await Promise.all(
    nations.map(async (nation) => {
      try {
        return [await policyFor(nation.toLowerCase())]
      } catch (error) {
        // A party whose scheme is not known is a problem of the agreement, and told as one.
        if (codeOf(error) !== 'cli/no-nation') throw error
        return []
      }
    }),
  )
  return found.flat()
}

/** Each invariant that something permitted meets, with the example. Bases are taken to be in force. */
export function refutedInvariants(version: AgreementVersion, policies: readonly MarkingPolicy[]): readonly Found[] {
  const { invariants = [] } = version.body
  return proveVersion(version, policies).flatMap((proof): Found[] => {
    if (proof.proved) return []
    const index = invariants.findIndex(({ id }) => id === proof.invariant)
    const values = { rule: proof.invariant, grant: proof.grant.grant, example: pointText(proof.example) }
    return [{ code: 'cli/invariant-refuted', severity: 'error', where: `invariants/${index}`, values }]
  })
}

/** What rests on what, over the newest version of each agreement among these. */
function withBases(checked: readonly Checked[]): readonly Checked[] {
  const newest = new Map<string, Agreement>()
  for (const { version } of checked) {
    const held = version === undefined ? undefined : newest.get(version.body.agreement)
    if (version !== undefined && (held === undefined || held.version <= version.body.version))
      newest.set(version.body.agreement, version.body)
  }
  const problems = basisProblems([...newest.values()])
  return checked.map((one) => {
    const { body } = one.version ?? {}
    if (body === undefined || newest.get(body.agreement) !== body) return one
    const prefix = `${body.agreement}/`
    const own = problems
      .filter(({ where }) => where.startsWith(prefix))
      .map((found) => ({ ...found, where: found.where.slice(prefix.length) }))
    // A circle through itself is found in the document alone already.
    const fresh = own.filter(({ code, where }) => !one.found.some((known) => known.code === code && known.where === where))
    return { ...one, found: [...one.found, ...fresh] }
  })
}
