import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import { concatBytes, utf8 } from '@entente/canonical'
import { nodeCrypto as crypto } from '@entente/crypto-node'
import {
  type Policy,
  addSignatures,
  cosign,
  inclusionProof,
  parseLogProof,
  parsePolicy,
  printLogProof,
  printNote,
  printPolicy,
  printVkey,
  quorumTime,
  readCheckpoint,
  verifyCheckpoint,
  verifyLogProof,
} from '@entente/ledger'
import { AT, ORIGIN, TestLog, codeOf, logSigners, policy, policyText, signerOf, witnessSigners } from './world.ts'

const parse = (text: string): Policy => parsePolicy(crypto, utf8(text))
const [logKey, logKey44] = logSigners.map(({ key }) => printVkey(key))
const [w0, w1] = witnessSigners.map(({ key }) => printVkey(key))

test('a policy reads back as it is printed, with space, tabs, comments and urls', () => {
  assert.deepEqual(parsePolicy(crypto, printPolicy(crypto, policy)), policy)
  const text = `# keys\n\n \tlog\t${logKey}  https://log.example/ \nwitness 甲 ${w0}\n  # more\nwitness b ${w1} https://w.example\ngroup g 1 甲 b\nquorum g\n`
  const read = parse(text)
  assert.equal(read.logs[0]?.url, 'https://log.example/')
  assert.deepEqual(read.groups, [{ name: 'g', threshold: 1, members: ['甲', 'b'] }])
  assert.deepEqual(parsePolicy(crypto, printPolicy(crypto, read)), read)
})

test('what is not a policy is refused, with its line', () => {
  const wrong: [string, number][] = [
    ['', 0],
    [`log ${logKey}\n`, 0],
    ['quorum none', 0],
    ['quorum none\r\n', 0],
    ['quorum none\nquorum none\n', 2],
    ['quorum x\n', 1],
    ['quorum none x\n', 1],
    ['Quorum none\n', 1],
    ['log\nquorum none\n', 1],
    [`log ${logKey} url more\nquorum none\n`, 1],
    [`log ${logKey}\nlog ${logKey}\nquorum none\n`, 2],
    [`log ${w0}\nquorum none\n`, 1],
    [`witness a ${logKey}\nquorum a\n`, 1],
    [`witness none ${w0}\nquorum none\n`, 1],
    [`witness a ${w0}\nwitness a ${w1}\nquorum a\n`, 2],
    [`witness a ${w0}\nwitness b ${w0}\nquorum a\n`, 2],
    [`witness a ${w0}x\nquorum a\n`, 1],
    [`group g all a\nwitness a ${w0}\nquorum g\n`, 1],
    [`witness a ${w0}\ngroup g all\nquorum g\n`, 2],
    [`witness a ${w0}\ngroup g 0 a\nquorum g\n`, 2],
    [`witness a ${w0}\ngroup g 2 a\nquorum g\n`, 2],
    [`witness a ${w0}\ngroup g 01 a\nquorum g\n`, 2],
    [`witness a ${w0}\ngroup g any a a\nquorum g\n`, 2],
    [`witness a ${w0}\ngroup g all a\ngroup h all a\nquorum h\n`, 3],
    [`witness a ${w0}\ngroup g all g\nquorum g\n`, 2],
    [`witness a ${w0}\ngroup g all none\nquorum g\n`, 2],
    [`quorum g\nwitness g ${w0}\n`, 1],
  ]
  for (const [text, line] of wrong)
    assert.throws(() => parse(text), { code: 'ledger/policy-malformed' }, JSON.stringify(text.slice(0, 60)) + line)
  for (const [text, line] of wrong.slice(4)) assert.throws(() => parse(text), { values: { line } })
})

test('a quorum counts members, and its time is one that enough of them state', async () => {
  const lines: string[] = []
  for (const [at, name] of ['x1', 'x2', 'x3', 'y1', 'y2'].entries()) {
    lines.push(`witness ${name} ${printVkey((await signerOf(`${name}.example`, 'ed25519-cosignature', 40 + at)).key)}`)
  }
  const nested = parse(`${lines.join('\n')}\ngroup x 2 x1 x2 x3\ngroup y any y1 y2\ngroup both all x y\nquorum both\n`)
  fc.assert(
    fc.property(fc.array(fc.option(fc.integer({ min: 1, max: 99 })), { minLength: 5, maxLength: 5 }), (times) => {
      const stated = new Map(
        nested.witnesses.flatMap(({ name }, at) => {
          const time = times[at] ?? undefined
          return time === undefined ? [] : [[name, time] as const]
        }),
      )
      const xs = times.slice(0, 3).filter((time) => time !== null)
      const ys = times.slice(3).filter((time) => time !== null)
      const expected = xs.length < 2 || ys.length < 1 ? undefined : Math.min(xs.sort((a, b) => b - a)[1]!, Math.max(...ys))
      assert.equal(quorumTime(nested, stated), expected)
    }),
  )
})

test('a checkpoint needs each algorithm of its log and the quorum of its policy', async () => {
  const log = new TestLog()
  const cosigned = await log.grow(3)
  const bare = await log.sign()
  const verified = await verifyCheckpoint(crypto, policy, cosigned)
  assert.equal(verified.size, 3)
  assert.equal(verified.time, AT + 1)
  const { note } = readCheckpoint(cosigned)
  const without = (at: number): Uint8Array => printNote({ ...note, signatures: note.signatures.filter((_, index) => index !== at) })
  const codes = await Promise.all(
    [0, 1, 2, 3].map(async (at) => await codeOf(async () => await verifyCheckpoint(crypto, policy, without(at)))),
  )
  assert.deepEqual(codes, ['ledger/signature-missing', 'ledger/signature-missing', 'ledger/quorum-unmet', 'ledger/quorum-unmet'])
  assert.equal(await codeOf(async () => await verifyCheckpoint(crypto, policy, bare)), 'ledger/quorum-unmet')
  assert.equal(await codeOf(async () => await verifyCheckpoint(crypto, policy, cosigned, { latest: AT })), 'ledger/quorum-unmet')
  assert.equal(await codeOf(async () => await verifyCheckpoint(crypto, policy, cosigned, { origin: 'other' })), 'ledger/other-log')
  assert.equal(await codeOf(async () => await verifyCheckpoint(crypto, { ...policy, logs: [] }, cosigned)), 'ledger/log-unknown')
  assert.equal(await codeOf(async () => await verifyCheckpoint(crypto, parse(`log ${logKey44}\nquorum none\n`), bare)), 'ok')
  // An ML-DSA-44 signature without a time speaks of consistency only, and is no cosignature.
  const timeless = addSignatures(bare, await cosign(note.text, witnessSigners, 0))
  assert.equal(await codeOf(async () => await verifyCheckpoint(crypto, policy, timeless)), 'ledger/quorum-unmet')
})

test('a key that is a witness cannot stand for the log, nor the log for its witness', async () => {
  const log = new TestLog()
  await log.grow(2)
  const { note } = readCheckpoint(await log.sign())
  const crossed = addSignatures(
    printNote({ ...note, signatures: await cosign(note.text, witnessSigners, AT) }),
    await cosign(note.text, witnessSigners, AT + 5),
  )
  assert.equal(await codeOf(async () => await verifyCheckpoint(crypto, policy, crossed)), 'ledger/signature-missing')
})

test('a proof shows its entry to whoever has the policy, and no other entry, index or tree', async () => {
  const log = new TestLog()
  const checkpoint = await log.grow(300)
  const proof = { index: 259, hashes: await inclusionProof(crypto, log.reader, 259, 300), checkpoint, extra: utf8('more') }
  const bytes = printLogProof(proof)
  assert.deepEqual(parseLogProof(bytes), proof)
  const proven = await verifyLogProof(crypto, policy, bytes, log.leaves[259]!, { origin: ORIGIN })
  assert.deepEqual([proven.index, proven.size, proven.time], [259, 300, AT + 1])
  const code = async (changed: Uint8Array, leaf = log.leaves[259]!): Promise<string> =>
    await codeOf(async () => await verifyLogProof(crypto, policy, changed, leaf))
  assert.equal(await code(bytes, log.leaves[258]), 'ledger/inclusion-wrong')
  assert.equal(await code(printLogProof({ ...proof, index: 258 })), 'ledger/inclusion-wrong')
  assert.equal(await code(printLogProof({ ...proof, hashes: proof.hashes.slice(1) })), 'ledger/inclusion-wrong')
  assert.equal(await code(printLogProof({ ...proof, checkpoint: await log.sign() })), 'ledger/quorum-unmet')
  assert.equal(await code(printLogProof({ ...proof, checkpoint: await log.grow(1) })), 'ledger/inclusion-wrong')
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 7_000 }), fc.integer({ min: 1, max: 255 }), (at, change) => {
      const altered = bytes.map((byte, index) => (index === at ? byte ^ change : byte))
      try {
        assert.notDeepEqual(parseLogProof(altered), proof)
      } catch (error) {
        assert.match(String(error), /LedgerError/u)
      }
    }),
  )
})

test('what is not a proof is refused', async () => {
  const checkpoint = '\nlog\n0\n'
  const hash = `${'A'.repeat(43)}=\n`
  const head = 'c2sp.org/tlog-proof@v1\n'
  assert.deepEqual(parseLogProof(utf8(`${head}index 0\n${hash}${checkpoint}`)).hashes, [new Uint8Array(32)])
  const wrong = [
    '',
    `${head}index 0\n`,
    `c2sp.org/tlog-proof@v2\nindex 0\n${checkpoint}`,
    `${head}${checkpoint}`,
    `${head}index 00\n${checkpoint}`,
    `${head}index -1\n${checkpoint}`,
    `${head}index\n${checkpoint}`,
    `${head}extra \nindex 0\n${checkpoint}`,
    `${head}extra A\nindex 0\n${checkpoint}`,
    `${head}index 0\nextra AAAA\n${checkpoint}`,
    `${head}index 0\nAAAA\n${checkpoint}`,
    `${head}index 0\n${hash.replace('=', '')}${checkpoint}`,
    `${head}index 0\n${hash.repeat(64)}${checkpoint}`,
    `${head}index 0\r\n${checkpoint}`,
    ` ${head}index 0\n${checkpoint}`,
    `${head}index 9007199254740992\n${checkpoint}`,
  ]
  for (const text of wrong) assert.throws(() => parseLogProof(utf8(text)), { code: 'ledger/proof-malformed' }, JSON.stringify(text))
  assert.throws(() => parseLogProof(concatBytes(utf8(head), new Uint8Array(2_000_000))), { code: 'ledger/proof-malformed' })
  assert.match(policyText, /quorum bbb\n$/u)
})
