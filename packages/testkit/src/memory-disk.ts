import { type JournalDisk, diskError } from '@entente/node'
import { concatBytes } from '@entente/canonical'
import type { Chance } from './chance.ts'

/** How the disk under a journal behaves from now on. */
export type DiskMood =
  /** Writes what it is given, and says so when it is safe. */
  | 'sound'
  /** Says `ENOSPC`. */
  | 'full'
  /** Says that it is safe when it is not: a power cut loses it. Nothing can be promised on such a disk; for broken twins. */
  | 'lying'

/** A disk under one journal that survives its process: what was synced stays, the rest is lost in part or whole. */
export class MemoryDisk {
  /** In pieces: a journal that grows is not copied with every write. */
  #synced: Uint8Array[]
  #unsynced: Uint8Array[] = []
  #handle = 0
  mood: DiskMood = 'sound'
  /** Told of each write before it is synced, with its length; may crash the nation, and a beginning of the write is all that stays. */
  onWrite: (length: number) => void = () => {}

  constructor(content: Uint8Array = new Uint8Array(0)) {
    this.#synced = [content]
  }

  /** Everything that a restart would find now. */
  get content(): Uint8Array {
    return this.#whole().slice()
  }

  #whole(): Uint8Array {
    const whole = wholeOf(this.#synced)
    this.#synced = [whole]
    return whole
  }

  /** Puts an older copy in its place, as somebody who restores a backup does. */
  restore(content: Uint8Array): void {
    this.#handle++
    this.#unsynced = []
    this.#synced = [content.slice()]
  }

  /** The process is gone, or the power: of what was not synced, some beginning is there at most. */
  crash(chance: Chance): void {
    this.#handle++
    const lost = this.mood === 'lying' ? new Uint8Array(0) : concatBytes(...this.#unsynced)
    this.#unsynced = []
    if (lost.length > 0) this.#synced.push(lost.subarray(0, chance.below(lost.length)))
  }

  /** What one process holds of it; of no use any more after a crash. */
  open(): JournalDisk {
    const mine = ++this.#handle
    const held = (): void => {
      if (mine !== this.#handle) throw Object.assign(new Error('the process that held this disk is gone'), { code: 'EIO' })
    }
    return {
      append: async (buffers) => {
        held()
        if (this.mood === 'full') throw diskError(Object.assign(new Error('no space left on device'), { code: 'ENOSPC' }), 'the journal')
        const whole = concatBytes(...buffers)
        this.#unsynced.push(whole)
        if (this.mood === 'lying') return
        this.onWrite(whole.length)
        await new Promise((resolve) => setImmediate(resolve))
        held()
        this.#unsynced.shift()
        this.#synced.push(whole)
      },
      read: (position) => pieces(concatBytes(this.#whole(), ...(this.mood === 'lying' ? this.#unsynced : [])).subarray(position)),
      truncate: async (length) => {
        held()
        this.#synced = [this.#whole().slice(0, length)]
      },
      close: async () => {},
    }
  }
}

/** As `concatBytes`, of any number of pieces: too many arguments for one call. */
function wholeOf(parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0))
  let at = 0
  for (const part of parts) {
    whole.set(part, at)
    at += part.length
  }
  return whole
}

/** A disk that can only be read: for folding what a journal holds without touching it. */
export function readOnly(content: Uint8Array): JournalDisk {
  return {
    append: () => Promise.reject(new Error('this disk is only read')),
    read: (position) => pieces(content.subarray(position)),
    truncate: async () => {},
    close: async () => {},
  }
}

async function* pieces(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  if (bytes.length > 0) yield bytes.slice()
}
