/** Writes spec/vectors/ledger/*.json anew: `node --conditions=entente-source packages/ledger/test/write-vectors.ts`. */
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fromUtf8, toBase64, utf8 } from '@entente/canonical'
import { nodeCrypto as crypto } from '@entente/crypto-node'
import {
  consistencyProof,
  emptyRoot,
  entriesPath,
  inclusionProof,
  leafHash,
  makeEntry,
  printAddCheckpoint,
  printDisclosure,
  printLogProof,
  redact,
  tilePath,
} from '@entente/ledger'
import { plainRoot, plainSubtreeProof } from './plain-tree.ts'
import { type Case, judge } from './vector-runner.ts'
import { AT, ORIGIN, TestLog, logSigners, policyText, witnessSigners } from './world.ts'

const folder = join(import.meta.dirname, '../../../spec/vectors/ledger')
await mkdir(folder, { recursive: true })

/** Changes of a good text, each of which must be refused; what each is refused as is what the readers say now, looked over by a person. */
type Changes = Readonly<Record<string, (text: string) => string>>

async function write(file: string, about: string, cases: readonly Omit<Case, 'result'>[]): Promise<void> {
  const rows: string[] = []
  for (const one of cases) rows.push(JSON.stringify({ ...one, result: await judge({ ...one, result: '' }) }))
  await writeFile(join(folder, file), `{"about":${JSON.stringify(about)},\n"cases":[\n${rows.join(',\n')}\n]}\n`)
}

function changed(kind: Case['kind'], name: string, good: string, changes: Changes, more: Partial<Case> = {}): Omit<Case, 'result'>[] {
  const bad = Object.entries(changes).map(([how, change]) => ({ name: `${name}: ${how}`, kind, text: change(good), ...more }))
  return [{ name, kind, text: good, ...more }, ...bad]
}

const log = new TestLog()
const empty = fromUtf8(await log.grow(0))
await log.grow(5)
const five = await log.sign()
const cosigned = fromUtf8(await log.grow(8))
const bare = fromUtf8(await log.sign())
const line = (text: string, at: number): string => text.split('\n')[at] ?? ''
const drop =
  (at: number) =>
  (text: string): string =>
    text.split('\n').toSpliced(at, 1).join('\n')

await write('checkpoints.json', 'EXERCISE data for spec/ledger.md 4 and 5: a signed checkpoint, verified against the policy', [
  { name: 'the empty tree', kind: 'checkpoint', text: empty, policy: policyText },
  ...changed(
    'checkpoint',
    'thirteen entries',
    cosigned,
    {
      'without the log’s Ed25519 signature': drop(4),
      'without the log’s ML-DSA-44 signature': drop(5),
      'without the Ed25519 cosignature': drop(6),
      'without the ML-DSA-44 cosignature': drop(7),
      'other size': (text) => text.replace('\n13\n', '\n14\n'),
      'size with a leading zero': (text) => text.replace('\n13\n', '\n013\n'),
      'other origin': (text) => text.replace('home', 'hone'),
      'root of 31 bytes': (text) => text.replace(line(text, 2), toBase64(new Uint8Array(31))),
      'an extension line after signing': (text) => text.replace('\n\n', '\nmore\n\n'),
      'a hyphen for the dash': (text) => text.replace('\u2014', '-'),
      'a carriage return': (text) => text.replace('\n', '\r\n'),
      'no final newline': (text) => text.slice(0, -1),
      'no blank line': (text) => text.replace('\n\n', '\n'),
      'a blank line at the end': (text) => `${text}\n`,
    },
    { policy: policyText },
  ),
  { name: 'no cosignature', kind: 'checkpoint', text: bare, policy: policyText },
  { name: 'no cosignature, quorum none', kind: 'checkpoint', text: bare, policy: policyText.replace('quorum bbb', 'quorum none') },
])

await write('policies.json', 'EXERCISE data for spec/ledger.md 5', [
  ...changed('policy', 'a log with two keys, a witness with two keys', policyText, {
    'no quorum': (text) => text.replace('quorum bbb\n', ''),
    'two quorums': (text) => `${text}quorum none\n`,
    'a log with a cosigner’s key': (text) => text.replace(line(text, 2), line(text, 2).replace('witness bbb-0', 'log')),
    'the same key twice': (text) => `${line(text, 0)}\n${text}`,
    'a member not defined': (text) => text.replace('all bbb-0', 'all bbb-9'),
    'a member twice': (text) => text.replace('all bbb-0 bbb-1', 'all bbb-0 bbb-0'),
    'threshold 3 of 2': (text) => text.replace('all bbb-0', '3 bbb-0'),
    'threshold 0': (text) => text.replace('all bbb-0', '0 bbb-0'),
    'none as a name': (text) => text.replace('witness bbb-0', 'witness none'),
    'a vkey with another id': (text) => text.replace(/\+[0-9a-f]{8}\+/u, '+00000000+'),
    'no final newline': (text) => text.slice(0, -1),
    'a carriage return': (text) => text.replace('\n', '\r\n'),
    'an unknown word': (text) => `mirror x\n${text}`,
  }),
  { name: 'quorum none', kind: 'policy', text: '# nobody\n\n \tquorum\tnone \n' },
])

const [leaf] = log.leaves.slice(9)
const proof = fromUtf8(
  printLogProof({ index: 9, hashes: await inclusionProof(crypto, log.reader, 9, 13), checkpoint: utf8(cosigned), extra: utf8('EXERCISE') }),
)
await write(
  'proofs.json',
  'EXERCISE data for spec/ledger.md 6: a proof, verified for the leaf against the policy',
  changed(
    'proof',
    'entry 9 of 13',
    proof,
    {
      'another index': (text) => text.replace('index 9', 'index 8'),
      'an index past the tree': (text) => text.replace('index 9', 'index 13'),
      'a hash too few': drop(3),
      'hashes in another order': (text) => text.replace(`${line(text, 3)}\n${line(text, 4)}`, `${line(text, 4)}\n${line(text, 3)}`),
      'a hash too many': (text) => text.replace('index 9\n', `index 9\n${line(text, 3)}\n`),
      'another version': (text) => text.replace('@v1', '@v2'),
      'extra after index': (text) => text.replace(/(extra .*)\n(index 9)/u, '$2\n$1'),
      'empty extra': (text) => text.replace(/extra .*/u, 'extra '),
      'a leading zero': (text) => text.replace('index 9', 'index 09'),
      'no cosignature': (text) => text.slice(0, text.indexOf('\u2014 witness')),
    },
    { policy: policyText, leaf: fromUtf8(leaf ?? new Uint8Array(0)) },
  ),
)

const request = fromUtf8(
  printAddCheckpoint({ oldSize: 5, proof: await consistencyProof(crypto, log.reader, 5, 13), checkpoint: utf8(bare) }),
)
await write(
  'witness.json',
  'EXERCISE data for spec/ledger.md 7: the status of an add-checkpoint request; `recorded` is the checkpoint that the witness holds',
  [
    { name: 'first checkpoint', kind: 'witness', text: `old 0\n\n${bare}`, policy: policyText },
    { name: 'lost state', kind: 'witness', text: request, policy: policyText },
    ...changed(
      'witness',
      'from 5 to 13',
      request,
      {
        'old size behind': (text) => text.replace('old 5', 'old 4'),
        'old size 0': (text) => `old 0\n\n${text.slice(text.indexOf('\n\n') + 2)}`,
        'old size over the checkpoint': (text) => text.replace('old 5', 'old 14'),
        'a hash too few': drop(1),
        'hashes in another order': (text) => text.replace(`${line(text, 1)}\n${line(text, 2)}`, `${line(text, 2)}\n${line(text, 1)}`),
        'another log': (text) => text.replaceAll('home', 'hone'),
        'one signature': (text) => `${text.split('\n').slice(0, -2).join('\n')}\n`,
        'a signature that fails': (text) => text.replace('\n13\n', '\n12\n'),
        'a leading zero': (text) => text.replace('old 5', 'old 05'),
        'no blank line': (text) => text.replace('\n\n', '\n'),
      },
      { policy: policyText, recorded: fromUtf8(five) },
    ),
  ],
)

const made = makeEntry(crypto, { realm: 'exercise', at: AT, fields: { act: 'open', item: 'EXERCISE-1', level: 2 } }, (length) =>
  new Uint8Array(length).fill(7),
)
const opening = JSON.stringify(made.opening)
const part = JSON.stringify(redact(crypto, made.opening, ['item']))
await write('entries.json', 'EXERCISE data for spec/ledger.md 8: an opening (text, JSON) of a leaf', [
  { name: 'item hidden', kind: 'opening', text: part, leaf: fromUtf8(made.leaf) },
  ...changed(
    'opening',
    'whole',
    opening,
    {
      'another value': (text) => text.replace('EXERCISE-1', 'EXERCISE-2'),
      'another name': (text) => text.replace('"act"', '"acs"'),
      'a field left out': () => part.replace(/"hidden":\[.*\]/u, '"hidden":[]'),
      'a hash more': (text) => text.replace('"hidden":[]', `"hidden":["${'0'.repeat(64)}"]`),
      'out of order': (text) => text.replace('"act"', '"zct"'),
      'a member more': (text) => text.replace('{', '{"more":1,'),
      'a short salt': (text) => text.replace('BwcH', ''),
    },
    { leaf: fromUtf8(made.leaf) },
  ),
  { name: 'a leaf of another version', kind: 'opening', text: opening, leaf: fromUtf8(made.leaf).replace('"v":1', '"v":2') },
  { name: 'a leaf that is not canonical', kind: 'opening', text: opening, leaf: fromUtf8(made.leaf).replace(',', ', ') },
])

const disclosure = fromUtf8(
  printDisclosure({
    log: ORIGIN,
    entries: [
      { index: 0, opening: made.opening },
      { index: 3, opening: made.opening },
    ],
  }),
)
await write(
  'disclosures.json',
  'EXERCISE data for spec/ledger.md 9',
  changed('disclosure', 'two entries', disclosure, {
    'an index twice': (text) => text.replace('"index":3', '"index":0'),
    'a negative index': (text) => text.replace('"index":0', '"index":-1'),
    'no log': (text) => text.replace(ORIGIN, ''),
    'a member more': (text) => text.replace('{', '{"more":1,'),
    'cut off': (text) => text.slice(0, -1),
  }),
)

const paths = [tilePath(0, 0), tilePath(0, 1_234_067), tilePath(63, 999, 1), entriesPath(273, 112), entriesPath(1_000)]
const noPaths = [
  'tile/0/0',
  'tile/00/000',
  'tile/64/000',
  'tile/0/x000/000',
  'tile/0/000.p/0',
  'tile/0/000.p/256',
  'tile/0/../000',
  'tile/0/001/000',
  '/tile/0/000',
]
await write(
  'paths.json',
  'spec/ledger.md 3: paths of tiles and bundles',
  [...paths, ...noPaths].map((text) => ({ name: text, kind: 'path' as const, text })),
)

const leaves = Array.from({ length: 13 }, (_, at) => leafHash(crypto, utf8(`EXERCISE ${at}`)))
const hashesOf = (proof: readonly Uint8Array[]): string[] => proof.map((hash) => toBase64(hash))
const changedMember =
  (name: string, value: unknown) =>
  (text: string): string =>
    JSON.stringify({ ...(JSON.parse(text) as object), [name]: value })
const changedProof =
  (change: (proof: readonly string[]) => readonly string[]) =>
  (text: string): string => {
    const claim = JSON.parse(text) as { proof: readonly string[] }
    return JSON.stringify({ ...claim, proof: change(claim.proof) })
  }
const ofProof: Changes = {
  'a hash too few': changedProof((proof) => proof.slice(1)),
  'a hash too many': changedProof((proof) => [...proof, toBase64(emptyRoot(crypto))]),
  'hashes in another order': changedProof((proof) => proof.toReversed()),
  'a hash of 31 bytes': changedProof((proof) => proof.with(0, toBase64(new Uint8Array(31)))),
}
function inclusion(start: number, end: number, index: number): string {
  const inside = leaves.slice(start, end)
  const proof = hashesOf(plainSubtreeProof(inside, index - start, index - start + 1))
  return JSON.stringify({ index, start, end, leaf: toBase64(leaves[index] ?? emptyRoot(crypto)), root: toBase64(plainRoot(inside)), proof })
}
function consistency(start: number, end: number): string {
  const subtree = toBase64(plainRoot(leaves.slice(start, end)))
  const proof = start === end ? [] : hashesOf(plainSubtreeProof(leaves, start, end))
  return JSON.stringify({ start, end, size: leaves.length, subtree, root: toBase64(plainRoot(leaves)), proof })
}
await write('subtrees.json', 'EXERCISE data for spec/ledger.md 2: a leaf in a subtree, and a subtree in a tree of thirteen leaves', [
  ...changed('subtree-inclusion', 'leaf 9 in 8 to 13', inclusion(8, 13, 9), {
    ...ofProof,
    'another index': changedMember('index', 10),
    'an index before the subtree': changedMember('index', 1),
    'an index behind it': changedMember('index', 13),
    'the same width elsewhere': changedMember('start', 7),
    'another end': changedMember('end', 12),
  }),
  { name: 'leaf 12 alone', kind: 'subtree-inclusion', text: inclusion(12, 13, 12) },
  { name: 'leaf 4 in the whole tree', kind: 'subtree-inclusion', text: inclusion(0, 13, 4) },
  ...[
    [0, 13],
    [0, 8],
    [0, 6],
    [4, 7],
    [8, 13],
    [8, 12],
    [12, 13],
    [5, 5],
  ].map(([start = 0, end = 0]) => ({
    name: `${start} to ${end}`,
    kind: 'subtree-consistency' as const,
    text: consistency(start, end),
  })),
  ...changed('subtree-consistency', '8 to 11', consistency(8, 11), {
    ...ofProof,
    'another start': changedMember('start', 4),
    'no subtree can begin there': changedMember('start', 9),
    'another end': changedMember('end', 12),
    'an end behind the tree': changedMember('size', 10),
    'another size': changedMember('size', 20),
    'another root': changedMember('root', toBase64(emptyRoot(crypto))),
    'another hash of the subtree': changedMember('subtree', toBase64(emptyRoot(crypto))),
  }),
  {
    name: 'no leaves, another root than the empty tree’s',
    kind: 'subtree-consistency',
    text: changedMember('subtree', toBase64(leaves[0] ?? emptyRoot(crypto)))(consistency(5, 5)),
  },
])

const vkeys = [...logSigners, ...witnessSigners]
process.stdout.write(`written with ${vkeys.length} keys\n`)
