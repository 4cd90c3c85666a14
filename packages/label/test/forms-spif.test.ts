import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { describe, test } from 'node:test'
import {
  type Confidentiality,
  type EssLabel,
  LabelError,
  type Spif,
  type SpifLabel,
  accessByClearance,
  checkSpifLabel,
  joinSpifLabels,
  mapSpifLabel,
  namesOfSpifClearance,
  namesOfSpifLabel,
  readEss,
  readEssBase64,
  readJsonLabel,
  readSpif,
  readXep0258,
  spifClearance,
  spifClearanceMarking,
  spifLabel,
  spifLabelOfEss,
  spifMarking,
  writeAssertedLabel,
  writeEss,
  writeEssBase64,
  writeEssLabel,
  writeXep0258,
} from '@entente/label'
import { readJsonFile } from './world.ts'

const file = (name: string) => readFileSync(new URL(`../../../spec/vectors/label/${name}`, import.meta.url), 'utf8')
const acmeXml = file('acme-spif.xml')
const spifs: Readonly<Record<string, Spif>> = { ACME: readSpif(acmeXml).value, MOCK: readSpif(file('mock-spif.xml')).value }

function spif(name: string): Spif {
  const found = spifs[name]
  assert.ok(found !== undefined, name)
  return found
}

function refusal(run: () => unknown): LabelError {
  try {
    run()
  } catch (error) {
    if (error instanceof LabelError) return error
    throw error
  }
  return assert.fail('was accepted')
}

const vectors = readJsonFile('spec/vectors/label/forms-spif.json') as {
  accept: { label: Confidentiality; marking: string; fr?: string }[]
  reject: { why: string; label: Confidentiality; code: string }[]
  joins: { why: string; labels: Confidentiality[]; marking: string | null }[]
  maps: { why: string; to: string; applied: 'encrypt' | 'decrypt'; label: Confidentiality; marking: string | null }[]
  files: { why: string; find: string; replace: string; code: string }[]
}
/** A label of either policy; another policy's name is tried under the first. */
const under = (label: Confidentiality): SpifLabel => spifLabel(spifs[label.policy] ?? spif('ACME'), label)

describe('labels under a SPIF', () => {
  for (const { label, marking, fr } of vectors.accept) {
    test(marking, () => {
      const found = under(label)
      checkSpifLabel(found)
      assert.equal(spifMarking(found), marking)
      if (fr !== undefined) assert.equal(spifMarking(found, { lang: 'fr-CA' }), fr)
      assert.deepEqual(under(namesOfSpifLabel(found)), found)
      assert.deepEqual(spifLabelOfEss(found.spif, readEss(writeEss(found))), found)
    })
  }
  for (const { why, label, code } of vectors.reject) {
    test(`refused: ${why}`, () => assert.equal(refusal(() => checkSpifLabel(under(label))).code, code))
  }
  test('an obsolete word is refused in a label that is made, and passes in one that is read', () => {
    const old = under({ policy: 'ACME', classification: 'FORMER', categories: [] })
    checkSpifLabel(old, { obsolete: true })
    assert.equal(refusal(() => checkSpifLabel(old)).code, 'form/obsolete')
  })
  test('a label value beyond 2^53 keeps every digit', () => {
    const found = under({
      policy: 'ACME',
      classification: 'CONFIDENTIAL',
      categories: [{ tag: 'Releasable To', kind: 'permissive', values: ['SHAM'] }],
    })
    assert.equal(found.values[0]?.value.lacv, '21745403334774610')
    const ess = readEss(writeEss(found))
    assert.equal(ess.categories[0]?.lacv, '21745403334774610')
    // One more is another value: a number of the language would not tell them apart.
    const other: EssLabel = { ...ess, categories: ess.categories.map((value) => ({ ...value, lacv: '21745403334774611' })) }
    assert.equal(refusal(() => spifLabelOfEss(spif('ACME'), readEss(writeEssLabel(other)))).code, 'form/unknown-category')
  })
  test('a portion has the mark that the file gives for portions, and none other', () => {
    const rel = [{ tag: 'Releasable To', kind: 'permissive', values: ['MOCK'] }] as const
    assert.equal(
      spifMarking(under({ policy: 'ACME', classification: 'CONFIDENTIAL', categories: rel }), { place: 'portion' }),
      '(AC REL TO MOCK)',
    )
    assert.equal(
      refusal(() => spifMarking(under({ policy: 'ACME', classification: 'PUBLIC', categories: [] }), { place: 'portion' })).code,
      'label/not-carried',
    )
  })
  test('a clearance lists its levels from the lowest', () => {
    const categories = [{ tag: 'Sensitive', kind: 'permissive', values: ['LIGHT'] }] as const
    const clearance = spifClearance(spif('ACME'), { policy: 'ACME', classifications: ['INTERNAL', 'PUBLIC'], categories })
    assert.equal(spifClearanceMarking(clearance), '{PUBLIC|INTERNAL} (light)')
    const label = namesOfSpifLabel(under({ policy: 'ACME', classification: 'INTERNAL', categories }))
    assert.ok(accessByClearance(label, namesOfSpifClearance(clearance)).permitted)
  })
  test('one permissive tag does not stand for another of the same tag set', () => {
    const [first, second] = [1, 2].map((lacv) => ({ tag: 'Sensitive', kind: 'permissive', values: [`V${lacv}`] }) as const)
    assert.ok(first !== undefined && second !== undefined)
    const held = { policy: 'ACME', classifications: ['INTERNAL'], categories: [first] }
    const label = { policy: 'ACME', classification: 'INTERNAL', categories: [first, second] }
    assert.deepEqual(accessByClearance(label, held), {
      permitted: false,
      reasons: [{ reason: 'permissive', tag: 'Sensitive', oneOf: ['V2'] }],
    })
  })
})

describe('labels of a whole under a SPIF', () => {
  for (const { why, labels, marking } of vectors.joins) {
    test(why, () => {
      for (const all of [labels, [...labels].reverse()]) {
        const joined = joinSpifLabels(all.map(under), spif('ACME'))
        assert.equal(joined.ok ? spifMarking(joined.label) : null, marking)
      }
    })
  }
})

describe('equivalence', () => {
  for (const { why, to, applied, label, marking } of vectors.maps) {
    test(why, () => {
      const map = () => mapSpifLabel(under(label), spif(to), applied)
      if (marking === null) assert.equal(refusal(map).code, 'form/no-equivalent')
      else assert.equal(spifMarking(map()), marking)
    })
  }
})

describe('SPIFs that are refused', () => {
  for (const { why, find, replace, code } of vectors.files) {
    test(why, () => {
      assert.ok(acmeXml.includes(find), 'the vector replaces nothing')
      const xml = find === 'SPIF' ? acmeXml.replaceAll(/(?<=<\/?)SPIF/gu, replace) : acmeXml.replace(find, replace)
      assert.equal(refusal(() => readSpif(xml)).code, code)
    })
  }
  test('a lenient reading lets errata pass and says so', () => {
    const xml = acmeXml
      .replace(' xmlns="http://www.xmlspif.org/spif"', '')
      .replace(' schemaVersion="2.1"', '')
      .replace('markingCode="pageTop"', 'code="pageTop"')
    const { value, changes } = readSpif(xml, { lenient: true })
    assert.deepEqual(value, spif('ACME'))
    assert.deepEqual(changes.map(({ code }) => code).sort(), ['form/missing', 'form/not-this-form', 'form/unexpected'])
  })
})

describe('ESS labels', () => {
  const { accept, reject } = readJsonFile('spec/vectors/label/forms-ess.json') as {
    accept: { why: string; base64: string; label: EssLabel; der: string }[]
    reject: { why: string; hex: string; code: string }[]
  }
  for (const { why, base64, label, der } of accept) {
    test(why, () => {
      assert.deepEqual(readEssBase64(base64), label)
      assert.equal(writeEssBase64(label), der)
      assert.deepEqual(readEssBase64(der), label)
    })
  }
  test('every order of the parts, and lengths of any form', () => {
    const parts = ['020104', '060129', '0c0141']
    for (const order of [
      [0, 1, 2],
      [0, 2, 1],
      [1, 0, 2],
      [1, 2, 0],
      [2, 0, 1],
      [2, 1, 0],
    ]) {
      const body = order.map((at) => parts[at]).join('')
      for (const head of ['3109', '318109', '31820009', '318400000009']) {
        assert.deepEqual(readEss(Uint8Array.fromHex(head + body)), {
          policyId: '1.1',
          classification: '4',
          privacyMark: 'A',
          categories: [],
        })
      }
      assert.equal(readEss(Uint8Array.fromHex(`3180${body}0000`)).classification, '4')
    }
  })
  for (const { why, hex, code } of reject) {
    test(`refused: ${why}`, () => assert.equal(refusal(() => readEss(Uint8Array.fromHex(hex))).code, code))
  }
  test('as many are refused as are read', () => assert.ok(reject.length >= accept.length))
})

describe('messages and JSON', () => {
  const { accept, reject, json } = readJsonFile('spec/vectors/label/forms-message.json') as {
    accept: { why: string; xml: string; forms: string[] }[]
    reject: { why: string; xml: string; code: string }[]
    json: { accept: { why: string; json: unknown; names: unknown }[]; reject: { why: string; text: string }[] }
  }
  for (const { why, xml, forms } of accept) {
    test(`a message: ${why}`, () => {
      const { value } = readXep0258(xml)
      assert.deepEqual(
        [value.label, ...value.equivalents].flatMap((one) => (one === undefined ? [] : [one.form])),
        forms,
      )
      if (forms.includes('unknown')) assert.equal(refusal(() => writeXep0258(value)).code, 'label/not-carried')
      else assert.deepEqual(readXep0258(writeXep0258(value)).value, value)
    })
  }
  for (const { why, xml, code } of reject) {
    test(`no message: ${why}`, () => assert.equal(refusal(() => readXep0258(xml)).code, code))
  }
  for (const { why, json: value, names } of json.accept) {
    test(`JSON: ${why}`, () => {
      const read = readJsonLabel(JSON.stringify(value))
      assert.deepEqual(read, { kind: 'named', label: names })
      assert.ok(read.kind === 'named')
      const again = readJsonLabel(writeAssertedLabel(read.label))
      assert.deepEqual(again.kind === 'named' ? again.label.categories : [], read.label.categories)
    })
  }
  for (const { why, text } of json.reject) {
    test(`no label in JSON: ${why}`, () => assert.equal(refusal(() => readJsonLabel(text)).code, 'form/json'))
  }
})
