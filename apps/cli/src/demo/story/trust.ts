import type { HybridPublicKey } from '@entente/canonical'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { deviceDirectory } from '../set-up.ts'
import type { WorldNation } from '../world.ts'
import type { Scene } from './scene.ts'

/** What the devices of a nation's people pin. */
export async function deviceAnchors(
  scene: Scene,
  nation: WorldNation,
): Promise<{ readonly authorities: Readonly<Record<string, HybridPublicKey>> }> {
  const person = nation.persons[0]?.id ?? ''
  return JSON.parse(await readFile(join(deviceDirectory(scene.dir, nation, person), 'anchors.json'), 'utf8')) as {
    authorities: Record<string, HybridPublicKey>
  }
}
