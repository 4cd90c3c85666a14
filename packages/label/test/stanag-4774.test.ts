import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { test } from 'node:test'
import * as fc from 'fast-check'
import {
  type Label,
  REVIEW_AFTER_SECONDS,
  audienceOf,
  labelOf,
  parseMarking,
  readPolicy,
  readStanag4774,
  toStanag4774,
} from '@entente/label'
import { aus, kaia, policyAnd } from './world.ts'

interface Element {
  readonly name: string
  readonly attributes: Readonly<Record<string, string>>
  readonly children: Element[]
  text: string
}

const plain = (text: string) => text.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&quot;', '"').replaceAll('&amp;', '&')

/** The element of a document without comments, processing instructions or mixed content; fails where it is not well-formed. */
function readXml(xml: string): Element {
  const top: Element = { name: '', attributes: {}, children: [], text: '' }
  const open = [top]
  const token = /<(?<close>\/)?(?<name>[A-Za-z:]+)(?<attributes>(?: [A-Za-z:]+="[^"<]*")*)>|(?<text>[^<]+)/uy
  while (token.lastIndex < xml.length) {
    const at = token.lastIndex
    const groups = token.exec(xml)?.groups
    assert.ok(groups !== undefined, `not well-formed at ${at}: ${xml.slice(at, at + 40)}`)
    const parent = open.at(-1)
    assert.ok(parent !== undefined)
    if (groups['text'] !== undefined) parent.text += plain(groups['text'])
    else if (groups['close'] === undefined) {
      const pairs = [...(groups['attributes'] ?? '').matchAll(/ ([A-Za-z:]+)="([^"]*)"/gu)].map(
        ([, key, value]) => [key ?? '', plain(value ?? '')] as const,
      )
      assert.equal(new Set(pairs.map(([key]) => key)).size, pairs.length)
      const element: Element = { name: groups['name'] ?? '', attributes: Object.fromEntries(pairs), children: [], text: '' }
      parent.children.push(element)
      open.push(element)
    } else {
      assert.equal(parent.name, groups['name'])
      assert.ok(parent.children.length === 0 || parent.text === '', 'mixed content')
      open.pop()
    }
  }
  assert.equal(open.length, 1)
  assert.equal(top.children.length, 1)
  return top.children[0] as Element
}

const names = ({ children }: Element) => children.map(({ name }) => name.replace('slab:', ''))
const DATE_TIME = /^[0-9]{4}-[01][0-9]-[0-3][0-9]T[0-2][0-9]:[0-5][0-9]:[0-5][0-9]Z$/u

/** The rules of ADatP-4774 edition A for one label, as far as a label without a succession needs them. */
function assertStructure(root: Element): Element[] {
  assert.match(root.name, /^slab:(?:originator|alternative)ConfidentialityLabel$/u)
  assert.equal(root.attributes['xmlns:slab'], 'urn:nato:stanag:4774:confidentialitymetadatalabel:1:0')
  assert.match(root.attributes['ReviewDateTime'] ?? '', DATE_TIME)
  assert.deepEqual(names(root), ['ConfidentialityInformation', 'OriginatorID', 'CreationDateTime'])
  const [information, originator, creation] = root.children
  assert.ok(information !== undefined && originator !== undefined && creation !== undefined)
  assert.equal(originator.attributes['IDType'], 'dNSName')
  assert.match(creation.text, DATE_TIME)
  const [policy, classification, ...categories] = information.children
  assert.ok(policy !== undefined && classification !== undefined)
  assert.deepEqual(names(information).slice(0, 2), ['PolicyIdentifier', 'Classification'])
  assert.match(policy.attributes['URI'] ?? '', /^urn:oid:2\.25\.[0-9]+$/u)
  for (const category of categories) {
    assert.equal(category.name, 'slab:Category')
    assert.match(category.attributes['Type'] ?? '', /^(?:RESTRICTIVE|PERMISSIVE|INFORMATIVE)$/u)
    assert.ok((category.attributes['TagName'] ?? '') !== '')
    assert.ok(category.children.length > 0 && names(category).every((name) => name === 'GenericValue'))
  }
  return categories
}

const said = (categories: readonly Element[]) =>
  categories.map(({ attributes, children }) =>
    [attributes['Type'], attributes['TagName'], children.map(({ text }) => text).join(' ')].join('|'),
  )
const label = (marking: string): Label => parseMarking(marking, { policy: aus, form: 'banner', created: 1_795_478_400 })

test('a label as XML: policy, classification, categories, who it may go to, dates', () => {
  const root = readXml(toStanag4774(label('SECRET//ORCON//REL AUS, JPN'), aus))
  assert.deepEqual(said(assertStructure(root)), [
    'RESTRICTIVE|caveat|ORCON',
    'PERMISSIVE|Releasable To|AUS JPN',
    'INFORMATIVE|Originating Nation|AUS',
  ])
  assert.equal(root.children[0]?.children[0]?.text, 'EXERCISE-AUS')
  assert.equal(root.children[0]?.children[1]?.text, 'SECRET')
  assert.equal(root.children[2]?.text, '2026-11-24T00:00:00Z')
  assert.equal(root.attributes['ReviewDateTime'], '2031-11-24T06:00:00Z')
})

test('what no mark releases names its originator alone; only what is neutral names no nation', () => {
  assert.ok(said(assertStructure(readXml(toStanag4774(label('SECRET'), aus)))).includes('PERMISSIVE|Releasable To|AUS'))
  assert.ok(!toStanag4774(label('OFFICIAL'), aus).includes('Releasable To'))
})

test('several originators give what they have in common; a person rule is restrictive', () => {
  const several = label('SECRET//ORIGIN AUS REL AUS, JPN//ORIGIN JPN REL JPN, AUS, USA')
  assert.deepEqual(said(assertStructure(readXml(toStanag4774(several, aus)))), [
    'PERMISSIVE|Releasable To|AUS JPN',
    'INFORMATIVE|Originating Nation|AUS JPN',
  ])
  const citizens = said(assertStructure(readXml(toStanag4774(label('SECRET//AUSTEO'), aus))))
  assert.ok(citizens.includes('RESTRICTIVE|Person Rule|AUSTEO') && citizens.includes('PERMISSIVE|Releasable To|AUS'))
})

test('a review date of its own is kept, and one that would pass the year 9999 ends there', () => {
  assert.equal(
    readXml(toStanag4774({ ...label('SECRET'), review: 1_800_000_000 }, aus)).attributes['ReviewDateTime'],
    '2027-01-15T08:00:00Z',
  )
  const late = { ...label('SECRET'), created: 253_402_300_799 - REVIEW_AFTER_SECONDS + 1 }
  assert.equal(readXml(toStanag4774(late, aus)).attributes['ReviewDateTime'], '9999-12-31T23:59:59Z')
})

test('an alternative label says so', () => {
  assert.equal(readXml(toStanag4774(label('SECRET'), aus, { as: 'alternative' })).name, 'slab:alternativeConfidentialityLabel')
})

test('every label of every policy has the structure', () => {
  fc.assert(
    fc.property(policyAnd(1, 1), ({ policy, labels: [any] }) => {
      assert.ok(any !== undefined)
      assertStructure(readXml(toStanag4774(any, policy)))
    }),
    { numRuns: 150 },
  )
})

test('a policy cannot smuggle markup: its codes are ASCII letters, digits and hyphens', () => {
  for (const id of ['A"B', 'A<B', 'A&B']) assert.throws(() => readPolicy({ ...kaia, id }))
})

const xmllint = spawnSync('xmllint', ['--version']).error === undefined
test('xmllint reads it too', { skip: xmllint ? false : 'xmllint is not installed' }, () => {
  const { status } = spawnSync('xmllint', ['--noout', '-'], { input: toStanag4774(label('SECRET//REL AUS, JPN'), aus) })
  assert.equal(status, 0)
})

test('what is written is read again: of one originator the same label, of several what they have in common', () => {
  let alone = 0
  fc.assert(
    fc.property(policyAnd(1, 1), ({ policy, labels: [any] }) => {
      assert.ok(any !== undefined)
      const xml = toStanag4774(any, policy)
      const { value, changes } = readStanag4774(xml)
      assert.deepEqual(changes, [])
      const read = labelOf(value, policy)
      const { originators, review, ...rest } = read
      const { originators: written, review: _, ...same } = any
      assert.deepEqual(rest, same)
      assert.equal(review, any.review ?? any.created + REVIEW_AFTER_SECONDS)
      assert.deepEqual(audienceOf(read), audienceOf(any))
      if (written.length > 1) return
      alone++
      if (any.personRules.length === 0) assert.deepEqual(originators, written)
    }),
    { numRuns: 300 },
  )
  assert.ok(alone > 20)
})

test('a label in XML of another policy, of another kind of value, or with a mark that the model does not have is refused', () => {
  const xml = toStanag4774(label('SECRET//ORCON//REL AUS, JPN'), aus)
  const named = readStanag4774(xml).value
  const refused = (change: object, code: string) => assert.throws(() => labelOf({ ...named, ...change }, aus), { code })
  refused({ policyId: '2.25.1' }, 'label/another-policy')
  refused({ classification: 'Secret' }, 'form/unknown-classification')
  refused({ privacyMark: 'x' }, 'label/not-carried')
  refused({ created: undefined }, 'form/missing')
  const [caveat, rel, origin] = named.categories
  assert.ok(caveat !== undefined && rel !== undefined && origin !== undefined)
  refused({ categories: [{ ...caveat, kind: 'permissive' }, rel, origin] }, 'form/unknown-category')
  refused({ categories: [caveat, { ...rel, kind: 'informative' }, origin] }, 'form/unknown-category')
  refused({ categories: [caveat, caveat, rel, origin] }, 'form/unknown-category')
  refused({ categories: [caveat, { ...rel, values: ['JPN'] }, origin] }, 'label/rel-without-own-nation')
  refused({ categories: [caveat, { ...rel, values: ['AUS', 'XXX'] }, origin] }, 'label/not-in-policy')
  refused({ categories: [{ ...caveat, values: ['NOFORN'] }, rel, origin] }, 'form/unknown-category')
  // Without a set the default is narrow, as in a marking.
  assert.deepEqual(labelOf({ ...named, categories: [caveat, origin] }, aus).originators, [{ nation: 'AUS', releasableTo: ['AUS'] }])
})
