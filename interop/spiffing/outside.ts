/**
 * Random labels and clearances written here and read by another implementation, and the two compared: validity, marking, access. Needs
 * that implementation's reader, built from `reader.cc` by whoever has it, so it does not run by itself:
 *
 *     g++ -std=c++20 -I SPIFFING/include … interop/spiffing/reader.cc … -o reader
 *     ENTENTE_VECTORS=DIR ENTENTE_SPIFFING=./reader node bin/node26.js interop/spiffing/outside.ts [CASES]
 */
import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { toHex, utf8 } from '@entente/canonical'
import {
  type Confidentiality,
  type ConfidentialityClearance,
  type NamedCategory,
  type Spif,
  accessByClearance,
  checkSpifLabel,
  namesOfSpifLabel,
  readSpif,
  spifLabel,
  spifMarking,
  writeClearance,
  writeStanag4774,
} from '@entente/label'
import * as fc from 'fast-check'

const [count = '2000'] = process.argv.slice(2)
const reader = process.env['ENTENTE_SPIFFING']
const folder = process.env['ENTENTE_VECTORS']
if (reader === undefined || folder === undefined) {
  console.log('needs ENTENTE_SPIFFING and ENTENTE_VECTORS: skipped')
  console.log('0 passed, 0 failed')
  process.exit(0)
}

const FILES = ['nato-4774-policy.xml', 'tlp.xml', 'uk-demo.xml'] as const
let passed = 0
let failed = 0
for (const name of FILES) {
  const path = join(folder, 'spiffing/test-data', name)
  compare(readSpif(readFileSync(path), { lenient: true }).value, path)
}
console.log(`${passed} passed, ${failed} failed`)
process.exitCode = failed === 0 ? 0 : 1

function compare(spif: Spif, path: string): void {
  const cases = fc.sample(
    fc.tuple(
      namesUnder(spif),
      namesUnder(spif),
      fc.subarray(
        spif.classifications.map(({ name }) => name),
        { minLength: 1 },
      ),
    ),
    {
      numRuns: Number(count),
      seed: Number(process.env['ENTENTE_SEED'] ?? 1),
    },
  )
  const lines = cases.map(([label, held, classifications]) => {
    const clearance = clearanceOf(held, classifications)
    return [writeStanag4774({ ...label, as: 'originator', created: 0, review: 1 }), writeClearance(clearance)]
      .map((xml) => toHex(utf8(xml)))
      .join('\t')
  })
  const answers = execFileSync(reader ?? '', [path], { input: `${lines.join('\n')}\n`, maxBuffer: 1 << 28 })
    .toString()
    .split('\n')
  let before = failed
  for (const [at, [label, held, classifications]] of cases.entries()) {
    const [validity = '', marking = '', access = ''] = (answers[at] ?? '').split('\t')
    const ours = spifLabel(spif, label)
    const mine = [
      isValid(() => checkSpifLabel(ours, { obsolete: true })) ? 'valid' : 'invalid',
      spifMarking(ours),
      accessByClearance(namesOfSpifLabel(ours), clearanceOf(held, classifications)).permitted ? 'permit' : 'deny',
    ]
    if (mine[0] === validity && mine[1] === marking && mine[2] === access) passed++
    else {
      failed++
      if (failed - before <= 6)
        console.log(JSON.stringify(label), '\n  ours  ', mine.join(' | '), '\n  theirs', [validity, marking, access].join(' | '))
    }
  }
  console.log(`${spif.name}: ${cases.length} labels, ${failed - before} differ`)
  before = failed
}

function clearanceOf({ policy, policyId, categories }: Confidentiality, classifications: readonly string[]): ConfidentialityClearance {
  // Nobody is tested for what is informative, and their reader of clearances does not take it.
  const tested = categories.filter(({ kind }) => kind !== 'informative')
  return { policy, ...(policyId === undefined ? {} : { policyId }), classifications, categories: tested }
}

function isValid(run: () => void): boolean {
  try {
    run()
    return true
  } catch {
    return false
  }
}

/** A label in names: a classification, and of each tag now and then some values; never more than may be chosen, which they do not check. */
function namesUnder(spif: Spif): fc.Arbitrary<Confidentiality> {
  const tags = spif.tagSets.flatMap((set) => set.tags.filter(({ values }) => values.length > 0).map((tag) => ({ set, tag })))
  return fc
    .tuple(
      fc.constantFrom(...spif.classifications.map(({ name }) => name)),
      fc.tuple(
        ...tags.map(({ tag }) =>
          fc.oneof(
            { weight: 2, arbitrary: fc.constant([]) },
            fc.subarray(
              tag.values.map(({ name }) => name),
              { maxLength: Math.min(3, tag.max ?? 3, tag.values.length) },
            ),
          ),
        ),
      ),
    )
    .map(([classification, chosen]) => ({
      policy: spif.name,
      policyId: spif.id,
      classification,
      categories: tags.flatMap(({ set, tag }, at): NamedCategory[] => {
        const values = chosen[at] ?? []
        return values.length === 0 ? [] : [{ tag: set.name, kind: tag.kind, values }]
      }),
    }))
}
