import { type FileHandle, open, rm } from 'node:fs/promises'
import { codeOf } from '@entente/canonical'
import { CliError } from './errors.ts'

/**
 * Writes a stream into a new file, mode 0600, whole or not at all: a stream that breaks off leaves no beginning that looks
 * like the whole. Throws `cli/file` where the file is there already or cannot be made.
 */
export async function writeNew(path: string, bytes: AsyncIterable<Uint8Array>): Promise<void> {
  let file: FileHandle
  try {
    file = await open(path, 'wx', 0o600)
  } catch (cause) {
    throw new CliError('cli/file', `cannot write ${path}`, { cause, values: { path, why: codeOf(cause) } })
  }
  let whole = false
  try {
    for await (const piece of bytes) await file.writeFile(piece)
    await file.sync()
    whole = true
  } finally {
    await file.close()
    if (!whole) await rm(path, { force: true })
  }
}
