import { type Json, canonicalBytes } from '@entente/canonical'
import { readContainer } from '@entente/container'
import type { Nation } from '../nation.ts'

/** The manifest of a stored container: a released one is canonical in its file, so these are its bytes. */
export async function manifestOf(nation: Pick<Nation, 'crypto' | 'blobs'>, container: string): Promise<Uint8Array> {
  const source = await nation.blobs.access(container)
  try {
    return canonicalBytes((await readContainer(nation.crypto, source)).manifest as unknown as Json)
  } finally {
    await source.close()
  }
}
