import { mkdtemp, open, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { EntenteError, type Shape, readDocument } from '@entente/canonical'
import type { Scratch } from '@entente/client'
import type { RandomAccess } from '@entente/container'
import { CliError } from './errors.ts'

/** The bytes of a file; throws `cli/file-missing`. */
export async function readBytes(file: string): Promise<Uint8Array> {
  try {
    return await readFile(file)
  } catch (cause) {
    throw new CliError('cli/file-missing', `cannot read ${file}`, { cause, values: { file } })
  }
}

/** A JSON document in a file; throws `cli/file-missing`, `cli/file-not-valid`. */
export async function readShaped<T>(file: string, shape: Shape<T>): Promise<T> {
  const bytes = await readBytes(file)
  try {
    return readDocument(shape, bytes, file)
  } catch (cause) {
    if (!(cause instanceof EntenteError)) throw cause
    throw new CliError('cli/file-not-valid', `${file} does not read`, { cause, values: { file, why: (cause as EntenteError).message } })
  }
}

/** A file that can be read at any place, without reading it whole. */
export interface OpenFile extends RandomAccess, AsyncDisposable {}

/** Opens a file for reading; throws `cli/file-missing`. */
export async function openFile(file: string): Promise<OpenFile> {
  const handle = await open(file, 'r').catch((cause: unknown) => {
    throw new CliError('cli/file-missing', `cannot read ${file}`, { cause, values: { file } })
  })
  const { size } = await handle.stat()
  return {
    size,
    async read(offset, length) {
      const bytes = new Uint8Array(length)
      const { bytesRead } = await handle.read(bytes, 0, length, offset)
      return bytes.subarray(0, bytesRead)
    },
    [Symbol.asyncDispose]: () => handle.close(),
  }
}

/** A file's bytes as a stream; throws `cli/file-missing`. */
export async function* streamFile(file: string): AsyncGenerator<Uint8Array> {
  await using source = await openFile(file)
  for (let offset = 0; offset < source.size; offset += STEP) yield await source.read(offset, Math.min(STEP, source.size - offset))
}

const STEP = 1_048_576

/** A temporary file for a container: ciphertext, in a folder that nobody else may enter. */
export async function fileScratch(): Promise<Scratch> {
  const folder = await mkdtemp(join(tmpdir(), 'entente-'))
  const handle = await open(join(folder, 'container'), 'wx+', 0o600)
  let size = 0
  return {
    get size() {
      return size
    },
    async write(bytes) {
      let at = 0
      while (at < bytes.length) at += (await handle.write(bytes, at, bytes.length - at, size + at)).bytesWritten
      size += bytes.length
    },
    async read(offset, length) {
      const bytes = new Uint8Array(length)
      const { bytesRead } = await handle.read(bytes, 0, length, offset)
      return bytes.subarray(0, bytesRead)
    },
    async remove() {
      await handle.close().catch(() => {})
      await rm(folder, { recursive: true, force: true })
    },
  }
}

/** Writes a stream into a new file, mode 0600, whole or not at all; throws `cli/file-exists`. */
export async function writeNew(file: string, bytes: AsyncIterable<Uint8Array> | Iterable<Uint8Array>): Promise<void> {
  const handle = await open(file, 'wx', 0o600).catch((cause: unknown) => {
    const there = (cause as { code?: string }).code === 'EEXIST'
    throw new CliError(there ? 'cli/file-exists' : 'cli/file-missing', `cannot write ${file}`, { cause, values: { file } })
  })
  let whole = false
  try {
    for await (const piece of bytes) await handle.writeFile(piece)
    await handle.sync()
    whole = true
  } finally {
    await handle.close()
    // A stream that broke off must not leave a beginning that looks like the whole.
    if (!whole) await rm(file, { force: true })
  }
}
