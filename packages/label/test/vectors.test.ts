import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { CanonicalError } from '@entente/canonical'
import {
  type Label,
  LabelError,
  type MarkingForm,
  type MarkingPolicy,
  attributesOf,
  checkLabel,
  joinLabels,
  parseMarking,
  printMarking,
  readLabel,
  readPolicy,
} from '@entente/label'
import { isValid } from './json-schema.ts'
import { aus, policyNamed, readJsonFile } from './world.ts'

function named(name: string): MarkingPolicy {
  const policy = policyNamed[name]
  assert.ok(policy !== undefined, name)
  return policy
}

/** The error that `run` throws; anything but an error of ours fails. */
function refusal(run: () => unknown): LabelError | CanonicalError {
  try {
    run()
  } catch (error) {
    if (error instanceof LabelError || error instanceof CanonicalError) return error
    throw error
  }
  return assert.fail('was accepted')
}

function vectors<Accept, Reject>(name: string): { readonly accept: Accept[]; readonly reject: Reject[] } & Record<string, unknown> {
  return readJsonFile(`spec/vectors/label/${name}.json`) as never
}

interface MarkingVector {
  readonly policy: string
  readonly form: MarkingForm
  readonly text: string
}

describe('markings', () => {
  const { accept, reject, created } = vectors<
    MarkingVector & { readonly banner: string; readonly portion: string; readonly label: Label; readonly attributes: string[] },
    MarkingVector & { readonly code: string; readonly at: number; readonly nearest?: string }
  >('markings')
  const read = ({ policy, form, text }: MarkingVector) => parseMarking(text, { policy: named(policy), form, created: Number(created) })

  for (const vector of accept) {
    test(`${vector.policy} ${vector.form} \`${vector.text}\` is ${vector.banner}`, () => {
      const policy = named(vector.policy)
      const label = read(vector)
      assert.deepEqual(label, vector.label)
      assert.equal(printMarking(label, policy, { form: 'banner' }), vector.banner)
      assert.equal(printMarking(label, policy, { form: 'portion' }), vector.portion)
      assert.deepEqual(attributesOf(label, policy), vector.attributes)
    })
  }
  for (const vector of reject) {
    test(`${vector.policy} ${vector.form} \`${vector.text.slice(0, 40)}\` is refused: ${vector.code}`, () => {
      const { code, values } = refusal(() => read(vector))
      assert.equal(code, vector.code)
      assert.equal(values['at'], vector.at)
      assert.equal(values['nearest'], vector.nearest)
    })
  }
  test('as many are refused as are read', () => assert.ok(reject.length >= accept.length))
})

describe('labels', () => {
  const { accept, reject } = vectors<Label, { readonly why: string; readonly label: unknown }>('labels')
  const schema = readJsonFile('spec/schema/label.schema.json') as Record<string, unknown>

  test('every label that is read is valid under the schema', () => {
    for (const label of accept) {
      assert.deepEqual(readLabel(label), label)
      assert.ok(isValid(label, schema))
    }
  })
  for (const { why, label } of reject) {
    test(`refused: ${why}`, () => assert.equal(refusal(() => readLabel(label)).code, 'canonical/shape'))
  }
  test('the schema leaves only order and sets that hold their originator to the reader', () => {
    const left = reject.filter(({ label }) => isValid(label, schema)).map(({ why }) => why)
    assert.deepEqual(left, [
      'values not sorted',
      'a tag twice',
      'a person rule twice',
      'an originator outside its own set',
      'a set that is not sorted',
      'originators not sorted',
      'an originator twice',
    ])
  })
})

describe('what a policy allows', () => {
  const { accept, reject } = vectors<Label, { readonly code: string; readonly label: Label }>('policy-allows')

  test('allowed labels', () => {
    for (const label of accept) checkLabel(readLabel(label), aus)
  })
  for (const [at, { code, label }] of reject.entries()) {
    test(`refused ${at}: ${code}`, () => assert.equal(refusal(() => checkLabel(readLabel(label), aus)).code, code))
  }
})

describe('joins', () => {
  type Marked = string | { readonly in: string; readonly marking: string }
  interface Whole {
    readonly policy: string
    readonly markings: readonly Marked[]
  }
  const { accept, reject, created } = vectors<
    Whole & { readonly banner: string },
    Whole & { readonly reason: string; readonly values: Record<string, string> }
  >('joins')
  const labelsOf = ({ policy, markings }: Whole) =>
    markings.map((marked) => {
      const { in: name, marking } = typeof marked === 'string' ? { in: policy, marking: marked } : marked
      return parseMarking(marking, { policy: named(name), form: 'any', created: Number(created) })
    })

  for (const vector of accept) {
    test(`${JSON.stringify(vector.markings)} = ${vector.banner}`, () => {
      const policy = named(vector.policy)
      for (const labels of [labelsOf(vector), labelsOf(vector).reverse()]) {
        const joined = joinLabels(labels, policy)
        assert.ok(joined.ok)
        assert.equal(printMarking(joined.label, policy, { form: 'banner' }), vector.banner)
      }
    })
  }
  for (const vector of reject) {
    test(`a person decides: ${vector.reason} ${JSON.stringify(vector.markings)}`, () => {
      const { reason, values } = vector
      for (const labels of [labelsOf(vector), labelsOf(vector).reverse()]) {
        assert.deepEqual(joinLabels(labels, named(vector.policy)), { ok: false, code: 'label/person-decides', reason, values })
      }
    })
  }
})

describe('policies', () => {
  interface Change {
    readonly at: string
    readonly to?: unknown
  }
  const { accept, reject } = vectors<
    { readonly changes: readonly Change[] },
    { readonly changes: readonly Change[]; readonly code: string; readonly where: string }
  >('policies')
  const schema = readJsonFile('spec/schema/marking-policy.schema.json') as Record<string, unknown>

  function changed(changes: readonly Change[]): unknown {
    const policy = structuredClone(readJsonFile('nations/aus/nation.json'))
    for (const change of changes) {
      const steps = change.at.split('/')
      const last = steps.pop() ?? ''
      const into = steps.reduce((value, step) => (value as Record<string, unknown>)[step], policy) as Record<string, unknown>
      if (Object.hasOwn(change, 'to')) into[last] = change.to
      else delete into[last]
    }
    return policy
  }

  test('every nation is valid under the schema, and so is every change that is read', () => {
    for (const policy of Object.values(policyNamed)) assert.ok(isValid(policy, schema))
    for (const { changes } of accept) {
      readPolicy(changed(changes))
      assert.ok(isValid(changed(changes), schema), JSON.stringify(changes))
    }
  })
  for (const { changes, code, where } of reject) {
    test(`refused: ${JSON.stringify(changes)}`, () => {
      const error = refusal(() => readPolicy(changed(changes)))
      assert.equal(error.code, code)
      assert.equal(error.values['where'], where)
      assert.equal(isValid(changed(changes), schema), code !== 'canonical/shape')
    })
  }
})
