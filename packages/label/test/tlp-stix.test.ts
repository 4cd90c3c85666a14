import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import * as fc from 'fast-check'
import {
  LabelError,
  type MarkingForm,
  type StixKind,
  readPolicy,
  readStixMarking,
  rollUp,
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

const ACS = 'extension-definition--3a65884d-005a-4290-8335-cb2d778a83ce'
const IEP = 'extension-definition--762e2e97-ee51-43e5-a9ea-165fbb862c4a'
const definition = (extension: string, content: object, more: object = {}) => ({
  type: 'marking-definition',
  spec_version: '2.1',
  id: 'marking-definition--00000000-0000-4000-8000-000000000001',
  created: '2026-01-01T00:00:00.000Z',
  ...more,
  extensions: { [extension]: { extension_type: 'property-extension', ...content } },
})
const acs = (control: object, more: object = {}) =>
  definition(ACS, {
    identifier: 'isa:guide.19001.ACS3-00000000-0000-4000-8000-000000000002',
    create_date_time: '2026-01-01T00:00:00.000Z',
    responsible_entity_custodian: 'USA.DHS',
    policy_reference: 'urn:isa:policy:acs:ns:v3.0?privdefault=deny&sharedefault=permit',
    control_set: control,
    ...more,
  })
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
    const object = definition(IEP, iep, { name: 'IEP' })
    const { label, beside } = readStixMarking(object, policies.TLP, 3)
    assert.equal(label.classification, 'AMBER')
    assert.equal(beside['permitted_actions'], 'externally-visible-direct-actions')
    assert.deepEqual(writeStixMarking(label, policies.TLP, 'iep', beside), object)
    assert.equal(readStixMarking(definition(IEP, { ...iep, tlp: 'white' }, { name: 'IEP' }), policies.TLP, 3).label.classification, 'CLEAR')
  })
  const acsCases: readonly (readonly [object, string])[] = [
    [{ classification: 'S' }, 'SECRET'],
    [{ classification: 'S', formal_determination: ['NF'] }, 'SECRET//NOFORN'],
    [{ classification: 'U', formal_determination: ['FOUO'] }, 'UNCLASSIFIED//FOUO'],
    [
      { classification: 'TS', sci_controls: ['SI', 'TK'], formal_determination: ['NF'], caveat: ['FISA'] },
      'TOP SECRET//SI/TK//NOFORN/FISA',
    ],
    [{ classification: 'S', permitted_nationalities: ['USA', 'AUS', 'JPN'] }, 'SECRET//REL TO USA, AUS, JPN'],
    [{ classification: 'S', sensitivity: ['PR', 'LES'] }, 'SECRET//PROPIN//LES'],
  ]
  for (const [control, banner] of acsCases) {
    test(`ACS: ${banner}`, () => {
      const { label, beside } = readStixMarking(acs(control), policies.USA, 3)
      assert.equal(syntaxOf(policies.USA).print(label, policies.USA, { form: 'banner' }), banner)
      assert.deepEqual(readStixMarking(writeStixMarking(label, policies.USA, 'acs', beside), policies.USA, 3), {
        kind: 'acs',
        label,
        beside,
      })
      assert.ok(rollUp([label], policies.USA).ok)
    })
  }
  const red = { tlp_2_0: 'red' }
  const TLP = 'extension-definition--60a3c5c5-0d10-413e-aab3-9e08dde9e88d'
  const wrong: readonly (readonly [string, unknown, Name])[] = [
    ['capco/stix-shape', undefined, 'TLP'],
    ['capco/stix-shape', [], 'TLP'],
    ['capco/stix-shape', { type: 'indicator' }, 'TLP'],
    ['capco/stix-shape', { ...definition(TLP, red), spec_version: '2.0' }, 'TLP'],
    ['capco/stix-shape', { ...definition(TLP, red), extensions: {} }, 'TLP'],
    ['capco/stix-shape', definition('extension-definition--x', red), 'TLP'],
    ['capco/stix-shape', definition(TLP, { ...red, more: 1 }), 'TLP'],
    ['capco/stix-shape', definition(TLP, { tlp_2_0: 1 }), 'TLP'],
    ['capco/stix-value', definition(TLP, { tlp_2_0: 'white' }), 'TLP'],
    ['capco/stix-value', definition(TLP, { tlp_2_0: 'RED' }), 'TLP'],
    ['capco/stix-value', definition(TLP, red), 'TLP'],
    ['capco/stix-value', definition(TLP, red, { id: 'marking-definition--e828b379-4e03-4974-9ac4-e53a884c97c1' }), 'USA'],
    ['capco/stix-shape', definition(IEP, { ...iep, extra: 'x' }), 'TLP'],
    ['capco/stix-value', definition(IEP, { ...iep, tlp: 'amber+strict' }), 'TLP'],
    ['capco/stix-value', definition(IEP, { ...iep, iep_version: 1 }), 'TLP'],
    ['capco/stix-shape', definition(IEP, { tlp: 'red' }), 'TLP'],
    ['capco/not-carried', acs({ classification: 'S' }, { access_privilege: [{}] }), 'USA'],
    ['capco/not-carried', acs({ classification: 'U', formal_determination: ['PUBREL'] }), 'USA'],
    ['capco/not-carried', acs({ classification: 'S', shareability: ['NCC'] }), 'USA'],
    ['capco/ism-value', acs({ classification: 'X' }), 'USA'],
    ['capco/stix-shape', acs({ classification: 'S', sci_controls: 'SI' }), 'USA'],
    ['capco/rel-one-nation', acs({ classification: 'S', permitted_nationalities: ['USA'] }), 'USA'],
  ]
  for (const [index, [code, object, name]] of wrong.entries()) {
    test(`refused ${index}: ${code}`, () => assert.throws(() => readStixMarking(object, policies[name], 3), { code }))
  }
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
