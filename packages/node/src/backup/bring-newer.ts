import { type FileHandle, constants, copyFile, mkdir, open, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { codeOf, sameBytes } from '@entente/canonical'
import { pathsOf } from '../config.ts'
import { NodeError, diskError } from '../errors.ts'
import { type JournalDisk, openJournal, openJournalFile, syncDirectory } from '../journal/journal.ts'
import { claimFence } from '../ledger/fence.ts'
import { wholeRecords } from './backup.ts'

const READ_BYTES = 1_048_576
const JOURNALS = [join('ledger', 'journal'), join('office', 'journal')] as const
/** Named by records; files that are never changed once they are there. */
const FOLDERS = [join('node', 'containers'), join('node', 'item-keys')] as const

/** What was brought: records of the ledger's journal before and after, and files. */
export interface Brought {
  readonly before: number
  readonly records: number
  readonly files: number
}

/**
 * Brings what a newer copy of the nation's directory holds beyond this one, from the disk of the machine that broke: the ends of both
 * journals, containers and items' keys. Each journal here must be a beginning of the other, byte for byte; the copy is only read.
 * Throws `node/fenced` while the node runs, `node/journal-other` where it is not so, `node/journal-corrupt`, `node/disk-full`.
 */
export async function bringNewer(dir: string, from: string): Promise<Brought> {
  const fence = await claimFence(pathsOf(dir).ledger)
  try {
    // All of them are looked at before one is changed.
    for (const name of JOURNALS) await compare(join(dir, name), join(from, name))
    let files = 0
    for (const folder of FOLDERS) files += await copyMissing(join(from, folder), join(dir, folder))
    const [ledger, office] = JOURNALS
    const brought = await extend(join(dir, ledger), join(from, ledger))
    await extend(join(dir, office), join(from, office))
    return { ...brought, files }
  } finally {
    await fence.release()
  }
}

/** Reads both to their ends, so that damage is told here, and cuts what a crash left of a record in ours. */
async function compare(own: string, newer: string): Promise<void> {
  const read = async (disk: JournalDisk): Promise<void> => (await openJournal(disk, () => {})).close()
  await read(await openJournalFile(own))
  const kept = await openJournalFile(newer)
  await read({ ...kept, truncate: () => Promise.resolve() })
  await both(own, newer, async (a, b) => {
    const { size, records } = await wholeRecords(a)
    if ((await wholeRecords(b)).size < size || !(await begins(a, b, size)))
      throw new NodeError('node/journal-other', 'the journal here is not a beginning of that one', { values: { records } })
  })
}

async function extend(own: string, newer: string): Promise<{ readonly before: number; readonly records: number }> {
  return both(own, newer, async (a, b) => {
    const { size: start, records: before } = await wholeRecords(a)
    const { size: end, records } = await wholeRecords(b)
    try {
      for (let at = start; at < end; at += READ_BYTES) {
        const piece = new Uint8Array(Math.min(READ_BYTES, end - at))
        await b.read(piece, 0, piece.length, at)
        await a.writeFile(piece)
      }
      await a.datasync()
    } catch (cause) {
      throw diskError(cause, 'the journal')
    }
    return { before, records }
  })
}

async function both<T>(own: string, newer: string, work: (a: FileHandle, b: FileHandle) => Promise<T>): Promise<T> {
  const a = await open(own, 'a+', 0o600)
  try {
    const b = await open(newer, 'r')
    try {
      return await work(a, b)
    } finally {
      await b.close()
    }
  } finally {
    await a.close()
  }
}

async function begins(own: FileHandle, newer: FileHandle, length: number): Promise<boolean> {
  for (let at = 0; at < length; at += READ_BYTES) {
    const size = Math.min(READ_BYTES, length - at)
    const [a, b] = [new Uint8Array(size), new Uint8Array(size)]
    await own.read(a, 0, size, at)
    await newer.read(b, 0, size, at)
    if (!sameBytes(a, b)) return false
  }
  return true
}

async function copyMissing(from: string, to: string): Promise<number> {
  await mkdir(to, { recursive: true, mode: 0o700 })
  let copied = 0
  for (const entry of await readdir(from, { withFileTypes: true }).catch(() => [])) {
    if (!entry.isFile() || entry.name.endsWith('.new')) continue
    try {
      await copyFile(join(from, entry.name), join(to, entry.name), constants.COPYFILE_EXCL)
      copied++
    } catch (cause) {
      if (codeOf(cause) !== 'EEXIST') throw diskError(cause, 'a container')
    }
  }
  await syncDirectory(to)
  return copied
}
