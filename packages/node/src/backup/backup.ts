import { type FileHandle, open, readdir, rename, rm, stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { type Crypto, type Json, type Realm, type Shape, canonicalBytes, codeOf, shapes, signDocument, toHex } from '@entente/canonical'
import * as v from 'valibot'
import { pathsOf, readConfig, writeDurably } from '../config.ts'
import { NodeError, diskError } from '../errors.ts'
import { syncDirectory } from '../journal/journal.ts'
import { readSeeds } from '../seeds.ts'
import { hybridFrom } from '../setup.ts'
import { recoveryKeyOf } from './recovery-key.ts'
import { sealStream } from './seal.ts'
import { TAR_END, tarHeader, tarPadding } from './tar.ts'

/** The last member of a backup: what the node that made it says, signed by its envelope key. */
export interface BackupStatement {
  readonly nation: string
  readonly realm: Realm
  /** Seconds. */
  readonly at: number
  /** Records in the ledger's journal. */
  readonly records: number
  /** SHA-256 of the archive before this member. */
  readonly sha256: string
}

export const backupStatementShape: Shape<BackupStatement> = v.strictObject({
  nation: shapes.nation,
  realm: shapes.realm,
  at: shapes.instant,
  records: shapes.natural,
  sha256: shapes.sha256,
})

/** Name of the last member. */
export const STATEMENT = 'backup.json'
const READ_BYTES = 1_048_576

/**
 * Left out: the authority's key, which belongs off the node; what a start makes anew (projection, tiles, claims); uploads that are
 * under way; logs.
 */
const LEFT_OUT =
  /^(?:authority|logs|running\.json|backup\.json|restored\.json|last-backup\.json|EXERCISE.*|ledger\/fence|ledger\/logs\/[^/]+\/tile|node\/projection.*|node\/health-probe|node\/(?:containers|draft-files)\/incoming|.*\.new)$/u

/**
 * What must be copied first, in this order: no checkpoint and no witness's memory may be newer than the journal, or a node that
 * comes back would take itself for one that lost entries. Everything that a journal names was stored before its record, and
 * so is copied after it. A witness's newer records move into its other file, never back.
 */
const ORDER: readonly RegExp[] = [/^ledger\/logs\/[^/]+\/checkpoint$/u, /\.newer$/u, /^witness\/state\//u, /^(?:ledger|office)\/journal$/u]

/**
 * Writes a sealed backup of the nation in `dir` to a new file; the node may run. The journals are cut at their last whole record.
 * Throws `node/backup` (`reason`: `no-key`), `node/conflict` (the file is there), `node/disk-full`.
 */
export async function makeBackup(
  crypto: Crypto,
  dir: string,
  to: string,
  now: number,
): Promise<{ readonly file: string; readonly bytes: number; readonly records: number }> {
  const recipient = await recoveryKeyOf(dir)
  if ((await stat(to).catch(() => undefined)) !== undefined)
    throw new NodeError('node/conflict', 'the file is there already', { values: { what: 'file' } })
  const partial = `${to}.new`
  const file = await open(partial, 'wx', 0o600)
  const said = { records: 0 }
  let bytes = 0
  try {
    for await (const piece of sealStream(crypto, recipient, archive(crypto, dir, now, said))) {
      await file.writeFile(piece)
      bytes += piece.length
    }
    await file.sync()
    await file.close()
    await rename(partial, to)
    await syncDirectory(dirname(to))
  } catch (cause) {
    await file.close().catch(() => {})
    await rm(partial, { force: true })
    throw diskError(cause, 'a backup')
  }
  await writeDurably(pathsOf(dir).lastBackup, JSON.stringify({ at: now, records: said.records }))
  return { file: to, bytes, records: said.records }
}

async function* archive(crypto: Crypto, dir: string, now: number, said: { records: number }): AsyncGenerator<Uint8Array, void, void> {
  const hash = crypto.hashSha256()
  const hashed = (piece: Uint8Array): Uint8Array => {
    hash.update(piece)
    return piece
  }
  for (const name of await filesIn(dir)) {
    // What went between listing and reading is no loss: it was stopped, sent or swept, and the journal says so.
    const file = await open(join(dir, name), 'r').catch((error: unknown) => {
      if (codeOf(error) === 'ENOENT') return undefined
      throw error
    })
    if (file === undefined) continue
    try {
      const { size, records } = name.endsWith('/journal') ? await wholeRecords(file) : { size: (await file.stat()).size, records: 0 }
      if (/^ledger\/journal$/u.test(name)) said.records = records
      yield hashed(tarHeader(name, size, now))
      for (let position = 0; position < size;) {
        const { bytesRead, buffer } = await file.read(new Uint8Array(Math.min(READ_BYTES, size - position)), 0, undefined, position)
        if (bytesRead === 0) throw new NodeError('node/conflict', 'a file became shorter while it was copied', { values: { what: 'file' } })
        position += bytesRead
        yield hashed(buffer.subarray(0, bytesRead))
      }
      yield hashed(tarPadding(size))
    } finally {
      await file.close()
    }
  }
  const statement = canonicalBytes(
    (await signed(crypto, dir, { at: now, records: said.records, sha256: toHex(hash.digest()) })) as unknown as Json,
  )
  yield tarHeader(STATEMENT, statement.length, now)
  yield statement
  yield tarPadding(statement.length)
  yield TAR_END
}

async function signed(crypto: Crypto, dir: string, said: Pick<BackupStatement, 'at' | 'records' | 'sha256'>): Promise<unknown> {
  const { realm, nation } = await readConfig(dir)
  const seeds = await readSeeds(join(pathsOf(dir).node, 'keys.json'), ['envelopeEd25519', 'envelopeMldsa65'])
  const body: BackupStatement = { nation, realm, ...said }
  return signDocument(crypto, { realm, type: 'backup', version: 1 }, body, await hybridFrom(seeds.envelopeEd25519, seeds.envelopeMldsa65))
}

async function filesIn(dir: string): Promise<readonly string[]> {
  const found: string[] = []
  const walk = async (below: string): Promise<void> => {
    for (const entry of await readdir(join(dir, below), { withFileTypes: true })) {
      const name = below === '' ? entry.name : `${below}/${entry.name}`
      if (LEFT_OUT.test(name)) continue
      if (entry.isDirectory()) await walk(name)
      else if (entry.isFile()) found.push(name)
    }
  }
  await walk('')
  const rank = (name: string): number => {
    const at = ORDER.findIndex((pattern) => pattern.test(name))
    return at === -1 ? ORDER.length : at
  }
  return found.sort((a, b) => rank(a) - rank(b) || (a < b ? -1 : 1))
}

/** How far a journal's records go that are whole; a node may be writing the next. */
export async function wholeRecords(file: FileHandle): Promise<{ readonly size: number; readonly records: number }> {
  const end = (await file.stat()).size
  const head = new Uint8Array(4)
  let [size, records] = [0, 0]
  while (size + 8 <= end) {
    await file.read(head, 0, 4, size)
    const next = size + 8 + new DataView(head.buffer).getUint32(0)
    if (next > end) break
    size = next
    records++
  }
  return { size, records }
}
