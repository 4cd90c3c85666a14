import type { Scene } from './scene.ts'

/** Cuts the wires between the two nations, both ways. */
export function cut(scene: Scene): void {
  for (const relay of scene.relays.values()) relay.cut()
}

/** Puts the wires together again: both, or the one that leads to a nation. */
export function heal(scene: Scene, to?: string): void {
  for (const [nation, relay] of scene.relays) if (to === undefined || nation === to) relay.heal()
}

/** Bytes that passed between the two so far, both ways. */
export function passed(scene: Scene): number {
  return [...scene.relays.values()].reduce((sum, relay) => sum + relay.passed(), 0)
}
