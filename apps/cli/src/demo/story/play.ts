import type { Io } from '../io.ts'
import type { DemoOptions } from '../options.ts'
import type { LoadedWorld } from '../world.ts'
export async function playStory(_world: LoadedWorld, _options: DemoOptions, _io: Io, _now: () => number): Promise<number> { return 1 }
