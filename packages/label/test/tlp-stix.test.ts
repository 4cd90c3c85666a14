import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import * as fc from 'fast-check'
import {
  LabelError,
  type MarkingForm,
  type StixKind,
  type StixMarking,
  readPolicy,
  readStixMarking,
  syntaxOf,
  writeStixMarking,
} from '@entente/label'
import { readJsonFile } from './world.ts'

const policies = {
  TLP: readPolicy(readJsonFile('nations/tlp/markings.json')),
  PAP: readPolicy(readJsonFile('nations/pap/markings.json')),
  USA: readPolicy(readJsonFile('nations/usa/markings.json')),
} as const
type Name = keyof typeof policies

const vectors = readJsonFile('spec/vectors/label/tlp.json') as {
  readonly accept: readonly { policy: Name; form: MarkingForm; input: string; level: string; portion: string }[]
  readonly reject: readonly { policy: Name; form: MarkingForm; input: string; code: string; at: number; nearest?: string }[]
  readonly lenient: readonly { policy: Name; form: MarkingForm; input: string; banner: string }[]
}
const read = (name: Name, input: string, form: MarkingForm, lenient = false) =>
  syntaxOf(policies[name]).parse(input, policies[name], { form, lenient, created: 3 })

describe('markings of one word', () => {
  for (const { policy, form, input, level, portion } of vectors.accept) {
    test(`read: ${input}`, () => {
      const { label } = read(policy, input, form)
      assert.equal(label.classification, level)
      assert.equal(syntaxOf(policies[policy]).print(label, policies[policy], { form: 'portion' }), portion)
      assert.deepEqual(read(policy, portion, 'portion').label, label)
    })
  }
  for (const { policy, form, input, code, at, nearest } of vectors.reject) {
    test(`refused: ${input}`, () => {
      assert.throws(
        () => read(policy, input, form),
        (error) => {
          assert.ok(error instanceof LabelError)
          assert.deepEqual([error.code, error.values['at'], error.values['nearest']], [code, at, nearest])
          return true
        },
      )
    })
  }
  for (const { policy, form, input, banner } of vectors.lenient) {
    test(`read leniently: ${input}`, () => {
      const { label, changes } = read(policy, input, form, true)
      assert.equal(syntaxOf(policies[policy]).print(label, policies[policy], { form: 'banner' }), banner)
      assert.equal(changes.length, 1)
    })
  }
  test('any text is read or refused', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 24 }), fc.boolean(), (input, lenient) => {
        try {
          read('TLP', input, 'any', lenient)
        } catch (error) {
          assert.ok(error instanceof LabelError)
        }
      }),
    )
  })
})

const stix = readJsonFile('spec/vectors/label/stix.json') as {
  readonly accept: readonly { policy: Name; marking: string; object: StixMarking }[]
  readonly reject: readonly { policy: Name; code: string; object: unknown }[]
}
const IEP = 'extension-definition--762e2e97-ee51-43e5-a9ea-165fbb862c4a'
const iep = {
  encrypt_in_transit: 'may',
  permitted_actions: 'externally-visible-direct-actions',
  affected_party_notifications: 'may',
  tlp: 'amber',
  provider_attribution: 'must-not',
  unmodified_resale: 'must-not',
  iep_id: '00000000-0000-4000-8000-000000000003',
  iep_version: 2,
  description: 'an example',
  start_date: '2026-01-01T00:00:00Z',
}

describe('marking definitions of STIX 2.1', () => {
  test('the objects of TLP and PAP have their published ids', () => {
    for (const [name, kind, ids] of [
      ['TLP', 'tlp', { CLEAR: '94868c89', GREEN: 'bab4a63c', AMBER: '55d920b0', 'AMBER-STRICT': '939a9414', RED: 'e828b379' }],
      ['PAP', 'pap', { CLEAR: 'ad15a0cd', GREEN: 'c43594d1', AMBER: '60f8932b', RED: '740d36e5' }],
    ] as const) {
      for (const [code, start] of Object.entries(ids)) {
        const policy = policies[name]
        const banner = policy.classifications.find((level) => level.code === code)?.banner ?? ''
        const { label } = read(name, banner, 'banner')
        const object = writeStixMarking(label, policy, kind)
        assert.ok(String(object['id']).startsWith(`marking-definition--${start}-`))
        assert.equal(object['name'], banner)
        assert.deepEqual(readStixMarking(object, policy, 3), { kind, label, beside: {} })
      }
    }
  })
  test('an IEP is the level of its TLP, and what else it says is kept', () => {
    const object = {
      type: 'marking-definition',
      spec_version: '2.1',
      id: 'marking-definition--00000000-0000-4000-8000-000000000001',
      created: '2026-01-01T00:00:00.000Z',
      name: 'IEP',
      extensions: { [IEP]: { extension_type: 'property-extension', ...iep } },
    }
    const { label, beside } = readStixMarking(object, policies.TLP, 3)
    assert.equal(label.classification, 'AMBER')
    assert.equal(beside['permitted_actions'], 'externally-visible-direct-actions')
    assert.deepEqual(writeStixMarking(label, policies.TLP, 'iep', beside), object)
  })
  for (const { policy, marking, object } of stix.accept) {
    test(`read: ${policy} ${marking}`, () => {
      const { kind, label, beside } = readStixMarking(object, policies[policy], 3)
      assert.equal(syntaxOf(policies[policy]).print(label, policies[policy], { form: 'banner' }), marking)
      assert.deepEqual(readStixMarking(writeStixMarking(label, policies[policy], kind, beside), policies[policy], 3), {
        kind,
        label,
        beside,
      })
    })
  }
  for (const [index, { policy, code, object }] of stix.reject.entries()) {
    test(`refused ${index}: ${code}`, () => assert.throws(() => readStixMarking(object, policies[policy], 3), { code }))
  }
  test('a marking definition with any one place replaced is read, or refused with an error of ours', () => {
    const junk = fc.oneof(
      fc.constantFrom(undefined, null, [], {}, '', 'NF', 'USA', ['NF'], ['USA', 'AUS'], 'property-extension', 2),
      fc.jsonValue(),
    )
    fc.assert(
      fc.property(fc.constantFrom(...stix.accept), fc.nat(), junk, ({ policy, object }, at, value) => {
        const copy = structuredClone(object) as Record<string, unknown>
        const places: (readonly [Record<string, unknown>, string])[] = []
        const walk = (inside: Record<string, unknown>) => {
          for (const [name, member] of Object.entries(inside)) {
            places.push([inside, name])
            if (typeof member === 'object' && member !== null) walk(member as Record<string, unknown>)
          }
        }
        walk(copy)
        const [inside, name] = places[at % places.length] ?? [copy, 'id']
        inside[name] = value
        try {
          const { kind, label, beside } = readStixMarking(copy, policies[policy], 3)
          writeStixMarking(label, policies[policy], kind, beside)
        } catch (error) {
          assert.ok(error instanceof LabelError, String(error))
        }
      }),
      { numRuns: 3000 },
    )
  })
  test('what a kind cannot say is refused', () => {
    const strict = read('TLP', 'TLP:AMBER+STRICT', 'banner').label
    const secret = read('USA', 'SECRET//REL TO USA, AUS/DISPLAY ONLY JPN', 'banner').label
    const cases: readonly (readonly [typeof strict, Name, StixKind])[] = [
      [strict, 'TLP', 'iep'],
      [strict, 'PAP', 'pap'],
      [secret, 'USA', 'tlp'],
      [secret, 'USA', 'acs'],
    ]
    for (const [label, name, kind] of cases) {
      const beside = { ...iep, extension_type: 'property-extension', id: 'x', name: 'x', created: 'x' }
      assert.throws(() => writeStixMarking(label, policies[name], kind, beside), { code: 'capco/not-carried' })
    }
  })
})
