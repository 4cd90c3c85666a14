import assert from 'node:assert/strict'
import { existsSync, readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { fromBase64, sameBytes, utf8 } from '@entente/canonical'
import { nodeCrypto as crypto } from '@entente/crypto-node'
import {
  LogBuilder,
  type TileReader,
  noteKey,
  noteSigner,
  parsePolicy,
  parseVkey,
  printVkey,
  signCheckpoint,
  verifyConsistency,
  verifyInclusion,
  verifyLog,
  verifySubtreeConsistency,
  verifySubtreeInclusion,
} from '@entente/ledger'

const folder = process.env['ENTENTE_VECTORS'] ?? ''
const skip = folder !== '' && existsSync(folder) ? false : 'ENTENTE_VECTORS does not name a folder of foreign vectors'

interface MerkleVector {
  readonly leafIdx: number
  readonly treeSize: number
  readonly leafHash: string
  readonly root: string
  readonly start: number
  readonly end: number
  readonly size: number
  readonly size1: number
  readonly size2: number
  readonly root1: string
  readonly root2: string
  readonly proof: readonly string[] | null
  readonly wantErr: boolean
}

function vectorsIn(kind: string): { file: string; vector: MerkleVector }[] {
  const root = join(folder, 'merkle/testdata', kind)
  return readdirSync(root, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.json'))
    .map((file) => ({ file: `${kind}/${file}`, vector: JSON.parse(readFileSync(join(root, file), 'utf8')) as MerkleVector }))
}

const hashes = (proof: readonly string[] | null): Uint8Array[] => (proof ?? []).map((hash) => fromBase64(hash))

test('98 foreign inclusion proofs are judged as their makers judge them', { skip }, () => {
  const cases = vectorsIn('inclusion')
  assert.equal(cases.length, 98)
  for (const { file, vector } of cases) {
    const holds = verifyInclusion(crypto, {
      leafHash: fromBase64(vector.leafHash),
      index: vector.leafIdx,
      size: vector.treeSize,
      root: fromBase64(vector.root),
      proof: hashes(vector.proof),
    })
    assert.equal(holds, !vector.wantErr, file)
  }
})

// Old size 0 needs no rule of its own here: to their makers a proof from the empty tree is an error, and to
// `verifyConsistency` it is false. What a witness makes of old size 0 is tested with the witness.
test('98 foreign consistency proofs are judged as their makers judge them', { skip }, () => {
  const cases = vectorsIn('consistency')
  assert.equal(cases.length, 98)
  for (const { file, vector } of cases) {
    const holds = verifyConsistency(crypto, {
      oldSize: vector.size1,
      oldRoot: fromBase64(vector.root1),
      size: vector.size2,
      root: fromBase64(vector.root2),
      proof: hashes(vector.proof),
    })
    assert.equal(holds, !vector.wantErr, file)
  }
})

test('204 foreign proofs of inclusion in a subtree are judged as their makers judge them', { skip }, () => {
  const cases = vectorsIn('subtreeinclusion')
  assert.equal(cases.length, 204)
  for (const { file, vector } of cases) {
    const holds = verifySubtreeInclusion(crypto, {
      leafHash: fromBase64(vector.leafHash),
      index: vector.leafIdx,
      start: vector.start,
      end: vector.end,
      root: fromBase64(vector.root),
      proof: hashes(vector.proof),
    })
    assert.equal(holds, !vector.wantErr, file)
  }
})

test('118 foreign proofs of a subtree’s consistency are judged as their makers judge them', { skip }, () => {
  const cases = vectorsIn('subtreeconsistency')
  assert.equal(cases.length, 118)
  for (const { file, vector } of cases) {
    const holds = verifySubtreeConsistency(crypto, {
      start: vector.start,
      end: vector.end,
      subtreeRoot: fromBase64(vector.root1),
      size: vector.size,
      root: fromBase64(vector.root2),
      proof: hashes(vector.proof),
    })
    assert.equal(holds, !vector.wantErr, file)
  }
})

// The key is published with the log that it signed, to let anybody make the same log again.
const SEED = fromBase64('7KZj9JkBfSNlwnx6dnkVjUPP7BMwvbJZKQr70NIXd6A=')

test('a foreign log of 15 entries is made again byte for byte, every checkpoint and tile of its way', { skip }, async () => {
  const log = join(folder, 'tessera/testdata/log')
  const read = (path: string): Uint8Array => Uint8Array.from(readFileSync(join(log, path)))
  const signer = noteSigner(crypto, 'example.com/log/testdata', 'ed25519', await crypto.signer('Ed25519', SEED))
  assert.equal(printVkey(signer.key), 'example.com/log/testdata+33d7b496+AeHTu4Q3hEIMHNqc6fASMsq3rKNx280NI+oO5xCFkkSx')
  const builder = LogBuilder.empty(crypto)
  const words = new TextDecoder().decode(read('tile/entries/000.p/15'))
  const entries = words.split(/\0./u).filter((word) => word !== '')
  assert.equal(entries.length, 15)
  const checkpoint = async (): Promise<Uint8Array> =>
    await signCheckpoint({ origin: signer.key.name, size: builder.size, root: builder.root(), extensions: [] }, [signer], 1)
  assert.deepEqual(await checkpoint(), read('checkpoint.0'))
  for (const entry of entries) {
    for (const { path, bytes } of builder.append([utf8(entry)]).files) assert.ok(sameBytes(bytes, read(path)), path)
    assert.deepEqual(await checkpoint(), read(`checkpoint.${builder.size}`))
  }
})

test('a foreign log verifies with its checkpoints, and a stolen tile byte is found', { skip }, async () => {
  const log = join(folder, 'tessera/testdata/log')
  const reader: TileReader = (path) => (existsSync(join(log, path)) ? Uint8Array.from(readFileSync(join(log, path))) : undefined)
  const key = parseVkey(crypto, 'example.com/log/testdata+33d7b496+AeHTu4Q3hEIMHNqc6fASMsq3rKNx280NI+oO5xCFkkSx')
  assert.deepEqual(noteKey(crypto, key.name, key.type, key.publicKey), key)
  const policy = parsePolicy(crypto, utf8(`log ${printVkey(key)}\nquorum none\n`))
  const paths = readdirSync(log, { recursive: true, encoding: 'utf8' })
  const earlierCheckpoints = [0, 1, 2, 7, 8, 14].map((size) => Uint8Array.from(readFileSync(join(log, `checkpoint.${size}`))))
  const good = await verifyLog(crypto, { reader, policy, paths, earlierCheckpoints })
  assert.deepEqual(good.findings, [])
  assert.equal(good.checkpoint?.size, 15)
  const flip: TileReader = async (path) => {
    const bytes = await reader(path)
    return path === 'tile/0/000.p/15' ? bytes?.map((byte, at) => (at === 40 ? byte ^ 1 : byte)) : bytes
  }
  const bad = await verifyLog(crypto, { reader: flip, policy })
  assert.deepEqual(bad.findings, [{ code: 'ledger/tile-wrong', values: { path: 'tile/0/000.p/15' } }])
})
