import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import { CanonicalError } from '@entente/canonical'
import { LabelError, type MarkingPolicy, parseMarking, printMarking, readLabel, readPolicy } from '@entente/label'
import { aus, policies, readJsonFile } from './world.ts'

const separators = ['//', '//', '//', '/', '／／', ' ', '(', ')', '（', '）', ',', ', ', '、', '\ud800', '\u202e', '\0']
const keywords = ['REL ', 'ORIGIN ', 'NEUTRAL', ' REL ', 'ＡＵＳ']

/** Texts near to markings of a policy: a classification, then words and separators and oddities in any order. */
function nearMarkings(policy: MarkingPolicy): fc.Arbitrary<string> {
  const levels = policy.classifications.flatMap(({ code, banner, portion }) => [code, banner, portion])
  const caveats = [...policy.categories.flatMap(({ values }) => values), ...policy.personRules].flatMap(({ banner, portion }) => [
    banner,
    portion,
  ])
  const nations = policy.releasableTo.map(({ nation }) => nation)
  const word = fc.constantFrom(...separators, ...keywords, ...levels, ...caveats, ...nations, policy.nation)
  const component = fc.oneof(
    fc.constantFrom('', ...caveats),
    fc.subarray(nations).map((set) => `REL ${[policy.nation, ...set].join(', ')}`),
    fc.constantFrom(...nations).map((nation) => `ORIGIN ${nation}`),
  )
  return fc.oneof(
    fc.string({ unit: 'binary', maxLength: 60 }),
    fc.array(word, { maxLength: 12 }).map((words) => words.join('')),
    fc
      .tuple(fc.constantFrom(...levels), fc.array(fc.oneof({ weight: 5, arbitrary: component }, word), { maxLength: 4 }))
      .map((parts) => parts.flat().join('//')),
  )
}

test('reading a marking throws nothing but LabelError, with a place in the text; what is read prints and reads again', () => {
  let read = 0
  const cases = fc
    .constantFrom(...policies)
    .chain((policy) =>
      fc.record({ policy: fc.constant(policy), form: fc.constantFrom('banner', 'portion', 'any'), text: nearMarkings(policy) } as const),
    )
  fc.assert(
    fc.property(cases, ({ policy, form, text }) => {
      try {
        const label = parseMarking(text, { policy, form, created: 1 })
        const banner = printMarking(label, policy, { form: 'banner' })
        assert.deepEqual(parseMarking(banner, { policy, form: 'banner', created: 1 }), label)
        read++
      } catch (error) {
        assert.ok(error instanceof LabelError, String(error))
        const at = Number(error.values['at'])
        assert.ok(at >= 0 && at <= text.length)
        for (const value of Object.values(error.values)) assert.ok(String(value).isWellFormed() && String(value).length < 600)
      }
    }),
    { numRuns: 5000 },
  )
  assert.ok(read > 300, `only ${read} texts were markings`)
})

test('reading labels and policies throws nothing but errors of ours, whatever the value', () => {
  fc.assert(
    fc.property(fc.oneof(fc.anything(), fc.jsonValue()), (value) => {
      for (const read of [readLabel, readPolicy]) assert.throws(() => read(value), CanonicalError)
    }),
    { numRuns: 500 },
  )
})

test('a policy with any one place replaced is refused with an error of ours, or read and usable', () => {
  const paths: (readonly string[])[] = []
  const walk = (value: unknown, path: readonly string[]): void => {
    paths.push(path)
    if (typeof value === 'object' && value !== null) for (const [name, inner] of Object.entries(value)) walk(inner, [...path, name])
  }
  const whole = readJsonFile('nations/aus/nation.json')
  walk(whole, [])
  const replacements = [undefined, null, '', 'REL AUS', '//', 'SECRET', 'S', 0, -1, 1.5, [], {}, ['AUS'], true, '__proto__']
  fc.assert(
    fc.property(fc.constantFrom(...paths.slice(1)), fc.constantFrom(...replacements), (path, replacement) => {
      const copy = structuredClone(whole)
      const into = path.slice(0, -1).reduce((value, step) => (value as Record<string, unknown>)[step], copy) as Record<string, unknown>
      into[path.at(-1) ?? ''] = replacement
      try {
        const policy = readPolicy(copy)
        for (const { banner } of policy.classifications) parseMarking(banner, { policy, form: 'any', created: 1 })
      } catch (error) {
        assert.ok(error instanceof CanonicalError || (error instanceof LabelError && error.code === 'label/policy'), String(error))
      }
    }),
    { numRuns: 1500 },
  )
})

test('members of the language are no members of a label, and nothing inherited is read', () => {
  const label = parseMarking('SECRET', { policy: aus, form: 'banner', created: 1 })
  assert.throws(() => readLabel(JSON.parse(JSON.stringify({ ...label, constructor: 1 }))), CanonicalError)
  assert.throws(() => readLabel(JSON.parse(`{"__proto__":${JSON.stringify(label)}}`)), CanonicalError)
})
