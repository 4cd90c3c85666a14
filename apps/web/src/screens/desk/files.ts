import { isFileName } from '@entente/container'
import type { FileFacts } from './schema.ts'

/** How far a file of the page has come. `part` is from 0 to 1. */
export interface FileProgress {
  readonly step: 'hashing' | 'sending'
  readonly part: number
}

/** The files that were chosen on this page, and how far each has come. */
export interface ChosenFiles {
  keep(key: string, file: File): void
  chosen(key: string): { readonly name: string; read(): AsyncIterable<Uint8Array> } | undefined
  progress(key: string): FileProgress | undefined
  /** Every file has come to its end, or will be begun again. */
  rest(): void
  watch(run: () => void): () => void
}

/** Files by the key of their portion; a file is read twice, first to hash it and then to send it. */
export function chosenFiles(): ChosenFiles {
  const files = new Map<string, File>()
  const far = new Map<string, FileProgress>()
  const watchers = new Set<() => void>()
  const tell = (): void => {
    for (const watcher of watchers) watcher()
  }
  async function* read(key: string, file: File): AsyncGenerator<Uint8Array> {
    const step = far.get(key)?.step === 'hashing' ? 'sending' : 'hashing'
    let bytes = 0
    far.set(key, { step, part: 0 })
    for await (const piece of file.stream()) {
      yield piece
      bytes += piece.length
      far.set(key, { step, part: file.size === 0 ? 1 : bytes / file.size })
      tell()
    }
  }
  return {
    keep: (key, file) => void files.set(key, file),
    chosen(key) {
      const file = files.get(key)
      return file === undefined ? undefined : { name: file.name, read: () => read(key, file) }
    },
    progress: (key) => far.get(key),
    rest() {
      far.clear()
      tell()
    },
    watch(run) {
      watchers.add(run)
      return () => watchers.delete(run)
    },
  }
}

/** What a page says of a chosen file. */
export function factsOf(file: { readonly name: string; readonly type: string; readonly size: number }): FileFacts {
  const type = file.type.toLowerCase().split(';')[0]?.trim() ?? ''
  const mediaType = /^[a-z0-9][a-z0-9!#$&^_.+-]{0,126}\/[a-z0-9][a-z0-9!#$&^_.+-]{0,126}$/u.test(type) ? type : 'application/octet-stream'
  return { name: file.name.normalize('NFC'), mediaType, size: file.size, sha256: null }
}

/** Whether a file of this name can stand in a report that has these already: names that fold to one would overwrite each other. */
export function canStand(name: string, others: readonly string[]): boolean {
  const fold = (one: string): string => one.normalize('NFKC').toLowerCase()
  return isFileName(name) && !others.some((other) => fold(other) === fold(name))
}
