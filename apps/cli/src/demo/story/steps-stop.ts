import type { Evidence, Scene } from './scene.ts'
export async function revoked(_s: Scene, _e: Evidence): Promise<void> { throw new Error('not built') }
export async function withdrawn(_s: Scene, _e: Evidence): Promise<void> { throw new Error('not built') }
export async function killed(_s: Scene, _e: Evidence): Promise<void> { throw new Error('not built') }
export async function cutLink(_s: Scene, _e: Evidence): Promise<void> { throw new Error('not built') }
