import { type FileHandle, open } from 'node:fs/promises'
import { type Crypto, type Hasher, toHex } from '@entente/canonical'
import { NodeError, diskError } from '../errors.ts'

const PAGE_BYTES = 262_144
/** So much is written before the disk is asked to have it, while more comes. */
const SYNC_BYTES = 33_554_432

/** A file that grows as bytes come; hashed on the way, written a page at a time beside what comes next. */
class Growing {
  readonly #file: FileHandle
  readonly #hash: Hasher
  #page = new Uint8Array(PAGE_BYTES)
  #other = new Uint8Array(PAGE_BYTES)
  #filled = 0
  #writing: Promise<void> = Promise.resolve()
  #syncing: Promise<void> = Promise.resolve()
  #unsynced = 0
  size = 0

  constructor(crypto: Crypto, file: FileHandle) {
    this.#file = file
    this.#hash = crypto.hashSha256()
  }

  /** Hashes what stands in the file already. */
  async resume(): Promise<void> {
    this.size = await hashFile(this.#file, this.#hash)
  }

  async take(piece: Uint8Array): Promise<void> {
    for (let at = 0; at < piece.length;) {
      const taken = piece.subarray(at, at + PAGE_BYTES - this.#filled)
      this.#page.set(taken, this.#filled)
      this.#filled += taken.length
      at += taken.length
      if (this.#filled === PAGE_BYTES) await this.#turn()
    }
    this.size += piece.length
  }

  /** Writes what was taken, all of it. */
  async flush(): Promise<void> {
    if (this.#filled > 0) await this.#turn()
    await this.#writing
    await this.#syncing
  }

  /** After `flush`: the SHA-256 of all, once the disk has it. */
  async end(): Promise<string> {
    await this.#file.sync()
    return toHex(this.#hash.digest())
  }

  async #turn(): Promise<void> {
    const page = this.#page.subarray(0, this.#filled)
    this.#hash.update(page)
    await this.#writing
    this.#writing = writeAll(this.#file, page)
    this.#unsynced += page.length
    if (this.#unsynced >= SYNC_BYTES) {
      this.#unsynced = 0
      await this.#syncing
      this.#syncing = this.#writing.then(() => this.#file.datasync())
    }
    // A failure is told by whoever awaits next.
    for (const promise of [this.#writing, this.#syncing]) promise.catch(() => {})
    ;[this.#page, this.#other] = [this.#other, this.#page]
    this.#filled = 0
  }
}

/**
 * Adds bytes to a file, from its end on, up to `size`. Gives the SHA-256 of all when it is whole and durable, nothing when not:
 * what came stays. Throws `node/bad-request` for more bytes, and what the disk or the stream throws.
 */
export async function receiveInto(
  crypto: Crypto,
  path: string,
  size: number,
  bytes: AsyncIterable<Uint8Array>,
): Promise<string | undefined> {
  const file = await open(path, 'a+', 0o600).catch((cause: unknown) => {
    throw diskError(cause, 'a container')
  })
  try {
    const growing = new Growing(crypto, file)
    await growing.resume()
    try {
      for await (const piece of bytes) {
        if (growing.size + piece.length > size)
          throw new NodeError('node/bad-request', 'more bytes than announced', { values: { what: 'container' } })
        await growing.take(piece)
      }
    } finally {
      await growing.flush()
    }
    if (growing.size < size) return undefined
    return await growing.end().catch((cause: unknown) => {
      throw diskError(cause, 'a container')
    })
  } finally {
    await file.close()
  }
}

/** Hashes a file from its start to the end that it has now; gives its length. */
export async function hashFile(file: FileHandle, hash: Hasher): Promise<number> {
  const { size } = await file.stat()
  const page = new Uint8Array(PAGE_BYTES)
  for (let position = 0; position < size;) {
    const { bytesRead } = await file.read(page, 0, Math.min(PAGE_BYTES, size - position), position)
    if (bytesRead === 0) return position
    hash.update(page.subarray(0, bytesRead))
    position += bytesRead
  }
  return size
}

/** Writes all of the bytes; throws `node/disk-full` where there is no room. */
export async function writeAll(file: FileHandle, bytes: Uint8Array, position?: number): Promise<void> {
  try {
    for (let done = 0; done < bytes.length;) {
      const { bytesWritten } = await file.write(bytes, done, bytes.length - done, position === undefined ? null : position + done)
      done += bytesWritten
    }
  } catch (cause) {
    throw diskError(cause, 'a container')
  }
}
