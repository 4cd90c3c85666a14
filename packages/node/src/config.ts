import { closeSync, fsync, openSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { open, readFile, rename, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import * as v from 'valibot'
import { type Realm, type Shape, readDocument, sameBytes, shapes, utf8, codeOf } from '@entente/canonical'
import { syncDirectory } from './journal/journal.ts'
import { diskError } from './errors.ts'

/** A nation's own configuration: local, unsigned, changed by its administrators. */
export interface NationConfig {
  readonly version: 1
  readonly realm: Realm
  readonly nation: string
  /** Stable names, as they stand in signed data. */
  readonly names: { readonly node: string; readonly kas: string; readonly office: string }
  /** Where people reach the node; `host` is also the name in its address. */
  readonly people: { readonly host: string; readonly port: number }
  /** Where partner nations reach the node, over mutual TLS. */
  readonly partner: { readonly host: string; readonly port: number }
  /** Folder with `<iso3>/nation.json` of every nation that agreements name. */
  readonly nations: string
  /** The demo's identity provider, in which a person is chosen and not authenticated; refused unless every policy is an exercise's. */
  readonly demoProvider: boolean
  /** Where metrics are posted to (OTLP over HTTP, JSON); without it none are sent anywhere. */
  readonly metrics?: { readonly otlp: string; readonly everySeconds: number }
}

const configShape: Shape<NationConfig> = v.strictObject({
  version: v.literal(1),
  realm: shapes.realm,
  nation: shapes.nation,
  names: v.strictObject({ node: shapes.shortText, kas: shapes.shortText, office: shapes.shortText }),
  people: v.strictObject({ host: shapes.shortText, port: shapes.natural }),
  partner: v.strictObject({ host: shapes.shortText, port: shapes.natural }),
  nations: shapes.shortText,
  demoProvider: v.boolean(),
  metrics: v.exactOptional(
    v.strictObject({
      otlp: v.pipe(v.string(), v.maxLength(512), v.regex(/^https?:\/\/[^\s@]+$/u)),
      everySeconds: v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(3_600)),
    }),
  ),
})

/** Which address a partner's stable name has at present: local, never signed. */
export type Peers = Readonly<Record<string, { readonly host: string; readonly port: number }>>

const peersShape: Shape<Peers> = v.record(v.string(), v.strictObject({ host: shapes.shortText, port: shapes.natural }))

type PathName =
  | 'config'
  | 'peers'
  | 'running'
  | 'version'
  | 'recovery'
  | 'restored'
  | 'lastBackup'
  | 'trust'
  | 'authority'
  | 'node'
  | 'ledger'
  | 'keys'
  | 'office'
  | 'witness'
  | 'logs'

/** The folders and files of a nation's directory. */
export function pathsOf(dir: string): Readonly<Record<PathName, string>> {
  return {
    config: join(dir, 'config.json'),
    peers: join(dir, 'peers.json'),
    running: join(dir, 'running.json'),
    version: join(dir, 'version'),
    recovery: join(dir, 'recovery.json'),
    restored: join(dir, 'restored.json'),
    lastBackup: join(dir, 'last-backup.json'),
    trust: join(dir, 'trust'),
    authority: join(dir, 'authority'),
    node: join(dir, 'node'),
    ledger: join(dir, 'ledger'),
    keys: join(dir, 'keys'),
    office: join(dir, 'office'),
    witness: join(dir, 'witness'),
    logs: join(dir, 'logs'),
  }
}

/** Reads and checks `config.json`. */
export async function readConfig(dir: string): Promise<NationConfig> {
  return readDocument(configShape, await readFile(pathsOf(dir).config), 'config.json')
}

/** `peers.json` as it was read last, by folder. */
const readLast = new Map<string, { readonly bytes: Uint8Array; readonly peers: Peers }>()

/** Reads `peers.json`, anew each time: addresses may change while the node runs. Missing: no partner has an address. */
export function readPeers(dir: string): Peers {
  try {
    // A few hundred bytes of the system's memory: a turn in the pool of threads costs more than reading them.
    const bytes = readFileSync(pathsOf(dir).peers)
    const last = readLast.get(dir)
    if (last !== undefined && sameBytes(last.bytes, bytes)) return last.peers
    const peers = readDocument(peersShape, bytes, 'peers.json')
    readLast.set(dir, { bytes, peers })
    return peers
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return {}
    throw error
  }
}

/** Up to this length a file is written into the system's memory at once: a turn in the pool of threads costs ten times as much. */
const SMALL_BYTES = 65_536

const synced = promisify(fsync)

async function writeSmall(path: string, bytes: Uint8Array, mode: number): Promise<void> {
  const file = openSync(path, 'w', mode)
  try {
    writeFileSync(file, bytes)
    await synced(file)
  } finally {
    closeSync(file)
  }
}

async function writeLarge(path: string, bytes: Uint8Array, mode: number): Promise<void> {
  const file = await open(path, 'w', mode)
  try {
    await file.writeFile(bytes)
    await file.sync()
  } finally {
    await file.close()
  }
}

/**
 * Writes a file so that whoever reads it finds the old or the new bytes, whole, as long as the power stays: for what can be made
 * again. After a power cut other bytes may stand there. Throws `node/disk-full`.
 */
export function replaceFile(path: string, bytes: Uint8Array, mode = 0o600): void {
  const temporary = `${path}.new`
  try {
    writeFileSync(temporary, bytes, { mode })
    renameSync(temporary, path)
  } catch (cause) {
    rmSync(temporary, { force: true })
    throw diskError(cause, 'a file')
  }
}

/** Writes a file so that after a crash the old or the new bytes stand there, whole: temporary file, sync, rename, sync of the folder. */
export async function writeDurably(path: string, bytes: Uint8Array | string, mode = 0o600): Promise<void> {
  const temporary = `${path}.new`
  const content = typeof bytes === 'string' ? utf8(bytes) : bytes
  try {
    await (content.length <= SMALL_BYTES ? writeSmall : writeLarge)(temporary, content, mode)
    await rename(temporary, path)
    await syncDirectory(dirname(path))
  } catch (cause) {
    // Half a file takes up space, and of a draft it would stay behind when the draft goes.
    await rm(temporary, { force: true }).catch(() => {})
    throw diskError(cause, 'a file')
  }
}
