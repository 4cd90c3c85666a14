import { readFile } from 'node:fs/promises'
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

/** A file that the caller named; throws `cli/file` (or `missing`) where it cannot be read. */
export async function readGiven(path: string, missing?: () => CliError): Promise<Uint8Array> {
  try {
    return await readFile(path)
  } catch (cause) {
    throw missing?.() ?? new CliError('cli/file', `cannot read ${path}`, { cause, values: { path, why: codeOf(cause) } })
  }
}
