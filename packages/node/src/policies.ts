import { existsSync } from 'node:fs'
import { readFile, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { readJson } from '@entente/canonical'
import { type MarkingPolicy, readPolicy } from '@entente/label'

/**
 * Every nation's marking policy in a folder (`<iso3>/nation.json`), by policy id. A folder without one holds the published scheme of
 * an alliance or community, of which no node is: it is passed over.
 */
export async function loadPolicies(folder: string): Promise<ReadonlyMap<string, MarkingPolicy>> {
  const policies = new Map<string, MarkingPolicy>()
  for (const entry of (await readdir(folder, { withFileTypes: true }))
    .filter((one) => one.isDirectory())
    .map((one) => one.name)
    .sort()) {
    const file = join(folder, entry, 'nation.json')
    if (!existsSync(file)) continue
    const policy = readPolicy(readJson(await readFile(file)))
    policies.set(policy.id, policy)
  }
  return policies
}

/** The policy of a nation. */
export function policyOf(policies: ReadonlyMap<string, MarkingPolicy>, nation: string): MarkingPolicy | undefined {
  return [...policies.values()].find((policy) => policy.nation === nation)
}
