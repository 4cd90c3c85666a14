import { mkdir, open, readFile, readdir, rename, rm } from 'node:fs/promises'
import { createReadStream } from 'node:fs'
import { dirname, join } from 'node:path'
import {
  type Crypto,
  type Json,
  type Shape,
  CanonicalError,
  canonicalText,
  codeOf,
  concatBytes,
  fromBase64Url,
  readDocument,
  shapes,
  signedShape,
  toHex,
  verifyDocument,
} from '@entente/canonical'
import { anchorsShape } from '@entente/exchange'
import * as v from 'valibot'
import { pathsOf, readConfig, writeDurably } from '../config.ts'
import { NodeError, diskError } from '../errors.ts'
import { syncDirectory } from '../journal/journal.ts'
import { markExercise } from '../setup.ts'
import { loadTrust } from '../trust.ts'
import { type BackupStatement, STATEMENT, backupStatementShape } from './backup.ts'
import { type RecoveryKey, readRecoveryKey } from './recovery-key.ts'
import { openStream } from './seal.ts'
import { type Member, readTar } from './tar.ts'

/** `restored.json`: this directory came out of a backup, and stays closed until an officer has said that it may go on. */
export interface RestoredMark {
  /** Seconds: when the backup was made. */
  readonly made: number
  readonly restored: number
  /** Records in the journal at that time. */
  readonly records: number
}

const markShape: Shape<RestoredMark> = v.strictObject({ made: shapes.instant, restored: shapes.instant, records: shapes.natural })

/** The mark of a restored directory; undefined where there is none. */
export async function readRestoredMark(dir: string): Promise<RestoredMark | undefined> {
  try {
    return readDocument(markShape, await readFile(pathsOf(dir).restored), 'restored.json')
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined
    throw error
  }
}

/**
 * Unpacks a backup into a directory that is not there or empty: whole and verified, or not at all. The node that starts on it gives
 * nothing (`node/quarantined`) until somebody reconciles it. Throws `node/backup` (`reason`: `key`, `format`, `archive`, `name`,
 * `statement`, `nation`) and `node/conflict`.
 */
export async function restoreBackup(
  crypto: Crypto,
  given: { readonly from: string; readonly to: string; readonly key: string; readonly now: number },
): Promise<BackupStatement> {
  const { from, to, now } = given
  const key = await readRecoveryKey(given.key)
  if ((await readdir(to).catch((): string[] => [])).length > 0)
    throw new NodeError('node/conflict', 'the directory is not empty', { values: { what: 'directory' } })
  const partial = `${to}.restoring`
  await rm(partial, { recursive: true, force: true })
  await mkdir(partial, { recursive: true, mode: 0o700 })
  try {
    const statement = await unpack(crypto, key, from, partial)
    if (statement.realm === 'exercise') await markExercise(partial)
    const mark: RestoredMark = { made: statement.at, restored: now, records: statement.records }
    await writeDurably(pathsOf(partial).restored, canonicalText(mark as unknown as Json))
    await rm(to, { recursive: true, force: true })
    await rename(partial, to)
    await syncDirectory(dirname(to))
    return statement
  } catch (cause) {
    await rm(partial, { recursive: true, force: true })
    throw diskError(cause, 'a restored file')
  }
}

async function unpack(crypto: Crypto, key: RecoveryKey, from: string, to: string): Promise<BackupStatement> {
  const hash = crypto.hashSha256()
  let hashed = 0
  let held = new Uint8Array(0)
  const plain = async function* (): AsyncGenerator<Uint8Array, void, void> {
    for await (const piece of openStream(crypto, await crypto.kemKey(fromBase64Url(key.seed)), createReadStream(from))) {
      held = concatBytes(held, piece)
      yield piece
    }
  }
  /** The archive up to a position, into the hash. */
  const hashTo = (position: number): void => {
    hash.update(held.subarray(0, position - hashed))
    held = held.slice(position - hashed)
    hashed = position
  }
  let signed: Uint8Array | undefined
  for await (const member of readTar(plain())) {
    if (signed !== undefined) throw broken('archive')
    hashTo(member.offset)
    if (member.name === STATEMENT) signed = await whole(member)
    else await writeMember(to, member)
  }
  if (signed === undefined) throw broken('statement')
  return verified(crypto, key, to, signed, toHex(hash.digest()))
}

/** The statement must be signed by the envelope key that the nation's own, pinned authority states, over exactly these bytes. */
async function verified(crypto: Crypto, key: RecoveryKey, dir: string, bytes: Uint8Array, sha256: string): Promise<BackupStatement> {
  const { realm, nation, authorityKey } = key
  const paths = pathsOf(dir)
  const anchors = readDocument(anchorsShape, await readFile(join(paths.node, 'anchors.json')), 'anchors')
  const own = anchors.authorities[nation]
  const config = await readConfig(dir)
  if (
    config.nation !== nation ||
    config.realm !== realm ||
    own === undefined ||
    canonicalText({ ...own }) !== canonicalText({ ...authorityKey })
  )
    throw broken('nation')
  const trust = await loadTrust(crypto, paths.trust, join(paths.node, 'anchors.json'))
  try {
    const signed = readDocument(signedShape(backupStatementShape), bytes, STATEMENT)
    const statement = await verifyDocument(crypto, { realm, type: 'backup', version: 1 }, signed, trust.own.keys.envelope)
    if (statement.sha256 !== sha256 || statement.nation !== nation || statement.realm !== realm) throw broken('statement')
    return statement
  } catch (cause) {
    if (cause instanceof CanonicalError) throw broken('statement', cause)
    throw cause
  }
}

async function writeMember(to: string, member: Member): Promise<void> {
  const path = join(to, member.name)
  await mkdir(dirname(path), { recursive: true, mode: 0o700 })
  const file = await open(path, 'wx', 0o600)
  try {
    for await (const piece of member.content) await file.writeFile(piece)
    await file.sync()
  } finally {
    await file.close()
  }
}

async function whole(member: Member): Promise<Uint8Array> {
  const pieces: Uint8Array[] = []
  for await (const piece of member.content) pieces.push(piece.slice())
  return concatBytes(...pieces)
}

function broken(reason: string, cause?: unknown): NodeError {
  return new NodeError('node/backup', `the backup does not hold (${reason})`, {
    values: { reason },
    ...(cause === undefined ? {} : { cause }),
  })
}
