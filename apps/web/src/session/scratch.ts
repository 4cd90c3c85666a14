import type { Scratch } from '@entente/client'
import { breath } from './breath.ts'

/** Ciphertext up to this stays in memory; what is longer goes to the browser's private files, so that memory stays flat. */
const MEMORY_BYTES = 16_777_216

/** A place for one container while it is made or checked: ciphertext only, gone when it is removed or the tab is closed. */
export async function browserScratch(): Promise<Scratch> {
  let parts: Uint8Array[] = []
  let size = 0
  let file: PrivateFile | undefined
  let whole: Blob | undefined
  return {
    get size() {
      return size
    },
    async write(bytes) {
      await breath()
      // The writer may use its buffer again.
      const own = bytes.slice()
      size += own.length
      if (file === undefined && size > MEMORY_BYTES) {
        file = await PrivateFile.make()
        for (const part of parts) await file.write(part)
        parts = []
      }
      if (file === undefined) parts.push(own)
      else await file.write(own)
    },
    async read(offset, length) {
      await breath()
      whole ??= file === undefined ? new Blob(parts as BlobPart[]) : await file.finish()
      return new Uint8Array(await whole.slice(offset, offset + length).arrayBuffer())
    },
    async remove() {
      parts = []
      whole = undefined
      size = 0
      await file?.remove()
    },
  }
}

/** A file of the origin's private file system. */
class PrivateFile {
  readonly #name: string
  readonly #folder: FileSystemDirectoryHandle
  readonly #handle: FileSystemFileHandle
  readonly #writer: FileSystemWritableFileStream

  private constructor(name: string, folder: FileSystemDirectoryHandle, handle: FileSystemFileHandle, writer: FileSystemWritableFileStream) {
    this.#name = name
    this.#folder = folder
    this.#handle = handle
    this.#writer = writer
  }

  static async make(): Promise<PrivateFile> {
    await claim()
    const folder = await (await navigator.storage.getDirectory()).getDirectoryHandle(FOLDER, { create: true })
    const name = crypto.randomUUID()
    const handle = await folder.getFileHandle(name, { create: true })
    return new PrivateFile(name, folder, handle, await handle.createWritable())
  }

  async write(bytes: Uint8Array): Promise<void> {
    await this.#writer.write(bytes as Uint8Array<ArrayBuffer>)
  }

  async finish(): Promise<Blob> {
    await this.#writer.close()
    return this.#handle.getFile()
  }

  async remove(): Promise<void> {
    await this.#writer.close().catch(() => {})
    await this.#folder.removeEntry(this.#name).catch(() => {})
  }
}

/** This tab's own folder; the lock tells other tabs that it is alive. */
const FOLDER = `containers-${crypto.randomUUID()}`
let claimed: Promise<void> | undefined

async function claim(): Promise<void> {
  claimed ??= new Promise((held) => {
    void navigator.locks.request(FOLDER, () => {
      held()
      // Held until the tab ends.
      return new Promise(() => {})
    })
  })
  return claimed
}

/** Removes what earlier tabs left behind when they were closed in the middle of work. */
export async function sweepScratch(): Promise<void> {
  const root = await navigator.storage.getDirectory()
  for await (const name of root.keys()) {
    if (name === FOLDER || !name.startsWith('containers-')) continue
    await navigator.locks.request(name, { ifAvailable: true }, async (lock) => {
      if (lock !== null) await root.removeEntry(name, { recursive: true }).catch(() => {})
    })
  }
}
