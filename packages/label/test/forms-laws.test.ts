import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import * as fc from 'fast-check'
import {
  type ConvertContext,
  type Label,
  LabelError,
  REVIEW_AFTER_SECONDS,
  audienceOf,
  convertLabel,
  labelOf,
  namesOf,
  readStanag4774,
  writeStanag4774,
} from '@entente/label'
import { isValid } from './json-schema.ts'
import { labelsOfScheme, presentLabels, schemes } from './schemes-world.ts'
import { readJsonFile } from './world.ts'

const policies = Object.values(schemes)
const context: ConvertContext = { policies, created: 1, lenient: false }

/** A label and those that succeed it. */
function chain(label: Label): readonly Label[] {
  return [label, ...(label.succession === undefined ? [] : chain(label.succession.label))]
}

const schema = readJsonFile('spec/schema/marking-policy.schema.json') as Record<string, unknown>

for (const [path, policy] of Object.entries(schemes)) {
  describe(path, () => {
    test('the scheme is valid under the published schema', () => assert.ok(isValid(readJsonFile(path), schema)))

    test('a label through STANAG 4774 is the same, or one that nobody more may read', () => {
      let carried = 0
      fc.assert(
        fc.property(labelsOfScheme(policy), (label) => {
          let xml
          try {
            xml = writeStanag4774(namesOf(label, policy))
          } catch (error) {
            assert.ok(error instanceof LabelError && error.code === 'label/not-carried', String(error))
            return
          }
          carried++
          const { value, changes } = readStanag4774(xml)
          assert.deepEqual(changes, [])
          const several = chain(label).some(({ originators }) => originators.length > 1)
          let read
          try {
            read = labelOf(value, policy)
          } catch (error) {
            // One set for several originators may be one that the policy does not allow: then it is refused, not changed.
            assert.ok(several && error instanceof LabelError && error.code === 'label/rule', String(error))
            return
          }
          assert.equal(chain(read).length, chain(label).length)
          for (const [at, one] of chain(read).entries()) {
            const other = chain(label)[at]
            assert.ok(other !== undefined)
            assert.deepEqual(audienceOf(one), audienceOf(other))
            assert.deepEqual(
              [one.classification, one.categories, one.personRules],
              [other.classification, other.categories, other.personRules],
            )
            const review = at === 0 ? (other.review ?? other.created + REVIEW_AFTER_SECONDS) : undefined
            assert.deepEqual([one.created, one.review], [other.created, review])
            if (other.originators.length === 1 && other.personRules.length === 0) assert.deepEqual(one.originators, other.originators)
          }
        }),
        { numRuns: 120 },
      )
      assert.ok(carried > 10, `only ${carried} were carried`)
    })

    test('a label through JSON is the same, and printed from there as before', () => {
      fc.assert(
        fc.property(presentLabels(policy), (label) => {
          const json = JSON.stringify(label)
          const { output } = convertLabel(json, 'json', 'json', context)
          assert.deepEqual(JSON.parse(output), label)
        }),
        { numRuns: 60 },
      )
    })
  })
}
