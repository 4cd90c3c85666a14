import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import {
  type Label,
  LabelError,
  type MailForm,
  type MailMarking,
  type MarkingForm,
  accessBy,
  attributesOf,
  dominates,
  joinLabels,
  mapLabel,
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
import { scheme } from './schemes-world.ts'
import { readJsonFile } from './world.ts'

interface Vectors<Accept, Reject> {
  readonly created: number
  readonly accept: readonly Accept[]
  readonly reject: readonly Reject[]
}

/** The error that `run` throws; anything but a refusal fails. */
function refusal(run: () => unknown): LabelError {
  try {
    run()
  } catch (error) {
    if (error instanceof LabelError) return error
    throw error
  }
  return assert.fail('was accepted')
}

interface SchemeVector {
  readonly scheme: string
  readonly form: MarkingForm
  readonly text: string
  readonly lenient?: boolean
  readonly source: string
}

describe('markings of schemes', () => {
  const { accept, reject, created } = readJsonFile('spec/vectors/label/schemes.json') as Vectors<
    SchemeVector & {
      readonly banner: string
      readonly portion: string
      readonly label: Omit<Label, 'policy' | 'created'>
      readonly changes?: readonly string[]
    },
    SchemeVector & { readonly code: string; readonly at: number; readonly nearest?: string; readonly rule?: string }
  >
  const read = ({ scheme: name, form, text, lenient = false }: SchemeVector) =>
    syntaxOf(scheme(name)).parse(text, scheme(name), { form, lenient, created })

  for (const vector of accept) {
    test(`${vector.scheme} \`${vector.text}\`${vector.lenient === true ? ' leniently' : ''} is ${vector.banner}`, () => {
      const policy = scheme(vector.scheme)
      const { label, changes } = read(vector)
      assert.deepEqual(label, { policy: policy.id, ...vector.label, created })
      assert.equal(syntaxOf(policy).print(label, policy, { form: 'banner' }), vector.banner)
      assert.equal(syntaxOf(policy).print(label, policy, { form: 'portion' }), vector.portion)
      assert.deepEqual(
        changes.map(({ code }) => code),
        vector.changes ?? [],
      )
      for (const { at } of changes) assert.ok(at >= 0 && at <= vector.text.length)
      assert.deepEqual(readWideLabel(structuredClone(label)), label)
      // What a lenient reading changed, a strict one refuses.
      if (changes.length > 0) refusal(() => read({ ...vector, lenient: false }))
    })
  }
  for (const vector of reject) {
    test(`${vector.scheme} \`${vector.text.slice(0, 40)}\`${vector.lenient === true ? ' even leniently' : ''} is refused: ${vector.code}`, () => {
      const { code, values } = refusal(() => read(vector))
      assert.deepEqual([code, values['at'], values['nearest'], values['rule']], [vector.code, vector.at, vector.nearest, vector.rule])
      assert.ok(vector.source !== '')
    })
  }
})

interface MailVector {
  readonly form: MailForm
  readonly text: string
  readonly lenient?: boolean
}

describe('mail markings', () => {
  const { accept, reject, created } = readJsonFile('spec/vectors/label/mail.json') as Vectors<
    MailVector & {
      readonly banner: string
      readonly written: string
      readonly changes?: readonly string[]
      readonly succession?: { readonly at: number; readonly banner: string }
    } & Pick<MailMarking, 'version' | 'note' | 'author' | 'event'>,
    MailVector & { readonly code: string; readonly at: number }
  >
  const policy = scheme('aus')
  const banner = (label: Label) => syntaxOf(policy).print(withoutSuccession(label), policy, { form: 'banner' })
  const read = ({ form, text, lenient = false }: MailVector) => readMailMarking(text, policy, { form, lenient, created })

  for (const vector of accept) {
    test(`${vector.form} \`${vector.text}\` is ${vector.banner}`, () => {
      const { label, changes, version, note, author, event } = read(vector)
      assert.equal(banner(label), vector.banner)
      assert.deepEqual(
        { version, note, author, event },
        { version: vector.version, note: vector.note, author: vector.author, event: vector.event },
      )
      const after = label.succession === undefined ? undefined : { at: label.succession.at, banner: banner(label.succession.label) }
      assert.deepEqual(after, vector.succession)
      assert.deepEqual(
        changes.map(({ code }) => code),
        vector.changes ?? [],
      )
      const beside = {
        ...(note === undefined ? {} : { note }),
        ...(author === undefined ? {} : { author }),
        ...(event === undefined ? {} : { event }),
      }
      const written = writeMailMarking(label, policy, { form: vector.form, ...beside })
      assert.equal(written, vector.written)
      assert.deepEqual(read({ form: vector.form, text: written }).label, label)
    })
  }
  for (const vector of reject) {
    test(`${vector.form} \`${vector.text.slice(0, 60)}\` is refused: ${vector.code}`, () => {
      const { code, values } = refusal(() => read(vector))
      assert.deepEqual([code, values['at']], [vector.code, vector.at])
    })
  }
})

test('what a form has no place for is refused, never left out', () => {
  const policy = scheme('aus')
  const label = syntaxOf(policy).parse('SECRET//C LOBSTER', policy, { form: 'banner', lenient: false, created: 1 }).label
  assert.equal(
    refusal(() => attributesOf({ ...label, categories: label.categories.map((one) => ({ ...one, values: ['a b'] })) }, policy)).code,
    'label/not-carried',
  )
  const [codeword] = label.categories
  assert.ok(codeword !== undefined)
  const holding = (value: string): Label => ({ ...label, categories: [{ ...codeword, values: [value] }] })
  for (const value of ['a//b', 'a/ORCON', 'person AUSTEO']) {
    assert.equal(refusal(() => syntaxOf(policy).print(holding(value), policy, { form: 'banner' })).code, 'label/not-carried')
  }
  assert.equal(refusal(() => writeMailMarking(holding('é'), policy, { form: 'header' })).code, 'label/not-carried')
  assert.equal(refusal(() => writeMailMarking(label, policy, { form: 'subject', note: 'x' })).code, 'label/not-carried')
  const given: Label = { ...label, originators: [{ nation: 'JPN', releasableTo: ['AUS', 'JPN'] }] }
  assert.equal(refusal(() => syntaxOf(policy).print(given, policy, { form: 'banner' })).code, 'label/not-carried')
  assert.equal(refusal(() => writeMailMarking(given, policy, { form: 'header' })).code, 'label/not-carried')
  const twice: Label = {
    ...label,
    succession: {
      at: 5,
      label: {
        ...label,
        classification: 'PROTECTED',
        succession: { at: 6, label: { ...label, classification: 'PROTECTED', categories: [] } },
      },
    },
  }
  assert.equal(refusal(() => writeMailMarking(twice, policy, { form: 'header' })).code, 'label/not-carried')
  const upward: Label = { ...label, succession: { at: 5, label: { ...label, classification: 'TOP-SECRET', created: 5 } } }
  assert.equal(refusal(() => writeMailMarking(upward, policy, { form: 'header' })).code, 'label/not-carried')
})

test('a label is read under another scheme by the version of a table that is valid, and by nothing else', () => {
  const [aus, jpn] = [scheme('aus'), scheme('jpn')]
  const row = (from: string, to?: string) => ({ from, ...(to === undefined ? {} : { to }) })
  const version = (id: string, validFrom: number, to: string, more = {}) => ({
    id,
    from: 'AUS',
    to: 'JPN',
    validFrom,
    classifications: [row('SECRET', to), row('TOP-SECRET')],
    categories: [row('handling/ORCON', 'handling/SAKUSEISHA-KANRI')],
    personRules: [],
    ...more,
  })
  const tables = readMappingTables([version('2012', 100, 'GOKUHI'), version('2014', 200, 'TOKUTEI-HIMITSU', { validUntil: 300 })])
  const read = (text: string) => syntaxOf(aus).parse(text, aus, { form: 'banner', lenient: false, created: 7 }).label
  const at = (text: string, time: number) => mapLabel(read(text), tables, jpn, time, 'test')
  const banner = (text: string, time: number): string => {
    const answer = at(text, time)
    return answer.ok
      ? `${answer.alternative.table} ${syntaxOf(jpn).print(answer.alternative.label, jpn, { form: 'banner' })}`
      : `${answer.reason} ${JSON.stringify(answer.values)}`
  }
  assert.equal(banner('SECRET//REL AUS/JPN', 150), '2012 極秘／オーストラリア提供')
  assert.equal(banner('SECRET//ORCON//REL AUS/JPN', 250), '2014 特定秘密／作成者管理／オーストラリア提供')
  assert.equal(banner('SECRET//Legal-Privilege//REL AUS/JPN', 250), '2014 特定秘密／オーストラリア提供')
  assert.equal(banner('SECRET//REL AUS/JPN', 300), 'no-table {"from":"AUS","to":"JPN"}')
  assert.equal(banner('SECRET', 99), 'no-table {"from":"AUS","to":"JPN"}')
  assert.equal(banner('TOP SECRET', 250), 'no-equivalent {"text":"TOP-SECRET","table":"2014"}')
  assert.equal(banner('PROTECTED', 250), 'no-equivalent {"text":"PROTECTED","table":"2014"}')
  assert.equal(banner('SECRET//C LOBSTER', 250), 'no-equivalent {"text":"codeword/LOBSTER","table":"2014"}')
  assert.equal(banner('SECRET//AUSTEO', 250), 'no-equivalent {"text":"AUSTEO","table":"2014"}')
  const foreign = at('SECRET//REL AUS/JPN', 250)
  assert.ok(foreign.ok)
  assert.deepEqual(
    { by: foreign.alternative.by, at: foreign.alternative.at, label: foreign.alternative.label.created },
    { by: 'test', at: 250, label: 7 },
  )
  for (const bad of [[], {}, [{ ...version('x', 1, 'HI'), classifications: [row('SECRET', 'HI'), row('SECRET', 'GOKUHI')] }]]) {
    assert.throws(() => readMappingTables(bad), { code: 'canonical/shape' })
  }
  // An equivalent that needs what the label does not say is no equivalent.
  const low = readMappingTables([version('low', 1, 'NONE')])
  assert.deepEqual(mapLabel(read('SECRET'), low, jpn, 5, 'x'), {
    ok: false,
    code: 'label/person-decides',
    reason: 'not-allowed',
    values: { cause: 'label/not-in-policy', table: 'low' },
  })
})

test('a label that its policy’s rules forbid is no join: a person decides, and the rule is named', () => {
  const strict = {
    ...scheme('nzl'),
    rules: [
      {
        id: 'budget-excludes-staff',
        when: { tag: 'endorsement', values: ['BUDGET'] },
        excludes: [{ tag: 'subject', values: ['STAFF'] }],
        source: 'invented',
        says: { en: 'x', ja: 'x' },
      },
    ],
  }
  const [a, b] = ['SENSITIVE//BUDGET', 'SENSITIVE//STAFF'].map(
    (text) => syntaxOf(strict).parse(text, strict, { form: 'banner', lenient: false, created: 1 }).label,
  )
  assert.ok(a !== undefined && b !== undefined)
  assert.deepEqual(joinLabels([a, b], strict), {
    ok: false,
    code: 'label/person-decides',
    reason: 'not-allowed',
    values: { cause: 'label/rule', rule: 'budget-excludes-staff' },
  })
  assert.equal(dominates(a, b, strict), true)
})

describe('labels of the library, clearances and tables out of JSON', () => {
  const wide = readJsonFile('spec/vectors/label/wide-labels.json') as Vectors<Label, { readonly why: string; readonly label: unknown }>
  test('labels', () => {
    for (const label of wide.accept) assert.deepEqual(readWideLabel(label), label)
    for (const { why, label } of wide.reject) assert.throws(() => readWideLabel(label), { code: 'canonical/shape' }, why)
  })

  const clearances = readJsonFile('spec/vectors/label/clearances.json') as Vectors<
    { readonly clearance: unknown; readonly label: unknown; readonly answer: string },
    { readonly why: string; readonly clearance: unknown }
  >
  for (const { clearance, label, answer } of clearances.accept) {
    test(`${JSON.stringify(clearance)} at ${JSON.stringify(label)}: ${answer}`, () => {
      const given = accessBy(readWideLabel(label), readLabelClearance(clearance), scheme('aus'), 0)
      assert.equal(given.ok ? 'permit' : given.reason, answer)
    })
  }
  test('what is no clearance', () => {
    for (const { why, clearance } of clearances.reject) assert.throws(() => readLabelClearance(clearance), { code: 'canonical/shape' }, why)
  })

  const tables = readJsonFile('spec/vectors/label/equivalence-tables.json') as Vectors<
    unknown,
    { readonly why: string; readonly tables: unknown }
  >
  test('tables', () => {
    for (const table of tables.accept) assert.deepEqual(readMappingTables(table), table)
    for (const { why, tables: table } of tables.reject) assert.throws(() => readMappingTables(table), { code: 'canonical/shape' }, why)
  })
})

describe('the property of a document', () => {
  interface Property {
    readonly xml: string
  }
  const { accept, reject } = readJsonFile('spec/vectors/label/document-property.json') as Vectors<
    Property & { readonly marking?: string },
    Property & { readonly why: string }
  >
  for (const { xml, marking } of accept) {
    test(`read and set: ${xml.slice(-160)}`, () => {
      assert.equal(readDocumentProperty(xml), marking)
      for (const next of ['VER=2025.1, NS=gov.au, SEC=SECRET, NOTE=<a & b>', 'SEC=OFFICIAL']) {
        const set = writeDocumentProperty(next, xml)
        assert.equal(readDocumentProperty(set), next)
        // Nothing else of the part is touched.
        if (marking !== undefined && marking !== '' && !xml.includes('&')) assert.equal(writeDocumentProperty(marking, set), xml)
      }
    })
  }
  for (const { why, xml } of reject) {
    test(`refused: ${why}`, () => {
      assert.equal(refusal(() => readDocumentProperty(xml)).code, 'label/property')
      assert.equal(refusal(() => writeDocumentProperty('SEC=SECRET', xml)).code, 'label/property')
    })
  }
  test('a new part', () => {
    const fresh = writeDocumentProperty('VER=2025.1, NS=gov.au, SEC=PROTECTED')
    assert.equal(readDocumentProperty(fresh), 'VER=2025.1, NS=gov.au, SEC=PROTECTED')
    assert.equal(refusal(() => writeDocumentProperty('x', 'no properties')).code, 'label/property')
  })
})
