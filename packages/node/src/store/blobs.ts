import { link, mkdir, open, readdir, rename, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { type Crypto, codeOf, toHex } from '@entente/canonical'
import { type RandomAccess, bytesSource } from '@entente/container'
import { NodeError, diskError } from '../errors.ts'
import { syncDirectory } from '../journal/journal.ts'
import { Turns } from '../turns.ts'
import { hashFile, receiveInto, writeAll } from './receive.ts'

/** Length of every part of an upload but the last. */
export const PART_BYTES = 8_388_608
const READ_BYTES = 1_048_576
/** Up to this length a container is read whole. */
const SMALL_BYTES = 262_144

/** Containers on disk, by the SHA-256 of their bytes: ciphertext, and nothing that is not wanted twice. */
export interface Blobs {
  /** Starts an upload under a name of the caller's (hexadecimal); starting again goes on with it. */
  beginUpload(upload: string): Promise<void>
  /** Writes part `number` (from 0) after checking its SHA-256; the same part again is harmless, also when the whole is complete. */
  writePart(upload: string, number: number, bytes: Uint8Array, sha256: string): Promise<void>
  /**
   * Hashes the whole, makes it durable and gives it its name, which is the answer; the upload stays until `endUpload`, so that
   * completing again ends well. Throws `node/bad-request` when the size, or a hash that was announced, differs, and the parts stay; `node/absent`.
   */
  completeUpload(upload: string, expected: { readonly size: number; readonly sha256?: string }): Promise<string>
  /** Forgets an upload. */
  endUpload(upload: string): Promise<void>
  /** Takes bytes from a stream that starts at `partialSize`; makes them durable as a blob when complete, keeps them when not. */
  receive(sha256: string, size: number, bytes: AsyncIterable<Uint8Array>): Promise<void>
  /** How much of a blob an earlier `receive` left behind. */
  partialSize(sha256: string): Promise<number>
  has(sha256: string): Promise<boolean>
  /** Throws `node/absent`. */
  size(sha256: string): Promise<number>
  /** Bytes from `start` up to `end`, in pieces. */
  read(sha256: string, start?: number, end?: number): AsyncIterable<Uint8Array>
  /** Random access, for the container's reader. */
  access(sha256: string): Promise<RandomAccess & { close(): Promise<void> }>
  remove(sha256: string): Promise<void>
  /** Removes uploads that nobody finished and that are older than `before` (seconds). */
  sweep(before: number): Promise<void>
}

/** Opens (and makes) the folder. */
export async function openBlobs(crypto: Crypto, folder: string): Promise<Blobs> {
  const incoming = join(folder, 'incoming')
  await mkdir(incoming, { recursive: true, mode: 0o700 })
  const blobPath = (sha256: string): string => join(folder, hexadecimal(sha256))
  const uploadPath = (upload: string): string => join(incoming, hexadecimal(upload))
  const turns = new Turns()
  const partialPath = (sha256: string): string => join(incoming, `${hexadecimal(sha256)}.partial`)

  async function verify(path: string, expected: { readonly size: number; readonly sha256?: string }): Promise<string> {
    const file = await open(path, 'r+')
    try {
      const hash = crypto.hashSha256()
      const size = await hashFile(file, hash)
      const sha256 = toHex(hash.digest())
      if (size !== expected.size || sha256 !== (expected.sha256 ?? sha256)) {
        throw notAnnounced()
      }
      await file.sync()
      return sha256
    } catch (cause) {
      throw diskError(cause, 'a container')
    } finally {
      await file.close()
    }
  }

  /** Makes a change of names durable. */
  async function named(change: () => Promise<void>): Promise<void> {
    try {
      await change()
      await syncDirectory(folder)
    } catch (cause) {
      throw diskError(cause, 'a container')
    }
  }

  return {
    async beginUpload(upload) {
      await (await open(uploadPath(upload), 'a', 0o600).catch((cause: unknown) => raise(diskError(cause, 'a container')))).close()
    },
    async writePart(upload, number, bytes, sha256) {
      if (toHex(crypto.sha256(bytes)) !== sha256)
        throw new NodeError('node/bad-request', 'a part is not what its hash says', { values: { what: 'part' } })
      await turns.take(upload, async () => {
        const file = await open(uploadPath(upload), 'r+').catch((cause: unknown) => {
          throw new NodeError('node/absent', 'no such upload', { cause })
        })
        try {
          // INVARIANT: a blob has the bytes of its name. With a second name the file is one, and takes no more parts.
          if ((await file.stat()).nlink === 1) await writeAll(file, bytes, number * PART_BYTES)
        } finally {
          await file.close()
        }
      })
    },
    async completeUpload(upload, expected) {
      return turns.take(upload, async () => {
        if (!(await exists(uploadPath(upload)))) throw new NodeError('node/absent', 'no such upload')
        // Even where the blob is there already: whoever completes an upload has shown the bytes.
        const sha256 = await verify(uploadPath(upload), expected)
        await named(() =>
          link(uploadPath(upload), blobPath(sha256)).catch((cause: unknown) => {
            if (codeOf(cause) !== 'EEXIST') throw cause
          }),
        )
        return sha256
      })
    },
    async endUpload(upload) {
      await rm(uploadPath(upload), { force: true })
    },
    async receive(sha256, size, bytes) {
      if (await exists(blobPath(sha256))) return
      const found = await receiveInto(crypto, partialPath(sha256), size, bytes)
      if (found === undefined) return
      if (found !== sha256) {
        // Whole but wrong: going on from here could never end well.
        await rm(partialPath(sha256), { force: true })
        throw notAnnounced()
      }
      await named(() => rename(partialPath(sha256), blobPath(sha256)))
    },
    async partialSize(sha256) {
      return (await stat(partialPath(sha256)).catch(() => undefined))?.size ?? 0
    },
    has: (sha256) => exists(blobPath(sha256)),
    async size(sha256) {
      const found = await stat(blobPath(sha256)).catch(() => undefined)
      if (found === undefined) throw new NodeError('node/absent', 'no such container')
      return found.size
    },
    async *read(sha256, start = 0, end = Number.MAX_SAFE_INTEGER) {
      const file = await open(blobPath(sha256), 'r').catch((cause: unknown) => {
        throw new NodeError('node/absent', 'no such container', { cause })
      })
      let next: Promise<{ readonly bytesRead: number; readonly buffer: Uint8Array }> | undefined
      try {
        let position = start
        // Under its name a blob has all of its bytes: a short one asks for no more memory than it fills.
        const last = Math.min(end, (await file.stat()).size)
        const further = (): typeof next => {
          const length = Math.min(READ_BYTES, last - position)
          return length <= 0 ? undefined : file.read(new Uint8Array(length), 0, length, position)
        }
        next = further()
        while (next !== undefined) {
          const { bytesRead, buffer } = await next
          if (bytesRead === 0) return
          position += bytesRead
          // The next piece is read while this one is sent.
          next = further()
          next?.catch(() => {})
          yield buffer.subarray(0, bytesRead)
        }
      } finally {
        await file.close()
      }
    },
    async access(sha256) {
      const file = await open(blobPath(sha256), 'r').catch((cause: unknown) => {
        throw new NodeError('node/absent', 'no such container', { cause })
      })
      const { size } = await file.stat().catch(async (cause: unknown) => {
        await file.close()
        throw cause
      })
      if (size <= SMALL_BYTES) {
        // Read at once: a container's reader asks for a dozen pieces, and each is a turn in the pool of threads.
        try {
          const { bytesRead, buffer } = await file.read(new Uint8Array(size), 0, size, 0)
          return { ...bytesSource(buffer.subarray(0, bytesRead)), close: () => Promise.resolve() }
        } finally {
          await file.close()
        }
      }
      return {
        size,
        async read(offset, length, into = new Uint8Array(length)) {
          const { bytesRead, buffer } = await file.read(into, 0, length, offset)
          return buffer.subarray(0, bytesRead)
        },
        close: () => file.close(),
      }
    },
    async remove(sha256) {
      await rm(blobPath(sha256), { force: true })
      await syncDirectory(folder)
    },
    async sweep(before) {
      for (const name of await readdir(incoming)) {
        const path = join(incoming, name)
        const { mtimeMs } = await stat(path)
        if (mtimeMs / 1000 < before) await rm(path, { force: true })
      }
    },
  }
}

function hexadecimal(name: string): string {
  // The one place where a name from outside becomes a path.
  if (!/^[0-9a-f]{16,96}$/u.test(name)) throw new NodeError('node/bad-request', 'not a hexadecimal name', { values: { what: 'name' } })
  return name
}

function notAnnounced(): NodeError {
  return new NodeError('node/bad-request', 'the uploaded bytes are not the announced ones', { values: { what: 'upload' } })
}

function raise(error: unknown): never {
  throw error
}

async function exists(path: string): Promise<boolean> {
  return (await stat(path).catch(() => undefined)) !== undefined
}
