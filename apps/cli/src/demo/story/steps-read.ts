import type { Evidence, Scene } from './scene.ts'
export async function firstOpening(_s: Scene, _e: Evidence): Promise<void> { throw new Error('not built') }
export async function absentForOthers(_s: Scene, _e: Evidence): Promise<void> { throw new Error('not built') }
export async function savedContainer(_s: Scene, _e: Evidence): Promise<void> { throw new Error('not built') }
