import { execFileSync } from 'node:child_process'
import { closeSync, fstatSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { codeOf } from '@entente/canonical'

/** Why no file system can be made here, or `false`. */
export const noSmallDisk: string | false =
  process.platform === 'linux' && process.getuid?.() === 0 && isMountable()
    ? false
    : 'a small file system of its own can be mounted by root on Linux only'

/** A file system of 2 MiB that can be filled to its last byte, and freed. */
export class SmallDisk {
  readonly path: string

  constructor() {
    this.path = mkdtempSync(join(tmpdir(), 'entente-small-'))
    mount(this.path)
  }

  /** Takes all the space that is left; not even one byte of a new file finds room. */
  fill(): void {
    const file = openSync(join(this.path, 'ballast'), 'a')
    try {
      for (const size of [65_536, 4_096, 1]) while (grows(file, size));
    } finally {
      closeSync(file)
    }
  }

  /** Gives that space back. */
  free(): void {
    rmSync(join(this.path, 'ballast'), { force: true })
  }

  [Symbol.dispose](): void {
    unmount(this.path)
  }
}

function grows(file: number, size: number): boolean {
  const before = fstatSync(file).size
  try {
    writeSync(file, new Uint8Array(size))
  } catch (error) {
    if (codeOf(error) !== 'ENOSPC') throw error
  }
  return fstatSync(file).size > before
}

function isMountable(): boolean {
  const path = mkdtempSync(join(tmpdir(), 'entente-small-'))
  try {
    mount(path)
  } catch {
    rmSync(path, { recursive: true })
    return false
  }
  unmount(path)
  return true
}

function mount(path: string): void {
  execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=2m', 'tmpfs', path], { stdio: 'ignore' })
}

// Lazily: a database that a test left open must not keep the folder.
function unmount(path: string): void {
  execFileSync('umount', ['-l', path])
  rmSync(path, { recursive: true })
}
