import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import { CanonicalError } from '@entente/canonical'
import {
  type Label,
  LabelError,
  type MarkingPolicy,
  readDocumentProperty,
  readLabelClearance,
  readMailMarking,
  readMappingTables,
  readWideLabel,
  syntaxOf,
  withoutSuccession,
  writeDocumentProperty,
  writeMailMarking,
} from '@entente/label'
import { scheme, schemes } from './schemes-world.ts'

/** One second a reader, ten where everything is asked, minutes where somebody says so. */
const SECONDS = Number(process.env['ENTENTE_FUZZ_SECONDS'] ?? (process.env['ENTENTE_FULL'] === '1' ? 10 : 1))
const forSeconds = { numRuns: 100_000_000, interruptAfterTimeLimit: SECONDS * 1000, markInterruptAsFailure: false }

const laidOut = Object.entries(schemes).filter(([, { layout }]) => layout !== undefined)

/** Texts near to markings: words of the scheme, what stands between words, and what stands nowhere. */
function nearMarkings(policy: MarkingPolicy): fc.Arbitrary<string> {
  const { layout } = policy
  const levels = policy.classifications.flatMap(({ code, banner, portion, input }) => [code, banner, portion, ...input])
  const caveats = [...policy.categories.flatMap(({ values }) => values), ...policy.personRules].flatMap(({ code, banner, portion }) => [
    code,
    banner,
    portion,
  ])
  const nations = ['AUS', 'JPN', 'USA', 'AND', 'FVEY', '豪州', 'Japan', policy.nation, policy.nationNames.ja]
  const open = policy.categories.flatMap((category) =>
    category.open === undefined ? [] : ['ALPHA', 'a b', '//', 'AUSTEO'].map((text) => category.open?.banner.replace('{value}', text) ?? ''),
  )
  const fixed = [...(layout?.release ?? []), layout?.provided ?? '', layout?.made ?? ''].map((text) =>
    text.replace(/\{\w+\}/u, nations[0] ?? ''),
  )
  const between = [
    ...(layout?.separators ?? []),
    ...(layout?.between ?? []),
    '//',
    '/',
    '／',
    ' ',
    '　',
    ';',
    '(',
    ')',
    '（',
    '）',
    '\u00a0',
    '\u202e',
    '\0',
    '\ud800',
    'é',
    '.',
  ]
  const part = fc.oneof(
    { weight: 4, arbitrary: fc.constantFrom('', ...caveats, ...open) },
    fc
      .subarray(nations, { minLength: 1 })
      .map((set) => (layout?.release[0] ?? '').replace('{nations}', () => set.join(layout?.between[0]))),
    fc.constantFrom(...nations).map((nation) => (layout?.provided ?? '{nation}').replace('{nation}', () => nation)),
    fc.constantFrom(...fixed, ...nations, ...levels),
  )
  return fc.oneof(
    fc.string({ unit: 'binary', maxLength: 60 }),
    fc.array(fc.constantFrom(...between, ...levels, ...caveats, ...fixed, ...nations), { maxLength: 12 }).map((words) => words.join('')),
    fc
      .tuple(fc.constantFrom(...levels), fc.array(part, { maxLength: 5 }), fc.constantFrom(layout?.separators[0] ?? '//', ...between))
      .map(([level, parts, separator]) => [level, ...parts].join(separator)),
  )
}

/** What `read` gave, or undefined where it refused as it may; anything else fails. */
function readOrRefused<T>(text: string, read: () => T): T | undefined {
  try {
    return read()
  } catch (error) {
    assert.ok(error instanceof LabelError, String(error))
    const at = Number(error.values['at'])
    assert.ok(at >= 0 && at <= text.length, `${error.code} at ${at}`)
    for (const value of Object.values(error.values)) assert.ok(String(value).isWellFormed() && String(value).length < 600)
    return undefined
  }
}

test('any text: a marking of a scheme is refused with a place, or read, written and read again; leniently it is the same label, or what was changed is said', () => {
  let strict = 0
  let lenient = 0
  const cases = fc.oneof(
    ...laidOut.map(([path, policy]) =>
      fc.record({ path: fc.constant(path), form: fc.constantFrom('banner', 'portion', 'any'), text: nearMarkings(policy) } as const),
    ),
  )
  // The first sample builds the tables of characters; on a busy machine that alone takes longer than the test may.
  fc.sample(cases, 1)
  fc.assert(
    fc.property(cases, ({ path, form, text }) => {
      const policy = schemes[path] as MarkingPolicy
      const syntax = syntaxOf(policy)
      const parse: typeof syntax.parse = (...given) => syntax.parse(...given)
      const print: typeof syntax.print = (...given) => syntax.print(...given)
      const read = readOrRefused(text, () => parse(text, policy, { form, lenient: false, created: 1 }))
      const loose = readOrRefused(text, () => parse(text, policy, { form, lenient: true, created: 1 }))
      if (read !== undefined) {
        strict++
        assert.deepEqual(read.changes, [])
        assert.deepEqual(loose, read)
        const banner = print(read.label, policy, { form: 'banner' })
        assert.deepEqual(parse(banner, policy, { form: 'banner', lenient: false, created: 1 }).label, read.label)
      } else if (loose !== undefined) {
        lenient++
        assert.ok(loose.changes.length > 0)
        assert.deepEqual(
          parse(print(loose.label, policy, { form: 'banner' }), policy, { form: 'banner', lenient: false, created: 1 }).label,
          loose.label,
        )
      }
    }),
    forSeconds,
  )
  assert.ok(strict > 5 && lenient > 2, `only ${strict} and ${lenient} were read`)
})

test('any text: a mail marking is refused with a place, or read, written and read again', () => {
  const aus = scheme('aus')
  let count = 0
  const keys = ['VER=', 'NS=', 'SEC=', 'CAVEAT=', 'EXPIRES=', 'DOWNTO=', 'ACCESS=', 'NOTE=', 'ORIGIN=', 'DLM=']
  const values = [
    '2025.1',
    'gov.au',
    'SECRET',
    'TOP-SECRET',
    'OFFICIAL:Sensitive',
    'RI:AUSTEO',
    'RI:REL AUS/JPN',
    'RI:REL JPN',
    'C:A b',
    'SH:CABINET',
    'FG:x\\, y',
    '2030-01-01',
    '2030-13-01',
    'Legal-Privilege',
    'OFFICIAL',
    'x',
    'x\\',
    '\\\\',
    'é',
    '',
  ]
  const pair = fc.tuple(fc.constantFrom(...keys), fc.constantFrom(...values)).map((both) => both.join(''))
  const likely = fc
    .record({
      level: fc.constantFrom('SECRET', 'TOP-SECRET', 'OFFICIAL'),
      caveats: fc.subarray(['RI:AUSTEO', 'RI:REL AUS/JPN', 'C:A b', 'SH:CABINET', 'SH:ORCON', 'FG:x\\, y', 'SH:EXCLUSIVE-FOR z']),
      end: fc.constantFrom(
        '',
        'EXPIRES=2030-01-01, DOWNTO=OFFICIAL',
        'EXPIRES=some day, DOWNTO=OFFICIAL',
        'ACCESS=Legal-Privilege',
        'NOTE=n',
      ),
    })
    .map(({ level, caveats, end }) =>
      [`SEC=${level}`, ...caveats.map((caveat) => `CAVEAT=${caveat}`), ...(end === '' ? [] : [end])].join(', '),
    )
  const text = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 80 }),
    likely,
    likely.map((inner) => `Re: [x] [${inner}]`),
    fc.array(fc.oneof(pair, fc.constantFrom(',', ', ', ' ', '\r\n ', '[', ']', '=')), { maxLength: 10 }).map((parts) => parts.join('')),
    fc.array(pair, { maxLength: 8 }).map((parts) => parts.join(', ')),
  )
  fc.assert(
    fc.property(text, fc.constantFrom('header', 'subject'), fc.boolean(), (given, form, lenient) => {
      const read = readOrRefused(given, () => readMailMarking(given, aus, { form, lenient, created: 1 }))
      if (read === undefined) return
      count++
      const { label, note, author, event } = read
      const beside = {
        ...(note === undefined ? {} : { note }),
        ...(author === undefined ? {} : { author }),
        ...(event === undefined ? {} : { event }),
      }
      const written = writeMailMarking(label, aus, { form, ...beside })
      const { changes: _, version: __, ...again } = readMailMarking(written, aus, { form, lenient: false, created: 1 })
      assert.deepEqual(again, { label, ...beside })
    }),
    forSeconds,
  )
  assert.ok(count > 5, `only ${count} were read`)
})

test('labels, clearances and tables out of any value: errors of ours and nothing else; a label succeeded five times is none', () => {
  fc.assert(
    fc.property(fc.oneof(fc.anything(), fc.jsonValue()), (value) => {
      for (const read of [readWideLabel, readLabelClearance]) assert.throws(() => read(value), CanonicalError)
      if (!Array.isArray(value) || value.length === 0) assert.throws(() => readMappingTables(value), CanonicalError)
    }),
    { numRuns: 500 },
  )
  const aus = scheme('aus')
  const { label } = syntaxOf(aus).parse('SECRET//C Lobster 2//REL AUS/JPN', aus, { form: 'banner', lenient: false, created: 1 })
  const chain = (depth: number): Label => (depth === 0 ? label : { ...label, succession: { at: 10 - depth, label: chain(depth - 1) } })
  assert.deepEqual(readWideLabel(chain(4)), chain(4))
  assert.throws(() => readWideLabel(chain(5)), CanonicalError)
  assert.deepEqual(withoutSuccession(readWideLabel(chain(4))), label)
})

test('any text: the properties of a document are refused, or hold at most one marking, which can be set and read', () => {
  const root = '<Properties xmlns:vt="vt">'
  const pieces = [
    root,
    '</Properties>',
    '<property name="X-Protective-Marking">',
    '<property name="other">',
    '</property>',
    '<vt:lpwstr>',
    '</vt:lpwstr>',
    'SEC=SECRET',
    '&amp;',
    '&#65;',
    '&',
    '<!--',
    '-->',
    '<',
    '>',
    '"',
    "'",
    ' ',
    'name="X-Protective-Marking"',
  ]
  const whole = fc.array(fc.constantFrom(...pieces), { maxLength: 8 }).map((parts) => `${root}${parts.join('')}</Properties>`)
  const likely = fc.array(
    fc.constantFrom(
      '<property name="other"><vt:lpwstr>a</vt:lpwstr></property>',
      '<property name="X-Protective-Marking"><vt:lpwstr>a</vt:lpwstr></property>',
    ),
    { maxLength: 3 },
  )
  const text = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 80 }),
    whole,
    likely.map((parts) => `${root}${parts.join('')}</Properties>`),
  )
  fc.assert(
    fc.property(text, (xml) => {
      const attempt = (run: () => string | undefined): string | undefined => {
        try {
          return run()
        } catch (error) {
          assert.ok(error instanceof LabelError && error.code === 'label/property', String(error))
          return undefined
        }
      }
      attempt(() => readDocumentProperty(xml))
      const set = attempt(() => writeDocumentProperty('SEC=<&>', xml))
      if (set !== undefined)
        assert.equal(
          attempt(() => readDocumentProperty(set)),
          'SEC=<&>',
        )
    }),
    forSeconds,
  )
})
