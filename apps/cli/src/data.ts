import { existsSync } from 'node:fs'
import { readFile, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { codeOf, readJson } from '@entente/canonical'
import { type MarkingPolicy, readPolicy } from '@entente/label'
import { CliError } from './errors.ts'

/** Root of the checkout: nations, agreements, and the node's own script. */
export const ROOT: string = fileURLToPath(new URL('../../../', import.meta.url))

/** A nation's marking policy from the checkout; throws `cli/no-nation`. */
export async function policyFor(nation: string, folder: string = join(ROOT, 'nations')): Promise<MarkingPolicy> {
  if (!/^[a-z]{3}$/u.test(nation)) throw new CliError('cli/no-nation', `no nation \`${nation}\``, { values: { nation } })
  return readPolicy(
    readJson(
      await readGiven(
        join(folder, nation, 'nation.json'),
        () => new CliError('cli/no-nation', `no nation \`${nation}\``, { values: { nation } }),
      ),
    ),
  )
}

/**
 * A marking scheme by name: `jpn` is `nations/jpn/markings.json`, the scheme as it is in use, where there is one, else the
 * exercise scheme; `exercise-jpn` is the exercise scheme of `nations/jpn/nation.json`. Throws `cli/no-nation`.
 */
export async function schemeFor(name: string): Promise<MarkingPolicy> {
  const found = /^(?<exercise>exercise-)?(?<folder>[a-z]{2,8})$/u.exec(name.toLowerCase())?.groups
  const none = (): CliError => new CliError('cli/no-nation', `no scheme \`${name}\``, { values: { nation: name } })
  if (found === undefined) throw none()
  const { exercise, folder = '' } = found
  const paths = ['markings.json', 'nation.json'].map((file) => join(ROOT, 'nations', folder, file))
  const path = (exercise === undefined ? paths : paths.slice(1)).find((candidate) => existsSync(candidate))
  if (path === undefined) throw none()
  return readPolicy(readJson(await readGiven(path, none)))
}

const schemes = new Map<string, Promise<MarkingPolicy>>()

/** The scheme that a label names, `JPN` or `EXERCISE-JPN`; read once. */
export function schemeOf(policyId: string): Promise<MarkingPolicy> {
  const known = schemes.get(policyId) ?? schemeFor(policyId)
  schemes.set(policyId, known)
  return known
}

/**
 * Every nation's policy in a folder, sorted by the folder's name. One without `nation.json` holds the published scheme of an alliance and is
 * passed over. Throws `cli/file` for a folder that cannot be read, and what `readPolicy` throws.
 */
export async function policiesIn(folder: string): Promise<readonly MarkingPolicy[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch((cause: unknown) => {
    throw new CliError('cli/file', `cannot read ${folder}`, { cause, values: { path: folder, why: codeOf(cause) } })
  })
  const files = entries
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => join(folder, name, 'nation.json'))
    .filter((file) => existsSync(file))
  return Promise.all(files.toSorted().map(async (file) => readPolicy(readJson(await readGiven(file)))))
}

/** A file that the caller named; throws `cli/file` (or `missing`) where it cannot be read. */
export async function readGiven(path: string, missing?: () => CliError): Promise<Uint8Array> {
  try {
    return await readFile(path)
  } catch (cause) {
    throw missing?.() ?? new CliError('cli/file', `cannot read ${path}`, { cause, values: { path, why: codeOf(cause) } })
  }
}
