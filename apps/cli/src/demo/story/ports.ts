import type { Scene } from './scene.ts'

/** Name under which every process of the nations has the planted word in its memory. */
export const PLANTED_VARIABLE = 'ENTENTE_EXERCISE_PLANTED'

/** The ports that the nations are to ask for, from a first one on. */
export function storyPorts(scene: Scene, base: number): Record<string, { people: number; partner: number }> {
  return Object.fromEntries(scene.world.nations.map(({ nation }, at) => [nation, { people: base + at, partner: base + 100 + at }]))
}
