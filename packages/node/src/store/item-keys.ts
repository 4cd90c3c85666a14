import { readFileSync } from 'node:fs'
import { mkdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import * as v from 'valibot'
import { shapes, codeOf } from '@entente/canonical'
import { writeDurably } from '../config.ts'
import { syncDirectory } from '../journal/journal.ts'

/** Each own item's share key, sealed by the key process: destroying the file makes every copy of the container unreadable from here. */
export interface ItemKeys {
  keep(item: string, sealed: Uint8Array): Promise<void>
  find(item: string): Promise<Uint8Array | undefined>
  /** Deletes the key and syncs the folder. Backups may hold it: the register, not this, is what stops an opening. */
  destroy(item: string): Promise<void>
}

/** Opens (and makes) the folder. */
export async function openItemKeys(folder: string): Promise<ItemKeys> {
  await mkdir(folder, { recursive: true, mode: 0o700 })
  const pathOf = (item: string): string => join(folder, `${v.parse(shapes.uuid, item)}.key`)
  return {
    keep: (item, sealed) => writeDurably(pathOf(item), sealed),
    find: async (item) => {
      try {
        // A hundred bytes: a turn in the pool of threads costs ten times as much.
        return readFileSync(pathOf(item))
      } catch (error) {
        if (codeOf(error) === 'ENOENT') return undefined
        throw error
      }
    },
    async destroy(item) {
      await rm(pathOf(item), { force: true })
      await syncDirectory(folder)
    },
  }
}
