import { type Json, Recent, canonicalBytes, foundOnce } from '@entente/canonical'
import { readContainer } from '@entente/container'
import type { Nation } from '../nation.ts'

/** Manifests by the hash that names their container: what lies under one never changes. Whoever is given one verifies it. */
const manifests = new WeakMap<Nation['blobs'], Recent<Promise<Uint8Array>>>()
const MANIFESTS_KEPT = 64
const LARGEST_KEPT_BYTES = 65_536

/** The manifest of a stored container: a released one is canonical in its file, so these are its bytes. */
export async function manifestOf(nation: Pick<Nation, 'crypto' | 'blobs'>, container: string): Promise<Uint8Array> {
  const recent = manifests.get(nation.blobs) ?? new Recent<Promise<Uint8Array>>(MANIFESTS_KEPT)
  manifests.set(nation.blobs, recent)
  const manifest = await foundOnce(recent, container, () => readManifestOf(nation, container))
  if (manifest.length > LARGEST_KEPT_BYTES) recent.delete(container)
  return manifest
}

async function readManifestOf(nation: Pick<Nation, 'crypto' | 'blobs'>, container: string): Promise<Uint8Array> {
  const source = await nation.blobs.access(container)
  try {
    return canonicalBytes((await readContainer(nation.crypto, source)).manifest as unknown as Json)
  } finally {
    await source.close()
  }
}
