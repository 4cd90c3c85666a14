import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import { nodeCrypto as crypto } from '@entente/crypto-node'
import {
  type KnownSubtrees,
  LogBuilder,
  MAX_ENTRY_BYTES,
  type TileReader,
  TreeBuilder,
  consistencyProof,
  decodeBundle,
  emptyRoot,
  encodeBundle,
  entriesPath,
  inclusionProof,
  leafHash,
  parseLogPath,
  rootHash,
  tilePath,
  verifyConsistency,
  verifyInclusion,
  verifySubtreeConsistency,
  verifySubtreeInclusion,
} from '@entente/ledger'
import { plainRoot, plainSubtreeProof } from './plain-tree.ts'
import { codeOf } from './world.ts'

const leaves = Array.from({ length: 70_000 }, (_, at) => leafHash(crypto, new Uint8Array([at & 255, (at >> 8) & 255, at >> 16])))

function stored(size: number, batch: number): { tree: TreeBuilder; files: Map<string, Uint8Array>; reader: TileReader } {
  const tree = new TreeBuilder(crypto)
  const files = new Map<string, Uint8Array>()
  for (let at = 0; at < size; at += batch) {
    for (const { path, bytes } of tree.append(leaves.slice(at, Math.min(size, at + batch)))) files.set(path, bytes)
  }
  return { tree, files, reader: (path) => files.get(path) }
}

test('the root is that of the definition, in whatever steps the tree grew', async () => {
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 0, max: 1_200 }), fc.integer({ min: 1, max: 300 }), async (size, batch) => {
      const { tree, reader } = stored(size, batch)
      assert.deepEqual(tree.root(), plainRoot(leaves.slice(0, size)))
      assert.deepEqual(await rootHash(crypto, reader, size), tree.root())
    }),
    { numRuns: 30 },
  )
})

test('subtrees that are remembered while a log grows give the proofs that its tiles give', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.integer({ min: 1, max: 300 }), { minLength: 1, maxLength: 6 }), async (steps) => {
      const tree = new TreeBuilder(crypto)
      const files = new Map<string, Uint8Array>()
      const reader: TileReader = (path) => files.get(path)
      const known: KnownSubtrees = new Map()
      for (const step of steps) {
        const old = tree.size
        for (const { path, bytes } of tree.append(leaves.slice(old, old + step))) files.set(path, bytes)
        const { size } = tree
        for (const index of [0, old, Math.floor(size / 2), size - 1])
          assert.deepEqual(await inclusionProof(crypto, reader, index, size, known), await inclusionProof(crypto, reader, index, size))
        assert.deepEqual(await consistencyProof(crypto, reader, old, size, known), await consistencyProof(crypto, reader, old, size))
      }
    }),
    { numRuns: 40 },
  )
})

test('a tree of 70,000 has the tiles that tlog-tiles counts, and no other', () => {
  const { files } = stored(70_000, 70_000)
  const expected = [
    ...Array.from({ length: 273 }, (_, at) => tilePath(0, at)),
    tilePath(0, 273, 112),
    tilePath(1, 0),
    tilePath(1, 1, 17),
    tilePath(2, 0, 1),
  ]
  assert.deepEqual([...files.keys()].sort(), expected.sort())
})

test('every proof made from tiles holds, and no changed one', async () => {
  const { tree, reader } = stored(1_000, 1_000)
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 1, max: 1_000 }), fc.nat(), fc.nat(), async (size, a, b) => {
      const index = a % size
      const oldSize = 1 + (b % size)
      const root = plainRoot(leaves.slice(0, size))
      const proof = await inclusionProof(crypto, reader, index, 1_000)
      const claim = { leafHash: leaves[index]!, index, size: 1_000, root: tree.root(), proof }
      assert.ok(verifyInclusion(crypto, claim))
      assert.ok(!verifyInclusion(crypto, { ...claim, index: index + 1 }))
      assert.ok(!verifyInclusion(crypto, { ...claim, proof: proof.slice(1) }))
      assert.ok(!verifyInclusion(crypto, { ...claim, proof: [...proof, root] }))
      const oldRoot = plainRoot(leaves.slice(0, oldSize))
      const { reader: smaller } = stored(size, size)
      const steps = await consistencyProof(crypto, smaller, oldSize, size)
      const grown = { oldSize, oldRoot, size, root, proof: steps }
      assert.ok(verifyConsistency(crypto, grown))
      assert.ok(!verifyConsistency(crypto, { ...grown, oldRoot: leaves[0]!, root: leaves[1]! }))
      assert.ok(!verifyConsistency(crypto, { ...grown, proof: [...steps, root] }))
      if (oldSize < size) assert.ok(!verifyConsistency(crypto, { ...grown, proof: [] }))
    }),
    { numRuns: 60 },
  )
})

test('a proof from old size 0 is none: whoever meets it decides without a proof', async () => {
  const { tree, reader } = stored(5, 5)
  assert.deepEqual(await consistencyProof(crypto, reader, 0, 5), [])
  assert.ok(!verifyConsistency(crypto, { oldSize: 0, oldRoot: emptyRoot(crypto), size: 5, root: tree.root(), proof: [] }))
})

/** All that may be a subtree of a tree of `size`. */
function subtrees(size: number): { start: number; end: number }[] {
  const found: { start: number; end: number }[] = []
  for (let end = 1; end <= size; end++) {
    for (let width = 1; width <= end; width++) {
      if ((end - width) % 2 ** Math.ceil(Math.log2(width)) === 0) found.push({ start: end - width, end })
    }
  }
  return found
}

test('every subtree of every small tree is proved consistent with it, and with nothing changed', () => {
  for (let size = 1; size <= 20; size++) {
    const tree = leaves.slice(0, size)
    const root = plainRoot(tree)
    for (const { start, end } of subtrees(size)) {
      const proof = plainSubtreeProof(tree, start, end)
      const claim = { start, end, subtreeRoot: plainRoot(tree.slice(start, end)), size, root, proof }
      const holds = (change: Partial<typeof claim>): boolean => verifySubtreeConsistency(crypto, { ...claim, ...change })
      const name = `${start} to ${end} of ${size}`
      assert.ok(holds({}), name)
      assert.ok(!holds({ subtreeRoot: leaves[99]! }), name)
      assert.ok(!holds({ root: leaves[99]! }), name)
      assert.ok(!holds({ proof: [...proof, leaves[99]!] }), name)
      assert.ok(!holds({ start: start + 1 }), name)
      for (const at of proof.keys()) {
        assert.ok(!holds({ proof: proof.toSpliced(at, 1) }), name)
        assert.ok(!holds({ proof: proof.with(at, leaves[99]!) }), name)
      }
    }
  }
})

test('a leaf stands in every subtree over it, at its own index and no other', () => {
  for (const { start, end } of subtrees(20)) {
    const inside = leaves.slice(start, end)
    for (let index = start; index < end; index++) {
      const proof = plainSubtreeProof(inside, index - start, index - start + 1)
      const claim = { leafHash: leaves[index]!, index, start, end, root: plainRoot(inside), proof }
      assert.ok(verifySubtreeInclusion(crypto, claim), `${index} in ${start} to ${end}`)
      for (const other of [start - 1, index - 1, index + 1, end]) {
        assert.ok(!verifySubtreeInclusion(crypto, { ...claim, index: other }), `${other} for ${index} in ${start} to ${end}`)
      }
    }
  }
})

test('a subtree begins only where a perfect one of its width could', () => {
  const root = leaves[0]!
  for (const [start, end] of [
    [1, 3],
    [2, 5],
    [3, 7],
    [4, 12],
    [2, 1],
    [-1, 0],
    [0.5, 1.5],
    [2 ** 53, 2 ** 53 + 2],
  ] as const) {
    assert.ok(!verifySubtreeInclusion(crypto, { leafHash: root, index: start, start, end, root, proof: [] }))
    assert.ok(!verifySubtreeConsistency(crypto, { start, end, subtreeRoot: root, size: end, root, proof: [] }))
  }
})

test('no leaves agree with every tree, and only by the root of the empty one', () => {
  const nothing = { start: 2, end: 2, subtreeRoot: emptyRoot(crypto), size: 5, root: leaves[0]!, proof: [] }
  assert.ok(verifySubtreeConsistency(crypto, nothing))
  assert.ok(!verifySubtreeConsistency(crypto, { ...nothing, subtreeRoot: leaves[0]! }))
  assert.ok(!verifySubtreeConsistency(crypto, { ...nothing, proof: [leaves[0]!] }))
  assert.ok(!verifySubtreeConsistency(crypto, { ...nothing, start: 6, end: 6 }))
})

test('a log goes on from its files as if it had never stopped', async () => {
  for (const size of [0, 1, 255, 256, 257, 511, 65_536, 65_600]) {
    const { tree, files, reader } = stored(size, 256)
    const again = await TreeBuilder.resume(crypto, reader, size)
    assert.deepEqual(again.root(), tree.root())
    assert.deepEqual(again.append(leaves.slice(size, size + 300)), tree.append(leaves.slice(size, size + 300)))
    assert.deepEqual(again.root(), tree.root())
    files.clear()
    if (size % 65_536 > 0) assert.equal(await codeOf(async () => await TreeBuilder.resume(crypto, reader, size)), 'ledger/tile-missing')
  }
})

test('entries of any size up to 65,535 bytes go in and come out; one more is refused and changes nothing', async () => {
  const log = LogBuilder.empty(crypto)
  const long = new Uint8Array(MAX_ENTRY_BYTES).fill(7)
  const { files } = log.append([new Uint8Array(0), long])
  const bundle = files.find(({ path }) => path === 'tile/entries/000.p/2')
  assert.deepEqual(decodeBundle(bundle!.bytes), [new Uint8Array(0), long])
  assert.equal(await codeOf(() => log.append([new Uint8Array(1), new Uint8Array(MAX_ENTRY_BYTES + 1)])), 'ledger/entry-too-large')
  assert.equal(log.size, 2)
  const resumed = await LogBuilder.resume(crypto, (path) => files.find((file) => file.path === path)?.bytes, 2)
  assert.deepEqual(resumed.append([new Uint8Array(3)]).files, log.append([new Uint8Array(3)]).files)
})

test('bundles read back, and nothing else is read as one', () => {
  fc.assert(
    fc.property(fc.array(fc.uint8Array({ maxLength: 600 }), { minLength: 1, maxLength: 256 }), fc.nat(), (entries, cut) => {
      const bundle = encodeBundle(entries)
      assert.deepEqual(
        decodeBundle(bundle).map((entry) => Uint8Array.from(entry)),
        entries.map((entry) => Uint8Array.from(entry)),
      )
      let whole = 0
      const ends = entries.map((entry) => (whole += 2 + entry.length))
      const end = cut % bundle.length
      if (!ends.includes(end)) assert.throws(() => decodeBundle(bundle.subarray(0, end)), { code: 'ledger/bundle-malformed' })
    }),
  )
  assert.throws(() => decodeBundle(new Uint8Array(2 * 257)), { code: 'ledger/bundle-malformed' })
})

test('paths are written as tlog-tiles says, and read back; every other text is no path', () => {
  assert.equal(tilePath(0, 1_234_067), 'tile/0/x001/x234/067')
  assert.equal(entriesPath(273, 112), 'tile/entries/273.p/112')
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 63 }), fc.maxSafeNat(), fc.integer({ min: 1, max: 256 }), (level, index, width) => {
      assert.deepEqual(parseLogPath(tilePath(level, index, width)), { kind: 'tile', level, index, width })
      assert.deepEqual(parseLogPath(entriesPath(index, width)), { kind: 'entries', index, width })
    }),
  )
  const others = [
    '',
    'checkpoint',
    'tile/0/0',
    'tile/0/0000',
    'tile/00/000',
    'tile/64/000',
    'tile/0/x000/000',
    'tile/0/000.p/0',
    'tile/0/000.p/256',
  ]
  const more = [
    'tile/0/000.p/01',
    'tile/0/001/000',
    'tile/0/../000',
    '/tile/0/000',
    'tile/0/000/',
    'tile/-1/000',
    'tile/entries/x1/000',
    'tile/0/000.p/1\n',
  ]
  for (const path of [...others, ...more]) assert.equal(parseLogPath(path), undefined, path)
})
