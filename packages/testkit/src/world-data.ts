import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const ROOT = fileURLToPath(new URL('../../../', import.meta.url))

/** A person as the world's data has it. */
export interface WorldPerson {
  readonly id: string
  readonly names: { readonly en: string; readonly ja: string }
  readonly roles: readonly string[]
  readonly clearance?: {
    readonly level: string
    readonly citizenships: readonly string[]
    readonly days: number
    readonly areas: readonly { readonly area: string; readonly role: string; readonly purposes: readonly string[] }[]
  }
  readonly delegation?: { readonly ceiling: string; readonly areas: readonly string[]; readonly days: number }
}

/** As much of the demonstration's data as a world in one process needs. */
export interface WorldData {
  readonly agreement: string
  readonly nations: readonly {
    readonly nation: string
    readonly domain: string
    readonly folder: string
    readonly persons: readonly WorldPerson[]
  }[]
  readonly story: {
    readonly originator: string
    readonly recipient: string
    readonly area: string
    readonly purpose: string
    readonly fileMarking: string
    readonly cast: {
      readonly author: string
      readonly disclosureOfficer: string
      readonly securityOfficer: string
      readonly ownReader: string
      readonly firstReader: string
      readonly secondReader: string
      readonly thirdReader: string
      readonly recipientSecurityOfficer: string
      readonly recipientClearanceOfficer: string
    }
  }
}

/** Where a world's data lies: `world.json`, the folder of marking policies, the template of the story's agreement. */
export interface WorldFolder {
  readonly world: string
  readonly policies: string
  readonly template: string
  /** Templates of further agreements, each between two nations of the world. */
  readonly more?: readonly string[]
  /** Nations that are no parties of an agreement, are paired with all who are, and have a link under it: to be made parties. */
  readonly invited?: readonly { readonly agreement: string; readonly nation: string }[]
}

/** The data that the demonstration uses. */
export async function demoWorld(): Promise<WorldFolder> {
  const world = join(ROOT, 'demo', 'world.json')
  const { agreement } = JSON.parse(await readFile(world, 'utf8')) as WorldData
  return { world, policies: join(ROOT, 'nations'), template: join(ROOT, 'agreements', agreement, 'agreement.json') }
}

/**
 * Writes two nations that exist nowhere into `folder`: the demonstration's data with every name replaced. `names` maps
 * ISO codes to ISO codes; words that a policy uses may be mapped too. Whole words only.
 */
export async function inventWorld(folder: string, names: Readonly<Record<string, string>>): Promise<WorldFolder> {
  const from = await demoWorld()
  const all = new Map(
    Object.entries(names).flatMap(
      ([old, fresh]) =>
        [
          [old, fresh],
          [old.toLowerCase(), fresh.toLowerCase()],
        ] as const,
    ),
  )
  const renamed = (text: string): string => text.replaceAll(/(?<![A-Za-z])[A-Za-z]+(?![A-Za-z])/gu, (word) => all.get(word) ?? word)
  const to: WorldFolder = { world: join(folder, 'world.json'), policies: join(folder, 'nations'), template: join(folder, 'agreement.json') }
  const data = JSON.parse(await readFile(from.world, 'utf8')) as WorldData
  const copy = async (source: string, target: string): Promise<void> => {
    await mkdir(dirname(target), { recursive: true })
    await writeFile(target, renamed(await readFile(source, 'utf8')))
  }
  await copy(from.world, to.world)
  await copy(from.template, to.template)
  for (const nation of data.nations)
    await copy(join(from.policies, nation.folder, 'nation.json'), join(to.policies, renamed(nation.folder), 'nation.json'))
  await sortParties(to.template)
  return to
}

/** Parties and tables stand in order of their codes; new codes may have another order. */
async function sortParties(template: string): Promise<void> {
  const agreement = JSON.parse(await readFile(template, 'utf8')) as { parties: { nation: string }[] }
  agreement.parties.sort((a, b) => (a.nation < b.nation ? -1 : 1))
  await writeFile(template, JSON.stringify(agreement))
}
