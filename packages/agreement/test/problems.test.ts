/** Every problem of spec/agreement.md 3, by the vectors: where it is found, and where it is not. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  type Agreement,
  type AgreementError,
  type AgreementProblem,
  type AgreementVersion,
  agreementProblems,
  basisProblems,
  readAgreement,
  validateAgreement,
} from '@entente/agreement'
import { type Json, readJson } from '@entente/canonical'
import { type MarkingPolicy, readPolicy } from '@entente/label'
import { type Change, asBytes, bent, bytesOf, first, policies as pair } from './specimen.ts'
import { whole } from './whole.ts'

interface Variant {
  readonly changes: readonly { readonly at: string; readonly to?: Json }[]
  readonly before?: Variant['changes']
}
interface Vectors {
  readonly bases: Readonly<
    Record<string, { readonly policies: readonly string[]; readonly body: Agreement; readonly previous?: AgreementVersion }>
  >
  readonly cases: readonly {
    readonly code: string
    readonly severity: string
    readonly base: string
    readonly accept: readonly Variant[]
    readonly reject: readonly (Variant & { readonly where: string })[]
  }[]
}

const vectors = JSON.parse(new TextDecoder().decode(bytesOf('spec/vectors/agreement/problems.json'))) as Vectors
const known = new Map<string, MarkingPolicy>()

function policyAt(path: string): MarkingPolicy {
  const found = known.get(path) ?? readPolicy(readJson(bytesOf(path)))
  known.set(path, found)
  return found
}

function applied(body: Agreement, changes: Variant['changes']): Agreement {
  return bent(body, ...changes.map(({ at, to }): Change => [at, to]))
}

function found(base: string, { changes, before = [] }: Variant): readonly AgreementProblem[] {
  const { policies, body, previous } = vectors.bases[base] ?? assert.fail(base)
  const earlier = previous === undefined ? undefined : { id: previous.id, body: applied(previous.body, before) }
  return agreementProblems(applied(body, changes), policies.map(policyAt), earlier)
}

test('the bases of the vectors read, and have no problem', () => {
  for (const [name, { body }] of Object.entries(vectors.bases)) {
    assert.deepEqual(readAgreement(asBytes(body)), body)
    assert.deepEqual(found(name, { changes: [] }), [], name)
  }
})

for (const { code, severity, base, accept, reject } of vectors.cases) {
  test(`${code} of ${base}: ${accept.length} without it, ${reject.length} with it`, () => {
    assert.ok(accept.length > 0 && reject.length > 0)
    for (const variant of accept) {
      const problems = found(base, variant)
      // What is accepted is sound, but for warnings of other codes.
      assert.deepEqual(
        problems.filter((one) => one.code === code || one.severity === 'error'),
        [],
        JSON.stringify(variant),
      )
    }
    for (const { where, ...variant } of reject) {
      const problems = found(base, variant)
      const summary = problems.map((one) => `${one.code} ${one.where} ${one.severity}`)
      assert.ok(summary.includes(`${code} ${where} ${severity}`), `${JSON.stringify(variant).slice(0, 200)}: ${summary.join(', ')}`)
    }
  })
}

test('validating throws the first error, and no warning', () => {
  const bad = bent(first, ['grants/0/article', '99'], ['grants/0/ceiling', 'HI'])
  const [problem] = agreementProblems(bad, pair)
  assert.throws(
    () => validateAgreement(bad, pair),
    (error: AgreementError) => error.code === problem?.code && error.values['where'] === problem.where,
  )
  const idle = bent(first, ['prohibitions/-', { id: 'all', article: '4' }])
  assert.ok(agreementProblems(idle, pair).length > 0)
  validateAgreement(idle, pair)
})

test('a policy of the other realm says nothing about an agreement', () => {
  const operational = pair.map((policy) => ({ ...policy, realm: 'operational' as const }))
  assert.ok(agreementProblems(first, operational).every((problem) => problem.code.startsWith('agreement/unknown')))
  assert.equal(agreementProblems(first, operational)[0]?.code, 'agreement/unknown-policy')
})

test('agreements rest on agreements that are there, on articles that they have, and in no circle', () => {
  const named = (agreement: string, ...on: readonly string[]): Agreement =>
    bent(whole, ['agreement', agreement], ['basis', on.length === 0 ? undefined : on.map((one) => ({ agreement: one, article: '1' }))])
  const codes = (...all: readonly Agreement[]): readonly string[] => basisProblems(all).map(({ code, where }) => `${code} ${where}`)
  const a = named('a', 'b', 'c')
  assert.deepEqual(codes(a, named('b', 'c'), named('c')), [])
  assert.deepEqual(codes(a, named('b')), ['agreement/basis-unknown a/basis/1/agreement'])
  assert.deepEqual(codes(named('a', 'a')), ['agreement/basis-circle a/basis/0/agreement'])
  assert.deepEqual(codes(named('d', 'a'), named('a', 'b'), named('b', 'c'), named('c', 'a')), [
    'agreement/basis-circle a/basis/0/agreement',
    'agreement/basis-circle b/basis/0/agreement',
    'agreement/basis-circle c/basis/0/agreement',
  ])
  const wrong = bent(named('a', 'b'), ['basis/0/article', '99'])
  assert.deepEqual(codes(wrong, named('b')), ['agreement/unknown-article a/basis/0/article'])
  const elsewhere = bent(named('b'), ['realm', 'operational'])
  assert.deepEqual(codes(named('a', 'b'), elsewhere), ['agreement/basis-unknown a/basis/0/agreement'])
})
