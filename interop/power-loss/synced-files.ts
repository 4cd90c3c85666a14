import { mkdir, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'

/** A file's bytes as the system shows them, and as they are on the disk for certain. */
interface Inode {
  now: Buffer
  synced: Buffer | undefined
}

/** One line of `strace -f -y -xx`, put together again where another thread came between. */
const CALL = /^(?<pid>\d+) +(?<rest>.*)$/u
const WRITES = new Set(['write', 'writev', 'pwrite64', 'pwritev', 'pwritev2'])

/**
 * Follows a trace of system calls and knows which bytes of which files a power cut would leave: those of a file that was
 * synced since, under a name whose folder was synced since. Everything before the trace counts as safe.
 */
export class SyncedFiles {
  readonly #root: string
  readonly #known: (path: string) => Buffer | undefined
  readonly #names = new Map<string, Inode | undefined>()
  readonly #safeNames = new Map<string, Inode | undefined>()
  readonly #unfinished = new Map<string, { readonly text: string; readonly before: readonly (readonly [Inode, Buffer])[] }>()
  readonly acknowledged: string[] = []

  /** `root` is the folder to follow; `known` gives a file's bytes as they were before the trace. */
  constructor(root: string, known: (path: string) => Buffer | undefined) {
    this.#root = root
    this.#known = known
  }

  /** Takes the next line; true if it acknowledged something. */
  take(line: string): boolean {
    const match = CALL.exec(line)
    const pid = match?.groups?.['pid'] ?? ''
    let text = match?.groups?.['rest'] ?? ''
    if (text.endsWith('<unfinished ...>')) {
      const start = text.slice(0, -'<unfinished ...>'.length)
      // A sync makes safe what was written before it began, and nothing that came while it ran.
      this.#unfinished.set(pid, { text: start, before: this.#held(start) })
      return false
    }
    let before: readonly (readonly [Inode, Buffer])[] | undefined
    const resumed = /^<\.\.\. \w+ resumed>/u.exec(text)
    if (resumed !== null) {
      const start = this.#unfinished.get(pid)
      this.#unfinished.delete(pid)
      text = (start?.text ?? '') + text.slice(resumed[0].length)
      before = start?.before
    }
    return this.#apply(text, before ?? this.#held(text))
  }

  /** Writes what a power cut would leave into `folder`, over a copy of how everything was before. */
  async rebuild(folder: string): Promise<void> {
    for (const [path, inode] of this.#safeNames) {
      const target = folder + path.slice(this.#root.length)
      if (inode?.synced === undefined) continue
      await mkdir(dirname(target), { recursive: true })
      await writeFile(target, inode.synced)
    }
  }

  #apply(text: string, before: readonly (readonly [Inode, Buffer])[]): boolean {
    const name = /^\w+/u.exec(text)?.[0] ?? ''
    const result = Number(/\) += (?<result>-?\d+)/u.exec(text)?.groups?.['result'] ?? '-1')
    if (result < 0) return false
    if (name === 'openat') this.#open(text)
    else if (WRITES.has(name)) return this.#write(text, result)
    else if (name === 'fsync' || name === 'fdatasync') this.#sync(text, before)
    else if (name === 'ftruncate') this.#truncate(text)
    else if (name.startsWith('rename')) this.#rename(text)
    else if (name.startsWith('unlink')) this.#unlink(text)
    return false
  }

  #open(text: string): void {
    const [path = ''] = strings(text).map(String)
    if (!path.startsWith(this.#root) || text.includes('O_DIRECTORY')) return
    const inode = this.#find(path, text.includes('O_CREAT'))
    if (inode !== undefined && text.includes('O_TRUNC')) inode.now = Buffer.alloc(0)
  }

  #write(text: string, count: number): boolean {
    if (/^write\(1[<,]/u.test(text)) {
      const lines = Buffer.concat(strings(text))
        .toString()
        .split('\n')
        .filter((line) => line.startsWith('acknowledged '))
      for (const line of lines) this.acknowledged.push(line.slice('acknowledged '.length))
      return lines.length > 0
    }
    const path = pathOf(text)
    const inode = path.startsWith(this.#root) ? this.#find(path, true) : undefined
    if (inode === undefined) return false
    const bytes = Buffer.concat(strings(text)).subarray(0, count)
    const offset = /^pwritev?(?:64|2)?\(/u.test(text)
      ? Number(/, (?<offset>\d+)\) +=/u.exec(text)?.groups?.['offset'] ?? inode.now.length)
      : inode.now.length
    const whole = Buffer.alloc(Math.max(inode.now.length, offset + bytes.length))
    inode.now.copy(whole)
    bytes.copy(whole, offset)
    inode.now = whole
    return false
  }

  /** What a sync that starts now would make safe, if it is one of a file. */
  #held(text: string): readonly (readonly [Inode, Buffer])[] {
    if (!/^f(?:data)?sync\(/u.test(text)) return []
    const inode = this.#names.get(pathOf(text))
    return inode === undefined ? [] : [[inode, inode.now]]
  }

  #sync(text: string, before: readonly (readonly [Inode, Buffer])[]): void {
    for (const [inode, bytes] of before) inode.synced = bytes
    if (before.length > 0) return
    // Not a file that we know: a folder, whose names are safe now.
    const folder = pathOf(text)
    for (const [path, inode] of this.#names) if (dirname(path) === folder) this.#safeNames.set(path, inode)
  }

  #truncate(text: string): void {
    const inode = this.#find(pathOf(text), false)
    if (inode !== undefined) inode.now = inode.now.subarray(0, Number(/, (?<length>\d+)\)/u.exec(text)?.groups?.['length']))
  }

  #rename(text: string): void {
    const [from = '', to = ''] = strings(text).map(String)
    if (!from.startsWith(this.#root)) return
    this.#names.set(to, this.#find(from, false))
    this.#names.set(from, undefined)
  }

  #unlink(text: string): void {
    const [path = ''] = strings(text).map(String)
    if (path.startsWith(this.#root)) this.#names.set(path, undefined)
  }

  #find(path: string, create: boolean): Inode | undefined {
    const held = this.#names.get(path)
    if (held !== undefined) return held
    const bytes = this.#names.has(path) ? undefined : this.#known(path)
    if (bytes === undefined && !create) return undefined
    const inode: Inode = { now: bytes ?? Buffer.alloc(0), synced: bytes }
    this.#names.set(path, inode)
    if (bytes !== undefined) this.#safeNames.set(path, inode)
    return inode
  }
}

/** The strings of a call as bytes; `-xx` writes every byte as `\x..`. Those in angle brackets are paths of descriptors and no arguments. */
function strings(text: string): Buffer[] {
  return [...text.replaceAll(/<[^>]*>/gu, '').matchAll(/"(?<hex>(?:\\x[0-9a-f]{2})*)"/gu)].map((match) =>
    Buffer.from((match.groups?.['hex'] ?? '').replaceAll('\\x', ''), 'hex'),
  )
}

/** The path of the descriptor that a call is about. */
function pathOf(text: string): string {
  const path = /^\w+\(\d+<(?<path>[^>]*)>/u.exec(text)?.groups?.['path'] ?? ''
  return path.includes('\\x') ? Buffer.from(path.replaceAll('\\x', ''), 'hex').toString() : path
}
