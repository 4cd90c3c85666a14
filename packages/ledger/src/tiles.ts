import type { MaybePromise } from '@entente/canonical'
import { LedgerError } from './errors.ts'
import { HASH_BYTES, assertNatural } from './lines.ts'

/** Hashes in a full tile, entries in a full bundle (tlog-tiles). */
export const TILE_WIDTH = 256
/** Longest entry: its length stands in two bytes. */
export const MAX_ENTRY_BYTES = 65_535
/** Longest bundle: a full one of the longest entries. */
export const MAX_BUNDLE_BYTES: number = TILE_WIDTH * (MAX_ENTRY_BYTES + 2)

/** Gives the bytes of one of a log's files by its path relative to the log's prefix, or `undefined` where there is none. */
export type TileReader = (path: string) => MaybePromise<Uint8Array | undefined>

/** A file of a log: its path relative to the log's prefix, and its bytes. */
export interface LogFile {
  readonly path: string
  readonly bytes: Uint8Array
}

/** What a path names: a tile of hashes or a bundle of entries. `width` is 256 where it is full. */
export type LogPath =
  | { readonly kind: 'tile'; readonly level: number; readonly index: number; readonly width: number }
  | { readonly kind: 'entries'; readonly index: number; readonly width: number }

const PATH = /^tile\/(entries|[0-9]{1,2})\/((?:x[0-9]{3}\/)*[0-9]{3})(?:\.p\/([1-9][0-9]{0,2}))?$/u

/** `tile/<L>/<N>[.p/<W>]`: the path of a tile (tlog-tiles). `level` 0 to 63, `width` 1 to 256 (full). */
export function tilePath(level: number, index: number, width: number = TILE_WIDTH): string {
  assertNatural(level, 'the level')
  if (level > 63) throw new LedgerError('ledger/size', 'a level is at most 63')
  return `tile/${level}/${indexAndWidth(index, width)}`
}

/** `tile/entries/<N>[.p/<W>]`: the path of an entry bundle (tlog-tiles). `width` 1 to 256 (full). */
export function entriesPath(index: number, width: number = TILE_WIDTH): string {
  return `tile/entries/${indexAndWidth(index, width)}`
}

function indexAndWidth(index: number, width: number): string {
  assertNatural(index, 'the index of a tile')
  if (!Number.isInteger(width) || width < 1 || width > TILE_WIDTH) throw new LedgerError('ledger/size', 'a tile is 1 to 256 wide')
  let path = threeDigits(index % 1000)
  for (let rest = Math.floor(index / 1000); rest > 0; rest = Math.floor(rest / 1000)) path = `x${threeDigits(rest % 1000)}/${path}`
  return width === TILE_WIDTH ? path : `${path}.p/${width}`
}

function threeDigits(value: number): string {
  return String(value).padStart(3, '0')
}

/** What a path names, or `undefined` for every text that `tilePath` and `entriesPath` would not write. */
export function parseLogPath(path: string): LogPath | undefined {
  const [, kind, elements, partial] = PATH.exec(path) ?? []
  if (kind === undefined || elements === undefined || elements.length > 40) return undefined
  const index = Number(elements.replaceAll(/[x/]/gu, ''))
  const width = partial === undefined ? TILE_WIDTH : Number(partial)
  const level = Number(kind)
  if (!Number.isSafeInteger(index) || width > TILE_WIDTH || (kind !== 'entries' && level > 63)) return undefined
  const named: LogPath = kind === 'entries' ? { kind, index, width } : { kind: 'tile', level, index, width }
  const written = named.kind === 'entries' ? entriesPath(index, width) : tilePath(level, index, width)
  return written === path ? named : undefined
}

/** How many hashes there are at `level` in the tree of `size`: `floor(size / 256^level)`. */
export function hashesAtLevel(size: number, level: number): number {
  return Math.floor(size / TILE_WIDTH ** level)
}

/** Width, 0 to 256, of tile `index` at `level` in the tree of `size`. */
export function tileWidth(size: number, level: number, index: number): number {
  return Math.max(0, Math.min(TILE_WIDTH, hashesAtLevel(size, level) - index * TILE_WIDTH))
}

/**
 * Reads the first `width` hashes of a tile; where a partial tile is gone, from the full one, as tlog-tiles lets a log
 * delete it. Throws `ledger/tile-missing` or `ledger/tile-malformed`, with `path`.
 */
export async function readTile(reader: TileReader, level: number, index: number, width: number): Promise<Uint8Array> {
  const path = tilePath(level, index, width)
  const bytes = await reader(path)
  if (bytes !== undefined) return exactTile(bytes, width, path)
  const fullPath = tilePath(level, index)
  const full = width === TILE_WIDTH ? undefined : await reader(fullPath)
  if (full === undefined) throw new LedgerError('ledger/tile-missing', `tile \`${path}\` is missing`, { values: { path } })
  return exactTile(full, TILE_WIDTH, fullPath).subarray(0, width * HASH_BYTES)
}

function exactTile(bytes: Uint8Array, width: number, path: string): Uint8Array {
  if (bytes.length !== width * HASH_BYTES) {
    throw new LedgerError('ledger/tile-malformed', `tile \`${path}\` has ${bytes.length} bytes`, { values: { path } })
  }
  return bytes
}

/** Reads the first `width` entries of a bundle, from the full one where the partial one is gone. Throws `ledger/bundle-missing` or `ledger/bundle-malformed`, with `path`. */
export async function readBundle(reader: TileReader, index: number, width: number): Promise<readonly Uint8Array[]> {
  const path = entriesPath(index, width)
  const bytes = await reader(path)
  if (bytes !== undefined) return exactBundle(bytes, width, path)
  const fullPath = entriesPath(index)
  const full = width === TILE_WIDTH ? undefined : await reader(fullPath)
  if (full === undefined) throw new LedgerError('ledger/bundle-missing', `entry bundle \`${path}\` is missing`, { values: { path } })
  return exactBundle(full, TILE_WIDTH, fullPath).slice(0, width)
}

function exactBundle(bytes: Uint8Array, width: number, path: string): readonly Uint8Array[] {
  const entries = decodeBundle(bytes, path)
  if (entries.length !== width) {
    throw new LedgerError('ledger/bundle-malformed', `entry bundle \`${path}\` has ${entries.length} entries`, { values: { path } })
  }
  return entries
}

/** An entry bundle: each entry after its length in two bytes, big-endian (tlog-tiles). Throws `ledger/entry-too-large`. */
export function encodeBundle(entries: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  let length = 0
  for (const entry of entries) {
    assertEntrySize(entry)
    length += 2 + entry.length
  }
  const bundle = new Uint8Array(length)
  let at = 0
  for (const entry of entries) {
    bundle[at] = entry.length >> 8
    bundle[at + 1] = entry.length & 0xff
    bundle.set(entry, at + 2)
    at += 2 + entry.length
  }
  return bundle
}

/** The entries of a bundle, 1 to 256 (windows of `bytes`). Throws `ledger/bundle-malformed`, with `path`. */
export function decodeBundle(bytes: Uint8Array, path: string = ''): readonly Uint8Array[] {
  const entries: Uint8Array[] = []
  let at = 0
  while (at < bytes.length) {
    const [high, low] = bytes.subarray(at, at + 2)
    const end = high === undefined || low === undefined ? Number.POSITIVE_INFINITY : at + 2 + high * 256 + low
    if (end > bytes.length || entries.length === TILE_WIDTH) {
      throw new LedgerError('ledger/bundle-malformed', `entry bundle breaks off, or holds too many, at byte ${at}`, { values: { path } })
    }
    entries.push(bytes.subarray(at + 2, end))
    at = end
  }
  if (entries.length === 0) throw new LedgerError('ledger/bundle-malformed', 'entry bundle is empty', { values: { path } })
  return entries
}

/** Throws `ledger/entry-too-large`, with `bytes` and `limit`, for an entry over 65,535 bytes. */
export function assertEntrySize(entry: Uint8Array): void {
  if (entry.length > MAX_ENTRY_BYTES) {
    throw new LedgerError('ledger/entry-too-large', `an entry has at most ${MAX_ENTRY_BYTES} bytes`, {
      values: { bytes: entry.length, limit: MAX_ENTRY_BYTES },
    })
  }
}
