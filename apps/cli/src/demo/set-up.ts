import { type Json, canonicalText } from '@entente/canonical'
import { access, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type LoadedWorld, type WorldNation, nationOf } from './world.ts'
import { writeWhole } from './write-whole.ts'

/** What the first start shows of itself. */
export interface SetUpEvidence {
  readonly agreement: string
  /** Signatures under the agreement. */
  readonly signatures: number
  /** The words that each side's people read, by nation. */
  readonly words: Readonly<Record<string, readonly string[]>>
}

/** Folder of a nation in the demonstration's directory. */
export function nationDirectory(dir: string, nation: WorldNation): string {
  return join(dir, nation.folder)
}

/** Folder of a person's device. */
export function deviceDirectory(dir: string, nation: WorldNation, person: string): string {
  return join(dir, 'clients', nation.folder, person)
}

/** Whether the first start has come to its end here. */
export async function isSetUp(dir: string): Promise<boolean> {
  return access(join(dir, 'set-up.json')).then(
    () => true,
    () => false,
  )
}

/** Ports at which the nodes will be reached if nobody else has them: what their configuration says. */
export async function configuredPorts(dir: string, world: LoadedWorld): Promise<Readonly<Record<string, number>>> {
  const ports = world.nations.map(async (nation) => {
    const config = JSON.parse(await readFile(join(nationDirectory(dir, nation), 'config.json'), 'utf8')) as { partner: { port: number } }
    return [nation.nation, config.partner.port] as const
  })
  return Object.fromEntries(await Promise.all(ports))
}

/** Tells each node where every other is at present. Whole or not at all: a running node reads it at any time. */
export async function writePeers(dir: string, world: LoadedWorld, ports: Readonly<Record<string, number>>): Promise<void> {
  for (const nation of world.nations) {
    const peers: Record<string, { readonly host: string; readonly port: number }> = {}
    for (const partner of world.nations) {
      const port = ports[partner.nation]
      if (port === undefined) throw new TypeError(`no port of ${partner.nation}`)
      if (partner !== nation) peers[`https://node.${partner.domain}`] = { host: '127.0.0.1', port }
    }
    await writeWhole(join(nationDirectory(dir, nationOf(world, nation.nation)), 'peers.json'), canonicalText(peers))
  }
}

/** Says that the first start is done; a start that broke off before begins again. */
export async function markSetUp(dir: string, evidence: Json): Promise<void> {
  await writeWhole(join(dir, 'set-up.json'), canonicalText(evidence))
}
