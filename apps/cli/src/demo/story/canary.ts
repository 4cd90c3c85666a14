import { open, readFile, readdir } from 'node:fs/promises'
import { join } from 'node:path'

/** Something to look for: the same content in every form in which a process would keep or write it. */
export interface Canary {
  readonly name: string
  readonly forms: readonly Buffer[]
  /** So short that encoded chance spells it now and then: such a place is none. */
  readonly short?: true
}

/** Where a canary was found. */
export interface Sighting {
  readonly canary: string
  /** A file, or a process and the region of its memory. */
  readonly where: string
}

/** What was looked through. */
export interface Search {
  readonly sightings: readonly Sighting[]
  readonly bytes: number
}

const CHUNK_BYTES = 4_194_304

/** A word, as UTF-8 and as the two-byte text that engines keep in memory. */
export function wordCanary(name: string, word: string): Canary {
  return { name, forms: [Buffer.from(word, 'utf8'), Buffer.from(word, 'utf16le')] }
}

/** A short word, such as somebody's name: four given letters stand once in 17 million of base64, and a nation's files have millions. */
export function nameCanary(name: string): Canary {
  return { ...wordCanary(name, name), short: true }
}

/** A key: raw, and as every text that it is commonly written as. */
export function keyCanary(name: string, key: Uint8Array): Canary {
  const raw = Buffer.from(key)
  const texts = [raw.toString('hex'), raw.toString('base64'), raw.toString('base64url')]
  return { name, forms: [raw, ...texts.flatMap((text) => [Buffer.from(text, 'utf8'), Buffer.from(text, 'utf16le')])] }
}

/** Looks through every file below the folders, or through the files themselves. */
export async function searchFiles(paths: readonly string[], canaries: readonly Canary[]): Promise<Search> {
  const sightings: Sighting[] = []
  let bytes = 0
  for (const path of paths) {
    for (const file of await filesBelow(path)) {
      const handle = await open(file).catch(() => undefined)
      if (handle === undefined) continue
      try {
        bytes += await searchIn(
          (buffer, at) => handle.read(buffer, 0, buffer.length, at).then(({ bytesRead }) => bytesRead),
          0,
          Number.MAX_SAFE_INTEGER,
          canaries,
          (name) => sightings.push({ canary: name, where: file }),
        )
      } finally {
        await handle.close()
      }
    }
  }
  return { sightings, bytes }
}

async function filesBelow(path: string): Promise<string[]> {
  const entries = await readdir(path, { withFileTypes: true }).catch(() => undefined)
  if (entries === undefined) return [path]
  const files: string[] = []
  for (const entry of entries) {
    const below = join(path, entry.name)
    if (entry.isDirectory()) files.push(...(await filesBelow(below)))
    else if (entry.isFile()) files.push(below)
  }
  return files
}

/**
 * Looks through everything that the processes may read in their own memory but the unwritable parts of files (program code).
 * Throws where the system lets nobody look.
 */
export async function searchMemory(pids: readonly number[], canaries: readonly Canary[]): Promise<Search> {
  const sightings: Sighting[] = []
  let bytes = 0
  for (const pid of pids) {
    const regions = await residentRegions(pid)
    const memory = await open(`/proc/${pid}/mem`)
    try {
      for (const { from, length, name } of regions) {
        bytes += await searchIn(
          (buffer, at) =>
            memory.read({ buffer, position: from + BigInt(at) }).then(
              ({ bytesRead }) => bytesRead,
              () => 0,
            ),
          0,
          length,
          canaries,
          (canary) => sightings.push({ canary, where: `process ${pid} ${name === '' ? 'anonymous' : name}` }),
        )
      }
    } finally {
      await memory.close()
    }
  }
  return { sightings, bytes }
}

interface Region {
  readonly from: bigint
  readonly length: number
  readonly name: string
}

/** A process's readable regions of which any page is in memory or swapped out; most of what an engine reserves never is. */
async function residentRegions(pid: number): Promise<readonly Region[]> {
  const smaps = await readFile(`/proc/${pid}/smaps`, 'utf8')
  return smaps.split(/^(?=[0-9a-f]+-[0-9a-f]+ )/mu).flatMap((text) => {
    const [, from, to, permissions = '', inode, name = ''] = /^([0-9a-f]+)-([0-9a-f]+) (\S+) \S+ \S+ (\d+)[ \t]*(.*)$/mu.exec(text) ?? []
    if (from === undefined || to === undefined || !permissions.startsWith('r') || name.startsWith('[v')) return []
    if (inode !== '0' && permissions[1] !== 'w') return []
    if (/^Rss:\s+0 kB$/mu.test(text) && /^Swap:\s+0 kB$/mu.test(text)) return []
    const start = BigInt(`0x${from}`)
    return [{ from: start, length: Number(BigInt(`0x${to}`) - start), name }]
  })
}

/** Reads from `start` up to `length` bytes in pieces that overlap, so that nothing hides on an edge. Gives the bytes read. */
async function searchIn(
  read: (buffer: Buffer, at: number) => Promise<number>,
  start: number,
  length: number,
  canaries: readonly Canary[],
  found: (canary: string) => void,
): Promise<number> {
  const overlap = Math.max(...canaries.flatMap(({ forms }) => forms.map((form) => form.length)))
  const seen = new Set<string>()
  let at = start
  let total = 0
  while (at < length) {
    const buffer = Buffer.allocUnsafe(Math.min(CHUNK_BYTES, length - at))
    const count = await read(buffer, at)
    if (count === 0) break
    total += count
    const part = buffer.subarray(0, count)
    for (const { name, forms, short } of canaries) {
      if (!seen.has(name) && forms.some((form) => occurs(part, form, short))) {
        seen.add(name)
        found(name)
      }
    }
    if (count < buffer.length || at + count >= length) break
    at += count - overlap
  }
  return total
}

/** How long a run of the letters of base64 is at least, with a capital, a small letter and a digit, to be taken for encoded chance: 30 bytes. */
const ENCODED_LETTERS = 40

function occurs(part: Buffer, form: Buffer, short: true | undefined): boolean {
  for (let at = part.indexOf(form); at !== -1; at = part.indexOf(form, at + 1)) {
    if (short === undefined || !isEncoded(part, at, form.length)) return true
  }
  return false
}

/** Whether a place is the inside of a long run of base64 in either alphabet. */
function isEncoded(part: Buffer, at: number, length: number): boolean {
  const before = part.toString('latin1', Math.max(0, at - ENCODED_LETTERS), at)
  const behind = part.toString('latin1', at + length, at + length + ENCODED_LETTERS)
  const run = `${/[\w+/=-]*$/u.exec(before)?.[0] ?? ''}${part.toString('latin1', at, at + length)}${/^[\w+/=-]*/u.exec(behind)?.[0] ?? ''}`
  return run.length >= ENCODED_LETTERS && [/[A-Z]/u, /[a-z]/u, /\d/u].every((letter) => letter.test(run))
}
