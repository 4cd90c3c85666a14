import { closeSync, constants, fdatasync, fstatSync, ftruncateSync, openSync, writeSync } from 'node:fs'
import { mkdir, readFile, readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { type Crypto } from '@entente/canonical'
import { type WitnessState, originHash, readCheckpoint } from '@entente/ledger'
import { writeDurably } from '../config.ts'
import { diskError } from '../errors.ts'
import { HEAD_BYTES, frameOf, readFrame, syncDirectory } from '../journal/journal.ts'

const synced = promisify(fdatasync)

/** When a log's newer records have grown to this, they are put into one file again. */
const MAX_NEWER_BYTES = 1_048_576

/**
 * What a witness knows of the logs that it watches. In `<hash>.checkpoint` stands a checkpoint that it cosigned; each one since is
 * a frame as in the journal at the end of `<hash>.newer`, so that a record costs one sync (ADR 0017). The newest counts: the size
 * that a witness has cosigned never falls.
 */
export class WitnessRecords {
  /** By origin. */
  readonly states: Map<string, WitnessState> = new Map()
  readonly #crypto: Crypto
  readonly #folder: string
  /** Bytes in the file of newer records of each log. Absent where they cannot be added to: there is no such file, or its end is unknown. */
  readonly #newer = new Map<string, number>()

  private constructor(crypto: Crypto, folder: string) {
    this.#crypto = crypto
    this.#folder = folder
  }

  /** Reads what is there. A record that a crash cut off was never answered for. */
  static async open(crypto: Crypto, folder: string): Promise<WitnessRecords> {
    await mkdir(folder, { recursive: true, mode: 0o700 })
    const records = new WitnessRecords(crypto, folder)
    for (const name of await readdir(folder)) {
      if (name.endsWith('.checkpoint')) records.#know(await readFile(join(folder, name)))
      if (name.endsWith('.newer')) for (const frame of framesIn(await readFile(join(folder, name)))) records.#know(frame)
    }
    return records
  }

  /** Writes down what the witness is about to answer for, durably. Throws `node/disk-full`. */
  async write(origin: string, state: WitnessState): Promise<void> {
    const path = join(this.#folder, originHash(this.#crypto, origin))
    const length = this.#newer.get(origin)
    // What follows may fail in the middle; then the end of the file is unknown.
    this.#newer.delete(origin)
    if (length === undefined || length > MAX_NEWER_BYTES) {
      await writeDurably(`${path}.checkpoint`, state.checkpoint)
      await this.#begin(`${path}.newer`)
      this.#newer.set(origin, 0)
    } else {
      const frame = frameOf(state.checkpoint)
      await append(`${path}.newer`, frame)
      this.#newer.set(origin, length + frame.length)
    }
    this.states.set(origin, state)
  }

  /** INVARIANT: only after all that stood there stands in the other file, or is older than what does. */
  async #begin(path: string): Promise<void> {
    try {
      await rm(path, { force: true })
      closeSync(openSync(path, 'wx', 0o600))
      await syncDirectory(this.#folder)
    } catch (cause) {
      throw diskError(cause, "a witness's record")
    }
  }

  #know(bytes: Uint8Array): void {
    const { origin, size, root } = readCheckpoint(bytes).checkpoint
    const known = this.states.get(origin)
    if (known === undefined || known.size <= size) this.states.set(origin, { size, root, checkpoint: new Uint8Array(bytes) })
  }
}

/** Whole records from the beginning on, up to the first that is none. */
function* framesIn(bytes: Uint8Array): Generator<Uint8Array> {
  let rest = bytes
  for (;;) {
    const frame = readFrame(rest)
    if (typeof frame === 'string') return
    yield frame
    rest = rest.subarray(HEAD_BYTES + frame.length)
  }
}

/** Opened and closed each time: a few thousandths of what the sync takes, and nobody has to close it at the end. */
async function append(path: string, bytes: Uint8Array): Promise<void> {
  try {
    // A file that is not there any more is not made: only its folder's sync would make it certain.
    const file = openSync(path, constants.O_WRONLY | constants.O_APPEND)
    const { size } = fstatSync(file)
    try {
      for (let written = 0; written < bytes.length;) written += writeSync(file, bytes, written)
      await synced(file)
    } catch (cause) {
      // Half a record takes up space.
      ftruncateSync(file, size)
      throw cause
    } finally {
      closeSync(file)
    }
  } catch (cause) {
    throw diskError(cause, "a witness's record")
  }
}
