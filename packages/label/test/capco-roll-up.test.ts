import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import * as fc from 'fast-check'
import {
  type IsmAttributes,
  type Label,
  LabelError,
  dominates,
  ismAttributes,
  ismElement,
  ismToLabel,
  labelToIsm,
  readPolicy,
  rollUp,
  syntaxOf,
  withoutDisclosureMark,
} from '@entente/label'
import { readJsonFile } from './world.ts'

const usa = readPolicy(readJsonFile('nations/usa/markings.json'))
const syntax = syntaxOf(usa)
const portion = (text: string): Label => syntax.parse(text, usa, { form: 'portion', lenient: false, created: 1_700_000_000 }).label
const banner = (label: Label) => syntax.print(label, usa, { form: 'banner' })

const order = (label: Label) => usa.classifications.find(({ code }) => code === label.classification)?.order ?? 0

function whole(...portions: readonly string[]): string {
  const joined = rollUp(portions.map(portion), usa)
  return joined.ok ? banner(joined.label) : `${joined.reason} ${String(joined.values['cause'] ?? '')}`.trim()
}

/** Each rule of ISM by its number: portions, and the banner that it gives. */
const RULES: readonly (readonly [string, readonly string[], string])[] = [
  ['31, 32: released to what all name', ['(S//REL TO USA, AUS, JPN)', '(C//REL TO USA, JPN)'], 'SECRET//REL TO USA, JPN'],
  ['31, 32: a community and its member', ['(S//REL TO USA, FVEY)', '(S//REL TO USA, AUS)'], 'SECRET//REL TO USA, AUS'],
  ['31, 32: two communities', ['(S//REL TO USA, FVEY)', '(S//REL TO USA, ACGU)'], 'SECRET//REL TO USA, AUS, CAN, GBR'],
  ['31, 32: the same community stays one', ['(S//REL TO USA, JPN, FVEY)', '(S//REL TO USA, FVEY)'], 'SECRET//REL TO USA, FVEY'],
  ['31, 32: nothing in common', ['(S//REL TO USA, AUS)', '(S//REL TO USA, JPN)'], 'SECRET'],
  ['58, 59: never below a portion', ['(U)', '(C)', '(TS)', '(S)'], 'TOP SECRET'],
  ['64: a named source', ['(S//FGI AUS//NF)', '(S//FGI JPN//NF)', '(U)'], 'SECRET//FGI AUS JPN//NOFORN'],
  ['64: what another owns', ['(//AUS S)', '(C//NF)'], 'SECRET//FGI AUS//NOFORN'],
  ['64: what is owned jointly', ['(//JOINT S AUS USA//REL TO USA, AUS)', '(S//REL TO USA, AUS)'], 'SECRET//FGI AUS//REL TO USA, AUS'],
  ['65: a source that is not named stays so', ['(S//FGI//NF)', '(S//FGI AUS//NF)'], 'SECRET//FGI//NOFORN'],
  ['65: an owner that is not named stays so', ['(//FGI S)', '(//AUS C)'], 'SECRET//FGI'],
  ['67: ORCON', ['(S//OC/NF)', '(S//REL TO USA, AUS)'], 'SECRET//ORCON/NOFORN'],
  ['67: ORCON is the stronger', ['(S//OC/NF)', '(S//OC-USGOV/NF)'], 'SECRET//ORCON/NOFORN'],
  ['70: NOFORN', ['(S//NF)', '(S//REL TO USA, AUS)', '(U)'], 'SECRET//NOFORN'],
  ['88: one portion without REL TO', ['(S//REL TO USA, AUS)', '(C)'], 'SECRET'],
  ['88: what is not classified does not count', ['(S//REL TO USA, AUS)', '(U)', '(U//FOUO)'], 'SECRET//REL TO USA, AUS'],
  ['88: what allowed its compartment to be released is gone', ['(TS//SI//REL TO USA, AUS)', '(S)'], 'TOP SECRET//SI//NOFORN'],
  ['108-110: no higher than the highest portion', ['(U)', '(C//NF)'], 'CONFIDENTIAL//NOFORN'],
  ['124: RELIDO not with a foreign source', ['(S//RELIDO)', '(S//FGI AUS//RELIDO)'], 'SECRET//FGI AUS'],
  ['132: RELIDO on every classified portion', ['(S//RELIDO)', '(C//RELIDO)', '(U)'], 'SECRET//RELIDO'],
  ['132: RELIDO not on all', ['(S//RELIDO)', '(C//REL TO USA, AUS)'], 'SECRET'],
  ['169: DISPLAY ONLY gives way to NOFORN', ['(S//DISPLAY ONLY AFG)', '(S//NF)'], 'SECRET//NOFORN'],
  ['169: RELIDO and DISPLAY ONLY', ['(S//DISPLAY ONLY AFG)', '(S//RELIDO)'], 'SECRET'],
  ['213: shown to what all allow', ['(S//DISPLAY ONLY AFG, IRQ)', '(S//DISPLAY ONLY IRQ)'], 'SECRET//DISPLAY ONLY IRQ'],
  ['213: released is also shown', ['(S//REL TO USA, AUS)', '(S//REL TO USA, JPN/DISPLAY ONLY AUS)'], 'SECRET//DISPLAY ONLY AUS'],
  ['233, 234: not shown with a foreign source', ['(S//DISPLAY ONLY IRQ)', '(S//FGI AUS//DISPLAY ONLY IRQ)'], 'SECRET//FGI AUS'],
]

describe('the roll-up rules of ISM', () => {
  for (const [rule, portions, expected] of RULES) {
    test(rule, () => {
      assert.equal(whole(...portions), expected)
      assert.equal(whole(...portions.toReversed()), expected)
    })
  }
  test('119: which portions say nothing of disclosure', () => {
    assert.deepEqual(withoutDisclosureMark(['(S//NF)', '(S)', '(U)', '(C//OC)', '(S//RELIDO)'].map(portion), usa), [1, 3])
  })
  const others: readonly (readonly [readonly string[], string])[] = [
    [[], 'nothing-to-join'],
    [['(TS//SI/TK//NF)', '(TS//SI-G ABCD//OC/NF)', '(S//TK-XYZ//NF)'], 'TOP SECRET//SI-G ABCD/TK-XYZ//ORCON/NOFORN'],
    [['(S//SAR-AA/BB/CC)', '(S//SAR-DD/EE)'], 'not-in-policy capco/programs'],
    [['(S//RD-N-SG 14//NF)', '(S//FRD-SG 20//NF)'], 'SECRET//RD-CNWDI-SIGMA 14/FRD-SIGMA 20//NOFORN'],
    [['(S//NF//XD)', '(S//NF//ND)'], 'not-in-policy capco/exclusive'],
    [['(CUI//REL TO USA, AUS)', '(CUI)', '(U)'], 'CUI//REL TO USA, AUS'],
    [['(CUI//REL TO USA, AUS)', '(CUI//REL TO USA, JPN)'], 'not-in-policy capco/rel-one-nation'],
    [['(CUI//REL TO USA, AUS)', '(S//NF)'], 'SECRET//NOFORN'],
    [['(//AUS S//REL TO AUS, JPN)', '(S//NF)'], 'no-common-reader'],
    [['(S//REL TO USA, AUS)', '(U//SBU-NF)'], 'SECRET//SBU NOFORN'],
    [['(U//FOUO)', '(C)'], 'CONFIDENTIAL'],
    [['(//AUS R)', '(U)'], 'CONFIDENTIAL//FGI AUS'],
    [['(//AUS S)', '(//AUS C//REL TO AUS, JPN)'], '//AUS SECRET//REL TO AUS'],
    [['(//AUS S//REL TO AUS, JPN, USA)', '(//AUS C//REL TO AUS, JPN)'], '//AUS SECRET//REL TO AUS, JPN'],
    [['(//NS//ATOMAL)', '(//CTS//BOHEMIA)'], '//COSMIC TOP SECRET//ATOMAL/BOHEMIA'],
    [['(S//USA/GBR EYES ONLY)', '(S//USA/AUS/GBR EYES ONLY)'], 'SECRET//USA/GBR EYES ONLY'],
    [['(S//USA/GBR EYES ONLY)', '(S//REL TO USA, AUS, GBR)'], 'SECRET//REL TO USA, GBR'],
    [['(//NS//ATOMAL)', '(S)'], 'not-in-policy capco/alliance-control'],
    [['(CUI//FED ONLY)', '(S)'], 'not-in-policy label/not-at-this-level'],
  ]
  for (const [portions, expected] of others) test(`${portions.join(' + ')} = ${expected}`, () => assert.equal(whole(...portions), expected))
})

const vectors = readJsonFile('spec/vectors/label/capco.json') as { readonly accept: readonly { readonly portion: string }[] }
const anyLabel = fc.constantFrom(...new Set(vectors.accept.map((vector) => vector.portion))).map(portion)

test('the roll-up is commutative, associative and idempotent, where it is not a person who decides', () => {
  fc.assert(
    fc.property(fc.array(anyLabel, { minLength: 1, maxLength: 4 }), (labels) => {
      const joined = rollUp(labels, usa)
      if (!joined.ok) return
      assert.deepEqual(rollUp(labels.toReversed(), usa), joined)
      assert.deepEqual(rollUp([...labels, ...labels], usa), joined)
      assert.deepEqual(rollUp([joined.label], usa), joined)
      for (let at = 1; at < labels.length; at++) {
        const part = rollUp(labels.slice(0, at), usa)
        if (part.ok) assert.deepEqual(rollUp([part.label, ...labels.slice(at)], usa), joined)
      }
    }),
    { numRuns: 1000 },
  )
})

test('the whole is at least as high as each portion, keeps what restricts, and is released and shown no wider', () => {
  fc.assert(
    fc.property(fc.array(anyLabel, { minLength: 1, maxLength: 4 }), (labels) => {
      const joined = rollUp(labels, usa)
      if (!joined.ok) return
      const set = (label: Label) => label.originators[0]?.releasableTo ?? 'neutral'
      for (const label of labels) {
        assert.ok(order(joined.label) >= order(label))
        for (const { code } of label.personRules) assert.ok(joined.label.personRules.some((rule) => rule.code === code))
        const kept: ReadonlySet<string> = new Set(joined.label.categories.flatMap((category) => category.values))
        for (const { kind, values } of label.categories) {
          if (kind === 'restrictive') for (const value of values) assert.ok(kept.has(value), `${value} in ${banner(joined.label)}`)
        }
        const mine = set(label)
        const wide = set(joined.label)
        if (mine === 'neutral') continue
        assert.ok(wide !== 'neutral')
        const members = new Set(
          mine.flatMap((code) => [code, ...(usa.communities?.find((one) => one.code === code)?.members.map(({ nation }) => nation) ?? [])]),
        )
        for (const code of wide) assert.ok(members.has(code), `${code} in ${banner(joined.label)} of ${banner(label)}`)
      }
    }),
    { numRuns: 500 },
  )
})

test('a whole of own portions dominates each of them', () => {
  assert.ok(dominates(portion('(TS//SI/TK//NF)'), portion('(S//SI//NF)'), usa))
  assert.ok(!dominates(portion('(S//SI//NF)'), portion('(S//SI-G//OC/NF)'.replace('S//', 'TS//')), usa))
})

const ism = readJsonFile('spec/vectors/label/ism.json') as {
  readonly accept: readonly { attributes: IsmAttributes; banner: string }[]
  readonly reject: readonly { attributes: IsmAttributes; code: string }[]
}

describe('ISM attributes', () => {
  const created = 5
  for (const { attributes, banner: expected } of ism.accept) {
    test(`read: ${JSON.stringify(attributes)}`, () => {
      const { label } = ismToLabel(attributes, usa, created)
      assert.equal(banner(label), expected)
      assert.deepEqual(ismToLabel(labelToIsm(label, usa), usa, created).label, label)
    })
  }
  test('what stands beside the marking is carried, and the day of declassification is a succession', () => {
    const attributes = {
      classification: 'S',
      ownerProducer: 'USA',
      disseminationControls: 'NF',
      declassDate: '2031-01-01',
      classifiedBy: 'X',
      DESVersion: '10',
    }
    const { label, beside } = ismToLabel(attributes, usa, created)
    assert.equal(label.succession?.at, Date.UTC(2031, 0, 1) / 1000)
    assert.equal(label.succession?.label.classification, 'UNCLASSIFIED')
    assert.deepEqual(labelToIsm(label, usa, beside), attributes)
    const element = ismElement(labelToIsm(label, usa, beside))
    assert.match(element, /^<ism:Marking xmlns:ism="urn:us:gov:ic:ism" ism:classification="S" ism:ownerProducer="USA"/u)
  })
  test('every label that a marking says goes through the attributes, or is refused', () => {
    for (const { portion: text } of vectors.accept) {
      const label = portion(text)
      if (label.classification === 'CUI') assert.throws(() => labelToIsm(label, usa), { code: 'capco/not-carried' })
      else assert.deepEqual(ismToLabel(labelToIsm(label, usa), usa, label.created).label, label, text)
    }
  })
  for (const [index, { code, attributes }] of ism.reject.entries()) {
    test(`refused ${index}: ${code}`, () =>
      assert.throws(
        () => ismToLabel(attributes, usa, created),
        (error) => error instanceof LabelError && error.code === code,
      ))
  }
  test('any attributes are read or refused, and what is read is written and read back', () => {
    const names = [...new Set(ism.accept.flatMap(({ attributes }) => Object.keys(attributes)))]
    const values = [
      ...new Set(ism.accept.flatMap(({ attributes }) => Object.values(attributes).flatMap((value) => value.split(' ')))),
      'X',
      '',
    ]
    const value = fc.array(fc.oneof(fc.constantFrom(...values), fc.string({ maxLength: 4 })), { maxLength: 4 }).map((all) => all.join(' '))
    const base = fc.constantFrom(...ism.accept).map(({ attributes }) => attributes)
    fc.assert(
      fc.property(base, fc.dictionary(fc.constantFrom(...names), value, { maxKeys: 3 }), (attributes, changed) => {
        let label: Label
        try {
          ;({ label } = ismToLabel({ ...attributes, ...changed }, usa, created))
        } catch (error) {
          assert.ok(error instanceof LabelError, String(error))
          return
        }
        assert.deepEqual(ismToLabel(labelToIsm(label, usa), usa, created).label, label)
      }),
      { numRuns: 1500 },
    )
  })
  test('of an element only what stands in the namespace counts', () => {
    const attribute = (name: string, value: string, namespace = 'urn:us:gov:ic:ism') => ({ namespace, name, value })
    assert.deepEqual(ismAttributes([attribute('classification', 'S'), attribute('id', 'x', '')]), { classification: 'S' })
    assert.throws(() => ismAttributes([attribute('id', 'x', '')]), { code: 'capco/ism-attribute' })
    assert.throws(() => ismAttributes([attribute('classification', 'S'), attribute('classification', 'U')]), {
      code: 'capco/ism-attribute',
    })
  })
})
