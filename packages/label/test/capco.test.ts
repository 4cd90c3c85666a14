import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import * as fc from 'fast-check'
import { type Label, LabelError, type MarkingForm, readPolicy, syntaxOf } from '@entente/label'
import { readJsonFile } from './world.ts'

const usa = readPolicy(readJsonFile('nations/usa/markings.json'))
const syntax = syntaxOf(usa)

interface Input {
  readonly input: string
  readonly form: MarkingForm
}
type Accept = Input & {
  readonly banner: string
  readonly portion: string
  readonly level: string
  readonly categories: Readonly<Record<string, readonly string[]>>
  readonly rules: readonly string[]
  readonly originators: Readonly<Record<string, readonly string[] | 'neutral'>>
}
type Reject = Input & { readonly code: string; readonly at: number; readonly nearest?: string; readonly rule?: string }
type Lenient = Input & { readonly banner?: string; readonly code?: string; readonly changes?: readonly { at: number; code: string }[] }

const vectors = readJsonFile('spec/vectors/label/capco.json') as {
  readonly accept: readonly Accept[]
  readonly reject: readonly Reject[]
  readonly lenient: readonly Lenient[]
}

const read = (input: string, form: MarkingForm, lenient = false) => syntax.parse(input, usa, { form, lenient, created: 7 })

function refusal(run: () => unknown): LabelError {
  try {
    run()
  } catch (error) {
    assert.ok(error instanceof LabelError, String(error))
    return error
  }
  return assert.fail('was accepted')
}

describe('markings of the Register', () => {
  for (const { input, form, banner, portion, ...expected } of vectors.accept) {
    test(`read: ${input}`, () => {
      const { label, changes } = read(input, form)
      assert.deepEqual(changes, [])
      assert.equal(label.classification, expected.level)
      assert.deepEqual(Object.fromEntries(label.categories.map(({ tag, values }) => [tag, values])), expected.categories)
      assert.deepEqual(
        label.personRules.map(({ code }) => code),
        expected.rules,
      )
      assert.deepEqual(
        Object.fromEntries(label.originators.map(({ nation, releasableTo }) => [nation, releasableTo])),
        expected.originators,
      )
      assert.equal(syntax.print(label, usa, { form: 'banner' }), banner)
      assert.equal(syntax.print(label, usa, { form: 'portion' }), portion)
      assert.deepEqual(read(banner, 'banner').label, label)
      assert.deepEqual(read(portion, 'portion').label, label)
    })
  }
  for (const { input, form, code, at, nearest, rule } of vectors.reject) {
    test(`refused: ${input}`, () => {
      const { code: found, values } = refusal(() => read(input, form))
      assert.deepEqual([found, values['at'], values['nearest'], values['source']], [code, at, nearest, rule])
    })
  }
  for (const { input, form, banner, code, changes } of vectors.lenient) {
    test(`read leniently: ${input}`, () => {
      if (banner === undefined) assert.equal(refusal(() => read(input, form, true)).code, code)
      else {
        const reading = read(input, form, true)
        assert.equal(syntax.print(reading.label, usa, { form: 'banner' }), banner)
        assert.deepEqual(
          reading.changes.map(({ at, code: why }) => ({ at, code: why })),
          changes,
        )
      }
    })
  }
  test('as many are refused as are read, and each refusal has a valid neighbour or none', () => {
    assert.ok(vectors.reject.length >= vectors.accept.length)
    for (const { nearest, form } of vectors.reject) {
      if (nearest?.includes('//') === true && !nearest.startsWith('RD-')) read(nearest, form)
    }
  })
  test('what was read needs no leniency, and a lenient reading of it changes nothing', () => {
    for (const { input, form } of vectors.accept) assert.deepEqual(read(input, form, true), { label: read(input, form).label, changes: [] })
  })
  test('words of the marking in both languages', () => {
    const { label } = read('SECRET//FGI AUS//REL TO USA, FVEY', 'banner')
    assert.equal(
      syntax.print(label, usa, { form: 'banner', lang: 'en' }),
      'SECRET; Foreign government information Australia; releasable to United States, Five Eyes',
    )
    assert.equal(
      syntax.print(label, usa, { form: 'banner', lang: 'ja' }),
      'SECRET（極秘）／他国政府の情報（FGI）：オーストラリア／提供可：アメリカ合衆国、ファイブ・アイズ',
    )
  })
})

describe('labels that no marking can say', () => {
  const { label } = read('SECRET//NOFORN', 'banner')
  const cases: readonly (readonly [string, Label])[] = [
    ['label/another-policy', { ...label, policy: 'XKA' }],
    ['label/not-in-policy', { ...label, classification: 'SECRETISH' }],
    ['label/not-in-policy', { ...label, categories: [{ tag: 'caveat', kind: 'restrictive', values: ['X'] }] }],
    ['label/not-in-policy', { ...label, categories: [{ tag: 'sci', kind: 'restrictive', values: ['SI-G'] }] }],
    ['label/not-in-policy', { ...label, categories: [{ tag: 'sci', kind: 'informative', values: ['SI'] }] }],
    ['label/not-in-policy', { ...label, personRules: [{ rule: 'citizens-of', code: 'NOFORN', nations: ['AUS'] }] }],
    ['capco/exclusive', { ...label, categories: [{ tag: 'fgi', kind: 'informative', values: ['AUS', 'FGI'] }] }],
    [
      'capco/not-carried',
      {
        ...label,
        personRules: [],
        originators: [
          { nation: 'AUS', releasableTo: ['AUS'] },
          { nation: 'USA', releasableTo: ['USA'] },
        ],
      },
    ],
    ['label/neutral-classified', { ...label, originators: [{ nation: 'USA', releasableTo: 'neutral' }] }],
    ['capco/exclusive', { ...label, originators: [{ nation: 'USA', releasableTo: ['AUS', 'USA'] }] }],
  ]
  for (const [index, [code, wrong]] of cases.entries()) {
    test(`${index}: ${code}`, () => assert.equal(refusal(() => syntax.print(wrong, usa, { form: 'banner' })).code, code))
  }
})

/** Pieces of markings, whole and broken, glued at random. */
const PIECES = [
  ...vectors.accept.flatMap(({ input }) => input.split(/(?<stroke>\/+)/u)),
  '//',
  '/',
  '(',
  ')',
  ' ',
  ', ',
  '-',
  'REL TO ',
  'FGI ',
  'SAR-',
  'ACCM-',
  ' EYES ONLY',
  'XXX',
  '😀',
  '\u202e',
  'ｓ',
  '、',
  'a',
]

test('any text is read or refused, at a place in it, and what is read is written and read back', () => {
  const deadline = Number(process.env['ENTENTE_FUZZ_SECONDS'] ?? (process.env['ENTENTE_FULL'] === '1' ? 10 : 2)) * 1000
  const text = fc.oneof(
    fc.array(fc.constantFrom(...PIECES), { maxLength: 9 }).map((pieces) => pieces.join('')),
    fc.tuple(fc.constantFrom(...vectors.accept), fc.nat(), fc.constantFrom(...PIECES)).map(([{ input }, at, piece]) => {
      const place = at % (input.length + 1)
      return input.slice(0, place) + piece + input.slice(place + (at % 3))
    }),
    fc.string({ maxLength: 40 }),
  )
  fc.assert(
    fc.property(text, fc.constantFrom<MarkingForm>('banner', 'portion', 'any'), fc.boolean(), (input, form, lenient) => {
      let label: Label
      try {
        ;({ label } = read(input, form, lenient))
      } catch (error) {
        assert.ok(error instanceof LabelError, String(error))
        const at = error.values['at']
        assert.ok(typeof at === 'number' && at >= 0 && at <= input.length, `${input} ${String(at)}`)
        return
      }
      const banner = syntax.print(label, usa, { form: 'banner' })
      const portion = syntax.print(label, usa, { form: 'portion' })
      assert.deepEqual(read(banner, 'banner').label, label, banner)
      assert.deepEqual(read(portion, 'portion').label, label, portion)
    }),
    { numRuns: Number.MAX_SAFE_INTEGER, interruptAfterTimeLimit: deadline, markInterruptAsFailure: false },
  )
})
