import type { Evidence, Scene } from './scene.ts'
export async function audit(_s: Scene, _e: Evidence): Promise<void> { throw new Error('not built') }
export async function damage(_s: Scene, _e: Evidence): Promise<void> { throw new Error('not built') }
