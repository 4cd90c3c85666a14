import { closeSync, fsync, openSync } from 'node:fs'
import { type FileHandle, open } from 'node:fs/promises'
import { dirname } from 'node:path'
import { promisify } from 'node:util'
import { crc32 } from 'node:zlib'
import { NodeError, diskError } from '../errors.ts'

const synced = promisify(fsync)

/** Frame: length (u32 BE), CRC-32 of the payload (u32 BE), payload. */
export const HEAD_BYTES = 8
/** The largest payload of one record. */
export const MAX_RECORD_BYTES = 4_194_304
const READ_BYTES = 1_048_576

/** The disk as the journal sees it; tests give a faulty one. */
export interface JournalDisk {
  /** Appends all the buffers at the end and makes them durable; all or an error. */
  append(buffers: readonly Uint8Array[]): Promise<void>
  /** The file's bytes from `position`, in pieces. */
  read(position: number): AsyncIterable<Uint8Array>
  /** Cuts everything from `length` on, durably. */
  truncate(length: number): Promise<void>
  close(): Promise<void>
}

/** An append-only file: what is acknowledged has been through `fdatasync`, in a directory that was synced at creation. */
export async function openJournalFile(path: string): Promise<JournalDisk> {
  const file = await open(path, 'a+', 0o600)
  await syncDirectory(dirname(path))
  let end = (await file.stat()).size
  return {
    async append(buffers) {
      let length = 0
      for (const buffer of buffers) length += buffer.length
      try {
        let rest = buffers as Uint8Array[]
        let written = 0
        while (written < length) {
          const { bytesWritten } = await file.writev(rest)
          written += bytesWritten
          rest = dropBytes(rest, bytesWritten)
        }
        await file.datasync()
        end += length
      } catch (cause) {
        // What was half written is no record; without the cut a later record would stand behind rubbish.
        await file.truncate(end).catch(() => {})
        throw diskError(cause, 'the journal')
      }
    },
    read: (position) => readFrom(file, position),
    async truncate(to) {
      await file.truncate(to)
      await file.datasync()
      end = to
    },
    close: () => file.close(),
  }
}

/** Makes a directory's own entries durable: a new or renamed file is lost without it. */
export async function syncDirectory(path: string): Promise<void> {
  // Opening and closing a folder waits for no disk.
  const directory = openSync(path, 'r')
  try {
    await synced(directory)
  } finally {
    closeSync(directory)
  }
}

function dropBytes(buffers: readonly Uint8Array[], count: number): Uint8Array[] {
  const rest: Uint8Array[] = []
  for (const buffer of buffers) {
    if (count >= buffer.length) count -= buffer.length
    else {
      rest.push(buffer.subarray(count))
      count = 0
    }
  }
  return rest
}

async function* readFrom(file: FileHandle, position: number): AsyncGenerator<Uint8Array> {
  for (;;) {
    const { bytesRead, buffer } = await file.read(new Uint8Array(READ_BYTES), 0, READ_BYTES, position)
    if (bytesRead === 0) return
    yield buffer.subarray(0, bytesRead)
    position += bytesRead
  }
}

/** A journal of opaque payloads: the truth of a process. */
export interface Journal {
  /**
   * Resolves when the payload is durable. Calls that wait together share one sync (group commit), in call order. After a
   * failure nothing more is taken: the journal is opened anew, and what was assigned meanwhile is void.
   */
  append(payload: Uint8Array): Promise<void>
  /** Resolves when everything so far is settled. */
  close(): Promise<void>
}

/**
 * Reads the whole journal, hands each payload to `replay` in order, cuts a torn tail (a crash inside the last write), and
 * returns it ready for appending. Damage before the tail is not a crash: throws `node/journal-corrupt` with the position.
 * The disk is the journal's from here on: it is closed with it, and where opening fails.
 */
export async function openJournal(disk: JournalDisk, replay: (payload: Uint8Array) => void | Promise<void>): Promise<Journal> {
  try {
    await readRecords(disk, replay)
  } catch (error) {
    await disk.close()
    throw error
  }
  return appender(disk)
}

async function readRecords(disk: JournalDisk, replay: (payload: Uint8Array) => void | Promise<void>): Promise<void> {
  let rest = new Uint8Array(0)
  let position = 0
  const damaged = async (reason: string): Promise<void> => {
    if (await soundFrameBehind(disk, position + 1)) {
      throw new NodeError('node/journal-corrupt', `the journal is damaged at byte ${position}: ${reason}`, { values: { at: position } })
    }
    await disk.truncate(position)
  }
  for await (const piece of disk.read(0)) {
    rest = joined(rest, piece)
    for (;;) {
      const frame = readFrame(rest)
      if (frame === 'short') break
      if (frame === 'bad') {
        return damaged('a record does not match its checksum')
      }
      await replay(frame)
      position += HEAD_BYTES + frame.length
      rest = rest.subarray(HEAD_BYTES + frame.length)
    }
  }
  if (rest.length > 0) await damaged('the last record is cut')
}

function joined(a: Uint8Array, b: Uint8Array): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(a.length + b.length)
  whole.set(a)
  whole.set(b, a.length)
  return whole
}

/** A payload in its frame. */
export function frameOf(payload: Uint8Array): Uint8Array {
  const frame = new Uint8Array(HEAD_BYTES + payload.length)
  const view = new DataView(frame.buffer)
  view.setUint32(0, payload.length)
  view.setUint32(4, crc32(payload))
  frame.set(payload, HEAD_BYTES)
  return frame
}

/** The payload of the frame that the bytes begin with; `short` where they end before it does, `bad` where it is none. */
export function readFrame(bytes: Uint8Array): Uint8Array | 'short' | 'bad' {
  if (bytes.length < HEAD_BYTES) return 'short'
  const view = new DataView(bytes.buffer, bytes.byteOffset)
  const length = view.getUint32(0)
  if (length === 0 || length > MAX_RECORD_BYTES) return 'bad'
  if (bytes.length < HEAD_BYTES + length) return 'short'
  const payload = bytes.subarray(HEAD_BYTES, HEAD_BYTES + length)
  return crc32(payload) === view.getUint32(4) ? payload : 'bad'
}

/** Whether a whole sound record starts anywhere at or after `from`: then the damage is not a torn tail. */
async function soundFrameBehind(disk: JournalDisk, from: number): Promise<boolean> {
  let bytes = new Uint8Array(0)
  for await (const piece of disk.read(from)) {
    bytes = joined(bytes, piece)
    // A torn tail is at most one batch; what is longer is looked at in its first part only, which is enough to tell.
    if (bytes.length > 4 * MAX_RECORD_BYTES) break
  }
  for (let at = 0; at + HEAD_BYTES < bytes.length; at++) {
    const frame = readFrame(bytes.subarray(at))
    if (frame !== 'short' && frame !== 'bad') return true
  }
  return false
}

function appender(disk: JournalDisk): Journal {
  interface Waiting {
    readonly frame: Uint8Array
    readonly resolve: () => void
    readonly reject: (error: unknown) => void
  }
  let waiting: Waiting[] = []
  let flushing: Promise<void> | undefined
  let failed: unknown

  async function flush(): Promise<void> {
    while (waiting.length > 0) {
      const batch = waiting
      waiting = []
      try {
        await disk.append(batch.map((one) => one.frame))
        for (const one of batch) one.resolve()
      } catch (error) {
        // Records behind this one were numbered after it: none of them may reach the disk without it.
        failed = error
        for (const one of [...batch, ...waiting.splice(0)]) one.reject(error)
      }
    }
    flushing = undefined
  }

  return {
    append(payload) {
      if (payload.length === 0 || payload.length > MAX_RECORD_BYTES) {
        return Promise.reject(
          new NodeError('node/too-large', 'a journal record is empty or too large', { values: { limit: MAX_RECORD_BYTES } }),
        )
      }
      if (failed !== undefined) return Promise.reject(failed)
      const frame = frameOf(payload)
      const { promise, resolve, reject } = Promise.withResolvers<void>()
      waiting.push({ frame, resolve, reject })
      flushing ??= flush()
      return promise
    },
    async close() {
      await flushing
      await disk.close()
    },
  }
}
