import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import {
  type Crypto,
  type HybridPublicKey,
  type Json,
  type Realm,
  type Shape,
  canonicalText,
  fromBase64Url,
  hybridPublicKeyShape,
  readDocument,
  shapes,
  toBase64Url,
} from '@entente/canonical'
import { anchorsShape } from '@entente/exchange'
import * as v from 'valibot'
import { pathsOf, readConfig, writeDurably } from '../config.ts'
import { NodeError } from '../errors.ts'

/** What opens a nation's backups, kept away from the node; with the authority key that says whose backup it is. */
export interface RecoveryKey {
  readonly version: 1
  readonly realm: Realm
  readonly nation: string
  readonly authorityKey: HybridPublicKey
  /** Seed of the X-Wing key, base64url. */
  readonly seed: string
}

const recoveryShape: Shape<RecoveryKey> = v.strictObject({
  version: v.literal(1),
  realm: shapes.realm,
  nation: shapes.nation,
  authorityKey: hybridPublicKeyShape,
  seed: v.pipe(v.string(), v.regex(/^[A-Za-z0-9_-]{43}$/u)),
})

const publicShape: Shape<{ readonly kem: string }> = v.strictObject({ kem: v.pipe(v.string(), v.regex(/^[A-Za-z0-9_-]{1622}$/u)) })

/**
 * Makes a fresh recovery key: the private half goes into a new file `to`, the public half stays with the node. Backups made from
 * now on are for it; older ones need the older key. Throws `node/conflict` where `to` is there.
 */
export async function makeRecoveryKey(crypto: Crypto, dir: string, to: string): Promise<{ readonly file: string }> {
  const { realm, nation } = await readConfig(dir)
  const anchors = readDocument(anchorsShape, await readFile(join(pathsOf(dir).node, 'anchors.json')), 'anchors')
  const authorityKey = anchors.authorities[nation]
  if (authorityKey === undefined) throw new NodeError('node/trust', 'the nation has no authority here', { values: { nation } })
  if ((await readFile(to).catch(() => undefined)) !== undefined)
    throw new NodeError('node/conflict', 'the file is there already', { values: { what: 'file' } })
  const seed = crypto.random(32)
  const key: RecoveryKey = { version: 1, realm, nation, authorityKey, seed: toBase64Url(seed) }
  await writeDurably(to, canonicalText(key as unknown as Json))
  await writeDurably(pathsOf(dir).recovery, canonicalText({ kem: toBase64Url((await crypto.kemKey(seed)).publicKey) }))
  return { file: to }
}

/** The public half, for which backups are sealed. Throws `node/backup` (`reason`: `no-key`) where none was made yet. */
export async function recoveryKeyOf(dir: string): Promise<Uint8Array> {
  const bytes = await readFile(pathsOf(dir).recovery).catch((cause: unknown) => {
    throw new NodeError('node/backup', 'no recovery key was made for this nation', { values: { reason: 'no-key' }, cause })
  })
  return fromBase64Url(readDocument(publicShape, bytes, 'recovery.json').kem)
}

/** Reads the private half. */
export async function readRecoveryKey(path: string): Promise<RecoveryKey> {
  return readDocument(recoveryShape, await readFile(path), 'recovery key')
}
