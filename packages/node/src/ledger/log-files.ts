import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { Recent, codeOf, sameBytes } from '@entente/canonical'
import {
  HASH_BYTES,
  type LogFile,
  TILE_WIDTH,
  decodeBundle,
  encodeBundle,
  entriesPath,
  hashesAtLevel,
  parseLogPath,
  tilePath,
} from '@entente/ledger'
import { replaceFile } from '../config.ts'
import { NodeError, diskError } from '../errors.ts'

/** How long what is new waits for more, in milliseconds. */
const WAIT = 200
/** How long after a failure it is tried again, in milliseconds. */
const WAIT_AFTER_FAILURE = 1_000
/** How many of the full tiles that were read or written last stay in memory, 8 KiB each, or twice as many. */
const TILES_KEPT = 8
/** Where entries stand, among the levels of tiles. */
const BUNDLE = 'entries'

/** A level of tiles, or the bundles of entries. */
type Row = number | typeof BUNDLE

/** Where a file stands. */
interface Place {
  readonly row: Row
  readonly index: number
  readonly width: number
}

/** A tile or bundle as far as it has grown. */
interface Grown extends Place {
  readonly bytes: Uint8Array
}

export interface LogFilesOptions {
  readonly folder: string
  /** Called when the files of a checkpoint stand, and it does not yet. */
  readonly tilesWritten: () => void
  /** Told when files could not be written, and again only after they could; they are tried for as long as it takes. */
  readonly failed: (error: unknown) => void
}

/**
 * A log's folder. What an act rests on is the journal; this is the copy for whoever verifies the log without its node, and it may
 * be made again from there at any time. So it is written a few times a second at most, a checkpoint with the files of its size, and nobody waits
 * for it (ADR 0020). INVARIANT: a checkpoint is written after every file of its size.
 */
export class LogFiles {
  readonly #options: LogFilesOptions
  /** What grows, and what became full and is not on the disk yet, by row and index. */
  readonly #grown = new Map<string, Grown>()
  readonly #full = new Recent<Uint8Array>(TILES_KEPT)
  readonly #folders = new Set<string>()
  /** How wide each file of what grows stands on the disk. */
  readonly #standing = new Map<string, number>()
  #checkpoint: { readonly size: number; readonly bytes: Uint8Array } | undefined
  #timer: NodeJS.Timeout | undefined
  #isFailing = false
  #isClosed = false

  constructor(options: LogFilesOptions) {
    this.#options = options
  }

  /** The bytes of a file of the log, as far as it is known here or on the disk; a partial tile also out of a wider one. */
  async read(path: string): Promise<Uint8Array | undefined> {
    const named = parseLogPath(path)
    if (named?.kind === 'tile') {
      const { level, index, width } = named
      const grown = this.#grown.get(keyOf(level, index))
      if (grown !== undefined && grown.width >= width) return grown.bytes.subarray(0, width * HASH_BYTES)
      const full = this.#full.get(keyOf(level, index))
      if (full !== undefined) return full.subarray(0, width * HASH_BYTES)
      const read = await this.readDisk(path)
      if (read !== undefined && width === TILE_WIDTH) this.#full.set(keyOf(level, index), read)
      return read
    }
    return this.readDisk(path)
  }

  /** The bytes of a file as they lie on the disk. */
  async readDisk(path: string): Promise<Uint8Array | undefined> {
    try {
      return await readFile(join(this.#options.folder, path))
    } catch (error) {
      if (codeOf(error) === 'ENOENT') return undefined
      throw error
    }
  }

  /** Takes in tiles and bundles as the log has grown; they are written with a checkpoint. */
  put(files: readonly LogFile[]): void {
    for (const { path, bytes } of files) {
      const place = placeOf(path)
      this.#grown.set(keyOf(place.row, place.index), { ...place, bytes })
    }
  }

  /**
   * As `put` for what may be on the disk already: what is full and not there, or other, is written at once, so that a long log that is read
   * from its journal fills no memory. Gives the paths of what stood there with other bytes. Throws `node/disk-full`.
   */
  async compare(files: readonly LogFile[]): Promise<readonly string[]> {
    this.put(files)
    const others: string[] = []
    for (const file of files) {
      const { row, index, width } = placeOf(file.path)
      if (width < TILE_WIDTH) continue
      const held = await this.readDisk(file.path)
      const isAlike = held !== undefined && sameBytes(held, file.bytes)
      if (held !== undefined && !isAlike) others.push(file.path)
      if (!isAlike) this.#write(file)
      this.#written(keyOf(row, index))
    }
    return others
  }

  /** Makes good what does not stand of a checkpoint that lies on the disk. Gives the paths of what stood there with other bytes. */
  async repair(size: number): Promise<readonly string[]> {
    const others: string[] = []
    for (const file of this.#filesOf(size)) {
      const held = await this.readDisk(file.path)
      if (held !== undefined && sameBytes(held, file.bytes)) continue
      if (held !== undefined) others.push(file.path)
      this.#write(file)
    }
    return others
  }

  /** Has a checkpoint written, with the files of its size, a little later. */
  checkpoint(size: number, bytes: Uint8Array): void {
    this.#checkpoint = { size, bytes }
    this.#schedule(WAIT)
  }

  /** Writes what waits. What finds no room goes on waiting, and is told once. */
  flush(): void {
    clearTimeout(this.#timer)
    this.#timer = undefined
    const checkpoint = this.#checkpoint
    if (checkpoint === undefined) return
    try {
      this.#writeAll(checkpoint)
      this.#isFailing = false
    } catch (error) {
      this.#schedule(WAIT_AFTER_FAILURE)
      if (!this.#isFailing) this.#options.failed(error)
      this.#isFailing = true
    }
  }

  /** Ends; what waits is written first, unless the process is to have died: the folder may be another's from here on. */
  close(diedHere = false): void {
    if (!diedHere) this.flush()
    this.#isClosed = true
    clearTimeout(this.#timer)
  }

  #schedule(milliseconds: number): void {
    if (this.#isClosed) return
    this.#timer ??= setTimeout(() => this.flush(), milliseconds)
  }

  #writeAll(checkpoint: { readonly size: number; readonly bytes: Uint8Array }): void {
    for (const file of this.#filesOf(checkpoint.size)) this.#write(file)
    this.#options.tilesWritten()
    replaceFile(join(this.#options.folder, 'checkpoint'), checkpoint.bytes)
    this.#checkpoint = undefined
    for (const [key, { width }] of this.#grown) if (width === TILE_WIDTH) this.#written(key)
  }

  /** What is full and not on the disk, and what a checkpoint of this size needs of what has grown on. */
  *#filesOf(size: number): Generator<LogFile> {
    for (const { row, index, width, bytes } of this.#grown.values()) {
      if (width === TILE_WIDTH) yield { path: pathOf(row, index, width), bytes }
      else {
        const needed = Math.min(width, hashesAtLevel(size, row === BUNDLE ? 0 : row) - index * TILE_WIDTH)
        if (needed > 0 && this.#standing.get(keyOf(row, index)) !== needed)
          yield { path: pathOf(row, index, needed), bytes: beginning(row, bytes, needed, width) }
      }
    }
  }

  #write({ path, bytes }: LogFile): void {
    const target = join(this.#options.folder, path)
    try {
      const folder = dirname(target)
      if (!this.#folders.has(folder)) mkdirSync(folder, { recursive: true, mode: 0o700 })
      this.#folders.add(folder)
      writeFileSync(target, bytes, { mode: 0o600 })
      const { row, index, width } = placeOf(path)
      if (width < TILE_WIDTH) this.#standing.set(keyOf(row, index), width)
      else this.#removePartials(row, index - 1)
    } catch (cause) {
      throw diskError(cause, 'a tile')
    }
  }

  /** Partial files that a full one has taken the place of; one later, for somebody may be copying the folder. */
  #removePartials(row: Row, index: number): void {
    if (index >= 0) rmSync(join(this.#options.folder, `${pathOf(row, index, TILE_WIDTH)}.p`), { recursive: true, force: true })
  }

  #written(key: string): void {
    const grown = this.#grown.get(key)
    this.#grown.delete(key)
    this.#standing.delete(key)
    if (grown !== undefined && grown.row !== BUNDLE) this.#full.set(key, grown.bytes)
  }
}

function placeOf(path: string): Place {
  const named = parseLogPath(path)
  if (named === undefined) throw new NodeError('node/internal', 'no file of a log', { values: { path } })
  return { row: named.kind === 'tile' ? named.level : BUNDLE, index: named.index, width: named.width }
}

function keyOf(row: Row, index: number): string {
  return `${row}/${index}`
}

function pathOf(row: Row, index: number, width: number): string {
  return row === BUNDLE ? entriesPath(index, width) : tilePath(row, index, width)
}

/** The first hashes of a tile, or entries of a bundle. */
function beginning(row: Row, bytes: Uint8Array, width: number, of: number): Uint8Array {
  if (width === of) return bytes
  return row === BUNDLE ? encodeBundle(decodeBundle(bytes).slice(0, width)) : bytes.subarray(0, width * HASH_BYTES)
}
