import type { Crc32 } from './crc32.ts'
import type { Sink } from './source.ts'
import { type FrameEntry, descriptor, directory, localHeader } from './zip-format.ts'

/** Writes a STORE ZIP in one pass with constant memory. One entry at a time, names ASCII, chosen by the caller. */
export class ZipWriter {
  readonly #sink: Sink
  readonly #crc32: Crc32
  readonly #entries: FrameEntry[] = []
  #at = 0
  #open: { name: string; offset: number; size: number; crc: number } | undefined

  constructor(sink: Sink, crc32: Crc32) {
    this.#sink = sink
    this.#crc32 = crc32
  }

  /** How many bytes have been written. */
  get length(): number {
    return this.#at
  }

  /** An entry whose bytes are at hand. */
  async add(name: string, bytes: Uint8Array): Promise<void> {
    const entry: FrameEntry = { name, mode: 'known', offset: this.#at, size: bytes.length, crc: this.#crc32(bytes) }
    this.#entries.push(entry)
    await this.#put(localHeader(entry))
    await this.#put(bytes)
  }

  /** Starts an entry whose bytes come by `write`; `end` closes it. */
  async begin(name: string): Promise<void> {
    this.#open = { name, offset: this.#at, size: 0, crc: 0 }
    await this.#put(localHeader({ ...this.#open, mode: 'streamed' }))
  }

  async write(bytes: Uint8Array): Promise<void> {
    const open = this.#current()
    open.crc = this.#crc32(bytes, open.crc)
    open.size += bytes.length
    await this.#put(bytes)
  }

  async end(): Promise<void> {
    const entry: FrameEntry = { ...this.#current(), mode: 'streamed' }
    this.#open = undefined
    this.#entries.push(entry)
    await this.#put(descriptor(entry))
  }

  /** Writes the directory; nothing may follow. */
  async finish(): Promise<void> {
    await this.#put(directory(this.#entries, this.#at))
  }

  #current(): { name: string; offset: number; size: number; crc: number } {
    if (this.#open === undefined) throw new TypeError('no entry is open')
    return this.#open
  }

  async #put(bytes: Uint8Array): Promise<void> {
    if (bytes.length === 0) return
    this.#at += bytes.length
    await this.#sink(bytes)
  }
}
